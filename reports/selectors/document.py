"""A plan's own text as a page shows it: sections, paragraphs, and what is marked in them.

The text is never changed: sections, measures, quoted targets and unit names are stretches of
`Plan.text`, and the pieces of a page put together are that text again.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from plans.models import Action, Measure, Plan

CHAPTER = re.compile(r"^[一二三四五六七八九十]{1,3}、")
PART = re.compile(r"^[（(][一二三四五六七八九十]{1,3}[)）]")
HEADING_MAX = 40  # characters: longer first sentences are text, not headings
Interval = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch to show differently: `kind` bold, target or unit; `ref` the unit meant."""

    start: int
    end: int
    kind: str
    ref: Any = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text within which nothing changes."""

    text: str
    bold: bool = False
    target: bool = False
    unit: Any = None


@dataclass(frozen=True, slots=True)
class Block:
    """Paragraphs that belong together: a measure's, or what stands around measures."""

    paragraphs: list[list[Piece]]
    measure: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of the text; `key` is its anchor, `level` 1 for chapters, 2 below them."""

    key: str
    level: int
    title: str
    start: int
    end: int
    action: Action | None = None
    blocks: list[Block] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Heading:
    start: int
    body: int
    title: str
    level: int
    action: Action | None = None


def sections(
    plan: Plan, actions: Iterable[Action], measures: Iterable[Measure], marks: Iterable[Mark]
) -> list[Section]:
    """Cut a plan's text into headed sections with their measures in place.

    What stands before the first heading is a section without a title. A plan without text gives
    none: its page lists actions instead.
    """
    text = plan.text
    if not text.strip():
        return []
    spans = {
        one.pk: (one.span_start, one.span_end)
        for one in measures
        if one.span_start is not None and one.span_end is not None
    }
    headings = list(_headings(text, list(actions), list(spans.values())))
    starts = [0, *(one.start for one in headings), len(text)]
    noted = sorted(marks, key=lambda one: one.start)
    found = []
    if text[: starts[1]].strip():
        blocks = _blocks(text, 0, starts[1], spans, noted)
        found.append(Section("s0", 1, "", 0, starts[1], None, blocks))
    for number, one in enumerate(headings, 1):
        end = starts[number + 1]
        key = f"a{one.action.pk}" if one.action else f"s{number}"
        blocks = _blocks(text, one.body, end, spans, noted)
        found.append(Section(key, one.level, one.title, one.start, end, one.action, blocks))
    return found


def _headings(text: str, actions: list[Action], measures: list[Interval]) -> Iterable[Heading]:
    """Yield chapters, and actions and other numbered parts below them, in text order."""
    by_start = {one.span_start: one for one in actions if one.span_start is not None}
    for start, end in lines(text):
        if any(begin <= start < stop for begin, stop in measures):
            continue
        line = text[start:end]
        action = next((by_start[at] for at in range(start, end) if at in by_start), None)
        level = 1 if CHAPTER.match(line) else 2
        if action is None and not CHAPTER.match(line) and not PART.match(line):
            continue
        stop = line.find("。")
        title = line if stop < 0 else line[:stop]
        if len(title) > HEADING_MAX:
            if action is None:
                continue
            title, stop = f"{action.number or ''}{action.title}", -1
            yield Heading(start, start, title, 2, action)
            continue
        body = end if stop < 0 else start + stop + 1
        yield Heading(start, body, title, 2 if action else level, action)


def lines(text: str) -> Iterable[Interval]:
    """Yield start and end of every line that holds more than blanks."""
    start = 0
    for line in text.split("\n"):
        if line.strip():
            yield start, start + len(line)
        start += len(line) + 1


def _blocks(
    text: str, start: int, end: int, spans: dict[int, Interval], marks: list[Mark]
) -> list[Block]:
    """Cut a section at the ends of its measures, and each part into paragraphs."""
    cuts: list[tuple[int, int, int | None]] = []
    here = start
    inside = sorted((span, pk) for pk, span in spans.items() if start <= span[0] < end)
    for (begin, stop), pk in inside:
        cuts += [(here, begin, None), (begin, min(stop, end), pk)]
        here = min(stop, end)
    cuts.append((here, end, None))
    blocks = []
    for begin, stop, measure in cuts:
        paragraphs = [
            _pieces(text, begin + first, begin + last, marks)
            for first, last in lines(text[begin:stop])
        ]
        if paragraphs:
            blocks.append(Block(paragraphs, measure))
    return blocks


def _pieces(text: str, start: int, end: int, marks: list[Mark]) -> list[Piece]:
    """Cut a paragraph wherever a mark begins or ends."""
    here = [one for one in marks if one.start < end and one.end > start]
    edges = {start, end}
    for one in here:
        edges |= {max(one.start, start), min(one.end, end)}
    points = sorted(edges)
    return [
        Piece(
            text[first:last],
            bold=any(one.kind == "bold" and one.start <= first < one.end for one in here),
            target=any(one.kind == "target" and one.start <= first < one.end for one in here),
            unit=next((o.ref for o in here if o.kind == "unit" and o.start <= first < o.end), None),
        )
        for first, last in pairwise(points)
    ]


def named_units(text: str, span: Interval, names: dict[str, Any]) -> list[Mark]:
    """Mark each unit once, where it was printed last: the bracket stands at the end.

    `names` maps printed names to what they mean; longer names go first, so that a name inside
    another is not marked in its place.
    """
    taken: list[Interval] = []
    marks = []
    for name in sorted(names, key=len, reverse=True):
        at = text.rfind(name, *span)
        while at >= 0 and any(first < at + len(name) and at < last for first, last in taken):
            at = text.rfind(name, span[0], at + len(name) - 1)
        if at >= 0:
            taken.append((at, at + len(name)))
            marks.append(Mark(at, at + len(name), "unit", names[name]))
    return marks


def title_mark(text: str, measure: Measure) -> Mark | None:
    """Mark a measure's title where it stands at the head of its text."""
    if measure.span_start is None or measure.span_end is None:
        return None
    at = text.find(measure.title, measure.span_start, measure.span_end)
    return Mark(at, at + len(measure.title), "bold") if at >= 0 else None
