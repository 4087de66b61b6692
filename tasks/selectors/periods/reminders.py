"""Who owes what, until when, and whom one reminds of it: whole sets, few queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from core import workdays
from departments.models import Membership
from tasks.models import Entry, Extension, Period, Reminder, ReportingRules
from tasks.selectors.supervision.items import owed_items

HORIZON = timedelta(days=60)  # what is due later is nobody's worry this morning
OVERDUE_EVERY = 5  # working days between two reminders of what is overdue


@dataclass(frozen=True, slots=True)
class Debt:
    """What one unit owes in one period, or a 督办件; `left` are working days, negative: overdue.

    `todo` entries are to be written (of these `returned` again), `awaiting` ones to be signed.
    """

    region_id: int
    department_id: int
    department: str
    name: str
    due: date
    left: int
    period_id: int | None = None
    item_id: int | None = None
    todo: int = 0
    returned: int = 0
    awaiting: int = 0

    @property
    def subject(self) -> tuple[int | None, int | None]:
        return self.period_id, self.item_id


@dataclass(frozen=True, slots=True)
class Claim:
    """A debt as one person is told of it: how many entries, to sign or to write.

    `stands_in` says that the unit has nobody, so that the office is told.
    """

    debt: Debt
    count: int
    to_sign: bool
    stands_in: bool


def _left(on: date, due: date, known: dict[date, int]) -> int:
    if due not in known:
        known[due] = workdays.between(on, due)
    return known[due]


def owed_in_periods(on: date, period: Period | None = None) -> list[Debt]:
    """Return what units owe in periods that accept entries, the nearest due first (two queries).

    A unit's extension counts, in a closed period too; years entered afterwards are left out.
    """
    granted = Extension.objects.filter(
        period=OuterRef("period"), department=OuterRef("department"), until__gte=on
    )
    entries = Entry.objects.owed().filter(
        Q(period__state__in=("open", "grace")) | Q(period__state="closed") & Q(Exists(granted)),
        period__retrospective=False,
        task__cancelled_at__isnull=True,
    )
    extensions = Extension.objects.filter(period__in=entries.order_by().values("period"))
    if period is not None:
        entries = entries.filter(period=period)
        extensions = Extension.objects.filter(period=period)
    until = {
        (one["period"], one["department"]): one["until"]
        for one in extensions.values("period", "department", "until")
    }
    rows: Iterable[dict[str, Any]] = (
        entries.values(
            "period",
            "period__name",
            "period__region",
            "period__due_on",
            "department",
            "department__name",
        )
        .annotate(
            todo=Count("pk", filter=~Q(state="awaiting_signoff")),
            returned=Count("pk", filter=Q(state="returned")),
            awaiting=Count("pk", filter=Q(state="awaiting_signoff")),
        )
        .order_by("period__due_on", "period", "department")
    )
    known: dict[date, int] = {}
    made = []
    for row in rows:
        more = until.get((row["period"], row["department"]), row["period__due_on"])
        due = max(row["period__due_on"], more)
        made.append(
            Debt(
                region_id=row["period__region"],
                department_id=row["department"],
                department=row["department__name"],
                name=row["period__name"],
                due=due,
                left=_left(on, due, known),
                period_id=row["period"],
                todo=row["todo"],
                returned=row["returned"],
                awaiting=row["awaiting"],
            )
        )
    return made


def debts(on: date) -> list[Debt]:
    """Return what units of all regions owe before long, or should have given: entries, 督办件."""
    known: dict[date, int] = {}
    items = [
        Debt(
            region_id=one.item.region_id,
            department_id=one.department,
            department=one.item.department.name,
            name=f"{one.item.number}“{one.item.title}”",
            due=one.due,
            left=_left(on, one.due, known),
            item_id=one.item.pk,
            todo=1,
        )
        for one in owed_items(on)
        if one.due <= on + HORIZON
    ]
    periods = [one for one in owed_in_periods(on) if one.due <= on + HORIZON]
    return [*periods, *items]


def is_reminded(left: int, rules: ReportingRules) -> bool:
    """Tell whether the calendar reminds with so many working days left (negative: overdue)."""
    return left in rules.remind_days or (left < 0 and (-left - 1) % OVERDUE_EVERY == 0)


def rules_by_region() -> Mapping[int, ReportingRules]:
    """Return every region's rules; the defaults for a region without a row (one query)."""

    class Rules(dict[int, ReportingRules]):
        def __missing__(self, region: int) -> ReportingRules:
            self[region] = ReportingRules(region_id=region)
            return self[region]

    return Rules({one.region_id: one for one in ReportingRules.objects.all()})


def unit_people(departments: Iterable[int], on: date) -> dict[int, dict[str, list[int]]]:
    """Return, per department, the ids of its people by role (one query)."""
    rows = (
        Membership.objects.valid_on(on)
        .filter(
            role__in=Membership.OF_DEPARTMENT,
            department__in=list(departments),
            user__is_active=True,
        )
        .order_by("department", "user")
        .values_list("department", "role", "user")
    )
    found: dict[int, dict[str, list[int]]] = defaultdict(dict)
    for department, role, user in rows:
        found[department].setdefault(role, []).append(user)
    return found


def _offices(regions: Iterable[int], on: date) -> dict[int, list[int]]:
    rows = (
        Membership.objects.valid_on(on)
        .filter(role=Membership.Role.OFFICE, region__in=set(regions), user__is_active=True)
        .order_by("region", "user")
        .values_list("region", "user")
    )
    found: dict[int, list[int]] = defaultdict(list)
    for region, user in rows:
        found[region].append(user)
    return found


def claims(owed: list[Debt], on: date) -> dict[int, list[Claim]]:
    """Return, per person, what they are to be told of (two queries).

    What is to be written goes to the liaison, else the head, else the office; what is to be
    signed goes to the head first.
    """
    people = unit_people({one.department_id for one in owed}, on)
    offices = _offices({one.region_id for one in owed}, on)
    found: dict[int, list[Claim]] = defaultdict(list)
    for debt in owed:
        unit = people.get(debt.department_id, {})
        for count, to_sign in ((debt.todo, False), (debt.awaiting, True)):
            if not count:
                continue
            order = ("head", "liaison") if to_sign else ("liaison", "head")
            told = unit.get(order[0]) or unit.get(order[1])
            for person in told or offices.get(debt.region_id, []):
                found[person].append(Claim(debt, count, to_sign, stands_in=not told))
    return found


def reminded_before(owed: list[Debt], on: date) -> dict[tuple[int, int | None, int | None], int]:
    """Return on how many days before this the calendar reminded a person of a subject."""
    periods = {one.period_id for one in owed if one.period_id}
    items = {one.item_id for one in owed if one.item_id}
    rows = (
        Reminder.objects.filter(kind=Reminder.Kind.CALENDAR, on__lt=on)
        .filter(Q(period__in=periods) | Q(item__in=items))
        .order_by()
        .values("person", "period", "item")
        .annotate(days=Count("on", distinct=True))
    )
    return {(row["person"], row["period"], row["item"]): row["days"] for row in rows}


def served(on: date) -> set[int]:
    """Return who has had the calendar's reminder of a day already."""
    rows = Reminder.objects.filter(kind=Reminder.Kind.CALENDAR, on=on, person__isnull=False)
    return set(rows.order_by().values_list("person", flat=True).distinct())
