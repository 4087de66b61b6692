"""Set-based writing of who carries tasks; what a unit has begun to report is never lost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from tasks.models import Assignment, Consultation, Entry, Evidence, Task, Transition

LEAD = Assignment.Role.LEAD


@dataclass(slots=True)
class Carried:
    """What the units of a task shall be: role by department id, and how it is gathered.

    `groups` names, by department id, the printed group in whose place it stands.
    """

    task: Task | None
    roles: dict[int, str]
    gathering: str
    groups: dict[int, int] = field(default_factory=dict)


def blank_entries(tasks: Iterable[int]) -> Any:
    """Match entries of tasks that nobody has touched: they may go with their unit."""
    return Q(task__in=list(tasks), version=0, state=Entry.State.DRAFT, submitted=None) & ~(
        Exists(Transition.objects.filter(entry=OuterRef("pk")))
        | Exists(Evidence.objects.filter(entry=OuterRef("pk")))
        | Exists(Consultation.objects.filter(entry=OuterRef("pk")))
    )


def refusals(wanted: Mapping[int, Carried]) -> dict[int, dict[str, list[str]]]:
    """Return by key what stands against each wish, at the field of the unit (three queries)."""
    ids = [one.task.pk for one in wanted.values() if one.task]
    if not ids:
        return {}
    touched: dict[tuple[int, int], str] = {}
    reported = set()
    rows = Entry.objects.filter(task__in=ids).exclude(blank_entries(ids))
    for task, unit, name, submitted in rows.values_list(
        "task", "department", "department__name", "submitted"
    ):
        touched[task, unit] = name
        if submitted:
            reported.add(task)
    found: dict[int, dict[str, list[str]]] = {}
    for key, one in wanted.items():
        if one.task is None:
            continue
        parts = {part.department_id: part.role for part in one.task.assignments.all()}
        lead = next((pk for pk, role in parts.items() if role == LEAD), None)
        new = next((pk for pk, role in one.roles.items() if role == LEAD), None)
        if one.task.pk in reported and (lead != new or _settled(one) != _settled_now(one.task)):
            found.setdefault(key, {})["lead"] = [_("这项任务已有单位报送，汇总单位不能再改。")]
        gone = [pk for pk in parts if pk not in one.roles and (one.task.pk, pk) in touched]
        for pk in gone:
            sentence = _("“%(unit)s”已在这项任务上填报，不能移出。") % {
                "unit": touched[one.task.pk, pk]
            }
            found.setdefault(key, {}).setdefault(parts[pk], []).append(sentence)
    return found


def _settled(one: Carried) -> bool:
    return one.gathering == Task.Gathering.NONE


def _settled_now(task: Task) -> bool:
    return task.gathering == Task.Gathering.NONE


def assign(wanted: Iterable[Carried]) -> None:
    """Write the units of tasks as wanted; call `refusals` before (a fixed number of statements)."""
    listed = [one for one in wanted if one.task is not None]
    ids = [one.task.pk for one in listed if one.task]
    now: dict[int, dict[int, Assignment]] = {}
    for part in Assignment.objects.filter(task__in=ids):
        now.setdefault(part.task_id, {})[part.department_id] = part
    new, gone, changed = [], [], []
    for one in listed:
        assert one.task is not None  # noqa: S101 (filtered above)
        have = now.get(one.task.pk, {})
        gone += [part.pk for pk, part in have.items() if pk not in one.roles]
        for pk, role in one.roles.items():
            group = one.groups.get(pk)
            if pk not in have:
                new.append(Assignment(task=one.task, department_id=pk, role=role, group_id=group))
            elif have[pk].role != role:
                have[pk].role = role
                changed.append(have[pk])
    Entry.objects.filter(blank_entries(ids), assignment__in=gone).delete()
    Assignment.objects.filter(pk__in=gone).delete()
    # First nobody leads, then who shall: one lead of a task at any time.
    for role in (Assignment.Role.RESPONSIBLE, Assignment.Role.COOPERATE, LEAD):
        ids_of = [one.pk for one in changed if one.role == role]
        Assignment.objects.filter(pk__in=ids_of).update(role=role)
    Assignment.objects.bulk_create(new)
    rekind(ids)


def rekind(tasks: Iterable[int]) -> None:
    """Let entries that nobody handed in go where their unit reports now: office or 汇总单位."""
    open_ones = Entry.objects.filter(
        task__in=list(tasks), submitted=None, state__in=(Entry.State.DRAFT, Entry.State.RETURNED)
    )
    own = Q(assignment__role=LEAD) | Q(task__gathering=Task.Gathering.NONE)
    reports = open_ones.filter(own).exclude(kind=Entry.Kind.REPORT).values("pk")
    parts = open_ones.exclude(own).exclude(kind=Entry.Kind.PART).values("pk")
    Entry.objects.filter(pk__in=list(reports.values_list("pk", flat=True))).update(
        kind=Entry.Kind.REPORT
    )
    Entry.objects.filter(pk__in=list(parts.values_list("pk", flat=True))).update(
        kind=Entry.Kind.PART
    )
