"""Every page of every role, in both widths and both themes, on the portal that visitors first see.

Nothing here lists addresses: each person begins where they land and follows links until every
kind of page they can reach was seen once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pypdfium2
import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, Page, expect

from tests.browser.portal import Portal, portal
from tests.browser.visitor import DESK, PHONE, Visitor, visitor, wrong_with

pytestmark = pytest.mark.browser

# Links that give a file, and pages of the interface that are not ours.
NOT_PAGES = {
    "evidence",
    "event-file",
    "events-export",
    "burden-export",
    "period-sheet",
    "tasks-table",
    "people-import-template",
    "roster-export",
    "supervision-export",
    "supervision-file",
    "indicator-table-c",
    "indicators-template",
    "instruction-subject",
    "report-file",
    "report-drawing",
    "public-report-drawing",
    "public-report-file",
    "entry-progress",
    "report-progress",
    "score-items-table",
    "score-document",
    "score-evidence",
    "scorecard-table",
}
# What each role must have come across; more is welcome.
COMMON = {"plans", "plan", "indicators", "indicator", "reports", "notices", "password_change"}
MUST_SEE = {
    "liaison": COMMON
    | {"home", "entry", "entry-check", "entry-history", "events", "event", "event-new"}
    | {"supervision", "supervision-item"},
    "office": COMMON
    | {
        "home",
        "dashboard",
        "plan-measures",
        "plan-import",
        "draft",
        "tasks",
        "task",
        "periods",
        "period",
    }
    | {"review", "review-entry", "entry", "entry-history", "report", "public-plan"}
    | {"report-text", "report-facts", "report-fact", "report-section", "report-outline"}
    | {"supervision", "supervision-item", "supervision-new", "instructions", "instruction"}
    | {"instruction-register"},
    "leader": COMMON
    | {"dashboard", "plan-measures", "supervision", "supervision-item"}
    | {"instructions", "instruction", "instruction-new"},
    "auditor": {"audit", "notices", "password_change"},
    "admin": {"people", "notices", "password_change"},
    "public": {"public", "public-plan", "login"},
}
# Pages to which the bar leads only from a menu, or no link at all.
BESIDES = {
    "public": ("/public/", "/login/"),
    "liaison": ("/departments/", "/entries/check/"),
    "office": ("/departments/", "/reports/"),
    "leader": ("/departments/",),
}
CITY = "370300"  # the region that the demo lives in; its people come first in the list


@dataclass(slots=True)
class Demo:
    """A portal with the demo, and its people: a username and a password for each role."""

    portal: Portal
    people: dict[str, tuple[str, str]]


@pytest.fixture(scope="module")
def demo(static: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Serve the demo with one compiled report."""
    with portal(tmp_path_factory.mktemp("demo"), static) as running:
        accounts: list[dict[str, Any]] = json.loads(running.manage("demo", "--json"))
        people: dict[str, tuple[str, str]] = {}
        for one in accounts:
            if one["region"] == CITY:
                people.setdefault(one["role"], (one["username"], one["password"]))
        plan = running.manage(
            "shell",
            "-v",
            "0",
            "-c",
            f"from plans.models import Plan; print(Plan.objects.get(region__code='{CITY}').pk)",
        )
        running.manage(
            "compile_report", "--plan", plan.strip(), "--kind", "annual", "--year", "2018", "--wait"
        )
        yield Demo(running, people)


@pytest.mark.parametrize("role", MUST_SEE)
def test_every_page_of_a_role_is_sound(demo: Demo, browser: Browser, role: str) -> None:
    one = visitor(browser, demo.portal.url)
    if role != "public":
        one.log_in(*demo.people[role])
    seen = _walk_about(one, role)
    one.page.context.close()
    assert not one.faults, "\n".join(dict.fromkeys(one.faults))
    missed = MUST_SEE[role] - {name for name, _detail in seen}
    assert not missed, f"no link led the {role} to {', '.join(sorted(missed))}"


def test_the_dashboard_is_printed_on_three_pages_at_most(demo: Demo, browser: Browser) -> None:
    one = visitor(browser, demo.portal.url)
    page = one.log_in(*demo.people["leader"])
    page.wait_for_load_state("networkidle")
    printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True, print_background=True))
    page.context.close()
    assert len(printed) <= 3, f"the dashboard takes {len(printed)} pages"
    words = "".join(leaf.get_textpage().get_text_bounded() for leaf in printed)
    assert "需要您过问" in re.sub(r"\s", "", words)


def _walk_about(one: Visitor, role: str) -> set[tuple[str, bool]]:
    """Open one page of every kind that links lead to; return the kinds."""
    start = [] if role == "public" else [urlsplit(one.page.url).path]
    waiting = [*start, *BESIDES.get(role, ())]
    seen: set[tuple[str, bool]] = set()
    while waiting:
        address = waiting.pop(0)
        kind = _kind(address)
        if kind is None or kind in seen:
            continue
        seen.add(kind)
        waiting += _open(one, address)
    return seen


def _kind(address: str) -> tuple[str, bool] | None:
    """Return the name of an address and whether it opens a detail beside; None for no page."""
    parts = urlsplit(address)
    try:
        name = resolve(parts.path).view_name
    except Resolver404:
        return ("unknown", False)
    if name in NOT_PAGES or parts.path.startswith("/api/"):
        return None
    return (name, bool({"measure", "item"} & parse_qs(parts.query).keys()))


def _open(one: Visitor, address: str) -> list[str]:
    """Open an address and see it in every width and theme; return where its links lead."""
    page = one.page
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    answer = page.goto(f"{one.url}{address}")
    if answer is None or answer.status != 200:
        one.faults.append(f"{address}: answers {answer.status if answer else 'nothing'}")
        return []
    for theme in ("light", "dark"):  # the open page turns dark with the system
        page.emulate_media(color_scheme=theme)
        try:
            expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
        except AssertionError:
            one.faults.append(f"{address}: does not follow the {theme} theme")
        for width, height in (DESK, PHONE):
            page.set_viewport_size({"width": width, "height": height})
            one.faults += wrong_with(page)
    return _links(page)


def _links(page: Page) -> list[str]:
    """Return the addresses of this portal that a page links to, in their order."""
    return list(
        page.evaluate(
            """() => [...document.querySelectorAll('a[href]')]
                .filter(one => one.origin === location.origin)
                .map(one => one.pathname + one.search)"""
        )
    )
