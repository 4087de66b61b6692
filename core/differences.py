"""Where two sequences differ, in bounded time."""

import difflib
from collections.abc import Sequence
from typing import Any

# The work grows with the product of lengths: beyond it all between equal ends counts as replaced.
MOST_PAIRS = 1_000_000
Step = tuple[str, int, int, int, int]  # equal, replace, insert or delete; a[i1:i2], b[j1:j2]


def opcodes(a: Sequence[Any], b: Sequence[Any], most: int = MOST_PAIRS) -> list[Step]:
    """Return how `a` becomes `b`, as `difflib.SequenceMatcher.get_opcodes` does."""
    shorter = min(len(a), len(b))
    head = next((at for at in range(shorter) if a[at] != b[at]), shorter)
    left = shorter - head
    tail = next((at for at in range(left) if a[-1 - at] != b[-1 - at]), left)
    ours, theirs = a[head : len(a) - tail], b[head : len(b) - tail]
    if len(ours) * len(theirs) > most:
        steps: list[Any] = [("replace", 0, len(ours), 0, len(theirs))]
    else:
        steps = difflib.SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    found: list[Step] = [("equal", 0, head, 0, head)] if head else []
    found += [(kind, i + head, j + head, m + head, n + head) for kind, i, j, m, n in steps]
    if tail:
        found.append(("equal", len(a) - tail, len(a), len(b) - tail, len(b)))
    return found
