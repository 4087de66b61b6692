"""What the pages of indicators show: one indicator in one region, as far as a person may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max

from departments.models import Region
from indicators import policies
from indicators.models import Indicator, Observation
from indicators.querysets import ADMINISTRATORS
from indicators.selectors.observations import steps_of
from indicators.selectors.rollup import RolledUp, rollups
from indicators.selectors.targets import plan_targets
from indicators.selectors.views import TargetView
from plans.models import Plan


@dataclass(frozen=True, slots=True)
class Line:
    """A value in the table, and what the person may do with it (`steps`: verbs)."""

    row: Observation
    steps: list[str]


@dataclass(frozen=True, slots=True)
class Year:
    """A year of the table: its values, or none, which the page says in a word."""

    year: int
    lines: list[Line]
    rolled: RolledUp | None = None


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    """One indicator in one region: targets of the region's plan, values year by year.

    `inside` says that the person belongs to the region or watches it from above, and so may see
    the values of the places below it one by one.
    """

    indicator: Indicator
    region: Region
    plan: Plan | None
    views: list[TargetView]
    years: list[Year]
    inside: bool
    has_below: bool = False
    may_type: bool = False
    sees: bool = True
    may_define: bool = False

    @property
    def view(self) -> TargetView | None:
        return self.views[0] if self.views else None


def plan_of(user: Any, region: Region, on: date) -> Plan | None:
    """Return the plan of a region that a person sees first: in force, covering the day."""
    plans = list(
        Plan.objects.visible_to(user)
        .exclude(state=Plan.State.DRAFT)
        .filter(region=region)
        .select_related("region")
    )
    return max(
        plans,
        key=lambda one: (one.state == "active", on.year in one.years, one.start_year),
        default=None,
    )


def newest_year(plan: Plan, today: date) -> int:
    """Return the last year of the plan with a value in its region or below, else the present."""
    found = (
        Observation.objects.counting()
        .of_whole_region()
        .filter(
            region__path__startswith=plan.region.path,
            indicator__targets__plan=plan,
            year__range=(plan.start_year, plan.end_year),
            value__isnull=False,
        )
        .aggregate(newest=Max("year"))
    )
    return found["newest"] or min(max(today.year, plan.start_year), plan.end_year)


def sees_values(user: Any) -> bool:
    """Tell whether a person acts in a role that sees plans, targets and values at all."""
    acting = getattr(user, "acting", None)
    return acting is not None and acting.role not in ADMINISTRATORS


def is_inside(user: Any, region: Region) -> bool:
    """Tell whether a region is the person's own or below the one they act in.

    Administrators see no content and are inside nowhere.
    """
    return sees_values(user) and bool(region.path.startswith(user.acting.region_path))


def indicator_page(
    user: Any, indicator: Indicator, region: Region, today: date, year: int | None = None
) -> IndicatorPage:
    """Return the page of an indicator; `year` is the year judged at (the newest with a value)."""
    plan = plan_of(user, region, today)
    views: list[TargetView] = []
    if plan is not None:
        at = year if year is not None and year in plan.years else newest_year(plan, today)
        views = [one for one in plan_targets(plan, at) if one.indicator.pk == indicator.pk]
    rows = (
        Observation.objects.visible_to(user)
        .filter(indicator=indicator, region=region)
        .select_related("region", "department", "indicator", "superseded_by")
        .order_by("year", "id")
    )
    inside = is_inside(user, region)
    may = policies.may_observe(user, [region])
    years = _years(rows, plan, today, may, user)
    return IndicatorPage(
        indicator=indicator,
        region=region,
        plan=plan,
        views=views,
        years=_rolled_in(years, indicator, region) if inside else years,
        inside=inside,
        has_below=inside and Region.objects.filter(parent=region).exists(),
        may_type=bool(may(region, None)),
        sees=sees_values(user),
        may_define=bool(policies.can_define(user, indicator)),
    )


def _rolled_in(years: list[Year], indicator: Indicator, region: Region) -> list[Year]:
    """Add what the places below make to each year, where any of them has a value."""
    if not years:
        return years
    found = rollups([indicator], region, [one.year for one in years])
    rolled = {year: some[0] for (_pk, path, year), some in found.items() if path == region.path}
    return [
        Year(one.year, one.lines, rolled[one.year])
        if one.year in rolled and rolled[one.year].reported
        else one
        for one in years
    ]


def _years(
    rows: Iterable[Observation], plan: Plan | None, today: date, may: policies.May, user: Any
) -> list[Year]:
    """Return every year with a value and every past year of the plan, newest first."""
    found: dict[int, list[Line]] = {}
    if plan is not None:
        last = min(plan.end_year, today.year)
        found = {year: [] for year in range(plan.start_year, last + 1)}
    for row in rows:
        found.setdefault(row.year, []).append(Line(row, steps_of(user, row, may)))
    return [Year(year, found[year]) for year in sorted(found, reverse=True)]
