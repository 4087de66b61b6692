"""Reports that wait for somebody: a unit's opinion, the office's next step, the leaders' word."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from reports.models import Opinion, Report
from reports.selectors.todo import Group, Item, group

State = Report.State


def of_department(user: Any) -> list[Group]:
    """Return the drafts that a unit is asked about and has not answered (one query)."""
    rows = _asked([user.acting.department_id]).select_related("report__department")
    rows = rows.select_related("report__period").order_by("report__consult_until", "pk")
    items = [
        Item("report", one.report_id, one.report.name, _until(one.report), one.report.state)
        for one in rows
    ]
    return [group("opinions", _("征求意见"), _("反馈下一份"), items)]


def of_office(user: Any, region: int, today: date) -> list[Group]:
    """Return the reports whose next step is the office's (one query)."""
    rows = _of_office([region], today).select_related("department", "period").order_by("pk")
    items = [Item("report", one.pk, one.name, note(one, today), one.state) for one in rows]
    return [group("reports", _("待办理的报告"), _("办理下一份"), items)]


def of_leader(user: Any, today: date) -> list[Item]:
    """Return the drafts of a leader's region that units are asked about (one query)."""
    if user.acting is None or user.acting.role != "leader":
        return []
    rows = _counted(Report.objects.visible_to(user).filter(plan__region=user.acting.here))
    rows = rows.filter(state=State.CONSULTING).select_related("department", "period")
    return [Item("report", one.pk, one.name, note(one, today)) for one in rows.order_by("pk")]


def count_of_units(units: Iterable[int]) -> Counter[int]:
    """Count the drafts that each of several units is asked about (one query)."""
    rows = _asked(units).order_by().values_list("department").annotate(n=Count("pk"))
    return Counter(dict(rows))


def count_of_regions(regions: Iterable[int], today: date) -> tuple[Counter[int], Counter[int]]:
    """Count what waits for the office, and for the leaders, of each region (one query)."""
    office: Counter[int] = Counter()
    leaders: Counter[int] = Counter()
    for one in _of_office(regions, today).select_related("plan"):
        office[one.plan.region_id] += 1
        leaders[one.plan.region_id] += one.state == State.CONSULTING and not one.to_answer
    return office, leaders


# --- What is counted -----------------------------------------------------------------------
def _asked(units: Iterable[int]) -> Any:
    return Opinion.objects.filter(
        department__in=list(units),
        state=Opinion.State.WAITING,
        report__state=State.CONSULTING,
        round=Subquery(_last(OuterRef("report"))),
    ).select_related("report")


def _of_office(regions: Iterable[int], today: date) -> Any:
    """Return reports with comments to answer, that can be approved, or are to be issued."""
    over = Q(silent=0) | Q(consult_until__lt=today)
    rows = _counted(Report.objects.filter(plan__region__in=list(regions)))
    return rows.filter(
        Q(state=State.CONSULTING) & (over | Q(to_answer__gt=0)) | Q(state=State.APPROVED)
    )


def _counted(reports: Any) -> Any:
    """Add how many units of the last round are silent, and how many comments have no answer."""
    opinions = Opinion.objects.filter(report=OuterRef("pk")).order_by().values("report")
    silent = (
        opinions.filter(state=Opinion.State.WAITING)
        .filter(round=Subquery(_last(OuterRef("report"))))
        .annotate(n=Count("pk"))
        .values("n")
    )
    open_ones = (
        opinions.filter(state=Opinion.State.COMMENTED, answer="")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return reports.annotate(
        silent=Coalesce(Subquery(silent), 0), to_answer=Coalesce(Subquery(open_ones), 0)
    )


def _last(report: Any) -> Any:
    """Return the last round of a report as a subquery."""
    rows = Opinion.objects.filter(report=report).order_by().values("report")
    return rows.annotate(last=Max("round")).values("last")


def note(report: Any, today: date) -> str:
    """Say what a report waits for, in a few words."""
    if report.state == State.APPROVED:
        return _("已登记文号和日期，待印发") if report.issued_on else _("已审定，待登记文号和日期")
    if report.to_answer:
        return _("%(count)s 条意见待答复") % {"count": report.to_answer}
    if not report.silent:
        return _("各单位都已反馈，可以审定")
    told = {"count": report.silent}
    if report.consult_until is not None and report.consult_until < today:
        return _("反馈截止日期已过，%(count)s 个单位没有反馈") % told
    return _("%(until)s，%(count)s 个单位没有反馈") % {**told, "until": _until(report)}


def _until(report: Report) -> str:
    if report.consult_until is None:
        return ""
    return _("%(day)s前反馈") % {"day": report.consult_until.isoformat()}
