"""Write the official tables of a report (A to D) as one workbook, from the blocks of its text."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from core import sheets
from reports.rendering.document import Table, plain, title_text
from reports.rendering.draft import Annex, Draft, Section
from reports.rendering.tables import FILLED_ON, SEAL

# Where the official tables stand in a draft, and what their tabs are called.
TABS = {
    "table_a": "表A 重点任务分工表",
    "table_b": "表B 工作进展情况表",
    "targets": "表C 目标指标完成情况表",
    "table_d": "表D 督办台账",
}
_UPRIGHT, _WIDE = 110, 165  # characters of all columns together, which a printed page scales
_MOST = 32_000  # characters of a cell; Excel holds 32,767 units
_CUT = "……（本格文字过长，全文见 Word 文件）"


def to_xlsx(draft: Draft) -> bytes:
    """Render a sheet for each official table of a draft; the same draft gives the same bytes.

    A draft without any gives one sheet that says so: there is no workbook without sheets.
    """
    found = {tab: table for tab, table in _official(draft)}
    made = [_sheet(tab, title, table) for tab, (title, table) in sorted(found.items())]
    return sheets.write_book(title_text(draft.title), made or [_nothing()])


def _official(draft: Draft) -> Iterator[tuple[str, tuple[str, Table]]]:
    """Yield the first table of each part that has an official one, with its tab and title."""
    parts: tuple[Section | Annex, ...] = (*draft.sections, *draft.annexes)
    for part in parts:
        tables = [block for block in part.blocks if isinstance(block, Table)]
        if part.key in TABS and tables:
            name = re.sub(r"^表\d+\s*", "", plain(tables[0].caption))
            yield TABS[part.key], (name or title_text(_lines(part.title)), tables[0])


def _lines(title: str | tuple[str, ...]) -> tuple[str, ...]:
    return (title,) if isinstance(title, str) else title


def _sheet(tab: str, title: str, table: Table) -> sheets.Sheet:
    total = sum(column.weight for column in table.columns)
    room = _WIDE if table.wide else _UPRIGHT
    notes = [line for line in plain(table.note).split("\n") if line and SEAL not in line]
    return sheets.Sheet(
        title=title,
        name=tab,
        columns=[
            sheets.Column(
                str(at), plain(one.label), max(5.0, room * one.weight / total), kind="mixed"
            )
            for at, one in enumerate(table.columns)
        ],
        rows=[_row(row) for row in table.rows],
        notes=notes,
        foot=(SEAL, FILLED_ON),
        freeze=min(2, len(table.columns) - 1),
        locked=False,
    )


def _row(cells: tuple[Any, ...]) -> Mapping[str, str]:
    return {str(at): _held(plain(cell)) for at, cell in enumerate(cells)}


def _held(text: str) -> str:
    return text if len(text) <= _MOST else text[: _MOST - len(_CUT)] + _CUT


def _nothing() -> sheets.Sheet:
    return sheets.Sheet(
        title="本报告没有附表", name="说明", columns=(sheets.Column("0", "说明", 60),), rows=()
    )
