"""Who is proposed for a task, from the names that a plan prints."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from departments.models import Department, Region
from departments.resolution import KNOWN, SUCCEEDED, resolve
from departments.selectors import successors
from plans.models import Duty, Measure, Responsibility
from tasks.models import Assignment, Task

# 、 between names; inside 县（市、区） it does not divide.
_BETWEEN = re.compile(r"[、，,;；/\n](?![^（(]*[）)])")


@dataclass(frozen=True, slots=True)
class Named:
    """A department named at a measure (or inherited from its action) and its printed role."""

    department_id: int
    role: str


def split_names(text: str) -> list[str]:
    """Return the names of a list as people write it, each once."""
    parts = (part.strip() for part in _BETWEEN.split(text))
    return list(dict.fromkeys(part for part in parts if part))


def _named(rows: Iterable[Responsibility], now: Mapping[int, int]) -> list[Named]:
    """Return each named department once, under the unit that carries its work now."""
    found: dict[int, Named] = {}
    for row in rows:
        if row.department_id is None:
            continue
        department = now.get(row.department_id, row.department_id)
        found.setdefault(department, Named(department, row.role))
    return list(found.values())


def propose_lead(own: list[Named], of_action: list[Named], groups: set[int]) -> int | None:
    """Return the department to propose as 汇总单位, or None where only a person can tell.

    The measure's one printed lead, else the one action lead among the measure's units, else the
    only unit that the measure names. Never the first of several: order means nothing.
    """
    units = [one for one in own if one.department_id not in groups]
    leads = [one.department_id for one in units if one.role == Responsibility.Role.LEAD]
    if not leads:
        here = {one.department_id for one in units}
        leads = [
            one.department_id
            for one in of_action
            if one.role == Responsibility.Role.LEAD and one.department_id in here
        ]
    if not leads:
        leads = [one.department_id for one in units if one.role != Responsibility.Role.COOPERATE]
    return leads[0] if len(leads) == 1 else None


def _role(named: Named, lead: int | None) -> str:
    if named.department_id == lead:
        return Assignment.Role.LEAD
    if named.role == Responsibility.Role.COOPERATE:
        return Assignment.Role.COOPERATE
    return Assignment.Role.RESPONSIBLE


def _groups(ids: Iterable[int]) -> set[int]:
    rows = Department.objects.filter(pk__in=set(ids), kind=Department.Kind.GROUP)
    return set(rows.values_list("pk", flat=True))


def _made(
    task: Task, own: list[Named], of_action: list[Named], groups: set[int]
) -> list[Assignment]:
    lead = propose_lead(own, of_action, groups)
    return [
        Assignment(task=task, department_id=one.department_id, role=_role(one, lead)) for one in own
    ]


def of_measures(tasks: list[Task], measures: list[Measure], day: date) -> list[Assignment]:
    """Return the units of tasks from their measures, else those of the measures' actions."""
    rows = [(one.responsibilities.all(), one.action.responsibilities.all()) for one in measures]
    ids = {
        row.department_id
        for pair in rows
        for named in pair
        for row in named
        if row.department_id is not None
    }
    now = successors(ids, day)
    groups = _groups(ids | set(now.values()))
    made = []
    for task, (own_rows, action_rows) in zip(tasks, rows, strict=True):
        of_action = _named(action_rows, now)
        made += _made(task, _named(own_rows, now) or of_action, of_action, groups)
    return made


def of_duties(tasks: list[Task], duties: list[Duty], region: Region, day: date) -> list[Assignment]:
    """Return the units of tasks from whom duties name, where every name is a known one.

    A name that nobody knows leaves the task without units: the office names them.
    """
    names = [split_names(one.who or "") for one in duties]
    known = resolve(region, [name for listed in names for name in listed], day)
    meant = [
        [
            known[name].department
            for name in listed
            if known[name].kind in (KNOWN, SUCCEEDED) and known[name].department is not None
        ]
        for listed in names
    ]
    groups = {one.pk for units in meant for one in units if one and one.is_group}
    made = []
    for task, listed, units in zip(tasks, names, meant, strict=True):
        if len(units) != len(listed):
            continue
        ids = dict.fromkeys(one.pk for one in units if one)
        named = [Named(pk, Responsibility.Role.RESPONSIBLE) for pk in ids]
        made += _made(task, named, [], groups)
    return made
