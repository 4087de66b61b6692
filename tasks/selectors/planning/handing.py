"""Tasks handed down: what a region was given from above, and how those below get on with it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from departments.models import Department, Region
from plans.models import Plan
from tasks.models import Assignment, Task
from tasks.selectors.standings import TaskStanding, standings_of

OFFICES = Department.Kind.ASSOCIATION


@dataclass(slots=True)
class Below:
    """A lower region that a task was handed to, and the tasks it made of it as they stand."""

    region: Region
    department: Department
    children: list[TaskStanding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Given:
    """A task from above, and the tasks of this region that carry it out."""

    task: Task
    children: list[Task]


def handed_down(task: Task, user: Any, as_of: date) -> list[Below]:
    """Return the lower regions that carry a task and how far each is (four queries).

    Only titles and what was approved; those above see every region of theirs, a unit of a lower
    region its own, a unit of the task's own region nothing.
    """
    acting = user.acting
    if acting is None:
        return []
    here = acting.region_path
    if not acting.sees_below and here == task.plan.region.path:
        return []
    parts = (
        Assignment.objects.filter(
            task=task, department__kind=OFFICES, department__region__path__startswith=here
        )
        .exclude(department__region=task.plan.region_id)
        .select_related("department__region")
        .order_by("department__region__path", "id")
    )
    found: dict[int, Below] = {}
    for one in parts:
        unit = one.department
        found.setdefault(unit.region_id, Below(unit.region, unit))
    children = Task.objects.standing().filter(parent=task, plan__region__in=list(found))
    for standing in standings_of(children.order_by("id"), as_of):
        found[standing.task.plan.region_id].children.append(standing)
    return list(found.values())


def given_to(user: Any, year: int) -> list[Given]:
    """Return the tasks of a year that were handed to the region whose office asks (two queries)."""
    acting = user.acting
    if acting is None or not acting.is_office():
        return []
    mine = Assignment.objects.filter(
        department__region=acting.region_id, department__kind=OFFICES
    ).values("task")
    tasks = list(
        Task.objects.visible_to(user)
        .standing()
        .filter(year=year, pk__in=mine)
        .exclude(plan__region=acting.region_id)
        .select_related("plan__region")
        .order_by("plan__region__path", "due", "id")
    )
    children: dict[int, list[Task]] = {}
    own = Task.objects.standing().filter(parent__in=tasks, plan__region=acting.region_id)
    for one in own.order_by("id"):
        children.setdefault(one.parent_id or 0, []).append(one)
    return [Given(one, children.get(one.pk, [])) for one in tasks]


def plans_for(user: Any, year: int) -> list[Plan]:
    """Return the plans in force of the person's own region that cover a year, newest first."""
    acting = user.acting
    if acting is None or acting.region_id is None:
        return []
    return list(
        Plan.objects.visible_to(user)
        .active()
        .covering(year)
        .filter(region=acting.region_id)
        .select_related("region")
        .order_by("-start_year", "id")
    )
