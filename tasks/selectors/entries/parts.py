"""The entry form and the reading page of an entry, in a fixed number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.querysets import BaseQuerySet
from departments.models import Membership
from tasks.fields import LABELS, fields_of, read, read_as, required
from tasks.models import Entry, Evidence, Period, Revision, Transition
from tasks.progress import HUNDRED, Standing, elapsed, light
from tasks.querysets import HANDED_IN
from tasks.selectors import percent_of, thresholds
from tasks.selectors.entries.content import plain, said, shown, standing_revision, typed

OPEN = ("returned", "draft", "not_started")  # what a unit still has to work on
HINTS = {
    "done": gettext_lazy("只写本期新做的事：做了什么、覆盖多少、效果如何。"),
    "problems": gettext_lazy("没有就写“无”。"),
    "percent": gettext_lazy("全年任务完成了多少，填 0 到 100 之间的数。"),
    "quantity": gettext_lazy("填本年累计数，单位已在右侧写明。"),
}


@dataclass(frozen=True, slots=True)
class RailItem:
    """One of the unit's entries of this period."""

    pk: int
    number: str
    title: str
    state: str
    word: str
    current: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a field came back, and whether it was changed since."""

    field: str
    label: str
    text: str
    changed: bool
    now: str = ""
    was: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """A return: by whom, when, and every reason at once."""

    by: str
    at: datetime
    reasons: list[Reason]

    @property
    def open(self) -> int:
        return sum(not one.changed for one in self.reasons)


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of the form: as typed, what is wrong, why it came back, what stood there before."""

    name: str
    label: str
    text: str
    version: int
    saved_at: datetime | None
    required: bool
    hint: str
    problems: list[str] = field(default_factory=list)
    why: Reason | None = None
    last: str = ""
    last_said: str = ""
    theirs: str | None = None
    prefilled: bool = False
    read_as: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """A period before this one: its name, and what was reported then (None: nothing)."""

    period: Period
    value: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far this entry brings the task: percent, schedule, light, and the same in words."""

    standing: Standing
    last: str
    target: str
    quantity: bool

    @property
    def words(self) -> str:
        gap = self.standing.gap
        if gap is None:
            return ""
        points = plain(round(abs(gap), 1))
        if not round(gap, 1):
            return _("与序时持平")
        text = _("快 %s 个百分点") if gap < 0 else _("慢 %s 个百分点")
        return text % points


def entries_for(user: Any, day: date) -> BaseQuerySet:
    """Return the entries that a person may open, with what their pages need.

    `department.people` holds who fills in for the department on that day.
    """
    people = Membership.objects.filter(role__in=Membership.OF_DEPARTMENT).select_related("user")
    return (
        Entry.objects.visible_to(user)
        .select_related(
            "period__region",
            "task__plan__settings",
            "task__plan__region",
            "task__measure__action",
            "task__continues",
            "department",
            "assignment",
            "submitted__submitted_by",
            "approved",
        )
        .prefetch_related(
            "period__extensions",
            Prefetch(
                "department__memberships",
                queryset=people.valid_on(day).order_by("id"),
                to_attr="people",
            ),
        )
    )


def rail(user: Any, entry: Entry) -> list[RailItem]:
    """Return the unit's entries of this period: returned first, then in the plan's order."""
    rows = (
        Entry.objects.visible_to(user)
        .filter(period=entry.period_id, department=entry.department_id)
        .select_related("task__measure__action")
        .order_by("task__due", "task__measure__action__position", "task__measure__position", "pk")
    )
    items = [
        RailItem(
            one.pk,
            one.task.measure.label if one.task.measure else "",
            one.task.title,
            one.shown_state,
            state_word(one),
            one.pk == entry.pk,
        )
        for one in rows
    ]
    return sorted(items, key=lambda one: one.state != "returned")


def state_word(entry: Entry) -> str:
    """Return the word of a state where it differs by kind: a part waits to be taken over."""
    waits = entry.kind == Entry.Kind.PART and entry.state == Entry.State.SUBMITTED
    return _("待采纳") if waits else ""


def next_open(items: list[RailItem], pk: int) -> int | None:
    """Return the next entry that the unit has to work on, going round; None when all is done."""
    at = next((place for place, one in enumerate(items) if one.pk == pk), -1)
    later = items[at + 1 :] + items[: max(at, 0)]
    return next((one.pk for one in later if one.state in OPEN and one.pk != pk), None)


def past(entry: Entry, before: list[Entry]) -> list[Past]:
    number = fields_of(entry.task)[0]
    rows = []
    for one in before:
        revision = standing_revision(one)
        value = said(revision, number, one.task) if revision else None
        rows.append(Past(one.period, value, revision.done if revision else ""))
    return rows


def _evidence_changed(entry: Entry, revision: Revision | None, files: list[Evidence]) -> bool:
    if revision is None:
        return True
    return {one.pk for one in files} != set(revision.evidence.values_list("pk", flat=True))


def returned(entry: Entry, files: list[Evidence]) -> Returned | None:
    """Return why an entry came back, while it is in the unit's hands; None when it did not."""
    if entry.state != Entry.State.RETURNED:
        return None
    step = (
        Transition.objects.filter(entry=entry, verb="return")
        .select_related("revision", "by")
        .order_by("-id")
        .first()
    )
    if step is None:
        return None
    reasons = []
    for name in (*fields_of(entry.task), "evidence"):
        if name not in step.reasons:
            continue
        if name == "evidence":
            changed, now, was = _evidence_changed(entry, step.revision, files), "", ""
        else:
            now, was = entry.typed(name), typed(step.revision, name)
            value = read(name, now).value
            old = getattr(step.revision, name, None)
            changed = (value or "") != (old or "") if now.strip() else bool(old)
        label = str(LABELS.get(name, _("佐证材料")))
        reasons.append(Reason(name, label, step.reasons[name], changed, now, was))
    return Returned(step.acting_as, step.at, reasons)


def form_fields(
    entry: Entry,
    back: Returned | None,
    last: Mapping[str, str],
    wrong: Mapping[str, list[str]],
    conflicts: Mapping[str, Mapping[str, Any]],
) -> list[FormField]:
    """Return the form's fields; a contested one shows mine, and theirs beside it."""
    whys = {one.field: one for one in back.reasons} if back else {}
    made = []
    for name in fields_of(entry.task):
        stored = entry.draft.get(name, {})
        clash = conflicts.get(name)
        saved_at = stored.get("at")
        text = clash["mine"] if clash else entry.typed(name)
        made.append(
            FormField(
                name=name,
                label=str(LABELS[name]),
                text=text,
                version=clash["version"] if clash else entry.field_version(name),
                saved_at=datetime.fromisoformat(saved_at) if saved_at else None,
                required=required(name),
                hint=str(HINTS.get(name, "")),
                problems=list(wrong.get(name, [])),
                why=whys.get(name),
                last=last.get(name, ""),
                last_said=shown(name, last.get(name, ""), entry.task),
                theirs=clash["theirs"] if clash else None,
                prefilled=bool(stored.get("prefilled") and text),
                read_as=read_as(name, text),
            )
        )
    return made


def progress(entry: Entry, last: Revision | None) -> Progress:
    """Return how far the task is by what is typed so far, against the end of the period."""
    task, on = entry.task, entry.period.ends
    number = fields_of(task)[0]
    text = entry.typed(number)
    value = read(number, text).value if text.strip() else None
    percent: Decimal | None = value
    if number == "quantity" and value is not None and task.quantity:
        percent = min(HUNDRED, round(value / task.quantity * 100, 1))
    return Progress(
        standing=stand(entry, percent, on),
        last=said(last, number, task) if last else "",
        target=f"{plain(task.quantity)} {task.unit}".strip() if task.quantity else "",
        quantity=number == "quantity",
    )


def stand(entry: Entry, percent: Decimal | None, on: date) -> Standing:
    """Return how the entry's task would stand with a percent on a day."""
    task = entry.task
    schedule = elapsed(task.starts, task.due, on)
    colour = light(percent, schedule, task.due, on, thresholds(task.plan))
    return Standing(percent, schedule, colour)


def stand_of(entry: Entry, revision: Revision | None) -> Standing:
    """Return how the entry's task stands by a revision, at the end of its period."""
    return stand(entry, percent_of(entry.task, revision), entry.period.ends)


def files_of(entry: Entry) -> list[Evidence]:
    return list(Evidence.objects.filter(entry=entry, removed_at__isnull=True))


def readable_evidence(user: Any) -> BaseQuerySet:
    """Return the files that a person may open, as they may read the words they came with.

    A unit opens its own, those it gathers from and its office what was handed in; leaders and
    regions above what stands: approved, or waiting to be checked.
    """
    acting = getattr(user, "acting", None)
    if acting is None:
        return Evidence.objects.none()
    received = Q(revisions__in=Revision.objects.received())
    if acting.sees_below:
        here = Q(entry__period__region__path=acting.region_path) if acting.is_office() else None
        readable = Q(revisions=F("entry__approved")) | Q(
            revisions=F("entry__submitted"), entry__state__in=HANDED_IN
        )
        readable = readable | (received & here) if here else readable
    else:
        readable = received | Q(entry__department=acting.department_id)
    return Evidence.objects.visible_to(user).filter(readable).distinct()


def masked(phone: str) -> str:
    """Return a telephone number without its middle: 138****6021."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else ""
