"""What every test stands on: data of its own, quick hashes, a browser where there is one.

Each worker of pytest-xdist has a folder of its own for DATA_DIR; DATABASE_URL and BROKER_URL
count where they are set, so that the tests marked `services` run on PostgreSQL and Redis too.
With REQUIRE_ALL=1 a skipped test is a failed one.
"""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, sync_playwright

from config.collector import settle
from tests import database as databases

if TYPE_CHECKING:
    from django.test import Client

# Before Django reads its settings: tests never touch the data of a portal in the same checkout.
FOLDER = Path(tempfile.mkdtemp(prefix="gangyao-test-"))
os.environ["DATA_DIR"] = str(FOLDER)
# What the workers of pytest-xdist share: the folder of the process that started them.
os.environ.setdefault("TEST_RUN", str(FOLDER))
os.environ["GANGYAO_MODE"] = "embedded"
os.environ["LOAD_PUBLISHED"] = "0"  # tests name their own places and values
os.environ["SECRET_KEY"] = "a key that only tests use, at least forty characters long"
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"
pytest_plugins = ["tests.cast"]  # the named cast: fixtures `cast`, `browse`, `call`
# How much longer than others a test there takes: it starts services or a browser, or asks a lot.
HEAVY = {
    "/browser/": 400,
    "/jobs/": 60,
    "/ops/test_up": 100,
    "/golden/": 200,
    "/test_random_walks": 100,
    "/test_libreoffice": 30,
    "/test_fuzz": 7,
    "/permissions/": 2,
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def pytest_configure() -> None:
    """Adjust the settings for speed before pytest-django sets Django up."""
    (FOLDER / "static").mkdir()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        # A file, not memory: threads and processes then wait for each other as they do outside.
        database.setdefault("TEST", {})["NAME"] = str(FOLDER / "test.sqlite3")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the longest files first, so that no worker is left with one while the others idle.

    Leave out what only PostgreSQL can show; the services run of CI has it.
    """
    weights: Counter[Path] = Counter()
    for one in items:
        weights[one.path] += next(
            (weight for part, weight in HEAVY.items() if part in one.path.as_posix()), 1
        )
    items.sort(key=lambda one: (-weights[one.path], one.path))  # within a file nothing moves
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        return
    left_out = [one for one in items if one.get_closest_marker("postgresql")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [one for one in items if one not in left_out]


def pytest_collection_finish() -> None:
    """Look for garbage as the portal does, not among modules and tests: 7 % of a run."""
    settle()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Let each worker of pytest-xdist read its settings after its own conftest, not before.

    A worker that inherits DJANGO_SETTINGS_MODULE loads the settings at once, with the DATA_DIR of
    the process that starts it: all workers would then keep their files in one folder.
    """
    if getattr(session.config.option, "dist", "no") != "no":
        os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def pytest_unconfigure() -> None:
    databases.forget(FOLDER)
    shutil.rmtree(FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """Begin with a copy of the run's migrated database."""
    database, made = settings.DATABASES["default"], databases.migrated()
    if databases.on_postgres():
        database.setdefault("TEST", {})["TEMPLATE"] = made
        return False
    shutil.copyfile(made, database["TEST"]["NAME"])
    return True


def _refuse(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure that gives the reason of the skip."""
    if REQUIRE_ALL and report.outcome == "skipped" and not hasattr(report, "wasxfail"):
        place = report.longrepr
        reason = place[2] if isinstance(place, tuple) else str(place)
        report.outcome = "failed"
        report.longrepr = f"REQUIRE_ALL=1 allows no skip. {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _refuse(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _refuse(report)
    return report


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of a Chromium: CHROMIUM, else the first one on the PATH."""
    named = os.environ.get("CHROMIUM")
    found = named or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """Return one headless Chromium for all tests of this worker."""
    # Playwright runs an event loop in this thread; Django would take every query here for one
    # made inside a coroutine.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=chromium, args=quiet)
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return an empty page; scripts that fail and what the CSP refuses fail the test."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    faults: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: "Refused to" in line.text and faults.append(line.text))
    yield page
    context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def unused_port() -> int:
    """Return a port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def visit(
    browse: Callable[[Any], Client], page: Page, live_server: Any
) -> Callable[[Any, str], Page]:
    """Return a function that opens an address as a person (None: without a log-in)."""

    def go(person: Any, address: str) -> Page:
        page.context.clear_cookies()
        if person is not None:
            cookie = browse(person).cookies["sessionid"].value
            page.context.add_cookies(
                [{"name": "sessionid", "value": cookie, "url": live_server.url}]
            )
        page.goto(f"{live_server.url}{address}")
        return page

    return go
