"""What opening a period will cause, for whom, and what stands in its way."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from core import workdays
from core.querysets import BaseQuerySet
from departments.models import Department, Membership
from tasks.models import Assignment, Entry, Period, Task
from tasks.selectors.periods.rules import rules_of

REPORTING = (Assignment.Role.LEAD, Assignment.Role.RESPONSIBLE)
# An assignment that reports to the office; the others give their part to the 汇总单位.
TO_THE_OFFICE = Q(role=Assignment.Role.LEAD) | Q(task__gathering=Task.Gathering.NONE)


@dataclass(frozen=True, slots=True)
class Expected:
    """How many entries a period will ask of one unit: reports to the office, parts for others."""

    department_id: int
    name: str
    reports: int
    parts: int
    silent: bool  # nobody of the unit has an account

    @property
    def total(self) -> int:
        return self.reports + self.parts


@dataclass(frozen=True, slots=True)
class Preview:
    """What opening a period will cause, and what stands in its way."""

    units: list[Expected]
    unsettled: int
    groups: list[Assignment]
    tasks: int
    lead: int  # working days from the opening to the due date
    wanted: int  # working days that the region's rules give
    last: Period | None
    before: int

    @property
    def entries(self) -> int:
        return sum(one.total for one in self.units)

    @property
    def silent(self) -> list[Expected]:
        return [one for one in self.units if one.silent]

    @property
    def more(self) -> int:
        """Return how many entries more than last time; negative where fewer."""
        return self.entries - self.before

    @property
    def fewer(self) -> int:
        return -self.more


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why a period cannot be opened, in words for people."""

    code: str
    words: str


def tasks_in(period: Period) -> BaseQuerySet:
    """Return the standing tasks that report in a period: active plans, window touched."""
    return Task.objects.standing().filter(
        plan__region=period.region_id,
        plan__state="active",
        year=period.year,
        starts__lte=period.ends,
    )


def reporting(period: Period) -> BaseQuerySet:
    """Return the assignments of which a period asks an entry: no groups, nobody who only helps."""
    return Assignment.objects.filter(
        task__in=tasks_in(period).values("pk"), role__in=REPORTING
    ).exclude(department__kind=Department.Kind.GROUP)


def hindrance(period: Period) -> Hindrance | None:
    """Say why a period cannot be opened now; None where nothing stands in its way."""
    unsettled = tasks_in(period).filter(gathering=Task.Gathering.PROPOSED).count()
    if unsettled:
        words = _("还有 %(count)s 项任务没有确认汇总单位，请先确认再启动。") % {"count": unsettled}
        return Hindrance("unsettled", words)
    if not reporting(period).exists():
        return Hindrance("empty", _("这一期没有需要填报的任务，请先分解年度任务。"))
    return None


def due_to_open(today: date) -> Iterable[Period]:
    """Return the periods whose day to open has come and whose last day has not passed."""
    return _by_calendar().filter(
        state=Period.State.SCHEDULED, opens_on__lte=today, closes_on__gte=today
    )


def due_to_close(today: date) -> Iterable[Period]:
    """Return the periods whose last day has passed."""
    return _by_calendar().filter(
        state__in=(Period.State.OPEN, Period.State.GRACE), closes_on__lt=today
    )


def _by_calendar() -> BaseQuerySet:
    return (
        Period.objects.filter(by_calendar=True, retrospective=False)
        .select_related("region")
        .order_by("id")
    )


def preview(period: Period, on: date) -> Preview:
    """Count what opening a period will ask of each unit (constant queries).

    `on` is the day on which somebody of a unit must have an account.
    """
    rows = (
        reporting(period)
        .values("department", "department__name")
        .annotate(
            reports=Count("pk", filter=TO_THE_OFFICE), parts=Count("pk", filter=~TO_THE_OFFICE)
        )
        .order_by("department")
    )
    tasks = tasks_in(period).aggregate(
        all=Count("pk"), unsettled=Count("pk", filter=Q(gathering=Task.Gathering.PROPOSED))
    )
    groups = Assignment.objects.filter(
        task__in=tasks_in(period).values("pk"),
        role__in=REPORTING,
        department__kind=Department.Kind.GROUP,
    ).select_related("task", "department")
    last = last_before(period)
    manned = _manned(period, on)
    return Preview(
        units=[
            Expected(
                row["department"],
                row["department__name"],
                row["reports"],
                row["parts"],
                row["department"] not in manned,
            )
            for row in rows
        ],
        unsettled=tasks["unsettled"],
        groups=list(groups.order_by("task", "id")),
        tasks=tasks["all"],
        lead=workdays.between(period.opens_on, period.due_on),
        wanted=rules_of(period.region).fill_days,
        last=last,
        before=Entry.objects.filter(period=last).expected().count() if last else 0,
    )


def last_before(period: Period) -> Period | None:
    """Return the region's opened period that ended last before this one."""
    opened = Period.objects.filter(region=period.region_id, ends__lt=period.ends)
    return opened.exclude(state=Period.State.SCHEDULED).order_by("-ends", "-pk").first()


def _manned(period: Period, on: date) -> set[int]:
    """Return the units of the region of which anybody can log in on a day."""
    people: Any = Membership.objects.valid_on(on).filter(
        department__region=period.region_id, user__is_active=True
    )
    return set(people.values_list("department", flat=True))
