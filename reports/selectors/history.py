"""How a plan stood at the end of each of several periods, from four queries in all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from plans.models import Measure, Plan
from reports.selectors.moments import Moment
from tasks.models import Assignment, Entry, Judgement, Task
from tasks.progress import Standing, Thresholds, Weighted, count_lights, elapsed, light, roll_up
from tasks.selectors import percent_of, thresholds


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A plan at one moment: lights counted over measures, and each action's standing by id."""

    moment: Moment
    counts: dict[str, int]
    actions: dict[int, Standing]
    reported: int


@dataclass(frozen=True, slots=True)
class Known:
    """A percent of a period, and the day from which it counts; a report precedes a judgement."""

    ends: date
    since: date
    percent: Decimal | None
    reported: bool
    pk: int


def history(plan: Plan, moments: Iterable[Moment]) -> list[Snapshot]:
    """Return the plan's snapshots by the same rules as `tasks.selectors.board`."""
    wanted = list(moments)
    years = {one.year for one in wanted}
    tasks = list(Task.objects.standing().filter(plan=plan, year__in=years, measure__isnull=False))
    known = _known(plan, years)
    measures = list(
        Measure.objects.filter(action__plan=plan).of_tasks().values_list("pk", "action_id")
    )
    limits = thresholds(plan)
    return [_snapshot(one, tasks, known, measures, limits) for one in wanted]


def _known(plan: Plan, years: set[int]) -> dict[int, list[Known]]:
    """Return, per task, every percent that was approved or judged, newest last."""
    found: dict[int, list[Known]] = {}
    entries = Entry.objects.filter(
        task__plan=plan,
        task__year__in=years,
        kind=Entry.Kind.REPORT,
        assignment__role=Assignment.Role.LEAD,
        approved__isnull=False,
    ).select_related("task", "period", "approved")
    for entry in entries:
        percent = percent_of(entry.task, entry.approved)
        since = _since(entry.period.ends, entry.approved_at)
        found.setdefault(entry.task_id, []).append(
            Known(entry.period.ends, since, percent, True, entry.pk)
        )
    judged = Judgement.objects.filter(
        task__plan=plan, task__year__in=years, period__isnull=False
    ).select_related("period")
    for one in judged:
        since = _since(one.period.ends, one.at)
        found.setdefault(one.task_id, []).append(
            Known(one.period.ends, since, one.percent, False, one.pk)
        )
    for some in found.values():
        some.sort(key=lambda one: (one.reported, one.ends, one.pk))
    return found


def _since(ends: date, settled: datetime | None) -> date:
    """Return the day a percent counts from: its period's end, or its approval before that."""
    return min(ends, timezone.localdate(settled)) if settled else ends


def _percent(known: list[Known], on: date) -> Decimal | None:
    seen = [one for one in known if one.since <= on]
    return seen[-1].percent if seen else None


def _snapshot(
    moment: Moment,
    tasks: list[Task],
    known: dict[int, list[Known]],
    measures: list[tuple[int, int]],
    limits: Thresholds,
) -> Snapshot:
    day = moment.as_of
    per_measure: dict[int, list[Weighted]] = {}
    for task in tasks:
        if task.year != moment.year or task.measure_id is None:
            continue
        percent = _percent(known.get(task.pk, []), day)
        schedule = elapsed(task.starts, task.due, day)
        standing = Standing(
            percent,
            schedule,
            light(percent, schedule, task.due, day, limits),
            int(percent is not None),
            1,
        )
        per_measure.setdefault(task.measure_id, []).append(
            Weighted(standing, task.weight, task.due, task.kind == Task.Kind.ROUTINE)
        )
    per_action: dict[int, list[Weighted]] = {}
    lights = []
    for measure, action in measures:
        parts = per_measure.get(measure, [])
        lights.append(roll_up(parts, day, limits).light)
        per_action.setdefault(action, []).extend(parts)
    actions = {action: roll_up(parts, day, limits) for action, parts in per_action.items()}
    return Snapshot(
        moment, count_lights(lights), actions, sum(one.reported for one in actions.values())
    )
