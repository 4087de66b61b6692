"""Recount the totals of frozen facts from their parts, before a report is approved.

Parts and totals are frozen side by side; a total that does not follow from its parts (a file
changed by hand, an error in a program) must not be signed. Only what the facts hold is recounted:
kinds of reports differ in their figures.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.words import decimal_text
from reports.facts.spoken import used
from tasks.progress import mean

Frozen = dict[str, Any]
Expected = Iterator[tuple[str, object]]
ROUTINE = "routine"  # tasks that are done or not, and stay out of means


def wrong_totals(frozen: Frozen) -> list[str]:
    """Return a sentence for each figure that its parts do not bear out; none where all agree."""
    figures = frozen["figures"]
    wrong = []
    for key, expected in _recounted(frozen):
        row = figures.get(key)
        if row is not None and row["value"] != str(expected):
            wrong.append(
                _("“%(label)s”写的是 %(said)s，按明细重新计算是 %(found)s。")
                % {
                    "label": row["label"],
                    "said": row["value"],
                    "found": _("没有") if expected is None else expected,
                }
            )
    return list(dict.fromkeys(wrong))


def tasks_of(frozen: Frozen) -> Iterator[Frozen]:
    """Return all tasks that the facts hold, of whatever year."""
    for measure in _measures([*frozen["actions"], *_others(frozen)]):
        yield from measure["tasks"]


def _others(frozen: Frozen) -> list[Frozen]:
    """Return the group of the tasks of no measure, as a list of one or none."""
    return [frozen["others"]] if frozen.get("others") else []


def _measures(actions: Iterable[Frozen]) -> list[Frozen]:
    return [measure for action in actions for measure in action["measures"]]


def _in_year(measures: Iterable[Frozen], year: int) -> list[Frozen]:
    return [task for measure in measures for task in measure["tasks"] if task["year"] == year]


def _recounted(frozen: Frozen) -> Expected:
    """Yield each total by the key of its figure, counted anew."""
    for count in (
        _of_plan, _of_actions, _of_others, _of_tasks, _of_years, _of_entries, _of_units,
        _of_targets, _of_gaps, _of_register,
    ):  # fmt: skip
        yield from count(frozen)


def _of_plan(frozen: Frozen) -> Expected:
    measures = _measures(frozen["actions"])
    tasks = [one for one in tasks_of(frozen) if one["year"] == frozen["year"]]
    yield "plan.planned", len(_in_year(measures, frozen["year"]))
    yield "plan.actions", len(frozen["actions"])
    yield "plan.measures", len(measures)
    busy = [one for one in measures if _in_year([one], frozen["year"])]
    yield "plan.tasked_measures", len(busy)
    yield "plan.idle_measures", len(measures) - len(busy)
    busy_actions = [one for one in frozen["actions"] if _in_year(one["measures"], frozen["year"])]
    yield "plan.tasked_actions", len(busy_actions)
    yield from _outcomes("plan", tasks)  # of one unit; of others the number of tasks alone
    yield "plan.reported", _count(tasks, lambda one: one["percent"] is not None)
    yield "plan.silent", _count(measures, _silent)
    lights = Counter(one["light"] for one in busy)
    for key in frozen["figures"]:
        if key.startswith("plan.light."):
            yield key, lights[key.removeprefix("plan.light.")]
    yield "plan.percent", _percent(frozen["actions"])
    yield "plan.schedule", _schedule(one for one in frozen["actions"] if one["total"])


def _of_actions(frozen: Frozen) -> Expected:
    for action in frozen["actions"]:
        key = action["key"]
        yield f"{key}.silent", _count(action["measures"], _silent)
        if frozen["kind"] == "department":  # one unit's tasks only: the action has more of them
            yield f"{key}.total", action["total"]
            yield f"{key}.reported", action["reported"]
            yield f"{key}.percent", action["percent"]
            continue
        tasks = _in_year(action["measures"], frozen["year"])
        counted = _in_means(tasks)
        routine = [one for one in tasks if one["kind"] == ROUTINE]
        yield f"{key}.tasks", len(tasks)
        yield f"{key}.routine", len(routine)
        yield f"{key}.routine_done", _count(routine, lambda one: one["outcome"] == "done")
        yield f"{key}.percent", _percent(counted)
        yield f"{key}.schedule", _schedule(counted)
        yield f"{key}.total", len(counted)
        yield f"{key}.reported", _count(counted, lambda one: one["percent"] is not None)


def _of_others(frozen: Frozen) -> Expected:
    for group in _others(frozen):
        yield from _outcomes(
            group["key"], [one for part in group["measures"] for one in part["tasks"]]
        )
        for basis in {one["basis"] for one in group["measures"]}:
            parts = [one for one in group["measures"] if one["basis"] == basis]
            yield f"{group['key']}.{basis}", sum(len(one["tasks"]) for one in parts)


def _of_tasks(frozen: Frozen) -> Expected:
    for task in tasks_of(frozen):
        if task["figure"]:
            yield task["figure"], decimal_text(Decimal(task["exact"]), 1)


def _of_years(frozen: Frozen) -> Expected:
    """Count the tasks of a report of several years anew, and the means of each year."""
    every = list(tasks_of(frozen))
    yield from _outcomes("span", every)
    for action in frozen["actions"]:
        measures = action["measures"]
        key = f"{action['key']}.span"
        yield from _outcomes(key, [task for one in measures for task in one["tasks"]])
        yield f"{key}.measures", len(measures)
        yield f"{key}.tasked", _count(measures, lambda one: one["tasks"])
        yield f"{key}.idle", _count(measures, lambda one: not one["tasks"])
        yield f"{key}.completed", _count(measures, lambda one: one.get("outcome") == "completed")
    for one in frozen["years"]:
        year = one["year"]
        yield from _outcomes(one["key"], [task for task in every if task["year"] == year])
        parts = []
        for action in frozen["actions"]:
            percent = _percent(_in_means(_in_year(action["measures"], year)))
            parts.append({"weight": action["weight"], "percent": percent})
            yield f"{action['key']}.{year}.percent", percent
        yield f"{one['key']}.percent", _percent(parts)


def _outcomes(key: str, tasks: list[Frozen]) -> Expected:
    yield f"{key}.tasks", len(tasks)
    ends = Counter(one["outcome"] for one in tasks)
    for name in ("done", "short", "running", "unknown"):
        yield f"{key}.{name}", ends[name]


def _of_entries(frozen: Frozen) -> Expected:
    entries = [entry for task in tasks_of(frozen) for entry in used(task["entries"])]
    yield "entries.used", len(entries)
    yield "entries.late", _count(entries, lambda one: one["late"])
    yield "entries.own_check", _count(entries, lambda one: one["own_check"])


def _of_units(frozen: Frozen) -> Expected:
    """Count units and entries where the facts list the units; else by their figures' sources."""
    units = frozen.get("units")
    if isinstance(units, list):
        heard = _count(units, lambda one: one["heard"])
        yield "units.asked", len(units)
        yield "units.heard", heard
        yield "units.silent", len(units) - heard
        for name in ("asked", "heard", "waiting", "owed"):
            yield f"returns.{name}", sum(one.get(name, 0) for one in units)
        return
    for key in ("units.asked", "units.heard"):
        if key in frozen["figures"]:
            yield key, len(frozen["figures"][key]["sources"])


def _of_targets(frozen: Frozen) -> Expected:
    targets = frozen["targets"]
    yield "targets.total", len(targets)
    for verdict, number in Counter(one["verdict"] for one in targets).items():
        yield f"targets.{verdict}", number
    for final, number in Counter(one["final"] for one in targets if "final" in one).items():
        yield f"targets.final.{final}", number
    for target in targets:
        for value in target["values"]:
            if value["figure"]:
                yield value["figure"], value["text"]
            if value.get("kept"):  # of 3/8个
                yield value["kept"], value["text"].split("/")[0]
                yield target["of_places"], value["text"].split("/")[1].rstrip("个")


def _of_gaps(frozen: Frozen) -> Expected:
    """Subtract percents from schedules; both are frozen as they are printed."""
    wholes = [] if frozen["kind"] == "department" else [("plan", frozen["standing"])]
    for key, standing in [*wholes, *((one["key"], one) for one in frozen["actions"])]:
        if standing["percent"] is not None:
            gap = abs(Decimal(standing["schedule"]) - Decimal(standing["percent"]))
            yield f"{key}.gap", decimal_text(gap, 1)
            yield f"{key}.percent", standing["percent"]
        yield f"{key}.schedule", standing["schedule"]


def _of_register(frozen: Frozen) -> Expected:
    """Add up the register of events, and what it holds of each duty."""
    for one in frozen["events"]:
        for name in ("count", "people"):
            if one[name] and "years" in one:
                yield one[name], sum(year[name] for year in one["years"])
    for safeguard in frozen["safeguards"]:
        for duty in safeguard["duties"]:
            for year in duty["years"]:
                yield year["figure"], year["count"]


def _in_means(tasks: list[Frozen]) -> list[Frozen]:
    """Leave routine tasks out, unless there are no others."""
    return [one for one in tasks if one["kind"] != ROUTINE] or tasks


def _percent(parts: Iterable[Frozen]) -> str | None:
    """Return the weighted mean of the tasks or actions that have a percent."""
    found = mean(
        (Decimal(one["weight"]), Decimal(str(one.get("exact", one["percent"]))))
        for one in parts
        if one["percent"] is not None
    )
    return None if found is None else decimal_text(found, 1)


def _schedule(parts: Iterable[Frozen]) -> str:
    """Return the weighted mean of how far tasks or actions should be; 0 where there are none."""
    found = mean((Decimal(one["weight"]), Decimal(one["schedule"])) for one in parts)
    return decimal_text(found or 0, 1)


def _silent(measure: Frozen) -> bool:
    """Tell whether a measure has tasks of which no approved entry says anything."""
    spoken = any(entry["done"] for task in measure["tasks"] for entry in task["entries"])
    return bool(measure["tasks"]) and not spoken


def _count(rows: Iterable[Frozen], holds: Callable[[Frozen], bool]) -> int:
    return sum(bool(holds(one)) for one in rows)
