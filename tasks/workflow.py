"""The states of entries and periods, as data: from, verb, to, who, what must be given.

`ENTRY` is the report of a 汇总单位 (or of each unit where none gathers) to the office; `PART` is
what a responsible unit gives to the 汇总单位. `who` names are tested in `tasks.policies`.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Step:
    """One allowed transition; `requires` are the arguments that must be given."""

    verb: str
    sources: tuple[str, ...]
    target: str
    who: tuple[str, ...]
    requires: tuple[str, ...] = ()


def _table(*steps: Step) -> dict[str, Step]:
    return {step.verb: step for step in steps}


ENTRY = _table(
    Step("submit", ("draft", "returned"), "submitted", ("unit",)),
    Step("sign", ("awaiting_signoff",), "submitted", ("head",)),
    Step("withdraw", ("submitted", "awaiting_signoff"), "draft", ("unit",)),
    Step("approve", ("submitted",), "approved", ("checker",)),
    Step("return", ("submitted",), "returned", ("checker",), ("reasons",)),
    Step("reopen", ("approved",), "draft", ("office",), ("reason", "until")),
    Step("waive", ("draft", "returned"), "waived", ("office",), ("reason",)),
    Step("undo", ("approved", "returned"), "submitted", ("office", "same_person")),
)

PART = _table(
    Step("submit", ("draft", "returned"), "submitted", ("unit",)),
    Step("withdraw", ("submitted",), "draft", ("unit",)),
    Step("take_over", ("submitted",), "taken_over", ("gatherer",)),
    Step("return", ("submitted",), "returned", ("gatherer",), ("reasons",)),
    Step("waive", ("draft", "returned"), "waived", ("office",), ("reason",)),
)

PERIOD = _table(
    Step("open", ("scheduled",), "open", ("office",)),
    Step("close", ("open", "grace"), "closed", ("office",)),
    Step("reopen", ("closed",), "grace", ("office",), ("reason",)),
)

VERB_WORDS = {
    "submit": _("报送"),
    "sign": _("审签"),
    "withdraw": _("撤回"),
    "approve": _("核对通过"),
    "return": _("退回"),
    "reopen": _("重新开放"),
    "waive": _("免报"),
    "undo": _("撤销"),
    "take_over": _("采纳"),
    "open": _("启动"),
    "close": _("截止"),
}


def table_of(kind: str) -> dict[str, Step]:
    """Return the transition table of an entry's kind (`report` or `part`)."""
    return PART if kind == "part" else ENTRY
