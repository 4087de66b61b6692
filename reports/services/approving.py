"""审定: a report is approved once all are heard and its totals follow from its facts."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import notices
from core.errors import DomainError, ensure
from reports import facts, policies
from reports.facts.totals import wrong_totals
from reports.models import (
    Opinion,
    Report,
    ReportTransition,
    ReportVersion,
    SectionText,
)
from reports.selectors.concerns import newest_version
from reports.selectors.opinions import last_round, of_round
from reports.selectors.sections import edit_mark, made_with
from reports.services.moves import invitation, leaders, office, repeated, take, tell
from reports.services.outlines import as_rows, chosen_parts
from reports.services.requests import ensure_idle, locked, working
from tasks.services.sayings import said, with_reason

LISTED = 8  # names in a sentence
SHOWN_TOTALS = 5


def changed_since(report: Report, version: ReportVersion) -> str:
    """Say that text or outline were changed after a version was made; empty where they were not.

    Compared is what they are with what the version was made with: a section put back to the text
    by rules leaves no row with a time, and an outline may change while a worker is writing.
    """
    made = made_with(version)
    printed = [one["key"] for one in version.text.get("sections", [])]
    rows = SectionText.objects.filter(report=report, key__in=printed)
    texts = {row.key: edit_mark(row) for row in rows}
    if texts == made["texts"] and as_rows(chosen_parts(report)) == made["outline"]:
        return ""
    return _("第 %(number)s 版之后又改过正文或提纲，请先重新排版，再办这一步。") % {
        "number": version.number
    }


def hindrances(report: Report, version: ReportVersion | None, on: date) -> list[str]:
    """Return all that keeps a report from being approved, in sentences; none: it may be."""
    if version is None:
        return [_("报告还没有生成过。")]
    found = [_not_heard(report, on), _not_answered(report)]
    if working(report):
        found.append(_("报告正在生成，请等它完成。"))
    found.append(changed_since(report, version))
    if facts.sha256(version.facts) != version.sha256:
        found.append(_("冻结的数据与校验值不一致，请重新生成。"))
    found += wrong_totals(version.facts)[:SHOWN_TOTALS]
    return [one for one in found if one]


def _not_heard(report: Report, on: date) -> str:
    """Name the units that have not answered, as long as their date has not passed."""
    if report.consult_until is None or on > report.consult_until:
        return ""
    waiting = of_round(report).filter(state=Opinion.State.WAITING)
    return _named(
        waiting,
        _("还有 %(count)s 个单位没有反馈，截止日期是 %(day)s：%(units)s。"),
        day=report.consult_until.isoformat(),
    )


def _not_answered(report: Report) -> str:
    open_ones = Opinion.objects.filter(report=report, state=Opinion.State.COMMENTED, answer="")
    return _named(open_ones, _("还有 %(count)s 条意见没有答复：%(units)s。"))


def _named(opinions: Any, sentence: str, **more: str) -> str:
    names = list(opinions.order_by("round", "pk").values_list("department__name", flat=True))
    if not names:
        return ""
    units = "、".join(names[:LISTED]) + (_("等") if len(names) > LISTED else "")
    return sentence % {"count": len(names), "units": units, **more}


@transaction.atomic
def approve(report: Report, basis: str, *, by: Any, now: datetime) -> Report:
    """Approve a report; `basis` says by whom or at which meeting. All that hinders is said."""
    report = locked(report)
    if repeated(report, "approve", by, basis.strip()):
        return report
    ensure(policies.can(by, report, "approve"))
    note = said(basis, "basis", _("请写明由谁审定或者在哪次会议上审定。"))
    if found := hindrances(report, newest_version(report), timezone.localdate(now)):
        raise DomainError(" ".join(found), fields={"basis": found}, code="hindered")
    step = take(report, "approve", by=by, now=now, note=note)
    told = _("%(report)s已审定，请登记文号和日期。") % {"report": report.name}
    tell(office(report, now), step, "waiting", told)
    return report


@transaction.atomic
def redraft(report: Report, reason: str, *, by: Any, now: datetime) -> Report:
    """Send a report back to be drafted; number and date that were registered fall away with it.

    Units that had not answered yet need not answer any more.
    """
    report = locked(report)
    note = with_reason(reason)
    if repeated(report, "redraft", by, note):
        return report
    ensure(policies.can(by, report, "redraft"))
    ensure_idle(report)
    lost = {
        name: str(value)
        for name in ("document_number", "head_mark", "issued_on")
        if (value := getattr(report, name))
    }
    report.document_number, report.head_mark, report.issued_on = "", "", None
    report.consult_until = None
    step = take(report, "redraft", by=by, now=now, note=note, **lost)
    told = _("%(report)s退回起草：%(reason)s") % {"report": report.name, "reason": note}
    tell([*office(report, now), *leaders(report, now)], step, "report", told)
    call_off(report, step)
    return report


def call_off(report: Report, step: ReportTransition) -> None:
    """Take back the invitations of the last round, and tell those who had read theirs."""
    event = invitation(report, last_round(report))
    readers = notices.recall([event, f"{event}:leaders"])
    told = _("%(report)s退回起草或撤回，这一轮不用再反馈。") % {"report": report.name}
    tell(readers, step, "report", told)
