"""The year's tasks of a plan, and one task, each in a fixed number of queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q

from core.querysets import BaseQuerySet
from core.verdict import Verdict
from departments.models import Department, GroupMember
from departments.querysets import on_day
from plans.models import Action, Plan
from tasks import policies
from tasks.models import Assignment, Entry, Judgement, Period, Task
from tasks.selectors.planning.handing import Below, Given, given_to, handed_down
from tasks.selectors.planning.rows import group_title, in_order
from tasks.selectors.planning.side_by_side import Beside, beside, doubled
from tasks.selectors.standings import TaskStanding, standings_of

NONE = "none"  # the choice of a form: no 汇总单位, each unit reports for itself


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task and its units; `choices` are those that may become its 汇总单位."""

    task: Task
    lead: Assignment | None
    responsible: list[Department]
    cooperating: list[Department]
    # The task of another plan in force that asks for the same work in this year.
    twin: Task | None = None

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
    """An action (None: duties, or tasks from above) and its tasks of the year."""

    action: Action | None
    title: str
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
    beside: list[Beside] = field(default_factory=list)
    given: list[Given] = field(default_factory=list)

    @property
    def rows(self) -> list[TaskRow]:
        return [one for group in self.groups for one in group.rows]

    @property
    def twins(self) -> list[TaskRow]:
        """Return the tasks whose work another plan asks for too."""
        return [one for one in self.rows if one.twin]

    @property
    def unsettled(self) -> list[TaskRow]:
        return [one for one in self.rows if one.unsettled]

    @property
    def proposed(self) -> int:
        return sum(one.lead is not None for one in self.unsettled)


@dataclass(frozen=True, slots=True)
class Offer:
    """A group of a task, its members of today, and the other units that may stand in its place."""

    group: Department
    members: list[Department]
    others: list[Department]


@dataclass(frozen=True, slots=True)
class TaskPage:
    """A task, its units, what was reported on it, and what the person may do with it."""

    row: TaskRow
    entries: list[Entry]
    judgements: list[Judgement]
    may_edit: Verdict
    may_judge: Verdict
    periods: BaseQuerySet
    previous: TaskStanding | None
    below: list[Below]
    may_break_down: Verdict
    offers: list[Offer]

    @property
    def group(self) -> str:
        return group_title(self.task)

    @property
    def printed_groups(self) -> list[str]:
        """Return the groups in whose place the office named units, as printed."""
        return list(dict.fromkeys(one.group.name for one in self.assignments if one.group))

    @property
    def task(self) -> Task:
        return self.row.task

    @property
    def assignments(self) -> list[Assignment]:
        return list(self.task.assignments.all())


def _row(task: Task, twin: Task | None = None) -> TaskRow:
    parts = list(task.assignments.all())
    by_role: dict[str, list[Department]] = {}
    for one in parts:
        by_role.setdefault(one.role, []).append(one.department)
    lead = next((one for one in parts if one.role == Assignment.Role.LEAD), None)
    return TaskRow(task, lead, by_role.get("responsible", []), by_role.get("cooperate", []), twin)


def _groups(tasks: Iterable[Task], twins: Mapping[int, Task]) -> list[ActionGroup]:
    groups: list[ActionGroup] = []
    for task in tasks:
        action, title = task.measure.action if task.measure else None, group_title(task)
        if not groups or (groups[-1].action, groups[-1].title) != (action, title):
            groups.append(ActionGroup(action, title, []))
        groups[-1].rows.append(_row(task, twins.get(task.pk)))
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
        return YearPage(None, [], year, [], [], None, given=given_to(user, year or today.year))
    years = _years(user, plan)
    year = _year(years, year, today)
    tasks = list(in_order(Task.objects.visible_to(user).filter(plan=plan, year=year)))
    supervises = user.acting.sees_below
    return YearPage(
        plan,
        plans,
        year,
        years,
        _groups(tasks, doubled(tasks, plan, year) if supervises else {}),
        policies.can_make_tasks(user, plan),
        beside(user, plan, year) if supervises else [],
        given_to(user, year),
    )


def tasks_for(user: Any) -> BaseQuerySet:
    """Return the tasks that a person may open, with what their pages need."""
    return (
        Task.objects.visible_to(user)
        .select_related("plan__region", "plan__settings", "measure__action", "duty", "parent__plan")
        .prefetch_related("assignments__department__region", "assignments__group")
    )


def _previous(user: Any, task: Task, today: date) -> TaskStanding | None:
    """Return last year's task, with its last percent, where the person may see it."""
    if task.continues_id is None:
        return None
    rows = standings_of(Task.objects.visible_to(user).filter(pk=task.continues_id), today)
    return rows[0] if rows else None


def offers(task: Task, today: date) -> list[Offer]:
    """Return, for each group of a task, whom the office may name in its place (two queries)."""
    parts = list(task.assignments.all())
    groups = [one.department for one in parts if one.department.is_group]
    if not groups:
        return []
    members: dict[int, list[Department]] = {}
    rows = GroupMember.objects.filter(on_day(today), group__in=groups)
    for one in rows.select_related("member__region").order_by("member"):
        members.setdefault(one.group_id, []).append(one.member)
    region, taken = task.plan.region, {one.department_id for one in parts}
    below = Q(kind=Department.Kind.ASSOCIATION, region__path__startswith=region.path)
    others = list(
        Department.objects.valid_on(today)
        .filter(Q(region=region) | below)
        .exclude(kind=Department.Kind.GROUP)
        .exclude(pk__in=taken)
        .select_related("region")
        .order_by("region__path", "id")
    )
    return [
        Offer(
            group,
            [one for one in members.get(group.pk, []) if one.pk not in taken],
            [one for one in others if one not in members.get(group.pk, [])],
        )
        for group in groups
    ]


def task_page(user: Any, task: Task, today: date) -> TaskPage:
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
        previous=_previous(user, task, today),
        below=handed_down(task, user, today),
        may_break_down=policies.handed_to(user, task),
        offers=offers(task, today) if may_edit else [],
    )


def choices_of(tasks: Iterable[int], user: Any) -> dict[int, Task]:
    """Return the unsettled tasks of these ids that a person may see."""
    rows = Task.objects.visible_to(user).filter(pk__in=list(tasks), cancelled_at__isnull=True)
    return {one.pk: one for one in rows.select_related("plan__region")}


def departments_of(user: Any, ids: Iterable[int]) -> dict[int, Department]:
    rows = Department.objects.visible_to(user).filter(pk__in=list(ids))
    return {one.pk: one for one in rows}
