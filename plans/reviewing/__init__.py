"""What the page shows on which a draft is checked: its text beside what was read from it."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date

from plans.models import Draft, DraftItem, DraftWarning
from plans.reviewing.naming import Name, read_names
from plans.reviewing.text import Line, lines
from plans.reviewing.tree import (
    TAB_OF,
    Node,
    Point,
    Tree,
    missing,
    points,
    read_tree,
    region_of,
    sentence,
)

__all__ = ["TAB_OF", "Name", "Node", "Review", "Tree", "read", "region_of"]


WORDS = 16  # that tell one line of a document from all others


@dataclass(frozen=True, slots=True)
class Remark:
    """A warning, the paragraph it speaks of (where it begins), and the deepest item there."""

    warning: DraftWarning
    at: int | None
    item: DraftItem | None


@dataclass(frozen=True, slots=True)
class Review:
    """A draft as its page shows it."""

    draft: Draft
    tree: Tree
    lines: list[Line]
    names: list[Name]
    points: list[Point]
    remarks: list[Remark]
    settled: list[Remark]
    sentence: str
    missing: str
    chosen: DraftItem | None
    # Where the paragraph of the open item begins.
    chosen_at: int | None

    @property
    def asking(self) -> list[Name]:
        """Return the names on which a person should decide."""
        return [one for one in self.names if one.asks]

    @property
    def todo(self) -> int:
        """Return how many things are left to check; the names together are one of them."""
        return len(self.points) + len(self.remarks) + bool(self.asking)


def read(draft: Draft, day: date, *, chosen: int | None = None) -> Review:
    """Return a draft with everything its page shows (a constant number of queries)."""
    tree = read_tree(draft)
    item = tree.by_pk.get(chosen or 0)
    text = lines(draft, tree.kept, item)
    remarks = [_remark(draft, one, text) for one in DraftWarning.objects.filter(draft=draft)]
    return Review(
        draft=draft,
        tree=tree,
        lines=text,
        names=read_names(draft, tree, day),
        points=points(draft, tree),
        remarks=[one for one in remarks if one.warning.settled_at is None],
        settled=[one for one in remarks if one.warning.settled_at is not None],
        sentence=sentence(tree),
        missing=missing(tree),
        chosen=item,
        chosen_at=_line_at(text, item.span_start) if item else None,
    )


def _line_at(text: list[Line], place: int | None) -> int | None:
    """Return where the paragraph begins that holds an offset of the text."""
    if place is None or not text:
        return None
    return text[max(0, bisect_right(text, place, key=lambda one: one.start) - 1)].start


def _remark(draft: Draft, warning: DraftWarning, text: list[Line]) -> Remark:
    place = warning.span_start
    if place is None:
        place = _printed_at(draft, warning.line)
    at = _line_at(text, place)
    if at is None or place is None:
        return Remark(warning, None, None)
    line = next(one for one in text if one.start == at)
    run = next((one for one in line.runs if one.start <= place < one.end), None)
    return Remark(warning, at, run.place.item if run and run.place else None)


def _printed_at(draft: Draft, line: int) -> int | None:
    """Return where the words of a line of the file stand in the draft's text, if only once."""
    rows = draft.source.text.splitlines()
    words = "".join(rows[line - 1].split())[:WORDS] if 0 < line <= len(rows) else ""
    place = draft.text.find(words) if words else -1
    return place if place >= 0 and draft.text.find(words, place + 1) < 0 else None
