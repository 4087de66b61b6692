"""Roll-up: a whole is what its parts are, whatever the way up; what is missing is counted."""

from collections.abc import Callable
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from departments.models import Region
from indicators.models import Indicator, Observation
from indicators.selectors.below import below
from indicators.selectors.counted import counted
from indicators.selectors.rollup import RolledUp, rollups, rollups_of
from tests.cast import Cast

Verified = Callable[..., Any]
_codes = count(700000)


def place(level: str, parent: Region | None) -> Region:
    code = str(next(_codes))
    path = (parent.path if parent else "") + code
    return Region.objects.create(code=code, name=code, level=level, parent=parent, path=path)


@pytest.fixture
def province(cast: Cast) -> Region:
    """A province with two cities of two counties each, and a county right below it."""
    top = place("province", None)
    for _city in range(2):
        city = place("city", top)
        place("county", city)
        place("county", city)
    place("county", top)
    return top


def counties(top: Region) -> list[Region]:
    return list(Region.objects.filter(level="county", path__startswith=top.path).order_by("path"))


def one(indicator: Indicator, at: Region, year: int = 2020, top: Region | None = None) -> RolledUp:
    return rollups([indicator], top or at, [year])[indicator.pk, at.path, year][0]


def put(indicator: Indicator, region: Region, top: int, bottom: int, **more: Any) -> Observation:
    fields = {
        "year": 2020,
        "state": "verified",
        "value": indicator.ratio(Decimal(top), Decimal(bottom)),
        "numerator": top,
        "denominator": bottom,
    }
    return Observation.objects.create(indicator=indicator, region=region, **{**fields, **more})


def test_a_ratio_is_the_sum_of_numerators_by_the_sum_of_denominators(
    cast: Cast, province: Region
) -> None:
    places = counties(province)
    for number, county in enumerate(places, 1):
        put(cast.funding_per_capita, county, 100 * number, 100 if number < 5 else 10_000)
    told = one(cast.funding_per_capita, province)
    assert told.value == round(Decimal(1500) / 10_400, 6), "never the mean of 1, 2, 3, 4 and 0.05"
    assert (told.reported, told.expected, told.complete) == (5, 5, True)
    assert one(cast.funding_per_capita, places[0].parent).value == Decimal("1.5")


def test_what_is_missing_is_counted_and_never_nought(cast: Cast, province: Region) -> None:
    put(cast.funding_per_capita, counties(province)[0], 200, 100)
    told = one(cast.funding_per_capita, province)
    assert (told.value, told.reported, told.missing, told.complete) == (2, 1, 4, False)
    empty = one(cast.funding_per_capita, province, 2019)
    assert (empty.value, empty.missing) == (None, 5)


def test_a_place_to_which_it_does_not_apply_is_not_missing(
    cast: Cast, province: Region, verified: Verified
) -> None:
    first, *others = counties(province)
    for county in others:
        put(cast.funding_per_capita, county, 200, 100)
    verified(cast.funding_per_capita, first, 2020, None)
    assert one(cast.funding_per_capita, province).missing == 1
    Observation.objects.filter(region=first).update(status="not_applicable")
    told = one(cast.funding_per_capita, province)
    assert (told.missing, told.expected, told.complete) == (0, 4, True)


def test_a_place_is_left_out_of_that_to_which_it_says_it_does_not_apply(
    cast: Cast, province: Region, verified: Verified
) -> None:
    first, second, third, *others = counties(province)
    for county in (first, second, *others):
        put(cast.funding_per_capita, county, 200, 100, basis="actual")
    blank = {"status": "not_applicable", "note": "没有这项经费"}
    for place, basis in ((first, "budget"), (third, "budget"), (third, "actual"), (third, "")):
        row = verified(cast.funding_per_capita, place, 2020, None, basis=basis)
        Observation.objects.filter(pk=row.pk).update(**blank)
    told = one(cast.funding_per_capita, province)
    assert (told.basis, told.reported, told.expected, told.complete) == ("actual", 4, 4, True)
    page = below(cast.funding_per_capita, province, [2020])
    assert page.whole[0].rolled == told, "however it is read"
    Observation.objects.filter(region=third).exclude(basis="").delete()
    assert one(cast.funding_per_capita, province) == told, "不适用 to money is so to all of it"


def test_budget_and_actual_are_never_added(cast: Cast, province: Region) -> None:
    first, second, *_others = counties(province)
    put(cast.funding_per_capita, first, 100, 100, basis="budget")
    put(cast.funding_per_capita, first, 300, 100, basis="actual")
    put(cast.funding_per_capita, second, 500, 100, basis="budget")
    found = rollups([cast.funding_per_capita], province, [2020])
    both = found[cast.funding_per_capita.pk, province.path, 2020]
    assert [(row.basis, row.value, row.reported) for row in both] == [
        ("budget", 3, 2),
        ("actual", 3, 1),
    ]


def test_of_two_series_of_a_place_the_newer_counts_and_mixing_is_told(
    cast: Cast, province: Region
) -> None:
    first, second, *_others = counties(province)
    put(cast.funding_per_capita, first, 100, 100)
    put(cast.funding_per_capita, first, 100, 50, series="普查修订数")
    put(cast.funding_per_capita, second, 100, 50)
    told = one(cast.funding_per_capita, province)
    assert (told.value, told.reported, told.mixed) == (2, 2, True)


def test_a_share_is_how_many_of_all_answer_yes(
    cast: Cast, province: Region, verified: Verified
) -> None:
    first, second, *_others = counties(province)
    verified(cast.venue_coverage, first, 2020, "100")
    verified(cast.venue_coverage, second, 2020, "0")
    told = one(cast.venue_coverage, province)
    assert (told.yes, told.reported, told.expected, told.value) == (1, 2, 5, 20)


def test_a_superseded_or_unchecked_row_never_counts(cast: Cast, province: Region) -> None:
    county = counties(province)[0]
    old = put(cast.funding_per_capita, county, 900, 100)
    new = put(cast.funding_per_capita, county, 100, 100, state="submitted")
    assert one(cast.funding_per_capita, province).value == 9
    old.superseded_by = new
    old.save()
    assert one(cast.funding_per_capita, province).value is None
    Observation.objects.filter(pk=new.pk).update(state="verified")
    assert one(cast.funding_per_capita, province).value == 1


def test_values_of_a_unit_a_group_or_a_quarter_are_no_sources(cast: Cast, province: Region) -> None:
    county = counties(province)[0]
    put(cast.funding_per_capita, county, 9, 1, population_group="rural")
    put(cast.funding_per_capita, county, 9, 1, part="Q1")
    put(cast.funding_per_capita, county, 9, 1, department=cast.finance)
    assert one(cast.funding_per_capita, province).value is None


def test_a_citys_own_value_is_beside_its_counties_not_among_them(
    cast: Cast, province: Region
) -> None:
    city = counties(province)[0].parent
    put(cast.funding_per_capita, city, 9_000, 100)
    put(cast.funding_per_capita, counties(province)[0], 100, 100)
    assert one(cast.funding_per_capita, province).value == 1


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.none() | st.tuples(st.integers(0, 10**6), st.integers(1, 10**6)),
        min_size=5,
        max_size=5,
    ),
    st.randoms(use_true_random=False),
)
def test_a_partition_makes_the_whole_and_the_order_of_arrival_does_not_matter(
    cast: Cast, province: Region, figures: list[tuple[int, int] | None], chance: Any
) -> None:
    Observation.objects.filter(region__path__startswith=province.path).delete()
    arriving = list(zip(counties(province), figures, strict=True))
    chance.shuffle(arriving)
    for county, figure in arriving:
        if figure is not None:
            put(cast.funding_per_capita, county, *figure)
    found = rollups([cast.funding_per_capita], province, [2020])
    whole = found[cast.funding_per_capita.pk, province.path, 2020][0]
    known = [figure for figure in figures if figure is not None]
    assert whole.numerator == (sum(top for top, _ in known) if known else None)
    assert whole.denominator == (sum(bottom for _, bottom in known) if known else None)
    parts = [
        found[cast.funding_per_capita.pk, city.path, 2020][0]
        for city in Region.objects.filter(parent=province, level="city")
    ]
    alone = [figure for county, figure in arriving if county.parent_id == province.pk and figure]
    tops = sum(row.numerator or 0 for row in parts) + sum(top for top, _ in alone)
    assert (whole.numerator or 0) == tops
    assert whole.reported == sum(row.reported for row in parts) + len(alone)
    assert whole.expected == sum(row.expected for row in parts) + 1


def test_rows_at_hand_make_the_same_as_the_databases_sums(
    cast: Cast, province: Region, verified: Verified
) -> None:
    first, second, third, fourth, _fifth = counties(province)
    put(cast.funding_per_capita, first, 100, 50)
    put(cast.funding_per_capita, first, 100, 40, series="普查修订数")
    put(cast.funding_per_capita, second, 300, 70, basis="actual")
    put(cast.funding_per_capita, second, 290, 70, basis="budget")
    verified(cast.funding_per_capita, third, 2020, None)
    verified(cast.funding_per_capita, fourth, 2020, None)
    Observation.objects.filter(region=fourth).update(status="not_applicable")
    of = {cast.funding_per_capita.pk: cast.funding_per_capita}
    rows = counted(of)
    here = [row for row in rows if row.region_id in {one.pk for one in counties(province)}]
    mine = rollups_of(cast.funding_per_capita, province, counties(province), here, [2019, 2020])
    assert mine == rollups([cast.funding_per_capita], province, [2019, 2020])


def test_many_places_and_years_cost_as_many_queries_as_few(cast: Cast, province: Region) -> None:
    def asked(top: Region, years: range) -> int:
        with CaptureQueriesContext(connection) as seen:
            rollups([cast.funding_per_capita, cast.venue_coverage], top, years)
        return len(seen)

    few = asked(cast.city_a, range(2020, 2021))
    for county in counties(province):
        put(cast.funding_per_capita, county, 1, 1)
    assert asked(province, range(2010, 2021)) == few == 2
