"""Divide an action into its own words and its measures, however these are marked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise

from plans.importer.choosing import has_statements, numbered_children
from plans.importer.model import ActionKind, Span, Statement
from plans.importer.notations import BULLET, PHASE_HEADING, PHASE_TITLE, PROSE_ORDINAL, TASK_LABEL
from plans.importer.outline import Entry, Node, title_span
from plans.importer.spans import depths, sentences, trimmed

_LONGEST_CLAUSE = 60
_SHORTEST = 4


@dataclass(slots=True)
class Draft:
    """Gather the pieces of one measure before its statements are settled.

    `own` are the statements printed inside it, `lines` those printed on lines after it.
    """

    head: Entry
    body: list[Entry]
    title_span: Span
    number: str | None
    own: list[Statement] = field(default_factory=list)
    lines: list[Entry] = field(default_factory=list)


def divide(
    text: str, node: Node, kind: ActionKind, least: int = 2
) -> tuple[list[Entry], list[Draft]]:
    """Return the entries that are the action's own, and a draft of each measure.

    `least` unmarked paragraphs with units of their own make measures; fewer are the action's.
    """
    if PHASE_HEADING.fullmatch(node.title):
        return list(node.walk()), []  # 进度安排 holds stages, which are no measures
    intro, drafts = _marked_parts(text, node)
    if drafts or kind == "safeguard":
        return intro, drafts
    return _ordinal_parts(text, intro) or _paragraph_parts(text, intro, least) or (intro, [])


def in_paragraphs(drafts: list[Draft]) -> bool:
    """Say whether the measures of an action are unmarked paragraphs."""
    return bool(drafts) and all(draft.head.kind == "plain" and not draft.number for draft in drafts)


def _marked_parts(text: str, node: Node) -> tuple[list[Entry], list[Draft]]:
    numbered = numbered_children(node)
    labels = _labels(text, node)
    labelled = "measures" in labels.values()
    intro: list[Entry] = [node.entry]
    drafts: list[Draft] = []
    part = ""
    run_on = _items_run_on(numbered)
    for item in node.items:
        if run_on and isinstance(item, Node) and item in numbered:
            intro.append(item.entry)
            drafts += [_draft(child) for child in numbered_children(item)]
            continue
        if isinstance(item, Node):
            if _is_measure(item, part, labelled, bool(numbered)):
                drafts.append(_draft(item))
            elif drafts:
                _append(drafts[-1], list(item.walk()))
            else:
                intro += item.walk()
            continue
        if item.kind in ("goals", "measures", "division"):
            part = labels[id(item)]
            in_prose = item.kind == "measures" or (part == "measures" and not node.children)
            if in_prose and text[item.body : item.end].strip("。：: "):
                drafts += _prose_drafts(text, item)
                continue
        if item.kind == "table":
            continue
        if drafts and item.kind not in ("goals", "measures") and part != "division":
            _append(drafts[-1], [item])
        else:
            intro.append(item)
    return intro, drafts


def _items_run_on(groups: list[Node]) -> bool:
    """See （一）… 1. 2. （二）… 3. 4.: the groups say nothing of units, the items run on."""
    rows = [numbered_children(group) for group in groups]
    if not rows or not all(rows) or any(group.entry.statements for group in groups):
        return False
    items = [item for row in rows for item in row]
    ordinals = [item.entry.ordinal or 0 for item in items]
    # A single group tells by its first number that the row began in the action before.
    goes_on = len(rows) > 1 or ordinals[0] > 1
    goes_on = goes_on and all(b == a + 1 for a, b in pairwise(ordinals))
    return goes_on and 2 * sum(has_statements(item) for item in items) >= len(items)


def _labels(text: str, node: Node) -> dict[int, str]:
    """Say what each label of an action opens, by the id of its entry."""
    entries = [item for item in node.items if isinstance(item, Entry)]
    labels = {id(entry): _label(text, entry) for entry in entries}
    if "measures" in labels.values():
        return labels
    for entry in entries:
        if labels[id(entry)] == "tasks":
            # 重点任务 beside 工作目标 holds the measures where no 措施 is printed.
            labels[id(entry)] = "measures"
        elif labels[id(entry)] == "goals" and text[entry.body : entry.end].strip("。：: "):
            labels[id(entry)] = ""  # 目标：… said all on its line: what follows are measures
    return labels


def _label(text: str, entry: Entry) -> str:
    """Name what a label opens: goals, measures, division, or tasks, which may be either."""
    words = text[entry.start : entry.body]
    if entry.kind == "goals" and TASK_LABEL.search(words) and "目标" not in words:
        return "tasks"
    return entry.kind


def _is_measure(node: Node, part: str, labelled: bool, has_numbered: bool) -> bool:
    """Tell measures from the goals that some plans print before them under 任务：."""
    if PHASE_TITLE.search(node.title):
        return False
    if (labelled and part != "measures") or part in ("goals", "tasks", "division"):
        return False
    return node.rank < BULLET or not has_numbered


def _draft(node: Node) -> Draft:
    draft = Draft(node.entry, [], node.title_span, node.entry.number)
    draft.own += node.entry.statements
    for item in node.items:
        _append(draft, list(item.walk()) if isinstance(item, Node) else [item])
    return draft


def _prose_drafts(text: str, entry: Entry) -> list[Draft]:
    """Make measures of words printed after 措施： without marks of their own.

    A row of short clauses is a row of measures: 措施：推进…；开展…；建设….
    """
    start, end = next(sentences(text, entry.body, entry.end))
    level = depths(text, start, end)
    stops = [at for at in range(start, end) if text[at] in "；;" and not level[at - start]]
    edges = [start, *(at + 1 for at in stops), end]
    clauses = list(pairwise(edges))
    if end < entry.end - 1 or not stops or any(b - a > _LONGEST_CLAUSE for a, b in clauses):
        draft = Draft(entry, [], _without_stop(text, start, end), None)
        draft.own += entry.statements
        return [draft]
    drafts = []
    for a, b in clauses:
        own = tuple(s for s in entry.statements if a <= s.span[0] < b)
        begin = entry.start if a == start else a
        head = replace(entry, kind="plain", start=begin, body=a, end=b, statements=own)
        drafts.append(Draft(head, [], _without_stop(text, a, b), None, list(own)))
    return drafts


def _without_stop(text: str, start: int, end: int) -> Span:
    start, end = trimmed(text, start, end)
    return start, end - 1 if end > start and text[end - 1] in "。！？；;" else end


def _append(draft: Draft, entries: list[Entry]) -> None:
    for entry in entries:
        if entry.kind == "statement":
            draft.lines.append(entry)
        elif entry.kind != "table":
            draft.body.append(entry)
            draft.own += entry.statements


def _ordinal_parts(text: str, intro: list[Entry]) -> tuple[list[Entry], list[Draft]] | None:
    """Make measures of 一是…；二是… and 第一，…。第二，…, where nothing else divides an action."""
    kept: list[Entry] = []
    drafts: list[Draft] = []
    for at, entry in enumerate(intro):
        cuts = _ordinals(text, entry) if entry.kind in ("plain", "marker") else []
        if at == 0:
            cuts = [cut for cut in cuts if cut[0] >= title_span(text, entry)[1]]
        if not cuts:
            kept.append(entry)
            continue
        before = tuple(s for s in entry.statements if s.span[1] <= cuts[0][0])
        if entry.body < cuts[0][0]:
            kept.append(replace(entry, end=cuts[0][0], statements=before))
        ends = [cut[0] for cut in cuts[1:]] + [entry.end]
        pieces = [
            _ordinal_draft(text, entry, cut, end) for cut, end in zip(cuts, ends, strict=True)
        ]
        if len(pieces) > 1 and pieces[-1].own and not any(piece.own for piece in pieces[:-1]):
            # One bracket after the whole row speaks for the row.
            kept.append(replace(pieces[-1].head, kind="statement"))
            pieces[-1].own.clear()
        drafts += pieces
    return (kept, drafts) if len(drafts) > 1 else None


def _ordinals(text: str, entry: Entry) -> list[tuple[int, int, str]]:
    """Find where a row of ordinals begins: start, end and number of each."""
    level = depths(text, entry.body, entry.end)
    return [
        (hit.start(), hit.end(), hit.group().rstrip("，,、"))
        for hit in PROSE_ORDINAL.finditer(text, entry.body, entry.end)
        if not level[hit.start() - entry.body]
        and (hit.start() == entry.body or text[hit.start() - 1] in "。；;：:，")
    ]


def _ordinal_draft(text: str, entry: Entry, cut: tuple[int, int, str], end: int) -> Draft:
    start, body, number = cut
    own = [s for s in entry.statements if start <= s.span[0] < end]
    head = replace(entry, kind="plain", start=start, body=body, end=end, statements=tuple(own))
    return Draft(head, [], title_span(text, head), number, own)


def _paragraph_parts(
    text: str, intro: list[Entry], least: int
) -> tuple[list[Entry], list[Draft]] | None:
    """Make measures of unmarked paragraphs, where enough of them name units of their own."""
    drafts = [
        Draft(entry, [], title_span(text, entry), None, list(entry.statements))
        for entry in intro[1:]
        if entry.kind == "plain" and entry.statements
    ]
    head, first = _run_in(text, intro[0]) if drafts else (intro[0], None)
    if len(drafts) + (first is not None) < least:
        return None
    taken = {id(draft.head) for draft in drafts}
    rest = [entry for entry in intro[1:] if id(entry) not in taken]
    return [head, *rest], [first, *drafts] if first else drafts


def _run_in(text: str, entry: Entry) -> tuple[Entry, Draft | None]:
    """Part a heading from the first measure in its line: （一）…行动。推进…（A负责）"""
    end = title_span(text, entry)[1]
    start = end + 1
    if not entry.statements or entry.statements[0].span[0] - start < _SHORTEST:
        return entry, None
    own = list(entry.statements)
    words = replace(entry, kind="plain", start=start, body=start, rank=99, number=None)
    head = replace(entry, end=end, statements=())
    return head, Draft(words, [], title_span(text, words), None, own)
