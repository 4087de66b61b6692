"""How actions, measures and tasks stand, year by year, with the words that were approved."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.words import decimal_text
from reports.facts.figures import Figures, Source
from reports.facts.scope import Scope
from tasks.models import Assignment, Task
from tasks.progress import DONE, Standing
from tasks.selectors import ActionStanding, Board, MeasureStanding, TaskStanding

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """What all tasks are read with: the words on each, its units by role, and the day."""

    told: dict[int, list[Json]]
    units: dict[int, dict[str, list[str]]]
    own: frozenset[int] | None  # the tasks of the one unit that a report is about
    as_of: date  # the day that the report speaks of


def known(scope: Scope, told: dict[int, list[Json]], as_of: date) -> Known:
    """Read which units carry which tasks of the years (one query)."""
    rows = Assignment.objects.filter(task__plan=scope.plan, task__year__in=list(scope.years))
    units: dict[int, dict[str, list[str]]] = {}
    own = set()
    listed = rows.order_by("task_id", "id").values_list(
        "task", "role", "department", "department__name"
    )
    for task, role, department, name in listed:
        units.setdefault(task, {}).setdefault(role, []).append(name)
        if scope.department is not None and department == scope.department.pk:
            own.add(task)
    return Known(told, units, None if scope.department is None else frozenset(own), as_of)


def standing_json(one: Standing) -> Json:
    return {
        "percent": None if one.percent is None else decimal_text(one.percent, 1),
        "schedule": decimal_text(one.schedule, 1),
        "light": one.light,
        "reported": one.reported,
        "total": one.total,
    }


def frozen_actions(
    scope: Scope, boards: dict[int, Board], about: Known, figures: Figures
) -> list[Json]:
    """Freeze the actions of a plan; their standing is that of the last year.

    Measures hold the tasks of all years of the report, oldest first.
    """
    rows = zip(*(boards[year].actions for year in scope.years), strict=True)
    actions = [
        _action(scope, number, list(years), about, figures) for number, years in enumerate(rows, 1)
    ]
    if scope.department is not None:
        return [one for one in actions if one["measures"]]
    return actions


# --- One action ----------------------------------------------------------------------------
def _action(
    scope: Scope, number: int, years: list[ActionStanding], about: Known, figures: Figures
) -> Json:
    last = years[-1]
    key, title, standing = f"action.{number}", last.action.title, last.standing
    rows = zip(*(one.measures for one in years), strict=True)
    measures = [_measure(scope, list(some), about, figures) for some in rows]
    if scope.department is not None:
        measures = [one for one in measures if one["tasks"]]
    tasks = [task for measure in last.measures for task in measure.tasks]
    ids = [("tasks.task", task.task.pk) for task in tasks]
    basis = [source for task in tasks for source in basis_of(task)]
    when = f"（{scope.year}年）" if scope.spans else ""
    figures.percent(f"{key}.percent", standing.percent, f"{title}：平均完成比例{when}", basis)
    figures.percent(f"{key}.schedule", standing.schedule, f"{title}：序时进度{when}", ids)
    if standing.gap is not None:
        figures.add(
            f"{key}.gap", decimal_text(abs(standing.gap), 1), f"{title}：与序时之差{when}", basis
        )
    figures.add(f"{key}.total", standing.total, f"{title}：计入平均数的任务项数{when}", ids)
    if scope.department is None:
        _routine(key, (title, when), tasks, standing.total, figures)
    figures.add(f"{key}.reported", standing.reported, f"{title}：有完成比例的任务项数{when}", basis)
    silent = [one for one in measures if one["tasks"] and not spoken(one)]
    figures.add(
        f"{key}.silent",
        len(silent),
        f"{title}：尚无核对通过的填报的措施条数",
        [("plans.measure", one["id"]) for one in silent],
    )
    return {
        "id": last.action.pk,
        "key": key,
        "title": title,
        "kind": last.action.kind,
        "weight": str(last.action.weight),
        **standing_json(standing),
        "measures": measures,
    } | ({"span": _span(key, title, measures, figures)} if scope.spans else {})


def _routine(
    key: str, named: tuple[str, str], tasks: list[TaskStanding], total: int, figures: Figures
) -> None:
    """Count all tasks of an action's year, and its routine ones where they stay out of the mean."""
    ids = [("tasks.task", one.task.pk) for one in tasks]
    title, when = named
    figures.add(f"{key}.tasks", len(ids), f"{title}：年度任务项数{when}", ids)
    if len(ids) == total:
        return
    routine = [one for one in tasks if one.task.kind == Task.Kind.ROUTINE]
    done = [one for one in routine if one.standing.light == DONE]
    for name, label, some in (
        ("routine", "常态任务项数", routine),
        ("routine_done", "完成的常态任务项数", done),
    ):
        rows = [("tasks.task", one.task.pk) for one in some]
        figures.add(f"{key}.{name}", len(some), f"{title}：{label}{when}", rows)


def _span(key: str, title: str, measures: list[Json], figures: Figures) -> Json:
    """Count the tasks of all years of an action by what became of them, and its measures."""
    tasks = [task for measure in measures for task in measure["tasks"]]
    by = {
        end: [one for one in measures if one["outcome"] == end] for end in ("completed", "no_tasks")
    }
    return {
        "tasks": count(figures, f"{key}.span.tasks", tasks, f"{title}：各年任务项数"),
        **outcomes(figures, f"{key}.span", tasks, title),
        **{
            name: figures.add(
                f"{key}.span.{name}",
                len(some),
                f"{title}：{label}",
                [("plans.measure", one["id"]) for one in some],
            )
            for name, label, some in (
                ("completed", "各年任务都完成的措施条数", by["completed"]),
                ("measures", "措施条数", measures),
                ("tasked", "各年安排过任务的措施条数", [one for one in measures if one["tasks"]]),
                ("idle", "各年都没有安排任务的措施条数", by["no_tasks"]),
            )
        },
    }


def count(figures: Figures, key: str, tasks: Iterable[Json], label: str) -> str:
    """Note how many tasks there are, and return the figure's key."""
    ids = [("tasks.task", one["id"]) for one in tasks]
    return figures.add(key, len(ids), label, ids)


def outcomes(figures: Figures, key: str, tasks: list[Json], title: str) -> dict[str, str]:
    """Note how many tasks were completed, were not in time, go on, and were never reported."""
    labels = {
        "done": "完成",
        "short": "到期没有完成",
        "running": "尚未到期、仍在推进",
        "unknown": "没有完成比例",
    }
    return {
        name: count(
            figures,
            f"{key}.{name}",
            [one for one in tasks if one["outcome"] == name],
            f"{title}：{label}的任务项数",
        )
        for name, label in labels.items()
    }


# --- Measures and tasks --------------------------------------------------------------------
def _measure(scope: Scope, years: list[MeasureStanding], about: Known, figures: Figures) -> Json:
    last = years[-1]
    tasks = [
        frozen_task(task, about, figures)
        for one in years
        for task in one.tasks
        if about.own is None or task.task.pk in about.own
    ]
    return {
        "id": last.measure.pk,
        "label": last.measure.label,
        "title": last.measure.title,
        **standing_json(last.standing),
        "tasks": tasks,
    } | ({"outcome": _outcome(tasks)} if scope.spans else {})


def _outcome(tasks: list[Json]) -> str:
    """Return what became of a measure over the years: by its tasks, none of which is guessed."""
    if not tasks:
        return "no_tasks"
    if all(one["outcome"] == "unknown" for one in tasks):
        return "unknown"
    done = [one for one in tasks if one["outcome"] == "done"]
    if len(done) == len(tasks):
        return "completed"
    return "partly" if done else "not_completed"


def basis_of(task: TaskStanding) -> list[Source]:
    """Return the row that a task's percent rests on."""
    if task.revision is not None:
        return [("tasks.revision", task.revision.pk)]
    if task.judgement is not None:
        return [("tasks.judgement", task.judgement.pk)]
    return []


def frozen_task(one: TaskStanding, about: Known, figures: Figures) -> Json:
    task, standing = one.task, one.standing
    basis, of = basis_of(one), about.units.get(task.pk, {})
    return {
        "id": task.pk,
        "year": task.year,
        "title": task.title,
        "kind": task.kind,
        "weight": str(task.weight),
        "due": task.due.isoformat(),
        "deliverable": task.deliverable,
        "note": task.note,
        "gatherer": "、".join(of.get(Assignment.Role.LEAD, [])),
        "responsible": of.get(Assignment.Role.RESPONSIBLE, []),
        "cooperate": of.get(Assignment.Role.COOPERATE, []),
        **standing_json(standing),
        # As it was reported: means are counted from it, not from what is printed.
        "exact": None if standing.percent is None else str(standing.percent),
        "figure": figures.percent(
            f"task.{task.pk}.percent", standing.percent, f"{task.title}：完成比例", basis
        ),
        **_quantity(one, figures),
        "outcome": _ended(one, about.as_of),
        "judged": one.judgement is not None,
        "entries": about.told.get(task.pk, []),
    }


def _quantity(one: TaskStanding, figures: Figures) -> dict[str, str | None]:
    """Note what a task aims at and what was reached, where it counts something."""
    task, key = one.task, f"task.{one.task.pk}"
    if not task.quantity:
        return {"target": None, "quantity": None}
    target = figures.add(
        f"{key}.target",
        decimal_text(task.quantity, 2),
        f"{task.title}：目标数量",
        [("tasks.task", task.pk)],
        task.unit,
    )
    if one.revision is None or one.revision.quantity is None:
        return {"target": target, "quantity": None}
    reached = figures.add(
        f"{key}.quantity",
        decimal_text(one.revision.quantity, 2),
        f"{task.title}：完成数量",
        basis_of(one),
        task.unit,
    )
    return {"target": target, "quantity": reached}


def _ended(one: TaskStanding, as_of: date) -> str:
    """Return what became of a task: done, short (its time is over), running, or unknown."""
    if one.standing.percent is None:
        return "unknown"
    if one.standing.light == DONE:
        return "done"
    return "short" if one.task.due <= as_of else "running"


def spoken(measure: Json) -> bool:
    """Tell whether an approved entry says something on a measure."""
    return any(entry["done"] for task in measure["tasks"] for entry in task["entries"])
