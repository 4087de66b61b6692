"""Who carries a task: its 汇总单位 settled, units added and taken out, groups given members."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError, ensure
from departments.models import Department
from plans.models import Plan
from tasks import policies
from tasks.models import Assignment, Entry, Task
from tasks.services.planning.assigning import Carried, assign, refusals, rekind
from tasks.services.planning.reading import Names, may_carry


def locked(task: Task) -> Task:
    return (
        Task.objects.select_for_update(of=("self",)).select_related("plan__region").get(pk=task.pk)
    )


@transaction.atomic
def settle_lead(task: Task, department: Department | None, *, by: Any) -> Task:
    """Confirm the 汇总单位 of a task, or that each unit reports its own part (None)."""
    task = locked(task)
    ensure(policies.can_edit_task(by, task))
    if department is not None and department.is_group:
        raise DomainError(_("“%(name)s”是单位集合，不能作汇总单位。") % {"name": department})
    if Entry.objects.filter(task=task, submitted__isnull=False).exists():
        raise DomainError(_("这项任务已有单位报送，汇总单位不能再改。"))
    leads = Assignment.objects.filter(task=task, role=Assignment.Role.LEAD)
    leads.update(role=Assignment.Role.RESPONSIBLE)
    if department is None:
        task.gathering = Task.Gathering.NONE
    else:
        Assignment.objects.update_or_create(
            task=task, department=department, defaults={"role": Assignment.Role.LEAD}
        )
        task.gathering = Task.Gathering.CONFIRMED
    task.save()
    rekind([task.pk])
    _record_settled([task.pk], department, by, task.plan)
    return task


@transaction.atomic
def confirm_proposals(plan: Plan, year: int, *, by: Any) -> int:
    """Confirm every proposed 汇总单位 of a year at once; return how many tasks that settles."""
    ensure(policies.can_make_tasks(by, plan))
    proposed = Task.objects.standing().filter(
        plan=plan,
        year=year,
        gathering=Task.Gathering.PROPOSED,
        assignments__role=Assignment.Role.LEAD,
    )
    ids = list(proposed.values_list("pk", flat=True))
    Task.objects.filter(pk__in=ids).update(gathering=Task.Gathering.CONFIRMED)
    _record_settled(ids, None, by, plan)
    return len(ids)


def _record_settled(tasks: list[int], department: Department | None, by: Any, plan: Plan) -> None:
    audit.record(
        "tasks.task.settle_lead",
        plan,
        by=by,
        detail={"tasks": tasks, "department": department.pk if department else None},
        region_path=plan.region.path,
    )


@transaction.atomic
def set_roles(task: Task, roles: dict[int, str], *, by: Any) -> Task:
    """Set the part of departments (id → `responsible` or `cooperate`) in a task.

    Who cooperates reports nothing unless asked; the 汇总单位 is settled by `settle_lead`.
    """
    task = locked(task)
    ensure(policies.can_edit_task(by, task))
    allowed = (Assignment.Role.RESPONSIBLE, Assignment.Role.COOPERATE)
    if not set(roles.values()) <= set(allowed):
        raise DomainError(_("职责只能选“负责”或“配合”。"))
    for role in allowed:
        Assignment.objects.filter(
            task=task, department__in=[pk for pk, one in roles.items() if one == role]
        ).exclude(role=Assignment.Role.LEAD).update(role=role)
    task.save()  # who reads the whole row sees that it changed
    audit.record(
        "tasks.task.set_roles",
        task,
        by=by,
        detail={"roles": roles},
        region_path=task.plan.region.path,
    )
    return task


def _carried(task: Task) -> Carried:
    """Return the units of a task as they are, to be changed and written back."""
    roles = {part.department_id: part.role for part in task.assignments.all()}
    return Carried(task, roles, task.gathering)


def _write(wanted: Carried, code: str, detail: dict[str, Any], by: Any) -> Task:
    task = wanted.task
    assert task is not None  # noqa: S101 (made of one)
    if problems := refusals({0: wanted}):
        sentences = [text for texts in problems[0].values() for text in texts]
        raise DomainError("".join(sentences))
    assign([wanted])
    task.save()
    audit.record(code, task, by=by, detail=detail, region_path=task.plan.region.path)
    return task


@transaction.atomic
def add_units(task: Task, names: str, role: str, *, by: Any) -> Task:
    """Give a task more units, named as people write them; unknown names are refused by name.

    They report from the next period on that opens.
    """
    task = locked(task)
    ensure(policies.can_edit_task(by, task))
    if role not in (Assignment.Role.RESPONSIBLE, Assignment.Role.COOPERATE):
        raise DomainError(_("职责只能选“负责”或“配合”。"))
    try:
        units = Names(task.plan, task.year, [names], []).of(names)
    except ValueError as error:
        raise DomainError(str(error), fields={"names": [str(error)]}) from error
    if not units:
        raise DomainError(_("请写单位名称。"), fields={"names": [_("请写单位名称。")]})
    wanted = _carried(task)
    twice = [one.name for one in units if one.pk in wanted.roles]
    if twice:
        raise DomainError(_("“%(units)s”已在承办单位中。") % {"units": "、".join(twice)})
    wanted.roles.update({one.pk: role for one in units})
    detail = {"departments": [one.pk for one in units], "role": role}
    return _write(wanted, "tasks.assignment.add", detail, by)


@transaction.atomic
def remove_unit(task: Task, department: Department, *, by: Any) -> Task:
    """Take a unit out of a task, as long as it has reported nothing on it."""
    task = locked(task)
    ensure(policies.can_edit_task(by, task))
    wanted = _carried(task)
    role = wanted.roles.pop(department.pk, None)
    if role is None:
        raise DomainError(_("“%(unit)s”不在承办单位中。") % {"unit": department})
    if role == Assignment.Role.LEAD:
        task.gathering = wanted.gathering = Task.Gathering.PROPOSED
    detail = {"department": department.pk, "role": role}
    return _write(wanted, "tasks.assignment.remove", detail, by)


@transaction.atomic
def name_members(task: Task, group: Department, members: Iterable[Department], *, by: Any) -> Task:
    """Put the departments that the office chose in the place of a group, in the group's role."""
    task = locked(task)
    ensure(policies.can_edit_task(by, task))
    wanted = _carried(task)
    chosen = list(members)
    if not group.is_group or group.pk not in wanted.roles:
        raise DomainError(_("“%(unit)s”不是这项任务的单位集合。") % {"unit": group})
    if not chosen:
        raise DomainError(_("请至少选一个单位。"))
    if any(one.is_group or not may_carry(one, task.plan.region) for one in chosen):
        raise DomainError(_("只能列出本地区的单位，或下级科协。"))
    role = wanted.roles.pop(group.pk)
    for one in chosen:
        if one.pk not in wanted.roles:
            wanted.roles[one.pk] = role
            wanted.groups[one.pk] = group.pk
    detail = {"group": group.pk, "members": [one.pk for one in chosen], "role": role}
    return _write(wanted, "tasks.assignment.name_members", detail, by)
