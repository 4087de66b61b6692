"""The two faces of an entry: the form to fill in, and the page to read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.workdays import add
from departments.models import Department
from tasks import policies
from tasks.fields import LABELS, fields_of
from tasks.models import Consultation, Entry, Evidence, Revision, Transition
from tasks.selectors.entries import exchange
from tasks.selectors.entries import parts as entries
from tasks.selectors.entries.before import carried, earlier, last_revision
from tasks.selectors.entries.content import Line, lines, standing_revision
from tasks.selectors.entries.exchange import Part
from tasks.selectors.entries.parts import (
    OPEN,
    FormField,
    Past,
    Progress,
    RailItem,
    Returned,
)
from tasks.selectors.planning.handing import Below, handed_down
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
    last: Revision | None
    to_ask: list[Department]
    asked: list[Consultation]
    # How the region of a lower 科协 carries out what it was given: the report back says so.
    below: list[Below]

    @property
    def carried(self) -> int:
        """Return how many fields hold last period's text, as it was carried forward."""
        return sum(one.prefilled for one in self.fields)

    @property
    def can_carry(self) -> bool:
        """Tell whether an empty field could take over what stood there last period."""
        return any(one.last and not one.text.strip() for one in self.fields)

    @property
    def can_repeat(self) -> bool:
        """Tell whether the whole entry can be reported as 无变化: nothing else is typed."""
        typed = [one for one in self.fields if one.text.strip()]
        fresh = self.entry.state == Entry.State.DRAFT and self.last is not None
        return fresh and all(one.prefilled for one in typed)

    @property
    def evidence_problems(self) -> list[str]:
        return [sentence for place, _label, sentence in self.errors if place == "id_file"]

    @property
    def proofs(self) -> list[Evidence]:
        return [one for one in self.files if one.purpose == Evidence.Purpose.EVIDENCE]

    @property
    def stamped(self) -> list[Evidence]:
        return [one for one in self.files if one.purpose == Evidence.Purpose.STAMPED]

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
    counting: list[Line]
    asked: list[Consultation]
    open_until: date

    @property
    def word(self) -> str:
        return entries.state_word(self.entry)

    @property
    def entry(self) -> Entry:
        return self.head.entry


def _head(user: Any, entry: Entry, now: datetime, before: list[Entry]) -> Head:
    today = timezone.localdate(now)
    due = policies.time_given(entry)
    left = (due - today).days
    return Head(
        entry=entry,
        rail=entries.rail(user, entry),
        due=due,
        days_left=left,
        late=policies.is_late(entry, today),
        past=entries.past(entry, before),
        phones=[
            (str(one.user), entries.masked(one.user.phone))
            for one in entry.department.people  # type: ignore[attr-defined]
        ],
        usual_wait=exchange.usual_wait(entry.period),
    )


def head_of(user: Any, entry: Entry, now: datetime) -> Head:
    """Return what stands beside an entry: its rail, deadline, and the periods before."""
    return _head(user, entry, now, earlier(entry))


def form_page(
    user: Any,
    entry: Entry,
    now: datetime,
    wrong: Mapping[str, list[str]],
    conflicts: Mapping[str, Mapping[str, Any]],
) -> FormPage:
    """Return the form of an entry; `wrong` and `conflicts` are what a refused POST left."""
    before = earlier(entry)
    files = entries.files_of(entry)
    back = entries.returned(entry, files)
    parts = exchange.parts_for(user, entry)
    last = last_revision(entry, before)
    errors = [
        (f"id_{name}", str(LABELS[name]), sentence)
        for name in fields_of(entry.task)
        for sentence in wrong.get(name, [])
    ] + [("id_file", _("佐证材料"), sentence) for sentence in wrong.get("evidence", [])]
    return FormPage(
        head=_head(user, entry, now, before),
        fields=entries.form_fields(entry, back, carried(entry, before), wrong, conflicts),
        returned=back,
        progress=entries.progress(entry, last),
        files=files,
        parts=parts,
        silent=exchange.silent_units(user, entry, parts),
        errors=errors,
        last=last,
        to_ask=exchange.without_account(entry, timezone.localdate(now)),
        asked=exchange.asked(entry),
        below=handed_down(entry.task, user, timezone.localdate(now)),
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
    both = entry.approved is not None and revision is not None and revision != entry.approved
    return ReadPage(
        head=_head(user, entry, now, earlier(entry) if verdict else []),
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
        counting=lines(entry.approved, entry.task) if both and entry.approved else [],
        asked=exchange.asked(entry) if follows else [],
        open_until=add(timezone.localdate(now), USUALLY_OPEN),
    )


USUALLY_OPEN = 5  # working days that a reopened entry stays open unless another day is chosen


# Verbs that need more than a click, and what they ask for; `approve` has its own page.
ASKS = {"waive": "reason", "reopen": "until", "return": "reasons", "hand_back": "reason"}


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
