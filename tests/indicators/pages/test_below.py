"""The places below: each its own light, what they make together, and who is missing."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from departments.models import Region
from indicators.models import Target
from tests.cast import Cast

Browse = Callable[[Any], Client]
Verified = Callable[..., Any]
MONEY = "/indicators/funding_per_capita/below/"


def text_of(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def put(verified: Verified, indicator: Any, place: Region, year: int, value: str) -> Any:
    return verified(
        indicator, place, year, value, numerator=Decimal(value) * 1000, denominator=Decimal(1000)
    )


def test_each_place_has_its_own_light_and_the_missing_are_named(
    cast: Cast, browse: Browse, verified: Verified
) -> None:
    Target.objects.filter(pk=cast.funding.pk).update(scope="each_child", value=2)
    other = Region.objects.get(name="子西县")
    put(verified, cast.funding_per_capita, cast.county_a1, 2024, "2.5")
    page = text_of(browse(cast.leader), f"{MONEY}?year=2024")
    assert "已达标" in page
    assert "没有数值的地区：" in page
    assert "子西县" in page
    assert "每个地区都达到才算达标" in page
    assert "缺 1 个" in page, "the sum says what is not in it"
    put(verified, cast.funding_per_capita, other, 2024, "1.1")
    assert "没有数值的地区" not in text_of(browse(cast.leader), f"{MONEY}?year=2024")


def test_a_province_is_read_by_city_and_drilled_down(
    cast: Cast, browse: Browse, verified: Verified
) -> None:
    put(verified, cast.funding_per_capita, cast.county_a1, 2024, "2.5")
    office = browse(cast.office_province)
    page = text_of(office, f"{MONEY}?region={cast.province.code}&year=2024")
    assert f"{MONEY}?region={cast.city_a.code}" in page
    every = text_of(office, f"{MONEY}?region={cast.province.code}&year=2024&every=1")
    assert "子东县" in every


def test_places_elsewhere_are_not_shown(cast: Cast, browse: Browse) -> None:
    assert browse(cast.office_b).get(f"{MONEY}?region=980100").status_code == 404
    assert browse(cast.office).get(f"{MONEY}?region=980000").status_code == 404


def test_many_places_cost_as_many_queries_as_few(
    cast: Cast, browse: Browse, verified: Verified
) -> None:
    browser = browse(cast.leader)

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            text_of(browser, f"{MONEY}?year=2024")
        return len(seen)

    asked()
    few = asked()
    for number in range(20):
        place = Region.objects.create(
            code=f"9777{number:02}", name=f"县{number}", level="county", parent=cast.city_a,
            path=f"{cast.city_a.path}9777{number:02}",
        )  # fmt: skip
        put(verified, cast.funding_per_capita, place, 2024, "1.5")
    assert asked() == few


def test_without_a_plan_the_years_end_with_the_newest_value(
    cast: Cast, browse: Browse, verified: Verified
) -> None:
    put(verified, cast.funding_per_capita, cast.county_a1, 2014, "2.5")
    office = browse(cast.office_province)
    page = text_of(office, f"{MONEY}?region={cast.province.code}&every=1")
    assert "2.50" in page
