"""Read a table of tasks: 重点任务 | 具体措施 | 牵头单位 | 配合单位."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from plans.importer.model import ActionKind, ParsedAction, ParsedMeasure, Span, Statement
from plans.importer.notations import ACTION_TITLE, PROJECT_TITLE
from plans.importer.outline import Entry, title_span
from plans.importer.responsibilities import read_cell
from plans.importer.spans import first_stop, trimmed
from plans.importer.tableheads import (
    Columns,
    Reading,
    aligned,
    is_action_cell,
    read_columns,
    read_header,
)

_NUMBERED = re.compile(
    r"(?P<number>[（(]?[一二三四五六七八九十\d]{1,3}[）)](?:[、.．])?|[一二三四五六七八九十\d]{1,3}[、．]|"
    r"\d{1,2}\.(?!\d)|[①-⑳])\s*"
)
_GROUP_NUMBER = r"[（(]?[一二三四五六七八九十]{1,3}[）)]?[、.．]?"
# A measure of several in one cell.
_ITEM = re.compile(
    r"(?P<number>[（(]?(?P<value>\d{1,2}|[①-⑳])(?:[）)][、.．]?|[、．]|\.(?!\d)|(?<=[①-⑳])))\s*"
)


@dataclass(slots=True)
class _Draft:
    """Gather what rows add to one action; titles lead to its measures."""

    action: ParsedAction
    measures: list[ParsedMeasure]
    places: dict[str, int]
    statements: list[Statement]


@dataclass(slots=True)
class _Table:
    """Keep the rows below one header, each with the heading printed above it, if any."""

    columns: Columns
    rows: list[tuple[Entry, Entry | None]]


def read_tables(
    text: str, entries: list[Entry], actions: list[ParsedAction], title: str | None
) -> list[ParsedAction]:
    """Add what tables say to the actions; a measure that is there already gets its units."""
    tables = list(_tables(text, entries))
    if not tables:
        return actions
    known = [_draft(action) for action in actions]
    # The first of two equal titles stands for both; new tasks follow in the order of the rows.
    drafts = {_bare(draft.action.title): draft for draft in reversed(known)}
    for table in tables:
        _read_table(text, table, drafts, title or "（原文无标题）")
    listed = {id(draft) for draft in known}
    known += [draft for draft in drafts.values() if id(draft) not in listed]
    return [
        replace(
            draft.action,
            span=_reach(draft),
            measures=tuple(draft.measures),
            statements=draft.action.statements + tuple(draft.statements),
        )
        for draft in known
    ]


def _tables(text: str, entries: list[Entry]) -> Iterator[_Table]:
    """Find the tables: a header, then rows, with headings of groups between them."""
    table: _Table | None = None
    heading: Entry | None = None
    for at, entry in enumerate(entries):
        if entry.kind != "table":
            if entry.kind in ("marker", "plain"):
                heading = entry if _is_heading(text, entry, entries[at + 1 : at + 2]) else None
            continue
        header = read_header([text[slice(*cell)] for cell in _cells(text, entry)])
        if header is not None:
            if table is not None and header == table.columns:
                continue  # printed again on the next page
            if table is not None:
                yield table
            table = _Table(header, [])
            heading = _unless_title(text, heading)
        elif table is not None and (named := _heading_row(text, entry)):
            heading = named
        elif table is not None:
            table.rows.append((entry, heading))
    if table is not None:
        yield table


def _unless_title(text: str, heading: Entry | None) -> Entry | None:
    """Leave out the title of the table: only an action heads its rows."""
    if heading is None or not is_action_cell(text[slice(*title_span(text, heading))]):
        return None
    return heading


def _heading_row(text: str, row: Entry) -> Entry | None:
    """See a row that holds but a number and the name of an action: 一 | 青少年科学素质行动."""
    cells = [cell for cell in _cells(text, row) if cell[0] < cell[1]]
    if len(cells) != 2 or not re.fullmatch(_GROUP_NUMBER, text[slice(*cells[0])]):
        return None
    (number, _), (start, end) = cells
    if not is_action_cell(text[start:end]):
        return None
    printed = text[number : cells[0][1]].rstrip("、.．")
    return replace(row, kind="plain", start=start, body=start, end=end, number=printed)


def _is_heading(text: str, entry: Entry, below: list[Entry]) -> bool:
    if not any(each.kind == "table" for each in below):
        return False
    words = text[entry.start : entry.end]
    return len(words) <= 40 and words[-1] not in "。：；表"


def _cells(text: str, row: Entry) -> list[Span]:
    cells: list[Span] = []
    at = row.start
    for piece in text[row.start : row.end].split("\t"):
        cells.append(trimmed(text, at, at + len(piece)))
        at += len(piece) + 1
    return cells


def _read_table(text: str, table: _Table, drafts: dict[str, _Draft], title: str) -> None:
    cells = [aligned(text, _cells(text, row), table.columns) for row, _ in table.rows]
    headed = any(heading is not None for _, heading in table.rows)
    reading = read_columns(text, table.columns, cells, headed)
    current: _Draft | None = None
    for (row, heading), spans in zip(table.rows, cells, strict=True):
        if reading.action is not None:
            current = _draft_of_row(text, row, spans, reading.action, drafts, current)
        elif heading is not None:
            current = _draft_of_heading(text, heading, drafts)
        else:
            current = _draft_of_measure(text, row, spans, reading, drafts, title)
        if current is not None:
            _read_row(text, row, spans, table.columns, reading, current)


def _draft_of_measure(
    text: str,
    row: Entry,
    cells: list[Span],
    reading: Reading,
    drafts: dict[str, _Draft],
    title: str,
) -> _Draft | None:
    """Find the action whose measure a row repeats; rows of no action stand below the title."""
    at = reading.measure[0]
    if at >= len(cells) or cells[at][0] == cells[at][1]:
        return None
    name = _bare(text[slice(*_title(text, _numbered(text, *cells[at])[1], cells[at][1]))])
    known = next((draft for draft in drafts.values() if name in draft.places), None)
    if known is None:
        known = drafts.get("")
    if known is None:
        action = _new_action(None, title, row, (row.start, row.start))
        known = drafts[""] = _draft(replace(action, kind="action"))
    return known


def _draft_of_heading(text: str, heading: Entry, drafts: dict[str, _Draft]) -> _Draft:
    span = title_span(text, heading)
    title = text[slice(*span)]
    found = drafts.get(_bare(title))
    if found is None:
        found = drafts[_bare(title)] = _draft(_new_action(heading.number, title, heading, span))
    return found


def _draft_of_row(
    text: str,
    row: Entry,
    cells: list[Span],
    column: int,
    drafts: dict[str, _Draft],
    current: _Draft | None,
) -> _Draft | None:
    """Find the action that a row speaks of; an empty cell continues the one above it."""
    start, end = cells[column] if column < len(cells) else (row.start, row.start)
    if start == end:
        return current
    number, start = _numbered(text, start, end)
    while end > start and text[end - 1] in "。；":
        end -= 1
    title = text[start:end]
    found = drafts.get(_bare(title))
    if found is None:
        action = _new_action(number, title, row, (start, end))
        found = drafts[_bare(title)] = _draft(action)
    return found


def _numbered(text: str, start: int, end: int) -> tuple[str | None, int]:
    """Take a number off the beginning of a cell."""
    hit = _NUMBERED.match(text, start, end)
    if hit is None or hit.end() >= end:
        return None, start
    return hit.group("number").rstrip("、.．"), hit.end()


def _read_row(
    text: str,
    row: Entry,
    cells: list[Span],
    columns: Columns,
    reading: Reading,
    draft: _Draft,
) -> None:
    statements = tuple(
        statement
        for at, role in columns.roles.items()
        if at < len(cells) and (statement := read_cell(text, *cells[at], role)).units
    )
    words = [cells[at] for at in reading.measure if at < len(cells) and cells[at][0] < cells[at][1]]
    if not words:
        draft.statements += statements
        return
    parts = _parts(text, *words[0]) if len(words) == 1 else []
    for mark, span in parts:
        _add_measure(text, draft, span, [span], mark, statements)
    if parts:
        return
    number, start = _numbered(text, *words[0])
    if number is None and columns.number is not None and columns.number < len(cells):
        number = text[slice(*cells[columns.number])] or None
    place = (row.start, row.end)
    _add_measure(text, draft, place, [(start, words[0][1]), *words[1:]], number, statements)


def _parts(text: str, start: int, end: int) -> list[tuple[str, Span]]:
    """Divide a cell of several numbered measures: 1.…；2.…；3.…, each on a line or after a stop."""
    cuts: list[tuple[int, int, str]] = []
    for hit in _ITEM.finditer(text, start, end):
        value = int(unicodedata.normalize("NFKC", hit.group("value")))
        opens = hit.start() == start or text[hit.start() - 1] in "。；; "
        if opens and hit.end() < end and value == len(cuts) + 1 and (cuts or hit.start() == start):
            cuts.append((hit.start(), hit.end(), hit.group("number").rstrip("、.．")))
    ends = [*(cut[0] for cut in cuts[1:]), end][: len(cuts)]
    parts = [
        (number, trimmed(text, body, stop))
        for (_, body, number), stop in zip(cuts, ends, strict=True)
    ]
    return parts if len(parts) > 1 and all(a < b for _, (a, b) in parts) else []


def _new_action(number: str | None, title: str, row: Entry, span: Span) -> ParsedAction:
    kind: ActionKind = "project" if PROJECT_TITLE.search(title) else "action"
    if not ACTION_TITLE.match(title) and "保障" in title:
        kind = "safeguard"
    return ParsedAction(number, title, "", (row.start, row.end), span, (), kind, ())


def _draft(action: ParsedAction) -> _Draft:
    places = {_bare(measure.title): at for at, measure in enumerate(action.measures)}
    return _Draft(action, list(action.measures), places, [])


def _reach(draft: _Draft) -> Span:
    """Let a new action reach from its first row to its last; an old one stays where it was."""
    start, end = draft.action.span
    if draft.measures and draft.measures[0].span[0] >= start:
        end = max(end, draft.measures[-1].span[1])
    return start, end


def _add_measure(
    text: str,
    draft: _Draft,
    place: Span,
    words: list[Span],
    number: str | None,
    statements: tuple[Statement, ...],
) -> None:
    start, end = _title(text, *words[0])
    title = text[start:end]
    at = draft.places.get(_bare(title))
    if at is None:
        draft.places[_bare(title)] = len(draft.measures)
        joined = "\n".join(text[slice(*span)] for span in words)
        draft.measures.append(ParsedMeasure(number, title, joined, place, (start, end), statements))
    elif not draft.measures[at].statements:
        draft.measures[at] = replace(draft.measures[at], statements=statements)


def _title(text: str, start: int, end: int) -> Span:
    """Return the first sentence of a cell without its stop."""
    stop = first_stop(text, start, end, "。；")
    return trimmed(text, start, stop if stop > start else end)


def _bare(title: str) -> str:
    """Reduce a title to what two printings of it share."""
    words = re.sub(r"[^一-龥A-Za-z0-9、]|^[一二三四五六七八九十]+、", "", title)
    return re.sub(r"^(?:实施|开展|推进)", "", words) or title
