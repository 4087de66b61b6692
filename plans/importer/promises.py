"""Walk the outline for what a plan promises: targets, standing duties and phases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from plans.importer.duties import read_duties
from plans.importer.header import Header
from plans.importer.model import (
    CleanText,
    ImportWarning,
    ParsedAction,
    ParsedDuty,
    ParsedPhase,
    ParsedTarget,
    Span,
)
from plans.importer.notations import GOAL_SECTION
from plans.importer.outline import Entry, Node
from plans.importer.phases import read_phases
from plans.importer.target_tables import read_cells, read_target_table
from plans.importer.targets import Place, read_targets

# What a section tells of the time before the plan, it promises nothing.
_HISTORY = re.compile(
    r"(?:工作|发展|现实|现有|建设|实施)基础$|背景|现状|成效|成绩|回顾|形势|存在(?:的)?(?:主要)?问题|主要问题|面临|^前言"
)

_DEADLINE = re.compile(
    r"(?:完成|办结|工作|实施)?(?:时限|期限|时间|日期)(?:要求)?[】\]]?[：:](?P<when>[^；;，,。）)】\]]{4,40})"
)


def targets_of(text: str, root: Node, entries: list[Entry], header: Header) -> list[ParsedTarget]:
    """Return the targets of a plan in printed order, wherever they stand."""
    start, end = header.start_year, header.end_year
    annual = start is not None and start == end
    # Without years of its own, what lies before its issue is the past of a plan.
    begins = start or (header.issued_on.year if header.issued_on else None)
    place = Place(False, end if annual else None, header.region, begins, end, annual)
    found: list[ParsedTarget] = []
    # What stands above the first heading: a preamble may promise something too.
    for entry in (i for i in root.items if isinstance(i, Entry) and i.kind == "plain"):
        # A short line is a title or a signature, unless it is a sentence.
        if entry.end - entry.body > 40 or text[entry.end - 1] == "。":
            found += read_targets(text, (entry.body, _before_statements(entry)), replace(place))
    for node in root.children:
        found += _below(text, node, replace(place))
    for rows in _tables(entries):
        listed = read_target_table(text, rows, place)
        found += listed or read_cells(text, rows, place)
    due = sorted(_deadlines(text, root), key=lambda each: each[0][1] - each[0][0])
    found = [_dated(target, due, begins) if target.year is None else target for target in found]
    return sorted(found, key=lambda target: target.span)


def _deadlines(text: str, node: Node) -> Iterator[tuple[Span, int]]:
    """Yield what each printed 完成时限：2015年底 speaks for: the words of its item before it."""
    start = node.entry.start
    for entry in [node.entry, *(i for i in node.items if isinstance(i, Entry))]:
        for statement in entry.statements:
            years = [
                int(year)
                for hit in _DEADLINE.finditer(text, *statement.span)
                for year in re.findall(r"20\d\d(?=年|[.．/-]|$)", hit.group("when"))
            ]
            if years:
                yield (start, statement.span[1]), max(years)
                start = statement.span[1]
    for child in node.children:
        yield from _deadlines(text, child)


def _dated(target: ParsedTarget, due: list[tuple[Span, int]], begins: int | None) -> ParsedTarget:
    """Give a target without a year that of the deadline printed for its item."""
    start, end = target.span
    for (a, b), year in due:
        if a <= start and end <= b and year >= (begins or 0):
            return replace(target, year=year)
    return target


def last_year(text: str, root: Node, phases: list[ParsedPhase]) -> tuple[int, Span] | None:
    """Find the end of a plan that prints it nowhere else: its goals and its phases end in one year.

    Return the year and where the last phase is printed.
    """
    if not phases:
        return None
    goals = [node for node in _nodes(root) if "目标" in node.title and len(node.title) <= 12]
    printed = {
        int(year)
        for node in goals
        for entry in node.walk()
        for year in re.findall(r"到(20\d\d)年", text[entry.body : entry.end])
    }
    last = max(phases, key=lambda phase: phase.end)
    return (last.end.year, last.span) if printed == {last.end.year} else None


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _nodes(child)


def _below(text: str, node: Node, place: Place) -> Iterator[ParsedTarget]:
    """Yield the targets of a heading and all below it; goals set the year for what follows."""
    if "目标" in node.title and GOAL_SECTION.search(node.title):
        year = re.search(r"20\d\d(?=年)", node.title)
        place = replace(place, in_goals=True)
        place.goal_year = int(year.group()) if year else place.goal_year
    elif _HISTORY.search(node.title):
        return
    name = re.split("[，,]", node.title)[0] if re.search(r"\d", node.title) else node.title
    place.heading = name if len(name) <= 24 and not re.search(r"\d", name) else place.heading
    for entry in [node.entry, *(i for i in node.items if isinstance(i, Entry))]:
        if entry.kind in ("marker", "plain", "goals", "measures"):
            yield from read_targets(text, (entry.body, _before_statements(entry)), place)
    for child in node.children:
        yield from _below(text, child, place)


def _tables(entries: list[Entry]) -> Iterator[list[Span]]:
    """Yield the rows of each table: entries of that kind that follow one another."""
    for kind, run in groupby(entries, key=lambda entry: entry.kind):
        if kind == "table":
            yield [(entry.start, entry.end) for entry in run]


def duties_and_phases(
    text: str, root: Node, actions: list[ParsedAction]
) -> tuple[list[ParsedDuty], list[ParsedPhase]]:
    """Return the standing duties in printed order and the phases by their dates."""
    duties: list[ParsedDuty] = []
    tasks = [each.span for each in actions if each.kind != "safeguard"]

    def in_task(entry: Entry) -> bool:
        return any(a <= entry.start < b for a, b in tasks)

    for entry in (entry for node in root.children for entry in node.walk()):
        if entry.kind in ("marker", "plain", "measures"):
            span = (entry.body, _before_statements(entry))
            duties += read_duties(text, span, general=not in_task(entry))
    phases = read_phases(text, root, in_task)
    taken = {phase.span for phase in phases}
    return [duty for duty in duties if duty.span not in taken], phases


def _before_statements(entry: Entry) -> int:
    closing = [s.span[0] for s in entry.statements if s.span[1] >= entry.end - 1]
    return min(closing, default=entry.end)


def header_warnings(cleaned: CleanText, header: Header) -> list[ImportWarning]:
    """Say which fields of the header were found nowhere; they belong to the first line."""
    fields = (
        ("no_title", header.title, "标题"),
        ("no_region", header.region, "地区"),
        ("no_years", header.start_year, "起止年份"),
    )
    return [
        ImportWarning(code, f"没有找到{label}，请补填。", 1)
        for code, value, label in fields
        if value is None
    ]


def repeated_targets(cleaned: CleanText, targets: list[ParsedTarget]) -> list[ImportWarning]:
    """Say which targets are printed twice for the same year; both are kept."""
    found = []
    seen: dict[tuple[str, str], ParsedTarget] = {}
    for target in targets:
        before = seen.setdefault((target.indicator, target.scope), target)
        if before is target or not _meet(before, target):
            continue
        message = f"同一目标写了两次：“{re.sub(r'。$', '', before.label)}”，两处都已保留，请核对。"
        line = cleaned.line_of(target.span[0])
        found.append(ImportWarning("target_repeated", message, line, target.span))
    return found


def _meet(one: ParsedTarget, other: ParsedTarget) -> bool:
    """Say whether two targets speak of the same year: a yearly one meets every other."""
    return one.year == other.year or "every" in (one.year, other.year)
