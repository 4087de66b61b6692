"""The office's list of units in a browser: sound in both widths, used as a person would."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from departments.models import Department, Succession
from tests.browser.visitor import inaccessible, wrong_with
from tests.departments.naming import departments_named

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
expect.set_options(timeout=10_000)  # machines that test are busy
WIDTHS = (1280, 390)


def test_the_pages_are_sound_in_both_widths(cast: Any, visit: Callable[[Any, str], Page]) -> None:
    unit = departments_named(cast.city_a, ["市教体局", "市教育科技局", "市妇联"])["市教体局"]
    Succession.objects.create(
        old=cast.education, new=cast.finance, kind="split", on="2024-03-01", scope="学前教育"
    )
    faults = []
    for address in ("proposed/", f"{unit.pk}/decide/", "successions/"):
        page = visit(cast.office, f"/departments/{address}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            faults += wrong_with(page) + inaccessible(page)
    assert not faults


def test_a_proposed_unit_is_merged_into_the_one_it_may_be(
    cast: Any, visit: Callable[[Any, str], Page]
) -> None:
    unit = departments_named(cast.city_a, ["市教体局"])["市教体局"]
    page = visit(cast.office, "/departments/")
    page.get_by_role("link", name="待确认的单位").click()
    page.get_by_role("link", name="市教体局").click()
    page.get_by_role("button", name="并入市教育局").click()
    expect(page.get_by_text("已把市教体局并入市教育局")).to_be_visible()
    assert not Department.objects.filter(pk=unit.pk).exists()


def test_a_change_is_recorded_from_the_page_of_a_unit_and_confirmed(
    cast: Any, visit: Callable[[Any, str], Page]
) -> None:
    page = visit(cast.office, f"/departments/{cast.education.pk}/")
    page.get_by_role("link", name="登记机构变动").click()
    expect(page.locator("#id_old")).to_have_value(str(cast.education.pk))
    page.fill("#id_name", "市教育体育局")
    page.fill("#id_on", "2024-03-01")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("已登记，确认以后才生效。")).to_be_visible()
    page.locator("form[action$='/confirm/'] button").click()
    expect(page.get_by_text("已确认：市教育局 → 市教育体育局。")).to_be_visible()
    assert Succession.objects.get(old=cast.education).confirmed_by == cast.office
