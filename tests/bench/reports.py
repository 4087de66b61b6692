"""Reports: their facts, their files, and how many workers compile in a minute, on PostgreSQL.

Facts of a five-year report on a plan of 10 actions, 39 measures, 5 years and 60 units, beside SQL
that fetches the same rows and builds nothing of them; then of a plan a third as large. Both must
take as many queries: the benchmark fails where they do not. The ratio says what joining, counting
and noting every figure with its rows costs above reading.
Files of that report, each written by a process of its own, beside the smallest report (one
paragraph) from the same writer: seconds, and the most memory that the process held. The memory of
the smallest is what a worker holds anyway. A page is one of the PDF.
Reports a minute that one and two worker processes compile of 300 plans (BENCH_PLANS sets how many),
over Redis where it answers, else over the folder. On enough free cores the ratio would be 2.00;
what is missing is what workers wait for each other, the database and whatever else runs here. The
load of the machine at the start stands beside it: where other work fills the cores, the ratio
says nothing. Twice 300 reports take half an hour on two cores.
Seconds of facts and files are medians.
"""

from __future__ import annotations

import gc
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from run import ROOT
from tests.bench._country import YEAR, scratch_database, settled
from tests.bench._report_file import SMALLEST
from tests.bench._report_plan import FULL, THIRD, Place, Size
from tests.bench._report_sql import FETCHED
from tests.bench._report_workers import in_process, own_broker

if TYPE_CHECKING:
    from reports.facts import Frozen

TITLE = "reports: facts / bare SQL, files / the smallest file, two workers / one"
PLANS = int(os.environ.get("BENCH_PLANS", "300"))
REPEATS, WRITTEN = 5, 3
HEAD = ["what", "size", "portal", "reference", "ratio", "besides"]


def rows() -> list[list[str]]:
    """Measure facts, files and workers; the queries must be as many for each size of plan."""
    with scratch_database(), tempfile.TemporaryDirectory() as folder:
        places = [Place(FULL), Place(THIRD)]
        settled()
        facts = [_facts(place) for place in places]
        _same_queries(*(int(line[-1].split()[0]) for line in facts))
        stored = Path(folder, "draft.json")
        stored.write_text(json.dumps(_text(_frozen(places[0]))), "utf-8")
        files = _files(stored)
    with scratch_database(), own_broker() as broker:
        return [HEAD, *facts, *files, _throughput(broker)]


# --- Facts -----------------------------------------------------------------------------------
def _facts(place: Place) -> list[str]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        frozen = _frozen(place)
    _same_rows(frozen, _fetched(place))
    times = [
        (_seconds(lambda: _frozen(place)), _seconds(lambda: _fetched(place)))
        for _repeat in range(REPEATS)
    ]
    mine, theirs = (statistics.median(column) for column in zip(*times, strict=True))
    return [
        "facts, five years",
        _sized(place.size),
        f"{mine:.2f} s",
        f"{theirs:.2f} s",
        f"{mine / theirs:.1f}",
        f"{len(asked)} queries, {len(frozen['figures']):,} figures",
    ]


def _sized(size: Size) -> str:
    return f"{size.measures} measures, {size.departments} units"


def _seconds(deed: Callable[[], Any]) -> float:
    gc.collect()  # what the deed before left behind
    began = time.perf_counter()
    deed()
    return time.perf_counter() - began


def _frozen(place: Place) -> Frozen:
    from reports import facts

    return facts.freeze(facts.Scope(place.plan, "five_year", YEAR), date(YEAR + 1, 1, 1))


def _fetched(place: Place) -> dict[str, list[tuple[Any, ...]]]:
    from django.db import connection

    given = {
        "plan": place.plan.pk,
        "region": place.region.pk,
        "here": f"{place.region.path}%",
        "years": list(place.plan.years),
    }
    found = {}
    with connection.cursor() as cursor:
        for name, sql in FETCHED.items():
            cursor.execute(sql, given)
            found[name] = cursor.fetchall()
    return found


def _same_rows(frozen: Frozen, fetched: dict[str, list[tuple[Any, ...]]]) -> None:
    """Make sure that the reference fetches every row that a figure names."""
    ids = {name: {row[0] for row in some} for name, some in fetched.items()}
    named = {(name, pk) for figure in frozen["figures"].values() for name, pk in figure["sources"]}
    missing = sorted((name, pk) for name, pk in named if pk not in ids.get(name, ()))
    if missing or not any(name == "tasks.revision" for name, _pk in named):
        raise RuntimeError(f"other rows, nothing to compare: {missing[:5]}")


def _same_queries(large: int, small: int) -> None:
    if large != small:
        raise RuntimeError(f"{large} queries for the plan, {small} for one a third as large")


# --- Files -----------------------------------------------------------------------------------
def _text(frozen: Frozen) -> dict[str, Any]:
    """Return the text of the report as it is stored, written as a worker writes it."""
    from django.conf import settings

    from reports.compose import compose, traced
    from reports.outlines import parts_of
    from reports.rendering.draft import to_json
    from reports.rendering.fonts import substitutions

    replaced = substitutions(settings.FONT_DIR)
    draft = compose({**frozen, "substituted": replaced}, parts_of(frozen["kind"]))
    return to_json(traced(draft, frozen, f"{settings.PORTAL_URL}/reports/1/facts/"))


def _files(stored: Path) -> list[list[str]]:
    suffixes = ("docx", "pdf", "xlsx")
    made = {
        one: [(_written(one, str(stored)), _written(one, SMALLEST)) for _repeat in range(WRITTEN)]
        for one in suffixes
    }
    pages = made["pdf"][0][0]["pages"]
    return [
        _file(suffix, *map(_middle, zip(*pairs, strict=True)), pages)
        for suffix, pairs in made.items()
    ]


def _middle(runs: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Return the medians of what several runs gave."""
    return {name: statistics.median(one[name] for one in runs) for name in runs[0]}


def _written(suffix: str, source: str) -> dict[str, Any]:
    line = [sys.executable, "-m", "tests.bench._report_file", suffix, source]
    done = subprocess.run(line, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _file(suffix: str, full: dict[str, float], least: dict[str, float], pages: int) -> list[str]:
    return [
        suffix.upper(),
        f"{pages} pages, {full['size'] / 1e6:.2f} MB",
        f"{full['seconds']:.2f} s",
        f"{least['seconds']:.3f} s",
        f"{full['seconds'] / least['seconds']:.0f}",
        f"{full['seconds'] * 1000 / pages:.0f} ms a page; peak {full['peak']:.0f} MB,"
        f" of the smallest {least['peak']:.0f} MB ({least['size'] / 1000:.0f} kB)",
    ]


# --- Workers ---------------------------------------------------------------------------------
def _throughput(broker: str) -> list[str]:
    load = os.getloadavg()[0]
    seconds = in_process(PLANS, broker)
    one, two = (PLANS * 60 / seconds[workers] for workers in (1, 2))
    return [
        "two workers / one",
        f"{PLANS} plans",
        f"{two:.0f} a minute",
        f"{one:.0f} a minute",
        f"{two / one:.2f}",
        f"{broker.partition(':')[0]}; {os.cpu_count()} cores, {load:.1f} in use or waited for",
    ]
