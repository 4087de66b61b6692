"""Scorecards: a year's scheme, what a unit says of itself, what the office checks.

`schemes` keeps the 考核细则 and asks the units; `rating` is the unit's side of a card, `checking`
the office's; `steps` is what both share.
"""

from reports.services.scores.checking import Checked, check, reopen, send_back, tell
from reports.services.scores.rating import Rated, rate, withdraw
from reports.services.scores.schemes import (
    Approval,
    RowErrors,
    ask_for_rating,
    change_scheme,
    confirm_scheme,
    drop_scheme,
    make_scheme,
    set_items,
)

__all__ = [
    "Approval",
    "Checked",
    "Rated",
    "RowErrors",
    "ask_for_rating",
    "change_scheme",
    "check",
    "confirm_scheme",
    "drop_scheme",
    "make_scheme",
    "rate",
    "reopen",
    "send_back",
    "set_items",
    "tell",
    "withdraw",
]
