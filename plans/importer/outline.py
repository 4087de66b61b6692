"""Order paragraphs into an outline: markers, labels, statements and what hangs below each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from plans.importer.cutting import pieces
from plans.importer.entries import Entry, EntryKind, title_span
from plans.importer.model import CleanText, Span, Statement
from plans.importer.notations import (
    ACTION_TITLE,
    AFTER_PLAN,
    ARTICLE,
    BULLET,
    DATE,
    DIGIT_BRACKET,
    DIGIT_STOP,
    GOAL_LABEL,
    HAN_BRACKET,
    HAN_DATE,
    HAN_ORDINAL,
    HAN_STOP,
    ISSUER_LINE,
    MARKERS,
    MEASURE_LABEL,
    PART_LABEL,
    UNITS_CAPTION,
    han_number,
)
from plans.importer.raising import (
    fill_boxes,
    raise_bulleted,
    raise_named,
    rank_labelled,
    with_bare_headings,
)
from plans.importer.responsibilities import find_statements, read_line

_ROOT_RANK = -1
_NUMBERED_DIVISION = re.compile(
    r"(?:(?:任务|责任|职责)?分工|(?:责任|牵头|负责)(?:单位|部门)(?:及分工)?)。(?=[一-龥])"
)
_FURNITURE = re.compile(r".{2,60}[.．·…]{3,}\d{1,3}|目录|附\s*件\d*[：:]?|附件?\d*[：:].{2,60}")


@dataclass(slots=True)
class Node:
    """Keep a marked entry with all that is printed below it, in order."""

    entry: Entry
    rank: float
    title: str = ""
    title_span: Span = (0, 0)
    items: list[Node | Entry] = field(default_factory=list)

    @property
    def children(self) -> list[Node]:
        return [item for item in self.items if isinstance(item, Node)]

    @property
    def end(self) -> int:
        last = self.items[-1] if self.items else None
        return max(self.entry.end, last.end) if last else self.entry.end

    def walk(self) -> Iterator[Entry]:
        """Yield the entries of this node and below, in printed order."""
        yield self.entry
        for item in self.items:
            if isinstance(item, Node):
                yield from item.walk()
            else:
                yield item


def read_entries(clean: CleanText) -> list[Entry]:
    """Cut the paragraphs into entries."""
    text = clean.text
    entries: list[Entry] = []
    closed = False
    for paragraph in clean.paragraphs:
        for start, end in pieces(text, paragraph):
            entry = _entry(text, start, end, clean.line_of(start))
            if AFTER_PLAN.match(text, start, end):
                closed = True
            elif closed and entry.kind == "marker" and entry.rank == HAN_STOP:
                closed = False
            if closed and entry.kind != "table":
                entry = replace(entry, kind="remainder", statements=())
            entries.append(entry)
    entries = with_bare_headings(text, _with_labels(text, entries))
    raise_bulleted(text, entries)
    raise_named(text, entries)
    return rank_labelled(fill_boxes(text, entries))


def _with_labels(text: str, entries: list[Entry]) -> list[Entry]:
    """Turn （一）任务 and （二）措施 into labels, where they stand below an action."""
    below = False
    out = []
    for entry in entries:
        if entry.kind == "marker" and entry.rank < HAN_BRACKET:
            below = bool(ACTION_TITLE.match(text[slice(*title_span(text, entry))]))
        elif entry.kind == "marker" and entry.rank == HAN_BRACKET and below:
            entry = _numbered_label(text, entry)
        out.append(entry)
    return out


def _entry(text: str, start: int, end: int, line: int) -> Entry:
    body = text[start:end]
    if "\t" in body:
        return Entry("table", start, end, line, start)
    if _FURNITURE.fullmatch(body):
        return Entry("remainder", start, end, line, start)
    if UNITS_CAPTION.fullmatch(body):
        return Entry("division", start, end, line, start)
    day = body.removesuffix("印发")
    if ISSUER_LINE.fullmatch(body) or DATE.fullmatch(day) or HAN_DATE.fullmatch(day):
        return Entry("remainder", start, end, line, start)
    label = PART_LABEL.match(body)
    if label:
        kind: EntryKind = (
            "measures" if MEASURE_LABEL.match(label.group().strip("【】[]：:")) else "goals"
        )
        rest = start + label.end()
        return Entry(kind, start, end, line, rest, statements=_inside(text, rest, end))
    if statement := read_line(text, start, end):
        return Entry("statement", start, end, line, start, statements=(statement,))
    for rank, pattern in MARKERS:
        if hit := pattern.match(text, start, end):
            return _marked(text, start, end, line, rank, hit)
    statements = _inside(text, start, end)
    if len(statements) == 1 and not text[start:end].strip("。 　")[:-1].replace(
        text[slice(*statements[0].span)][:-1], ""
    ):
        return Entry("statement", start, end, line, start, statements=statements)
    return Entry("plain", start, end, line, start, statements=statements)


def _inside(text: str, start: int, end: int) -> tuple[Statement, ...]:
    return tuple(find_statements(text, start, end))


def _marked(text: str, start: int, end: int, line: int, rank: int, hit: re.Match[str]) -> Entry:
    number = next((group for group in hit.groups() if group), None)
    entry = Entry("marker", start, end, line, hit.end(), rank, number, _ordinal(number or ""))
    entry.statements = _inside(text, hit.end(), end)
    if rank >= DIGIT_STOP or rank == ARTICLE:
        return _numbered_label(text, entry)
    return entry


def _ordinal(number: str) -> int | None:
    """Read the last number in a printed mark: （三） → 3, 2.1 → 1, ⑷ → 4."""
    plain = unicodedata.normalize("NFKC", number)
    if len(plain) == 1 and not plain.isdecimal() and plain not in HAN_ORDINAL:
        return int(unicodedata.numeric(plain, 0)) or None
    runs = re.findall(rf"\d+|[{HAN_ORDINAL}]+", plain)
    return han_number(runs[-1]) if runs else None


def _numbered_label(text: str, entry: Entry) -> Entry:
    """Turn 1.任务 and 2.措施 below an action into labels: they hold items and are none."""
    title = text[slice(*title_span(text, entry))]
    body = entry.body + len(title)
    while body < entry.end and text[body] in "：:。":
        body += 1
    if MEASURE_LABEL.fullmatch(title):
        return replace(entry, kind="measures", rank=99, body=body)
    if GOAL_LABEL.fullmatch(title):
        return replace(entry, kind="goals", rank=99, body=body)
    if UNITS_CAPTION.fullmatch(text, entry.body, entry.end):
        # 3.责任单位 with the units on the next line: a caption, no measure.
        return replace(entry, kind="division", rank=99, statements=())
    division = _NUMBERED_DIVISION.match(text, entry.body, entry.end)
    if statement := read_line(text, division.end() if division else entry.body, entry.end):
        return replace(entry, kind="statement", rank=99, statements=(statement,))
    return entry


def build_tree(text: str, entries: list[Entry]) -> Node:
    """Hang every entry below the marker it belongs to; the root stands for the plan."""
    first = entries[0] if entries else Entry("plain", 0, 0, 1, 0)
    root = Node(Entry("plain", first.start, first.start, first.line, first.start), _ROOT_RANK)
    path = [root]
    for entry in entries:
        if entry.kind == "remainder":
            continue
        if entry.kind in ("goals", "measures", "division"):
            while len(path) > 1 and path[-1].rank >= DIGIT_BRACKET:
                path.pop()
            while len(path) > 1 and path[-1].rank == DIGIT_STOP and _holds_labels(path[-2]):
                path.pop()
        if entry.kind != "marker":
            if entry.kind == "plain" and _is_untitled(path[-1]):
                path[-1].title_span = span = title_span(text, entry)
                path[-1].title = text[slice(*span)]
            path[-1].items.append(entry)
            continue
        while path[-1].rank >= entry.rank:
            path.pop()
        span = title_span(text, entry)
        node = Node(entry, entry.rank, text[slice(*span)], span)
        path[-1].items.append(node)
        path.append(node)
    return root


def _is_untitled(node: Node) -> bool:
    """See a number alone on its line, with the title on the next."""
    return not node.items and node.title_span[0] < node.entry.body < node.title_span[1] + 1


def _holds_labels(node: Node) -> bool:
    labels = ("goals", "measures", "division")
    return any(isinstance(i, Entry) and i.kind in labels for i in node.items)


def is_bullet(node: Node) -> bool:
    """Say whether a node has no number of its own."""
    return node.rank == BULLET


__all__ = [
    "Entry",
    "Node",
    "build_tree",
    "is_bullet",
    "read_entries",
    "title_span",
]
