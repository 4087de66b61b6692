"""Tell what the columns of a table of tasks hold: 类别 | 重点任务 | 具体措施 | 牵头单位 | …"""

from __future__ import annotations

import re
from dataclasses import dataclass

from plans.importer.model import Role, Span
from plans.importer.notations import (
    ACTION_TITLE,
    FIELD_ROLES,
    GENERIC_TITLE,
    NUMBER_COLUMN,
    TASK_COLUMN,
)
from plans.importer.units import is_unit


@dataclass(frozen=True, slots=True)
class Columns:
    """Keep what each column of a table holds; `items` are the columns of words, left to right."""

    items: tuple[int, ...]
    number: int | None
    roles: dict[int, Role]
    count: int


@dataclass(frozen=True, slots=True)
class Reading:
    """Say which column names the actions, if one does, and which ones tell the measures."""

    action: int | None
    measure: tuple[int, ...]


def read_header(names: list[str]) -> Columns | None:
    """Read a row as the head of a table of tasks; return None when it is none."""
    bare = [re.sub(r"[（(][^（）()]*[）)]|[^一-龥]", "", name) for name in names]
    roles: dict[int, Role] = {}
    for at, name in enumerate(bare):
        for pattern, role in FIELD_ROLES:
            if (
                role
                and at not in roles
                and re.fullmatch(
                    rf"(?:(?:[省市县区州乡镇旗]{{1,3}}级?|属地|基层|地方)的?)?(?:{pattern})", name
                )
            ):
                roles[at] = role  # type: ignore[assignment]
    items = tuple(at for at, name in enumerate(bare) if TASK_COLUMN.fullmatch(name))
    if not roles or not items:
        return None
    number = next((at for at, name in enumerate(bare) if NUMBER_COLUMN.fullmatch(name)), None)
    return Columns(items, number, roles, len(names))


def read_columns(text: str, columns: Columns, rows: list[list[Span]], headed: bool) -> Reading:
    """Find the column of actions: the one whose cells are called so, else the last but one.

    `headed` says that headings between the rows name the actions already.
    """
    items = columns.items
    for at in items:
        cells = {text[slice(*row[at])] for row in rows if at < len(row)} - {""}
        named = sum(is_action_cell(cell) for cell in cells)
        if cells and 2 * named > len(cells):
            return Reading(at, tuple(item for item in items if item > at))
    if headed:
        return Reading(None, items)
    if len(items) == 1:
        return Reading(None, items)
    return Reading(items[-2], items[-1:])


def is_action_cell(cell: str) -> bool:
    """Say whether a cell or heading names one action or project."""
    words = re.sub(r"^[（(]?[一二三四五六七八九十\d]+[）)、.．]\s*|[。；]$", "", cell)
    return bool(ACTION_TITLE.match(words) and not GENERIC_TITLE.match(words)) and len(words) <= 40


def aligned(text: str, cells: list[Span], columns: Columns) -> list[Span]:
    """Put back empty cells that a row lost at its beginning, where its units show how many."""
    missing = columns.count - len(cells)
    if missing <= 0 or not cells:
        return cells

    def units_in_place(shift: int) -> int:
        inside = [at - shift for at in columns.roles if 0 <= at - shift < len(cells)]
        names = [re.split("[、，,；; ]", text[slice(*cells[at])])[0] for at in inside]
        return sum(is_unit(name) for name in names)

    best = max(range(missing + 1), key=lambda shift: (units_in_place(shift), -shift))
    start = cells[0][0]
    return [(start, start)] * best + cells
