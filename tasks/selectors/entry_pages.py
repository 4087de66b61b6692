"""The two faces of an entry: the form to fill in, and the page to read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from tasks import policies
from tasks.fields import LABELS, fields_of
from tasks.models import Entry, Evidence, Revision, Transition
from tasks.selectors import entries, exchange
from tasks.selectors.content import Line, lines, standing_revision
from tasks.selectors.entries import (
    OPEN,
    FormField,
    Past,
    Progress,
    RailItem,
    Returned,
)
from tasks.selectors.exchange import Part
from tasks.workflow import VERB_WORDS, table_of


@dataclass(frozen=True, slots=True)
class Head:
    """What stands on top and beside every page of an entry."""

    entry: Entry
    rail: list[RailItem]
    due: date
    days_left: int
    late: bool
    past: list[Past]
    phones: list[tuple[str, str]]
    usual_wait: str

    @property
    def remaining(self) -> int:
        return sum(one.state in OPEN for one in self.rail)

    @property
    def ready(self) -> int:
        return sum(one.state == "ready" for one in self.rail)

    @property
    def place(self) -> int:
        return next((at for at, one in enumerate(self.rail, 1) if one.current), 0)


@dataclass(frozen=True, slots=True)
class FormPage:
    """The form: its fields, why it came back, the unit's files, and parts of other units."""

    head: Head
    fields: list[FormField]
    returned: Returned | None
    progress: Progress
    files: list[Evidence]
    parts: list[Part]
    silent: list[str]
    errors: list[tuple[str, str, str]]

    @property
    def entry(self) -> Entry:
        return self.head.entry

    @property
    def ratings(self) -> list[tuple[str, str]]:
        return [(value, str(word)) for value, word in Revision.SelfRating.choices]


@dataclass(frozen=True, slots=True)
class Offer:
    """A step that the person may take now, as a button."""

    verb: str
    word: str
    asks: str = ""


@dataclass(frozen=True, slots=True)
class ReadPage:
    """An entry to read: what it says to this person, and what they may do with it."""

    head: Head
    readable: bool
    reason: str
    revision: Revision | None
    lines: list[Line]
    files: list[Evidence]
    parts: list[Part]
    silent: list[str]
    offers: list[Offer]
    exchange: bool
    steps: list["Told"]

    @property
    def word(self) -> str:
        return entries.state_word(self.entry)

    @property
    def entry(self) -> Entry:
        return self.head.entry


def _head(user: Any, entry: Entry, now: datetime, before: list[Entry]) -> Head:
    due = policies.deadline(entry)
    left = (due - timezone.localdate(now)).days
    return Head(
        entry=entry,
        rail=entries.rail(user, entry),
        due=due,
        days_left=left,
        late=policies.is_late(entry, timezone.localdate(now)),
        past=entries.past(entry, before),
        phones=[
            (str(one.user), entries.masked(one.user.phone))
            for one in entry.department.people  # type: ignore[attr-defined]
        ],
        usual_wait=exchange.usual_wait(entry.period),
    )


def head_of(user: Any, entry: Entry, now: datetime) -> Head:
    """Return what stands beside an entry: its rail, deadline, and the periods before."""
    return _head(user, entry, now, entries.earlier(entry))


def last_revision(entry: Entry, before: list[Entry]) -> Revision | None:
    """Return what was reported for this very task in the newest period before."""
    same = (standing_revision(one) for one in before if one.task_id == entry.task_id)
    return next((one for one in same if one is not None), None)


def _last_words(entry: Entry, before: list[Entry]) -> Revision | None:
    """Return the newest words on this work, of this task or of the one it continues."""
    return next((one for one in map(standing_revision, before) if one is not None), None)


def form_page(
    user: Any,
    entry: Entry,
    now: datetime,
    wrong: Mapping[str, list[str]],
    conflicts: Mapping[str, Mapping[str, Any]],
) -> FormPage:
    """Return the form of an entry; `wrong` and `conflicts` are what a refused POST left."""
    before = entries.earlier(entry)
    files = entries.files_of(entry)
    back = entries.returned(entry, files)
    parts = exchange.parts_for(user, entry)
    errors = [
        (f"id_{name}", str(LABELS[name]), sentence)
        for name in fields_of(entry.task)
        for sentence in wrong.get(name, [])
    ]
    return FormPage(
        head=_head(user, entry, now, before),
        fields=entries.form_fields(entry, back, _last_words(entry, before), wrong, conflicts),
        returned=back,
        progress=entries.progress(entry, last_revision(entry, before)),
        files=files,
        parts=parts,
        silent=exchange.silent_units(user, entry, parts),
        errors=errors,
    )


def read_page(user: Any, entry: Entry, now: datetime) -> ReadPage:
    """Return an entry to read: its own unit sees the draft, others what was handed in."""
    own = policies.of_unit(user, entry)
    follows = exchange.reads_exchange(user, entry)
    verdict = policies.can_read_text(user, entry)
    reads = follows and policies.can_read_submitted(user, entry)
    revision = entry.submitted if reads else standing_revision(entry)
    if own and entry.state in (Entry.State.DRAFT, Entry.State.RETURNED):
        revision = None
    shown: list[Line] = []
    if verdict and revision is not None:
        shown = lines(revision, entry.task)
    elif own:
        shown = [Line(one, str(LABELS[one]), entry.typed(one)) for one in fields_of(entry.task)]
    files = list(revision.evidence.all()) if revision is not None else []
    parts = exchange.parts_for(user, entry)
    return ReadPage(
        head=_head(user, entry, now, entries.earlier(entry) if verdict else []),
        readable=bool(shown),
        reason=verdict.reason,
        revision=revision,
        lines=shown,
        files=entries.files_of(entry) if own and revision is None else files,
        parts=parts,
        silent=exchange.silent_units(user, entry, parts),
        offers=offers(user, entry, now),
        exchange=follows,
        steps=told_steps(entry) if follows else [],
    )


# Verbs that need more than a click, and what they ask for; `approve` has its own page.
ASKS = {"waive": "reason", "reopen": "until", "return": "reasons"}


def offers(user: Any, entry: Entry, now: datetime) -> list[Offer]:
    """Return the steps that the person may take now, in the order of the table."""
    verbs = [verb for verb in table_of(entry.kind) if verb not in ("submit", "undo")]
    return [
        Offer(verb, str(VERB_WORDS[verb]), ASKS.get(verb, ""))
        for verb in verbs
        if policies.can(user, entry, verb, now)
    ]


@dataclass(frozen=True, slots=True)
class Told:
    """One step of the exchange in words: what, by whom, when, and the reasons given."""

    step: Transition
    word: str
    reasons: list[tuple[str, str]]


def told_steps(entry: Entry) -> list[Told]:
    """Return the exchange, newest first; a second submission is called 重报."""
    told = []
    for step in exchange.steps(entry):
        word = str(VERB_WORDS[step.verb])
        if step.verb == "submit" and step.revision and step.revision.number > 1:
            word = _("重报")
        told.append(Told(step, word, exchange.labelled(step.reasons)))
    return told
