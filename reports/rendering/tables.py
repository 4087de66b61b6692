"""Measures of a table that both formats share."""

import math

from reports.rendering import layout
from reports.rendering.document import Table, plain

# The foot of an official table, for hand and seal.
SEAL = "单位（盖章）："
FILLED_ON = "填表日期："

# A row of more lines may break across pages; a shorter one stays together.
_KEPT_LINES = 12
# A table that takes less than this share of an upright page is not divided.
_WHOLE = 0.5
_ROW_INSET_PT = 4.0


def text_pt(table: Table) -> float:
    """Return the text size of a table."""
    return layout.TABLE_PT[-1] if table.dense else layout.table_text_pt(len(table.columns))


def column_shares(table: Table) -> tuple[float, ...]:
    """Return each column's share of the table's width."""
    total = sum(column.weight for column in table.columns)
    return tuple(column.weight / total for column in table.columns)


def rows_kept_together(table: Table, width_mm: float) -> tuple[bool, ...]:
    """Say per row whether it is short enough to be kept on one page.

    A long row must be allowed to break, or its end would run off the paper.
    """
    return tuple(lines <= _KEPT_LINES for lines in _row_lines(table, width_mm))


def kept_whole(table: Table, width_mm: float) -> bool:
    """Say whether an upright table is small enough to stand on one page."""
    if table.wide:
        return False
    line = layout.table_line_pt(text_pt(table))
    rows = [2, *_row_lines(table, width_mm)]  # a head of two lines
    height = sum(lines * line + _ROW_INSET_PT for lines in rows)
    return height <= layout.AREA_HEIGHT_MM * layout.MM_IN_PT * _WHOLE


def _row_lines(table: Table, width_mm: float) -> list[int]:
    """Estimate the lines that each row needs."""
    size = text_pt(table)
    rooms = [
        width_mm * layout.MM_IN_PT * share / size - 1  # a character goes to the cell's margins
        for share in column_shares(table)
    ]
    return [
        max(_lines_needed(plain(cell), room) for cell, room in zip(row, rooms, strict=True))
        for row in table.rows
    ]


def _lines_needed(text: str, room: float) -> int:
    """Estimate the lines of a text in a cell that is `room` characters wide."""
    return sum(
        max(1, math.ceil(layout.width_in_characters(line) / max(room, 1)))
        for line in text.split("\n")
    )
