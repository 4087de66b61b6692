"""The states of a report and of a scorecard, as data: from, verb, to, who, what must be given.

`office` is the office of the plan's region; `leader` the leadership group of that region; `unit`
a member unit that was asked for its opinion; `worker` the background job. `reports.policies` tests
the names.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

JOB = "reports.compile"  # freezes the facts anew, then writes the text and the files
TYPESET = "reports.typeset"  # makes the files anew from the same facts, in whatever state
JOBS = (JOB, TYPESET)
PUBLIC = "reports.public_files"  # makes the files of a publication (its subject)
KEEP = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One allowed transition; `requires` are the arguments that must be given.

    With `KEEP` as its target it leaves the state as it is.
    """

    verb: str
    sources: tuple[str, ...]
    target: str
    who: tuple[str, ...]
    requires: tuple[str, ...] = ()


STEPS = {
    step.verb: step
    for step in (
        Step("compile", ("draft", "failed"), "queued", ("office",)),
        # A worker that died left «compiling» behind; the next one begins again from there.
        Step("begin", ("queued", "compiling"), "compiling", ("worker",)),
        Step("finish", ("compiling",), "draft", ("worker",)),
        Step("fail", ("queued", "compiling"), "failed", ("worker",)),
        # A report that has a version is a draft again; one without is failed, and can be retried.
        Step("cancel", ("queued", "compiling"), "failed", ("office",)),
        Step("edit", ("draft", "consulting"), KEEP, ("office",)),
        Step("typeset", ("draft", "consulting"), KEEP, ("office",)),
        Step("consult", ("draft",), "consulting", ("office",), ("until",)),
        Step("respond", ("consulting",), KEEP, ("unit",)),
        Step("record", ("consulting",), KEEP, ("office",), ("opinion", "state", "source")),
        Step("answer", ("consulting", "draft"), KEEP, ("office",), ("answer",)),
        Step("redraft", ("consulting", "approved"), "draft", ("office", "leader"), ("reason",)),
        Step("approve", ("consulting",), "approved", ("office", "leader"), ("basis",)),
        Step("stamp", ("approved",), KEEP, ("office",), ("issued_on",)),
        Step("issue", ("approved",), "issued", ("office",)),
        Step("send_up", ("issued",), KEEP, ("office",), ("recipient", "sent_on")),
        Step("publish", ("issued",), KEEP, ("office",), ("reviewer", "reviewed_on", "opinion")),
        Step("unpublish", ("issued",), KEEP, ("office",), ("reason",)),
        Step(
            "withdraw",
            ("draft", "failed", "consulting", "approved", "issued"),
            "withdrawn",
            ("office",),
            ("reason",),
        ),
    )
}

# What a step is called where people read of it.
VERB_WORDS = {
    "compile": _("重新生成"),
    "cancel": _("取消生成"),
    "edit": _("修改正文"),
    "typeset": _("重新排版"),
    "consult": _("征求意见"),
    "respond": _("反馈意见"),
    "record": _("代录意见"),
    "answer": _("答复意见"),
    "redraft": _("退回起草"),
    "approve": _("审定"),
    "stamp": _("登记文号和日期"),
    "issue": _("印发"),
    "send_up": _("报送上级"),
    "publish": _("公开发布"),
    "unpublish": _("停止公开"),
    "withdraw": _("撤回"),
}


# A department's scorecard. `unit` is the card's unit; `checker` the office of the region, in the
# person of somebody who did not rate the card where there is another one.
SCORECARD = {
    step.verb: step
    for step in (
        Step("rate", ("draft",), KEEP, ("unit",)),
        Step("hand_in", ("draft",), "self_rated", ("unit",)),
        Step("withdraw", ("self_rated",), "draft", ("unit",)),
        Step("score", ("self_rated",), KEEP, ("checker",)),
        Step("check", ("self_rated",), "checked", ("checker",)),
        Step("return", ("self_rated",), "draft", ("checker",), ("reason",)),
        Step("tell", ("checked",), "told", ("office",)),
        Step("reopen", ("checked", "told"), "self_rated", ("office",), ("reason",)),
    )
}
SCORECARD_WORDS = {
    "rate": _("保存自评"),
    "hand_in": _("报送自评"),
    "withdraw": _("撤回自评"),
    "score": _("保存审核"),
    "check": _("完成审核"),
    "return": _("退回自评"),
    "tell": _("反馈给单位"),
    "reopen": _("重新审核"),
}
