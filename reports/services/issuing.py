"""印发: number and date are registered, the report is issued and sent up, or withdrawn."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import document_numbers
from core.dispatch import enqueue
from core.errors import DomainError, ensure
from core.models import Job
from departments.selectors import department_people
from reports import policies
from reports.models import Opinion, Report, ReportVersion
from reports.selectors.concerns import newest_version
from reports.selectors.resting import resting_periods
from reports.services.approving import call_off
from reports.services.moves import (
    ensure_come,
    leaders,
    office,
    repeated,
    take,
    tell,
    wrong,
)
from reports.services.publishing import end_publication
from reports.services.requests import ensure_idle, locked, working
from reports.workflow import TYPESET
from tasks.fields import clean
from tasks.models import Period
from tasks.services.periods.steps import freeze
from tasks.services.sayings import said, with_reason

MOST = 60  # characters of a number and of a mark


@transaction.atomic
def stamp(
    report: Report,
    issued_on: date,
    document_number: str = "",
    head_mark: str = "",
    *,
    by: Any,
    now: datetime,
) -> Report:
    """Register the date and number that the office gave, and have the files made with them.

    A mark of the red head goes with a number only. Nothing is made up where nothing was given.
    """
    report = locked(report)
    typed, mark = clean(document_number).strip(), clean(head_mark).strip()
    number = document_numbers.normal(typed) or typed
    note = "，".join(filter(None, (number, issued_on.isoformat(), mark)))
    if repeated(report, "stamp", by, note) and (working(report) or _carried(report)):
        return report
    ensure(policies.can(by, report, "stamp"))
    ensure_idle(report)
    _refuse_stamp(report, issued_on, number, mark, now)
    report.issued_on, report.document_number, report.head_mark = issued_on, number, mark
    take(report, "stamp", by=by, now=now, note=note)
    enqueue(TYPESET, report.pk, by=by)
    return report


def _refuse_stamp(report: Report, issued_on: date, number: str, mark: str, now: datetime) -> None:
    for field, text in (("document_number", number), ("head_mark", mark)):
        if len(text) > MOST:
            raise wrong(field, _("最多 %(most)s 字。") % {"most": MOST})
    if number and document_numbers.normal(number) is None:
        raise wrong(
            "document_number",
            _("发文字号由机关代字、年份和序号组成，例如：×科素办〔2024〕3号；没有编号的请留空。"),
        )
    if mark and not number:
        raise wrong("head_mark", _("红头须有发文字号；没有字号的，这一栏请留空。"))
    ensure_come("issued_on", issued_on, now)
    version = newest_version(report)
    as_of = version.facts.get("as_of", "") if version is not None else ""
    if issued_on.isoformat() < as_of:
        raise wrong(
            "issued_on",
            _("报告的数据截至 %(day)s，成文日期不能更早。") % {"day": as_of},
        )


def _carried(report: Report) -> bool:
    """Tell whether the newest files bear what was registered last: that job was done, on them."""
    last = Job.objects.filter(kind=TYPESET, subject_id=report.pk).order_by("-id").first()
    version = (
        ReportVersion.objects.filter(report=report)
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
    )
    return (
        report.issued_on is not None
        and last is not None
        and last.state == Job.State.DONE
        and last.result.get("version") == version
    )


# --- Issuing -------------------------------------------------------------------------------
def hindrances(report: Report, periods: list[Period]) -> list[str]:
    """Return all that keeps an approved report from being issued; `periods` are those it locks."""
    if report.issued_on is None:
        return [_("请先登记成文日期（有发文字号的一并登记）。")]
    found = []
    if working(report):
        found.append(_("正在按登记的文号和日期排版，请稍候。"))
    elif not _carried(report):
        found.append(_("文件还没有按登记的文号和日期排好，请重新登记一次。"))
    return found + [
        _("“%(period)s”还是“%(state)s”，请先在填报期页截止，再印发。")
        % {"period": one.name, "state": one.get_state_display()}
        for one in periods
        if one.state in (Period.State.OPEN, Period.State.GRACE)
    ]


@transaction.atomic
def issue(report: Report, *, by: Any, now: datetime) -> Report:
    """Issue an approved report: it is locked, and so are the periods that it rests on."""
    report = locked(report)
    if repeated(report, "issue", by, ""):
        return report
    ensure(policies.can(by, report, "issue"))
    version = newest_version(report)
    periods = resting_periods(report, version) if version is not None else []
    if found := hindrances(report, periods):
        raise DomainError(" ".join(found), code="hindered")
    reason = _("%(report)s印发") % {"report": report.name}
    for one in periods:
        if one.state == Period.State.CLOSED:
            freeze(one, reason, by=by, now=now)
    step = take(report, "issue", by=by, now=now, periods=[one.pk for one in periods])
    units = Opinion.objects.filter(report=report).values_list("department", flat=True)
    people = [
        *department_people(units, timezone.localdate(now)),
        *leaders(report, now),
        *office(report, now),
    ]
    tell(people, step, "report", _("%(report)s已印发。") % {"report": report.name})
    return report


@transaction.atomic
def send_up(report: Report, recipient: str, sent_on: date, *, by: Any, now: datetime) -> Report:
    """Record that an issued report was sent to a higher office, on which day."""
    report = locked(report)
    whom = said(recipient, "recipient", _("请写明报送给谁。"), MOST)
    note = _("%(day)s报送%(whom)s") % {"day": sent_on.isoformat(), "whom": whom}
    if repeated(report, "send_up", by, note):
        return report
    ensure(policies.can(by, report, "send_up"))
    ensure_come("sent_on", sent_on, now)
    if report.issued_on is not None and sent_on < report.issued_on:
        raise wrong("sent_on", _("报送日期不能早于成文日期。"))
    take(report, "send_up", by=by, now=now, note=note, recipient=whom, sent_on=sent_on)
    return report


@transaction.atomic
def withdraw(report: Report, reason: str, *, by: Any, now: datetime) -> Report:
    """Withdraw a report; it is kept, and the same can be asked for again.

    What is public of it ends. Periods that it locked stay so: the office opens them where needed.
    """
    report = locked(report)
    note = with_reason(reason)
    if repeated(report, "withdraw", by, note):
        return report
    ensure(policies.can(by, report, "withdraw"))
    ensure_idle(report)
    was = report.state
    ended = end_publication(report, note, by=by, now=now)
    step = take(report, "withdraw", by=by, now=now, note=note, unpublished=ended)
    if was == Report.State.CONSULTING:
        call_off(report, step)
    people = office(report, now)
    if was in (Report.State.CONSULTING, Report.State.APPROVED, Report.State.ISSUED):
        people += leaders(report, now)
    told = {"report": report.name, "reason": note}
    tell(people, step, "report", _("%(report)s已撤回：%(reason)s") % told)
    return report
