"""The year's tasks made in one step: of measures, of items of an annual plan, and of duties."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError, ensure
from plans.models import Action, Duty, Measure, Plan
from tasks import policies
from tasks.models import Assignment, Task
from tasks.services.planning.proposals import of_duties, of_measures
from tasks.services.planning.windows import falls_due, window

LONGEST_TITLE = 300


@transaction.atomic
def make_year(plan: Plan, year: int, *, by: Any, duties: bool = False) -> list[Task]:
    """Make a year's tasks from the plan's measures and, where asked, its duties, with their units.

    What already has a task of its title in that year gets no second one. A measure without units
    of its own inherits those of its action. The items of an annual plan are its measures; a time
    printed in the text becomes the window. A duty inside a measure that names nobody is part of
    that measure's task.
    """
    ensure(policies.can_make_tasks(by, plan))
    check_year(plan, year)
    Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)  # one maker at a time
    tasks = _of_measures(plan, year)
    if duties:
        tasks += _of_duties(plan, year)
    audit.record(
        "tasks.task.make_year",
        plan,
        by=by,
        detail={"year": year, "tasks": len(tasks)},
        region_path=plan.region.path,
    )
    return tasks


def check_year(plan: Plan, year: int) -> None:
    """Raise DomainError where a plan does not cover a year."""
    if year not in plan.years:
        raise DomainError(
            _("%(year)s 年不在方案的实施年份（%(start)s—%(end)s 年）内。")
            % {"year": year, "start": plan.start_year, "end": plan.end_year},
            fields={"year": [_("请选方案实施期内的年份。")]},
        )


def _of_measures(plan: Plan, year: int) -> list[Task]:
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
    annual = plan.kind == Plan.Kind.ANNUAL
    tasks = []
    for one in measures:
        starts, due = window(f"{one.title}。{one.text}", year, of_year=annual)
        tasks.append(
            Task(plan=plan, measure=one, year=year, title=one.title, starts=starts, due=due)
        )
    tasks = Task.objects.bulk_create(tasks)
    Assignment.objects.bulk_create(of_measures(tasks, measures, date(year, 1, 1)))
    return tasks


def _of_duties(plan: Plan, year: int) -> list[Task]:
    have = set(
        Task.objects.filter(plan=plan, year=year, duty__isnull=False).values_list("duty", "title")
    )
    found: list[tuple[Duty, Task]] = []
    for one in Duty.objects.filter(plan=plan).select_related("measure__action"):
        title = one.quote.strip().rstrip("。；;")[:LONGEST_TITLE]
        inside = one.measure is not None and one.measure.action.kind != Action.Kind.SAFEGUARD
        if (inside and not one.who) or (one.pk, title) in have:
            continue
        if not falls_due(one, year, plan.start_year):
            continue
        have.add((one.pk, title))
        starts, due = window(one.quote, year, of_year=plan.kind == Plan.Kind.ANNUAL)
        if one.due and one.due.year == year:
            due = one.due
        task = Task(
            plan=plan,
            duty=one,
            year=year,
            title=title,
            deliverable=one.proof,
            kind=Task.Kind.ROUTINE,
            starts=min(starts, due),
            due=due,
        )
        found.append((one, task))
    tasks = Task.objects.bulk_create([task for _duty, task in found])
    duties = [duty for duty, _task in found]
    Assignment.objects.bulk_create(of_duties(tasks, duties, plan.region, date(year, 1, 1)))
    return tasks
