"""Measure the reminders of 5,000 people and the matrix of 100 units × 20 periods, on PostgreSQL.

Each stands beside its bare counterpart in the same run: the digest beside plain INSERTs of the very
rows that it wrote, the matrix beside one GROUP BY that counts the very same. Queries are counted
for a tenth of the rows too: their number must not grow.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.bench._country import YEAR, Country, NoDatabase, country, scratch_database, settled

TITLE = "reminders of 5,000 people, and who has not reported (100 units × 20 periods)"
PEOPLE, UNITS, PERIODS = 5000, 100, 20
RUNS = 3
NOW = datetime(YEAR, 7, 10, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
DUE = date(YEAR, 7, 15)  # three working days are left
STATES = ("draft", "submitted", "returned", "submitted", "draft")
HEAD = ["what", "rows", "seconds", "bare", "bare seconds", "ratio", "queries", "for a tenth"]


def rows() -> list[list[str]]:
    """Return the table of both measurements, its head first."""
    try:
        with scratch_database():
            small = measured(country(departments=10, tasks=10, people=PEOPLE // 10, units=10))
            large = measured(country(departments=UNITS, tasks=100, people=PEOPLE, units=10))
    except NoDatabase as problem:
        return [["what"], [str(problem)]]
    return [HEAD, *([*line, tenth[-1]] for line, tenth in zip(large, small, strict=True))]


def measured(place: Country) -> list[list[str]]:
    """Measure both in one region; its periods are closed for good afterwards."""
    from tasks.models import Period

    periods = _periods(place)
    found = [_digest(place), _matrix(place, len(periods))]
    Period.objects.filter(region=place.region).update(state="closed")
    return found


def _periods(place: Country) -> list[Any]:
    """Make the periods of a year, two of them open, with an entry for each part of a task."""
    from tasks.models import Assignment, Entry, Period

    made = Period.objects.bulk_create(
        Period(
            region=place.region,
            name=f"第{number + 1}期",
            year=YEAR,
            starts=date(YEAR, 1, 1),
            ends=date(YEAR, 6, 1 + number),
            opens_on=date(YEAR, 6, 20),
            due_on=DUE,
            closes_on=date(YEAR, 8, 15),
            state="open" if number < 2 else "closed",
        )
        for number in range(PERIODS)
    )
    parts = list(
        Assignment.objects.filter(task__in=place.tasks).values_list("pk", "task", "department")
    )
    Entry.objects.bulk_create(
        (
            Entry(
                period=period,
                task_id=task,
                assignment_id=pk,
                department_id=unit,
                kind="part",
                state=STATES[(number + number // len(place.departments)) % len(STATES)],
            )
            for period in made
            for number, (pk, task, unit) in enumerate(parts)
        ),
        batch_size=5000,
    )
    settled()
    return made


@contextmanager
def _taken_back() -> Iterator[None]:
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _timed(deed: Callable[[], Any]) -> float:
    began = time.perf_counter()
    deed()
    return time.perf_counter() - began


def _line(what: str, many: int, ours: list[float], bare: str, theirs: list[float]) -> list[str]:
    seconds, reference = statistics.median(ours), statistics.median(theirs)
    return [
        what,
        f"{many}",
        f"{seconds:.2f}",
        bare,
        f"{reference:.2f}",
        f"{seconds / reference:.1f}",
    ]


def _digest(place: Country) -> list[str]:
    """Measure one morning's reminders, each run taken back."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tasks.services.periods import reminding

    tables = ("tasks_reminder", "core_notice", "core_delivery")
    ours, theirs = [], []
    with CaptureQueriesContext(connection) as asked, _taken_back():
        assert reminding.remind(NOW) == len(place.people)
        written = {table: _written(table) for table in tables}
    for _run in range(RUNS):
        with _taken_back():
            ours.append(_timed(lambda: reminding.remind(NOW)))
        with _taken_back():
            theirs.append(_timed(lambda: [_insert(*one) for one in written.items()]))
    many = sum(len(lines) for _columns, lines in written.values())
    queries = len(asked) - len(tables)
    return [*_line("reminders", many, ours, "INSERT of the rows", theirs), str(queries)]


def _written(table: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return the columns (the id aside) and the rows of a table as the run left them."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} LIMIT 0")
        columns = [f'"{one[0]}"' for one in cursor.description if one[0] != "id"]
        cursor.execute(f"SELECT {', '.join(columns)} FROM {table}")
        return columns, cursor.fetchall()


def _insert(table: str, content: tuple[list[str], list[tuple[Any, ...]]]) -> None:
    """Write rows with one bare INSERT."""
    from django.db import connection

    columns, lines = content
    places = f"({', '.join(['%s'] * len(columns))})"
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) VALUES {', '.join([places] * len(lines))}",
            [value for line in lines for value in line],
        )


BARE_MATRIX = """
    SELECT e.department_id, e.period_id, count(*) FILTER (WHERE e.state <> 'waived'),
           count(*) FILTER (WHERE e.state IN ('draft', 'awaiting_signoff', 'returned')),
           count(*) FILTER (WHERE e.state IN ('submitted', 'approved', 'taken_over') AND r.is_late),
           count(*) FILTER (WHERE e.state = 'waived')
    FROM tasks_entry e JOIN tasks_period p ON p.id = e.period_id
    JOIN tasks_task t ON t.id = e.task_id AND t.cancelled_at IS NULL
    LEFT JOIN tasks_revision r ON r.id = e.submitted_id
    WHERE p.region_id = %s AND p.year = %s GROUP BY 1, 2 ORDER BY 1
"""


def _matrix(place: Country, periods: int) -> list[str]:
    """Measure the matrix as the page asks for it, beside its GROUP BY alone."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tasks.models import Period
    from tasks.selectors.periods import matrix

    place.office.act_as(place.office.memberships.get())

    def ours() -> matrix.Matrix:
        entries = matrix.counted(place.office, place.region)
        assert entries is not None
        return matrix.matrix(entries, Period.objects.filter(region=place.region), YEAR, DUE)

    def bare() -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(BARE_MATRIX, [place.region.pk, YEAR])
            return list(cursor.fetchall())

    with CaptureQueriesContext(connection) as asked:
        found = {
            (row.department_id, one.period.pk, *one[1:5])
            for row in ours().rows
            for one in row.cells
        }
    assert found == set(bare())
    cells = len(found)
    assert cells == len(place.departments) * periods
    runs = [(_timed(ours), _timed(bare)) for _run in range(RUNS * 5)]
    mine, theirs = [one for one, _two in runs], [two for _one, two in runs]
    return [*_line("matrix", cells, mine, "GROUP BY alone", theirs), str(len(asked))]
