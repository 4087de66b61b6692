"""Several plans of a region in one year: what the others ask for, and what is asked for twice."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from plans.models import Plan
from tasks.models import Task


@dataclass(frozen=True, slots=True)
class Beside:
    """Another plan in force of the region, with how many tasks it has in the year."""

    plan: Plan
    tasks: int


def beside(user: Any, plan: Plan, year: int) -> list[Beside]:
    """Return the other plans in force of a region that have tasks in a year (one query)."""
    counted = Count("tasks", filter=Q(tasks__year=year, tasks__cancelled_at__isnull=True))
    rows = (
        Plan.objects.visible_to(user)
        .active()
        .filter(region=plan.region_id)
        .exclude(pk=plan.pk)
        .annotate(n=counted)
        .filter(n__gt=0)
        .order_by("-start_year", "id")
    )
    return [Beside(one, one.n) for one in rows]


def doubled(tasks: Iterable[Task], plan: Plan, year: int) -> dict[int, Task]:
    """Return by id of a task the one of another plan that asks for the same work (one query).

    An item of an annual plan carries out a measure of the five-year plan (its parent): where both
    have a task in the year, the units would report the same work twice.
    """
    listed = [one for one in tasks if one.measure and one.cancelled_at is None]
    wanted = {one.measure.parent_id for one in listed if one.measure and one.measure.parent_id}
    rows = (
        Task.objects.standing()
        .filter(
            Q(measure__in=wanted) | Q(measure__parent__in={one.measure_id for one in listed}),
            year=year,
            plan__region=plan.region_id,
            plan__state=Plan.State.ACTIVE,
        )
        .exclude(plan=plan)
        .select_related("plan", "measure")
        .order_by("-id")
    )
    of_measure: dict[int, Task] = {}
    of_parent: dict[int, Task] = {}
    for one in rows:
        if one.measure is not None:
            of_measure[one.measure.pk] = one
            of_parent[one.measure.parent_id or 0] = one
    found = {}
    for one in listed:
        if one.measure is None:
            continue
        other = of_measure.get(one.measure.parent_id or 0) or of_parent.get(one.measure.pk)
        if other is not None:
            found[one.pk] = other
    return found
