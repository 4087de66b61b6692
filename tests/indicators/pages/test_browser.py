"""A value handed in without a mouse, sent twice, and a total followed down to it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from core.models import AuditEvent
from indicators.models import Observation
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[[Any, str], Page]


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse does."""
    for _step in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


def test_a_value_is_entered_and_handed_in_by_keyboard_and_once(cast: Cast, visit: Visit) -> None:
    page = visit(cast.office, "/indicators/funding_per_capita/")
    for name, text in (("year", "2019"), ("numerator", "540万"), ("denominator", "3000000")):
        _tab_to(page, f"[name={name}]")
        page.keyboard.type(text)
    _tab_to(page, "[name=source]")
    page.keyboard.type("决算公开")
    _tab_to(page, "#observe button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("已存为草稿")).to_be_visible()
    row = Observation.objects.get(indicator=cast.funding_per_capita, region=cast.city_a, year=2019)
    assert (row.value, row.state) == (Decimal("1.8"), "draft")
    page.goto(page.url.split("/indicators/")[0] + f"/observations/{row.pk}/")
    _tab_to(page, "form[action$='/submit/'] button")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # impatient
    expect(page.get_by_text("已报送，等待核对。").first).to_be_visible()  # said once for each press
    row.refresh_from_db()
    assert row.state == "submitted"
    deeds = AuditEvent.objects.filter(code="indicators.observation.submit")
    assert deeds.filter(subject_id=row.pk).count() == 1


def test_a_total_is_followed_down_to_the_row_it_is_made_of(
    cast: Cast, visit: Visit, verified: Callable[..., Any]
) -> None:
    row = verified(
        cast.funding_per_capita,
        cast.county_a1,
        2024,
        "2.5",
        numerator=Decimal(2500),
        denominator=Decimal(1000),
    )
    page = visit(cast.office_province, "/indicators/funding_per_capita/below/?year=2024")
    page.get_by_role("link", name=cast.city_a.name).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(cast.city_a.name)
    page.locator(f"main a[href$='/observations/{row.pk}/']").first.click()
    expect(page.locator("main")).to_contain_text("2,500 ÷ 1,000")
