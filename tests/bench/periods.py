"""Open a period with 10,000 expected entries, beside one bare INSERT … SELECT of the same rows.

Both run in the same process on the same PostgreSQL; the bare statement fills the same table for
another period, without locks, audit row and notices. Seconds are the best of five.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tests.bench._country import YEAR, Country, country, scratch_database

if TYPE_CHECKING:
    from tasks.models import Period

TITLE = "a period of 10,000 expected entries opened / one INSERT … SELECT"
SIZES = (1_000, 10_000)  # expected entries
UNITS = 10  # of a task
REPEATS = 5
NOW = datetime(YEAR, 7, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
HEAD = ["entries", "opened in", "bare INSERT … SELECT", "ratio", "queries", "people told"]
BARE = """
INSERT INTO tasks_entry (
    created_at, updated_at, period_id, task_id, assignment_id, department_id, kind, state, draft,
    version, ready, own_check, rating, waive_reason
)
SELECT
    now(), now(), %s, task_id, id, department_id, 'report', 'draft', '{}', 0, false, false, '', ''
FROM tasks_assignment
WHERE task_id = ANY(%s) AND role IN ('lead', 'responsible')
"""


def rows() -> list[list[str]]:
    """Measure both sizes; the queries must be as many for each."""
    with scratch_database():
        return [HEAD, *(_measured(size) for size in SIZES)]


def _measured(size: int) -> list[str]:
    place = country(departments=100, tasks=size // UNITS, people=300, units=UNITS)
    opened, bare = [], []
    queries = told = 0
    for number in range(REPEATS):
        seconds, queries, told = _opened(place, number, size)
        opened.append(seconds)
        bare.append(_bare(place, number, size))
    return [
        f"{size:,}",
        f"{min(opened):.3f} s",
        f"{min(bare):.3f} s",
        f"{min(opened) / min(bare):.2f}",
        str(queries),
        str(told),
    ]


def _period(place: Country, name: str) -> Period:
    from tasks.models import Period

    number = Period.objects.filter(region=place.region).count()
    return Period.objects.create(
        region=place.region,
        name=name,
        year=YEAR,
        starts=date(YEAR, 1, 1 + number),
        ends=date(YEAR, 6, 30),
        opens_on=date(YEAR, 7, 1),
        due_on=date(YEAR, 7, 22),
        closes_on=date(YEAR, 8, 5),
    )


def _timed(deed: Callable[[], Any]) -> float:
    began = time.perf_counter()
    deed()
    return time.perf_counter() - began


def _opened(place: Country, number: int, size: int) -> tuple[float, int, int]:
    """Open a period by the service; return seconds, its queries and how many people were told."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from core.models import Notice
    from tasks.models import Entry
    from tasks.services.periods.steps import open_period

    period = _period(place, f"启动{number}")
    with CaptureQueriesContext(connection) as queries:
        seconds = _timed(lambda: open_period(period, by=place.office, now=NOW))
    _all_there(Entry.objects.filter(period=period).count(), size)
    return seconds, len(queries), Notice.objects.filter(event=f"period:{period.pk}:open").count()


def _bare(place: Country, number: int, size: int) -> float:
    """Make the same rows by one statement; return seconds."""
    from django.db import connection

    from tasks.models import Entry

    period = _period(place, f"对照{number}")

    def insert() -> None:
        with connection.cursor() as cursor:
            cursor.execute(BARE, [period.pk, place.tasks])

    seconds = _timed(insert)
    _all_there(Entry.objects.filter(period=period).count(), size)
    return seconds


def _all_there(found: int, wanted: int) -> None:
    if found != wanted:
        raise RuntimeError(f"{found} entries instead of {wanted}: nothing to compare")
