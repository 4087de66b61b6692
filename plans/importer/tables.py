"""Read a table of tasks: 重点任务 | 具体措施 | 牵头单位 | 配合单位."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from plans.importer.model import ActionKind, ParsedAction, ParsedMeasure, Role, Span, Statement
from plans.importer.notations import ACTION_TITLE, FIELD_ROLES, PROJECT_TITLE
from plans.importer.outline import Entry
from plans.importer.responsibilities import read_cell
from plans.importer.spans import first_stop, trimmed

_ACTION_COLUMN = re.compile(r"(?:重点|主要|工作)?任务$|行动|工程|项目|类别")
_MEASURE_COLUMN = re.compile(r"(?:具体|主要|工作)?(?:措施|举措)|工作内容|任务内容|具体任务|内容")
_NUMBER_COLUMN = re.compile(r"序号|编号")


@dataclass(slots=True)
class _Columns:
    action: int | None
    measure: int | None
    number: int | None
    roles: dict[int, Role]


@dataclass(slots=True)
class _Draft:
    """Gather what rows add to one action; titles lead to its measures."""

    action: ParsedAction
    measures: list[ParsedMeasure]
    places: dict[str, int]
    statements: list[Statement]


def read_tables(text: str, rows: list[Entry], actions: list[ParsedAction]) -> list[ParsedAction]:
    """Add what tables say to the actions; a measure that is there already gets its units."""
    if not rows:
        return actions
    # The first of two equal titles stands for both; new tasks follow in the order of the rows.
    known = [_draft(action) for action in actions]
    drafts = {_bare(draft.action.title): draft for draft in reversed(known)}
    columns: _Columns | None = None
    current: _Draft | None = None
    for row in rows:
        cells = _cells(text, row)
        header = _header(text, cells)
        if header:
            columns, current = header, None
        elif columns is not None:
            current = _read_row(text, row, cells, columns, drafts, current)
    listed = {id(draft) for draft in known}
    known += [draft for draft in drafts.values() if id(draft) not in listed]
    return [
        replace(
            draft.action,
            measures=tuple(draft.measures),
            statements=draft.action.statements + tuple(draft.statements),
        )
        for draft in known
    ]


def _cells(text: str, row: Entry) -> list[Span]:
    cells: list[Span] = []
    at = row.start
    for piece in text[row.start : row.end].split("\t"):
        cells.append(trimmed(text, at, at + len(piece)))
        at += len(piece) + 1
    return cells


def _header(text: str, cells: list[Span]) -> _Columns | None:
    names = [text[a:b] for a, b in cells]
    roles: dict[int, Role] = {}
    for at, name in enumerate(names):
        for pattern, role in FIELD_ROLES:
            if role and re.fullmatch(pattern, name):
                roles[at] = role  # type: ignore[assignment]
    if not roles:
        return None
    action = next((i for i, n in enumerate(names) if _ACTION_COLUMN.fullmatch(n)), None)
    measure = next((i for i, n in enumerate(names) if _MEASURE_COLUMN.match(n)), None)
    if action is None and measure is None:
        return None
    number = next((i for i, n in enumerate(names) if _NUMBER_COLUMN.match(n)), None)
    return _Columns(action, measure, number, roles)


def _read_row(
    text: str,
    row: Entry,
    cells: list[Span],
    columns: _Columns,
    drafts: dict[str, _Draft],
    current: _Draft | None,
) -> _Draft | None:
    """Read one row; an empty task cell continues the task above it."""

    def cell(at: int | None) -> Span:
        return cells[at] if at is not None and at < len(cells) else (row.start, row.start)

    action_span = cell(columns.action)
    name = text[slice(*action_span)].rstrip("。；")
    if name or current is None:
        if not name and columns.action is not None:
            return None
        name = name or "（原文无标题）"
        current = drafts.get(_bare(name))
        if current is None:
            current = _draft(_new_action(name, row, action_span))
            drafts[_bare(name)] = current
    statements = tuple(
        statement
        for at, role in columns.roles.items()
        if (statement := read_cell(text, *cell(at), role)).units
    )
    measure_span = cell(columns.measure)
    if measure_span[0] < measure_span[1]:
        number = text[slice(*cell(columns.number))] or None
        _add_measure(text, current, row, measure_span, number, statements)
    else:
        current.statements += statements
    return current


def _new_action(name: str, row: Entry, span: Span) -> ParsedAction:
    kind: ActionKind = "project" if PROJECT_TITLE.search(name) else "action"
    if not ACTION_TITLE.match(name) and "保障" in name:
        kind = "safeguard"
    return ParsedAction(None, name, "", (row.start, row.end), span, (), kind, ())


def _draft(action: ParsedAction) -> _Draft:
    places = {_bare(measure.title): at for at, measure in enumerate(action.measures)}
    return _Draft(action, list(action.measures), places, [])


def _add_measure(
    text: str,
    draft: _Draft,
    row: Entry,
    span: Span,
    number: str | None,
    statements: tuple[Statement, ...],
) -> None:
    stop = first_stop(text, *span, "。；")
    title_span = trimmed(text, span[0], stop if stop > span[0] else span[1])
    title = text[slice(*title_span)]
    at = draft.places.get(_bare(title))
    if at is None:
        draft.places[_bare(title)] = len(draft.measures)
        words = text[slice(*span)]
        draft.measures.append(
            ParsedMeasure(number, title, words, (row.start, row.end), title_span, statements)
        )
    elif not draft.measures[at].statements:
        draft.measures[at] = replace(draft.measures[at], statements=statements)


def _bare(title: str) -> str:
    """Reduce a title to what two printings of it share."""
    words = re.sub(r"[^一-龥A-Za-z0-9、]|^[一二三四五六七八九十]+、", "", title)
    return re.sub(r"^(?:实施|开展|推进)", "", words) or title
