"""The states of entries, periods and 督办件, as data: from, verb, to, who, what must be given.

`ENTRY` is the report of a 汇总单位 (or of each unit where none gathers) to the office; `PART` is
what a responsible unit gives to the 汇总单位. `who` names are tested in `tasks.policies`, those
of `SUPERVISION` in `tasks.policies.supervision`.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

KEEP = ""
GONE = "[*]"  # as a state diagram draws an end: the row itself is deleted


@dataclass(frozen=True, slots=True)
class Step:
    """One allowed transition; `requires` are the arguments that must be given.

    `instead` is the target where the plan asks for the signature of the unit's head.
    Without sources it makes the row; with `KEEP` as its target it leaves the state as it is, and
    with `GONE` the row ends.
    """

    verb: str
    sources: tuple[str, ...]
    target: str
    who: tuple[str, ...]
    requires: tuple[str, ...] = ()
    instead: str = ""


def _table(*steps: Step) -> dict[str, Step]:
    return {step.verb: step for step in steps}


ENTRY = _table(
    Step("submit", ("draft", "returned"), "submitted", ("unit",), instead="awaiting_signoff"),
    Step("sign", ("awaiting_signoff",), "submitted", ("head",)),
    Step("hand_back", ("awaiting_signoff",), "draft", ("head",), ("reason",)),
    Step("withdraw", ("submitted", "awaiting_signoff"), "draft", ("unit",)),
    Step("approve", ("submitted",), "approved", ("checker",)),
    Step("return", ("submitted",), "returned", ("checker",), ("reasons",)),
    Step("reopen", ("approved",), "draft", ("office",), ("reason", "until")),
    Step("waive", ("draft", "returned"), "waived", ("office",), ("reason",)),
    Step("unwaive", ("waived",), "draft", ("office",)),
    Step("undo", ("approved", "returned"), "submitted", ("office", "same_person")),
)

PART = _table(
    Step("submit", ("draft", "returned"), "submitted", ("unit",)),
    Step("withdraw", ("submitted",), "draft", ("unit",)),
    Step("take_over", ("submitted",), "taken_over", ("gatherer",)),
    Step("return", ("submitted",), "returned", ("gatherer",), ("reasons",)),
    Step("waive", ("draft", "returned"), "waived", ("office",), ("reason",)),
    Step("unwaive", ("waived",), "draft", ("office",)),
)

# `calendar` is the beat on the period's dates. `turn_grace` does nothing but mark what has passed.
PERIOD = _table(
    Step("change", ("scheduled",), KEEP, ("office",)),
    Step("remove", ("scheduled",), GONE, ("office",)),
    Step("open", ("scheduled",), "open", ("office", "calendar")),
    Step("prolong", ("open", "grace"), "open", ("office",), ("due_on", "closes_on", "reason")),
    Step("turn_grace", ("open",), "grace", ("calendar",)),
    Step("close", ("open", "grace"), "closed", ("office", "calendar")),
    Step("reopen", ("closed",), "grace", ("office",), ("until", "reason")),
    Step("freeze", ("closed",), "frozen", ("office",), ("reason",)),
    Step("unfreeze", ("frozen",), "closed", ("office",), ("reason",)),
)

SUPERVISION = _table(
    Step("assign", (), "pending", ("office",), ("title", "department")),
    Step("sign", ("pending",), "working", ("unit",)),
    Step("feedback", ("working",), "reviewing", ("unit",), ("text",)),
    Step("withdraw", ("reviewing",), "working", ("unit",)),
    Step("settle", ("reviewing",), "settled", ("reviewer",)),
    Step("return", ("reviewing",), "working", ("reviewer",), ("reason",)),
    Step("strike", ("settled",), "struck", ("office",), ("opinion",)),
    Step("change_unit", ("pending", "working"), "pending", ("office",), ("department", "reason")),
    Step("ask_extension", ("pending", "working"), KEEP, ("unit",), ("until", "reason")),
    Step("grant", ("pending", "working"), KEEP, ("office",)),
    Step("refuse", ("pending", "working"), KEEP, ("office",), ("note",)),
    Step("nudge", ("pending", "working"), KEEP, ("office",), ("channel",)),
    Step("remark", ("pending", "working", "reviewing", "settled"), KEEP, ("party",), ("text",)),
)

VERB_WORDS = {
    "submit": _("报送"),
    "sign": _("审签"),
    "hand_back": _("退给联络员"),
    "withdraw": _("撤回"),
    "approve": _("核对通过"),
    "return": _("退回"),
    "reopen": _("重新开放"),
    "waive": _("免报"),
    "unwaive": _("恢复填报"),
    "undo": _("撤销"),
    "take_over": _("采纳"),
    "open": _("启动"),
    "close": _("截止"),
    "change": _("修改"),
    "remove": _("删除"),
    "prolong": _("推迟时限"),
    "turn_grace": _("转为补报"),
    "freeze": _("归档锁定"),
    "unfreeze": _("解除归档"),
}


# What the same words mean on a 督办件: nobody is asked to 核对 there.
SUPERVISION_WORDS = {
    "assign": _("交办"),
    "sign": _("签收"),
    "feedback": _("反馈"),
    "withdraw": _("撤回反馈"),
    "settle": _("审核通过，办结"),
    "return": _("退回重办"),
    "strike": _("销号"),
    "change_unit": _("变更承办单位"),
    "ask_extension": _("申请延期"),
    "grant": _("同意延期"),
    "refuse": _("不同意延期"),
    "nudge": _("催办"),
    "remark": _("补充说明"),
}


def table_of(kind: str) -> dict[str, Step]:
    """Return the transition table of an entry's kind (`report` or `part`)."""
    return PART if kind == "part" else ENTRY
