"""Tables as files: written once from top to bottom, locked, and ready for the printer."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any, NamedTuple

import xlsxwriter
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from core.errors import DomainError
from core.sheets.cells import (
    MARK,
    MAX_CELL,
    Column,
    Fixed,
    Heading,
    day_of,
    number_of,
    plain,
    shown,
)

# Heights in points, given to every row: LibreOffice does not measure rows that Excel wrote.
_LINE, _ROOM, _HIGHEST = 13, 3, 409  # a line; lines of a row to be filled in; what Excel allows
_FONT = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
_CELL = {**_FONT, "text_wrap": True}
_VALUES = ("number", "date", "mixed")  # kinds whose cells may hold more than text
_FORMATS: dict[str, dict[str, Any]] = {
    "title": {**_FONT, "font_size": 16, "bold": True, "align": "center"},
    "note": {**_FONT, "font_color": "#555555", "text_wrap": True},
    "foot": _FONT,
    "frame": {"border": 1},
    "header": {**_CELL, "border": 1, "bold": True, "align": "center", "bg_color": "#E8EDF3"},
    "header_open": {**_CELL, "border": 1, "bold": True, "align": "center", "bg_color": "#FFF3C4"},
    "heading": {**_FONT, "bold": True, "bg_color": "#F3F3F3"},
    "text": {**_CELL, "num_format": "@"},
    "number": {**_CELL, "align": "right"},
    "mixed": _CELL,
    "date": {**_CELL, "num_format": "yyyy-mm-dd", "align": "center"},
}


def _lines(text: str, width: float) -> int:
    """Return how many lines a text takes in a column so wide; a Chinese character takes two."""
    wide = max(2.0, width * 1.05 - 0.5)
    if "\n" in text:
        return sum(_lines(part, width) for part in text.split("\n"))
    return max(1, math.ceil((len(text) + len(text.encode())) / 2 / wide))


def _held(text: str, one: Column) -> str:
    """Return a text as a cell of the column holds it; raises DomainError where none can."""
    text = plain(text)
    if 2 * len(text) > MAX_CELL and len(text.encode("utf-16-le")) // 2 > MAX_CELL:
        raise DomainError(
            _("“%(title)s”有一格超过 %(most)s 字，Excel 放不下。")
            % {"title": one.title, "most": MAX_CELL}
        )
    return text


class _Place(NamedTuple):
    """A column as each row of it is written: where, of what kind, and in which styles.

    `blank` is the style of an empty cell that somebody fills in, None where nobody does.
    """

    at: int
    column: Column
    key: str
    kind: str
    room: float  # characters that always fit on one line
    style: Any
    blank: Any


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of a workbook: `name` on its tab, `title` above it, `notes` and `foot` around it.

    `spare` is the number of empty rows for new lines, `freeze` the number of columns that stay
    in sight. What is not `locked` can be changed by whoever opens the file.
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[Mapping[str, Any] | Fixed | Heading]
    name: str = "表"
    notes: Sequence[str] = ()
    foot: Sequence[str] = ()
    spare: int = 0
    freeze: int = 0
    locked: bool = True


class _Writer:
    """One sheet under way: rows are written once, from top to bottom, and then forgotten."""

    def __init__(self, book: Any, formats: Mapping[tuple[str, bool], Any], made: Sheet) -> None:
        self.book, self.formats, self.columns = book, formats, made.columns
        self.locked = made.locked
        columns = made.columns
        self.sheet = book.add_worksheet(made.name)
        self.places = {opened: self._places(opened) for opened in (True, False)}
        self.room = _ROOM if any(one.editable for one in columns) else 1
        self.row = 0

    def _places(self, opened: bool) -> list[_Place]:
        """Return the columns as rows are written that are open, or of which no cell is."""
        places = []
        for at, one in enumerate(self.columns):
            kind = one.kind if one.kind in _VALUES else "text"
            style = self.formats[kind, not (opened and one.editable)]
            blank = self.formats["number" if kind == "number" else "text", not opened]
            places.append(
                _Place(
                    at, one, one.key, kind, one.width / 2, style, blank if one.editable else None
                )
            )
        return places

    def shape(self, freeze: int, title_rows: int) -> None:
        sheet = self.sheet
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.3, right=0.3, top=0.5, bottom=0.6)
        sheet.repeat_rows(title_rows)
        sheet.freeze_panes(title_rows + 1, freeze)
        sheet.set_footer("&C第 &P 页 共 &N 页")
        for at, one in enumerate(self.columns):
            kind = one.kind if one.kind in _VALUES else "text"
            style = self.formats[kind, not one.editable]
            sheet.set_column(at, at, one.width, style, {"hidden": one.kind == "id"})
        if self.locked and any(not one.editable for one in self.columns):
            free = ("format_columns", "format_rows", "format_cells", "autofilter")
            sheet.protect("", dict.fromkeys(free, True))

    def above(self, text: str, style: str) -> None:
        """Write a line above the table, over its whole width."""
        last = len(self.columns) - 1
        lines = _lines(text, sum(one.width for one in self.columns if one.kind != "id"))
        self.sheet.set_row(self.row, lines * (30 if style == "title" else 15))
        if last:
            self.sheet.merge_range(self.row, 0, self.row, last, "", self.formats[style, True])
        self.sheet.write_string(self.row, 0, plain(text), self.formats[style, True])
        self.row += 1

    def between(self, text: str, style: str) -> None:
        """Write a line among or below the rows, marked as no line of the table."""
        seen = [at for at, one in enumerate(self.columns) if one.kind != "id"]
        for at in range(len(self.columns)):
            if at not in seen:
                self.sheet.write_string(self.row, at, MARK)
            elif style == "heading":
                self.sheet.write_blank(self.row, at, None, self.formats[style, True])
        self.sheet.write_string(self.row, seen[0], plain(text), self.formats[style, True])
        self.row += 1

    def cells(self, values: Mapping[str, Any], opened: bool = True) -> None:
        """Write a row; empty cells that nobody fills in are left to their column's format."""
        lines = self.room if opened else 1
        for at, one, key, kind, room, style, blank in self.places[opened]:
            value = values.get(key)
            text = value if isinstance(value, str) else "" if value is None else shown(value)
            if text:
                if kind == "text":
                    self.sheet.write_string(self.row, at, _held(text, one), style)
                else:
                    self.value(at, one, text, style)
                if len(text) > room or "\n" in text:
                    lines = max(lines, _lines(text, one.width))
            elif blank is not None:
                self.sheet.write_blank(self.row, at, None, blank)
        self.sheet.set_row(self.row, min(lines * _LINE + 3, _HIGHEST))
        self.row += 1

    def value(self, at: int, one: Column, text: str, style: Any) -> None:
        """Write a number or a day that reads back as the same text, else the text."""
        if one.kind in ("number", "mixed") and (number := number_of(text)) is not None:
            self.sheet.write_number(self.row, at, number, style)
        elif one.kind == "date" and (day := day_of(text)):
            self.sheet.write_datetime(self.row, at, day, style)
        else:
            self.sheet.write_string(self.row, at, _held(text, one), style)

    def frame(self, first: int) -> None:
        """Draw lines around all cells of the table, those with nothing in them too."""
        if self.row > first:
            area = (first, 0, self.row - 1, len(self.columns) - 1)
            lines = {"type": "formula", "criteria": "=TRUE", "format": self.formats["frame", True]}
            self.sheet.conditional_format(*area, lines)

    def choices(self, first: int) -> None:
        """Offer each choice column its list; a long one lies on a hidden sheet."""
        listed = None
        for at, one in enumerate(self.columns):
            if not one.choices or self.row <= first:
                continue
            source: Any = list(one.choices)
            if len(",".join(one.choices)) > 255 or any("," in word for word in one.choices):
                listed = listed or self.book.add_worksheet("选项")
                source = self._listed(listed, at, one.choices)
            self.sheet.data_validation(
                first,
                at,
                self.row - 1,
                at,
                {
                    "validate": "list",
                    "source": source,
                    "error_title": _("请从列表中选择")[:32],
                    "error_message": _("这一格只能选列表中的一项。"),
                },
            )
        if listed is not None:
            listed.very_hidden()

    def _listed(self, sheet: Any, at: int, words: tuple[str, ...]) -> str:
        # Rows of a sheet are written in order: each list takes a row of its own.
        for column, word in enumerate(words):
            sheet.write_string(at, column, plain(word))
        return f"='选项'!$A${at + 1}:${get_column_letter(len(words))}${at + 1}"


def write(
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, Any] | Fixed | Heading],
    *,
    notes: Sequence[str] = (),
    foot: Sequence[str] = (),
    spare: int = 0,
    freeze: int = 0,
    made_at: datetime | None = None,
) -> bytes:
    """Return a table as an xlsx file: A4 landscape, header frozen and repeated, the rest locked.

    Texts are never formulas. Raises DomainError where a text is too long for a cell.
    """
    sheet = Sheet(title, columns, rows, notes=notes, foot=foot, spare=spare, freeze=freeze)
    return write_book(title, [sheet], made_at=made_at)


def write_book(title: str, sheets: Iterable[Sheet], *, made_at: datetime | None = None) -> bytes:
    """Return several tables as one xlsx file, each on a sheet of its own, as `write` makes one."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    made = made_at.replace(tzinfo=None) if made_at else datetime(2000, 1, 1)  # noqa: DTZ001
    book.set_properties({"title": plain(title)[:255], "created": made})
    formats = {
        (name, locked): book.add_format({**one, "locked": locked})
        for name, one in _FORMATS.items()
        for locked in (True, False)
    }
    for sheet in sheets:
        _write_sheet(_Writer(book, formats, sheet), sheet)
    book.close()
    return buffer.getvalue()


def _write_sheet(writer: _Writer, made: Sheet) -> None:
    columns, head = made.columns, 1 + len(made.notes)
    writer.shape(made.freeze, head)
    writer.above(made.title, "title")
    for note in made.notes:
        writer.above(note, "note")
    for at, one in enumerate(columns):
        style = "header_open" if one.editable else "header"
        writer.sheet.write_string(writer.row, at, one.title, writer.formats[style, True])
    most = max(_lines(one.title, one.width) for one in columns if one.kind != "id")
    writer.sheet.set_row(writer.row, most * _LINE + 8)
    writer.row += 1
    for row in made.rows:
        if isinstance(row, Heading):
            writer.between(row.text, "heading")
            continue
        fixed = isinstance(row, Fixed)
        writer.cells(row.values if isinstance(row, Fixed) else row, not fixed)
    for _spare in range(made.spare):
        writer.cells({})
    writer.frame(head + 1)
    writer.choices(head + 1)
    if writer.row > head + 1:
        writer.sheet.autofilter(head, 0, writer.row - 1, len(columns) - 1)
    for line in made.foot:
        writer.between(line, "foot")
