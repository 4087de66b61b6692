"""Read a PDF file with a text layer: paragraphs joined again, tables row by row.

Where a paragraph ends is read from the page itself (indents, short lines). A boundary that is sure
becomes an empty line; where the page does not tell, one line end is left for cleaning to judge.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from plans.importer.grids import take_grids
from plans.importer.model import UnreadableDocument
from plans.importer.pages import Page, Sign, read_page
from plans.importer.refusals import (
    BROKEN_PDF,
    ENCRYPTED_PDF,
    GARBLED_PDF,
    MAX_CHARACTERS,
    SCANNED_PDF,
    TOO_LONG,
)

MAX_PAGES = 1000
_HAN = re.compile(r"[一-龥]")
_LATIN = re.compile(r"[A-Za-z0-9]")
_UNMAPPED = re.compile(r"[\ufffd\ue000-\uf8ff\x00-\x1f\x7f-\x9f]")
_CONTENTS = re.compile(r"[.．·…]{3,}\s*\d{1,3}$")
_NUMBER = re.compile(r"(?:[—–－─·~-]*\s*\d{1,4}\s*[—–－─·~-]*|第\s*\d+\s*页.{0,10}|\d+\s*/\s*\d+)")
_MARKER = re.compile(r"(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]{1,2}|[•●■◆·—①-⑳]{1,2})")
_EDGE_LINES = 2  # a head or foot has at most as many lines
_MANY = 3  # what stands on so many pages is printed on all of them


@dataclass(slots=True)
class Line:
    """Keep one line of signs, sorted across."""

    signs: list[Sign]
    page: int

    @property
    def left(self) -> float:
        return self.signs[0].left

    @property
    def right(self) -> float:
        return max(sign.right for sign in self.signs)

    @property
    def base(self) -> float:
        return self.signs[0].base

    def text(self, em: float) -> str:
        """Return the words; blanks stand where the page leaves a gap that means one."""
        out = [self.signs[0].text]
        for before, sign in pairwise(self.signs):
            gap = sign.left - before.right
            latin = _LATIN.match(before.text) and _LATIN.match(sign.text)
            if gap > (0.18 if latin else 0.9) * em:
                out.append(" ")
            out.append(sign.text)
        return "".join(out)


@dataclass(slots=True)
class Table:
    """Keep the rows of a table and where its columns lie."""

    rows: list[list[str]]
    columns: list[float]
    page: int


@dataclass(frozen=True, slots=True)
class Frame:
    """Keep the type area of a page: its left and right edge and the size of a Han sign."""

    left: float
    right: float
    em: float
    indented: bool
    pitch: float


def pdf_text(data: bytes) -> str:
    """Return the text of a PDF file; raise UnreadableDocument where there is none to be had."""
    pages = _pages(data)
    em = _em(pages)
    flow: list[Line | Table] = []
    for number, page in enumerate(pages):
        flow += _items(page, number, em)
    flow = _without_furniture(flow, pages, em)
    return "\n".join(_lines(_joined_tables(flow), em))


def _pages(data: bytes) -> list[Page]:
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
    _check_words(pages, signs)
    return pages


def _check_words(pages: list[Page], signs: int) -> None:
    """Refuse a file whose pages are pictures or whose signs stand for nothing."""
    pictured = sum(page.pictured for page in pages)
    # A scan may carry a stamp or page numbers as text.
    if signs == 0 or (pictured > len(pages) / 2 and signs < 30 * len(pages)):
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


def _items(page: Page, number: int, em: float) -> list[Line | Table]:
    """Order what stands on a page from top to bottom."""
    placed: list[tuple[float, Line | Table]] = []
    for grid in take_grids(page):
        rows = grid.read(lambda signs, width: _cell(signs, width, em))
        placed.append((grid.top, Table(rows, grid.columns, number)))
    placed += [(line.base, line) for line in _grouped(page.signs, number, em)]
    return [item for _, item in sorted(placed, key=lambda one: one[0])]


def _grouped(signs: list[Sign], number: int, em: float) -> list[Line]:
    """Gather signs into lines by the line that they stand on."""
    lines: list[list[Sign]] = []
    for sign in sorted(signs, key=lambda one: one.base):
        size = max(sign.base - sign.top, 0.4 * em)
        if lines and sign.base - lines[-1][-1].base <= 0.35 * min(size, 2 * em):
            lines[-1].append(sign)
        else:
            lines.append([sign])
    return [Line(_once(sorted(line, key=lambda one: one.left)), number) for line in lines]


def _once(signs: list[Sign]) -> list[Sign]:
    """Leave out the second print of a sign that is set twice to look bold."""
    kept: list[Sign] = []
    for sign in signs:
        near = [
            one for one in kept[-2:] if abs(one.left - sign.left) < 0.2 * (sign.right - one.left)
        ]
        if not any(one.text == sign.text for one in near):
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
        if room - (line.right - line.left) >= 1.8 * size:
            out += " "
    return out.strip()


# --- Heads, feet and page numbers ------------------------------------------------------------
def _without_furniture(
    flow: list[Line | Table], pages: list[Page], em: float
) -> list[Line | Table]:
    """Leave out page numbers, and heads and feet that stand on many pages."""
    edges = list(_edge_lines(flow))
    counts = Counter(_shape(line.text(em)) for line in edges)
    enough = max(_MANY, len(pages) // 4)
    left_out = set()
    for line in edges:
        words = line.text(em)
        page = pages[line.page]
        outer = 0.13 * (page.bottom - page.top)
        at_edge = line.base < page.top + outer or line.base > page.bottom - outer
        if (_NUMBER.fullmatch(words) and at_edge) or (
            counts[_shape(words)] >= enough and not _MARKER.match(words)
        ):
            left_out.add(id(line))
    return [item for item in flow if id(item) not in left_out]


def _edge_lines(flow: list[Line | Table]) -> Iterator[Line]:
    """Yield the first and last lines of each page, once each."""
    by_page: dict[int, list[Line | Table]] = {}
    for item in flow:
        by_page.setdefault(item.page, []).append(item)
    for items in by_page.values():
        edges = [*items[:_EDGE_LINES], *items[_EDGE_LINES:][-_EDGE_LINES:]]
        yield from (one for one in edges if isinstance(one, Line))


def _shape(words: str) -> str:
    """Reduce a line to what it has in common with the same head on another page."""
    return re.sub(r"\d+", "#", re.sub(r"\s", "", words))


# --- Tables ----------------------------------------------------------------------------------
def _joined_tables(flow: list[Line | Table]) -> list[Line | Table]:
    """Carry a table on over the page: its repeated head is left out, a cut row is joined."""
    joined: list[Line | Table] = []
    for item in flow:
        last = joined[-1] if joined else None
        if isinstance(item, Table) and isinstance(last, Table) and _same_table(last, item):
            rows = item.rows
            if last.rows and rows and rows[0] == last.rows[0]:
                rows = rows[1:]
            if rows and last.rows and _is_cut(last.rows, rows[0]):
                last.rows[-1] = [a + b for a, b in zip(last.rows[-1], rows[0], strict=True)]
                rows = rows[1:]
            last.rows += rows
            last.page = item.page
        else:
            joined.append(item)
    return joined


def _same_table(one: Table, other: Table) -> bool:
    return other.page == one.page + 1 and len(one.columns) == len(other.columns)


def _is_cut(rows: list[list[str]], row: list[str]) -> bool:
    """Say whether the first row on a page is the rest of the last row of the page before."""
    last = rows[-1]
    if row[0] or len(row) != len(last) or not any(row):
        return False
    return all(last[at] and last[at][-1] not in "。；;！" for at, words in enumerate(row) if words)


# --- Paragraphs ------------------------------------------------------------------------------
def _lines(flow: list[Line | Table], em: float) -> Iterator[str]:
    """Write paragraphs and rows; an empty line stands where a paragraph surely ends."""
    frames = _frames([item for item in flow if isinstance(item, Line)], em)
    open_text = ""
    last: Line | None = None
    first: Line | None = None
    for item in flow:
        if isinstance(item, Table):
            yield from (open_text, "") if open_text else ()
            yield from map(_row, item.rows)
            yield ""
            open_text, last, first = "", None, None
            continue
        words = item.text(em)
        if last is None or first is None:
            open_text, first = words, item
        else:
            verdict = _verdict(first, last, item, frames, em)
            if verdict == "joined":
                open_text += _seam(open_text, words) + words
            else:
                yield open_text
                if verdict == "ended":
                    yield ""
                open_text, first = words, item
        last = item
    yield open_text


def _row(cells: list[str]) -> str:
    if len(cells) == 1:
        return cells[0] + "\n"
    return "\t".join(cells if len(cells) > 2 else [*cells, ""])


def _seam(before: str, after: str) -> str:
    if before[-1:].isdigit() and after[:1].isdigit():
        return ""
    return " " if _LATIN.match(before[-1:]) and _LATIN.match(after[:1]) else ""


def _frames(lines: list[Line], em: float) -> dict[int, Frame]:
    """Measure the type area of each page; a page with few lines takes the usual one."""
    by_page: dict[int, list[Line]] = {}
    for line in lines:
        by_page.setdefault(line.page, []).append(line)
    usual = _frame(lines, em)
    return {
        page: _frame(own, em, usual) if len(own) >= 8 else usual for page, own in by_page.items()
    }


def _frame(lines: list[Line], em: float, usual: Frame | None = None) -> Frame:
    lefts = Counter(round(line.left / em * 2) / 2 * em for line in lines)
    wanted = max(2, len(lines) // 8)
    left = min((at for at, count in lefts.items() if count >= wanted), default=None)
    if left is None:
        left = usual.left if usual else min((line.left for line in lines), default=0.0)
    rights = sorted(line.right for line in lines)
    right = rights[int(len(rights) * 0.9)] if rights else 0.0
    body = [line for line in lines if line.right - line.left > 0.5 * (right - left)]
    indented = sum(line.left - left >= 1.2 * em for line in body) >= 0.08 * len(body) > 0
    if usual and usual.indented:
        indented = True
    steps = [b.base - a.base for a, b in pairwise(lines) if b.base > a.base]
    return Frame(left, right, em, indented, median(steps) if steps else em)


def _verdict(first: Line, last: Line, line: Line, frames: dict[int, Frame], em: float) -> str:
    """Say how a line follows the one before: joined to it, ended before it, or unknown."""
    frame, before = frames[line.page], frames[last.page]
    indent = line.left - frame.left
    if _CONTENTS.search(last.text(em)):
        return "ended"
    full = last.right + _first_word(line, em) + 0.5 * em > before.right
    if not full:
        return "ended"
    if indent >= 1.2 * em:
        return "joined" if _hangs(first, last, line, em) else "ended"
    gap = line.base - last.base if line.page == last.page else 0.0
    if gap > 1.7 * frame.pitch:
        return "ended"
    return "joined" if frame.indented and indent > -1.2 * em else "unknown"


def _first_word(line: Line, em: float) -> float:
    """Measure the first signs of a line that could not have been parted."""
    width, at = 0.0, 0
    while at < len(line.signs) and _LATIN.match(line.signs[at].text):
        width += line.signs[at].right - line.signs[at].left
        at += 1
    if at == 0:
        width, at = line.signs[0].right - line.signs[0].left, 1
    # A stop never begins a line: it takes the sign before it along.
    while at < len(line.signs) and line.signs[at].text in "，。、；：！？）》”%％":
        width += em
        at += 1
    return width


def _hangs(first: Line, last: Line, line: Line, em: float) -> bool:
    """Say whether a line stands below the text, not the marker, of an item's first line."""
    marker = _MARKER.match("".join(sign.text for sign in first.signs[:6]))
    if marker is None or marker.end() >= len(first.signs):
        return False
    text = first.signs[marker.end()]
    return abs(line.left - text.left) < 0.4 * em and line.left - first.left > 0.4 * em
