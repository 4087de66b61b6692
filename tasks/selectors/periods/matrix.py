"""Who has not reported: units × periods of a year, and the entries behind each cell."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Q

from core.querysets import BaseQuerySet
from departments.models import Department, Region
from departments.policies import is_office_of
from tasks.models import Entry, Extension, Period

HANDED_IN = ("submitted", "approved", "taken_over")
LATE = Q(state__in=HANDED_IN, submitted__is_late=True)
# What a cell counts, and what its link lists.
SHOWN: dict[str, Q] = {
    "asked": ~Q(state="waived"),
    "owed": Q(state__in=("draft", "awaiting_signoff", "returned")),
    "late": LATE,
    "waived": Q(state="waived"),
}
OWED = list(SHOWN).index("owed")


class Cell(NamedTuple):
    """A unit's entries of one period: asked for, still owed, handed in late, excused."""

    period: Period
    asked: int = 0
    owed: int = 0
    late: int = 0
    waived: int = 0
    overdue: bool = False  # the unit's own deadline is over, and something is owed

    @property
    def kind(self) -> str:
        """Say how the cell reads: scheduled, nothing, waived, overdue, owed or done."""
        if not self.asked and not self.waived:
            return "scheduled" if self.period.state == Period.State.SCHEDULED else "nothing"
        if not self.asked:
            return "waived"
        if self.owed:
            return "overdue" if self.overdue else "owed"
        return "done"


@dataclass(frozen=True, slots=True)
class Row:
    """A unit and its cells, in the order of the periods."""

    department_id: int
    name: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Units × periods of a year, the units in the order of the register."""

    year: int
    years: list[int]
    periods: list[Period]
    rows: list[Row]
    owing: dict[int, int]  # how many units owe something, by period

    @property
    def chase(self) -> list[tuple[Period, int]]:
        """Return the periods in which units can still be chased, with how many owe."""
        return [
            (one, self.owing[one.pk])
            for one in self.periods
            if self.owing.get(one.pk) and one.state in ("open", "grace")
        ]


def counted(user: Any, region: Region) -> BaseQuerySet | None:
    """Return the entries that count for a person in a region's periods; None: none are theirs.

    The office sees every unit of its region, a department only itself: who has not handed in is
    nobody else's business.
    """
    acting = getattr(user, "acting", None)
    if acting is None:
        return None
    entries = Entry.objects.filter(task__cancelled_at__isnull=True)
    if is_office_of(user, region):
        return entries
    if acting.department_id is not None and acting.here.pk == region.pk:
        return entries.filter(department=acting.department_id)
    return None


def matrix(entries: BaseQuerySet, periods: BaseQuerySet, year: int, on: date) -> Matrix:
    """Count entries by unit and period (four queries, however many there are)."""
    all_periods = list(periods.order_by("ends", "pk"))
    years = sorted({one.year for one in all_periods} | {year}, reverse=True)
    columns = [one for one in all_periods if one.year == year]
    rows: Iterable[tuple[int, ...]] = (
        entries.filter(period__in=[one.pk for one in columns])
        .order_by()
        .values("department", "period")
        .annotate(**{name: Count("pk", filter=wanted) for name, wanted in SHOWN.items()})
        .values_list("department", "period", *SHOWN)
    )
    counts = {(one[0], one[1]): one[2:] for one in rows}
    until = {
        (unit, pk): day
        for unit, pk, day in Extension.objects.filter(period__in=columns).values_list(
            "department", "period", "until"
        )
    }
    owing = Counter(pk for (_unit, pk), found in counts.items() if found[OWED])
    units = Department.objects.filter(pk__in={unit for unit, _period in counts}).order_by("pk")
    nothing = (0,) * len(SHOWN)
    over = [(one, one.pk, on > one.due_on and not one.retrospective) for one in columns]
    made = []
    for unit, name in units.values_list("pk", "name"):
        line = []
        for period, pk, is_over in over:
            asked, owed, late, waived = counts.get((unit, pk), nothing)
            overdue = is_over and on > until.get((unit, pk), period.due_on)
            line.append(Cell(period, asked, owed, late, waived, overdue))
        made.append(Row(unit, name, line))
    return Matrix(year, years, columns, made, owing)


def behind(entries: BaseQuerySet, period: Period, unit: int, shown: str) -> BaseQuerySet:
    """Return the entries that a cell counts, in the order of the plan."""
    rows = entries.filter(SHOWN[shown], period=period)
    if unit:
        rows = rows.filter(department=unit)
    return rows.select_related("task", "department", "submitted", "period").order_by(
        "department", "task__measure__action__position", "task__measure__position", "pk"
    )
