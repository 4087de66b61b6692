"""What passes between a unit and those above it: parts, versions, steps, and how long it takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from departments.models import Department, Membership
from departments.policies import is_office_of
from tasks import policies
from tasks.fields import LABELS
from tasks.models import (
    Assignment,
    Consultation,
    Entry,
    Evidence,
    Period,
    Revision,
    Transition,
)
from tasks.selectors.entries.content import Line, lines, plain
from tasks.selectors.entries.parts import state_word


@dataclass(frozen=True, slots=True)
class Part:
    """What a responsible unit gave to the 汇总单位."""

    entry: Entry
    lines: list[Line]
    files: list[Evidence]
    can_take_over: bool
    can_return: bool

    @property
    def word(self) -> str:
        return state_word(self.entry)


def parts_for(user: Any, entry: Entry) -> list[Part]:
    """Return what responsible units gave to this entry's 汇总单位 in this period."""
    if entry.kind != Entry.Kind.REPORT or entry.assignment.role != Assignment.Role.LEAD:
        return []
    rows = (
        Entry.objects.visible_to(user)
        .filter(kind=Entry.Kind.PART, period=entry.period_id, task=entry.task_id)
        .select_related("department", "submitted")
        .prefetch_related("submitted__evidence")
        .order_by("assignment")
    )
    gathers = policies.gathers(user, entry.task_id)
    made = []
    for one in rows:
        one.period, one.task = entry.period, entry.task
        revision = one.submitted if one.state in ("submitted", "taken_over") else None
        # The policy's answer for every part alike, asked once: only the state differs.
        waiting = gathers and one.state == Entry.State.SUBMITTED
        made.append(
            Part(
                one,
                lines(revision, entry.task) if revision else [],
                list(revision.evidence.all()) if revision else [],
                can_take_over=waiting,
                can_return=waiting,
            )
        )
    return made


def silent_units(user: Any, entry: Entry, parts: list[Part]) -> list[str]:
    """Return the responsible units that have given nothing yet; their silence blocks nobody."""
    if entry.kind != Entry.Kind.REPORT or entry.assignment.role != Assignment.Role.LEAD:
        return []
    given = {one.entry.department_id for one in parts}
    rows = Assignment.objects.filter(
        task=entry.task_id, role=Assignment.Role.RESPONSIBLE
    ).select_related("department")
    return [one.department.name for one in rows if one.department_id not in given]


def without_account(entry: Entry, on: date) -> list[Department]:
    """Return the units with a part in the task, for whom nobody can log in on a day.

    Only the 汇总单位 asks them, for its report.
    """
    if entry.kind != Entry.Kind.REPORT or entry.assignment.role != Assignment.Role.LEAD:
        return []
    people = Membership.objects.valid_on(on).filter(
        department=OuterRef("department"), user__is_active=True
    )
    rows = (
        Assignment.objects.filter(~Exists(people), task=entry.task_id)
        .exclude(pk=entry.assignment_id)
        .select_related("department")
    )
    return [one.department for one in rows]


def asked(entry: Entry) -> list[Consultation]:
    """Return which units without an account the 汇总单位 asked (已征求意见), oldest first."""
    rows = Consultation.objects.filter(entry=entry).select_related("department", "by")
    return list(rows.order_by("on", "pk"))


def usual_wait(period: Period) -> str:
    """Return the median time from submission to decision in a period, in words; "" for none."""
    rows = Transition.objects.filter(
        entry__period=period, verb__in=("approve", "return"), revision__isnull=False
    ).values_list("at", "revision__submitted_at")
    spans = [(at - handed_in).total_seconds() / 3600 for at, handed_in in rows]
    if not spans:
        return ""
    hours = Decimal(median(spans))
    if hours < 1:
        return _("不到 1 小时")
    if hours < 24:
        return _("%s 小时") % round(hours)
    return _("%s 天") % plain(round(hours / 24, 1))


def reads_exchange(user: Any, entry: Entry) -> bool:
    """Tell whether a person follows the exchange: the unit, its 汇总单位, the region's office.

    Leaders and regions above read what was handed in, never returns and earlier versions.
    """
    return (
        policies.of_unit(user, entry)
        or is_office_of(user, entry.period.region)
        or (entry.kind == Entry.Kind.PART and policies.gathers(user, entry.task_id))
    )


@dataclass(frozen=True, slots=True)
class Version:
    """A revision, its lines marked against the one before, and its files."""

    revision: Revision
    lines: list[Line]


def versions(user: Any, entry: Entry) -> list[Version]:
    """Return the revisions of an entry, newest first, each marked against the one before.

    What its head has not signed only the unit itself sees.
    """
    revisions = Revision.objects.filter(entry=entry)
    rows = list(
        (revisions if policies.of_unit(user, entry) else revisions.received())
        .select_related("submitted_by")
        .prefetch_related("evidence")
        .order_by("number")
    )
    before = dict(zip((one.pk for one in rows[1:]), rows, strict=False))
    made = [Version(one, lines(one, entry.task, before.get(one.pk))) for one in rows]
    return made[::-1]


def steps(entry: Entry) -> list[Transition]:
    """Return the exchange so far, newest first."""
    rows = Transition.objects.filter(entry=entry).select_related("by", "revision")
    return list(rows.order_by("-id"))


def labelled(reasons: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the reasons of a return with the fields' labels."""
    return [(str(LABELS.get(name, _("佐证材料"))), text) for name, text in reasons.items()]
