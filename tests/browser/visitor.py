"""A person at the portal: a browser of their own, and what is wrong with the pages they see."""

from __future__ import annotations  # loaded before Django has its models

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

DESK, PHONE = (1440, 900), (390, 844)
# Charts follow a new width a moment later.
FITS = """async () => {
    const until = performance.now() + 3000;
    const fits = () => document.documentElement.scrollWidth <= innerWidth;
    while (!fits() && performance.now() < until) await new Promise(requestAnimationFrame);
    return fits();
}"""
# Answers that scripts ask for and understand; the browser notes them as errors all the same.
UNDERSTOOD = re.compile(r"Failed to load resource.*status of (401|409|422)")


@dataclass(slots=True)
class Visitor:
    """A person with a window; `faults` gathers what no page may do."""

    page: Page
    url: str
    faults: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open an address of the portal."""
        self.page.goto(f"{self.url}{path}")
        return self.page

    def log_in(self, username: str, password: str) -> Page:
        """Log in at the door; the page that comes first is shown."""
        self.go("/login/")
        self.page.fill("#id_username", username)
        self.page.fill("#id_password", password)
        self.page.click("main .btn-p")
        self.page.wait_for_url(lambda url: "/login/" not in url)
        return self.page

    def log_in_for_the_first_time(self, username: str, given: str, chosen: str) -> None:
        """Log in with a first password, change it as asked, and come to what waits."""
        self.log_in(username, given)
        self.look("修改密码")
        self.page.fill("#id_old_password", given)
        self.page.fill("#id_new_password1", chosen)
        self.page.fill("#id_new_password2", chosen)
        self.page.click("main .btn-p")
        expect(self.page.locator("#id_old_password")).to_have_count(0)
        self.go("/")
        expect(self.page.locator("h1")).to_have_text("待办")

    def look(self, heading: str, axe: bool = False) -> None:
        """Wait for the page of this heading; fail if it is not sound on a desk and on a phone."""
        expect(self.page.locator("h1")).to_contain_text(heading)
        self.page.wait_for_load_state()
        size = self.page.viewport_size or {"width": DESK[0], "height": DESK[1]}
        for width, height in (DESK, PHONE):
            self.page.set_viewport_size({"width": width, "height": height})
            self.faults += wrong_with(self.page)
        self.page.set_viewport_size(size)
        if axe:
            self.faults += inaccessible(self.page)
        assert not self.faults, "\n".join(self.faults)


def visitor(browser: Browser, url: str, size: tuple[int, int] = DESK) -> Visitor:
    """Give a person a browser of their own; its refusals and errors become faults."""
    context = browser.new_context(
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": size[0], "height": size[1]},
        accept_downloads=True,
    )
    one = Visitor(context.new_page(), url)

    def hear(line: ConsoleMessage) -> None:
        if line.type == "error" and not UNDERSTOOD.search(line.text):
            one.faults.append(f"{one.page.url}: {line.text} ({line.location.get('url', '')})")

    one.page.on("console", hear)
    one.page.on("pageerror", lambda error: one.faults.append(f"{one.page.url}: {error}"))
    return one


def wrong_with(page: Page) -> list[str]:
    """Return what is wrong with a page at the width it has: sideways scroll, headings, buttons."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    where = f"{page.url} at {width}"
    faults = []
    if not page.evaluate(FITS):
        faults.append(f"{where}: scrolls sideways because of {_widest(page)}")
    if (headings := page.locator("h1:visible").count()) != 1:
        faults.append(f"{where}: {headings} main headings")
    if (primary := page.locator(".btn-p:visible").count()) > 1:
        faults.append(f"{where}: {primary} primary buttons")
    return faults


def _widest(page: Page) -> Any:
    return page.evaluate(
        """() => [...document.querySelectorAll('main *, header *')]
            .filter(one => one.getBoundingClientRect().right > innerWidth + 1).slice(0, 3)
            .map(one => one.outerHTML.slice(0, 120))"""
    )


def inaccessible(page: Page) -> list[str]:
    """Return what axe finds on a page while everything that folds is unfolded."""
    from django.conf import settings

    page.evaluate((Path(settings.BUILD_DIR) / "axe.min.js").read_text() + ";0")
    found = page.evaluate(
        """async () => {
            const folded = [...document.querySelectorAll('details:not([data-menu]):not([open])')];
            folded.forEach(one => { one.open = true; });
            const found = await axe.run();
            folded.forEach(one => { one.open = false; });
            return found.violations;
        }"""
    )
    return [
        f"{page.url}: {one['id']} {[node['html'][:160] for node in one['nodes']]}" for one in found
    ]


def said(page: Page, text: str) -> None:
    """Wait for a sentence among the messages of the page."""
    expect(page.locator(".messages")).to_contain_text(text)


def menu(page: Page, name: str) -> None:
    """Choose an entry of the bar on top."""
    page.get_by_role("navigation", name="主导航").get_by_role("link", name=name).click()


def state(page: Page, field: str) -> Locator:
    """Return where a field of the form says whether it is saved."""
    return page.locator(f"[data-save-for={field}]")


def download(page: Page, name: str) -> bytes:
    """Return the file that a link gives."""
    with page.expect_download() as coming:
        page.get_by_role("link", name=name).click()
    return Path(coming.value.path()).read_bytes()
