"""Choose the headings of an outline that are actions, projects or safeguards."""

from __future__ import annotations

import re
from itertools import pairwise

from plans.importer.model import ActionKind
from plans.importer.notations import (
    ACTION_LABEL,
    ACTION_TITLE,
    ARTICLE,
    BULLET,
    CANONICAL_TITLE,
    DIGIT_BRACKET,
    DIGIT_STOP,
    DUTY_SECTION,
    GENERIC_TITLE,
    GOAL_SECTION,
    HAN_BRACKET,
    HAN_STOP,
    LONGEST_TITLE,
    PEOPLE_TITLE,
    PHASE_SECTION,
    PHASE_TITLE,
    PROJECT_LABEL,
    PROJECT_TITLE,
    SAFEGUARD_ITEM,
    SAFEGUARD_SECTION,
    TASK_SECTION,
    TASK_VERB,
)
from plans.importer.outline import Node

_SHORT = 30  # the longest title of a section; longer ones are sentences
Choice = tuple[Node, ActionKind]


def choose(root: Node) -> list[Choice]:
    """Return the headings that are actions, projects and safeguards, in document order."""
    chosen: list[Choice] = []
    if _items_run_on(root):
        return [
            (node, _section_kind(node))
            for node in root.children
            if has_statements(node) and (_is_task(node) or SAFEGUARD_SECTION.search(node.title))
        ]
    for node in root.children:
        _choose(node, "", chosen)
    return chosen


def _items_run_on(root: Node) -> bool:
    """See （一）…（十一） run on through all sections, most with units and none with items.

    Such items are measures and the sections the actions, unless most are called 行动 or 工程.
    """
    sections = [
        (node, numbered_children(node))
        for node in root.children
        if node.rank == HAN_STOP and (_is_task(node) or SAFEGUARD_SECTION.search(node.title))
    ]
    rows = [items for _, items in sections if items]
    items = [item for row in rows for item in row]
    ranks = {item.rank for item in items}
    if len(rows) < 2 or ranks not in ({HAN_BRACKET}, {DIGIT_STOP}):
        return False
    if any(item.children for item in items):
        return False
    ordinals = [item.entry.ordinal or 0 for item in items]
    goes_on = all(b == a + 1 for a, b in pairwise(ordinals))
    named = sum(has_statements(item) for item in items)
    titled = sum(_is_action_title(item) for item in items)
    return goes_on and 3 * named >= 2 * len(items) and 2 * titled < len(items)


def _section_kind(node: Node) -> ActionKind:
    if SAFEGUARD_SECTION.search(node.title) and not ACTION_TITLE.match(node.title):
        return "safeguard"
    return _kind(node, "")


def numbered_children(node: Node) -> list[Node]:
    """Return what stands below a heading with a number of its own."""
    return [child for child in node.children if child.rank < BULLET]


def has_statements(node: Node) -> bool:
    """Say whether units are named anywhere in a node."""
    return any(entry.statements for entry in node.walk())


def _is_action_title(node: Node) -> bool:
    """Say whether a heading names one action or project of its own."""
    title = node.title
    if ACTION_LABEL.match(node.entry.number or ""):
        return True
    if PEOPLE_TITLE.fullmatch(title):
        # 1.青少年。开展…。 without items of its own is a measure that says whom it is for.
        return bool(node.children) or node.rank < DIGIT_STOP
    return (
        node.rank < DIGIT_BRACKET
        and len(title) <= LONGEST_TITLE
        and bool(ACTION_TITLE.match(title))
        and not GENERIC_TITLE.match(re.split("[，,]", title)[-1])
    )


def _choose(node: Node, section: str, chosen: list[Choice]) -> None:
    numbered = numbered_children(node)
    groups = _groups_actions(node, numbered)
    if _is_action_title(node) and not groups:
        chosen.append((node, _kind(node, section)))
    elif SAFEGUARD_SECTION.search(node.title) and len(node.title) <= _SHORT and not groups:
        _choose_safeguards(node, numbered, chosen)
    elif _is_mixed(numbered):
        _choose_all(node, numbered, chosen)
    elif groups or any(_has_titled(child) for child in numbered):
        _choose_among(node, numbered, chosen)
    elif _is_task(node) and _promises(node):
        if any(child.rank <= HAN_BRACKET or child.children for child in numbered):
            _choose_all(node, numbered, chosen)
        elif node.children or has_statements(node):
            chosen.append((node, _kind(node, section)))


def _choose_safeguards(node: Node, numbered: list[Node], chosen: list[Choice]) -> None:
    """Take the items of a section of safeguards, but not the stages printed among them."""
    kept = [child for child in numbered if not PHASE_TITLE.search(child.title)]
    bullets = node.children
    if not numbered and len(bullets) > 1 and not has_statements(node):
        chosen += [(bullet, "safeguard") for bullet in bullets]
    elif not numbered or _goes_on(kept):
        chosen.append((node, "safeguard"))
    else:
        chosen += [(child, "safeguard") for child in kept]


def _goes_on(items: list[Node]) -> bool:
    """See the numbers of the measures above go on, as in yearly plans: 六、强化保障 18.… 19.…"""
    if items and all(item.rank == ARTICLE for item in items):
        return True
    plain = all(item.rank == DIGIT_STOP and not item.children for item in items)
    first = items[0].entry.ordinal if items else None
    named = all(item.entry.statements for item in items)
    return bool(items) and plain and (named or (first or 1) > 1)


def _choose_all(node: Node, numbered: list[Node], chosen: list[Choice]) -> None:
    secured = sum(bool(SAFEGUARD_ITEM.search(child.title)) for child in numbered)
    if 3 * secured >= 2 * len(numbered) > 2 and not any(map(has_statements, numbered)):
        # 工作措施 may hold what other plans call 保障措施.
        chosen += [(child, "safeguard") for child in numbered]
        return
    for child in numbered:
        if not GOAL_SECTION.fullmatch(child.title) and not PHASE_TITLE.search(child.title):
            chosen.append((child, _kind(child, node.title)))


def _choose_among(node: Node, numbered: list[Node], chosen: list[Choice]) -> None:
    for child in numbered:
        if _is_action_title(child) or _has_titled(child) or SAFEGUARD_SECTION.search(child.title):
            _choose(child, node.title, chosen)
        elif _is_task(child) and (has_statements(child) or child.children):
            chosen.append((child, _kind(child, node.title)))


def _groups_actions(node: Node, numbered: list[Node]) -> bool:
    """Say whether a heading divides into actions.

    Measures may be called 工程 too: below an action only headings that hold items divide it.
    """
    titled = [child for child in numbered if _is_action_title(child)]
    if _is_action_title(node):
        alike = sum(bool(CANONICAL_TITLE.search(child.title)) for child in titled)
        if CANONICAL_TITLE.search(node.title) or not any(child.children for child in titled):
            return alike > 1
    return bool(titled) and 2 * len(titled) >= len(numbered)


def _is_mixed(numbered: list[Node]) -> bool:
    """See groups of which one lists 1.…行动 2.…行动 without items, and another plain measures.

    The numbers of such a list are all measures, and its groups the actions.
    """
    groups = [child for child in numbered if _is_task(child)]
    titled = [child for child in groups if _has_titled(child) or _groups_leaves(child)]
    others = [
        child
        for child in groups
        if child not in titled and not _is_action_title(child) and numbered_children(child)
    ]
    leaves = [leaf for child in titled for leaf in numbered_children(child)]
    return bool(titled and others) and not any(leaf.children for leaf in leaves)


def _groups_leaves(node: Node) -> bool:
    leaves = numbered_children(node)
    return 2 * sum(_is_action_title(leaf) for leaf in leaves) >= len(leaves) > 0


def _is_task(node: Node) -> bool:
    title = node.title
    return not (
        GOAL_SECTION.search(title)
        or PHASE_SECTION.search(title)
        or SAFEGUARD_SECTION.search(title)
        or DUTY_SECTION.search(title)
    )


def _promises(node: Node) -> bool:
    return bool(
        TASK_SECTION.search(node.title) or TASK_VERB.match(node.title) or has_statements(node)
    )


def _has_titled(node: Node) -> bool:
    """Look for action headings below a grouping heading."""
    if _is_action_title(node) or SAFEGUARD_SECTION.search(node.title):
        return False
    numbered = [child for child in node.children if child.rank < DIGIT_BRACKET]
    titled = sum(_is_action_title(child) for child in numbered)
    if titled and 2 * titled >= len(numbered):
        return True
    return any(_has_titled(child) for child in numbered)


def _kind(node: Node, section: str) -> ActionKind:
    clauses = re.split("[，,]", node.title)  # 实施科普基础设施工程，夯实科普阵地
    if PROJECT_LABEL.match(node.entry.number or "") or any(map(PROJECT_TITLE.search, clauses)):
        return "project"
    if any(map(ACTION_TITLE.match, clauses)):
        return "action"
    return "project" if "工程" in section and "行动" not in section else "action"
