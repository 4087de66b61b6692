"""Which plan, year and day a page shows: chosen in the address, else the newest reported ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef

from departments.models import Region
from plans.models import Plan
from tasks.models import Period, Task
from tasks.selectors import newest_day


@dataclass(frozen=True, slots=True)
class Moment:
    """A day to look from, with the year of the tasks looked at; `period` ended on that day."""

    year: int
    as_of: date
    period: Period | None = None

    @property
    def query(self) -> str:
        """Return what an address needs to show the same: year=2018&as_of=2018-09-30."""
        return f"year={self.year}&as_of={self.as_of.isoformat()}"


def watched(user: Any) -> Any:
    """Return the plans whose whole progress a person reads: those of the regions they watch.

    A department sees the plan that obliges it, and of the progress its own part only.
    """
    acting = getattr(user, "acting", None)
    if acting is None or not acting.sees_below:
        return Plan.objects.none()
    return (
        Plan.objects.visible_to(user)
        .exclude(state=Plan.State.DRAFT)
        .filter(region__path__startswith=acting.region_path)
        .select_related("region", "settings")
        .annotate(has_tasks=Exists(Task.objects.filter(plan=OuterRef("pk"))))
    )


def watches(user: Any, plan: Plan) -> bool:
    """Tell whether the whole progress of a visible plan is shown to this person."""
    acting = getattr(user, "acting", None)
    return bool(acting and acting.sees_below and plan.region.path.startswith(acting.region_path))


def first_choice(plans: list[Plan], region: Region, today: date) -> Plan | None:
    """Return the plan shown unless told otherwise: of one's own region, in force, covering today.

    Then one whose work has begun, then the later one. `plans` come from `watched`.
    """

    def rank(plan: Any) -> tuple[bool, bool, bool, bool, int]:
        return (
            plan.region_id == region.pk,
            plan.state == Plan.State.ACTIVE,
            today.year in plan.years,
            plan.has_tasks,
            plan.start_year,
        )

    return max(plans, key=rank, default=None)


def moments(plan: Plan, today: date) -> list[Moment]:
    """Return the days at which the plan's reporting periods ended, oldest first (one query)."""
    periods = (
        Period.objects.filter(
            region=plan.region_id, year__gte=plan.start_year, year__lte=plan.end_year
        )
        .exclude(state=Period.State.SCHEDULED)
        .order_by("ends", "id")
    )
    return [Moment(one.year, min(one.ends, today), one) for one in periods]


def chosen(plan: Plan, asked: Mapping[str, str], today: date, known: list[Moment]) -> Moment:
    """Return the moment that an address asks for, else the newest; raises ValueError."""
    year = int(asked["year"]) if asked.get("year") else None
    day = date.fromisoformat(asked["as_of"]) if asked.get("as_of") else None
    if year is not None and year not in plan.years:
        raise ValueError(year)
    if day is None and year is not None:
        of_year = [one.as_of for one in known if one.year == year]
        day = of_year[-1] if of_year else min(max(today, date(year, 1, 1)), date(year, 12, 31))
    if day is None:
        day = newest_day(plan, today)
    if year is None:
        named = [one.year for one in known if one.as_of == day]
        year = named[-1] if named else min(max(day.year, plan.start_year), plan.end_year)
    period = next(
        (one.period for one in reversed(known) if one.as_of == day and one.year == year), None
    )
    return Moment(year, day, period)
