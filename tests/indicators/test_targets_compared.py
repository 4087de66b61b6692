"""What a target is compared with: which places, budget or actual, which unit, what one may see."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from departments.models import Region, User
from indicators.models import Indicator, Observation, Target
from indicators.selectors import TargetView, plan_targets
from indicators.selectors.below import below
from indicators.selectors.sheets import table_c
from indicators.services import add_target, change_target
from tests.cast import Cast
from tests.indicators.given import view_of

Verified = Callable[..., Any]


# --- Places below --------------------------------------------------------------------------
def of_the_province(cast: Cast, name: str, scope: str, **more: Any) -> Callable[[], TargetView]:
    """Give a target to the province, which has a county right below it too."""
    cast.plan.region = cast.province
    cast.plan.save()
    Region.objects.create(
        code="980901", name="直管县", level="county", parent=cast.province,
        path=f"{cast.province.path}980901",
    )  # fmt: skip
    Target.objects.filter(pk=getattr(cast, name).pk).update(scope=scope, **more)
    return lambda: view_of(cast, name, 2024)


def test_a_share_of_counties_in_a_province_is_of_its_counties_not_its_cities(
    cast: Cast, verified: Verified
) -> None:
    view = of_the_province(cast, "venues", "share_of_children", operator="gte", value=60)
    direct = Region.objects.get(code="980901")
    for place, value in ((cast.county_a1, "100"), (cast.county_a2, "0"), (direct, "100")):
        verified(cast.venue_coverage, place, 2024, value)
    assert (view().met, view().measured, view().total) == (2, 3, 3)
    assert view().attainment.code == "met"
    page = below(cast.venue_coverage, cast.province, [2024], target=view().target)
    assert page.total == view().total, "the page of places counts the same ones"


def test_each_county_of_a_province_keeps_a_promise_or_not(cast: Cast, verified: Verified) -> None:
    view = of_the_province(cast, "funding", "each_child", operator="gte", value=1)
    direct = Region.objects.get(code="980901")
    for place, value in ((cast.county_a1, "2"), (cast.county_a2, "2"), (direct, "0.5")):
        verified(cast.funding_per_capita, place, 2024, value)
    page = below(cast.funding_per_capita, cast.province, [2024], target=view().target)
    assert (view().met, view().total) == (page.met, page.total) == (2, 3)
    assert view().attainment.code == "behind"


@pytest.mark.parametrize("scope", ["each_child", "share_of_children"])
def test_a_place_to_which_an_indicator_does_not_apply_is_not_counted(
    cast: Cast, verified: Verified, scope: str
) -> None:
    more = {"operator": "gte", "value": 100}
    Target.objects.filter(pk=cast.venues.pk).update(scope=scope, **more)
    verified(cast.venue_coverage, cast.county_a1, 2024, "100")
    verified(cast.venue_coverage, cast.county_a2, 2022, "0")
    row = verified(cast.venue_coverage, cast.county_a2, 2024, None)
    assert view_of(cast, "venues", 2024).attainment.code != "met", "未测 is not 不适用"
    Observation.objects.filter(pk=row.pk).update(status="not_applicable")
    view = view_of(cast, "venues", 2024)
    assert (view.attainment.code, view.figure) == ("met", "1 / 1")
    assert view.attainment.sentence.endswith("另有 1 个不适用，不计入。")
    page = below(cast.venue_coverage, cast.city_a, [2024], target=view.target)
    assert (page.total, page.measured, page.missing) == (1, 1, [])


def test_a_county_right_below_a_province_shows_its_own_value(
    cast: Cast, verified: Verified
) -> None:
    of_the_province(cast, "literacy", "self")
    direct = Region.objects.get(code="980901")
    verified(cast.literacy_ratio, direct, 2024, "9.5")
    (place,) = [
        one
        for one in below(cast.literacy_ratio, cast.province, [2024]).places
        if one.region == direct
    ]
    assert (place.is_source, place.cells[0].number) == (True, "9.50")


# --- Ways of counting ----------------------------------------------------------------------
def test_what_was_planned_is_not_compared_with_what_was_spent(
    cast: Cast, verified: Verified
) -> None:
    for year, value in ((2021, "1"), (2022, "1.1"), (2023, "1.2")):
        verified(cast.funding_per_capita, cast.city_a, year, value, basis="actual")
    verified(cast.funding_per_capita, cast.city_a, 2024, "1.8", basis="budget")
    Target.objects.filter(pk=cast.funding.pk).update(every_year=False, operator="gte", value=3)
    view = view_of(cast, "funding", 2024)
    assert view.attainment.pace is not None
    assert view.attainment.pace.had is None
    assert "平均" not in view.attainment.sentence


def test_a_number_goes_before_a_note_that_there_is_none(cast: Cast, verified: Verified) -> None:
    verified(cast.funding_per_capita, cast.city_a, 2024, "1.8", basis="budget")
    verified(cast.funding_per_capita, cast.city_a, 2024, None, basis="actual")
    assert [one.value for one in view_of(cast, "funding", 2024).points] == [Decimal("1.8")]


def test_the_places_together_are_not_compared_with_the_regions_own_ratio(
    cast: Cast, verified: Verified
) -> None:
    verified(cast.funding_per_capita, cast.city_a, 2022, "0.5")
    for place in (cast.county_a1, cast.county_a2):
        verified(
            cast.funding_per_capita, place, 2024, "2",
            numerator=Decimal(2000), denominator=Decimal(1000),
        )  # fmt: skip
    Target.objects.filter(pk=cast.funding.pk).update(every_year=False, operator="gte", value=3)
    view = view_of(cast, "funding", 2024)
    assert [one.value for one in view.points] == [Decimal("0.5"), 2]
    assert view.attainment.pace is not None
    assert view.attainment.pace.had is None


# --- Units and rounding --------------------------------------------------------------------
def test_a_target_in_a_multiple_of_the_indicators_unit_is_compared_in_that_unit(
    cast: Cast, verified: Verified
) -> None:
    people = Indicator.objects.create(code="people", name="人次", unit="人次", kind="increment")
    asked = {"operator": "gte", "value": Decimal(3), "unit": "万人次", "quote": "3 万人次以上"}
    target = add_target(cast.plan, people, asked, by=cast.office)
    verified(people, cast.city_a, 2024, "12000")
    (view,) = [one for one in plan_targets(cast.plan, 2024) if one.target == target]
    assert (view.attainment.code, view.words) == ("far_behind", "达到 30000 人次")
    fresh = change_target(target, {"value": Decimal(1), "unit": "万人次"}, "调整", by=cast.office)
    assert (fresh.value, fresh.unit) == (10000, "人次")


def test_a_value_that_is_not_met_never_looks_as_if_it_were(cast: Cast, verified: Verified) -> None:
    Target.objects.filter(pk=cast.funding.pk).update(operator="gte", value=10)
    row = verified(cast.funding_per_capita, cast.city_a, 2024, "9.99996")
    view = view_of(cast, "funding", 2024)
    assert view.attainment.code == "behind"
    assert "2024 年为 9.99996 元" in view.attainment.sentence
    assert "差 0.00004 元" in view.attainment.sentence
    assert row.number == "9.99996"


def test_how_much_is_done_of_what_should_be_less_is_not_told(
    cast: Cast, verified: Verified
) -> None:
    Target.objects.filter(pk=cast.funding.pk).update(operator="lte", value=10)
    Indicator.objects.filter(pk=cast.funding_per_capita.pk).update(kind="increment")
    verified(cast.funding_per_capita, cast.city_a, 2024, "20")
    table = table_c(cast.office, cast.plan, date(2024, 12, 31))
    assert {row.rate for row in table.rows if row.target == cast.funding} == {"—"}


def test_who_looks_from_below_sees_no_sum_of_the_places_beside(
    cast: Cast, verified: Verified
) -> None:
    Target.objects.filter(pk=cast.funding.pk).update(scope="self")
    verified(
        cast.funding_per_capita, cast.county_a2, 2024, "2",
        numerator=Decimal(2000), denominator=Decimal(1000),
    )  # fmt: skip
    (mine,) = [r for r in table_c(cast.office, cast.plan, date(2024, 12, 31)).rows
               if r.target == cast.funding]  # fmt: skip
    assert mine.others == {2024: "2.00（汇总，缺 1）"}
    cast.double_liaison.delete()
    county = User.objects.get(pk=cast.double.pk)
    assert county.acting.region == cast.county_a1
    (theirs,) = [r for r in table_c(county, cast.plan, date(2024, 12, 31)).rows
                 if r.target == cast.funding]  # fmt: skip
    assert theirs.others == {}
