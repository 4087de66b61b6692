"""Join the lines of PDF pages into paragraphs by what the page shows: indents and short lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from plans.importer.pages import Sign

MARKER = re.compile(r"(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]{1,2}|[•●■◆·—①-⑳]{1,2})")
_LATIN = re.compile(r"[A-Za-z0-9]")
_CONTENTS = re.compile(r"[.．·…]{3,}\s*\d{1,3}$")


@dataclass(slots=True)
class Line:
    """Keep one line of signs, sorted across."""

    signs: list[Sign]
    page: int
    block: int = 0

    @property
    def area(self) -> tuple[int, int]:
        """Tell the blocks of text of all pages apart."""
        return self.page, self.block

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


@dataclass(frozen=True, slots=True)
class Frame:
    """Keep the type area of a column: the edges of its lines, and what marks a paragraph.

    `left` is where lines begin that carry a paragraph on. A paragraph begins `inset` or `outset`
    from there, or below a `spaced` gap; where none of these is usual the page does not tell.
    """

    left: float
    right: float
    pitch: float
    inset: bool
    outset: bool
    spaced: bool


def paragraphs(lines: list[Line], frames: dict[tuple[int, int], Frame], em: float) -> Iterable[str]:
    """Yield lines of text; an empty one stands where a paragraph surely ends."""
    first = last = lines[0]
    text = first.text(em)
    for line in lines[1:]:
        words = line.text(em)
        verdict = _verdict(first, last, line, frames, em)
        if verdict == "joined":
            text += _seam(text, words) + words
        else:
            yield from (text, "") if verdict == "ended" else (text,)
            text, first = words, line
        last = line
    yield from (text, "")


def _seam(before: str, after: str) -> str:
    if before[-1:].isdigit() and after[:1].isdigit():
        return ""
    return " " if _LATIN.match(before[-1:]) and _LATIN.match(after[:1]) else ""


def type_areas(lines: list[Line], em: float) -> dict[tuple[int, int], Frame]:
    """Measure the type area of each column; one with few lines takes the usual one."""
    if not lines:
        return {}
    by_area: dict[tuple[int, int], list[Line]] = {}
    for line in lines:
        by_area.setdefault(line.area, []).append(line)
    usual = _frame(lines, em, None)
    return {
        area: _frame(own, em, usual) if len(own) >= 8 else usual for area, own in by_area.items()
    }


def _frame(lines: list[Line], em: float, usual: Frame | None) -> Frame:
    rights = sorted(line.right for line in lines)
    # Where most lines are short a page's own lines say too little of its right edge.
    right = rights[int(len(rights) * 0.97)]
    if usual:
        right = max(rights[int(len(rights) * 0.9)], min(rights[-1], usual.right))
    steps = sorted(step for a, b in pairwise(lines) if (step := _step(a, b)) > 0.8 * em)
    # Where most paragraphs have one line the usual step is the one between paragraphs.
    pitch = steps[len(steps) // 8] if steps else em
    followers = [b for a, b in pairwise(lines) if a.right > right - 1.5 * em]
    left = _left(lines, followers, em)
    if left is None:
        left = usual.left if usual else min(line.left for line in lines)
    few = max(2.0, 0.02 * len(lines))
    # Further in stand centred titles and signatures, which say nothing of paragraphs.
    marks = (
        sum(1.2 * em <= line.left - left <= 3.5 * em for line in lines) >= few,
        sum(line.left - left <= -1.2 * em for line in lines) >= few,
        sum(1.3 * pitch <= step <= 4 * pitch for step in steps) >= few,
    )
    if usual:
        marks = (
            marks[0] or usual.inset,
            marks[1] and usual.outset,
            marks[2] and usual.spaced,
        )
    return Frame(left, right, pitch, *marks)


def _step(above: Line, below: Line) -> float:
    """Measure from one line down to the next; 0 where they stand in different columns."""
    return max(below.base - above.base, 0.0) if above.area == below.area else 0.0


def _left(lines: list[Line], followers: list[Line], em: float) -> float | None:
    """Find where lines begin that carry a paragraph on; None where no line tells."""

    def places(of: list[Line]) -> list[tuple[float, int]]:
        # Equal counts: the line further left carries on.
        counts = Counter(round(line.left / em * 2) / 2 * em for line in of)
        return sorted(counts.items(), key=lambda one: (-one[1], one[0]))

    usual = places(followers)
    if usual and (usual[0][1] >= 3 or len(lines) < 30):
        return usual[0][0]
    wanted = max(2, len(lines) // 8)
    return min((at for at, count in places(lines) if count >= wanted), default=None)


def _verdict(
    first: Line, last: Line, line: Line, frames: dict[tuple[int, int], Frame], em: float
) -> str:
    """Say how a line follows the one before: joined to it, ended before it, or unknown."""
    frame, before = frames[line.area], frames[last.area]
    indent = line.left - frame.left
    if _CONTENTS.search(last.text(em)):
        return "ended"
    if last.right + _first_word(line, em) + 0.5 * em <= before.right:
        return "ended"
    if indent >= 1.2 * em:
        return "joined" if _hangs(first, last, line, em) else "ended"
    if indent <= -1.2 * em:
        return "ended" if frame.outset else "unknown"
    if _step(last, line) > (1.3 if frame.spaced else 1.7) * frame.pitch:
        return "ended"
    # Over the page the space between two paragraphs does not show.
    shown = frame.spaced and last.area == line.area
    return "joined" if frame.inset or frame.outset or shown else "unknown"


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
    marker = MARKER.match("".join(sign.text for sign in first.signs[:6]))
    if marker is None or marker.end() >= len(first.signs):
        return False
    text = first.signs[marker.end()]
    return abs(line.left - text.left) < 0.4 * em and line.left - first.left > 0.4 * em
