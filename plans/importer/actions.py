"""Choose the actions, projects, safeguards and measures of an outline, and who does each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from plans.importer.choosing import choose, has_statements, numbered_children
from plans.importer.drafting import Draft, divide, in_paragraphs
from plans.importer.model import (
    ActionKind,
    ImportWarning,
    ParsedAction,
    ParsedMeasure,
    Statement,
)
from plans.importer.notations import (
    DIVISION_LABEL,
)
from plans.importer.outline import Entry, Node
from plans.importer.spans import trimmed

_NEAR = 6  # characters between lines of one row: 1.牵头部门：… 2.责任部门：…


def read_actions(
    text: str, root: Node, title: str | None, warnings: list[ImportWarning]
) -> list[ParsedAction]:
    """Return what the plan promises, in document order."""
    chosen = choose(root)
    divided = [(node, kind, *divide(text, node, kind)) for node, kind in chosen]
    if any(in_paragraphs(drafts) for *_, drafts in divided):
        # What is a measure in one action is one in the next, be it alone.
        divided = [(node, kind, *divide(text, node, kind, least=1)) for node, kind in chosen]
    single = _lines_speak_for_actions(text, [drafts for *_, drafts in divided])
    actions = [
        _action(text, node, kind, intro, drafts, single, warnings)
        for node, kind, intro, drafts in divided
    ]
    return actions or _headless(text, root, title, warnings)


def _headless(
    text: str, root: Node, title: str | None, warnings: list[ImportWarning]
) -> list[ParsedAction]:
    """Keep measures that stand below no action, when units are printed beside them."""
    numbered = numbered_children(root)
    if not any(has_statements(child) for child in numbered):
        return []
    first = numbered[0].entry
    message = "措施之上没有行动或工程的标题。"
    place = (first.start, first.end)
    warnings.append(ImportWarning("no_action_heading", message, first.line, place))
    action = _action(text, root, "action", *divide(text, root, "action"), None, warnings)
    return [replace(action, title=title or "（原文无标题）")]


def _action(
    text: str,
    node: Node,
    kind: ActionKind,
    intro: list[Entry],
    drafts: list[Draft],
    single: bool | None,
    warnings: list[ImportWarning],
) -> ParsedAction:
    own = [statement for entry in intro for statement in entry.statements]
    for index, draft in enumerate(drafts):
        for group in _groups(draft.lines):
            # Each group was printed after this measure; it may speak for the whole action.
            statements = [each for entry in group for each in entry.statements]
            alone = len(drafts) == 1 and single is not None
            if single if alone else _speaks_for_action(text, group, drafts, index):
                own += statements
            else:
                draft.own += statements
    measures = tuple(_measure(text, draft) for draft in drafts)
    action = ParsedAction(
        number=node.entry.number,
        title=node.title,
        text=_prose(text, _after_title(node, intro)),
        span=(node.entry.start, node.end),
        title_span=node.title_span,
        statements=tuple(own),
        kind=kind,
        measures=measures,
    )
    _warn(action, drafts, node.entry.line, warnings)
    return action


def _groups(lines: list[Entry]) -> list[list[Entry]]:
    """Put labelled lines that follow each other together: 牵头单位：… 配合单位：…"""
    groups: list[list[Entry]] = []
    for entry in lines:
        if groups and entry.start - groups[-1][-1].end <= 2:
            groups[-1].append(entry)
        else:
            groups.append([entry])
    return groups


def _lines_speak_for_actions(text: str, rows: list[list[Draft]]) -> bool | None:
    """See for whom lines after the last of several measures speak; one alone tells nothing."""
    votes = [
        _speaks_for_action(text, group, drafts, len(drafts) - 1)
        for drafts in rows
        if len(drafts) > 1
        for group in _groups(drafts[-1].lines)[:1]
    ]
    return 2 * sum(votes) > len(votes) if votes else None


def _speaks_for_action(text: str, group: list[Entry], drafts: list[Draft], index: int) -> bool:
    """Decide whether lines after a measure name its units or those of the whole action."""
    current = drafts[index]
    division = bool(DIVISION_LABEL.match(text, group[0].body))
    others = [draft for draft in drafts if draft is not current]
    others_lined = any(draft.lines for draft in others)
    if index < len(drafts) - 1:
        return False
    if current.own:
        return True
    if division:
        return not others_lined
    return bool(others) and not others_lined and not any(draft.own for draft in others)


def _measure(text: str, draft: Draft) -> ParsedMeasure:
    kept = {id(statement) for statement in draft.own}
    lines = [e for e in draft.lines if any(id(each) in kept for each in e.statements)]
    end = max(entry.end for entry in [draft.head, *draft.body, *lines])
    head = _piece(text, draft.head.body, draft.head)
    body = [_piece(text, entry.start, entry) for entry in draft.body]
    return ParsedMeasure(
        number=draft.number,
        title=text[slice(*draft.title_span)],
        text="\n".join(piece for piece in [head, *body] if piece),
        span=(draft.head.start, end),
        title_span=draft.title_span,
        statements=tuple(draft.own),
    )


def _after_title(node: Node, intro: list[Entry]) -> list[tuple[int, Entry]]:
    starts = [(entry.start, entry) for entry in intro[1:]]
    return [(node.title_span[1], node.entry), *starts]


def _prose(text: str, pieces: list[tuple[int, Entry]]) -> str:
    parts = [
        _piece(text, start, entry)
        for start, entry in pieces
        if entry.kind not in ("statement", "measures", "division")
    ]
    return "\n".join(part for part in parts if part)


def _piece(text: str, start: int, entry: Entry) -> str:
    """Return the words of an entry without its statements."""
    out = []
    at = start
    for statement in entry.statements:
        out.append(text[at : max(at, statement.span[0])])
        at = max(at, statement.span[1])
    out.append(text[at : entry.end])
    joined = "".join(out)
    start, end = trimmed(joined, 0, len(joined))
    while start < end and joined[start] in "。；：":
        start += 1
    return joined[start:end]


def _warn(
    action: ParsedAction, drafts: list[Draft], line: int, warnings: list[ImportWarning]
) -> None:
    spans = [each.span for each in action.statements]
    if any(later[0] - earlier[1] > _NEAR for earlier, later in pairwise(spans)):
        message = f"“{action.title}”的责任单位写了不止一处。"
        warnings.append(ImportWarning("statement_repeated", message, line, spans[-1]))
    bare = [
        (draft, measure)
        for draft, measure in zip(drafts, action.measures, strict=True)
        if not measure.statements
    ]
    if 0 < 2 * len(bare) < len(drafts):
        for draft, measure in bare:
            message = f"“{measure.title[:30]}”没有写责任单位。"
            warnings.append(ImportWarning("no_units", message, draft.head.line, measure.span))


def signed_leads(text: str, sign: str, actions: list[ParsedAction]) -> list[ParsedAction]:
    """Give the lead to the units that bear a sign, for plans that declare it so."""

    def leading(statement: Statement) -> Statement:
        units = [
            replace(unit, role="lead")
            if sign in text[max(unit.span[0] - 1, 0) : unit.span[1] + 1]
            else unit
            for unit in statement.units
        ]
        return replace(statement, units=tuple(units))

    return _with_statements(actions, leading)


def first_listed_leads(actions: list[ParsedAction]) -> list[ParsedAction]:
    """Give the lead to the unit printed first, for plans that declare it so."""

    def leading(statement: Statement) -> Statement:
        units = statement.units
        if len(units) < 2 or any(unit.role != "responsible" for unit in units):
            return statement  # what names its own lead needs no rule
        return replace(statement, units=(replace(units[0], role="lead"), *units[1:]))

    return _with_statements(actions, leading)


def _with_statements(
    actions: list[ParsedAction], change: Callable[[Statement], Statement]
) -> list[ParsedAction]:
    """Return the actions with every statement changed, those of measures too."""

    def changed(measure: ParsedMeasure) -> ParsedMeasure:
        return replace(measure, statements=tuple(map(change, measure.statements)))

    return [
        replace(
            action,
            statements=tuple(map(change, action.statements)),
            measures=tuple(map(changed, action.measures)),
        )
        for action in actions
    ]
