"""Read who does an item: from brackets, labelled fields and plain sentences."""

from __future__ import annotations

import re
from dataclasses import replace

from plans.importer.model import PrintedUnit, Role, Span, Statement
from plans.importer.notations import (
    BRACKET_NOTE,
    DEADLINE,
    DIVISION_LABEL,
    FIELD,
    FIELD_ROLES,
    FIELD_START,
    FIRST_LEADS,
    JOINTLY,
    MARKED_ROW,
    MARKERS,
    ROLE_VERB,
    SHARED_ROW,
    UNIT_SURE,
    WHO_OPENING,
    WHO_TAIL,
)
from plans.importer.spans import bracket_pairs, depths, readable_sentences, trimmed
from plans.importer.units import is_list_of_units, is_unit, read_units

_LONGEST_BRACKET = 602
_VERB_END = re.compile(
    r"(?:负责|牵头|配合|参与|参加|协助|协办|主办|承办|协同推进|落实|承担|各负其责|支持|"
    r"(?<=[、，,局委办部会协厅联府位门心校院])(?:等?(?:部门|单位)?按?(?:各自)?(?:职责)?(?:分工)?|共同|联合|分别)"
    r"(?:组织|实施|推进|完成|抓好))"
    r"(?:负责|组织|协调|实施|落实|推进|抓好|完成|工作|做好|配合|组织实施)*[。；;]?$"
)

# …。市教育局、市科协按职责分工负责。
_PLAIN_WHO = re.compile(r"^(?!.*(?:要|应|须|对)).*负责(?:落实)?。?$")
# （A、B负责，2023年底前完成）
_DUE_AT_END = re.compile(rf"[，,；;、](?:{DEADLINE.pattern})$")


def find_statements(text: str, start: int, end: int) -> list[Statement]:
    """Return every statement inside one paragraph, in printed order."""
    found: list[Statement] = []
    taken = start
    loose = _first_field(text, start, end)
    for opening, closing in bracket_pairs(text, start, end):
        if opening < taken or not _is_statement_bracket(text, opening, closing, start, end):
            continue
        if loose is not None and opening > loose and not FIELD.search(text, opening, closing):
            # 责任单位：各县区人民政府（管委会）: part of a name in the list.
            continue
        statement = _read(text, opening + 1, closing - 1, (opening, closing))
        if statement.units:
            found.append(statement)
            taken = closing
    found += _unclosed(text, max(taken, start), end)
    found += _loose_fields(text, loose, end, found)
    found += _sentences(text, start, end, found)
    return sorted(found, key=lambda each: each.span)


def read_line(text: str, start: int, end: int) -> Statement | None:
    """Read a paragraph that is nothing but a statement; return None when it is not one."""
    if start >= end:
        return None
    body = text[start:end]
    if FIELD_START.match(body):
        statement = _read(text, start, end, (start, end))
        # A deadline alone names nobody, and still belongs to the lines that say who.
        return statement
    label = DIVISION_LABEL.match(body)
    if label:
        return _read(text, start + label.end(), end, (start, end))
    if len(body) > 400 or not re.match(r"由?[^。]+(?:负责|牵头|配合|参与)", body):
        return None
    if not _VERB_END.search(body) or "。" in body[:-1]:
        return None
    if any(pattern.match(text, start, end) for _, pattern in MARKERS):
        return None  # 3.分工：市科协牵头 is read behind its number
    opening = WHO_OPENING.match(body)
    statement = _read(text, start + opening.end() if opening else start, end, (start, end))
    names = [unit.name for unit in statement.units]
    return statement if names and all(map(is_unit, names)) else None


def read_cell(text: str, start: int, end: int, role: Role) -> Statement:
    """Read a table cell that holds units of one role."""
    if ROLE_VERB.search(text, start, end):
        return _read(text, start, end, (start, end))
    units, open_ended = read_units(text, start, end, role)
    return Statement(tuple(units), (start, end), open_ended)


def _is_statement_bracket(text: str, opening: int, closing: int, start: int, end: int) -> bool:
    if closing - opening > _LONGEST_BRACKET:
        return False
    inside = text[opening + 1 : closing - 1]
    inside = inside[: _end_of_units(inside)].rstrip("，,。；; 　")
    inside = _DUE_AT_END.sub("", inside)
    if not inside.strip():
        return False
    if FIELD_START.match(inside) or DIVISION_LABEL.match(inside):
        return True
    if _VERB_END.search(inside) and not re.match(r"(?:以下|下同|详见|见附)", inside):
        return True
    if _read_shares(text, opening + 1, closing - 1, (opening, closing)):
        return True
    if re.search(r"牵头[，,；;]", inside) or (FIELD.search(inside) and "。" not in inside):
        return True
    return _is_bare_list(text, opening, closing, start, end)


def _end_of_units(words: str) -> int:
    """Find where a note begins: 列第一位的为牵头单位，下同 and 以下…不再列出 name no unit."""
    notes = (FIRST_LEADS.search(words), BRACKET_NOTE.search(words))
    return min((note.start() for note in notes if note), default=len(words))


def _is_bare_list(text: str, opening: int, closing: int, start: int, end: int) -> bool:
    """Recognise （各成员单位） and （A、B） at the end of a sentence, an item or a heading."""
    after = closing
    while after < end and text[after] in "。；; 　":
        after += 1
    rest = text[after : min(end, after + 12)]
    before = text[max(start, opening - 50) : opening].rstrip()
    finished = not before or before[-1] in "。！？；”）)"
    if rest and not finished and not any(pattern.match(rest) for _, pattern in MARKERS):
        return False
    units, _ = read_units(text, opening + 1, closing - 1, "responsible")
    names = [unit.name for unit in units]
    if not is_list_of_units(names):
        return False
    if finished:
        return True
    if len(before) > 40:
        return False
    # 市农委（市扶贫办） is one name; 推进科学教育（市教育局） is an item and its unit.
    last = re.split("[、，,；;：:]", before)[-1]
    return len(names) > 1 or not (is_unit(last) and UNIT_SURE.fullmatch(last))


def _unclosed(text: str, start: int, end: int) -> list[Statement]:
    """Read a last bracket whose end is missing: （A、B按职责分工负责"""
    opening = max(text.rfind(char, start, end) for char in "（(")
    if opening < start or any(o == opening for o, _ in bracket_pairs(text, start, end)):
        return []
    inside = text[opening + 1 : end]
    if len(inside) > 300 or not (_VERB_END.search(inside) or FIELD_START.match(inside)):
        return []
    statement = _read(text, opening + 1, end, (opening, end))
    return [statement] if statement.units else []


def _first_field(text: str, start: int, end: int) -> int | None:
    """Find 责任单位： printed after the last sentence without any bracket."""
    level: list[int] | None = None
    for hit in FIELD.finditer(text, start, end):
        level = level or depths(text, start, end)
        at = hit.start()
        if not level[at - start] and (at == start or text[at - 1] in "。；;　 ！）)”"):
            return at
    return None


def _loose_fields(text: str, at: int | None, end: int, found: list[Statement]) -> list[Statement]:
    if at is None or any(s.span[0] <= at < s.span[1] for s in found):
        return []
    stop = min((s.span[0] for s in found if s.span[0] > at), default=end)
    statement = _read(text, at, stop, (at, stop))
    return [statement] if statement.units else []


def _sentences(text: str, start: int, end: int, found: list[Statement]) -> list[Statement]:
    """Read the first or last sentence of a paragraph where it only says who does the work.

    由A牵头，B参与，主要做好以下工作： opens a list; …。由A会同B负责。 closes an item.
    """
    spans = list(readable_sentences(text, start, end))
    out = []
    for span in dict.fromkeys([*spans[:1], *spans[-1:]]):
        if any(s.span[0] < span[1] and span[0] < s.span[1] for s in found):
            continue
        if statement := _read_sentence(text, *span):
            out.append(statement)
    return out


def _read_sentence(text: str, start: int, end: int) -> Statement | None:
    words = text[start:end]
    opening = WHO_OPENING.match(words)
    plain = len(words) <= 150 and _PLAIN_WHO.search(words)
    if len(words) > 400 or not (opening or plain or "牵头，" in words):
        return None
    tail = WHO_TAIL.search(words)
    inner = end - (len(words) - tail.start()) if tail else end
    if not _VERB_END.search(text[start:inner]):
        return None
    begin = start + opening.end() if opening else start
    statement = _read(text, begin, inner, (start, end))
    names = [unit.name for unit in statement.units]
    sure = opening or all(map(UNIT_SURE.fullmatch, names))
    return statement if names and sure and all(map(is_unit, names)) else None


def _read(text: str, start: int, end: int, span: Span) -> Statement:
    label = DIVISION_LABEL.match(text, start, end)
    start = label.end() if label else start
    start, end = trimmed(text, start, end)
    end = start + _end_of_units(text[start:end])
    if due := _DUE_AT_END.search(text, start, end):
        end = due.start()
    if FIELD_START.match(text[start:end]):
        return _read_fields(text, start, end, span)
    if later := FIELD.search(text, start, end):
        # （A、B按职责分工负责；完成时限：2025年底）
        prose = _read_prose(text, start, later.start(), span)
        fields = _read_fields(text, later.start(), end, span)
        units = prose.units
        if fields.of("cooperate") and not prose.of("lead"):
            # （A负责，配合单位：B）: who answers is told from who helps.
            units = tuple(replace(unit, role="lead") for unit in units)
        return replace(prose, units=units + fields.units)
    return _read_prose(text, start, end, span)


def _read_fields(text: str, start: int, end: int, span: Span) -> Statement:
    """Read 牵头单位：A；配合单位：B；完成时限：…"""
    hits = list(FIELD.finditer(text, start, end))
    units: list[PrintedUnit] = []
    open_ended = missing = False
    for at, hit in enumerate(hits):
        stop = hits[at + 1].start() if at + 1 < len(hits) else end
        role = next(
            role for i, (_, role) in enumerate(FIELD_ROLES) if hit.group(f"f{i}") is not None
        )
        if role is None:
            continue
        if role == "responsible" and ROLE_VERB.search(text, hit.end(), stop):
            inner = _read_prose(text, hit.end(), stop, span)
            units += inner.units
            open_ended |= inner.open_ended
            missing |= inner.missing_verb
            continue
        more, opened = read_units(text, hit.end(), stop, role)  # type: ignore[arg-type]
        units += more
        open_ended |= opened
    return Statement(tuple(units), span, open_ended, missing)


def _read_shares(text: str, start: int, end: int, span: Span) -> Statement | None:
    """Read A负责1200人，B负责3000人."""
    rows = list(SHARED_ROW.finditer(text, start, end))
    if not rows or sum(len(row.group()) for row in rows) < end - start:
        return None
    units = [u for row in rows for u in read_units(text, *row.span("names"), "responsible")[0]]
    return Statement(tuple(units), span) if all(is_unit(unit.name) for unit in units) else None


def _read_rows(text: str, start: int, end: int, span: Span) -> Statement | None:
    """Read A（主责）；B、C（配合）, where each row ends in its mark."""
    rows = list(MARKED_ROW.finditer(text, start, end))
    if len(rows) < 2 or sum(len(row.group()) for row in rows) < end - start:
        return None
    units: list[PrintedUnit] = []
    for row in rows:
        role: Role = "lead" if row.group("lead") else "cooperate"
        units += read_units(text, *row.span("names"), role)[0]
    return Statement(tuple(units), span)


def _read_prose(text: str, start: int, end: int, span: Span) -> Statement:
    """Read 由A、B牵头，C、D等单位配合 and its kin."""
    marked = _read_rows(text, start, end, span) or _read_shares(text, start, end, span)
    if marked:
        return marked
    verbs = _verbs(text, start, end)
    if not verbs and JOINTLY.search(text, start, end):
        joined, open_ended = _units_beside(text, start, end, "lead")
        return Statement(tuple(joined), span, open_ended)
    if not verbs:
        named, open_ended = read_units(text, start, end, "responsible")
        return Statement(tuple(named), span, open_ended)
    has_helpers = any(role == "cooperate" for _, _, role in verbs)
    units: list[PrintedUnit] = []
    open_ended = False
    led = False
    at = start
    for index, (verb_start, verb_end, role) in enumerate(verbs):
        if role == "responsible" and has_helpers and not led and index == 0:
            role = "lead"  # A负责，B参与: who answers is told from who helps
        more, opened = _units_beside(text, at, verb_start, role)
        units += more
        open_ended |= opened
        led |= role == "lead"
        at = verb_end
    jointly = text.startswith("会同", at)
    rest, opened = read_units(text, at + 2 * jointly, end, "cooperate")
    # A牵头，B、C等单位。 lacks its verb: beside a lead the others are read as helpers.
    missing = led and bool(rest) and not jointly
    if not led:
        rest = []
    return Statement(tuple(units + rest), span, open_ended | (opened and missing), missing)


def _verbs(text: str, start: int, end: int) -> list[tuple[int, int, Role]]:
    level = depths(text, start, end)
    out: list[tuple[int, int, Role]] = []
    for hit in ROLE_VERB.finditer(text, start, end):
        at = hit.start(hit.lastgroup) if hit.lastgroup else hit.start()
        if level[at - start]:
            continue
        role: Role = "cooperate"
        if hit.group("lead"):
            role = "lead"
        elif hit.group("responsible"):
            role = "responsible"
        out.append((hit.start(), hit.end(), role))
    return out


def _units_beside(text: str, start: int, end: int, role: Role) -> tuple[list[PrintedUnit], bool]:
    """Read the units before a verb; 会同 makes those after it helpers."""
    if text.startswith("会同", start):
        # A牵头会同B、C负责
        return read_units(text, start + 2, end, "cooperate")
    jointly = JOINTLY.search(text, start, end)
    if jointly is None:
        return read_units(text, start, end, role)
    first, opened_first = read_units(text, start, jointly.start(), "lead")
    others, opened = read_units(text, jointly.end(), end, "cooperate")
    return first + others, opened_first or opened
