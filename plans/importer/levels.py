"""Put headings with a wrong kind of number back among their neighbours."""

from __future__ import annotations

from plans.importer.model import ImportWarning
from plans.importer.notations import CIRCLED, DIGIT_BRACKET, DIGIT_STOP, HAN_BRACKET, HAN_STOP
from plans.importer.outline import Entry

# Chapters and 行动一：… stand where they are printed.
_ROWS = {HAN_STOP, HAN_BRACKET, DIGIT_STOP, DIGIT_BRACKET, CIRCLED}


def correct_levels(entries: list[Entry], warnings: list[ImportWarning]) -> list[Entry]:
    """Put a heading with a wrong kind of number among its neighbours, and say so.

    （一）（二）三、（四）: the third continues the bracketed row and opens no new section.
    Numbers may run on below several headings: （一）1. 2. （二）3. 4.
    """
    marked = [
        e for e in entries if e.kind == "marker" and e.ordinal is not None and e.rank in _ROWS
    ]
    current: dict[float, int] = {}
    last: dict[float, int] = {}
    for at, entry in enumerate(marked):
        rank, ordinal = entry.rank, entry.ordinal or 0
        regular = ordinal in (1, current.get(rank, 0) + 1, last.get(rank, 0) + 1)
        other = None if ordinal == 1 else _fitting_rank(marked, at, current, regular)
        if other is not None:
            message = "编号的层级与前后不一致，已按前后顺序归位"
            warnings.append(_numbering("heading_level", entry, message))
            entry.rank = rank = other
        elif not regular and rank in current:
            warnings.append(_numbering("numbering", entry, "编号不连续或重复，已按原文保留"))
        current[rank] = last[rank] = ordinal
        for deeper in [key for key in current if key > rank]:
            del current[deeper]
    return entries


def _fitting_rank(
    marked: list[Entry], at: int, current: dict[float, int], regular: bool
) -> float | None:
    """Find the row that this number continues; a regular number moves only on clear evidence."""
    entry = marked[at]
    ordinal = entry.ordinal or 0
    for rank in sorted(current, reverse=True):
        if rank == entry.rank or current[rank] + 1 != ordinal or rank > DIGIT_BRACKET:
            continue
        if regular and rank < entry.rank:
            continue
        following = next((e for e in marked[at + 1 :] if e.rank <= max(rank, entry.rank)), None)
        if following is None:
            if not regular and entry.rank < rank == HAN_BRACKET:
                return rank
        elif following.rank == rank and following.ordinal == ordinal + 1:
            return rank
    return None


def _numbering(code: str, entry: Entry, message: str) -> ImportWarning:
    return ImportWarning(code, f"“{entry.number}”{message}。", entry.line, (entry.start, entry.end))
