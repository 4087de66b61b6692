"""The plan as a whole: the last year, each year of several, and which units were heard."""

from typing import Any

from django.db.models import Case, CharField, Q, Value, When

from core import words
from core.words import decimal_text
from reports.facts.figures import Figures, Source
from reports.facts.progress import count, outcomes, spoken, standing_json
from reports.facts.scope import Scope
from reports.facts.spoken import Days, used
from tasks.models import Entry, Period
from tasks.progress import count_lights
from tasks.selectors import Board

Json = dict[str, Any]
# What was owed to the office, entry by entry, by what became of it.
RETURNS = {
    "asked": "应报的填报件数",
    "heard": "核对通过的填报件数",
    "waiting": "已报送、待核对的填报件数",
    "owed": "没有报送或者退回后没有补正的填报件数",
}


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

    What is not approved is either still owed by the unit or waits for the office: only the former
    can be asked for. What units give to a 汇总单位 is that unit's affair and not counted here. Also
    notes which of the entries used are marked late or checked by their own unit.
    """
    rows = list(_asked(scope, days))
    units: dict[int, Json] = {}
    for row in rows:
        pk, name = row["department"], row["department__name"]
        one = units.setdefault(pk, {"id": pk, "name": name, **dict.fromkeys(RETURNS, 0), "late": 0})
        one["asked"] += 1
        one[row["stage"]] += 1
        one["late"] += row["stage"] == "heard" and bool(row["approved__is_late"])
    listed = list(units.values())
    for name, label, some in (
        ("asked", "承担填报的单位数", listed),
        ("heard", "有核对通过的填报的单位数", [one for one in listed if one["heard"]]),
        ("silent", "没有核对通过的填报的单位数", [one for one in listed if not one["heard"]]),
    ):
        ids = [("departments.department", one["id"]) for one in some]
        figures.add(f"units.{name}", len(some), label, ids)
    for name, label in RETURNS.items():
        owed = [("tasks.entry", row["pk"]) for row in rows if name in ("asked", row["stage"])]
        figures.add(f"returns.{name}", len(owed), label, owed)
    _entries(tasks, figures)
    return listed


def _asked(scope: Scope, days: Days) -> Any:
    """Return the entries that units owed, unit by unit: how far each is (`stage`), and late or not.

    The stage is heard (approved), waiting (handed in and not checked yet) or owed. Nobody owes
    anything on a task that was cancelled.
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
        .annotate(
            stage=Case(
                When(counting, then=Value("heard")),
                When(state=Entry.State.SUBMITTED, then=Value("waiting")),
                default=Value("owed"),
                output_field=CharField(),
            )
        )
        .order_by("department_id", "pk")
        .values("pk", "department", "department__name", "stage", "approved__is_late")
    )


def _entries(tasks: list[Json], figures: Figures) -> None:
    entries = [entry for task in tasks for entry in used(task["entries"])]
    for name, label, some in (
        ("late", "迟报的填报件数", [one for one in entries if one["late"]]),
        ("own_check", "本单位自核的填报件数", [one for one in entries if one["own_check"]]),
        ("used", "采用的填报件数", entries),
    ):
        ids = [("tasks.revision", one["revision"]) for one in some]
        figures.add(f"entries.{name}", len(some), label, ids)
