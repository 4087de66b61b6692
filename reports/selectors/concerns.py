"""Which units a version of a report concerns, and what it says of one of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from departments.models import Department
from departments.selectors import successors
from reports.models import Report, ReportVersion
from tasks.models import Assignment, Entry
from tasks.selectors.supervision.items import units_of as standing_units


@dataclass(frozen=True, slots=True)
class Words:
    """Words of a unit that a report rests on: where they stand, and what was approved.

    `gathers` tells that the unit is the task's 汇总单位; `entry` is None where it said nothing.
    """

    action: str
    task: str
    percent: str | None
    gathers: bool
    entry: dict[str, Any] | None


def newest_version(report: Report) -> ReportVersion | None:
    """Return the version that counts, with its facts."""
    return ReportVersion.objects.filter(report=report).order_by("-number").first()


def _tasks(version: ReportVersion) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    others = version.facts.get("others")
    for action in [*version.facts.get("actions", ()), *([others] if others else [])]:
        for measure in action["measures"]:
            for task in measure["tasks"]:
                yield action, task


def entries_in(version: ReportVersion) -> list[int]:
    """Return the ids of the entries that a version rests on, those its words are from too."""
    entries = [entry for _action, task in _tasks(version) for entry in task["entries"]]
    earlier = [entry["earlier"] for entry in entries if "earlier" in entry]
    return [entry["entry"] for entry in (*entries, *earlier)]


def units_of(report: Report, version: ReportVersion, on: date) -> list[Department]:
    """Return the units whose words or tasks a version rests on, as they are called on a day.

    Those are the units of its entries and the 汇总单位 of its tasks, as far as they belong to the
    region of the plan (four queries). The summary of one unit concerns that unit alone.
    """
    if report.department is not None:
        return [report.department]
    known = set(
        Entry.objects.filter(pk__in=entries_in(version)).values_list("department", flat=True)
    ) | set(_leads(version).values_list("department", flat=True))
    moved = successors(known, on)
    bearers = {moved.get(pk, pk) for pk in known}
    rows = Department.objects.filter(pk__in=bearers, region=report.plan.region_id)
    return list(rows.exclude(kind=Department.Kind.GROUP).order_by("pk"))


def _leads(version: ReportVersion) -> Any:
    tasks = [task["id"] for _action, task in _tasks(version)]
    return Assignment.objects.filter(task__in=tasks, role=Assignment.Role.LEAD).order_by()


def other_units(report: Report, units: Iterable[Department], on: date) -> list[Department]:
    """Return the other units of the region that the office may ask besides (one query)."""
    if report.department_id is not None:
        return []
    asked = {one.pk for one in units}
    return [one for one in standing_units(report.plan.region, on) if one.pk not in asked]


def words_of(version: ReportVersion, unit: int, on: date) -> list[Words]:
    """Return what a version says of a unit: its approved words, and the tasks that it gathers.

    In the order of the plan; three queries.
    """
    entries = dict(Entry.objects.filter(pk__in=entries_in(version)).values_list("pk", "department"))
    leads = dict(_leads(version).values_list("task", "department"))
    moved = successors({*entries.values(), *leads.values()}, on)
    found = []
    for action, task in _tasks(version):
        lead = leads.get(task["id"])
        gathers = lead is not None and moved.get(lead, lead) == unit
        own = [
            entry
            for entry in task["entries"]
            if (pk := entries.get(entry["entry"])) is not None and moved.get(pk, pk) == unit
        ]
        if own or gathers:
            found += [
                Words(action["title"], task["title"], task["percent"], gathers, entry)
                for entry in own or [None]
            ]
    return found
