"""How a plan's targets stand, from the verified values of the regions they speak of.

Only verified values of whole regions count. The number of queries never depends on how many
targets, regions or years there are.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.words import decimal_text
from departments.models import Region
from indicators.attainment import (
    Attainment,
    Point,
    Promise,
    judge,
    judge_children,
    judge_share,
    project,
)
from indicators.models import Indicator, Observation, Target
from plans.models import Plan

# Which of two values of one year is shown: what was spent, before what was planned.
BASIS_ORDER = {"actual": 0, "": 1, "budget": 2}
PROJECTED = ("survey", "cumulative", "coverage")


@dataclass(frozen=True, slots=True)
class Child:
    """A region below, its points, and how it keeps the promise by itself.

    Where a share of the children is promised, each is a plain yes or no without a verdict.
    """

    region: Region
    points: list[Point]
    attainment: Attainment | None

    @property
    def newest(self) -> Point | None:
        return self.points[-1] if self.points else None


@dataclass(frozen=True, slots=True)
class Compared:
    """A region above, shown for orientation only."""

    region: Region
    points: list[Point]


@dataclass(frozen=True, slots=True)
class TargetView:
    """A target and how it stands at the end of a year.

    `points` are of the plan's own region; `shares` the percent of children that keep a promise
    made for a share of them. `met`, `measured` and `total` count children (scopes with children).
    `row` is the observation behind the newest point of the region.
    """

    target: Target
    indicator: Indicator
    as_of: int
    attainment: Attainment
    points: list[Point] = field(default_factory=list)
    shares: list[Point] = field(default_factory=list)
    children: list[Child] = field(default_factory=list)
    met: int = 0
    measured: int = 0
    total: int = 0
    comparison: list[Compared] = field(default_factory=list)
    row: Observation | None = None
    unmeasured: list[int] = field(default_factory=list)
    is_demo: bool = False

    @property
    def newest(self) -> Point | None:
        return self.points[-1] if self.points else None

    @property
    def unit(self) -> str:
        return self.target.unit or self.indicator.unit

    @property
    def words(self) -> str:
        return target_words(self.target)

    @property
    def of_children(self) -> bool:
        return self.target.scope != Target.Scope.SELF

    @property
    def due(self) -> int:
        return self.target.year or self.target.plan.end_year

    @property
    def figure(self) -> str:
        """Return the value to show in large: 8.9%, 3 / 8; empty where nothing was measured."""
        if self.target.scope == Target.Scope.SHARE:
            return f"{self.met} / {self.total}" if self.shares else ""
        if self.newest is not None:
            return value_words(self.newest.value, self.unit)
        return f"{self.met} / {self.total}" if self.measured else ""

    @property
    def figure_note(self) -> str:
        """Return what the large value is: its year, what kind of value, its interval."""
        if self.target.scope == Target.Scope.SHARE and self.shares:
            return _("%(year)s 年做到的下级地区") % {"year": self.shares[-1].year}
        if self.row is None or self.newest is None:
            return _("达到的下级地区") if self.measured else ""
        kind = (
            _("调查")
            if self.indicator.kind == "survey"
            else self.row.get_basis_display()
            if self.row.basis
            else ""
        )
        said = _("%(year)s 年%(kind)s") % {"year": self.newest.year, "kind": kind}
        if self.newest.low is None or self.newest.high is None:
            return said
        return _("%(said)s，区间 %(low)s—%(high)s") % {
            "said": said,
            "low": decimal_text(self.newest.low, 2),
            "high": value_words(self.newest.high, self.unit),
        }

    @property
    def projection(self) -> tuple[int, Decimal] | None:
        """Return the due year and its value at the mean pace so far, from three points on."""
        if self.of_children or self.indicator.kind not in PROJECTED:
            return None
        value = project(self.points, self.due)
        return None if value is None else (self.due, value)


def value_words(value: Decimal, unit: str) -> str:
    """Return a value with its unit: 10.5%, 1 元."""
    space = "" if unit in ("%", "") else " "
    return f"{decimal_text(value, 4)}{space}{unit}"


def asked_words(operator: str, value: Decimal, unit: str) -> str:
    if operator == Target.Operator.APPROX:
        return _("约 %(value)s") % {"value": value_words(value, unit)}
    if operator == Target.Operator.EQ and unit == "%" and value == 100:
        return _("全覆盖")
    verb = dict(Target.Operator.choices)[operator]
    return f"{verb} {value_words(value, unit)}"


def target_words(target: Target) -> str:
    """Return what is asked in short: 2020 年超过 10.5%; the sentence itself is `quote`."""
    unit = target.unit or target.indicator.unit
    asked = (
        asked_words(target.operator, target.value, unit)
        if target.value is not None
        else _("原文没有给出数值")
    )
    if target.stretch_value is not None:
        asked = _("%(asked)s，力争%(more)s") % {
            "asked": asked,
            "more": asked_words(target.stretch_operator, target.stretch_value, unit),
        }
    when = _("每年") if target.every_year else ""
    if target.year:
        when = _("%(year)s 年") % {"year": target.year}
    if target.value is None and when:
        when = _("%(when)s，") % {"when": when}
    match target.scope:
        case Target.Scope.EACH_CHILD:
            return _("各下级地区 %(when)s%(asked)s") % {"when": when, "asked": asked}
        case Target.Scope.SHARE:
            return _("%(when)s%(asked)s 的下级地区") % {"when": when, "asked": asked}
    return f"{when}{asked}"


# --- Values --------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Series:
    """What counts for one indicator in one region: points, the newest row, years left blank."""

    points: list[Point]
    rows: list[Observation]
    unmeasured: list[int]


EMPTY = Series([], [], [])


def _point(row: Observation) -> Point:
    value = row.value if row.value is not None else Decimal(0)
    if row.margin is None:
        return Point(row.year, value)
    return Point(row.year, value, max(Decimal(0), value - row.margin), value + row.margin)


def series_of(rows: Iterable[Observation], as_of: int) -> Series:
    """Return one value a year (spent before planned, newer before older) until a year."""
    best: dict[int, Observation] = {}
    for row in rows:
        if row.year > as_of:
            continue
        have = best.get(row.year)
        if have is None or (BASIS_ORDER[row.basis], -row.pk) < (BASIS_ORDER[have.basis], -have.pk):
            best[row.year] = row
    kept = [best[year] for year in sorted(best)]
    measured = [row for row in kept if row.value is not None]
    return Series(
        [_point(row) for row in measured],
        measured,
        [row.year for row in kept if row.value is None],
    )


def _all_series(
    indicators: set[int], regions: Iterable[int], as_of: int
) -> dict[tuple[int, int], Series]:
    """Return the series of every indicator in every region (one query)."""
    rows: dict[tuple[int, int], list[Observation]] = {}
    found = (
        Observation.objects.counting()
        .of_whole_region()
        .filter(indicator__in=indicators, region__in=list(regions), year__lte=as_of)
        .order_by("year", "id")
    )
    for row in found:
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
    )


def plan_targets(plan: Plan, as_of_year: int) -> list[TargetView]:
    """Return a plan's targets and how each stands at the end of a year (four queries)."""
    targets = list(
        Target.objects.current()
        .filter(plan=plan)
        .select_related("indicator", "plan", "measure__action")
        .order_by("position")
    )
    children = list(Region.objects.filter(parent=plan.region_id))
    above = list(Region.objects.above(plan.region).exclude(pk=plan.region_id))
    found = _all_series(
        {one.indicator_id for one in targets},
        [plan.region_id, *(one.pk for one in (*children, *above))],
        as_of_year,
    )
    return [_view(one, children, above, found, as_of_year) for one in targets]


def _view(
    target: Target,
    children: list[Region],
    above: list[Region],
    found: dict[tuple[int, int], Series],
    as_of: int,
) -> TargetView:
    """Judge one target; `above` comes from the top down and is shown from the nearest up."""
    of = target.indicator_id
    own = found.get((of, target.plan.region_id), EMPTY)
    below = {one.pk: found.get((of, one.pk), EMPTY) for one in children}
    promise = promise_of(target)
    unit = target.unit or target.indicator.unit
    shared: dict[str, Any] = {
        "target": target,
        "indicator": target.indicator,
        "as_of": as_of,
        "points": own.points,
        "row": own.rows[-1] if own.rows else None,
        "unmeasured": own.unmeasured,
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
        return TargetView(attainment=judge(promise, own.points, as_of, unit), **shared)
    values = {pk: some.points for pk, some in below.items()}
    listed = [_child(one, values[one.pk], target, promise, as_of) for one in children]
    if promise.value is None:
        verdict = judge(promise, [], as_of, unit)
        return TargetView(attainment=verdict, children=listed, **shared)
    if target.scope == Target.Scope.EACH_CHILD:
        verdict, met, measured, total = judge_children(promise, values, as_of, unit)
        shares: list[Point] = []
    else:
        verdict, shares, met, measured, total = judge_share(promise, values, as_of, unit)
    if not children:
        verdict = Attainment("not_measured", _("还没有录入下级地区，无法判断。"), verdict.rule)
    return TargetView(
        attainment=verdict,
        shares=shares,
        children=listed,
        met=met,
        measured=measured,
        total=total,
        **shared,
    )


def _child(
    region: Region, points: list[Point], target: Target, promise: Promise, as_of: int
) -> Child:
    if target.scope == Target.Scope.SHARE or promise.value is None:
        return Child(region, points, None)
    unit = target.unit or target.indicator.unit
    return Child(region, points, judge(promise, points, as_of, unit))
