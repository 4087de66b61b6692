"""What units say of a draft, themselves or through the office, and what the office answers."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import ensure
from departments.selectors import department_people
from reports import policies
from reports.models import Opinion, Report, ReportTransition
from reports.selectors.concerns import newest_version
from reports.selectors.opinions import of_round
from reports.services.moves import leaders, office, take, tell, wrong
from reports.services.requests import locked
from tasks.services.sayings import said

MOST_WORDS = 5000  # of an opinion
MOST_SOURCE = 200  # of how it reached the office


@transaction.atomic
def respond(report: Report, state: str, text: str = "", *, by: Any, now: datetime) -> Opinion:
    """Give one's unit's opinion on the draft: nothing against it, or a comment.

    It may be changed until the date. It takes the place of what the office registered for the
    unit.
    """
    report = locked(report)
    mine = of_round(report).filter(department=_unit(by)).select_related("department").first()
    ensure(policies.can_respond(by, report, mine, timezone.localdate(now)))
    assert mine is not None  # noqa: S101 (the policy asks for it)
    words = _words(state, text)
    if (mine.state, mine.text, mine.source) != (state, words, ""):
        mine.source = ""
        _put(mine, report, "respond", state, words, by=by, now=now)
    return mine


@transaction.atomic
def record(
    report: Report,
    opinion: int,
    state: str,
    text: str = "",
    source: str = "",
    *,
    by: Any,
    now: datetime,
) -> Opinion:
    """Register (代录) the opinion of a unit that gave it outside the portal; `source` says how.

    It may come after the date, and be put right until the unit answers itself.
    """
    report = locked(report)
    ensure(policies.can(by, report, "record"))
    row = of_round(report).filter(pk=opinion).select_related("department").first()
    if row is None:
        raise wrong("opinion", _("这一轮没有征求这个单位的意见。"))
    ensure(policies.can_record(by, report, row))
    words = _words(state, text)
    how = said(source, "source", _("请写明反馈方式，例如：书面回复，2024年7月12日。"), MOST_SOURCE)
    if (row.state, row.text, row.source) == (state, words, how):
        return row
    row.source = how
    step = _put(row, report, "record", state, words, by=by, now=now)
    told = _("纲要办代录了您单位的意见：%(report)s，%(state)s（%(source)s）。") % {
        "report": report.name,
        "state": row.get_state_display(),
        "source": how,
    }
    unit = department_people([row.department_id], timezone.localdate(now))
    tell(unit, step, "report", told)
    return row


def _put(
    row: Opinion, report: Report, verb: str, state: str, words: str, *, by: Any, now: datetime
) -> ReportTransition:
    """Write what a unit says and how it came, as one step; other words want a new answer."""
    first = row.state == Opinion.State.WAITING
    changed = (row.state, row.text) != (state, words)
    if changed:
        row.answer, row.answer_text, row.answered_by, row.answered_at = "", "", None, None
    row.state, row.text = state, words
    row.version, row.by, row.at = newest_version(report), by, now
    row.save()
    note = _("%(unit)s：%(state)s") % {
        "unit": row.department.name,
        "state": row.get_state_display(),
    }
    detail = {"opinion": row.pk, "state": state}
    if row.source:
        note = _("%(said)s（%(source)s）") % {"said": note, "source": row.source}
        detail["source"] = row.source
    step = take(report, verb, by=by, now=now, note=note, **detail)
    if changed:
        _tell_office(row, report, step, first=first)
    return step


def _tell_office(row: Opinion, report: Report, step: ReportTransition, *, first: bool) -> None:
    """Tell that all have answered, to the leaders too; else that there is a comment to answer."""
    waiting = of_round(report).filter(state=Opinion.State.WAITING)
    if first and not waiting.exists():
        told = _("%(report)s征求意见，各单位都已反馈。") % {"report": report.name}
        tell([*office(report, step.at), *leaders(report, step.at)], step, "waiting", told)
    elif row.state == Opinion.State.COMMENTED:
        told = _("%(unit)s对%(report)s有意见，请研究答复。") % {
            "unit": row.department.name,
            "report": report.name,
        }
        tell(office(report, step.at), step, "report", told)


def _unit(user: Any) -> int | None:
    acting = getattr(user, "acting", None)
    return acting.department_id if acting is not None else None


def _words(state: str, text: str) -> str:
    if state not in (Opinion.State.AGREED, Opinion.State.COMMENTED):
        raise wrong("state", _("请选“无意见”或“有意见”。"))
    if state == Opinion.State.COMMENTED:
        return said(text, "text", _("请写明意见：哪一处，建议怎样改。"), MOST_WORDS)
    if text.strip():
        raise wrong("text", _("选“无意见”时不用写意见；有意见请选“有意见”。"))
    return ""


@transaction.atomic
def answer(
    report: Report, opinion: int, answer: str, text: str = "", *, by: Any, now: datetime
) -> Opinion:
    """Answer a unit's comment: taken, partly taken or not, and why."""
    report = locked(report)
    ensure(policies.can(by, report, "answer"))
    rows = Opinion.objects.filter(report=report, pk=opinion).select_related("department")
    row = rows.first()
    if row is None or row.state != Opinion.State.COMMENTED:
        raise wrong("opinion", _("没有这条意见，或者这个单位没有提出意见。"))
    words = _answer_words(answer, text)
    if (row.answer, row.answer_text) == (answer, words):
        return row
    row.answer, row.answer_text, row.answered_by, row.answered_at = answer, words, by, now
    row.save()
    told = {
        "unit": row.department.name,
        "report": report.name,
        "answer": row.get_answer_display(),
    }
    note = _("%(unit)s的意见：%(answer)s") % told
    step = take(report, "answer", by=by, now=now, note=note, opinion=row.pk, answer=answer)
    unit = department_people([row.department_id], timezone.localdate(now))
    tell(unit, step, "report", _("您单位对%(report)s的意见：%(answer)s。") % told)
    return row


def _answer_words(answer: str, text: str) -> str:
    if answer not in Opinion.Answer.values:
        raise wrong("answer", _("请选“采纳”“部分采纳”或“不采纳”。"))
    if answer == Opinion.Answer.TAKEN and not text.strip():
        return ""
    return said(text, "text", _("请说明理由，提出意见的单位会看到。"), MOST_WORDS)
