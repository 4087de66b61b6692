"""Say what a piece of the text is: an entry with its marker, and where its title stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from plans.importer.model import Span, Statement
from plans.importer.spans import first_stop, trimmed

EntryKind = Literal[
    "marker", "plain", "statement", "goals", "measures", "division", "table", "remainder"
]


@dataclass(slots=True)
class Entry:
    """Keep one piece of the text: at most one marker, label or statement line."""

    kind: EntryKind
    start: int
    end: int
    line: int
    body: int
    rank: float = 99
    number: str | None = None
    ordinal: int | None = None
    statements: tuple[Statement, ...] = ()


def title_span(text: str, entry: Entry) -> Span:
    """Find the title: the first sentence after the marker, without stop and statement.

    What holds nothing else is its own title, marker and all.
    """
    start = _skip_stops(text, entry.body, entry.end)
    for statement in entry.statements:
        if statement.span[0] <= start < statement.span[1]:
            start = _skip_stops(text, statement.span[1], entry.end)
    start, end = _title_from(text, entry, start)
    return (start, end) if start < end else trimmed(text, entry.start, entry.end)


def _title_from(text: str, entry: Entry, start: int) -> Span:
    end = entry.end
    stops = [end, *(each.span[0] for each in entry.statements if each.span[0] >= start)]
    stop = first_stop(text, start, end, "。！？；;!")
    if stop >= 0:
        stops.append(stop)
    colon = first_stop(text, start, end, "：:")
    if start < colon <= start + 25 and colon + 1 < end and colon < min(stops):
        stops.append(colon)
    start, end = trimmed(text, start, min(stops))
    while end > start and text[end - 1] in "。；：:，、 　":
        end -= 1
    return start, end


def _skip_stops(text: str, start: int, end: int) -> int:
    while start < end and text[start] in "。！？；;!：:，,、 　":
        start += 1
    return start
