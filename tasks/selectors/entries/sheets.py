"""Table B (工作进展情况表): a unit's entries of a period, or those of a whole region or plan.

The number of queries does not depend on the number of rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core.querysets import BaseQuerySet
from departments.models import Department
from plans.models import Plan
from tasks import policies
from tasks.fields import fields_of
from tasks.models import Assignment, Entry, Evidence, Period, Revision, Transition
from tasks.selectors.entries.content import plain, standing_revision, typed
from tasks.selectors.entries.parts import masked, state_word

OPEN = (Entry.State.DRAFT, Entry.State.RETURNED)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One entry as table B shows it; `texts` by field as typed, `seen` their versions."""

    entry: Entry
    group: str
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

    units: dict[int, list[tuple[str, str]]]
    files: dict[int, list[str]]
    signed: dict[int, str]
    last: dict[tuple[int, str, int], Revision]
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


def table(
    user: Any, period: Period, *, plan: int | None = None, unit: Department | None = None
) -> SheetTable:
    """Return table B of a period as far as this person reads its entries."""
    chosen = entries_of(user, period, plan=plan, unit=unit.pk if unit else None)
    entries = list(
        # What many rows share is loaded once, and the times of rows are not asked for.
        chosen.select_related("task", "submitted", "approved")
        .prefetch_related(
            "department",
            "task__plan",
            "task__measure__action",
            "submitted__submitted_by",
            "approved__submitted_by",
        )
        .defer("created_at", "updated_at", "task__created_at", "task__updated_at")
    )
    for one in entries:
        one.period = period
    around = _around(user, period, entries)
    several = len({one.task.plan_id for one in entries}) > 1
    rows = [_row(user, one, around, several) for one in entries]
    own = user.acting.department if user.acting.department_id else unit
    return SheetTable(period, own, rows)


def _shown(user: Any, entry: Entry) -> Revision | None:
    """Return the revision that a row shows to a person; None where it shows the draft, or none."""
    if policies.of_unit(user, entry):
        return None if entry.state in OPEN else entry.submitted or entry.approved
    if policies.can_read_submitted(user, entry) and entry.submitted is not None:
        return entry.submitted
    return standing_revision(entry)


def _around(user: Any, period: Period, entries: Sequence[Entry]) -> _Around:
    tasks = {one.task_id for one in entries}
    units: dict[int, list[tuple[str, str]]] = {}
    for task, role, name in Assignment.objects.filter(task__in=tasks).values_list(
        "task", "role", "department__name"
    ):
        units.setdefault(task, []).append((role, name))
    drafts = [one.pk for one in entries if policies.of_unit(user, one) and one.state in OPEN]
    revisions = {rev.pk: one.pk for one in entries if (rev := _shown(user, one)) is not None}
    files: dict[int, list[str]] = {}
    for entry, name in Evidence.objects.filter(
        entry__in=drafts, removed_at__isnull=True
    ).values_list("entry", "name"):
        files.setdefault(entry, []).append(name)
    for revision, name in (
        Revision.evidence.through.objects.filter(revision__in=list(revisions))
        .order_by("evidence")
        .values_list("revision", "evidence__name")
    ):
        files.setdefault(revisions[revision], []).append(name)
    signers = Transition.objects.filter(revision__in=list(revisions), verb="sign")
    signed = {step.entry_id: str(step.by) for step in signers.select_related("by").order_by("id")}
    last = _last(period, {one.department_id for one in entries})
    states = {str(value): str(word) for value, word in Entry.State.choices}
    return _Around(units, files, signed, last, states)


def _last(period: Period, units: set[int]) -> dict[tuple[int, str, int], Revision]:
    """Return what these units reported in the region's period before, by task and by measure."""
    before = (
        Period.objects.filter(region=period.region_id, ends__lt=period.ends)
        .order_by("-ends", "-pk")
        .values("pk")[:1]
    )
    found: dict[tuple[int, str, int], Revision] = {}
    for one in (
        Entry.objects.filter(period=before, department__in=units)
        .select_related("task", "approved", "submitted")
        .order_by("pk")
    ):
        revision = standing_revision(one)
        if revision is None:
            continue
        found[one.department_id, "task", one.task_id] = revision
        if one.task.measure_id:
            found.setdefault((one.department_id, "measure", one.task.measure_id), revision)
    return found


def _last_of(entry: Entry, last: dict[tuple[int, str, int], Revision]) -> Revision | None:
    """Return the last words on this work: of the task, the one it continues, or the measure."""
    task = entry.task
    places = (("task", task.pk), ("task", task.continues_id), ("measure", task.measure_id))
    for kind, pk in places:
        if pk and (found := last.get((entry.department_id, kind, pk))):
            return found
    return None


def _goal(entry: Entry) -> str:
    task = entry.task
    amount = f"{plain(task.quantity)} {task.unit}".strip() if task.quantity else ""
    return "；".join(part for part in (amount, task.deliverable) if part)


def _group(entry: Entry, several: bool) -> str:
    measure = entry.task.measure
    action = measure.action.title if measure else str(_("固定任务"))
    return f"{entry.task.plan.title}：{action}" if several else action


def _row(user: Any, entry: Entry, around: _Around, several: bool) -> SheetRow:
    own = policies.of_unit(user, entry)
    opened = own and entry.state in OPEN
    revision = _shown(user, entry)
    fields = fields_of(entry.task)
    person = user if opened else revision.submitted_by if revision else None
    phone = getattr(person, "phone", "")
    last = _last_of(entry, around.last) if own or revision else None
    units = around.units.get(entry.task_id, [])
    return SheetRow(
        entry=entry,
        group=_group(entry, several),
        state=state_word(entry) or around.states[entry.state],
        lead="、".join(name for role, name in units if role == Assignment.Role.LEAD),
        others="、".join(name for role, name in units if role != Assignment.Role.LEAD),
        goal=_goal(entry),
        texts={
            one: entry.typed(one) if opened else typed(revision, one) if revision else ""
            for one in fields
        },
        seen={one: entry.field_version(one) for one in fields} if own else {},
        last=last.done if last else "",
        last_value=typed(last, fields[0]),
        files="、".join(around.files.get(entry.pk, [])),
        by=str(person) if person else "",
        phone=phone if own else masked(phone),
        signed_by=around.signed.get(entry.pk, ""),
        on=timezone.localdate(revision.submitted_at).isoformat() if revision else "",
        opened=opened,
    )
