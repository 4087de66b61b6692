"""Tasks of earlier years, to be continued in a new one."""

from dataclasses import dataclass, field
from typing import Any

from plans.models import Duty, Measure, Plan
from tasks.models import Task
from tasks.selectors.planning.rows import in_order
from tasks.selectors.planning.year import plans_of


@dataclass(frozen=True, slots=True)
class Source:
    """A task of the year before; `measure` is what it would rest on in the new year's plan.

    `there` says that the new year has it already.
    """

    task: Task
    measure: int | None
    needs_measure: bool
    there: bool


@dataclass(frozen=True, slots=True)
class CarryPage:
    """The tasks of a source plan's year beside the plan and year that shall continue them."""

    plan: Plan
    year: int
    source: Plan
    source_year: int
    sources: list[tuple[Plan, int]]
    rows: list[Source]
    measures: list[Measure] = field(default_factory=list)


def _choices(user: Any, plan: Plan, year: int) -> list[tuple[Plan, int]]:
    """Return the plans of the region and their years before this one that have tasks."""
    plans = {one.pk: one for one in plans_of(user) if one.region_id == plan.region_id}
    rows = (
        Task.objects.standing()
        .filter(plan__in=plans, year__lt=year)
        .values_list("plan", "year")
        .distinct()
        .order_by("-year", "-plan")
    )
    return [(plans[pk], one) for pk, one in rows]


def carry_page(user: Any, plan: Plan, year: int, source: int, source_year: int) -> CarryPage:
    """Return what may be continued; without a wish the newest year before, of the same plan."""
    choices = _choices(user, plan, year)
    wished = [one for one in choices if (one[0].pk, one[1]) == (source, source_year)]
    newest = [one for one in choices if one[1] == choices[0][1]]
    same = [one for one in newest if one[0].pk == plan.pk]
    chosen = (wished or same or newest or [(plan, year - 1)])[0]
    measures = list(
        Measure.objects.filter(action__plan=plan)
        .of_tasks()
        .select_related("action")
        .order_by("action__position", "position")
    )
    tasks = in_order(Task.objects.standing().filter(plan=chosen[0], year=chosen[1]))
    there = Task.objects.filter(plan=plan, year=year)
    titles = set(there.values_list("measure", "duty__quote", "title"))
    quotes = set(Duty.objects.filter(plan=plan).values_list("quote", flat=True))
    rows = [_source(one, plan, measures, titles, quotes) for one in tasks]
    return CarryPage(plan, year, chosen[0], chosen[1], choices, rows, measures)


def _source(
    task: Task,
    plan: Plan,
    measures: list[Measure],
    there: set[tuple[Any, ...]],
    quotes: set[str],
) -> Source:
    quote = task.duty.quote if task.duty else None
    own = task.plan_id == plan.pk and (task.measure_id or task.duty_id)
    if own or quote in quotes:
        return Source(task, None, False, (task.measure_id, quote, task.title) in there)
    title = task.measure.title if task.measure else task.title
    # The same words, or the measure that says that it carries out that of the source.
    same = [
        one.pk
        for one in measures
        if one.title in (title, task.title)
        or (one.parent_id is not None and one.parent_id == task.measure_id)
    ]
    measure = same[0] if len(same) == 1 else None
    return Source(task, measure, True, (measure, None, task.title) in there)
