"""Pages of scorecards in a real browser: narrow and wide, light and dark; from rating to told."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from playwright.sync_api import Page, expect

from reports.models import ScoreCard
from reports.services import scores
from tests.cast import Cast
from tests.cast_texts import NOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
expect.set_options(timeout=10_000)  # machines that test are busy
AXE = Path(project.BUILD_DIR) / "axe.min.js"
PAGES = (
    ("office", "/reports/scores/"),
    ("office", "/reports/scores/{scheme.pk}/"),
    ("office", "/reports/scores/cards/{card.pk}/"),
    ("liaison_finance", "/reports/scores/cards/{card_draft.pk}/"),
    ("leader", "/reports/scores/{scheme.pk}/"),
)
Visit = Callable[[Any, str], Page]


@pytest.mark.parametrize(("who", "address"), PAGES)
def test_a_page_fits_every_width_and_is_open_to_all(
    cast: Cast, visit: Visit, who: str, address: str
) -> None:
    names = {name: getattr(cast, name) for name in cast.__slots__}
    page = visit(getattr(cast, who), address.format(**names))
    for width in (320, 390, 760, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("h1").count() == 1
    assert page.locator("main .btn-p").count() <= 1
    for width, theme in ((390, "light"), (1440, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("t => document.documentElement.setAttribute('data-bs-theme', t)", theme)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        faults = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found["violations"]]
        assert faults == []


def test_the_office_sends_a_scheme_back_and_the_page_stays_sound(cast: Cast, visit: Visit) -> None:
    scores.reopen(cast.card.pk, "重看", by=cast.office, now=NOW)
    scores.send_back(cast.card.pk, "请补充", by=cast.office, now=NOW)
    page = visit(cast.office, f"/reports/scores/{cast.scheme.pk}/")
    page.set_viewport_size({"width": 390, "height": 800})
    page.get_by_text("确认错了，退回修改…").click()
    page.get_by_role("textbox", name="理由").fill("分值录错了，" * 20)
    page.get_by_role("button", name="退回修改").click()
    expect(page.get_by_role("heading", name="已退回修改")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [one["id"] for one in found["violations"]] == []


def test_a_unit_rates_itself_on_a_phone_and_the_office_checks_and_tells(
    cast: Cast, visit: Visit
) -> None:
    address = f"/reports/scores/cards/{cast.card_draft.pk}/"
    page = visit(cast.liaison_finance, address)
    page.set_viewport_size({"width": 390, "height": 800})
    first = page.get_by_role("textbox", name=re.compile("自评分.*分工落实"))
    page.get_by_role("button", name="报送自评").click()
    expect(page.get_by_role("link", name="分工落实：请填自评分")).to_be_visible()
    first.fill("9")
    page.get_by_role("button", name="报送自评").click()
    expect(page.get_by_role("button", name="撤回自评")).to_be_visible()
    page = visit(cast.office, address)
    page.get_by_role("textbox", name=re.compile("扣分原因.*分工落实")).fill("联络员没有备案。")
    page.get_by_role("button", name="完成审核").click()
    page.get_by_role("button", name="反馈给单位").click()
    expect(page.get_by_text("已反馈", exact=True)).to_be_visible()
    page = visit(cast.liaison_finance, address)
    expect(page.get_by_text("联络员没有备案。")).to_be_visible()
    card = ScoreCard.objects.get(pk=cast.card_draft.pk)
    assert card.state == "told"
