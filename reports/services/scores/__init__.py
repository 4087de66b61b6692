"""Scorecards: a year's scheme, what a unit says of itself, what the office checks.

`schemes` keeps the 考核细则 and asks the units, `items` brings in what is scored; `rating` is the
unit's side of a card, `checking` the office's; `steps` is what both share.
"""

from reports.services.scores.checking import Checked, check, reopen, send_back, tell
from reports.services.scores.items import RowErrors, set_items
from reports.services.scores.rating import Rated, rate, withdraw
from reports.services.scores.schemes import (
    Approval,
    ask_for_rating,
    change_scheme,
    confirm_scheme,
    drop_scheme,
    make_scheme,
    send_back_scheme,
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
    "send_back_scheme",
    "set_items",
    "tell",
    "withdraw",
]
