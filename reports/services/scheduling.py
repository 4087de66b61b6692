"""Annual drafts that the calendar asks for, on the day that a plan's office set."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import notices
from core.errors import DomainError
from departments.selectors import office_people
from plans.models import Plan
from reports.models import Report
from reports.services.requests import request_report

CATCH_UP = 7  # days after the set one on which a missed draft is still asked for
SUMMER = 7  # from this month on a day belongs to the report of its own year


def year_of(day: date) -> int:
    """Return the year that a draft made on a day reports: the last one until the summer."""
    return day.year if day.month >= SUMMER else day.year - 1


def request_due(today: date) -> int:
    """Ask for the annual drafts that are due; return how many there were (a repeat finds none).

    A report that exists, in whatever state, is left to its office. Where nothing can be reported
    yet the office is told once.
    """
    days = [today - timedelta(days=back) for back in range(CATCH_UP + 1)]
    marks = {day.strftime("%m-%d"): day for day in days}
    plans = Plan.objects.active().filter(settings__annual_draft_on__in=list(marks))
    made = 0
    for plan in plans.select_related("region", "settings").order_by("id"):
        day = marks[plan.settings.annual_draft_on]
        made += _request(plan, year_of(day))
    return made


def _request(plan: Plan, year: int) -> int:
    """Ask for one draft unless there has been one; several beats at once make one report."""
    if year not in plan.years or _asked(plan, year):
        return 0
    try:
        report = request_report(plan, Report.Kind.ANNUAL, year)
    except DomainError as problem:
        _tell(plan, f"annual-draft:{plan.pk}:{year}", reason=problem.message)
        return 0
    _tell(plan, f"annual-draft:{plan.pk}:{year}:{report.pk}", report=report)
    return 1


def _asked(plan: Plan, year: int) -> bool:
    """Tell whether there is, or was, a report of the year: withdrawn ones are not made anew."""
    rows = Report.objects.filter(plan=plan, kind=Report.Kind.ANNUAL, year=year)
    return bool(rows.exists())


def _tell(plan: Plan, event: str, *, report: Report | None = None, reason: str = "") -> None:
    if report is not None:
        text = _("%(report)s的初稿按设定的日期开始生成。") % {"report": report.name}
    else:
        text = _("年度报告初稿没有自动生成：%(reason)s") % {"reason": reason}
    with transaction.atomic():
        notices.tell(
            office_people(plan.region, timezone.localdate()),
            event=event,
            reason="report",
            text=text,
            view="report" if report is not None else "reports",
            subject=report.pk if report is not None else None,
        )
