"""Table B (工作进展情况表): a unit's entries of a period, or those of a whole region or plan.

The number of queries does not depend on the number of rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core.querysets import BaseQuerySet
from departments.models import Department, User
from plans.models import Plan
from tasks import policies
from tasks.fields import fields_for
from tasks.models import FIELDS, Assignment, Entry, Evidence, Period, Revision, Transition
from tasks.selectors.entries.content import plain, standing_revision, typed
from tasks.selectors.entries.parts import masked, state_word

OPEN = (Entry.State.DRAFT, Entry.State.RETURNED)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One entry as table B shows it; `texts` by field as typed, `seen` their versions."""

    entry: int
    group: str
    unit: str
    title: str
    measure: str
    due: date
    fields: tuple[str, ...]
    state: str
    lead: str
    others: str
    goal: str
    texts: dict[str, str]
    seen: dict[str, int]
    last: str
    last_value: str
    files: str
    by: str
    phone: str
    signed_by: str
    on: str
    opened: bool


@dataclass(frozen=True, slots=True)
class SheetTable:
    """Table B as a whole: what it covers, and its rows in the order of the plans."""

    period: Period
    unit: Department | None
    rows: list[SheetRow]

    @property
    def covers(self) -> str:
        return self.unit.name if self.unit else self.period.region.name


@dataclass(frozen=True, slots=True)
class SheetChoice:
    """What a person may take table B of: their own unit's, or any of `units` and `plans`."""

    period: Period
    units: list[Department]
    plans: list[Plan]


def choice(user: Any, period: Period) -> SheetChoice | None:
    """Return what a person may take table B of; None where it is not theirs, or not there yet."""
    if period.state == Period.State.SCHEDULED or not policies.can_use_sheet(user, period):
        return None
    if user.acting.department_id is not None:
        return SheetChoice(period, [], [])
    seen = Entry.objects.visible_to(user).filter(period=period)
    units = Department.objects.filter(pk__in=seen.values("department")).order_by("pk")
    plans = Plan.objects.filter(pk__in=seen.values("task__plan")).order_by("pk")
    return SheetChoice(period, list(units), list(plans))


@dataclass(frozen=True, slots=True)
class _Around:
    """What belongs to the rows, each loaded in one query."""

    leads: dict[int, str]
    others: dict[int, str]
    files: dict[int, str]
    signed: dict[int, str]
    people: dict[int, User]
    last: dict[tuple[int, str, int], "_Last"]
    states: dict[str, str]


def entries_of(
    user: Any, period: Period, *, plan: int | None = None, unit: int | None = None
) -> BaseQuerySet:
    """Return the entries for table B: of one's own unit, or those that the office chose.

    Ordered by plan, action and measure; what is waived is left to the office's table.
    """
    acting = user.acting
    rows = Entry.objects.visible_to(user).filter(period=period)
    if acting.department_id is not None:
        rows = rows.filter(department=acting.department_id).expected()
    elif unit is not None:
        rows = rows.filter(department=unit)
    if plan is not None:
        rows = rows.filter(task__plan=plan)
    return rows.order_by(
        "task__plan",
        F("task__measure__action__position").asc(nulls_last=True),
        F("task__measure__position").asc(nulls_last=True),
        "task",
        "assignment",
    )


@dataclass(slots=True)
class _Asked:
    """What the table asks of an entry and its task; the rules read it as they read an Entry.

    Thousands of rows: the revisions behind it, then plain values in the order of _PATHS.
    """

    period: Period
    submitted: Revision | None
    approved: Revision | None
    pk: int
    department_id: int
    unit: str
    kind: str
    state: str
    draft: dict[str, Any]
    submitted_id: int | None
    approved_id: int | None
    task_id: int
    continues_id: int | None
    title: str
    task_kind: str
    due: date
    quantity: Decimal | None
    quantity_unit: str
    deliverable: str
    plan_id: int
    plan: str
    action: str | None
    measure_id: int | None
    measure: str | None
    measure_text: str | None

    typed = Entry.typed
    field_version = Entry.field_version


_PATHS = (
    *("pk", "department", "department__name", "kind", "state", "draft", "submitted", "approved"),
    *("task", "task__continues", "task__title", "task__kind", "task__due", "task__quantity"),
    *("task__unit", "task__deliverable", "task__plan", "task__plan__title"),
    *("task__measure__action__title", "task__measure", "task__measure__title"),
    "task__measure__text",
)
_SUBMITTED, _APPROVED = _PATHS.index("submitted"), _PATHS.index("approved")
_OF_REVISION = (*FIELDS, "submitted_by", "submitted_at")


def table(
    user: Any, period: Period, *, plan: int | None = None, unit: Department | None = None
) -> SheetTable:
    """Return table B of a period as far as this person reads its entries."""
    chosen = entries_of(user, period, plan=plan, unit=unit.pk if unit else None)
    found = list(chosen.values_list(*_PATHS))
    # Revisions are only ever added: what the entries named just now is among them.
    revisions = Revision.objects.filter(entry__in=chosen.order_by().values("pk")).order_by()
    by_id = {one.pk: one for one in revisions.only(*_OF_REVISION)}
    entries = [
        _Asked(period, by_id.get(one[_SUBMITTED]), by_id.get(one[_APPROVED]), *one) for one in found
    ]
    read = [_Read.of(user, one) for one in entries]
    around = _around(period, chosen, read)
    several = len({one.plan_id for one in entries}) > 1
    rows = [_row(user, one, around, several) for one in read]
    own = user.acting.department if user.acting.department_id else unit
    return SheetTable(period, own, rows)


class _Read(NamedTuple):
    """What a person reads of an entry: the draft of their unit, or a revision, or nothing."""

    entry: Any  # an _Asked
    own: bool
    opened: bool
    revision: Revision | None

    @classmethod
    def of(cls, user: Any, entry: Any) -> "_Read":
        own = policies.of_unit(user, entry)
        if own and entry.state in OPEN:
            return cls(entry, own, True, None)
        if own:
            return cls(entry, own, False, entry.submitted or entry.approved)
        if policies.can_read_submitted(user, entry) and entry.submitted is not None:
            return cls(entry, own, False, entry.submitted)
        return cls(entry, own, False, standing_revision(entry))


def _around(period: Period, chosen: BaseQuerySet, read: Sequence[_Read]) -> _Around:
    """Load what belongs to the rows; the database finds it by the rows' query, not by their ids."""
    rows = chosen.order_by()
    units: dict[str, dict[int, list[str]]] = {"leads": {}, "others": {}}
    for task, role, name in Assignment.objects.filter(task__in=rows.values("task")).values_list(
        "task", "role", "department__name"
    ):
        part = units["leads" if role == Assignment.Role.LEAD else "others"]
        part.setdefault(task, []).append(name)
    opened = {one.entry.pk for one in read if one.opened}
    shown = {one.revision.pk: one.entry.pk for one in read if one.revision is not None}
    files: dict[int, list[str]] = {}
    for entry, name in Evidence.objects.filter(
        entry__in=rows.values("pk"), removed_at__isnull=True
    ).values_list("entry", "name"):
        if entry in opened:
            files.setdefault(entry, []).append(name)
    for revision, name in (
        Revision.evidence.through.objects.filter(revision__entry__in=rows.values("pk"))
        .order_by("evidence")
        .values_list("revision", "evidence__name")
    ):
        if revision in shown:
            files.setdefault(shown[revision], []).append(name)
    signers = Transition.objects.filter(entry__in=rows.values("pk"), verb="sign")
    signed = {
        step.entry_id: str(step.by)
        for step in signers.select_related("by").order_by("id")
        if step.revision_id in shown
    }
    people = User.objects.in_bulk({one.revision.submitted_by_id for one in read if one.revision})
    last = _last(period, {one.entry.department_id for one in read})
    states = {str(value): str(word) for value, word in Entry.State.choices}
    leads, others, names = (
        {pk: "、".join(words) for pk, words in one.items()} for one in (*units.values(), files)
    )
    return _Around(leads, others, names, signed, people, last, states)


class _Last(NamedTuple):
    """What a revision said of the work: the words, and the number that its task asks for."""

    done: str
    percent: Decimal | None
    quantity: Decimal | None


def _last(period: Period, units: set[int]) -> dict[tuple[int, str, int], _Last]:
    """Return what these units reported in the region's period before, by task and by measure."""
    before = (
        Period.objects.filter(region=period.region_id, ends__lt=period.ends)
        .order_by("-ends", "-pk")
        .values("pk")[:1]
    )
    found: dict[tuple[int, str, int], _Last] = {}
    for unit, task, measure, *words in (
        Revision.objects.standing()
        .filter(entry__period=before, entry__department__in=units)
        .order_by("entry")
        .values_list("entry__department", "entry__task", "entry__task__measure", *_Last._fields)
    ):
        said = _Last(*words)
        found[unit, "task", task] = said
        if measure:
            found.setdefault((unit, "measure", measure), said)
    return found


def _last_of(entry: _Asked, last: dict[tuple[int, str, int], _Last]) -> _Last | None:
    """Return the last words on this work: of the task, the one it continues, or the measure."""
    unit = entry.department_id
    places = (
        ("task", entry.task_id),
        ("task", entry.continues_id),
        ("measure", entry.measure_id),
    )
    for kind, pk in places:
        if pk and (found := last.get((unit, kind, pk))):
            return found
    return None


def _goal(entry: _Asked) -> str:
    amount = f"{plain(entry.quantity)} {entry.quantity_unit}".strip() if entry.quantity else ""
    return "；".join(part for part in (amount, entry.deliverable) if part)


def _row(user: Any, read: _Read, around: _Around, several: bool) -> SheetRow:
    entry, own, opened, revision = read
    fields = fields_for(entry.task_kind)
    action = entry.action or str(_("固定任务"))
    person = user if opened else around.people[revision.submitted_by_id] if revision else None
    phone = getattr(person, "phone", "")
    last = _last_of(entry, around.last) if own or revision else None
    return SheetRow(
        entry=entry.pk,
        group=f"{entry.plan}：{action}" if several else action,
        unit=entry.unit,
        title=entry.title,
        measure=entry.measure_text or entry.measure or "",
        due=entry.due,
        fields=fields,
        state=state_word(entry) or around.states[entry.state],
        lead=around.leads.get(entry.task_id, ""),
        others=around.others.get(entry.task_id, ""),
        goal=_goal(entry),
        texts={
            one: entry.typed(one) if opened else typed(revision, one) if revision else ""
            for one in fields
        },
        seen={one: entry.field_version(one) for one in fields} if own else {},
        last=last.done if last else "",
        last_value=plain(getattr(last, fields[0], None)),
        files=around.files.get(entry.pk, ""),
        by=str(person) if person else "",
        phone=phone if own else masked(phone),
        signed_by=around.signed.get(entry.pk, ""),
        on=timezone.localdate(revision.submitted_at).isoformat() if revision else "",
        opened=opened,
    )
