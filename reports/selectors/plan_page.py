"""The plan page: the document with what is known of each measure, and one measure in detail."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from departments.models import Department
from departments.selectors import by_id, successors
from indicators.selectors import TargetView, plan_targets
from plans.models import Action, Measure, Plan, Responsibility
from reports.selectors.document import Block, Mark, Section, named_units, sections, title_mark
from reports.selectors.moments import Moment, watches
from tasks.models import Assignment, Entry, Task
from tasks.progress import (
    BEHIND,
    FAR_BEHIND,
    OVERDUE,
    UNREPORTED,
    Standing,
    Thresholds,
    Weighted,
    roll_up,
)
from tasks.selectors import (
    ActionStanding,
    MeasureStanding,
    TaskStanding,
    board,
    known_on,
    percent_of,
    task_standings,
    thresholds,
)

EXCEPTIONS = (FAR_BEHIND, OVERDUE, BEHIND, UNREPORTED)
SHOWN_REPORTS = 6


@dataclass(frozen=True, slots=True)
class Progress:
    """What the person may know of progress: all of it, or the measures of their own unit."""

    whole: bool
    measures: dict[int, MeasureStanding]
    actions: dict[int, ActionStanding]


@dataclass(frozen=True, slots=True)
class Unit:
    """A department named in the text, and the one that carries its work on the day."""

    department: Department
    now: Department | None


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the text with what is known of it; `exceptions` count what is not well."""

    section: Section
    blocks: list[tuple[Block, Measure | None, MeasureStanding | None]]
    exceptions: list[tuple[str, int]]
    targets: int
    standing: ActionStanding | None


@dataclass(frozen=True, slots=True)
class Page:
    """The page of a plan: its text part by part, progress, targets, and its actions."""

    parts: list[Part]
    progress: Progress
    targets: list[TargetView]
    actions: list[Action]

    @property
    def measure_count(self) -> int:
        return sum(len(one.measures.all()) for one in self.actions)


def progress(user: Any, plan: Plan, moment: Moment) -> Progress:
    """Return the board for who watches the plan, else how the tasks one has a part in stand."""
    if watches(user, plan):
        now = board(plan, moment.year, moment.as_of)
        return Progress(
            True,
            {one.measure.pk: one for one in now.measures},
            {one.action.pk: one for one in now.actions},
        )
    own = set(
        Task.objects.visible_to(user)
        .filter(plan=plan, year=moment.year)
        .values_list("pk", flat=True)
    )
    if not own:
        return Progress(False, {}, {})
    per_measure: dict[int, list[TaskStanding]] = {}
    for one in task_standings(plan, moment.year, moment.as_of):
        if one.task.pk in own and one.task.measure_id is not None:
            per_measure.setdefault(one.task.measure_id, []).append(one)
    rows = Measure.objects.select_related("action").in_bulk(list(per_measure))
    limits = thresholds(plan)
    standings = {
        pk: MeasureStanding(rows[pk], together(tasks, moment.as_of, limits), tasks)
        for pk, tasks in per_measure.items()
    }
    return Progress(False, standings, {})


def together(tasks: list[TaskStanding], on: date, limits: Thresholds) -> Standing:
    """Combine a measure's tasks by the one rule of `tasks.progress`."""
    return roll_up(
        (
            Weighted(
                one.standing, one.task.weight, one.task.due, one.task.kind == Task.Kind.ROUTINE
            )
            for one in tasks
        ),
        on,
        limits,
    )


def plan_page(user: Any, plan: Plan, moment: Moment) -> Page:
    """Return everything the page of a plan shows (a constant number of queries)."""
    actions = list(
        Action.objects.filter(plan=plan)
        .prefetch_related("responsibilities", "measures__responsibilities")
        .order_by("position")
    )
    measures = [one for action in actions for one in action.measures.all()]
    targets = plan_targets(plan, moment.year)
    known = progress(user, plan, moment)
    units = _units(actions, measures, moment.as_of)
    marks = _marks(plan, actions, measures, targets, units)
    by_pk = {one.pk: one for one in measures}
    return Page(
        parts=[
            _part(one, by_pk, known, targets) for one in sections(plan, actions, measures, marks)
        ],
        progress=known,
        targets=targets,
        actions=[one for one in actions if one.kind != Action.Kind.SAFEGUARD],
    )


def _part(
    section: Section, measures: dict[int, Measure], known: Progress, targets: list[TargetView]
) -> Part:
    standings = [known.measures.get(one.measure or 0) for one in section.blocks]
    lights = [one.standing.light for one in standings if one]
    return Part(
        section=section,
        blocks=[
            (block, measures.get(block.measure or 0), standing)
            for block, standing in zip(section.blocks, standings, strict=True)
        ],
        exceptions=[(code, lights.count(code)) for code in EXCEPTIONS if code in lights],
        targets=sum(
            section.start <= one.target.span_start < section.end
            for one in targets
            if one.target.span_start is not None
        ),
        standing=known.actions.get(section.action.pk) if section.action else None,
    )


def _marks(
    plan: Plan,
    actions: list[Action],
    measures: list[Measure],
    targets: list[TargetView],
    units: dict[int, Unit],
) -> list[Mark]:
    marks = [
        Mark(one.target.span_start, one.target.span_end, "target")
        for one in targets
        if one.target.span_start is not None and one.target.span_end is not None
    ]
    holders: list[Action | Measure] = [*actions, *measures]
    for holder in holders:
        if holder.span_start is None or holder.span_end is None:
            continue
        end = holder.span_end
        if isinstance(holder, Action):  # its own bracket stands before its first measure
            own = [m.span_start for m in holder.measures.all() if m.span_start is not None]
            end = min(own, default=end)
        names = {
            one.printed_name: units[one.department_id]
            for one in holder.responsibilities.all()
            if one.department_id is not None
        }
        marks += named_units(plan.text, (holder.span_start, end), names)
    marks += [one for one in (title_mark(plan.text, measure) for measure in measures) if one]
    return marks


def _units(actions: list[Action], measures: list[Measure], on: date) -> dict[int, Unit]:
    holders: list[Action | Measure] = [*actions, *measures]
    ids = {
        one.department_id
        for holder in holders
        for one in holder.responsibilities.all()
        if one.department_id is not None
    }
    later = successors(ids, on)
    found = by_id(ids | set(later.values()))
    return {pk: Unit(found[pk], found.get(later.get(pk, 0))) for pk in ids}


# --- One measure ---------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Report:
    """What was approved for a measure in one period."""

    period: str
    task: Task
    percent: Decimal | None
    done: str
    own_check: bool


@dataclass(frozen=True, slots=True)
class Detail:
    """One measure: who as printed, who carries its tasks, targets, and its last reports."""

    measure: Measure
    standing: MeasureStanding | None
    printed: list[tuple[str, list[str]]]
    carried: list[tuple[TaskStanding, str, list[str]]]
    targets: list[TargetView]
    reports: list[Report]
    entry: Entry | None


def detail(user: Any, plan: Plan, page: Page, measure: Measure, moment: Moment) -> Detail:
    """Return what is known of one measure at a moment, as far as the person may know it."""
    standing = page.progress.measures.get(measure.pk)
    tasks = [one.task.pk for one in standing.tasks] if standing else []
    return Detail(
        measure=measure,
        standing=standing,
        printed=_printed(measure),
        carried=_carried(standing),
        targets=[one for one in page.targets if one.target.measure_id == measure.pk],
        reports=_reports(user, tasks, moment),
        entry=_own_entry(user, tasks),
    )


def _printed(measure: Measure) -> list[tuple[str, list[str]]]:
    """Return the names as printed by role; a measure without any shows those of its action."""
    rows = list(measure.responsibilities.all()) or list(measure.action.responsibilities.all())
    return [
        (str(label), names)
        for role, label in Responsibility.Role.choices
        if (names := [one.printed_name for one in rows if one.role == role])
    ]


def _carried(standing: MeasureStanding | None) -> list[tuple[TaskStanding, str, list[str]]]:
    """Return each task with its 汇总单位 (or none) and the other units that report."""
    if standing is None:
        return []
    rows = (
        Assignment.objects.filter(task__in=[one.task.pk for one in standing.tasks])
        .exclude(role=Assignment.Role.COOPERATE)
        .order_by("id")
        .values_list("task", "role", "department__name")
    )
    found = [(one.task.pk, one) for one in standing.tasks]
    parts = list(rows)
    return [
        (
            one,
            next((name for task, role, name in parts if task == pk and role == "lead"), ""),
            [name for task, role, name in parts if task == pk and role != "lead"],
        )
        for pk, one in found
    ]


def _reports(user: Any, tasks: list[int], moment: Moment) -> list[Report]:
    entries = (
        Entry.objects.visible_to(user)
        .filter(
            known_on(moment.as_of, "approved_at"),
            task__in=tasks,
            kind=Entry.Kind.REPORT,
            approved__isnull=False,
        )
        .select_related("period", "task", "approved")
        .order_by("-period__ends", "-id")[:SHOWN_REPORTS]
    )
    return [
        Report(
            one.period.name,
            one.task,
            percent_of(one.task, one.approved),
            one.approved.done,
            one.own_check,
        )
        for one in entries
    ]


def _own_entry(user: Any, tasks: list[int]) -> Entry | None:
    """Return the entry that the person's unit still owes on one of the tasks."""
    acting = getattr(user, "acting", None)
    if acting is None or acting.department_id is None:
        return None
    return (
        Entry.objects.owed()
        .filter(
            task__in=tasks,
            department=acting.department_id,
            period__state__in=("open", "grace"),
        )
        .order_by("period__ends", "id")
        .first()
    )
