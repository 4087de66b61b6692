"""What units said of a plan's tasks, as it was approved, and which units carry each task."""

from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from plans.models import Plan
from tasks.models import Assignment, Entry, Revision, Transition

NOTHING = ("", "无", "暂无", "没有", "暂时没有")
Units = dict[int, dict[str, list[str]]]  # names by task and role


def approved_entries(plan: Plan, year: int) -> Any:
    """Return the entries of a year that count."""
    return Entry.objects.filter(
        task__plan=plan,
        task__year=year,
        task__cancelled_at__isnull=True,
        kind=Entry.Kind.REPORT,
        approved__isnull=False,
    )


def told_of(plan: Plan, year: int, until: date) -> dict[int, list[dict[str, Any]]]:
    """Return, per task, the newest approved words of each unit."""
    rows = (
        approved_entries(plan, year)
        .filter(period__ends__lte=until)
        .select_related("approved__submitted_by", "department", "period")
        .annotate(files=_files(), signer=_signer())
        .order_by("task_id", "assignment_id", "-period__ends", "-pk")
    )
    newest: dict[tuple[int, int], Entry] = {}
    for entry in rows:
        newest.setdefault((entry.task_id, entry.assignment_id), entry)
    found: dict[int, list[dict[str, Any]]] = {}
    for (task, _assignment), entry in newest.items():
        found.setdefault(task, []).append(_words(entry))
    return found


def _signer() -> Subquery:
    """Return who signed the approved revision in its unit, where the plan asks for that."""
    steps = Transition.objects.filter(revision=OuterRef("approved"), verb="sign")
    name = Coalesce(NullIf("by__name", Value("")), "by__username")
    return Subquery(steps.order_by("-id").values(name=name)[:1])


def _files() -> Coalesce:
    """Return how many files the approved revision has."""
    rows = Revision.evidence.through.objects.filter(revision=OuterRef("approved"))
    return Coalesce(Subquery(rows.order_by().values("revision").values(n=Count("pk"))), 0)


def _words(entry: Any) -> dict[str, Any]:
    revision = entry.approved
    assert revision is not None  # noqa: S101 (the query asks for approved entries)
    return {
        "entry": entry.pk,
        "revision": revision.pk,
        "sha256": revision.sha256,
        "unit": entry.department.name,
        "period": entry.period.name,
        "done": revision.done.strip(),
        "problems": _said(revision.problems),
        "next_steps": _said(revision.next_steps),
        "self_rating": revision.self_rating,
        "late": revision.is_late,
        "own_check": entry.own_check,
        "evidence": entry.files,
        "reporter": str(revision.submitted_by),
        "signer": entry.signer or "",
        "submitted_on": timezone.localdate(revision.submitted_at).isoformat(),
    }


def _said(text: str) -> str:
    """Return what a unit wrote; a plain 无 says that there is nothing, like an empty field."""
    plain = text.strip()
    return "" if plain.rstrip("。. ") in NOTHING else plain


def units_of(plan: Plan, year: int) -> Units:
    """Return the names of each task's units by their roles."""
    rows = Assignment.objects.filter(task__plan=plan, task__year=year)
    found: Units = {}
    for task, role, name in rows.order_by("task_id", "id").values_list(
        "task", "role", "department__name"
    ):
        found.setdefault(task, {}).setdefault(role, []).append(name)
    return found
