"""Recount the totals of frozen facts from their parts, before a report is approved.

Parts and totals are frozen side by side; a total that does not follow from its parts (a file
changed by hand, an error in a program) must not be signed. Only what the facts hold is recounted:
kinds of reports differ in their figures.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

Frozen = dict[str, Any]
Expected = Iterator[tuple[str, object]]
ROUTINE = "routine"  # tasks that are done or not, and stay out of means
ROUNDING = Decimal("0.1")


def wrong_totals(frozen: Frozen) -> list[str]:
    """Return a sentence for each figure that its parts do not bear out; none where all agree."""
    figures = frozen["figures"]
    wrong = []
    for key, expected in _recounted(frozen):
        row = figures.get(key)
        if row is not None and row["value"] != str(expected):
            wrong.append(
                _("“%(label)s”写的是 %(said)s，按明细重新计算是 %(found)s。")
                % {"label": row["label"], "said": row["value"], "found": expected}
            )
    return wrong + [
        _("“%(label)s”是 %(said)s%%，不在各项完成比例之间。")
        % {"label": figures[key]["label"], "said": figures[key]["value"]}
        for key, parts in _means(frozen)
        if key in figures and not _between(figures[key]["value"], parts)
    ]


def tasks_of(frozen: Frozen) -> Iterator[Frozen]:
    """Return all tasks that the facts hold, of whatever year."""
    for measure in _measures(frozen["actions"]):
        yield from measure["tasks"]


def _measures(actions: Iterable[Frozen]) -> list[Frozen]:
    return [measure for action in actions for measure in action["measures"]]


def _this_year(frozen: Frozen, measures: Iterable[Frozen]) -> list[Frozen]:
    """Return the tasks of the report's last year: the totals of progress are about them."""
    year = frozen["year"]
    return [
        task for measure in measures for task in measure["tasks"] if task.get("year", year) == year
    ]


def _recounted(frozen: Frozen) -> Expected:
    """Yield each total by the key of its figure, counted anew."""
    for count in (_of_plan, _of_actions, _of_tasks, _of_entries, _of_units, _of_targets):
        yield from count(frozen)


def _of_plan(frozen: Frozen) -> Expected:
    measures = _measures(frozen["actions"])
    tasks = _this_year(frozen, measures)
    yield "plan.actions", len(frozen["actions"])
    yield "plan.measures", len(measures)
    yield "plan.tasks", len(tasks)
    yield "plan.reported", _count(tasks, lambda one: one["percent"] is not None)
    yield "plan.silent", _count(measures, _silent)
    lights = Counter(one["light"] for one in measures)
    for key in frozen["figures"]:
        if key.startswith("plan.light."):
            yield key, lights[key.removeprefix("plan.light.")]
    if frozen["standing"]["percent"] is not None:
        yield "plan.percent", frozen["standing"]["percent"]


def _of_actions(frozen: Frozen) -> Expected:
    for action in frozen["actions"]:
        key = action["key"]
        yield f"{key}.silent", _count(action["measures"], _silent)
        if action["percent"] is not None:
            yield f"{key}.percent", action["percent"]
        if frozen["kind"] == "department":  # one unit's tasks only: the action has more of them
            yield f"{key}.total", action["total"]
            yield f"{key}.reported", action["reported"]
            continue
        counted = _in_means(_this_year(frozen, action["measures"]))
        yield f"{key}.total", len(counted)
        yield f"{key}.reported", _count(counted, lambda one: one["percent"] is not None)


def _of_tasks(frozen: Frozen) -> Expected:
    for task in tasks_of(frozen):
        if task["figure"]:
            yield task["figure"], task["percent"]


def _of_entries(frozen: Frozen) -> Expected:
    entries = [entry for task in tasks_of(frozen) for entry in task["entries"]]
    yield "entries.used", len(entries)
    yield "entries.late", _count(entries, lambda one: one["late"])
    yield "entries.own_check", _count(entries, lambda one: one["own_check"])


def _of_units(frozen: Frozen) -> Expected:
    """Count the units where the facts list them; else their figures list them as sources."""
    units = frozen.get("units")
    if isinstance(units, list):
        heard = _count(units, lambda one: one["heard"])
        yield "units.asked", len(units)
        yield "units.heard", heard
        yield "units.silent", len(units) - heard
        return
    for key in ("units.asked", "units.heard"):
        if key in frozen["figures"]:
            yield key, len(frozen["figures"][key]["sources"])


def _of_targets(frozen: Frozen) -> Expected:
    targets = frozen["targets"]
    yield "targets.total", len(targets)
    for verdict, number in Counter(one["verdict"] for one in targets).items():
        yield f"targets.{verdict}", number
    for target in targets:
        for value in target["values"]:
            if value["figure"]:
                yield value["figure"], value["text"]


def _means(frozen: Frozen) -> Iterator[tuple[str, list[str]]]:
    """Yield the mean percents with what they are means of; weights are no part of the facts."""
    yield "plan.percent", _percents(frozen["actions"])
    if frozen["kind"] != "department":
        for action in frozen["actions"]:
            tasks = _in_means(_this_year(frozen, action["measures"]))
            yield f"{action['key']}.percent", _percents(tasks)


def _between(mean: str, parts: list[str]) -> bool:
    try:
        numbers = [Decimal(one) for one in parts]
        return bool(parts) and (min(numbers) - ROUNDING <= Decimal(mean) <= max(numbers) + ROUNDING)
    except InvalidOperation:
        return False


def _in_means(tasks: list[Frozen]) -> list[Frozen]:
    """Leave routine tasks out, unless there are no others."""
    return [one for one in tasks if one["kind"] != ROUTINE] or tasks


def _percents(rows: Iterable[Frozen]) -> list[str]:
    return [one["percent"] for one in rows if one["percent"] is not None]


def _silent(measure: Frozen) -> bool:
    """Tell whether a measure has tasks of which no approved entry says anything."""
    spoken = any(entry["done"] for task in measure["tasks"] for entry in task["entries"])
    return bool(measure["tasks"]) and not spoken


def _count(rows: Iterable[Frozen], holds: Callable[[Frozen], bool]) -> int:
    return sum(bool(holds(one)) for one in rows)
