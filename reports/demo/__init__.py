"""Demonstration data: real plans and published values, and clearly marked invented progress.

`people` makes accounts of every role, `work` lives through the periods of a plan with the
services that people use, `numbers` enters the indicators' values. Nothing here is a rule.
"""
