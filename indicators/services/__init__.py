"""What is done to indicators, targets and observed values: one verb each, checked, recorded."""

from indicators.services.catalogue import (
    add_indicator,
    add_indicators,
    change_indicator,
    ensure_catalogue,
)
from indicators.services.given import FIELDS, Given, RowErrors, Written
from indicators.services.observing import change, observe, write
from indicators.services.published import load_published
from indicators.services.steps import (
    Outcome,
    Unanswered,
    answer,
    discard,
    send_back,
    submit,
    submit_many,
    verify,
    verify_many,
    withdraw,
)
from indicators.services.targets import (
    add_target,
    change_target,
    targets_from,
    withdraw_target,
)

__all__ = [
    "FIELDS",
    "Given",
    "Outcome",
    "RowErrors",
    "Unanswered",
    "Written",
    "add_indicator",
    "add_indicators",
    "add_target",
    "answer",
    "change",
    "change_indicator",
    "change_target",
    "discard",
    "ensure_catalogue",
    "load_published",
    "observe",
    "send_back",
    "submit",
    "submit_many",
    "targets_from",
    "verify",
    "verify_many",
    "withdraw",
    "withdraw_target",
    "write",
]
