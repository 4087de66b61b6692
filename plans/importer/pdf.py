"""Read a PDF file with a text layer: paragraphs joined again, tables row by row.

Where a paragraph ends is read from the page itself (indents, short lines). A boundary that is sure
becomes an empty line; where the page does not tell, one line end is left for cleaning to judge.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from plans.importer.columns import in_columns
from plans.importer.grids import Row, take_grids
from plans.importer.model import UnreadableDocument
from plans.importer.pages import Page, Sign, read_page
from plans.importer.paragraphs import MARKER, Line, paragraphs, type_areas
from plans.importer.refusals import (
    BROKEN_PDF,
    ENCRYPTED_PDF,
    GARBLED_PDF,
    MAX_CHARACTERS,
    SCANNED_PDF,
    SWOLLEN,
    TOO_LONG,
    unread_page,
)
from plans.importer.streams import swells

MAX_PAGES = 1000
_ONE_AT_A_TIME = threading.Lock()
_HAN = re.compile(r"[一-龥]")
_UNMAPPED = re.compile(r"[\ufffd\ue000-\uf8ff\x00-\x1f\x7f-\x9f]")
_NUMBER = re.compile(
    r"(?:[—–－─―·~～-]*\s*\d{1,4}\s*[—–－─―·~～-]*|第\s*\d+\s*页.{0,10}|共\s*\d+\s*页.{0,10}|"
    r"(?:Page\s*)?\d+\s*(?:/|of)\s*\d+)",
    re.IGNORECASE,
)
_EDGE_LINES = 2  # a head or foot has at most as many lines
_MANY = 3  # what stands on so many pages is printed on all of them


@dataclass(slots=True)
class Table:
    """Keep the rows of a ruled table; its `page` is the last one that it stands on."""

    rows: list[Row]
    columns: int
    page: int


@dataclass(slots=True)
class Unread:
    """Keep the place of a page that is a picture."""

    page: int


Item = Line | Table | Unread


def pdf_text(data: bytes) -> str:
    """Return the text of a PDF file; raise UnreadableDocument where there is none to be had."""
    pages = _pages(data)
    em = _em(pages)
    flow: list[Item] = []
    for number, page in enumerate(pages):
        flow += _items(page, number, em)
        if page.pictured:
            flow.append(Unread(number))
    flow = _without_furniture(flow, pages, em)
    return "\n".join(_lines(_joined_tables(flow), em))


def _pages(data: bytes) -> list[Page]:
    """Take the pages of a file; the library below knows no threads, so one file at a time."""
    if swells(data):
        raise UnreadableDocument(SWOLLEN)
    with _ONE_AT_A_TIME:
        pages = _taken(data)
    _check_words(pages)
    return pages


def _taken(data: bytes) -> list[Page]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        raise UnreadableDocument(ENCRYPTED_PDF if locked else BROKEN_PDF) from error
    pages: list[Page] = []
    signs = 0
    try:
        if len(document) > MAX_PAGES:
            raise UnreadableDocument(TOO_LONG)
        for at in range(len(document)):
            page = document[at]
            pages.append(read_page(page))
            page.close()
            signs += len(pages[-1].signs)
            if signs > MAX_CHARACTERS:
                raise UnreadableDocument(TOO_LONG)
    except pypdfium2.PdfiumError as error:
        raise UnreadableDocument(BROKEN_PDF) from error
    finally:
        document.close()
    return pages


def _check_words(pages: list[Page]) -> None:
    """Refuse a file whose pages are pictures or whose signs stand for nothing."""
    signs = sum(len(page.signs) for page in pages)
    pictured = sum(page.pictured for page in pages)
    if signs == 0 or pictured == len(pages):
        raise UnreadableDocument(SCANNED_PDF)
    words = "".join(sign.text for page in pages for sign in page.signs)
    unmapped, han = len(_UNMAPPED.findall(words)), len(_HAN.findall(words))
    if unmapped > signs / 5 or (signs > 300 and han < signs / 20):
        raise UnreadableDocument(GARBLED_PDF)


def _em(pages: list[Page]) -> float:
    """Return the width of most Han signs, in points."""
    widths = Counter(
        round(sign.right - sign.left, 1)
        for page in pages
        for sign in page.signs
        if _HAN.match(sign.text)
    )
    usual = widths.most_common(1)
    return max(usual[0][0] if usual else 12.0, 1.0)


def _items(page: Page, number: int, em: float) -> list[Item]:
    """Order what stands on a page from top to bottom."""
    placed: list[tuple[float, Item]] = []
    for grid in take_grids(page):
        rows = grid.read(lambda signs, width: _cell(signs, width, em))
        if rows:
            placed.append((grid.top, Table(rows, len(grid.columns) - 1, number)))
    if not placed:
        blocks = in_columns(page.signs, em)
        return [
            line
            for at, block in enumerate(blocks)
            for line in _grouped(block, number, em, 0 if len(blocks) == 1 else at + 1)
        ]
    placed += [(line.base, line) for line in _grouped(page.signs, number, em)]
    return [item for _, item in sorted(placed, key=lambda one: one[0])]


def _grouped(signs: list[Sign], page: int, em: float, block: int = 0) -> list[Line]:
    """Gather signs into lines by the line that they stand on."""
    lines: list[list[Sign]] = []
    for sign in sorted(signs, key=lambda one: one.base):
        size = max(sign.base - sign.top, 0.4 * em)
        if lines and sign.base - lines[-1][-1].base <= 0.35 * min(size, 2 * em):
            lines[-1].append(sign)
        else:
            lines.append([sign])
    return [Line(_once(sorted(line, key=lambda one: one.left)), page, block) for line in lines]


def _once(signs: list[Sign]) -> list[Sign]:
    """Leave out the second print of a sign that is set twice to look bold.

    A sign that follows its like in the file is no second print: one glyph may stand for ——.
    """
    kept: list[Sign] = []
    for sign in signs:
        shift = 0.2 * (sign.right - sign.left)
        twice = (
            one.text == sign.text
            and abs(one.left - sign.left) < shift
            and abs(one.order - sign.order) > 1
            for one in kept[-2:]
        )
        if not any(twice):
            kept.append(sign)
    return kept


def _cell(signs: list[Sign], width: float, em: float) -> str:
    """Join the lines of a cell; a line that ends early was ended on purpose."""
    size = median(sign.right - sign.left for sign in signs) if signs else em
    lines = _grouped(signs, 0, size)
    room = max([width - size, *(line.right - line.left for line in lines)])
    out = ""
    for line in lines:
        out += line.text(size)
        if room - (line.right - line.left) >= 2.2 * size:
            out += " "
    return out.strip()


# --- Heads, feet and page numbers ------------------------------------------------------------
def _without_furniture(flow: list[Item], pages: list[Page], em: float) -> list[Item]:
    """Leave out page numbers, and heads and feet that stand on many pages."""
    edges = list(_edge_lines(flow))
    places: dict[str, list[float]] = {}
    for line in edges:
        places.setdefault(_shape(line.text(em)), []).append(line.base)
    enough = max(min(_MANY, len(pages)), 2, len(pages) // 4)
    left_out = set()
    for line in edges:
        words, page = line.text(em), pages[line.page]
        outer = 0.13 * (page.bottom - page.top)
        at_edge = line.base < page.top + outer or line.base > page.bottom - outer
        # A label such as 措施： may open many pages, but not at the place of a head.
        level = sum(abs(base - line.base) < 0.4 * em for base in places[_shape(words)])
        head = at_edge and level >= enough and not MARKER.match(words) and words[-1] not in "：。；"
        if head or (at_edge and _NUMBER.fullmatch(words)):
            left_out.add(id(line))
    return [item for item in flow if id(item) not in left_out]


def _edge_lines(flow: list[Item]) -> Iterator[Line]:
    """Yield the first and last lines of each page, once each."""
    by_page: dict[int, list[Item]] = {}
    for item in flow:
        by_page.setdefault(item.page, []).append(item)
    for items in by_page.values():
        edges = [*items[:_EDGE_LINES], *items[_EDGE_LINES:][-_EDGE_LINES:]]
        yield from (one for one in edges if isinstance(one, Line))


def _shape(words: str) -> str:
    """Reduce a line to what it has in common with the same head on another page."""
    return re.sub(r"\d+", "#", re.sub(r"\s", "", words))


# --- Tables ----------------------------------------------------------------------------------
def _joined_tables(flow: list[Item]) -> list[Item]:
    """Carry a table on over the page: its repeated head is left out, a cut row is joined."""
    joined: list[Item] = []
    for item in flow:
        last = joined[-1] if joined else None
        if isinstance(item, Table) and isinstance(last, Table) and _goes_on(last, item):
            _carry_on(last, item)
        else:
            joined.append(item)
    return joined


def _goes_on(one: Table, other: Table) -> bool:
    return other.page == one.page + 1 and one.columns == other.columns


def _carry_on(table: Table, more: Table) -> None:
    """Add the rows of the next page to a table."""
    rows, last = more.rows, table.rows[-1]
    if rows[0].words == table.rows[0].words:
        rows = rows[1:]
    if rows:
        rest = list(rows[0].words)
        cut = _is_cut(last, rows[0])
        _fill_spans(last, rows)
        if cut:
            last.words = [a + b for a, b in zip(last.words, rest, strict=True)]
            rows = rows[1:]
    table.rows += rows
    table.page = more.page


def _fill_spans(last: Row, rows: list[Row]) -> None:
    """Repeat a cell that spans rows on both sides of a page break: it is printed once only."""
    first = rows[0]
    if len(last.words) != len(first.words):
        return
    for at, span in enumerate(first.spans):
        if not first.words[at] and max(span, last.spans[at]) > 1:
            for row in rows[:span]:
                if len(row.words) == len(first.words):
                    row.words[at] = last.words[at]


def _is_cut(last: Row, row: Row) -> bool:
    """Say whether the first row on a page is the rest of the last row of the page before.

    Its short cells, a number above all, were printed whole before the break.
    """
    if len(row.words) != len(last.words):
        return False
    pairs = list(zip(last.words, row.words, last.spans, row.spans, strict=True))
    whole = any(before and not rest and a == b == 1 for before, rest, a, b in pairs)
    goes_on = (before and before[-1] not in "。；;！" for before, rest, _, _ in pairs if rest)
    return whole and all(goes_on) and not any(rest.isdigit() for rest in row.words)


# --- Writing ---------------------------------------------------------------------------------
def _lines(flow: list[Item], em: float) -> Iterator[str]:
    """Write paragraphs and rows; an empty line stands where a paragraph surely ends."""
    frames = type_areas([item for item in flow if isinstance(item, Line)], em)
    for kind, items in groupby(flow, key=type):
        if kind is Line:
            yield from paragraphs([one for one in items if isinstance(one, Line)], frames, em)
            continue
        for item in items:
            if isinstance(item, Table):
                yield from map(_row, item.rows)
            else:
                yield unread_page(item.page + 1)
            yield ""


def _row(row: Row) -> str:
    cells = row.words
    if len(cells) == 1:
        return cells[0] + "\n"
    return "\t".join(cells if len(cells) > 2 else [*cells, ""])
