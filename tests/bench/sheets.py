"""Table B with 2,000 rows out, and the same file with 500 changes back in, on PostgreSQL.

Out: asked for as a liaison does (every query, last period's texts, prefilled drafts, locks,
drop-downs), beside XlsxWriter alone: the same file, cell by cell with its style, row heights,
locks, list and frame, from values and styles that lie ready. The two files are compared.
In: read, checked row by row under lock, kept in the drafts with its audit row, beside openpyxl
that reads the cells of the same file and one UPDATE that stores the same drafts.
Seconds are the medians of nine runs in turn; the queries are of 2,000 and of 20 rows.
"""

from __future__ import annotations

import gc
import io
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tests.bench._country import YEAR, country, scratch_database, settled

if TYPE_CHECKING:
    from tasks.models import Period

TITLE = "table B with 2,000 rows / bare XlsxWriter out, bare openpyxl and one UPDATE in"
ROWS, CHANGES, FEW, REPEATS = 2000, 500, 20, 9
NOW = datetime(YEAR, 7, 8, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
DONE = "开展科普进校园活动三十场，覆盖学生一万二千人，配发科普读物八千册。"
HEAD = ["direction", "rows", "portal", "bare", "ratio", "queries", f"queries of {FEW} rows"]


def rows() -> list[list[str]]:
    """Measure both directions; the queries must be as many for each size."""
    with scratch_database():
        large, small = _unit(ROWS), _unit(FEW)
        content = _write(*large)
        changed = _filled(content, CHANGES)
        few = _filled(_write(*small), FEW // 4)
        ready = _ready(content)
        if _styled(_bare_write(ready)) != _styled(content):
            raise RuntimeError("the bare file is another one: nothing to compare")
        drafts = _drafts(large, changed)
        return [
            HEAD,
            _line(
                "out",
                lambda: _write(*large),
                lambda: _bare_write(ready),
                lambda: _write(*small),
            ),
            _line(
                f"in, {CHANGES} changes",
                _undone(lambda: _take_in(*large, changed)),
                _undone(lambda: _bare_take_in(drafts, changed)),
                _undone(lambda: _take_in(*small, few)),
            ),
        ]


def _line(name: str, ours: Callable[[], Any], bare: Callable[[], Any], few: Any) -> list[str]:
    ours(), bare()  # both are warm
    # In turn, so that what else the machine does meets both alike.
    times = [(_seconds(ours), _seconds(bare)) for _repeat in range(REPEATS)]
    mine, theirs = (statistics.median(column) for column in zip(*times, strict=True))
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
    gc.collect()  # what the deed before left behind
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
    """Make a unit with so many entries in an open period, half of them begun, and its liaison.

    All of them were reported and approved in the period before.
    """
    from departments.models import User
    from tasks.models import Assignment, Entry, Period, Revision

    made = country(departments=1, tasks=count, people=1)
    before, period = Period.objects.bulk_create(
        Period(
            region=made.region,
            name=f"{starts.year} 年{name}",
            year=starts.year,
            starts=starts,
            ends=ends,
            opens_on=ends + timedelta(1),
            due_on=ends + timedelta(15),
            closes_on=ends + timedelta(31),
            state=state,
        )
        for name, starts, ends, state in (
            ("下半年", date(YEAR - 1, 7, 1), date(YEAR - 1, 12, 31), "closed"),
            ("上半年", date(YEAR, 1, 1), date(YEAR, 6, 30), "open"),
        )
    )
    typed = {
        name: {"text": text, "version": 1, "by": made.people[0], "at": NOW.isoformat()}
        for name, text in (
            ("percent", "45"),
            ("self_rating", "on_track"),
            ("done", DONE * 3),
            ("problems", "专职教师不足。"),
        )
    }
    parts = list(Assignment.objects.filter(task__in=made.tasks))
    ids = {"department_id": made.departments[0], "kind": "report"}
    Entry.objects.bulk_create(
        (
            Entry(
                period=period,
                task_id=one.task_id,
                assignment=one,
                draft=typed if at % 2 else {},
                version=4 if at % 2 else 0,
                **ids,
            )
            for at, one in enumerate(parts)
        ),
        1000,
    )
    old = Entry.objects.bulk_create(
        (Entry(period=before, task_id=one.task_id, assignment=one, **ids) for one in parts), 1000
    )
    reported = Revision.objects.bulk_create(
        (
            Revision(
                entry=one,
                number=1,
                of_version=1,
                percent=40,
                self_rating="on_track",
                done=DONE,
                submitted_by_id=made.people[0],
                submitted_at=NOW,
                sha256="0" * 64,
            )
            for one in old
        ),
        1000,
    )
    for one, revision in zip(old, reported, strict=True):
        one.state, one.submitted, one.approved = "approved", revision, revision
    Entry.objects.bulk_update(old, ["state", "submitted", "approved"], 500)
    settled()
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


@dataclass(frozen=True, slots=True)
class _Ready:
    """What lies ready for the bare writer: by row its height and cells, and the styles.

    A cell is its place, its value and its style's number. `table` is the first row of the table
    and its last one, `last` its last column; `listed` is the column with the list, and the words.
    """

    lines: list[tuple[float | None, list[tuple[int, Any, int]]]]
    styles: dict[int, dict[str, Any]]
    table: tuple[int, int]
    last: int
    listed: tuple[int, list[str]]


def _ready(content: bytes) -> _Ready:
    import openpyxl

    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    lines, styles = [], {}
    for row in sheet.iter_rows():
        cells = [one for one in row if one.has_style or one.value is not None]
        lines.append(
            (
                sheet.row_dimensions[row[0].row].height,
                [(one.column - 1, one.value, one.style_id) for one in cells],
            )
        )
        styles |= {one.style_id: _style(one) for one in cells if one.style_id not in styles}
    (found,) = sheet.data_validations.dataValidation
    (area,) = found.sqref.ranges
    return _Ready(
        lines,
        styles,
        (area.min_row - 1, area.max_row - 1),
        sheet.max_column - 1,
        (area.min_col - 1, found.formula1.strip('"').split(",")),
    )


def _style(cell: Any) -> dict[str, Any]:
    """Return how a cell looks and whether it is locked, in XlsxWriter's words."""
    placed, font = cell.alignment, cell.font
    vertical = {"center": "vcenter"}
    return {
        "font_name": font.name,
        "font_size": font.size,
        "bold": bool(font.bold),
        "num_format": cell.number_format,
        "text_wrap": bool(placed.wrap_text),
        "locked": bool(cell.protection.locked),
        **({"align": placed.horizontal} if placed.horizontal else {}),
        **({"valign": vertical[placed.vertical]} if placed.vertical in vertical else {}),
        **({"bg_color": f"#{cell.fill.fgColor.rgb[2:]}"} if cell.fill.fill_type else {}),
        **({"border": 1} if cell.border.left.style else {}),
        **({"font_color": f"#{font.color.rgb[2:]}"} if _coloured(font) else {}),
    }


def _coloured(font: Any) -> bool:
    return font.color is not None and font.color.type == "rgb"


def _styled(content: bytes) -> list[Any]:
    """Return all that the two files have to have in common."""
    ready = _ready(content)
    return [
        ready.table,
        ready.listed,
        [
            (height, [(at, value, ready.styles[style]) for at, value, style in cells])
            for height, cells in ready.lines
        ],
    ]


def _bare_write(ready: _Ready) -> bytes:
    import xlsxwriter

    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"constant_memory": True})
    sheet = book.add_worksheet()
    styles = {number: book.add_format(style) for number, style in ready.styles.items()}
    for at, (height, cells) in enumerate(ready.lines):
        for place, value, number in cells:
            if value is None:
                sheet.write_blank(at, place, None, styles[number])
            elif isinstance(value, str):
                sheet.write_string(at, place, value, styles[number])
            elif isinstance(value, datetime):
                sheet.write_datetime(at, place, value, styles[number])
            else:
                sheet.write_number(at, place, value, styles[number])
        if height is not None:
            sheet.set_row(at, height)
    (first, end), (column, words) = ready.table, ready.listed
    sheet.protect()
    sheet.data_validation(first, column, end, column, {"validate": "list", "source": words})
    frame = {"type": "formula", "criteria": "=TRUE", "format": book.add_format({"border": 1})}
    sheet.conditional_format(first, 0, end, ready.last, frame)
    sheet.autofilter(first - 1, 0, end, ready.last)
    book.close()
    return made.getvalue()


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


def _drafts(unit: tuple[Period, Any], content: bytes) -> dict[int, str]:
    """Return the drafts that a file changes, as JSON by entry; the database stays as it was."""
    from tasks.models import Entry

    found: dict[int, str] = {}

    def do() -> None:
        _take_in(*unit, content)
        changed = Entry.objects.filter(period=unit[0], draft__has_key="next_steps")
        found.update((pk, json.dumps(draft)) for pk, draft in changed.values_list("pk", "draft"))

    _undone(do)()
    if len(found) != CHANGES:
        raise RuntimeError(f"{len(found)} drafts instead of {CHANGES}: nothing to compare")
    return found


def _bare_take_in(drafts: dict[int, str], content: bytes) -> None:
    import openpyxl
    from django.db import connection

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    for _row in book.worksheets[0].iter_rows(values_only=True):
        pass
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tasks_entry SET draft = given.draft, version = version + 1 FROM "
            "unnest(%s::bigint[], %s::jsonb[]) AS given(id, draft) WHERE tasks_entry.id = given.id",
            [list(drafts), list(drafts.values())],
        )
