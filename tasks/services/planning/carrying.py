"""Tasks of an earlier year continued in a new one, within a plan or from the plan before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError, ensure
from departments.selectors import successors
from plans.models import Duty, Measure, Plan
from tasks import policies
from tasks.models import Assignment, Task
from tasks.services.planning.year import check_year

CARRIED = ("title", "deliverable", "evidence_required", "note", "kind", "weight", "quantity")


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """What came of it: new tasks, and tasks that were there and now continue last year's."""

    made: list[Task]
    linked: list[Task]


def _moved(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


@transaction.atomic
def carry_over(
    plan: Plan,
    year: int,
    sources: Iterable[Task],
    *,
    measures: Mapping[int, Measure] | None = None,
    by: Any,
) -> CarriedOver:
    """Continue tasks of an earlier year in this one, with units, weight, kind and quantity.

    The window moves to the year. A task of another plan needs a measure of this one (`measures`,
    by the id of the source). A title that is there already is not doubled: that task is marked as
    continuing the old one. Raises DomainError, with the tasks that lack a measure by id.
    """
    ensure(policies.can_make_tasks(by, plan))
    check_year(plan, year)
    Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    listed = list(sources)
    if not listed:
        raise DomainError(_("请先选要接续的任务。"))
    bases = _bases(plan, year, listed, measures or {})
    there = {
        (one.measure_id, one.duty_id, one.title): one
        for one in Task.objects.filter(plan=plan, year=year)
    }
    made: dict[int, Task] = {}
    linked = []
    for source in listed:
        measure, duty = bases[source.pk]
        key = (measure, duty, source.title)
        if found := there.get(key):
            if found.continues_id is None and found.pk and found.cancelled_at is None:
                found.continues = source
                linked.append(found)
            continue
        made[source.pk] = there[key] = _continued(source, plan, year, measure, duty)
    tasks = Task.objects.bulk_create(made.values())
    for one in linked:
        one.save()
    Assignment.objects.bulk_create(_units(made, date(year, 1, 1)))
    audit.record(
        "tasks.task.carry_over",
        plan,
        by=by,
        detail={
            "year": year,
            "sources": [one.pk for one in listed],
            "made": len(tasks),
            "linked": [one.pk for one in linked],
        },
        region_path=plan.region.path,
    )
    return CarriedOver(list(tasks), linked)


def _bases(
    plan: Plan, year: int, sources: list[Task], measures: Mapping[int, Measure]
) -> dict[int, tuple[int | None, int | None]]:
    """Return the measure and duty of this plan that each new task rests on."""
    duties = dict(Duty.objects.filter(plan=plan).values_list("quote", "pk"))
    found: dict[int, tuple[int | None, int | None]] = {}
    wrong: dict[str, list[str]] = {}
    for one in sources:
        if one.plan.region_id != plan.region_id or one.year >= year or one.cancelled_at:
            raise DomainError(_("“%(title)s”不是本地区以前年度的任务。") % {"title": one.title})
        chosen = measures.get(one.pk)
        if chosen is not None and chosen.action.plan_id == plan.pk:
            found[one.pk] = (chosen.pk, None)
        elif one.plan_id == plan.pk and (one.measure_id or one.duty_id):
            found[one.pk] = (one.measure_id, one.duty_id)
        elif one.duty and one.duty.quote in duties:
            found[one.pk] = (None, duties[one.duty.quote])
        else:
            wrong[str(one.pk)] = [_("请选它在本方案中对应的措施。")]
    if wrong:
        raise DomainError(
            _("有 %(count)s 项任务还没有选对应的措施。") % {"count": len(wrong)}, fields=wrong
        )
    return found


def _continued(source: Task, plan: Plan, year: int, measure: int | None, duty: int | None) -> Task:
    years = year - source.year
    return Task(
        plan=plan,
        year=year,
        measure_id=measure,
        duty_id=duty,
        unit=source.unit,
        starts=_moved(source.starts, years),
        due=_moved(source.due, years),
        gathering=source.gathering,
        continues=source,
        **{name: getattr(source, name) for name in CARRIED},
    )


def _units(made: Mapping[int, Task], day: date) -> list[Assignment]:
    """Return the units of the sources under who carries their work now, each once a task."""
    parts = list(Assignment.objects.filter(task__in=made).order_by("task", "id"))
    now = successors({one.department_id for one in parts}, day)
    # Where two units became one, the weightier part counts.
    order = {role: place for place, role in enumerate(Assignment.Role.values)}
    rows: dict[tuple[int, int], Assignment] = {}
    for one in sorted(parts, key=lambda part: order[part.role]):
        unit = now.get(one.department_id, one.department_id)
        rows.setdefault(
            (one.task_id, unit),
            Assignment(
                task=made[one.task_id], department_id=unit, role=one.role, group_id=one.group_id
            ),
        )
    return list(rows.values())
