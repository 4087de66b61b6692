"""Order paragraphs into an outline: markers, labels, statements and what hangs below each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from plans.importer.cutting import pieces
from plans.importer.model import CleanText, Span, Statement
from plans.importer.notations import (
    ACTION_TITLE,
    AFTER_PLAN,
    ARTICLE,
    BARE_LINE,
    BARE_SECTION,
    BOX,
    BULLET,
    CHAPTER,
    DATE,
    DIGIT_BRACKET,
    DIGIT_STOP,
    GENERIC_TITLE,
    GOAL_LABEL,
    HAN_BRACKET,
    HAN_DATE,
    HAN_ORDINAL,
    HAN_STOP,
    ISSUER_LINE,
    LABELLED,
    MARKERS,
    MEASURE_LABEL,
    PART_LABEL,
    PLAN_WORD,
    SAFEGUARD_SECTION,
    UNITS_CAPTION,
    han_number,
)
from plans.importer.responsibilities import find_statements, read_line
from plans.importer.spans import first_stop, trimmed

EntryKind = Literal[
    "marker", "plain", "statement", "goals", "measures", "division", "table", "remainder"
]
_ROOT_RANK = -1
_NUMBERED_DIVISION = re.compile(
    r"(?:(?:任务|责任|职责)?分工|(?:责任|牵头|负责)(?:单位|部门)(?:及分工)?)。(?=[一-龥])"
)
_FURNITURE = re.compile(r".{2,60}[.．·…]{3,}\d{1,3}|目录|附\s*件\d*[：:]?|附件?\d*[：:].{2,60}")


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
    entries = _with_bare_headings(text, _with_labels(text, entries))
    _raise_bulleted(text, entries)
    _raise_named(text, entries)
    return _rank_labelled(_fill_boxes(text, entries))


def _opens_short(text: str, entry: Entry) -> bool:
    """See 加强经费保障。… : a title of a few words runs in to its text."""
    start, end = title_span(text, entry)
    return 4 <= end - start <= 14 and text[end : end + 1] == "。"


def _raise_bulleted(text: str, entries: list[Entry]) -> None:
    """Take ——…行动。 for headings, where the bullets of a section are actions and nothing else."""
    row: list[Entry] = []
    open_row = False
    for entry in [*entries, None]:
        if entry is None or (entry.kind == "marker" and entry.rank <= HAN_BRACKET):
            titles = [text[slice(*title_span(text, each))] for each in row]
            named = sum(bool(ACTION_TITLE.match(title)) for title in titles)
            if len(row) > 1 and 3 * named >= 2 * len(row):
                for each in row:
                    each.rank = HAN_BRACKET
            row = []
            open_row = entry is not None and entry.rank < HAN_BRACKET
            if entry is not None and open_row:
                heading = text[slice(*title_span(text, entry))]
                specific = ACTION_TITLE.match(heading) and not GENERIC_TITLE.match(heading)
                open_row = not specific
        elif entry.kind == "marker" and entry.rank == BULLET and open_row:
            row.append(entry)


def _raise_named(text: str, entries: list[Entry]) -> None:
    """Take lines that are but a name for headings, where a row of items begins below each.

    （一）实施五大提升行动 / 青少年科学素质提升行动 / 1.… 2.… / 农民科学素质提升行动 / 1.…
    """
    found: list[tuple[Entry, float]] = []
    open_group = False
    for at, entry in enumerate(entries):
        if entry.kind == "marker" and entry.rank <= HAN_BRACKET:
            heading = text[slice(*title_span(text, entry))]
            open_group = not ACTION_TITLE.match(heading) or bool(GENERIC_TITLE.match(heading))
        elif open_group and entry.kind == "plain" and _is_name(text, entry):
            rest = entries[at + 1 : at + 5]
            below = next((e for e in rest if e.kind == "marker" or _is_name(text, e)), None)
            if below is not None and _begins_row(below):
                found.append((entry, below.rank))
    if len(found) > 1:
        for entry, rank in found:
            entry.kind, entry.rank = "marker", min(rank, DIGIT_STOP) - 0.5


def _begins_row(entry: Entry) -> bool:
    items = entry.kind == "marker" and entry.rank > HAN_BRACKET
    return items and (entry.ordinal == 1 or entry.rank == BULLET)


def _is_name(text: str, entry: Entry) -> bool:
    """See 青少年科学素质提升行动 alone on its line."""
    words = text[entry.start : entry.end]
    named = ACTION_TITLE.match(words) and not GENERIC_TITLE.match(words)
    return bool(BARE_LINE.fullmatch(words) and named) and not PLAN_WORD.search(words)


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


def _with_bare_headings(text: str, entries: list[Entry]) -> list[Entry]:
    """Take short lines for headings in a text whose numbers were lost."""
    if any(e.kind == "marker" and e.rank <= HAN_BRACKET for e in entries):
        return entries
    safeguards = False
    for entry in entries:
        words = text[entry.start : entry.end].rstrip("。")
        if safeguards and entry.kind == "plain" and _opens_short(text, entry):
            entry.kind, entry.rank = "marker", HAN_BRACKET
            continue
        if entry.kind not in ("plain", "goals", "measures") or not BARE_LINE.fullmatch(words):
            continue
        if BARE_SECTION.fullmatch(words.rstrip("：:")):
            entry.kind, entry.rank, entry.body = "marker", HAN_STOP, entry.start
            safeguards = bool(SAFEGUARD_SECTION.search(words))
        elif ACTION_TITLE.match(words) and not PLAN_WORD.search(words):
            entry.kind, entry.rank = "marker", HAN_BRACKET
    return entries


def _fill_boxes(text: str, entries: list[Entry]) -> list[Entry]:
    """Make plain words of the items in a 专栏, up to the heading or number that goes on."""
    inside = False
    last = within = 0
    for entry in entries:
        if entry.kind == "plain" and BOX.match(text, entry.start, entry.end):
            inside, within = True, 0
            continue
        if entry.kind != "marker":
            continue
        number = entry.ordinal if entry.rank == DIGIT_STOP else None
        if inside and (
            entry.rank <= HAN_BRACKET
            or (number == last + 1 and number != within + 1)
            or entry.statements
        ):
            inside = False
        if inside:
            entry.kind, entry.rank = "plain", 99
            within = number or within
        elif entry.rank <= DIGIT_STOP:
            last = number or 0
    return entries


def _rank_labelled(entries: list[Entry]) -> list[Entry]:
    """Rank 行动一：… half a step below the heading that the row stands under."""
    above: float = CHAPTER
    row: float | None = None
    for entry in entries:
        if entry.kind != "marker":
            continue
        if entry.rank == LABELLED:
            row = entry.rank = above + 0.5 if row is None else row
        elif entry.rank <= DIGIT_STOP:
            above = entry.rank
            if row is not None and above < row:
                row = None
    return entries


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
    if MEASURE_LABEL.fullmatch(title):
        return replace(entry, kind="measures", rank=99, body=entry.body + len(title))
    if GOAL_LABEL.fullmatch(title):
        return replace(entry, kind="goals", rank=99, body=entry.body + len(title))
    if UNITS_CAPTION.fullmatch(text, entry.body, entry.end):
        # 3.责任单位 with the units on the next line: a caption, no measure.
        return replace(entry, kind="division", rank=99, statements=())
    division = _NUMBERED_DIVISION.match(text, entry.body, entry.end)
    if statement := read_line(text, division.end() if division else entry.body, entry.end):
        return replace(entry, kind="statement", rank=99, statements=(statement,))
    return entry


def title_span(text: str, entry: Entry) -> Span:
    """Find the title: the first sentence after the marker, without stop and statement."""
    start, end = entry.body, entry.end
    stops = [entry.end, *(each.span[0] for each in entry.statements)]
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
            path[-1].items.append(entry)
            continue
        while path[-1].rank >= entry.rank:
            path.pop()
        span = title_span(text, entry)
        node = Node(entry, entry.rank, text[slice(*span)], span)
        path[-1].items.append(node)
        path.append(node)
    return root


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
