"""Reporting periods: set up, shown beforehand, opened and closed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError, NotAllowed, ensure
from core.notices import tell
from departments.models import Department, Region
from departments.policies import is_office_of
from departments.selectors import department_people
from tasks import policies
from tasks.models import Assignment, Entry, Period, Task

REPORTING = (Assignment.Role.LEAD, Assignment.Role.RESPONSIBLE)


@dataclass(frozen=True, slots=True)
class Expected:
    """How many entries a period will ask of one unit: reports to the office, parts for others."""

    department_id: int
    name: str
    reports: int
    parts: int

    @property
    def total(self) -> int:
        return self.reports + self.parts


@dataclass(frozen=True, slots=True)
class Preview:
    """What opening a period will cause, and what stands in its way."""

    units: list[Expected]
    unsettled: int
    groups: int
    tasks: int

    @property
    def entries(self) -> int:
        return sum(one.total for one in self.units)


def _tasks(period: Period) -> Any:
    """Return the standing tasks that report in a period: active plans, window touched."""
    return Task.objects.standing().filter(
        plan__region=period.region_id,
        plan__state="active",
        year=period.year,
        starts__lte=period.ends,
    )


def _reporting(period: Period) -> Any:
    return Assignment.objects.filter(
        task__in=_tasks(period).values("pk"), role__in=REPORTING
    ).exclude(department__kind=Department.Kind.GROUP)


def preview(period: Period) -> Preview:
    """Count the entries that opening a period will cause, per unit (constant queries)."""
    reports = Q(role=Assignment.Role.LEAD) | Q(task__gathering=Task.Gathering.NONE)
    rows = (
        _reporting(period)
        .values("department", "department__name")
        .annotate(reports=Count("pk", filter=reports), parts=Count("pk", filter=~reports))
        .order_by("department")
    )
    tasks = _tasks(period).aggregate(
        all=Count("pk"), unsettled=Count("pk", filter=Q(gathering=Task.Gathering.PROPOSED))
    )
    groups = Assignment.objects.filter(
        task__in=_tasks(period).values("pk"),
        role__in=REPORTING,
        department__kind=Department.Kind.GROUP,
    ).count()
    return Preview(
        units=[
            Expected(row["department"], row["department__name"], row["reports"], row["parts"])
            for row in rows
        ],
        unsettled=tasks["unsettled"],
        groups=groups,
        tasks=tasks["all"],
    )


@transaction.atomic
def schedule(
    region: Region,
    name: str,
    *,
    year: int,
    starts: date,
    ends: date,
    opens_on: date,
    due_on: date,
    closes_on: date,
    by: Any,
) -> Period:
    """Put a period into the region's calendar; raises DomainError per field."""
    if not is_office_of(by, region):
        raise NotAllowed(_("填报期由本地区纲要办管理。"))
    wrong: dict[str, list[str]] = {}
    if not name.strip():
        wrong["name"] = [_("请填写名称，例如“2018 年上半年”。")]
    if ends < starts:
        wrong["ends"] = [_("报告期止日不能早于始日。")]
    if due_on < opens_on:
        wrong["due_on"] = [_("报送时限不能早于启动日期。")]
    if closes_on < due_on:
        wrong["closes_on"] = [_("截止日期不能早于报送时限。")]
    if Period.objects.filter(region=region, name=name.strip()).exists():
        wrong["name"] = [_("已有同名的填报期。")]
    if wrong:
        raise DomainError(_("有内容不符合要求。"), fields=wrong)
    period = Period.objects.create(
        region=region,
        name=name.strip()[:40],
        year=year,
        starts=starts,
        ends=ends,
        opens_on=opens_on,
        due_on=due_on,
        closes_on=closes_on,
    )
    audit.record("tasks.period.schedule", period, by=by, region_path=region.path)
    return period


def _locked(period: Period) -> Period:
    return Period.objects.select_for_update(of=("self",)).select_related("region").get(pk=period.pk)


@transaction.atomic
def open_period(period: Period, *, by: Any, now: datetime) -> int:
    """Open a period: make one entry for each reporting unit of each task; return how many.

    Refused while a task's 汇总单位 is not settled, because nobody would know whom to report to.
    Opening twice makes nothing twice: the constraint on (period, assignment) sees to it.
    """
    period = _locked(period)
    ensure(policies.can_move_period(by, period, "open"))
    unsettled = _tasks(period).filter(gathering=Task.Gathering.PROPOSED).count()
    if unsettled:
        raise DomainError(
            _("还有 %(count)s 项任务没有确认汇总单位，请先确认再启动。") % {"count": unsettled},
            code="unsettled",
        )
    rows = list(
        _reporting(period)
        .order_by("task", "id")
        .values_list("pk", "task", "department", "role", "task__gathering")
    )
    if not rows:
        raise DomainError(_("这一期没有需要填报的任务，请先分解年度任务。"), code="empty")
    Entry.objects.bulk_create(
        (
            Entry(
                period=period,
                task_id=task,
                assignment_id=assignment,
                department_id=department,
                kind=_kind(role, gathering),
            )
            for assignment, task, department, role, gathering in rows
        ),
        batch_size=1000,
        ignore_conflicts=True,
    )
    period.state, period.opened_at = Period.State.OPEN, now
    period.save()
    tell(
        department_people({row[2] for row in rows}, timezone.localdate(now)),
        event=f"period:{period.pk}:open",
        reason="waiting",
        text=_("%(name)s填报已启动，%(day)s前报送。")
        % {"name": period.name, "day": period.due_on.isoformat()},
        view="home",
    )
    audit.record(
        "tasks.period.open",
        period,
        by=by,
        detail={"entries": len(rows)},
        region_path=period.region.path,
    )
    return len(rows)


def _kind(role: str, gathering: str) -> str:
    own = role == Assignment.Role.LEAD or gathering == Task.Gathering.NONE
    return Entry.Kind.REPORT if own else Entry.Kind.PART


@transaction.atomic
def close_period(period: Period, *, by: Any) -> Period:
    """Close a period; drafts stay as they are, and the office may extend or reopen."""
    period = _locked(period)
    ensure(policies.can_move_period(by, period, "close"))
    period.state = Period.State.CLOSED
    period.save()
    owing = period.entries.owed().filter(task__cancelled_at__isnull=True)
    tell(
        department_people(owing.values_list("department", flat=True), timezone.localdate()),
        event=f"period:{period.pk}:close:{period.updated_at.isoformat()}",
        reason="due",
        text=_("%s填报已截止，您单位还有未报送的。需要补报请联系纲要办延期或重新开放。")
        % period.name,
        view="period",
        subject=period.pk,
    )
    audit.record("tasks.period.close", period, by=by, region_path=period.region.path)
    return period


@transaction.atomic
def turn_grace(today: date) -> int:
    """Mark open periods whose due date has passed: entries are still accepted, as late."""
    turned = Period.objects.filter(state=Period.State.OPEN, due_on__lt=today).update(
        state=Period.State.GRACE
    )
    if turned:
        audit.record("tasks.period.grace", None, detail={"periods": turned, "on": today})
    return turned
