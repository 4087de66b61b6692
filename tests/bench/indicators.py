"""Values of a country, each beside SQL written by hand that gives the same, on PostgreSQL.

Written: 10,000 values of 1,000 counties × 10 years through the service that every door uses, all
of them drafts with every question asked, beside one transaction of SQL: what stands under their
keys locked, each value compared with the year before and with the known population, then
INSERT … SELECT FROM unnest. Both commit, and the rows are compared.
Read: the series of one county with the values of twenty years, what 2,844 counties make together
in ten years at every level up to the nation, and the grid of a province's counties.
Seconds are medians in turn; the queries are of the full size and of a tenth.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterable
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from tests.bench._country import scratch_database, settled
from tests.bench._indicator_sql import (
    ALL_SERIES,
    GRID,
    GRID_TOTALS,
    INSERT,
    JUMPS,
    ROLLED_UP,
    SERIES,
    STANDING,
)
from tests.bench._values import CITIES, COUNTIES, EARLIER, NEW, PROVINCES, Place

if TYPE_CHECKING:
    from indicators.services import Given

TITLE = "values of indicators / the same by SQL written by hand"
WRITTEN = 1000  # places
REPEATS, MOST, ENOUGH = 7, 300, 3.0  # pairs at least and at most; seconds after which they do
# What pages show of a value, and of one in a cell.
SHOWN = attrgetter(
    "year", "value", "pk", "numerator", "denominator", "basis", "series", "margin", "sample_size",
    "design_effect", "source", "is_demo",
)  # fmt: skip
IN_CELL = attrgetter(
    "year", "value", "pk", "numerator", "denominator", "basis", "series", "source", "is_demo"
)
HEAD = ["what", "size", "portal", "SQL", "ratio", "queries", "queries of a tenth"]


def rows() -> list[list[str]]:
    """Measure each; the queries must be as many for each size."""
    with scratch_database():
        place = Place()
        written = _writing(place)
        place.values(NEW)
        return [
            HEAD,
            written,
            _series(place),
            _all_series(place),
            _rolled_up(place),
            _grid(place),
        ]


def _line(
    what: str,
    size: str,
    ours: Callable[[], Any],
    bare: Callable[[], Any],
    few: Callable[[], Any],
    after: Callable[[], Any] = lambda: None,
) -> list[str]:
    """Measure both in turn; `after` takes back what was written, outside the measured time."""

    def timed(deed: Callable[[], Any]) -> float:
        gc.collect()  # what the deed before left behind
        began = time.perf_counter()
        deed()
        seconds = time.perf_counter() - began
        after()
        return seconds

    timed(ours), timed(bare)  # both are warm
    began = time.perf_counter()
    times = []
    while len(times) < REPEATS or (len(times) < MOST and time.perf_counter() - began < ENOUGH):
        times.append((timed(ours), timed(bare)))
    mine, theirs = (statistics.median(column) for column in zip(*times, strict=True))
    full, tenth = _queries(ours, after), _queries(few, after)
    return [
        what,
        size,
        f"{mine * 1000:.1f} ms",
        f"{theirs * 1000:.1f} ms",
        f"{mine / theirs:.2f}",
        str(full),
        str(tenth),
    ]


def _queries(deed: Callable[[], Any], after: Callable[[], Any]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as found:
        deed()
    after()
    return len(found.captured_queries)


def _same(mine: Iterable[Any], theirs: Iterable[Any]) -> None:
    mine, theirs = list(mine), list(theirs)
    if mine != theirs:
        differ = next((pair for pair in zip(mine, theirs, strict=False) if pair[0] != pair[1]), "")
        raise RuntimeError(
            f"{len(mine)} and {len(theirs)} rows, other content: nothing to compare. {differ}"
        )


# --- Writing -------------------------------------------------------------------------------
def _writing(place: Place) -> list[str]:
    from indicators import services

    full, tenth = place.given(WRITTEN), place.given(WRITTEN // 10)
    columns = _columns(full)

    def ours() -> None:
        services.write(full, by=place.office)

    def bare() -> None:
        _write_by_hand(place, columns)

    ours()
    mine = _written()
    _take_back()
    bare()
    _same(mine, _written())
    _take_back()
    return _line(
        "values written",
        f"{len(full):,}",
        ours,
        bare,
        lambda: services.write(tenth, by=place.office),
        _take_back,
    )


def _columns(rows: Iterable[Given]) -> list[list[Any]]:
    """Return what is given as columns, as a writer by hand would hold them."""
    return [
        list(column)
        for column in zip(
            *(
                (one.region.pk, one.year, one.fields["numerator"], one.fields["denominator"])
                for one in rows
            ),
            strict=True,
        )
    ]


def _write_by_hand(place: Place, columns: list[list[Any]]) -> None:
    from django.db import connection, transaction

    known = {"indicator": place.indicator.pk, "jump": place.indicator.jump_percent}
    names = dict(zip(("regions", "years", "tops", "bottoms"), columns, strict=True))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(STANDING, {**names, **known})
        if cursor.fetchall():
            raise RuntimeError("there are rows already")
        cursor.execute(INSERT, {**names, **known, "office": place.nation.pk, "by": place.office.pk})
        cursor.execute(JUMPS, {**names, **known})


def _written() -> list[tuple[Any, ...]]:
    """Return what was written and what is asked about it, without ids and times."""
    from indicators.models import Observation, Question

    left_out = {"id", "created_at", "updated_at"}
    names = [one.attname for one in Observation._meta.concrete_fields if one.name not in left_out]
    drafts = Observation.objects.filter(state="draft").order_by("region", "year")
    asked = Question.objects.order_by("observation__region", "observation__year", "code")
    return [
        *drafts.values_list(*names),
        *asked.values_list("observation__region", "observation__year", "code", "told", "must_mend"),
    ]


def _take_back() -> None:
    from django.db import connection

    from indicators.models import Observation, Question

    Question.objects.all().delete()
    Observation.objects.filter(state="draft")._raw_delete("default")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM indicators_observation")


# --- Reading -------------------------------------------------------------------------------
def _fetched(sql: str, **names: Any) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, names)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _series(place: Place) -> list[str]:
    """Read the values of one indicator in one county, as its page and its series want them."""
    from indicators.selectors.targets import all_series

    wanted, here = {place.indicator.pk: place.indicator}, place.counties[0].pk

    def ours(last: int = NEW[-1]) -> list[Any]:
        series = all_series(wanted, [here], last)[place.indicator.pk, here]
        return series.rows

    def bare() -> list[tuple[Any, ...]]:
        return _fetched(SERIES, indicator=place.indicator.pk, region=here, last=NEW[-1])

    _same(map(SHOWN, ours()), bare())
    size = f"{len(ours())} years"
    return _line("series of a county", size, ours, bare, lambda: ours(EARLIER[0]))


def _all_series(place: Place) -> list[str]:
    """Read every series of a county, as a plan's table and the pages of a place want them."""
    from indicators.models import Indicator, Observation
    from indicators.selectors.targets import all_series

    some = {one.pk: one for one in Indicator.objects.exclude(pk=place.indicator.pk)[:40]}
    here = place.counties[0].pk
    Observation.objects.bulk_create(
        Observation(indicator=one, region_id=here, year=year, value=Decimal(year), state="verified")
        for one in some.values()
        for year in (*EARLIER, *NEW)
    )
    settled()

    def ours(last: int = NEW[-1]) -> Any:
        return all_series(some, [here], last)

    def bare() -> list[tuple[Any, ...]]:
        return _fetched(ALL_SERIES, region=here, indicators=list(some), last=NEW[-1])

    _same(
        sorted((pk, *SHOWN(row)) for (pk, _place), one in ours().items() for row in one.rows),
        bare(),
    )
    size = f"{len(some)} × {len(EARLIER) + len(NEW)} years"
    return _line("all series of a county", size, ours, bare, lambda: ours(EARLIER[0]))


def _rolled_up(place: Place) -> list[str]:
    from indicators.selectors.rollup import rollups

    def ours(years: Iterable[int] = NEW) -> Any:
        return rollups([place.indicator], place.nation, years)

    def bare() -> list[tuple[Any, ...]]:
        return _fetched(
            ROLLED_UP, indicator=place.indicator.pk, here=f"{place.nation.path}%", years=list(NEW)
        )

    _same(
        sorted(
            (path, year, one.basis, one.value, one.reported, one.expected)
            for (_indicator, path, year), some in ours().items()
            for one in some
        ),
        sorted(bare()),
    )
    places = 1 + PROVINCES + CITIES + COUNTIES
    size = f"{places:,} places × {len(NEW)} years"
    return _line("roll-up of the nation", size, ours, bare, lambda: ours(NEW[:1]))


def _grid(place: Place) -> list[str]:
    from indicators.selectors.below import below

    def ours(years: Iterable[int] = NEW) -> Any:
        return below(place.indicator, place.provinces[0], list(years), every=True)

    def bare() -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
        names = {
            "indicator": place.indicator.pk,
            "here": f"{place.provinces[0].path}%",
            "years": list(NEW),
        }
        return _fetched(GRID, **names), _fetched(GRID_TOTALS, **names)

    found = ours()
    cells, totals = bare()
    _same(
        [
            (one.region.code, *IN_CELL(cell.row))
            for one in found.places
            for cell in one.cells
            if cell.row is not None
        ],
        cells,
    )
    rolled = [one.rolled for one in found.whole if one.rolled is not None]
    _same(
        [(one.year, one.basis, one.numerator, one.denominator, one.reported) for one in rolled],
        totals,
    )
    size = f"{len(found.places)} counties × {len(NEW)} years"
    return _line("grid of a province", size, ours, bare, lambda: ours(NEW[:1]))
