"""Find ruled tables on a PDF page and read them row by row, merged cells included."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from plans.importer.pages import Page, Rule, Sign

_SNAP = 4.0  # rules closer than this are one, drawn twice or as the edges of a thin box
_REACH = 4.0  # how far rules may miss each other at a corner
_MAX_RULES = 3_000
_MAX_LINES = 120  # across or down one table
_MAX_GRIDS = 40


@dataclass(slots=True)
class Row:
    """Keep the texts of a row, and how many rows the cell in each column spans."""

    words: list[str]
    spans: list[int]


@dataclass(slots=True)
class Grid:
    """Keep a ruled table: where its rules lie and the signs of each merged cell."""

    columns: list[float]
    rows: list[float]
    cell_of: dict[tuple[int, int], int]
    signs: dict[int, list[Sign]] = field(default_factory=dict)

    @property
    def top(self) -> float:
        return self.rows[0]

    def cell_at(self, x: float, y: float) -> int | None:
        """Return the cell at a place, or None outside the table."""
        inside = self.columns[0] <= x <= self.columns[-1] and self.rows[0] <= y <= self.rows[-1]
        if not inside:
            return None
        column = min(bisect_right(self.columns, x) - 1, len(self.columns) - 2)
        row = min(bisect_right(self.rows, y) - 1, len(self.rows) - 2)
        return self.cell_of[row, column]

    def width_of(self, cell: int) -> float:
        """Return the width of a cell in points."""
        across = [column for (_, column), one in self.cell_of.items() if one == cell]
        return self.columns[max(across) + 1] - self.columns[min(across)]

    def read(self, text_of: Callable[[list[Sign], float], str]) -> list[Row]:
        """Return the rows. A cell that spans rows is repeated: it speaks for each.

        A row that is one single cell has one text.
        """
        texts = {cell: text_of(signs, self.width_of(cell)) for cell, signs in self.signs.items()}
        sizes = Counter(self.cell_of.values())
        rows = []
        told: set[int] = set()
        for row in range(len(self.rows) - 1):
            cells = [self.cell_of[row, column] for column in range(len(self.columns) - 1)]
            if len(set(cells)) == 1:
                words = [texts.get(cells[0], "")] if cells[0] not in told else []
            else:
                words = [
                    "" if at and cells[at - 1] == cell else texts.get(cell, "")
                    for at, cell in enumerate(cells)
                ]
            told.update(cells)
            if any(words):
                wide = Counter(cells)
                rows.append(Row(words, [sizes[cell] // wide[cell] for cell in cells]))
        return rows


def take_grids(page: Page) -> list[Grid]:
    """Find the tables of a page, top first, and move the signs inside them into their cells."""
    grids = [grid for group in _groups(page.across, page.down) if (grid := _grid(*group))]
    grids = sorted(grids, key=lambda grid: grid.top)[:_MAX_GRIDS]
    if not grids:
        return []
    outside = []
    for sign in page.signs:
        x, y = (sign.left + sign.right) / 2, (sign.top + sign.base) / 2
        for grid in grids:
            if (cell := grid.cell_at(x, y)) is not None:
                grid.signs.setdefault(cell, []).append(sign)
                break
        else:
            outside.append(sign)
    page.signs = outside
    return [grid for grid in grids if grid.signs]


def _groups(across: list[Rule], down: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Gather the rules that touch each other, directly or through others."""
    across, down = _joined(across), _joined(down)
    if not down or len(across) + len(down) > _MAX_RULES:
        return []
    parent = list(range(len(across) + len(down)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for i, level in enumerate(across):
        for j, upright in enumerate(down, start=len(across)):
            if (
                level.start - _REACH <= upright.at <= level.end + _REACH
                and upright.start - _REACH <= level.at <= upright.end + _REACH
            ):
                parent[root(i)] = root(j)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for at, rule in enumerate([*across, *down]):
        group = groups.setdefault(root(at), ([], []))
        group[at >= len(across)].append(rule)
    return list(groups.values())


def _joined(rules: list[Rule]) -> list[Rule]:
    """Join pieces of one rule: borders are often drawn cell by cell."""
    lines = _snapped(rule.at for rule in rules)
    pieces = sorted((_nearest(lines, rule.at), rule.start, rule.end) for rule in rules)
    joined: list[Rule] = []
    for at, start, end in pieces:
        last = joined[-1] if joined else None
        if last and last.at == at and start <= last.end + _REACH:
            joined[-1] = Rule(at, last.start, max(last.end, end))
        else:
            joined.append(Rule(at, start, end))
    return joined


def _snapped(places: Iterable[float]) -> list[float]:
    """Reduce places to one for each run of close neighbours."""
    lines: list[list[float]] = []
    for place in sorted(places):
        if lines and place - lines[-1][0] <= _SNAP:
            lines[-1].append(place)
        else:
            lines.append([place])
    return [sum(line) / len(line) for line in lines]


def _nearest(lines: list[float], place: float) -> float:
    at = bisect_right(lines, place)
    return min(lines[max(at - 1, 0) : at + 1], key=lambda line: abs(line - place))


def _grid(across: list[Rule], down: list[Rule]) -> Grid | None:
    """Build the cells between crossing rules; None for a frame or a single column."""
    if not across or not down:
        return None
    # A table may be open at its sides: the ends of its level rules stand for the missing borders.
    columns = _snapped(
        [*(one.at for one in down), min(r.start for r in across), max(r.end for r in across)]
    )
    rows = _snapped(
        [*(one.at for one in across), min(r.start for r in down), max(r.end for r in down)]
    )
    if not 3 <= len(columns) <= _MAX_LINES or not 2 <= len(rows) <= _MAX_LINES:
        return None
    cell_of = _cells(columns, rows, across, down)
    if len(set(cell_of.values())) < 2:
        return None
    return Grid(columns, rows, cell_of)


def _cells(
    columns: list[float], rows: list[float], across: list[Rule], down: list[Rule]
) -> dict[tuple[int, int], int]:
    """Number the cells: neighbours without a rule between them are one."""
    uprights, levels = _by_line(columns, down), _by_line(rows, across)
    wide = len(columns) - 1
    parent = list(range(wide * (len(rows) - 1)))

    def root(cell: int) -> int:
        while parent[cell] != cell:
            parent[cell] = parent[parent[cell]]
            cell = parent[cell]
        return cell

    for row in range(len(rows) - 1):
        for column in range(wide):
            x = (columns[column] + columns[column + 1]) / 2
            y = (rows[row] + rows[row + 1]) / 2
            cell = row * wide + column
            if column and not _ruled(uprights[column], y):
                parent[root(cell)] = root(cell - 1)
            if row and not _ruled(levels[row], x):
                parent[root(cell)] = root(cell - wide)
    return {(cell // wide, cell % wide): root(cell) for cell in range(len(parent))}


def _by_line(lines: list[float], rules: list[Rule]) -> list[list[Rule]]:
    """Sort rules by the line of the table on which they lie."""
    found: list[list[Rule]] = [[] for _ in lines]
    for rule in rules:
        found[lines.index(_nearest(lines, rule.at))].append(rule)
    return found


def _ruled(rules: list[Rule], middle: float) -> bool:
    return any(rule.start - 1 <= middle <= rule.end + 1 for rule in rules)
