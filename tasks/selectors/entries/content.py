"""What a revision says, line by line, and how it differs from another one."""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from core import words
from core.differences import opcodes
from tasks.fields import LABELS, fields_of, read_as
from tasks.models import Entry, Revision, Task

# Character by character only where it stays quick: the work grows with the product of lengths.
MOST_PAIRS = 160_000
_CLAUSE = re.compile(r"[^，。；！？、：\n]*[，。；！？、：\n]|[^，。；！？、：\n]+$")
_TOKEN = re.compile(r"[0-9.]+|[A-Za-z]+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is the `same`, was deleted (`del`) or is new (`ins`)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a revision as people read it; `pieces` mark what differs, if it does."""

    field: str
    label: str
    text: str
    pieces: tuple[Piece, ...] = ()


def plain(number: Decimal | None) -> str:
    """Return a number without trailing zeros, as it would be typed; nothing for None."""
    return "" if number is None else f"{number.normalize():f}"


def typed(revision: Revision | None, field: str) -> str:
    """Return a field of a revision as it would be typed into the form."""
    value = getattr(revision, field, None)
    if value is None:
        return ""
    return plain(value) if isinstance(value, Decimal) else str(value)


def said(revision: Revision, field: str, task: Task) -> str:
    """Return a field of a revision as people read it: with unit, or as a word."""
    if field == "percent":
        return words.percent(revision.percent)
    if field == "quantity":
        number = revision.quantity
        return str(_("未填报")) if number is None else f"{plain(number)} {task.unit}".strip()
    if field == "self_rating":
        return str(revision.get_self_rating_display())
    return str(getattr(revision, field)) or str(_("未填"))


def shown(field: str, text: str, task: Task) -> str:
    """Return typed text as people read it: ratings as words, numbers as understood, with unit."""
    if field == "self_rating":
        return str(dict(Revision.SelfRating.choices).get(text, text))
    if text and field in ("percent", "quantity"):
        number = read_as(field, text) or text
        return f"{number}%" if field == "percent" else f"{number} {task.unit}".strip()
    return text


def lines(revision: Revision, task: Task, before: Revision | None = None) -> list[Line]:
    """Return the fields of a revision in the order of the form, marked against `before`."""
    made = []
    for field in fields_of(task):
        text = said(revision, field, task)
        old = said(before, field, task) if before is not None else text
        made.append(Line(field, str(LABELS[field]), text, marked(field, old, text)))
    return made


def marked(field: str, old: str, new: str) -> tuple[Piece, ...]:
    """Return how a field changed: a number or a rating as a whole, a text inside itself."""
    if old == new:
        return ()
    if field in ("percent", "quantity", "self_rating"):
        return tuple(_plain_pieces("replace", old, new))
    return tuple(differences(old, new))


def changed_fields(before: Revision, after: Revision, task: Task) -> set[str]:
    """Return the names of the fields in which two revisions differ."""
    return {one for one in fields_of(task) if getattr(before, one) != getattr(after, one)}


def standing_revision(entry: Entry) -> Revision | None:
    """Return what an entry says to others: the approved revision, else the one handed in."""
    if entry.approved is not None:
        return entry.approved
    handed_in = entry.state in (Entry.State.SUBMITTED, Entry.State.TAKEN_OVER)
    return entry.submitted if handed_in else None


def _pieces(a: list[str], b: list[str]) -> Iterator[tuple[str, str, str]]:
    for kind, a1, a2, b1, b2 in opcodes(a, b):
        yield kind, "".join(a[a1:a2]), "".join(b[b1:b2])


def _replaced(old: str, new: str) -> Iterator[Piece]:
    """Mark a replaced stretch: within it where the two are alike, else as a whole."""
    if len(old) * len(new) <= MOST_PAIRS:
        a, b = _TOKEN.findall(old), _TOKEN.findall(new)
        if difflib.SequenceMatcher(None, a, b, autojunk=False).ratio() >= 0.6:
            for kind, was, now in _pieces(a, b):
                yield from _plain_pieces(kind, was, now)
            return
    yield from _plain_pieces("replace", old, new)


def _plain_pieces(kind: str, old: str, new: str) -> Iterator[Piece]:
    if kind == "equal":
        yield Piece("same", new)
        return
    if old:
        yield Piece("del", old)
    if new:
        yield Piece("ins", new)


def _differences(old: str, new: str) -> Iterator[Piece]:
    for kind, was, now in _pieces(_CLAUSE.findall(old), _CLAUSE.findall(new)):
        yield from (_replaced(was, now) if kind == "replace" else _plain_pieces(kind, was, now))


def differences(old: str, new: str) -> list[Piece]:
    """Return how one text became another: clause by clause, then inside alike clauses."""
    joined: list[Piece] = []
    for piece in _differences(old, new):
        if joined and joined[-1].kind == piece.kind:
            joined[-1] = Piece(piece.kind, joined[-1].text + piece.text)
        else:
            joined.append(piece)
    return joined


def newest(entries: Iterable[Entry]) -> Revision | None:
    """Return the standing revision of the first entry that has one."""
    return next((one for one in map(standing_revision, entries) if one is not None), None)
