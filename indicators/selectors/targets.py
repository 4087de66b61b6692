"""How a plan's targets stand, from the verified values of the regions they speak of.

Only verified values of whole regions count. The number of queries never depends on how many
targets, regions or years there are.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from departments.models import Region
from indicators.attainment import (
    Attainment,
    Point,
    Promise,
    conflicts_among,
    judge,
    judge_children,
    judge_share,
)
from indicators.models import Indicator, Observation, Target
from indicators.selectors.counted import Counted, counted
from indicators.selectors.rollup import BASIS_ORDER, RolledUp, reporting, rollups
from indicators.selectors.views import Child, Compared, TargetView, bounds_of
from indicators.statistics import wilson
from plans.models import Plan


# --- Values --------------------------------------------------------------------------------
@dataclass(frozen=True)
class Series:
    """What counts for one indicator in one region: measured rows, a year each; years left blank.

    `absent` says that the newest row is 不适用: no promise for each place speaks of this one.
    """

    rows: list[Any]
    unmeasured: list[int]
    absent: bool = False

    @cached_property
    def points(self) -> list[Point]:
        """Return the rows as points with their intervals, worked out when first asked for."""
        return [_point(row) for row in self.rows]


EMPTY = Series([], [])


def _point(row: Observation | Counted) -> Point:
    """Return a row's value and interval: the published one, else Wilson's, else none.

    A sample without its design effect has none: the simple one would be too narrow. What was
    planned and what was spent are two ways of counting, as two series are.
    """
    series = f"{row.series} {row.basis}".strip() if row.series else row.basis
    value = row.value if row.value is not None else Decimal(0)
    if row.margin is not None:
        low, high = value - row.margin, value + row.margin
        lowest, highest = bounds_of(row.indicator)
        low = low if lowest is None else max(low, lowest)
        high = high if highest is None else min(high, highest)
        return Point(row.year, value, low, high, series, "margin")
    if row.sample_size and row.design_effect and row.indicator.unit == "%" and 0 <= value <= 100:
        low, high = wilson(value, row.sample_size, row.design_effect)
        return Point(row.year, value, low, high, series, "wilson")
    return Point(row.year, value, None, None, series)


def series_of(rows: Iterable[Observation | Counted], as_of: int) -> Series:
    """Return one value a year until a year: spent before planned, newer before older.

    A number goes before a note that there is none.

    Rows are `Counted`, or observations that know their indicator.
    """
    best: dict[int, Observation | Counted] = {}
    for row in rows:
        year = row.year
        have = best.get(year)
        if have is None or _rank(row) < _rank(have):
            best[year] = row
    kept = [best[year] for year in sorted(best) if year <= as_of]
    measured = [row for row in kept if row.value is not None]
    return Series(
        measured,
        [row.year for row in kept if row.value is None],
        absent=bool(kept) and kept[-1].status == Observation.Status.NOT_APPLICABLE,
    )


def _rank(row: Observation | Counted) -> tuple[bool, int, int]:
    return row.value is None, BASIS_ORDER[row.basis], -row.pk


def all_series(
    indicators: dict[int, Indicator], regions: Iterable[int], as_of: int
) -> dict[tuple[int, int], Series]:
    """Return the series of every indicator in every region (one query)."""
    rows: dict[tuple[int, int], list[Counted]] = {}
    for row in counted(indicators, region__in=list(regions), year__lte=as_of):
        rows.setdefault((row.indicator_id, row.region_id), []).append(row)
    return {key: series_of(some, as_of) for key, some in rows.items()}


# --- Targets -------------------------------------------------------------------------------
def promise_of(target: Target) -> Promise:
    return Promise(
        operator=target.operator,
        value=target.value,
        year=target.year or (None if target.every_year else target.plan.end_year),
        every_year=target.every_year,
        kind=target.indicator.kind,
        start_year=target.plan.start_year,
        direction=target.indicator.direction,
        behind=target.plan.settings.behind_points,
        far_behind=target.plan.settings.far_behind_points,
    )


def plan_targets(plan: Plan, as_of_year: int) -> list[TargetView]:
    """Return a plan's targets and how each stands at the end of a year; queries do not grow."""
    targets = list(
        Target.objects.current()
        .filter(plan=plan)
        .select_related("indicator", "plan__settings", "plan__region", "measure__action")
        .order_by("position")
    )
    below = _places(targets, plan)
    above = list(Region.objects.above(plan.region).exclude(pk=plan.region_id))
    found = all_series(
        {one.indicator_id: one.indicator for one in targets},
        {plan.region_id, *(one.pk for some in (*below.values(), above) for one in some)},
        as_of_year,
    )
    conflicts = conflicts_among(targets)
    rolled = _rolled(targets, plan, as_of_year)
    return [
        _view(
            one,
            below.get(one.pk, []),
            above,
            found,
            as_of_year,
            conflicts.get(one.pk, []),
            rolled.get(one.indicator_id, {}),
        )
        for one in targets
    ]


def _places(targets: list[Target], plan: Plan) -> dict[int, list[Region]]:
    """Return the places that each promise for those below speaks of (a query for each level)."""
    wanted = {one.pk: one.indicator for one in targets if one.scope != Target.Scope.SELF}
    levels = {one.reported_at: one for one in wanted.values()}
    found = {
        level: list(Region.objects.filter(reporting(one, plan.region)).order_by("path"))
        for level, one in levels.items()
    }
    return {pk: found[one.reported_at] for pk, one in wanted.items()}


def _rolled(targets: list[Target], plan: Plan, as_of: int) -> dict[int, dict[int, RolledUp]]:
    """Return what the places below make together, by indicator and year, where anything does."""
    summed = {one.indicator_id: one.indicator for one in targets if one.scope == "self"}
    years = range(plan.start_year - 1, min(as_of, plan.end_year) + 1)
    found: dict[int, dict[int, RolledUp]] = {}
    for (pk, path, year), some in rollups(summed.values(), plan.region, years).items():
        if path == plan.region.path and some[0].reported:
            found.setdefault(pk, {})[year] = some[0]
    return found


def _with_rolled(own: Series, rolled: dict[int, RolledUp]) -> list[Point]:
    """Fill years without a value of the region's own with what all the places below make.

    An incomplete roll-up is shown but never judged: what is missing is not nought. A ratio of all
    places is another way of counting than the region's own, such as the city's own budget.
    """
    have = {one.year for one in own.points}
    more = [
        Point(year, one.value, series=_series_of_rolled(one))
        for year, one in rolled.items()
        if one.complete and one.value is not None and year not in have
    ]
    return sorted([*own.points, *more], key=lambda one: one.year)


def _series_of_rolled(one: RolledUp) -> str:
    return "below" if one.indicator.roll_up == Indicator.RollUp.RATIO else one.basis


def _view(
    target: Target,
    children: list[Region],
    above: list[Region],
    found: dict[tuple[int, int], Series],
    as_of: int,
    conflicts: list[Target],
    rolled: dict[int, RolledUp],
) -> TargetView:
    """Judge one target; `above` comes from the top down and is shown from the nearest up."""
    of = target.indicator_id
    own = found.get((of, target.plan.region_id), EMPTY)
    below = {one.pk: found.get((of, one.pk), EMPTY) for one in children}
    promise = promise_of(target)
    unit = target.unit or target.indicator.unit
    places = target.plan.region.places_below
    points = _with_rolled(own, rolled)
    last = own.rows[-1] if own.rows else None
    shared: dict[str, Any] = {
        "target": target,
        "indicator": target.indicator,
        "as_of": as_of,
        "points": points,
        "rows": own.rows,
        "rolled": rolled,
        "row": last if last is not None and last.year == points[-1].year else None,
        "unmeasured": own.unmeasured,
        "conflicts": conflicts,
        "comparison": [
            Compared(one, found[of, one.pk].points)
            for one in reversed(above)
            if (of, one.pk) in found and found[of, one.pk].points
        ],
        "is_demo": any(
            row.is_demo
            for some in (own, *(below.values() if target.scope != "self" else ()))
            for row in some.rows
        ),
    }
    if target.scope == Target.Scope.SELF:
        return TargetView(attainment=judge(promise, points, as_of, unit), **shared)
    values = {pk: some.points for pk, some in below.items() if not some.absent}
    shared["counts"] = _counts(target, promise, values, as_of, unit)
    listed = [_child(one, below[one.pk], target, promise, as_of) for one in children]
    if promise.value is None:
        verdict = judge(promise, [], as_of, unit)
        return TargetView(attainment=verdict, children=listed, **shared)
    if target.scope == Target.Scope.EACH_CHILD:
        verdict, met, measured, total = judge_children(promise, values, as_of, unit, places)
    else:
        verdict, met, measured, total = judge_share(promise, values, as_of, unit, places)
    if not children:
        verdict = Attainment(
            "not_measured", _("还没有录入%(places)s，无法判断。") % {"places": places}, verdict.rule
        )
    elif len(values) < len(children):
        words = _("另有 %(count)s 个不适用，不计入。") % {"count": len(children) - len(values)}
        verdict = replace(verdict, sentence=verdict.sentence + words)
    return TargetView(
        attainment=verdict,
        children=listed,
        met=met,
        measured=measured,
        total=total,
        **shared,
    )


def _counts(
    target: Target, promise: Promise, values: dict[int, list[Point]], as_of: int, unit: str
) -> dict[int, str]:
    """Return how many of the places below kept the promise, year by year: 3 / 8."""
    if promise.value is None:
        return {}
    found = {}
    for year in target.plan.years:
        if year > as_of or not any(one.year == year for some in values.values() for one in some):
            continue
        if target.scope == Target.Scope.EACH_CHILD:
            _verdict, met, _measured, total = judge_children(promise, values, year, unit)
        else:
            _verdict, met, _measured, total = judge_share(promise, values, year, unit)
        found[year] = f"{met} / {total}"
    return found


def _child(region: Region, of: Series, target: Target, promise: Promise, as_of: int) -> Child:
    points = of.points
    if of.absent:
        return Child(region, points, None, absent=True)
    if target.scope == Target.Scope.SHARE or promise.value is None:
        return Child(region, points, None)
    unit = target.unit or target.indicator.unit
    return Child(region, points, judge(promise, points, as_of, unit))
