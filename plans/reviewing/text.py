"""A draft's text, paragraph by paragraph, cut where what was read from it begins and ends."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from plans.models import Draft, DraftItem

Kind = DraftItem.Kind
# Where two places are equally long, the one further down the list is the deeper one.
DEPTH = (Kind.ACTION, Kind.PHASE, Kind.MEASURE, Kind.DUTY, Kind.TARGET, Kind.UNIT)

# Fields of a draft that the importer calls otherwise.
FIELDS = {"region": "region_name"}


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of the text and what was read there: an item, or a field of the header."""

    start: int
    end: int
    item: DraftItem | None = None
    header: str = ""

    @property
    def size(self) -> tuple[int, int]:
        """Sort the deepest place first: the shortest."""
        return self.end - self.start, -(DEPTH.index(self.item.kind) if self.item else 0)


@dataclass(slots=True)
class Piece:
    """Words of a run; `unit` is the responsible unit that they name, if they name one."""

    text: str
    unit: DraftItem | None = None


@dataclass(slots=True)
class Run:
    """Neighbouring pieces of the deepest place that they belong to; None: nothing was read there.

    `target`: a target was read in these words. `here`: they belong to the item that is open.
    """

    start: int
    end: int
    place: Place | None
    target: bool
    here: bool
    pieces: list[Piece] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph: its place in the text, and its runs, which hold all of its characters."""

    start: int
    end: int
    runs: tuple[Run, ...]

    @property
    def heads(self) -> bool:
        """Tell whether an action begins here."""
        place = self.runs[0].place
        return bool(place and place.item and place.item.kind == Kind.ACTION) and (
            place is not None and place.start == self.start
        )


def lines(draft: Draft, items: Iterable[DraftItem], chosen: DraftItem | None) -> list[Line]:
    """Return the paragraphs of a draft's text; every character lies in exactly one run."""
    places = [
        Place(one.span_start, min(one.span_end, len(draft.text)), one)
        for one in items
        if one.span_start is not None and one.span_end is not None
    ]
    places += [
        Place(start, min(end, len(draft.text)), None, FIELDS.get(name, name))
        for name, (start, end) in draft.header_spans.items()
    ]
    open_at = _span(chosen)
    cuts = _cuts(draft.text, places)
    found = []
    at = 0
    for words in draft.text.split("\n"):
        start, end = at, at + len(words)
        at = end + 1
        runs = tuple(_runs(draft.text, cuts, start, end, open_at))
        if words.strip():
            found.append(Line(start, end, runs))
    return found


def _span(item: DraftItem | None) -> tuple[int, int]:
    if item is None or item.span_start is None or item.span_end is None:
        return (0, 0)
    return (item.span_start, item.span_end)


Cut = tuple[int, int, list[Place]]


def _cuts(text: str, places: list[Place]) -> Iterator[Cut]:
    """Yield the stretches between two borders with the places that cover them."""
    borders = {0, len(text)}
    for one in places:
        borders |= {one.start, one.end}
    for at, char in enumerate(text):
        if char == "\n":
            borders |= {at, at + 1}
    waiting = sorted(places, key=lambda one: one.start, reverse=True)
    covering: list[Place] = []
    for start, end in pairwise(sorted(one for one in borders if one <= len(text))):
        while waiting and waiting[-1].start <= start:
            covering.append(waiting.pop())
        covering = [one for one in covering if one.end > start]
        yield start, end, covering


def _runs(
    text: str, cuts: Iterator[Cut], start: int, end: int, open_at: tuple[int, int]
) -> Iterator[Run]:
    """Yield the runs of one paragraph; takes its cuts, and the line break behind it."""
    run: Run | None = None
    for first, last, covering in cuts if end > start else ():
        unit, place = _deepest(covering)
        target = any(one.item and one.item.kind == Kind.TARGET for one in covering)
        here = open_at[0] <= first and last <= open_at[1]
        if run is None or (run.place, run.target, run.here) != (place, target, here):
            if run is not None:
                yield run
            run = Run(first, last, place, target, here)
        run.end = last
        run.pieces.append(Piece(text[first:last], unit))
        if last == end:
            break
    if run is not None:
        yield run
    if end < len(text):
        next(cuts)


def _deepest(covering: list[Place]) -> tuple[DraftItem | None, Place | None]:
    """Return the unit named here, and the deepest place that is not a unit."""
    units = [one for one in covering if one.item and one.item.kind == Kind.UNIT]
    others = [one for one in covering if not (one.item and one.item.kind == Kind.UNIT)]
    unit = min(units, key=lambda one: one.size).item if units else None
    return unit, min(others, key=lambda one: one.size) if others else None
