"""The year's tasks of a plan, and one task, each in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from core.querysets import BaseQuerySet
from core.verdict import Verdict
from departments.models import Department
from plans.models import Action, Plan
from tasks import policies
from tasks.models import Assignment, Entry, Judgement, Period, Task

NONE = "none"  # the choice of a form: no 汇总单位, each unit reports for itself


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task and its units; `choices` are those that may become its 汇总单位."""

    task: Task
    lead: Assignment | None
    responsible: list[Department]
    cooperating: list[Department]

    @property
    def choices(self) -> list[Department]:
        """Return the units, never groups, that the task names."""
        first = [self.lead.department] if self.lead else []
        return [one for one in (*first, *self.responsible) if not one.is_group]

    @property
    def unsettled(self) -> bool:
        return self.task.gathering == Task.Gathering.PROPOSED and self.task.cancelled_at is None


@dataclass(frozen=True, slots=True)
class ActionGroup:
    """An action (None: tasks of duties) and its tasks of the year."""

    action: Action | None
    rows: list[TaskRow]


@dataclass(frozen=True, slots=True)
class YearPage:
    """A plan's year of tasks, and what the person may do with it."""

    plan: Plan | None
    plans: list[Plan]
    year: int
    years: list[tuple[int, int]]
    groups: list[ActionGroup]
    may_make: Verdict | None

    @property
    def rows(self) -> list[TaskRow]:
        return [one for group in self.groups for one in group.rows]

    @property
    def unsettled(self) -> list[TaskRow]:
        return [one for one in self.rows if one.unsettled]

    @property
    def proposed(self) -> int:
        return sum(one.lead is not None for one in self.unsettled)


@dataclass(frozen=True, slots=True)
class TaskPage:
    """A task, its units, what was reported on it, and what the person may do with it."""

    row: TaskRow
    entries: list[Entry]
    judgements: list[Judgement]
    may_edit: Verdict
    may_judge: Verdict
    periods: BaseQuerySet

    @property
    def task(self) -> Task:
        return self.row.task

    @property
    def assignments(self) -> list[Assignment]:
        return list(self.task.assignments.all())


def _row(task: Task) -> TaskRow:
    parts = list(task.assignments.all())
    by_role: dict[str, list[Department]] = {}
    for one in parts:
        by_role.setdefault(one.role, []).append(one.department)
    lead = next((one for one in parts if one.role == Assignment.Role.LEAD), None)
    return TaskRow(task, lead, by_role.get("responsible", []), by_role.get("cooperate", []))


def _groups(tasks: Iterable[Task]) -> list[ActionGroup]:
    groups: list[ActionGroup] = []
    for task in tasks:
        action = task.measure.action if task.measure else None
        if not groups or groups[-1].action != action:
            groups.append(ActionGroup(action, []))
        groups[-1].rows.append(_row(task))
    return groups


def _years(user: Any, plan: Plan) -> list[tuple[int, int]]:
    counted = Task.objects.visible_to(user).standing().filter(plan=plan).values("year")
    found = {row["year"]: row["n"] for row in counted.order_by("year").annotate(n=Count("pk"))}
    return [(year, found.get(year, 0)) for year in plan.years]


def _year(years: list[tuple[int, int]], wanted: int, today: date) -> int:
    """Return the year asked for; else this one, if it has tasks; else the newest that has."""
    offered = dict(years)
    if wanted in offered:
        return wanted
    filled = [year for year, count in years if count]
    if today.year in filled or not filled:
        return min(max(today.year, years[0][0]), years[-1][0])
    return filled[-1]


def plans_of(user: Any) -> list[Plan]:
    """Return the plans whose tasks a person may look up: those of the own region first."""
    rows = list(
        Plan.objects.visible_to(user)
        .exclude(state=Plan.State.DRAFT)
        .select_related("region", "settings")
        .order_by("-start_year", "id")
    )
    here = user.acting.region_path if user.acting else ""
    return sorted(rows, key=lambda one: (one.region.path != here, one.state != "active"))


def year_page(user: Any, plan_id: int, year: int, today: date) -> YearPage:
    """Return a year's tasks grouped by action; without a wish the newest plan in force."""
    plans = plans_of(user)
    plan = next((one for one in plans if one.pk == plan_id), plans[0] if plans else None)
    if plan is None:
        return YearPage(None, [], year, [], [], None)
    years = _years(user, plan)
    year = _year(years, year, today)
    tasks = (
        Task.objects.visible_to(user)
        .filter(plan=plan, year=year)
        .select_related("measure__action")
        .prefetch_related("assignments__department")
        .order_by("measure__action__position", "measure__position", "id")
    )
    return YearPage(plan, plans, year, years, _groups(tasks), policies.can_make_tasks(user, plan))


def tasks_for(user: Any) -> BaseQuerySet:
    """Return the tasks that a person may open, with what their pages need."""
    return (
        Task.objects.visible_to(user)
        .select_related("plan__region", "plan__settings", "measure__action", "continues")
        .prefetch_related("assignments__department")
    )


def task_page(user: Any, task: Task) -> TaskPage:
    """Return a task with what was reported on it, newest period first."""
    entries = (
        Entry.objects.visible_to(user)
        .filter(task=task)
        .select_related("period", "department", "submitted", "approved")
        .order_by("-period__ends", "assignment")
    )
    judgements = Judgement.objects.filter(task=task).select_related("period", "by")
    may_edit = policies.can_edit_task(user, task)
    return TaskPage(
        row=_row(task),
        entries=list(entries),
        judgements=list(judgements.order_by("-id")) if user.acting.sees_below else [],
        may_edit=may_edit,
        may_judge=policies.can_judge(user, task),
        periods=Period.objects.filter(region=task.plan.region_id, year=task.year)
        .exclude(state=Period.State.SCHEDULED)
        .order_by("-ends"),
    )


def choices_of(tasks: Iterable[int], user: Any) -> dict[int, Task]:
    """Return the unsettled tasks of these ids that a person may see."""
    rows = Task.objects.visible_to(user).filter(pk__in=list(tasks), cancelled_at__isnull=True)
    return {one.pk: one for one in rows.select_related("plan__region")}


def departments_of(user: Any, ids: Iterable[int]) -> dict[int, Department]:
    rows = Department.objects.visible_to(user).filter(pk__in=list(ids))
    return {one.pk: one for one in rows}
