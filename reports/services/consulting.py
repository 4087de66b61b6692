"""征求意见: a draft goes to the units that it concerns, they answer, the office answers them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import notices, workdays
from core.errors import DomainError, ensure
from departments.models import Department
from departments.selectors import department_people
from reports import policies
from reports.models import Opinion, Report, ReportVersion
from reports.selectors.concerns import newest_version, other_units, units_of
from reports.selectors.opinions import last_round, of_round
from reports.services.approving import changed_since
from reports.services.moves import (
    invitation,
    leaders,
    office,
    repeated,
    take,
    tell,
    wrong,
)
from reports.services.requests import ensure_idle, locked
from tasks.services.sayings import said

MOST_WORDS = 5000  # of an opinion


@transaction.atomic
def consult(
    report: Report, until: date, *, by: Any, now: datetime, units: Iterable[Department] = ()
) -> Report:
    """Ask every unit that the newest version concerns, and `units` besides, for its opinion.

    Each round is asked anew: a draft that was sent back is another text.
    """
    report, today = locked(report), timezone.localdate(now)
    note = _("请于 %(day)s前反馈") % {"day": until.isoformat()}
    if repeated(report, "consult", by, note):
        return report
    ensure(policies.can(by, report, "consult"))
    ensure_idle(report)
    version = _to_be_read(report, until, today)
    asked = units_of(report, version, today)
    asked += _besides(report, asked, units, today)
    if not asked:
        raise DomainError(_("没有可以征求意见的单位，请另选单位。"), code="nobody")
    turn = last_round(report) + 1
    Opinion.objects.bulk_create(
        Opinion(report=report, department=unit, round=turn) for unit in asked
    )
    report.consult_until = until
    take(
        report, "consult", by=by, now=now, note=note,
        round=turn, until=until, units=[one.pk for one in asked], version=version.number,
    )  # fmt: skip
    _invite(report, turn, asked, now)
    return report


def _to_be_read(report: Report, until: date, today: date) -> ReportVersion:
    """Return the version that units will read; refuse one that is not what the office wrote."""
    if until < today:
        raise wrong("until", _("请选今天或以后的日期。"))
    if beyond := workdays.beyond(until):
        raise wrong("until", beyond)
    version = newest_version(report)
    if version is None:
        raise DomainError(_("报告还没有生成过，请先生成。"))
    if sentence := changed_since(report, version):
        raise DomainError(sentence, code="changed")
    return version


def _besides(
    report: Report, asked: list[Department], units: Iterable[Department], today: date
) -> list[Department]:
    """Return the units picked by the office that are not asked anyway; others are refused."""
    picked = {one.pk: one for one in units}
    known = {one.pk for one in asked}
    allowed = {one.pk for one in other_units(report, asked, today)}
    if strange := [one for pk, one in picked.items() if pk not in known | allowed]:
        raise wrong(
            "units", _("“%(unit)s”不能列入：不是本地区现有的单位。") % {"unit": strange[0].name}
        )
    return [one for pk, one in picked.items() if pk in allowed]


def _invite(report: Report, turn: int, asked: list[Department], now: datetime) -> None:
    told = {
        "report": report.name,
        "day": report.consult_until.isoformat() if report.consult_until else "",
    }
    today = timezone.localdate(now)
    notices.tell(
        department_people([one.pk for one in asked], today),
        event=invitation(report, turn),
        reason="waiting",
        text=_("%(report)s征求意见，请于 %(day)s前反馈。") % told,
        view="report",
        subject=report.pk,
        after=now,
    )
    notices.tell(
        leaders(report, now),
        event=f"{invitation(report, turn)}:leaders",
        reason="report",
        text=_("%(report)s正在征求成员单位意见，%(day)s截止。") % told,
        view="report",
        subject=report.pk,
        after=now,
    )


@transaction.atomic
def respond(report: Report, state: str, text: str = "", *, by: Any, now: datetime) -> Opinion:
    """Give one's unit's opinion on the draft: nothing against it, or a comment.

    It may be changed until the date; a comment that changes wants a new answer from the office.
    """
    report = locked(report)
    mine = of_round(report).filter(department=_unit(by)).select_related("department").first()
    ensure(policies.can_respond(by, report, mine, timezone.localdate(now)))
    assert mine is not None  # noqa: S101 (the policy asks for it)
    words = _words(state, text)
    if (mine.state, mine.text) == (state, words):
        return mine
    mine.state, mine.text = state, words
    mine.version, mine.by, mine.at = newest_version(report), by, now
    mine.answer, mine.answer_text, mine.answered_by, mine.answered_at = "", "", None, None
    mine.save()
    note = _("%(unit)s：%(state)s") % {
        "unit": mine.department.name,
        "state": mine.get_state_display(),
    }
    step = take(report, "respond", by=by, now=now, note=note, opinion=mine.pk, state=state)
    left = of_round(report).filter(state=Opinion.State.WAITING).count()
    if left == 0:
        told = _("%(report)s征求意见，各单位都已反馈。") % {"report": report.name}
        tell([*office(report, now), *leaders(report, now)], step, "waiting", told)
    elif state == Opinion.State.COMMENTED:
        told = _("%(unit)s对%(report)s有意见，请研究答复。") % {
            "unit": mine.department.name,
            "report": report.name,
        }
        tell(office(report, now), step, "report", told)
    return mine


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
