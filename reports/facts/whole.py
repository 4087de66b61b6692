"""The plan as a whole: the last year, each year of several, and which units were heard."""

from typing import Any

from django.db.models import Count, Q

from core import words
from core.words import decimal_text
from reports.facts.figures import Figures, Source
from reports.facts.progress import count, outcomes, spoken, standing_json
from reports.facts.scope import Scope
from reports.facts.spoken import Days
from tasks.models import Entry, Period
from tasks.progress import count_lights
from tasks.selectors import Board

Json = dict[str, Any]


def tasks_in(actions: list[Json], others: Json | None) -> list[Json]:
    """Return all tasks, those of no measure last."""
    groups = [*actions, *([others] if others else [])]
    return [task for one in groups for measure in one["measures"] for task in measure["tasks"]]


def whole_plan(
    scope: Scope, board: Board, actions: list[Json], others: Json | None, figures: Figures
) -> None:
    """Note the figures of the last year as a whole."""
    tasks = [one for one in tasks_in(actions, others) if one["year"] == scope.year]
    planned = [one for one in tasks_in(actions, None) if one["year"] == scope.year]
    count(figures, "plan.tasks", tasks, "年度任务项数")
    count(figures, "plan.planned", planned, "落实具体措施的年度任务项数")
    _parts(scope.year, actions, figures)
    reported = sum(task["percent"] is not None for task in tasks)
    figures.add("plan.reported", reported, "有完成比例的任务项数", _basis(tasks, figures))
    if scope.department is not None:
        outcomes(figures, "plan", tasks, "承担的任务")
        return
    standing, basis = board.standing, _basis(planned, figures)
    rows = [("tasks.task", task["id"]) for task in planned]
    figures.percent("plan.percent", standing.percent, "各项重点任务平均完成比例", basis)
    figures.percent("plan.schedule", standing.schedule, "序时进度", rows)
    if standing.gap is not None:
        figures.add("plan.gap", decimal_text(abs(standing.gap), 1), "与序时之差", basis)
    for light, number in lights(board).items():
        shown = [one for one in board.measures if one.tasks and one.standing.light == light]
        ids = [("plans.measure", one.measure.pk) for one in shown]
        figures.add(f"plan.light.{light}", number, f"状态为“{words.word(light)}”的措施条数", ids)


def _parts(year: int, actions: list[Json], figures: Figures) -> None:
    """Count actions and measures, those with tasks in a year, and those of which nothing is said.

    What has no task in the year was promised for other years: nothing is carried out or missing.
    """
    measures = [measure for action in actions for measure in action["measures"]]
    busy = [one for one in measures if tasked(one, year)]
    for name, label, some in (
        ("actions", "重点任务项数", actions),
        (
            "tasked_actions",
            "安排了年度任务的重点任务项数",
            [one for one in actions if any(tasked(part, year) for part in one["measures"])],
        ),
    ):
        figures.add(f"plan.{name}", len(some), label, [("plans.action", one["id"]) for one in some])
    for name, label, some in (
        (
            "silent",
            "尚无核对通过的填报的措施条数",
            [one for one in measures if one["tasks"] and not spoken(one)],
        ),
        ("measures", "具体措施条数", measures),
        ("tasked_measures", "安排了年度任务的具体措施条数", busy),
        (
            "idle_measures",
            "没有安排年度任务的具体措施条数",
            [one for one in measures if not tasked(one, year)],
        ),
    ):
        ids = [("plans.measure", one["id"]) for one in some]
        figures.add(f"plan.{name}", len(some), label, ids)


def tasked(measure: Json, year: int) -> bool:
    return any(task["year"] == year for task in measure["tasks"])


def lights(board: Board) -> dict[str, int]:
    """Count the measures that have tasks in the board's year by their lights."""
    return count_lights(one.standing.light for one in board.measures if one.tasks)


def _basis(tasks: list[Json], figures: Figures) -> list[Source]:
    """Return the rows that the percents of tasks rest on."""
    return [
        (name, pk)
        for task in tasks
        if task["figure"]
        for name, pk in figures.rows[task["figure"]]["sources"]
    ]


# --- Several years -------------------------------------------------------------------------
def frozen_years(
    scope: Scope, boards: dict[int, Board], days: Days, tasks: list[Json], figures: Figures
) -> list[Json]:
    """Freeze how each year of a report stood at its end; empty for a report of one year."""
    if not scope.spans:
        return []
    count(figures, "span.tasks", tasks, "各年任务项数合计")
    outcomes(figures, "span", tasks, "各年任务")
    return [
        _year(year, boards[year], days, [one for one in tasks if one["year"] == year], figures)
        for year in scope.years
    ]


def _year(year: int, board: Board, days: Days, tasks: list[Json], figures: Figures) -> Json:
    key, title = f"year.{year}", f"{year}年"
    left_out = {one.task.pk for one in board.others}
    basis = _basis([one for one in tasks if one["id"] not in left_out], figures)
    figures.percent(f"{key}.percent", board.standing.percent, f"{title}平均完成比例", basis)
    count(figures, f"{key}.tasks", tasks, f"{title}任务项数")
    outcomes(figures, key, tasks, title)
    return {
        "year": year,
        "key": key,
        "as_of": days.as_of[year].isoformat(),
        "counts": lights(board),
        **standing_json(board.standing),
        "tasks": len(tasks),
        "actions": [
            _action_year(number, year, one, figures) for number, one in enumerate(board.actions, 1)
        ],
    }


def _action_year(number: int, year: int, one: Any, figures: Figures) -> Json:
    key = f"action.{number}.{year}"
    ids = [("tasks.task", task.task.pk) for measure in one.measures for task in measure.tasks]
    label = f"{one.action.title}：{year}年平均完成比例"
    return {
        "action": f"action.{number}",
        "figure": figures.percent(f"{key}.percent", one.standing.percent, label, ids),
        **standing_json(one.standing),
    }


# --- Units ---------------------------------------------------------------------------------
def frozen_units(scope: Scope, days: Days, tasks: list[Json], figures: Figures) -> list[Json]:
    """Freeze which units owed the office a report and how many were heard (one query).

    What units give to a 汇总单位 is that unit's affair and not counted here. Also notes which of
    the entries used are marked late or checked by their own unit.
    """
    rows = _asked(scope, days)
    units = [
        {"id": pk, "name": name, "asked": asked, "heard": heard, "late": late}
        for pk, name, asked, heard, late in rows
    ]
    for name, label, some in (
        ("asked", "承担填报的单位数", units),
        ("heard", "有核对通过的填报的单位数", [one for one in units if one["heard"]]),
        ("silent", "没有核对通过的填报的单位数", [one for one in units if not one["heard"]]),
    ):
        ids = [("departments.department", one["id"]) for one in some]
        figures.add(f"units.{name}", len(some), label, ids)
    _returns(units, figures)
    _entries(tasks, figures)
    return units


def _asked(scope: Scope, days: Days) -> Any:
    """Return, per unit that owed a report: id, name, entries owed, approved, and late.

    Nobody owes anything on a task that was cancelled.
    """
    own = Q(kind=Entry.Kind.REPORT)
    if scope.department is not None:
        own = Q(department=scope.department)
    ended = Q()
    for year in scope.years:
        ended |= Q(task__year=year, period__ends__lte=days.until[year])
    standing = {"task__plan": scope.plan, "task__cancelled_at__isnull": True}
    rows = Entry.objects.filter(own, ended, **standing).expected()
    if scope.period is not None:
        rows = rows.filter(period=scope.period)
    counting = Q(approved__isnull=False) | Q(state="taken_over")
    return (
        rows.exclude(period__state=Period.State.SCHEDULED)
        .values_list("department", "department__name")
        .annotate(
            asked=Count("pk"),
            heard=Count("pk", filter=counting),
            late=Count("pk", filter=counting & Q(approved__is_late=True)),
        )
        .order_by("department_id")
    )


def _returns(units: list[Json], figures: Figures) -> None:
    """Note how many entries were owed and how many were approved, of all units together."""
    for name, label in (("asked", "应报的填报件数"), ("heard", "核对通过的填报件数")):
        ids = [("departments.department", one["id"]) for one in units if one[name]]
        figures.add(f"returns.{name}", sum(one[name] for one in units), label, ids)


def _entries(tasks: list[Json], figures: Figures) -> None:
    entries = [entry for task in tasks for entry in task["entries"]]
    for name, label, some in (
        ("late", "迟报的填报件数", [one for one in entries if one["late"]]),
        ("own_check", "本单位自核的填报件数", [one for one in entries if one["own_check"]]),
        ("used", "采用的填报件数", entries),
    ):
        ids = [("tasks.revision", one["revision"]) for one in some]
        figures.add(f"entries.{name}", len(some), label, ids)
