"""The places below a region, one by one: their values, their own lights, and who is missing.

A place whose level reports the indicator shows its own values; a place above that shows what the
places below it make together. Nothing is sorted by its value: the order is that of the codes.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Max, Q

from departments.models import Region
from indicators.attainment import Attainment, Point, Promise, judge
from indicators.models import Indicator, Observation, Target
from indicators.selectors.counted import Counted, counted
from indicators.selectors.rollup import RolledUp, reporting, rollups_of
from indicators.selectors.targets import promise_of, series_of
from indicators.selectors.views import target_words

MET = ("met", "met_uncertain")


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in a year: its own row or what its places below make; neither where nothing is."""

    year: int
    row: Counted | None = None
    rolled: RolledUp | None = None

    @property
    def value(self) -> Decimal | None:
        if self.row is not None:
            return self.row.value
        return self.rolled.value if self.rolled else None

    @property
    def number(self) -> str:
        """Return the value with the decimals of the indicator; empty where there is none."""
        if self.row is not None:
            return self.row.number
        return self.rolled.number if self.rolled is not None else ""


@dataclass(frozen=True, slots=True)
class Place:
    """A place below: cells year by year, and its own light where a target speaks of it.

    `met` of `total` counts the reporting places below it that keep the target; both are 0 for a
    place that reports itself. One that is `absent` (不适用) is not counted.
    """

    region: Region
    cells: list[Cell]
    points: list[Point] = field(default_factory=list)
    attainment: Attainment | None = None
    met: int = 0
    total: int = 0
    is_source: bool = True
    absent: bool = False

    @property
    def newest(self) -> Cell | None:
        """Return the newest cell with a value."""
        return next((one for one in reversed(self.cells) if one.value is not None), None)


@dataclass(frozen=True, slots=True)
class Below:
    """The places below a region; `whole` is what they make together, year by year."""

    indicator: Indicator
    region: Region
    years: list[int]
    target: Target | None
    places: list[Place]
    whole: list[Cell]
    met: int
    measured: int
    every: bool

    @property
    def total(self) -> int:
        return sum(not one.absent if one.is_source else one.total for one in self.places)

    @property
    def has_above(self) -> bool:
        """Tell whether there is a level between the region and those that report."""
        return self.every or any(not one.is_source for one in self.places)

    @property
    def rolls_up(self) -> bool:
        return self.indicator.roll_up != Indicator.RollUp.NONE

    @property
    def target_words(self) -> str:
        return target_words(self.target) if self.target else ""

    @property
    def missing(self) -> list[Region]:
        """Return the reporting places without any value in the years shown."""
        return [
            one.region
            for one in self.places
            if one.is_source and not one.absent and one.newest is None
        ]


def below(
    indicator: Indicator,
    region: Region,
    years: Sequence[int],
    *,
    target: Target | None = None,
    as_of: int | None = None,
    every: bool = False,
) -> Below:
    """Return the places right below a region, or with `every` all that report (three queries).

    `target` is the one that the places are judged by, at the end of `as_of` (the last year).
    """
    as_of = as_of or max(years)
    sources = list(
        Region.objects.filter(reporting(indicator, region))
        .select_related("parent")
        .only("code", "name", "level", "path", "parent__name")
        .order_by("path")
    )
    children = Region.objects.filter(parent=region).order_by("path")
    shown = sources if every else list(children)
    rows = _rows(indicator, region, years, as_of if target is not None else None)
    every_row = (row for some in rows.values() for row in some)
    rolled = rollups_of(indicator, region, sources, every_row, years)
    promise = promise_of(target) if target is not None else None
    judged = {one.pk: _judged(one, rows[one.pk], promise, target, as_of) for one in sources}
    places = [
        _source(one, years, rows[one.pk], *judged[one.pk])
        if one.pk in judged
        else _above(one, years, indicator, rolled, judged, sources)
        for one in shown
    ]
    lights = [attainment for _series, attainment in judged.values()]
    return Below(
        indicator=indicator,
        region=region,
        years=list(years),
        target=target,
        places=places,
        whole=[_rolled_cell(indicator, region, year, rolled) for year in years],
        met=sum(one is not None and one.code in MET for one in lights),
        measured=sum(
            bool(series.rows) and not series.absent for series, _attainment in judged.values()
        ),
        every=every,
    )


def newest_below(indicator: Indicator, region: Region) -> int | None:
    """Return the last year in which any of the reporting places has a value, if one has."""
    found = Observation.objects.figures(
        reporting(indicator, region, "region__"), indicator=indicator, value__isnull=False
    ).aggregate(newest=Max("year"))
    newest: int | None = found["newest"]
    return newest


def _rows(
    indicator: Indicator, region: Region, years: Sequence[int], as_of: int | None
) -> dict[int, list[Counted]]:
    """Return the counting rows of the reporting places (one query).

    Only the years shown are read; to judge (`as_of`), everything up to then too.
    """
    wanted = Q(year__range=(min(years), max(years)))
    if as_of is not None:
        wanted |= Q(year__lte=as_of)
    found: dict[int, list[Counted]] = defaultdict(list)
    for row in counted({indicator.pk: indicator}, wanted, reporting(indicator, region, "region__")):
        found[row.region_id].append(row)
    return found


def _judged(
    region: Region,
    rows: list[Counted],
    promise: Promise | None,
    target: Target | None,
    as_of: int,
) -> tuple[Any, Attainment | None]:
    series = series_of(rows, as_of)
    if promise is None or target is None or promise.value is None or series.absent:
        return series, None
    if target.scope != Target.Scope.EACH_CHILD:
        return series, None
    return series, judge(promise, series.points, as_of, target.unit or target.indicator.unit)


def _source(
    region: Region,
    years: Sequence[int],
    rows: list[Counted],
    series: Any,
    attainment: Attainment | None,
) -> Place:
    blank = {one.year: one for one in sorted(rows, key=lambda one: one.pk) if one.value is None}
    by_year = blank | {row.year: row for row in series.rows}
    return Place(
        region,
        [Cell(year, row=by_year.get(year)) for year in years],
        series.points,
        attainment,
        absent=series.absent,
    )


def _above(
    region: Region,
    years: Sequence[int],
    indicator: Indicator,
    rolled: dict[tuple[int, str, int], list[RolledUp]],
    judged: dict[int, tuple[Any, Attainment | None]],
    sources: Sequence[Region],
) -> Place:
    inside = [
        judged[one.pk]
        for one in sources
        if one.path.startswith(region.path) and not judged[one.pk][0].absent
    ]
    return Place(
        region,
        [_rolled_cell(indicator, region, year, rolled) for year in years],
        met=sum(one is not None and one.code in MET for _series, one in inside),
        total=len(inside),
        is_source=False,
    )


def _rolled_cell(
    indicator: Indicator,
    region: Region,
    year: int,
    rolled: dict[tuple[int, str, int], list[RolledUp]],
) -> Cell:
    found = rolled.get((indicator.pk, region.path, year))
    return Cell(year, rolled=found[0] if found else None)
