"""A report in a real browser: the bar moves by itself and ends at the files."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from reports.models import Report
from tests.cast import Cast
from tests.reports.compile.working import YEAR, work_off

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def office(page: Page, live_server: LiveServer, cast: Cast) -> Iterator[Page]:
    """Return a page on which the office is logged in."""
    browser = Client()
    browser.force_login(cast.office)
    cookie = browser.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    yield page
    page.goto("about:blank")  # no request is left under way when the database is emptied


def test_the_office_asks_waits_and_gets_the_files(
    office: Page, live_server: LiveServer, cast: Cast
) -> None:
    office.goto(f"{live_server.url}/reports/")
    office.get_by_label("年度", exact=True).fill(str(YEAR))
    office.get_by_role("button", name="生成报告").click()
    expect(office.get_by_role("progressbar")).to_be_visible()
    expect(office.locator("[data-progress-text]")).to_have_text("正在排队")
    work_off(Report.objects.get(year=YEAR))
    expect(office.get_by_role("link", name="下载 Word（第 1 版）")).to_be_visible(timeout=30_000)
    with office.expect_download() as taken:
        office.get_by_role("link", name="下载 PDF（第 1 版）").click()
    assert taken.value.suggested_filename == f"{YEAR}年度报告-第1版.pdf"


def test_the_pages_have_no_faults_of_access(
    office: Page, live_server: LiveServer, cast: Cast
) -> None:
    script = (settings.BUILD_DIR / "axe.min.js").read_text(encoding="utf-8")
    work_off(_asked(cast))
    for address in ("/reports/", f"/reports/{Report.objects.get(year=YEAR).pk}/"):
        office.goto(f"{live_server.url}{address}")
        office.evaluate(script)
        faults = office.evaluate("axe.run().then(found => found.violations.map(one => one.id))")
        assert faults == [], address
        office.set_viewport_size({"width": 390, "height": 844})
        assert office.evaluate("document.documentElement.scrollWidth") == 390
        office.set_viewport_size({"width": 1280, "height": 720})


def _asked(cast: Cast) -> Report:
    from reports.services import request_report

    return request_report(cast.plan, "annual", YEAR, by=cast.office)
