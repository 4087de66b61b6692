"""Progress of a plan's year, read in a fixed number of queries whatever its size."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import F, OuterRef, Q, Subquery

from core.querysets import BaseQuerySet
from plans.models import Action, Measure, Plan
from tasks.models import Assignment, Entry, Judgement, Period, Revision, Task
from tasks.progress import (
    HUNDRED,
    Standing,
    Thresholds,
    Weighted,
    count_lights,
    elapsed,
    light,
    roll_up,
)


@dataclass(frozen=True, slots=True)
class TaskStanding:
    """A task and how it stands; `revision` or `judgement` is what its percent rests on.

    `own_check` (本单位自核) tells that the revision was checked by who worked on it.
    """

    task: Task
    standing: Standing
    revision: Revision | None = None
    judgement: Judgement | None = None
    own_check: bool = False


@dataclass(frozen=True, slots=True)
class MeasureStanding:
    """A measure, its tasks of the year, and how they stand together."""

    measure: Measure
    standing: Standing
    tasks: list[TaskStanding] = field(default_factory=list)

    @property
    def own_check(self) -> bool:
        return any(one.own_check for one in self.tasks)


@dataclass(frozen=True, slots=True)
class ActionStanding:
    """An action, its measures, and how they stand together."""

    action: Action
    standing: Standing
    measures: list[MeasureStanding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Board:
    """A plan's year as of a day: its actions, and the whole.

    `others` are tasks of no measure of these actions (handed down from above, or of a duty), by
    id; they are in no mean.
    """

    plan: Plan
    year: int
    as_of: date
    standing: Standing
    actions: list[ActionStanding]
    others: list[TaskStanding] = field(default_factory=list)

    @property
    def measures(self) -> list[MeasureStanding]:
        return [one for action in self.actions for one in action.measures]

    @property
    def counts(self) -> dict[str, int]:
        """Return how many measures show each light."""
        return count_lights(one.standing.light for one in self.measures)


def thresholds(plan: Plan) -> Thresholds:
    return Thresholds(plan.settings.behind_points, plan.settings.far_behind_points)


def newest_day(plan: Plan, today: date) -> date:
    """Return the day that pages show unless told otherwise: the end of the newest period.

    A period in which units still report in time counts only where there is no other; one not
    yet opened says nothing. Without any it is today, inside the plan's years.
    """
    opened = list(
        Period.objects.filter(
            region=plan.region_id,
            year__gte=plan.start_year,
            year__lte=plan.end_year,
        )
        .exclude(state=Period.State.SCHEDULED)
        .order_by("-ends")
    )
    finished = [one for one in opened if one.state != Period.State.OPEN]
    for period in (finished or opened)[:1]:
        return min(period.ends, today)
    first, last = date(plan.start_year, 1, 1), date(plan.end_year, 12, 31)
    return min(max(today, first), last)


def known_on(as_of: date, at: str) -> Q:
    """Match what counts on a day: its period had ended, or it was settled (`at`) before it did.

    Units often report a whole year, and are checked, before its last day.
    """
    return Q(period__ends__lte=as_of) | Q(**{f"{at}__date__lte": as_of})


def _newest(of: str, as_of: date) -> Subquery:
    """Return, per task, the id of what was last approved (or judged) as known on a day."""
    if of == "entry":
        rows = Entry.objects.filter(
            known_on(as_of, "approved_at"),
            task=OuterRef("pk"),
            kind=Entry.Kind.REPORT,
            assignment__role=Assignment.Role.LEAD,
            approved__isnull=False,
        ).order_by("-period__ends", "-pk")
        return Subquery(rows.values("approved")[:1])
    judged = Judgement.objects.filter(known_on(as_of, "at"), task=OuterRef("pk")).order_by(
        "-period__ends", "-pk"
    )
    return Subquery(judged.values("pk")[:1])


def task_standings(plan: Plan, year: int, as_of: date) -> list[TaskStanding]:
    """Return the year's tasks of a plan and how each stands on a day (three queries)."""
    limits = thresholds(plan)
    tasks = Task.objects.standing().filter(plan=plan, year=year)
    ordered = tasks.order_by("measure__action__position", "measure__position", "id")
    return _standings(ordered, as_of, lambda _task: limits)


def standings_of(tasks: BaseQuerySet, as_of: date) -> list[TaskStanding]:
    """Return how tasks of any plans stand, each against its own plan's limits (three queries)."""
    rows = tasks.select_related("plan__settings", "plan__region")
    return _standings(rows, as_of, lambda task: thresholds(task.plan))


def _standings(
    rows: BaseQuerySet, as_of: date, limits: Callable[[Task], Thresholds]
) -> list[TaskStanding]:
    tasks = list(
        rows.annotate(revision_id=_newest("entry", as_of), judgement_id=_newest("judgement", as_of))
    )
    counting = Revision.objects.annotate(own_check=F("entry__own_check"))
    revisions = counting.in_bulk([one.revision_id for one in tasks if one.revision_id])
    judged = Judgement.objects.in_bulk([one.judgement_id for one in tasks if one.judgement_id])
    standings = []
    for task in tasks:
        revision = revisions.get(task.revision_id)
        judgement = None if revision else judged.get(task.judgement_id)
        percent = percent_of(task, revision, judgement)
        schedule = elapsed(task.starts, task.due, as_of)
        standing = Standing(
            percent=percent,
            schedule=schedule,
            light=light(percent, schedule, task.due, as_of, limits(task)),
            reported=int(percent is not None),
            total=1,
        )
        own = revision is not None and revision.own_check
        standings.append(TaskStanding(task, standing, revision, judgement, own))
    return standings


def percent_of(
    task: Task, revision: Revision | None, judgement: Judgement | None = None
) -> Decimal | None:
    """Return a task's percent: of its quantity where it has one, else as reported or judged."""
    if revision is not None:
        if task.kind == Task.Kind.QUANTITY and task.quantity and revision.quantity is not None:
            return min(HUNDRED, round(revision.quantity / task.quantity * 100, 1))
        return revision.percent
    return judgement.percent if judgement is not None else None


def board(plan: Plan, year: int, as_of: date) -> Board:
    """Return how a plan's year stands on a day, from tasks to measures, actions and the whole.

    Measures without a task in that year are shown as unreported; safeguards have duties instead.
    Six queries, however large the plan.
    """
    limits = thresholds(plan)
    per_measure: dict[int, list[TaskStanding]] = {}
    for one in task_standings(plan, year, as_of):
        per_measure.setdefault(one.task.measure_id or 0, []).append(one)
    actions = []
    rows = (
        Action.objects.filter(plan=plan)
        .exclude(kind=Action.Kind.SAFEGUARD)
        .prefetch_related("measures", "responsibilities")
        .order_by("position")
    )
    for action in rows:
        measures = []
        for measure in action.measures.all():
            tasks = per_measure.pop(measure.pk, [])
            parts = [_part(one) for one in tasks]
            measures.append(MeasureStanding(measure, roll_up(parts, as_of, limits), tasks))
        every = [_part(one) for measure in measures for one in measure.tasks]
        actions.append(ActionStanding(action, roll_up(every, as_of, limits), measures))
    whole = [
        Weighted(one.standing, one.action.weight, date(year, 12, 31))
        for one in actions
        if one.standing.total
    ]
    others = sorted((one for some in per_measure.values() for one in some), key=_number)
    return Board(plan, year, as_of, roll_up(whole, as_of, limits), actions, others)


def _number(one: TaskStanding) -> int:
    return int(one.task.pk)


def _part(one: TaskStanding) -> Weighted:
    task = one.task
    return Weighted(one.standing, task.weight, task.due, task.kind == Task.Kind.ROUTINE)
