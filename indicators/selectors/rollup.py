"""What the values of the places below make together, by each indicator's rule, and what is missing.

Sources are the verified values of whole regions at the indicator's level (`reported_at`): one a
region, year and basis, that of the newest series where there are two. Budget and actual are never
added to each other. Sums are folded upwards from the parents of the sources, so that a whole is
what its parts are, whatever way a country is divided. A roll-up counts how many places are in it,
of how many; it never fills a gap.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, Sum
from django.db.models.functions import Left, Length

from departments.models import Region
from indicators.models import Indicator, Observation
from indicators.selectors.counted import Counted

DIGITS = 6  # of a code in a path
LEVELS = list(Region.Level.values)  # from the top down
# Which of two values of one year is shown: what was spent, before what was planned.
BASIS_ORDER = {"actual": 0, "": 1, "budget": 2}
_ABSENT = Observation.Status.NOT_APPLICABLE


@dataclass(frozen=True, slots=True)
class RolledUp:
    """What a place's sources make in a year: `value` in the indicator's unit, None without any.

    `reported` of `expected` sources have a value; those that say 不适用 are not expected. `yes` is
    how many of them answer yes. `mixed` warns that sources count in different ways (series).
    """

    indicator: Indicator
    path: str
    year: int
    basis: str
    numerator: Decimal | None
    denominator: Decimal | None
    total: Decimal | None
    reported: int
    yes: int
    expected: int
    mixed: bool

    @property
    def missing(self) -> int:
        return self.expected - self.reported

    @property
    def number(self) -> str:
        """Return the value with the indicator's decimals; empty where there is none."""
        return "" if self.value is None else self.indicator.shown(self.value)

    @property
    def complete(self) -> bool:
        return self.expected > 0 and self.missing == 0

    @property
    def value(self) -> Decimal | None:
        rule, at = Indicator.RollUp, self.indicator.roll_up
        if not self.reported:
            return None
        if at == rule.SUM:
            return self.total
        if at == rule.SHARE:
            return round(Decimal(self.yes) * 100 / self.expected, 6) if self.expected else None
        if self.numerator is None or not self.denominator:
            return None
        return round(self.indicator.ratio(self.numerator, self.denominator), 6)


@dataclass(slots=True)
class _Sums:
    """Sums under way; None where no source had such a number."""

    numerator: Decimal | None = None
    denominator: Decimal | None = None
    total: Decimal | None = None
    reported: int = 0
    yes: int = 0
    first: str | None = None
    last: str | None = None

    def add(self, other: "_Sums") -> None:
        self.numerator = _plus(self.numerator, other.numerator)
        self.denominator = _plus(self.denominator, other.denominator)
        self.total = _plus(self.total, other.total)
        self.reported += other.reported
        self.yes += other.yes
        if other.first is not None:
            self.first = other.first if self.first is None else min(self.first, other.first)
            self.last = other.last if self.last is None else max(self.last, other.last or "")


def _plus(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return other if one is None else one if other is None else one + other


# Sums by indicator, path, year and basis; how many sources are 不适用 by indicator, path and year.
_Basis = tuple[int, str, int, str]  # of an indicator, by its id, in a place, by its path, in a year
_Folded = tuple[dict[_Basis, _Sums], dict[_Basis, int]]


def reporting(indicator: Indicator, region: Region, prefix: str = "") -> Q:
    """Match the places below a region that report an indicator: of its level, else right below.

    A county right below a province reports beside those below the cities. `prefix` is the lookup
    path to the place.
    """
    level = indicator.reported_at
    if level and LEVELS.index(level) > LEVELS.index(region.level):
        return Q(**{f"{prefix}level": level, f"{prefix}path__startswith": region.path})
    return Q(**{f"{prefix}parent": region.pk})


def sources(indicators: Collection[Indicator], root: Region, years: Collection[int]) -> Any:
    """Return the rows that roll-ups below a region are made of (a queryset)."""
    beside = Observation.objects.figures(
        indicator=OuterRef("indicator"), region=OuterRef("region"), year=OuterRef("year")
    )
    newer = beside.filter(basis=OuterRef("basis"), pk__gt=OuterRef("pk"))
    of_a_basis = beside.exclude(basis="")
    at_level = Q()
    for level in {one.reported_at for one in indicators if one.reported_at}:
        some = [one.pk for one in indicators if one.reported_at == level]
        at_level |= Q(indicator__in=some, region__level=level)
    rows = Observation.objects.figures()
    if not at_level:
        return rows.none()
    return rows.filter(
        at_level,
        ~Exists(newer),
        # 不适用 speaks of budget and actual alike, unless one of them says something itself.
        ~Q(basis="", status=_ABSENT) | ~Exists(of_a_basis),
        region__path__startswith=root.path,
        year__in=years,
    )


def rollups(
    indicators: Collection[Indicator], root: Region, years: Iterable[int]
) -> dict[tuple[int, str, int], list[RolledUp]]:
    """Return the roll-ups of a region and of every place between it and the sources.

    Keyed by indicator id, path and year; one for each basis, the preferred first (most sources,
    then what was spent before what was planned). Two queries, however many places and years.
    """
    some = [one for one in indicators if one.roll_up != Indicator.RollUp.NONE and one.reported_at]
    years = list(years)
    if not some or not years:
        return {}
    expected = _expected({one.reported_at for one in some}, root)
    return _results(some, _folded(_grouped(some, root, years), root), expected, years)


def rollups_of(
    indicator: Indicator,
    root: Region,
    places: Iterable[Region],
    rows: Iterable[Counted],
    years: Iterable[int],
) -> dict[tuple[int, str, int], list[RolledUp]]:
    """Return the same as `rollups` from rows of the reporting places that were read already."""
    if indicator.roll_up == Indicator.RollUp.NONE or not indicator.reported_at:
        return {}
    above = {one.pk: one.path[:-DIGITS] for one in places if one.level == indicator.reported_at}
    expected: dict[tuple[str, str], int] = defaultdict(int)
    for path in above.values():
        for one in _up_to(root, path):
            expected[indicator.reported_at, one] += 1
    newest: dict[tuple[int, int, str], Counted] = {}
    for row in rows:
        key = (row.region_id, row.year, row.basis)
        if row.region_id not in above:
            continue
        if key not in newest or newest[key].pk < row.pk:
            newest[key] = row
    of_a_basis = {(place, year) for place, year, basis in newest if basis}
    together: dict[tuple[str, int, str], list[Counted]] = defaultdict(list)
    for (place, year, basis), row in newest.items():
        if not basis and row.status == _ABSENT and (place, year) in of_a_basis:
            continue
        together[above[place], year, basis].append(row)
    grouped = ((indicator.pk, *key, *_summed(some)) for key, some in together.items())
    return _results([indicator], _folded(grouped, root), expected, list(years))


def _summed(rows: list[Counted]) -> tuple[Any, ...]:
    """Return what sources make together, as `_grouped` gives it."""
    known = [one for one in rows if one.value is not None]
    series = [one.series for one in known]
    tops = [one.numerator for one in known if one.numerator is not None]
    bottoms = [one.denominator for one in known if one.denominator is not None]
    absent = sum(one.status == _ABSENT for one in rows)
    return (
        sum(tops) if tops else None,
        sum(bottoms) if bottoms else None,
        sum(one.value for one in known if one.value is not None) if known else None,
        len(known),
        sum(one.value > 0 for one in known if one.value is not None),
        min(series, default=None),
        max(series, default=None),
        absent,
    )


def _results(
    indicators: Collection[Indicator],
    folded: _Folded,
    expected: Mapping[tuple[str, str], int],
    years: Collection[int],
) -> dict[tuple[int, str, int], list[RolledUp]]:
    """Return every place's roll-ups by basis, the preferred first; a place without any has one."""
    by_id = {one.pk: one for one in indicators}
    sums, absent = folded
    found: dict[tuple[int, str, int], list[RolledUp]] = defaultdict(list)
    for (pk, path, year, basis), one in sums.items():
        indicator = by_id[pk]
        if not one.reported:
            continue
        found[pk, path, year].append(
            RolledUp(
                indicator=indicator,
                path=path,
                year=year,
                basis=basis,
                numerator=_exact(one.numerator, 4),
                denominator=_exact(one.denominator, 4),
                total=_exact(one.total, 6),
                reported=one.reported,
                yes=one.yes,
                expected=expected[indicator.reported_at, path]
                - _left_out(absent, pk, path, year, basis),
                mixed=one.first != one.last,
            )
        )
    for pk, indicator in by_id.items():
        for (level, path), count in expected.items():
            if level != indicator.reported_at:
                continue
            for year in years:
                if (pk, path, year) not in found:
                    out = max(_left_out(absent, pk, path, year, one) for one in BASIS_ORDER)
                    found[pk, path, year] = [nothing(indicator, path, year, count - out)]
    for some_of_one in found.values():
        some_of_one.sort(key=lambda one: (-one.reported, BASIS_ORDER[one.basis]))
    return dict(found)


def _left_out(absent: Mapping[_Basis, int], pk: int, path: str, year: int, basis: str) -> int:
    """Return how many sources are 不适用 to a basis: those that say so of it, or of any."""
    return sum(absent.get((pk, path, year, one), 0) for one in {"", basis})


def _exact(total: Decimal | None, places: int) -> Decimal | None:
    """Return a sum with the decimals of its column: SQLite adds in binary."""
    return None if total is None else round(total, places)


def nothing(indicator: Indicator, path: str, year: int, expected: int) -> RolledUp:
    """Return the roll-up of a place of which no source has a value."""
    return RolledUp(indicator, path, year, "", None, None, None, 0, 0, expected, False)


def _grouped(
    indicators: Collection[Indicator], root: Region, years: Collection[int]
) -> Iterable[tuple[Any, ...]]:
    """Return the sums of the sources by the place right above them, year and basis (one query)."""
    measured = Q(status=Observation.Status.MEASURED)
    grouped: Iterable[tuple[Any, ...]] = (
        sources(indicators, root, years)
        .filter(~Q(region=root.pk))
        .annotate(above=Left("region__path", Length("region__path") - DIGITS))
        .values_list("indicator", "above", "year", "basis")
        .annotate(
            top=Sum("numerator"),
            bottom=Sum("denominator"),
            total=Sum("value"),
            known=Count("id", filter=measured),
            yes=Count("id", filter=Q(value__gt=0)),
            first=Min("series", filter=measured),
            last=Max("series", filter=measured),
            without=Count("id", filter=Q(status=_ABSENT)),
        )
        .order_by()
    )
    return grouped


def _up_to(root: Region, path: str) -> Iterable[str]:
    """Return a path and those above it, from the root down."""
    return (path[:end] for end in range(len(root.path), len(path) + 1, DIGITS))


def _folded(grouped: Iterable[tuple[Any, ...]], root: Region) -> _Folded:
    """Return the sums of every place up to the root, and how many sources are 不适用, by basis."""
    sums: dict[_Basis, _Sums] = defaultdict(_Sums)
    absent: dict[_Basis, int] = defaultdict(int)
    for pk, above, year, basis, *figures, without in grouped:
        one = _Sums(*figures)
        for path in _up_to(root, above):
            sums[pk, path, year, basis].add(one)
            absent[pk, path, year, basis] += without
    return sums, absent


def _expected(levels: Collection[str], root: Region) -> dict[tuple[str, str], int]:
    """Return how many places of a level there are below each place (one query)."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    counted = (
        Region.objects.filter(level__in=levels, path__startswith=root.path)
        .exclude(pk=root.pk)
        .annotate(above=Left("path", Length("path") - DIGITS))
        .values_list("level", "above")
        .annotate(Count("id"))
        .order_by()
    )
    for level, above, count in counted:
        for path in _up_to(root, above):
            found[level, path] += count
    return found
