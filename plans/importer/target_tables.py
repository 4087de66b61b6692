"""Read targets out of tables of indicators: one row each, the years in the head of the columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from plans.importer.model import ParsedTarget, Scope, Span, TargetKind
from plans.importer.spans import widened
from plans.importer.subjects import (
    FUNDING,
    HEALTH_LITERACY,
    LITERACY,
    coverage_code,
    literacy_code,
    made_code,
    suffix_of,
)
from plans.importer.targets import read_targets
from plans.importer.values import UNIT, Place, decimal_of, values

_NAME = re.compile(r"(?:主要|具体|核心)?指标(?:名称|内容)?$|名称$|^(?:目标|内容|项目)$")
_UNIT = re.compile(r"(?:计量)?单位$")
_TARGET = re.compile(r"目标(?:值|数)?|规划(?:值|目标)|预期(?:值|目标)")
_PAST = re.compile(r"基期|基数|现状|现值|完成|实际|基准")
_YEAR = re.compile(r"(20\d\d)年?")
_NUMBER = re.compile(
    r"^(?P<op>[≥≤＞＜><~约]|大于|超过|不低于|不少于|达到)?(?P<value>\d[\d，]*(?:\.\d+)?)(?P<rest>.*)$"
)
# A cell that holds a date and nothing else.
_DUE = re.compile(r"^[至到]?(20\d\d)年?(?:\d{1,2}月)?(?:\d{1,2}日)?[底末前]*$")
# The number of one of several items in a cell.
_ITEM = re.compile(
    r"(?<![^。；; ])(?:\d{1,2}(?:[、．]|\.(?!\d))|[（(]\d{1,2}[）)]|[①-⑳])\s*(?=[一-龥“])"
)
_SIGNS = {"≥": "以上", "≤": "以内", "＞": "超过", ">": "超过", "~": "左右", "约": "左右"}


@dataclass(slots=True)
class _Columns:
    """Say where a table keeps its names, its units and the values of each year to come."""

    name: int
    unit: int | None
    years: dict[int, int | None]


def read_target_table(text: str, rows: list[Span], place: Place) -> list[ParsedTarget]:
    """Read the rows of one table; a table without a head of indicators gives nothing."""
    found: list[ParsedTarget] = []
    columns: _Columns | None = None
    for start, end in rows:
        cells = [widened(cell.strip()) for cell in text[start:end].split("\t")]
        if (head := _columns(cells, place)) is not None:
            columns = head
        elif columns is not None:
            found += _row(text[start:end], cells, (start, end), columns, place)
    return found


def _columns(cells: list[str], place: Place) -> _Columns | None:
    name = next((at for at, cell in enumerate(cells) if _NAME.search(cell)), None)
    if name is None or any(re.fullmatch(r"\d+(?:\.\d+)?", cell) for cell in cells):
        return None
    unit = next((at for at, cell in enumerate(cells) if _UNIT.search(cell)), None)
    years: dict[int, int | None] = {}
    for at, cell in enumerate(cells):
        year = _YEAR.search(cell)
        if at in (name, unit) or _PAST.search(cell) or not (year or _TARGET.search(cell)):
            continue
        when = int(year.group(1)) if year else place.end_year
        if not (when and place.start_year and when < place.start_year):
            years[at] = when
    return _Columns(name, unit, years) if years else None


def _row(
    printed: str, cells: list[str], span: Span, columns: _Columns, place: Place
) -> Iterator[ParsedTarget]:
    if columns.name >= len(cells) or len(cells[columns.name]) < 2:
        return
    name = cells[columns.name]
    inside = re.search(rf"（(?P<unit>{UNIT}|万人|人/万人)）$", name)
    unit = cells[columns.unit] if columns.unit is not None and columns.unit < len(cells) else ""
    unit = unit or (inside.group("unit") if inside else "")
    label = re.sub(r"（[^（）]*）$", "", name)
    for at, year in columns.years.items():
        if at < len(cells) and (target := _cell(cells[at], label, unit, year)):
            yield replace(target, quote=printed, span=span)


def _cell(cell: str, label: str, unit: str, year: int | None) -> ParsedTarget | None:
    hit = _NUMBER.match(cell)
    if hit is None:
        return None
    sign = hit.group("op") or ""
    before = sign if len(sign) > 1 or sign in ("＞", ">") else ""
    before = _SIGNS.get(before, before)
    rest = hit.group("rest") or ""
    own = re.match(UNIT, rest)
    after = rest[own.end() :] if own else rest
    measured = own.group() if own else unit
    after = after or _SIGNS.get(sign, "")
    # The cell is read as a phrase; what has no unit of its own is counted in pieces.
    counted = measured if re.fullmatch(UNIT, measured) else "个"
    phrase = f"{before}{hit.group('value')}{counted}{after}"
    value = next(iter(values(phrase)), None)
    number = decimal_of(hit.group("value"))
    if value is None or number is None:
        return None
    measured = "%" if measured == "％" else measured
    code, kind = _named(label, measured)
    scope: Scope = "share_of_children" if code == "venue_coverage" else "self"
    return ParsedTarget(
        code, value.operator, number, measured or None, year, scope, "", (0, 0), None, label, kind
    )


def _named(label: str, unit: str) -> tuple[str, TargetKind]:
    if LITERACY.pattern.search(label):
        return literacy_code(label), "survey"
    if FUNDING.pattern.search(label) and "元" in unit:
        return FUNDING.indicator, "level"
    if HEALTH_LITERACY.search(label):
        return "health_literacy_ratio", "survey"
    if unit == "%" and re.search(r"覆盖|普及率", label):
        return coverage_code(re.sub(r"覆盖(?:率|面|比例)?.*", "", label)), "coverage"
    if unit == "%":
        return made_code(label, "ratio"), "coverage"
    return made_code(label, suffix_of(unit)), "cumulative"


def read_cells(text: str, rows: list[Span], place: Place) -> list[ParsedTarget]:
    """Read the targets in the cells of a table of tasks; its time column says for when."""
    found: list[ParsedTarget] = []
    for start, end in rows:
        cells = list(re.finditer(r"[^\t]+", text[start:end]))
        due = [int(year) for cell in cells for year in _DUE.findall(widened(cell.group()))]
        here = replace(place, goal_year=due[-1] if due else place.goal_year)
        for cell in cells:
            marks = (cell.start() + hit.end() for hit in _ITEM.finditer(cell.group()))
            for a, b in pairwise([cell.start(), *marks, cell.end()]):
                if b - a >= 6:
                    found += read_targets(text, (start + a, start + b), here)
    return found
