"""Divide a printed list of units into its names."""

from __future__ import annotations

import re
from itertools import pairwise

from plans.importer.model import PrintedUnit, Role, Span
from plans.importer.notations import (
    CLOSING,
    COUNTED_TAIL,
    DEADLINE,
    GLUED_UNITS,
    GROUP_LIKE,
    GROUP_RUN,
    JOINED_UNITS,
    LEAD_MARK,
    OPEN_TAIL,
    OPENING,
    PLAIN_TAIL,
    UNIT_LIKE,
    UNIT_SURE,
)
from plans.importer.spans import depths

_DIVIDERS = "、､﹑，,；;　 \t\n"
_EDGES = "★☆*※、､﹑，,；;。.：:　 \t\n—"
_NO_NAME = re.compile(r"^第[一二三四五六七八九十百\d]+条|任务由|工作由")
_LEADING = re.compile(r"(?:由|请|以及|及|和|与|其中[，,]?)(?=.)")
_TRAILING = re.compile(
    r"(?:按照?(?:各自)?职责(?:分工)?|结合(?:工作)?实际|分别|共同|联合|具体|各自|按职责|根据职责分工)$"
)


def is_unit(name: str) -> bool:
    """Say whether a word looks like a department, a body or a group of them."""
    if _NO_NAME.search(name):
        return False
    return 2 <= len(name) <= 40 and bool(UNIT_LIKE.match(name) or GROUP_LIKE.match(name))


def is_list_of_units(names: list[str]) -> bool:
    """Say whether words in a bracket are units: most look so, one surely, none is a sentence."""
    # 县（市、区） and 市（州） explain the word before them and name nobody.
    if not any(len(name) > 2 or UNIT_SURE.fullmatch(name) for name in names):
        return False
    like = sum(map(is_unit, names))
    sure = any(UNIT_SURE.fullmatch(name) for name in names)
    return sure and 3 * like >= 2 * len(names) and all(2 <= len(name) <= 40 for name in names)


def read_units(text: str, start: int, end: int, role: Role) -> tuple[list[PrintedUnit], bool]:
    """Divide a list of units; the flag says that the list is printed as open."""
    start, end = trim_edges(text, start, end)
    open_ended = False
    tail = OPEN_TAIL.search(text[start:end])
    group: Span | None = None
    if tail:
        open_ended = True
        group = (start + tail.start("group"), start + tail.end("group"))
        end = start + tail.start()
    elif counted := COUNTED_TAIL.search(text[start:end]):
        open_ended = True
        end = start + counted.start()
    elif plain := PLAIN_TAIL.search(text[start:end]):
        end = start + plain.start()
    found = [_unit(text, span, role) for span in _divide(text, start, end)]
    if group:
        found.append(PrintedUnit(_name(text, *group), role, group))
    return [unit for unit in found if unit.name and not DEADLINE.fullmatch(unit.name)], open_ended


def _unit(text: str, span: Span, role: Role) -> PrintedUnit:
    """Read one name; 市科协（牵头） leads whatever the list says."""
    name = _name(text, *span)
    if name[-1:] in CLOSING and not any(sign in OPENING for sign in name):
        name = name[:-1]  # its beginning was lost
    if mark := LEAD_MARK.search(name):
        return PrintedUnit(name[: mark.start()], "lead", span)
    return PrintedUnit(name, role, span)


def _name(text: str, start: int, end: int) -> str:
    return re.sub(r"\s", "", text[start:end])


def _divide(text: str, start: int, end: int) -> list[Span]:
    level = depths(text, start, end)
    kept = {hit.end() - 1 for hit in GROUP_RUN.finditer(text, start, end)}
    cuts = [
        (at, at + 1)
        for at in range(start, end)
        if text[at] in _DIVIDERS and level[at - start] == 0 and at not in kept
    ]
    cuts += [
        hit.span()
        for hit in JOINED_UNITS.finditer(text, start, end)
        if not level[hit.start() - start] and not _in_group(text, start, hit.start())
    ]
    spans: list[Span] = []
    at = start
    for cut_start, cut_end in [*sorted(cuts), (end, end)]:
        span = trim_edges(text, at, cut_start)
        # A、B等，各县（区）政府: the tail ends the first row of names.
        if inner := PLAIN_TAIL.search(text[slice(*span)]):
            span = (span[0], span[0] + inner.start())
        if span[0] < span[1]:
            spans += _unglued(text, span)
        at = cut_end
    return spans


def _unglued(text: str, span: Span) -> list[Span]:
    """Divide names that lost what stood between them; each begins with the first one's level."""
    start, end = span
    level = text[start]
    if level not in "省市县区州盟旗镇乡":
        return [span]
    cuts = [
        hit.start()
        for hit in GLUED_UNITS.finditer(text, start + 2, end)
        if text.startswith((level, "团" + level, "各"), hit.start()) and end - hit.start() > 2
    ]
    edges = [start, *cuts, end]
    pieces = list(pairwise(edges))
    if all(is_unit(text[a:b]) for a, b in pieces):
        return pieces
    return [span]


def _in_group(text: str, start: int, at: int) -> bool:
    """Say whether 和 stands inside a group such as 各县（市、区）和有关单位."""
    begin = max(text.rfind(char, start, at) for char in "、，,；;") + 1
    return text[max(begin, start) : at].startswith(("各", "相关", "有关"))


def trim_edges(text: str, start: int, end: int) -> Span:
    changed = True
    while changed and start < end:
        before = (start, end)
        while start < end and text[start] in _EDGES:
            start += 1
        while end > start and text[end - 1] in _EDGES:
            end -= 1
        if (lead := _LEADING.match(text, start, end)) and end - lead.end() >= 2:
            start = lead.end()
        if trail := _TRAILING.search(text[start:end]):
            end = start + trail.start()
        changed = before != (start, end)
    return start, end
