"""Table B with 2,000 rows out, and the same file with 500 changes back in, on PostgreSQL.

Out: asked for as a liaison does (every query, prefilled texts, locks, drop-downs), beside bare
XlsxWriter that puts the same cells into a file. In: read, checked row by row under lock, kept in
the drafts with its audit row, beside bare openpyxl that reads the cells of the same file and one
UPDATE of as many drafts. Best of five each; the query counts are of 2,000 and of 20 rows.
"""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tests.bench._country import YEAR, country, scratch_database

if TYPE_CHECKING:
    from tasks.models import Period

TITLE = "table B with 2,000 rows / bare XlsxWriter out, bare openpyxl and one UPDATE in"
ROWS, CHANGES, FEW, REPEATS = 2000, 500, 20, 5
NOW = datetime(YEAR, 7, 8, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
HEAD = ["direction", "rows", "portal", "bare", "ratio", "queries", f"queries of {FEW} rows"]


def rows() -> list[list[str]]:
    """Measure both directions; seconds are the best of five."""
    with scratch_database():
        large, small = _unit(ROWS), _unit(FEW)
        content = _write(*large)
        changed = _filled(content, CHANGES)
        few = _filled(_write(*small), FEW // 4)
        cells = _cells(content)
        return [
            HEAD,
            _line(
                "out",
                lambda: _write(*large),
                lambda: _bare_write(cells),
                lambda: _write(*small),
            ),
            _line(
                f"in, {CHANGES} changes",
                _undone(lambda: _take_in(*large, changed)),
                _undone(lambda: _bare_take_in(large[0], changed)),
                _undone(lambda: _take_in(*small, few)),
            ),
        ]


def _line(name: str, ours: Callable[[], Any], bare: Callable[[], Any], few: Any) -> list[str]:
    # In turn, so that what else the machine does meets both alike.
    times = [(_seconds(ours), _seconds(bare)) for _repeat in range(REPEATS)]
    mine, theirs = (min(column) for column in zip(*times, strict=True))
    return [
        name,
        str(ROWS),
        f"{mine:.2f} s",
        f"{theirs:.2f} s",
        f"{mine / theirs:.2f}",
        str(_queries(ours)),
        str(_queries(few)),
    ]


def _seconds(deed: Callable[[], Any]) -> float:
    began = time.perf_counter()
    deed()
    return time.perf_counter() - began


def _queries(deed: Callable[[], Any]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as found:
        deed()
    # Savepoints belong to this measurement, which rolls everything back.
    return sum("SAVEPOINT" not in one["sql"] for one in found.captured_queries)


def _undone(deed: Callable[[], Any]) -> Callable[[], None]:
    """Return a deed that leaves the database as it was."""
    from django.db import transaction

    def do() -> None:
        with transaction.atomic():
            deed()
            transaction.set_rollback(True)

    return do


def _unit(count: int) -> tuple[Period, Any]:
    """Make a unit with so many entries in an open period, half of them begun, and its liaison."""
    from departments.models import User
    from tasks.models import Assignment, Entry, Period

    made = country(departments=1, tasks=count, people=1)
    period = Period.objects.create(
        region=made.region,
        name=f"{YEAR} 年上半年",
        year=YEAR,
        starts=date(YEAR, 1, 1),
        ends=date(YEAR, 6, 30),
        opens_on=date(YEAR, 7, 1),
        due_on=date(YEAR, 7, 15),
        closes_on=date(YEAR, 7, 31),
        state="open",
    )
    typed = {
        name: {"text": text, "version": 1, "by": made.people[0], "at": NOW.isoformat()}
        for name, text in (
            ("percent", "45"),
            ("self_rating", "on_track"),
            ("done", "开展科普进校园活动三十场，覆盖学生一万二千人，配发科普读物八千册。" * 3),
            ("problems", "专职教师不足。"),
        )
    }
    Entry.objects.bulk_create(
        (
            Entry(
                period=period,
                task_id=one.task_id,
                assignment=one,
                department_id=one.department_id,
                kind="report",
                draft=typed if at % 2 else {},
                version=4 if at % 2 else 0,
            )
            for at, one in enumerate(Assignment.objects.filter(task__in=made.tasks))
        ),
        1000,
    )
    person = User.objects.get(pk=made.people[0])
    person.act_as(person.memberships.get())
    return period, person


# --- The portal -------------------------------------------------------------------------------


def _write(period: Period, person: Any) -> bytes:
    from tasks.exchange.entries import write_table
    from tasks.services.entries import sheets as entry_sheets

    return write_table(entry_sheets.hand_out(period, by=person), NOW)


def _take_in(period: Period, person: Any, content: bytes) -> None:
    """Read a file and apply it; its row alone is made here, as an upload made it."""
    from tasks.exchange.entries import read_table
    from tasks.models import Sheet
    from tasks.services.entries import sheets as entry_sheets

    sheet = Sheet.objects.create(
        kind="entries",
        region=period.region,
        period=period,
        department_id=person.acting.department_id,
        name="表.xlsx",
        sha256="0" * 64,
        size=len(content),
        uploaded_by=person,
    )
    entry_sheets.apply(sheet.pk, read_table(content), by=person, now=NOW)


# --- The same with nothing but the libraries --------------------------------------------------


def _cells(content: bytes) -> list[list[Any]]:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content))
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]


def _filled(content: bytes, count: int) -> bytes:
    """Return the file with so many rows changed, as somebody fills it in."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    header = next(row for row in sheet.iter_rows() if row[0].value == "序号")
    at = next(cell.column for cell in header if cell.value == "下一步打算")
    filled = 0
    for row in sheet.iter_rows(min_row=header[0].row + 1):
        if str(row[0].value or "").isdecimal() and filled < count:
            row[at - 1].value = "八月底前完成设备采购，九月投入使用。"
            filled += 1
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _bare_write(cells: list[list[Any]]) -> bytes:
    import xlsxwriter

    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"constant_memory": True})
    sheet = book.add_worksheet()
    for at, row in enumerate(cells):
        for place, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(at, place, value)
            elif isinstance(value, (int, float)):
                sheet.write_number(at, place, value)
            elif isinstance(value, datetime):
                sheet.write_datetime(at, place, value)
    book.close()
    return made.getvalue()


def _bare_take_in(period: Period, content: bytes) -> None:
    import openpyxl
    from django.db import connection

    from tasks.models import Entry

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    found = [row for row in book.worksheets[0].iter_rows(values_only=True) if row[20]]
    draft = {"next_steps": {"text": found[-1][12], "version": 1, "by": 1, "at": NOW.isoformat()}}
    ids = list(Entry.objects.filter(period=period).values_list("pk", flat=True)[:CHANGES])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tasks_entry SET draft = given.draft, version = version + 1 FROM "
            "unnest(%s::bigint[], %s::jsonb[]) AS given(id, draft) WHERE tasks_entry.id = given.id",
            [ids, [json.dumps(draft)] * len(ids)],
        )
