"""Check and submit: what a unit has finished in a period, and the receipts afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from departments.models import Membership
from tasks import policies
from tasks.fields import LABELS, fields_of
from tasks.models import Entry, Evidence, Period, Revision
from tasks.selectors.entries.content import Line, lines, marked, shown, standing_revision, typed
from tasks.selectors.entries.exchange import usual_wait
from tasks.selectors.entries.parts import OPEN


@dataclass(frozen=True, slots=True)
class Card:
    """A finished entry as it will be handed in, marked against what was reported before."""

    entry: Entry
    lines: list[Line]
    files: list[Evidence]
    late: bool


@dataclass(frozen=True, slots=True)
class CheckPage:
    """A unit's period: what is finished, what is not, and until when it is in time."""

    period: Period | None
    periods: list[Period]
    cards: list[Card]
    open: list[Entry]
    due: date | None


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One submission: its number, time and hash, and who handles it next."""

    revision: Revision
    number: str
    next: str


def periods_of(user: Any) -> list[Period]:
    """Return the periods in which the person's department has entries, newest first."""
    acting = getattr(user, "acting", None)
    if acting is None or acting.department_id is None:
        return []
    mine = Entry.objects.filter(department=acting.department_id)
    rows = Period.objects.visible_to(user).filter(pk__in=mine.values("period"))
    return list(rows.order_by("-ends", "-pk"))


def _previous(entries: list[Entry]) -> dict[int, Revision]:
    """Return, per entry, what it is compared with: its last revision, else last period's."""
    own = {one.pk: one.submitted for one in entries if one.submitted is not None}
    return {**_earlier_of(entries), **own}


def _earlier_of(entries: list[Entry]) -> dict[int, Revision]:
    """Return, per entry, what was reported for its task in the period before, in one query."""
    found: dict[int, Revision] = {}
    tasks = [one.task_id for one in entries]
    departments = {one.department_id for one in entries}
    rows = (
        Entry.objects.filter(task__in=tasks, department__in=departments)
        .select_related("period", "approved", "submitted")
        .order_by("period__ends")
    )
    standing: dict[tuple[int, int], list[tuple[date, Revision]]] = {}
    for row in rows:
        revision = standing_revision(row)
        if revision is not None:
            place = standing.setdefault((row.task_id, row.department_id), [])
            place.append((row.period.ends, revision))
    for one in entries:
        before = [
            revision
            for ends, revision in standing.get((one.task_id, one.department_id), [])
            if ends < one.period.ends
        ]
        if before:
            found[one.pk] = before[-1]
    return found


def _lines(entry: Entry, before: Revision | None) -> list[Line]:
    made = []
    for field in fields_of(entry.task):
        now = entry.typed(field).strip()
        old = typed(before, field) if before is not None else now
        old, now = shown(field, old, entry.task), shown(field, now, entry.task)
        made.append(Line(field, str(LABELS[field]), now, marked(field, old, now)))
    return made


def _files(entries: Iterable[Entry]) -> dict[int, list[Evidence]]:
    found: dict[int, list[Evidence]] = {}
    rows = Evidence.objects.filter(entry__in=[one.pk for one in entries], removed_at__isnull=True)
    for one in rows:
        found.setdefault(one.entry_id, []).append(one)
    return found


def check_page(user: Any, wanted: int, now: datetime) -> CheckPage:
    """Return what the person's department can hand in, in the wanted or the newest period."""
    periods = periods_of(user)
    period = next((one for one in periods if one.pk == wanted), periods[0] if periods else None)
    if period is None:
        return CheckPage(None, [], [], [], None)
    rows = list(
        Entry.objects.visible_to(user)
        .filter(period=period, department=user.acting.department_id)
        .filter(state__in=(Entry.State.DRAFT, Entry.State.RETURNED))
        .select_related("period", "task__measure__action", "submitted")
        .prefetch_related("period__extensions")
        .order_by("task__measure__action__position", "task__measure__position", "pk")
    )
    ready = [one for one in rows if one.ready]
    before, files = _previous(ready), _files(ready)
    today = timezone.localdate(now)
    cards = [
        Card(
            one,
            _lines(one, before.get(one.pk)),
            files.get(one.pk, []),
            policies.is_late(one, today),
        )
        for one in ready
    ]
    still = [one for one in rows if not one.ready and one.shown_state in OPEN]
    due = policies.deadline(rows[0]) if rows else period.due_on
    return CheckPage(period, periods, cards, still, due)


def signs(user: Any) -> bool:
    """Tell whether the person acts as the head of a unit."""
    acting = getattr(user, "acting", None)
    return acting is not None and acting.role == Membership.Role.HEAD


def to_sign(user: Any) -> list[Card]:
    """Return what waits for the signature of the unit's head, longest first."""
    rows = list(
        Entry.objects.visible_to(user)
        .filter(department=user.acting.department_id, state=Entry.State.AWAITING)
        .select_related("period", "task__measure__action", "submitted__submitted_by", "approved")
        .prefetch_related("submitted__evidence")
        .order_by("submitted__submitted_at", "pk")
    )
    before = _earlier_of(rows)
    made = []
    for one in rows:
        revision = one.submitted
        if revision is not None:
            said = lines(revision, one.task, before.get(one.pk))
            made.append(Card(one, said, list(revision.evidence.all()), revision.is_late))
    return made


def receipts(user: Any, pks: list[int]) -> list[ReceiptRow]:
    """Return the receipts of submissions of the person's own department."""
    acting = getattr(user, "acting", None)
    if acting is None or acting.department_id is None:
        return []
    rows = (
        Revision.objects.visible_to(user)
        .filter(pk__in=pks, entry__department=acting.department_id)
        .select_related("entry__task__plan__settings", "entry__period")
        .order_by("pk")
    )
    return [ReceiptRow(one, receipt_number(one), _next(one)) for one in rows]


def receipt_number(revision: Revision) -> str:
    """Return the number of a submission: the entry's, and which of its versions it is."""
    return f"{revision.entry_id}-{revision.number}"


def _next(revision: Revision) -> str:
    entry = revision.entry
    if entry.state == Entry.State.AWAITING:
        return _("等本单位负责人审签，审签后送%s") % entry.task.plan.settings.office_name
    if entry.kind == Entry.Kind.PART:
        return _("等汇总单位采纳")
    return _("等%s核对") % entry.task.plan.settings.office_name


def usual(rows: list[ReceiptRow]) -> str:
    """Return how long checking takes in the period of these receipts (median, in words)."""
    return usual_wait(rows[0].revision.entry.period) if rows else ""
