"""Tasks that carry out no measure of the plan: handed down from above, or made of a duty.

The board's means know the tasks of measures alone, and so do those of a report; the words and
the numbers of the others are told beside them.
"""

from collections.abc import Iterable
from typing import Any

from reports.facts.figures import Figures
from reports.facts.progress import Known, count, frozen_task, outcomes
from tasks.models import Task
from tasks.selectors import Board, TaskStanding

Json = dict[str, Any]
KEY, TITLE = "action.other", "其他任务"
# What such a task rests on, and what its tasks are called; safeguards have no tasks by rule.
BASES = {"handed": "上级交办任务", "duty": "固定任务", "safeguard": "保障措施的任务"}


def frozen_others(boards: Iterable[Board], about: Known, figures: Figures) -> Json | None:
    """Freeze the tasks without a measure in the shape of an action; None where there are none.

    Tasks of one title stand together, as those of a measure do, oldest first.
    """
    parts: dict[tuple[str, str], list[Json]] = {}
    for board in boards:
        for one in board.others:
            if about.own is None or one.task.pk in about.own:
                row = frozen_task(one, about, figures)
                parts.setdefault((_basis(one), one.task.title), []).append(row)
    if not parts:
        return None
    measures: list[Json] = [
        {"id": None, "label": "", "title": title, "basis": basis, "tasks": tasks}
        for basis in BASES
        for (its, title), tasks in parts.items()
        if its == basis
    ]
    tasks = [task for one in measures for task in one["tasks"]]
    count(figures, f"{KEY}.tasks", tasks, f"{TITLE}项数")
    outcomes(figures, KEY, tasks, TITLE)
    for basis, label in BASES.items():
        some = [task for one in measures if one["basis"] == basis for task in one["tasks"]]
        if some:
            count(figures, f"{KEY}.{basis}", some, f"{label}项数")
    return {"key": KEY, "title": TITLE, "measures": measures}


def _basis(one: TaskStanding) -> str:
    task: Task = one.task
    if task.duty_id is not None:
        return "duty"
    return "handed" if task.measure_id is None else "safeguard"
