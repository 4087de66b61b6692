"""The year's tasks: made from the plan's measures, their units settled by the office."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError, ensure
from departments.models import Department
from departments.selectors import successors
from plans.models import Measure, Plan, Responsibility
from tasks import policies
from tasks.fields import clean
from tasks.models import Assignment, Entry, Task


@dataclass(frozen=True, slots=True)
class Named:
    """A department named at a measure (or inherited from its action) and its printed role."""

    department_id: int
    role: str


def _named(rows: Iterable[Responsibility], now: dict[int, int]) -> list[Named]:
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


@transaction.atomic
def make_year(plan: Plan, year: int, *, by: Any) -> list[Task]:
    """Make a year's tasks from the plan's measures, each with proposed units.

    A measure that already has a task of its title in that year gets no second one. A measure
    without units of its own inherits those of its action.
    """
    ensure(policies.can_make_tasks(by, plan))
    if year not in plan.years:
        raise DomainError(
            _("%(year)s 年不在方案的实施年份（%(start)s—%(end)s 年）内。")
            % {"year": year, "start": plan.start_year, "end": plan.end_year},
            fields={"year": [_("请选方案实施期内的年份。")]},
        )
    have = set(Task.objects.filter(plan=plan, year=year).values_list("measure_id", "title"))
    measures = [
        one
        for one in Measure.objects.filter(action__plan=plan)
        .of_tasks()
        .select_related("action")
        .prefetch_related("responsibilities", "action__responsibilities")
        .order_by("action__position", "position")
        if (one.pk, one.title) not in have
    ]
    tasks = Task.objects.bulk_create(
        Task(
            plan=plan,
            measure=one,
            year=year,
            title=one.title,
            starts=date(year, 1, 1),
            due=date(year, 12, 31),
        )
        for one in measures
    )
    Assignment.objects.bulk_create(_assignments(tasks, measures, date(year, 1, 1)))
    audit.record(
        "tasks.task.make_year",
        plan,
        by=by,
        detail={"year": year, "tasks": len(tasks)},
        region_path=plan.region.path,
    )
    return tasks


def _assignments(tasks: list[Task], measures: list[Measure], day: date) -> list[Assignment]:
    rows = [(one.responsibilities.all(), one.action.responsibilities.all()) for one in measures]
    ids = {
        row.department_id
        for pair in rows
        for named in pair
        for row in named
        if row.department_id is not None
    }
    now = successors(ids, day)
    groups = set(
        Department.objects.filter(
            pk__in=ids | set(now.values()), kind=Department.Kind.GROUP
        ).values_list("pk", flat=True)
    )
    made = []
    for task, (own_rows, action_rows) in zip(tasks, rows, strict=True):
        of_action = _named(action_rows, now)
        own = _named(own_rows, now) or of_action
        lead = propose_lead(own, of_action, groups)
        made += [
            Assignment(task=task, department_id=one.department_id, role=_role(one, lead))
            for one in own
        ]
    return made


def _locked(task: Task) -> Task:
    return (
        Task.objects.select_for_update(of=("self",)).select_related("plan__region").get(pk=task.pk)
    )


@transaction.atomic
def settle_lead(task: Task, department: Department | None, *, by: Any) -> Task:
    """Confirm the 汇总单位 of a task, or that each unit reports its own part (None)."""
    task = _locked(task)
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
    task = _locked(task)
    ensure(policies.can_edit_task(by, task))
    allowed = (Assignment.Role.RESPONSIBLE, Assignment.Role.COOPERATE)
    if not set(roles.values()) <= set(allowed):
        raise DomainError(_("职责只能选“负责”或“配合”。"))
    for role in allowed:
        Assignment.objects.filter(
            task=task, department__in=[pk for pk, one in roles.items() if one == role]
        ).exclude(role=Assignment.Role.LEAD).update(role=role)
    audit.record(
        "tasks.task.set_roles",
        task,
        by=by,
        detail={"roles": roles},
        region_path=task.plan.region.path,
    )
    return task


@transaction.atomic
def edit_task(task: Task, *, by: Any, **fields: Any) -> Task:
    """Change a task's title, deliverable, window, weight, kind, quantity or unit."""
    task = _locked(task)
    ensure(policies.can_edit_task(by, task))
    before = {name: getattr(task, name) for name in fields}
    for name, value in fields.items():
        setattr(task, name, value)
    wrong: dict[str, list[str]] = {}
    if task.due < task.starts:
        wrong["due"] = [_("完成时限不能早于开始日期。")]
    if task.weight <= 0:
        wrong["weight"] = [_("权重应大于 0。")]
    if task.kind == Task.Kind.QUANTITY and not (task.quantity and task.quantity > 0):
        wrong["quantity"] = [_("数量型任务须填写大于 0 的目标数量。")]
    if wrong:
        raise DomainError(_("有内容不符合要求。"), fields=wrong)
    task.save()
    audit.record(
        "tasks.task.edit",
        task,
        by=by,
        detail={"before": before, "after": fields},
        region_path=task.plan.region.path,
    )
    return task


@transaction.atomic
def cancel_task(task: Task, reason: str, *, by: Any) -> Task:
    """Take a task out of the year, with the reason; what was reported on it stays."""
    task = _locked(task)
    ensure(policies.can_edit_task(by, task))
    reason = clean(reason).strip()
    if not reason:
        raise DomainError(_("请写明取消理由。"), fields={"reason": [_("请写明取消理由。")]})
    task.cancelled_at, task.cancel_reason = timezone.now(), reason[:300]
    task.save()
    audit.record(
        "tasks.task.cancel",
        task,
        by=by,
        detail={"reason": task.cancel_reason},
        region_path=task.plan.region.path,
    )
    return task
