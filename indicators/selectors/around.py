"""What stands around a value: the row of its key, other years, its parts, the population.

Read for many values at once; the number of queries never depends on how many.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.db.models import Count, Sum

from departments.models import Region
from indicators.checking import PARTITIONS, Around, Asked, Neighbour, questions
from indicators.models import Indicator, Observation, Population

Key = tuple[Any, ...]
Columns = tuple[Any, ...]  # of _COLUMNS
_COLUMNS = (
    "indicator_id",
    "region_id",
    "year",
    "part",
    "department_id",
    "population_group",
    "basis",
    "series",
    "value",
    "numerator",
    "denominator",
    "denominator_basis",
)
_columns_of = attrgetter(*_COLUMNS)


def standing(
    keys: Sequence[Key], *, lock: bool = False
) -> tuple[dict[Key, Observation], dict[Key, Observation]]:
    """Return the open row and the counting row of each key that has one (one query)."""
    wanted = set(keys)
    if not wanted:
        return {}, {}
    rows = Observation.objects.filter(
        indicator__in={one[0] for one in wanted},
        region__in={one[1] for one in wanted},
        year__in={one[2] for one in wanted},
        superseded_by__isnull=True,
    ).order_by("pk")  # whoever locks several takes them in the same order
    if lock:
        rows = rows.select_for_update(of=("self",))
    open_rows: dict[Key, Observation] = {}
    counting: dict[Key, Observation] = {}
    for row in rows:
        if row.key in wanted:
            (counting if row.state == Observation.State.VERIFIED else open_rows)[row.key] = row
    return open_rows, counting


def asked_about(rows: Sequence[Observation]) -> dict[int, list[Asked]]:
    """Return what should be asked about each row, by its id (at most four queries).

    Compared are verified values and, among themselves, the rows given.
    """
    rows = [one for one in rows if one.value is not None]
    if not rows:
        return {}
    columns = [_columns_of(one) for one in rows]
    around = _Surroundings(rows, columns)
    return {
        one.pk: questions(one.indicator, one, around.of(one, of_one))
        for one, of_one in zip(rows, columns, strict=True)
    }


class _Surroundings:
    """Everything that is needed to look around a set of rows, read at once."""

    def __init__(self, rows: Sequence[Observation], columns: Sequence[Columns]) -> None:
        self.years: dict[Key, dict[int, list[Neighbour]]] = defaultdict(dict)
        self.parts: dict[Key, dict[Any, Neighbour]] = defaultdict(dict)
        self._read(rows)
        self._keep(columns)
        self.order = {base: sorted(years) for base, years in self.years.items()}
        self.below = _below(rows)
        self.populations = _populations(rows)

    def _read(self, rows: Sequence[Observation]) -> None:
        stored = (
            Observation.objects.counting()
            .filter(
                indicator__in={one.indicator_id for one in rows},
                region__in={one.region_id for one in rows},
                value__isnull=False,
            )
            .order_by()
            .values_list(*_COLUMNS)
        )
        self._keep(stored.iterator(chunk_size=5000))

    def _keep(self, found: Iterable[Columns]) -> None:
        for row in found:
            indicator, region, year, part, department, group, basis, series = row[:8]
            one = Neighbour(year, row[8], row[9], row[10], series, row[11])
            years = self.years[indicator, region, part, department, group, basis]
            # Of one series, that which is given goes before that which is stored.
            others = years.get(year, ())
            years[year] = [one, *(other for other in others if other.series != series)]
            if department is not None or group:
                self.parts[indicator, region, year, part, basis, series][department, group] = one

    def of(self, row: Observation, columns: Columns) -> Around:
        """Return what is around a row; `columns` are its own, read once."""
        indicator, region, year, part, department, group, basis, series = columns[:8]
        base = indicator, region, part, department, group, basis
        years, order = self.years[base], self.order[base]
        at = bisect_left(order, year)
        population = self.populations.get(
            (region, row.denominator_year or year, row.denominator_basis, series)
        )
        is_whole = department is None and not group
        return Around(
            before=_nearest(years, reversed(order[:at]), series),
            after=_nearest(years, order[at + 1 :], series),
            parts=self._parts_of((indicator, region, year, part, basis, series))
            if is_whole
            else {},
            population=population,
        )

    def _parts_of(self, whole: Key) -> dict[str, Any]:
        """Return the sums that a whole is compared with."""
        found: dict[str, Any] = {}
        if (parts := self.parts.get(whole)) is not None:
            departments = [one for (unit, group), one in parts.items() if unit and not group]
            if departments:
                found["departments"] = _summed(departments, complete=False)
            for name, groups in PARTITIONS.items():
                some = [parts[None, one] for one in groups if (None, one) in parts]
                if len(some) == len(groups):
                    found[name] = _summed(some, complete=True)
        if whole in self.below:
            found["below"] = self.below[whole]
        return found


def _nearest(
    years: Mapping[int, Sequence[Neighbour]], order: Iterable[int], series: str
) -> Neighbour | None:
    """Return the nearest value of the same series, else the nearest of any."""
    other: Neighbour | None = None
    for year in order:
        for one in years[year]:
            if one.series == series:
                return one
            other = other or one
    return other


def _summed(
    parts: Sequence[Neighbour], *, complete: bool
) -> tuple[Decimal | None, Decimal | None, Decimal | None, bool]:
    def total(values: Iterable[Decimal | None]) -> Decimal | None:
        known = list(values)
        return None if None in known else sum((one for one in known if one is not None), Decimal(0))

    return (
        total(one.value for one in parts),
        total(one.numerator for one in parts),
        total(one.denominator for one in parts),
        complete,
    )


def _below(rows: Sequence[Observation]) -> dict[Key, Any]:
    """Return the sums of the regions right below, for values that add up (two queries)."""
    summed = [one for one in rows if one.indicator.roll_up == Indicator.RollUp.SUM]
    if not summed:
        return {}
    parents = {one.region_id for one in summed}
    children = dict(
        Region.objects.filter(parent__in=parents)
        .values_list("parent")
        .annotate(Count("id"))
        .order_by()
    )
    if not children:
        return {}
    found = (
        Observation.objects.counting()
        .of_whole_region()
        .filter(
            indicator__in={one.indicator_id for one in summed},
            region__parent__in=list(children),
            year__in={one.year for one in summed},
            value__isnull=False,
        )
        .values_list("indicator", "region__parent", "year", "part", "basis", "series")
        .annotate(Sum("value"), Count("id"))
        .order_by()
    )
    return {
        tuple(key): (total, None, None, count == children[key[1]]) for *key, total, count in found
    }


def _populations(rows: Sequence[Observation]) -> dict[Key, Decimal]:
    """Return the populations that are known of the rows' regions and years (one query)."""
    wanted = [one for one in rows if one.indicator.denominator_is_population]
    if not wanted:
        return {}
    found = Population.objects.filter(
        region__in={one.region_id for one in wanted},
        year__in={one.denominator_year or one.year for one in wanted},
    ).values_list("region", "year", "basis", "series", "persons")
    return {tuple(key): Decimal(persons) for *key, persons in found}
