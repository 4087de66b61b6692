"""Supervision (领导要求、督办件): one module per kind of deed, `steps` is what they share."""
