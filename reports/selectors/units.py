"""Units of a region: their names, their tasks of a year, and how far they have reported."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q

from departments.models import (
    Department,
    GroupMember,
    HandOver,
    Membership,
    Region,
    Seat,
    Succession,
)
from departments.policies import can_hand_over, reads_phones
from tasks.models import Assignment, Entry, Period

HAND_OVERS = 20  # the newest that a unit's page names
HANDED_IN = ("submitted", "approved", "taken_over")


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit in the list; `asked` is None where the person may only see what was handed in."""

    department: Department
    leads: int = 0
    tasks: int = 0
    handed_in: int = 0
    asked: int | None = None


@dataclass(frozen=True, slots=True)
class UnitList:
    """The units of a region in a year; `period` is the newest in which they report."""

    region: Region
    year: int
    period: Period | None
    rows: list[UnitRow]


@dataclass(frozen=True, slots=True)
class UnitTask:
    """A unit's part in a task, and its entry of the newest period as far as it may be seen."""

    assignment: Assignment
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class UnitPage:
    """One unit: every spelling, what became of it and came into it, members, tasks of a year."""

    department: Department
    year: int
    period: Period | None
    names: list[str]
    later: list[Succession]
    earlier: list[Succession]
    members: list[Department] = field(default_factory=list)
    tasks: list[UnitTask] = field(default_factory=list)
    people: list[Membership] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)
    hand_overs: list[HandOver] = field(default_factory=list)
    may_hand_over: bool = False
    full_phones: bool = False


def newest_period(user: Any, region: Region, year: int | None) -> Period | None:
    """Return the newest opened period of a region (of a year, where one is asked for)."""
    periods = Period.objects.visible_to(user).filter(region=region)
    if year is not None:
        periods = periods.filter(year=year)
    return periods.exclude(state=Period.State.SCHEDULED).order_by("-ends", "-id").first()


def unit_list(user: Any, region: Region, today: date, year: int | None) -> UnitList:
    """Return a region's units with counts of what the person may see (five queries)."""
    period = newest_period(user, region, year)
    shown = year or (period.year if period else today.year)
    tasks: dict[int, Counter[str]] = {}
    for row in (
        Assignment.objects.visible_to(user)
        .filter(task__year=shown, task__cancelled_at__isnull=True, department__region=region)
        .values("department", "role")
        .annotate(count=Count("pk"))
        .order_by()
    ):
        tasks.setdefault(row["department"], Counter())[row["role"]] = row["count"]
    states: dict[int, Counter[str]] = {}
    for row in (
        Entry.objects.visible_to(user)
        .expected()
        .filter(period=period)
        .values("department", "state")
        .annotate(count=Count("pk"))
        .order_by()
    ):
        states.setdefault(row["department"], Counter())[row["state"]] = row["count"]
    return UnitList(
        region=region,
        year=shown,
        period=period,
        rows=[
            UnitRow(
                department=one,
                leads=tasks.get(one.pk, Counter())["lead"],
                tasks=tasks.get(one.pk, Counter()).total(),
                handed_in=sum(states.get(one.pk, Counter())[state] for state in HANDED_IN),
                asked=_asked(user, one, states.get(one.pk, Counter())),
            )
            for one in Department.objects.visible_to(user)
            .filter(region=region)
            .select_related("region")
            .order_by("id")
        ],
    )


def _asked(user: Any, department: Department, states: Counter[str]) -> int | None:
    """Return how many entries were asked for, where the person sees unfinished ones too."""
    acting = user.acting
    inside = acting.is_office() and acting.region_id == department.region_id
    return states.total() if inside or acting.department_id == department.pk else None


def unit_page(user: Any, department: Department, today: date, year: int | None) -> UnitPage:
    """Return one unit with its tasks of a year (a constant number of queries)."""
    period = newest_period(user, department.region, year)
    shown = year or (period.year if period else today.year)
    assignments = list(
        Assignment.objects.visible_to(user)
        .filter(department=department, task__year=shown, task__cancelled_at__isnull=True)
        .select_related("task__plan", "task__measure__action")
        .order_by("task__plan", "task__measure__action__position", "task__measure__position", "id")
    )
    entries = {
        one.assignment_id: one
        for one in Entry.objects.visible_to(user).filter(period=period, department=department)
    }
    changes = Succession.objects.select_related("old", "new").order_by("on", "id")
    return UnitPage(
        department=department,
        year=shown,
        period=period,
        names=list(department.names.order_by("id").values_list("name", flat=True)),
        later=list(changes.filter(old=department)),
        earlier=list(changes.filter(new=department)),
        members=[
            one.member
            for one in GroupMember.objects.filter(group=department)
            .select_related("member")
            .order_by("id")
        ]
        if department.is_group
        else [],
        tasks=[UnitTask(one, entries.get(one.pk)) for one in assignments],
        people=list(
            Membership.objects.visible_to(user)
            .filter(department=department)
            .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today))
            .select_related("user")
            .order_by("role", "valid_from", "id")
        ),
        seats=list(
            Seat.objects.visible_to(user)
            .filter(department=department)
            .valid_on(today)
            .order_by("kind", "id")
        ),
        hand_overs=list(
            HandOver.objects.visible_to(user)
            .filter(department=department)
            .select_related("outgoing", "incoming")[:HAND_OVERS]
        ),
        may_hand_over=bool(can_hand_over(user, department)),
        full_phones=reads_phones(user, department.region, department.pk),
    )
