"""A reporting period from its place in the calendar to the archive (`steps`), and around it.

`beat` moves periods on their days; `extensions` and `waiving` make exceptions for units;
`reminding` and `nudging` remind who owes.
"""

from tasks.services.periods.dates import DAYS, Dates
from tasks.services.periods.steps import (
    change,
    close_period,
    freeze,
    open_period,
    prolong,
    remove,
    reopen_period,
    schedule,
    turn_grace,
    unfreeze,
)

__all__ = [
    "DAYS",
    "Dates",
    "change",
    "close_period",
    "freeze",
    "open_period",
    "prolong",
    "remove",
    "reopen_period",
    "schedule",
    "turn_grace",
    "unfreeze",
]
