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
from typing import TYPE_CHECKING, Any

from tests.bench._country import BATCH, scratch_database, settled
from tests.bench._indicator_sql import GRID, GRID_TOTALS, INSERT, JUMPS, ROLLED_UP, SERIES, STANDING

if TYPE_CHECKING:
    from departments.models import Region, User
    from indicators.models import Indicator
    from indicators.services import Given

TITLE = "values of indicators / the same by SQL written by hand"
PROVINCES, CITIES, COUNTIES = 31, 333, 2844  # with the nation 3,209 places
WRITTEN, EARLIER, NEW = 1000, range(2010, 2016), range(2016, 2026)
REPEATS = 7
HEAD = ["what", "size", "portal", "SQL", "ratio", "queries", "queries of a tenth"]


def rows() -> list[list[str]]:
    """Measure each; the queries must be as many for each size."""
    with scratch_database():
        place = _Place()
        written = _writing(place)
        place.values(NEW)
        return [HEAD, written, _series(place), _rolled_up(place), _grid(place)]


# --- The country ---------------------------------------------------------------------------
class _Place:
    """A nation of provinces, cities and counties, its office, and an indicator with values."""

    def __init__(self) -> None:
        from departments.models import Membership, Region, User
        from indicators.services import ensure_catalogue

        self.nation = Region.objects.create(
            code="700000", name="全国（测速）", level="nation", path="700000"
        )
        self.provinces = self._below([self.nation], "province", PROVINCES, 710_000)
        self.cities = self._below(self.provinces, "city", CITIES, 720_000)
        self.counties = self._below(self.cities, "county", COUNTIES, 730_000)
        self.office: User = User.objects.create(username="bench-office", name="全国纲要办")
        Membership.objects.create(user=self.office, role="office", region=self.nation)
        self.indicator: Indicator = ensure_catalogue()["funding_per_capita"]
        self._people()
        self.values(EARLIER)

    def _below(self, above: list[Region], level: str, count: int, first: int) -> list[Region]:
        from departments.models import Region

        return Region.objects.bulk_create(
            (
                Region(
                    code=str(first + one),
                    name=f"第{first + one}",
                    level=level,
                    parent=above[one % len(above)],
                    path=f"{above[one % len(above)].path}{first + one}",
                )
                for one in range(count)
            ),
            BATCH,
        )

    def values(self, years: range) -> None:
        """Set down the verified values of all counties."""
        from indicators.models import Observation

        Observation.objects.bulk_create(
            (
                Observation(
                    indicator=self.indicator,
                    region=region,
                    year=year,
                    state="verified",
                    basis="actual",
                    office=self.nation,
                    entered_by=self.office,
                    source="年鉴",
                    **_value(self.indicator, number, year),
                )
                for number, region in enumerate(self.counties)
                for year in years
            ),
            BATCH,
        )
        settled()

    def _people(self) -> None:
        from indicators.models import Population

        Population.objects.bulk_create(
            (
                Population(
                    region=region, year=year, basis="resident", persons=_people(number, year)
                )
                for number, region in enumerate(self.counties)
                for year in [*EARLIER, *NEW]
            ),
            BATCH,
        )

    def given(self, places: int) -> list[Given]:
        """Return new values, ten years of so many counties; every thousandth asks a question."""
        from indicators.services import Given

        return [
            Given(
                self.indicator,
                region,
                year,
                {
                    **_parts(number, year, odd=number % 100 == 7 and year == NEW[-1]),
                    "denominator_basis": "resident",
                    "source": "年鉴",
                },
                basis="actual",
            )
            for number, region in enumerate(self.counties[:places])
            for year in NEW
        ]


def _people(number: int, year: int) -> int:
    return 300_000 + 100 * number + 500 * (year - 2010)


def _parts(number: int, year: int, *, odd: bool = False) -> dict[str, Any]:
    spent = _people(number, year) * (100 + number % 7 + year - 2010) * (3 if odd else 1)
    return {"numerator": Decimal(spent) / 100, "denominator": Decimal(_people(number, year))}


def _value(indicator: Indicator, number: int, year: int) -> dict[str, Any]:
    parts = _parts(number, year)
    return {
        **parts,
        "denominator_basis": "resident",
        "value": round(indicator.ratio(parts["numerator"], parts["denominator"]), 6),
    }


# --- Measuring -----------------------------------------------------------------------------
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
    times = [(timed(ours), timed(bare)) for _repeat in range(REPEATS)]
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
def _writing(place: _Place) -> list[str]:
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


def _write_by_hand(place: _Place, columns: list[list[Any]]) -> None:
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


def _series(place: _Place) -> list[str]:
    """Read the values of one indicator in one county, as its page and its series want them."""
    from indicators.models import Observation
    from indicators.selectors import series_of
    from indicators.selectors.counted import counted

    def ours(last: int = NEW[-1]) -> list[tuple[Any, ...]]:
        rows = (
            Observation.objects.visible_to(place.office)
            .counting()
            .of_whole_region()
            .filter(indicator=place.indicator, region=place.counties[0], year__lte=last)
            .order_by("year", "id")
        )
        series = series_of(counted(rows, {place.indicator.pk: place.indicator}), last)
        return [(one.year, one.value, one.low, one.high) for one in series.points]

    def bare() -> list[tuple[Any, ...]]:
        return [
            (*row, None, None)
            for row in _fetched(
                SERIES,
                indicator=place.indicator.pk,
                region=place.counties[0].pk,
                last=NEW[-1],
                here=f"{place.nation.path}%",
            )
        ]

    _same(ours(), bare())
    size = f"{len(ours())} years"
    return _line("series of a county", size, ours, bare, lambda: ours(EARLIER[0]))


def _rolled_up(place: _Place) -> list[str]:
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


def _grid(place: _Place) -> list[str]:
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
        [(one.region.code, cell.year, cell.value) for one in found.places for cell in one.cells],
        cells,
    )
    rolled = [one.rolled for one in found.whole if one.rolled is not None]
    _same(
        [(one.year, one.basis, one.numerator, one.denominator, one.reported) for one in rolled],
        totals,
    )
    size = f"{len(found.places)} counties × {len(NEW)} years"
    return _line("grid of a province", size, ours, bare, lambda: ours(NEW[:1]))
