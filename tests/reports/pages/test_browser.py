"""Pages for leaders and readers in a real browser: narrow and wide, light and dark, on paper."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from playwright.sync_api import Page, expect

from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
expect.set_options(timeout=10_000)  # machines that test are busy
AXE = Path(project.BUILD_DIR) / "axe.min.js"
PAGES = (
    ("leader", "/dashboard/?as_of=2024-06-30"),
    ("leader", "/plans/{plan.pk}/measures/"),
    ("office", "/plans/{plan.pk}/?measure={measure_1.pk}"),
    ("office_b", "/plans/{plan_b.pk}/"),
    ("office", "/plans/import/"),
    ("liaison", "/"),
    ("liaison", "/notices/"),
    ("office", "/indicators/"),
    ("office", "/indicators/funding_per_capita/"),
    ("office", "/departments/"),
    ("office", "/departments/{education.pk}/"),
    (None, "/public/plans/{plan.pk}/"),
)
Visit = Callable[[Any, str], Page]


@pytest.mark.parametrize(("who", "address"), PAGES)
def test_a_page_fits_every_width_and_is_open_to_all(
    cast: Cast, visit: Visit, who: str | None, address: str
) -> None:
    names = {name: getattr(cast, name) for name in cast.__slots__}
    page = visit(getattr(cast, who) if who else None, address.format(**names))
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


def test_on_a_phone_the_contents_are_the_page_and_a_section_opens_when_chosen(
    cast: Cast, visit: Visit
) -> None:
    page = visit(cast.leader, f"/plans/{cast.plan.pk}/")
    page.set_viewport_size({"width": 390, "height": 800})
    section = page.locator(f"#a{cast.action_2.pk}")
    expect(section).to_be_hidden()
    page.locator(f".toc a[href='#a{cast.action_2.pk}']").click()
    expect(section).to_be_visible()
    expect(page.locator(f"#a{cast.action_1.pk}")).to_be_hidden()


def test_on_paper_the_whole_document_stands_there(cast: Cast, visit: Visit) -> None:
    page = visit(cast.leader, f"/plans/{cast.plan.pk}/")
    page.set_viewport_size({"width": 390, "height": 800})
    page.emulate_media(media="print")
    for action in (cast.action_1, cast.action_2, cast.safeguard):
        expect(page.locator(f"#a{action.pk}")).to_be_visible()
    expect(page.locator(".top")).to_be_hidden()


def test_a_count_on_the_dashboard_opens_its_list(cast: Cast, visit: Visit) -> None:
    page = visit(cast.leader, "/dashboard/?as_of=2024-03-31")
    one = page.locator(".legend a").first
    number = int(one.locator("b").inner_text())
    one.click()
    expect(page.locator("[data-measure]")).to_have_count(number)
    expect(page.locator("h1 small")).to_have_text(f"{number} 项")
