"""Freeze what a report says: plain JSON, every figure with the rows that it came from.

Only approved entries, the office's judgements and verified observations count. Numbers are kept
as text, so that both databases give the same bytes; lists stand in the order of the plan.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import orjson
from django.db import connection, transaction
from django.db.models import Count, Max
from django.utils import timezone

from core.words import decimal_text
from plans.models import Plan
from reports.facts.figures import Figures, Source
from reports.facts.promises import frozen_targets
from reports.facts.scope import Scope
from reports.facts.supervision import frozen_supervision
from reports.facts.told import Units, approved_entries, told_of, units_of
from tasks.models import Assignment, Entry, Period
from tasks.progress import Standing
from tasks.selectors import ActionStanding, MeasureStanding, TaskStanding, board

Frozen = dict[str, Any]
SCHEMA = 3
# The order of a version's figures: the whole first, its parts after it.
ORDER = ("plan", "units", "entries", "targets", "target", "action", "task", "supervision")


def encoded(frozen: Frozen) -> bytes:
    """Return the bytes that the hash of frozen facts covers."""
    return orjson.dumps(frozen, option=orjson.OPT_SORT_KEYS)


def sha256(frozen: Frozen) -> str:
    return hashlib.sha256(encoded(frozen)).hexdigest()


def rank(item: tuple[str, Any]) -> int:
    """Return where a figure (its key and row) stands among the others of a version."""
    return ORDER.index(item[0].split(".")[0])


@contextmanager
def one_view() -> Iterator[None]:
    """Let all reads of a block see the database as it was at one moment."""
    alone = not connection.in_atomic_block
    with transaction.atomic():
        if alone and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def freeze(scope: Scope) -> Frozen:
    """Read a plan's year as it stands (a constant number of queries).

    `plan` comes with its region and settings. The day that progress is measured on is the end
    of the newest period with an approved entry (its approval, where that came first), never the
    clock's.
    """
    plan, year = scope.plan, scope.year
    until = last_reported_day(plan, year) or date(year, 12, 31)
    as_of = _known_day(plan, year) or until
    figures = Figures()
    standing = board(plan, year, as_of)
    told = told_of(plan, year, until)
    units = units_of(plan, year)
    actions = [
        _action(one, number, told, units, figures) for number, one in enumerate(standing.actions, 1)
    ]
    _whole(standing.standing, actions, figures)
    _lights(standing.counts, standing.measures, figures)
    _returns(plan, year, until, actions, figures)
    targets = frozen_targets(plan, year, figures)
    return {
        "schema": SCHEMA,
        "kind": scope.kind,
        "plan": _plan(plan),
        "year": year,
        "as_of": as_of.isoformat(),
        "standing": _standing(standing.standing),
        "counts": standing.counts,
        "actions": actions,
        "targets": targets,
        "supervision": frozen_supervision(scope, as_of, figures),
        "demo": any(value["is_demo"] for one in targets for value in one["values"]),
        "figures": figures.rows,
    }


def last_reported_day(plan: Plan, year: int) -> date | None:
    """Return the end of the newest period in which something was approved for the year."""
    found = approved_entries(plan, year).aggregate(day=Max("period__ends"))["day"]
    return min(found, date(year, 12, 31)) if found else None


def has_anything(scope: Scope) -> bool:
    """Tell whether anything approved can be reported."""
    return last_reported_day(scope.plan, scope.year) is not None


def _known_day(plan: Plan, year: int) -> date | None:
    """Return the newest day that something approved for the year counts from.

    That is the end of its period, or the day of its approval where that came before the end: no
    report speaks of days that had not come when its figures were settled.
    """
    rows = approved_entries(plan, year).values_list("period__ends", "approved_at")
    days = [min(ends, timezone.localdate(at)) if at else ends for ends, at in rows]
    return min(max(days), date(year, 12, 31)) if days else None


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "id": plan.pk,
        "title": plan.title,
        "document_number": plan.document_number,
        "start_year": plan.start_year,
        "end_year": plan.end_year,
        "region": plan.region.name,
        "group": plan.settings.group_name,
        "office": plan.settings.signature_name,
        "behind_points": plan.settings.behind_points,
        "far_behind_points": plan.settings.far_behind_points,
    }


# --- Progress ------------------------------------------------------------------------------
def _standing(one: Standing) -> dict[str, Any]:
    return {
        "percent": None if one.percent is None else decimal_text(one.percent, 1),
        "schedule": decimal_text(one.schedule, 1),
        "light": one.light,
        "reported": one.reported,
        "total": one.total,
    }


def _basis(task: TaskStanding) -> list[Source]:
    """Return the row that a task's percent rests on."""
    if task.revision is not None:
        return [("tasks.revision", task.revision.pk)]
    if task.judgement is not None:
        return [("tasks.judgement", task.judgement.pk)]
    return []


def _task(
    one: TaskStanding,
    told: dict[int, list[dict[str, Any]]],
    units: Units,
    figures: Figures,
) -> dict[str, Any]:
    task, standing = one.task, one.standing
    basis = _basis(one)
    of = units.get(task.pk, {})
    quantity = target = None
    if task.quantity:
        target = figures.add(
            f"task.{task.pk}.target",
            decimal_text(task.quantity, 2),
            f"{task.title}：目标数量",
            [("tasks.task", task.pk)],
            task.unit,
        )
    if target and one.revision is not None and one.revision.quantity is not None:
        quantity = figures.add(
            f"task.{task.pk}.quantity",
            decimal_text(one.revision.quantity, 2),
            f"{task.title}：完成数量",
            basis,
            task.unit,
        )
    return {
        "id": task.pk,
        "title": task.title,
        "kind": task.kind,
        "due": task.due.isoformat(),
        "deliverable": task.deliverable,
        "note": task.note,
        "gatherer": "、".join(of.get(Assignment.Role.LEAD, [])),
        "responsible": of.get(Assignment.Role.RESPONSIBLE, []),
        "cooperate": of.get(Assignment.Role.COOPERATE, []),
        **_standing(standing),
        "figure": figures.percent(
            f"task.{task.pk}.percent", standing.percent, f"{task.title}：完成比例", basis
        ),
        "quantity": quantity,
        "target": target,
        "judged": one.judgement is not None,
        "entries": told.get(task.pk, []),
    }


def _measure(
    one: MeasureStanding,
    told: dict[int, list[dict[str, Any]]],
    units: Units,
    figures: Figures,
) -> dict[str, Any]:
    return {
        "id": one.measure.pk,
        "label": one.measure.label,
        "title": one.measure.title,
        **_standing(one.standing),
        "tasks": [_task(task, told, units, figures) for task in one.tasks],
    }


def _action(
    one: ActionStanding,
    number: int,
    told: dict[int, list[dict[str, Any]]],
    units: Units,
    figures: Figures,
) -> dict[str, Any]:
    measures = [_measure(measure, told, units, figures) for measure in one.measures]
    key, title, standing = f"action.{number}", one.action.title, one.standing
    tasks = [task for measure in one.measures for task in measure.tasks]
    rows = [("tasks.task", task.task.pk) for task in tasks]
    basis = [source for task in tasks for source in _basis(task)]
    silent = [measure for measure in measures if measure["tasks"] and not _spoken(measure)]
    figures.percent(f"{key}.percent", standing.percent, f"{title}：平均完成比例", basis)
    figures.percent(f"{key}.schedule", standing.schedule, f"{title}：序时进度", rows)
    if standing.gap is not None:
        figures.add(f"{key}.gap", decimal_text(abs(standing.gap), 1), f"{title}：与序时之差", basis)
    figures.add(f"{key}.total", standing.total, f"{title}：任务项数", rows)
    figures.add(f"{key}.reported", standing.reported, f"{title}：有完成比例的任务项数", basis)
    figures.add(
        f"{key}.silent",
        len(silent),
        f"{title}：尚无核对通过的填报的措施条数",
        [("plans.measure", measure["id"]) for measure in silent],
    )
    return {
        "id": one.action.pk,
        "key": key,
        "title": title,
        "kind": one.action.kind,
        **_standing(standing),
        "measures": measures,
    }


def _spoken(measure: dict[str, Any]) -> bool:
    """Tell whether an approved entry says something on a measure."""
    return any(entry["done"] for task in measure["tasks"] for entry in task["entries"])


def _whole(standing: Standing, actions: list[dict[str, Any]], figures: Figures) -> None:
    measures = [measure for action in actions for measure in action["measures"]]
    tasks = [task for measure in measures for task in measure["tasks"]]
    basis = [
        (name, pk)
        for task in tasks
        if task["figure"]
        for name, pk in figures.rows[task["figure"]]["sources"]
    ]
    rows = [("tasks.task", task["id"]) for task in tasks]
    figures.add("plan.tasks", len(tasks), "年度任务项数", rows)
    figures.add(
        "plan.actions",
        len(actions),
        "重点任务项数",
        [("plans.action", action["id"]) for action in actions],
    )
    silent = [measure for measure in measures if measure["tasks"] and not _spoken(measure)]
    figures.add(
        "plan.silent",
        len(silent),
        "尚无核对通过的填报的措施条数",
        [("plans.measure", measure["id"]) for measure in silent],
    )
    figures.add(
        "plan.measures",
        len(measures),
        "具体措施条数",
        [("plans.measure", measure["id"]) for measure in measures],
    )
    figures.add(
        "plan.reported",
        sum(task["percent"] is not None for task in tasks),
        "有完成比例的任务项数",
        basis,
    )
    figures.percent("plan.percent", standing.percent, "各项重点任务平均完成比例", basis)
    figures.percent("plan.schedule", standing.schedule, "序时进度", rows)
    if standing.gap is not None:
        figures.add("plan.gap", decimal_text(abs(standing.gap), 1), "与序时之差", basis)


def _lights(counts: dict[str, int], measures: list[MeasureStanding], figures: Figures) -> None:
    for light, number in counts.items():
        rows = [
            ("plans.measure", one.measure.pk) for one in measures if one.standing.light == light
        ]
        figures.add(f"plan.light.{light}", number, f"状态为“{light}”的措施条数", rows)


def _returns(
    plan: Plan, year: int, until: date, actions: list[dict[str, Any]], figures: Figures
) -> None:
    """Note how many units owed the office a report and were heard, and which entries are marked.

    What units give to a 汇总单位 is that unit's affair and not counted here.
    """
    asked = (
        Entry.objects.filter(
            task__plan=plan, task__year=year, period__ends__lte=until, kind=Entry.Kind.REPORT
        )
        .exclude(period__state=Period.State.SCHEDULED)
        .expected()
        .values_list("department")
        .annotate(count=Count("pk"))
        .order_by("department_id")
    )
    heard = (
        approved_entries(plan, year)
        .filter(period__ends__lte=until)
        .values_list("department", flat=True)
        .order_by("department_id")
        .distinct()
    )
    figures.add(
        "units.asked",
        len(rows := [("departments.department", pk) for pk, _count in asked]),
        "承担填报的单位数",
        rows,
    )
    figures.add(
        "units.heard",
        len(rows := [("departments.department", pk) for pk in heard]),
        "有核对通过的填报的单位数",
        rows,
    )
    entries = [
        entry
        for action in actions
        for measure in action["measures"]
        for task in measure["tasks"]
        for entry in task["entries"]
    ]
    for name, label in (("late", "迟报的填报件数"), ("own_check", "本单位自核的填报件数")):
        rows = [("tasks.revision", one["revision"]) for one in entries if one[name]]
        figures.add(f"entries.{name}", len(rows), label, rows)
    figures.add(
        "entries.used",
        len(entries),
        "采用的填报件数",
        [("tasks.revision", one["revision"]) for one in entries],
    )
