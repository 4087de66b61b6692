"""Take what a PDF page prints: signs with their places, and the ruled lines of tables.

Places are in points, x to the right and y downwards, turned so that most of the text reads level.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from plans.importer.lookalikes import LOOKALIKES
from plans.importer.model import UnreadableDocument
from plans.importer.refusals import MAX_CHARACTERS, TOO_LONG

# A page with more drawing than this holds a map or a picture made of lines, no table.
_MAX_OBJECTS = 20_000
_MAX_SEGMENTS = 2_000
_MAX_FORMS = 3
_LEVEL = 0.8  # points by which a ruled line may lean
_SHORTEST = 4.0
_FEW_SIGNS = 20  # a scanned page may have its number, a stamp or a line of a scanner as text
_OVERHANG = 100.0  # points by which the box of a sign, not its place, may leave the page
_BLANK = frozenset("\x00\t\n\r \u00a0\u3000\u200b\ufeff\ufffe\uffff\x02")


class Sign(NamedTuple):
    """Keep one printed character, the line it stands on and its place in the file."""

    text: str
    left: float
    right: float
    top: float
    base: float
    order: int


class Rule(NamedTuple):
    """Keep a ruled line: at `at` across, from `start` to `end` along."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class Page:
    """Keep one page; `pictured` says that an image covers most of it."""

    signs: list[Sign] = field(default_factory=list)
    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)
    top: float = 0.0
    bottom: float = 0.0
    pictured: bool = False


def read_page(page: Any) -> Page:
    """Take the signs and rules of an open pypdfium2 page."""
    left, bottom, right, top = page.get_cropbox()
    words = page.get_textpage()
    try:
        signs, turn = _signs(words, (left, bottom, right, top))
    finally:
        words.close()
    found = Page(signs)
    _add_rules(page, turn, found)
    ends = [_turned(x, y, turn)[1] for x in (left, right) for y in (bottom, top)]
    found.top, found.bottom = min(ends), max(ends)
    few = len(signs) <= _FEW_SIGNS
    found.pictured = few and _is_pictured(page, (right - left) * (top - bottom))
    return found


def _signs(words: Any, box: tuple[float, float, float, float]) -> tuple[list[Sign], int]:
    """Return the signs of a page and by how many quarters it was turned to read level."""
    codes: list[tuple[int, str]] = []
    quarters: list[int | None] = []
    count = pdfium.FPDFText_CountChars(words)
    if count > 2 * MAX_CHARACTERS:
        raise UnreadableDocument(TOO_LONG)
    for at in range(count):
        code = pdfium.FPDFText_GetUnicode(words, at)
        sign = chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
        if sign in _BLANK:
            continue
        codes.append((at, LOOKALIKES.get(code, sign)))
        quarters.append(_quarter(pdfium.FPDFText_GetCharAngle(words, at)))
    turn = Counter(one for one in quarters if one is not None).most_common(1)
    level = turn[0][0] if turn else 0
    # Text that leans against the rest of the page is a watermark or a stamp.
    kept = [one for one, quarter in zip(codes, quarters, strict=True) if quarter == level]
    signs = (_placed(words, at, sign, level, box) for at, sign in kept)
    return [sign for sign in signs if sign], level


def _quarter(angle: float) -> int | None:
    """Return an angle as quarter turns, or None for one in between."""
    if angle < 0:  # not known
        return 0
    turns = angle / (math.pi / 2)
    return round(turns) % 4 if abs(turns - round(turns)) < 0.1 else None


def _turned(x: float, y: float, quarters: int) -> tuple[float, float]:
    """Turn a place of the file (y upwards) so that text reads level and y grows downwards."""
    if quarters == 1:  # the library counts clockwise: this text runs down the page
        return -y, -x
    if quarters == 2:
        return -x, y
    if quarters == 3:
        return y, x
    return x, -y


def _placed(
    words: Any, at: int, sign: str, quarters: int, page: tuple[float, float, float, float]
) -> Sign | None:
    """Return a sign with its place; None for one that lies outside the page."""
    box = pdfium.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetLooseCharBox(words, at, box)
    pdfium.FPDFText_GetCharOrigin(words, at, x, y)
    left, bottom, right, top = page
    # Written so that a place which is no number counts as outside.
    if not (left - 1 <= box.left <= right and bottom <= y.value <= top):
        return None
    if not (box.right <= right + _OVERHANG and bottom - _OVERHANG <= box.top <= top + _OVERHANG):
        return None
    ax, ay = _turned(box.left, box.top, quarters)
    bx, by = _turned(box.right, box.bottom, quarters)
    base = _turned(x.value, y.value, quarters)[1]
    return Sign(sign, min(ax, bx), max(ax, bx), min(ay, by), base, at)


def _is_pictured(page: Any, area: float) -> bool:
    """Say whether images cover most of a page."""
    covered = 0.0
    for at in range(min(pdfium.FPDFPage_CountObjects(page), _MAX_OBJECTS)):
        item = pdfium.FPDFPage_GetObject(page, at)
        if pdfium.FPDFPageObj_GetType(item) in (
            pdfium.FPDF_PAGEOBJ_IMAGE,
            pdfium.FPDF_PAGEOBJ_FORM,
        ):
            left, bottom, right, top = (ctypes.c_float() for _ in range(4))
            if pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top):
                covered += (right.value - left.value) * (top.value - bottom.value)
    return covered > 0.5 * area


_Matrix = tuple[float, float, float, float, float, float]
_SAME: _Matrix = (1, 0, 0, 1, 0, 0)


def _matrix(item: Any) -> _Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, found):
        return _SAME
    return found.a, found.b, found.c, found.d, found.e, found.f


def _within(outer: _Matrix, inner: _Matrix) -> _Matrix:
    """Return the matrix that applies the inner one first."""
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def _add_rules(page: Any, quarters: int, found: Page) -> None:
    """Collect the level and upright lines of a page, also those that thin boxes draw."""
    budget = [_MAX_OBJECTS]

    def visit(count: int, get: Any, outer: _Matrix, depth: int) -> None:
        for at in range(min(count, budget[0])):
            item = get(at)
            budget[0] -= 1
            kind = pdfium.FPDFPageObj_GetType(item)
            if kind == pdfium.FPDF_PAGEOBJ_PATH:
                _add_path(item, _within(outer, _matrix(item)), quarters, found)
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _MAX_FORMS:
                inner = _within(outer, _matrix(item))
                parts = pdfium.FPDFFormObj_CountObjects(item)
                visit(parts, lambda n, i=item: pdfium.FPDFFormObj_GetObject(i, n), inner, depth + 1)

    if (count := pdfium.FPDFPage_CountObjects(page)) <= _MAX_OBJECTS:
        visit(count, lambda at: pdfium.FPDFPage_GetObject(page, at), _SAME, 0)


def _add_path(item: Any, matrix: _Matrix, quarters: int, found: Page) -> None:
    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    first = last = (0.0, 0.0)
    for at in range(min(pdfium.FPDFPath_CountSegments(item), _MAX_SEGMENTS)):
        segment = pdfium.FPDFPath_GetPathSegment(item, at)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        u, v = x.value, y.value
        point = _turned(a * u + c * v + e, b * u + d * v + f, quarters)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            first = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            _add_rule(last, point, found)
        last = point
        if pdfium.FPDFPathSegment_GetClose(segment):
            _add_rule(point, first, found)


def _add_rule(one: tuple[float, float], other: tuple[float, float], found: Page) -> None:
    (ax, ay), (bx, by) = one, other
    if abs(ay - by) <= _LEVEL and abs(ax - bx) >= _SHORTEST:
        found.across.append(Rule((ay + by) / 2, min(ax, bx), max(ax, bx)))
    elif abs(ax - bx) <= _LEVEL and abs(ay - by) >= _SHORTEST:
        found.down.append(Rule((ax + bx) / 2, min(ay, by), max(ay, by)))
