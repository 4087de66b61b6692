"""The words of the units that a report may use: approved, the newest of each unit on each task."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from reports.facts.scope import Scope
from tasks.models import Assignment, Entry, Judgement, Revision, Transition
from tasks.selectors.entries.before import NO_CHANGE

# What tells where words are from, and what must be known of them.
OF_WORDS = ("entry", "revision", "sha256", "unit", "period", "late", "own_check")
MAY_BE_NONE = ("problems", "next_steps")  # of which a unit may say that there are none
NOTHING = ("无", "暂无", "没有", "暂时没有")


@dataclass(frozen=True, slots=True)
class Days:
    """Until which day each year is reported, and the day on which its progress is measured."""

    until: dict[int, date]
    as_of: dict[int, date]


def has_anything(scope: Scope) -> bool:
    """Tell whether anything was approved that the report could speak of."""
    return bool(scope.approved().exists())


def days(scope: Scope, entries: Iterable[Entry], today: date) -> Days:
    """Return the days of each year of a report, from what counts in it (one query).

    A year is reported until the end of the newest period with something approved, and measured
    on the newest day that something counts from: the end of its period, or its approval (of a
    综合判定: the day of it) where that came before. No report speaks of days that had not come
    when its figures were settled. A year without anything is taken at its end, which is at most
    `today`.
    """
    until: dict[int, date] = {}
    known: dict[int, date] = {}
    for entry in entries:
        year, ends = entry.task.year, entry.period.ends
        until[year] = max(until.get(year, ends), ends)
        since = _since(ends, entry.approved_at)
        known[year] = max(known.get(year, since), since)
    for year, ends, at in _judged(scope):
        since = _since(ends, at)
        known[year] = max(known.get(year, since), since)
    last = {year: _last_day(scope, year) for year in scope.years}
    return Days(
        {year: min(until.get(year, last[year]), last[year]) for year in scope.years},
        {year: min(known.get(year, last[year]), last[year], today) for year in scope.years},
    )


def _since(ends: date, at: datetime | None) -> date:
    """Return the day that something of a period counts from (as `tasks.selectors.known_on`)."""
    return ends if at is None else min(ends, timezone.localdate(at))


def _judged(scope: Scope) -> Iterator[tuple[int, date, datetime]]:
    """Yield task's year, period's end and time of each 综合判定 that may count in a report."""
    rows = Judgement.objects.filter(
        task__plan=scope.plan,
        task__year__in=list(scope.years),
        task__cancelled_at__isnull=True,
    )
    if scope.department is not None:
        own = Assignment.objects.filter(department=scope.department)
        rows = rows.filter(task__in=own.values("task"))
    if scope.period is not None:
        rows = rows.filter(period=scope.period)
    yield from rows.values_list("task__year", "period__ends", "at")


def _last_day(scope: Scope, year: int) -> date:
    return scope.period.ends if scope.period is not None else date(year, 12, 31)


def approved_entries(scope: Scope) -> list[Entry]:
    """Return the entries that count with what is said of them, newest first (one query)."""
    rows = (
        scope.approved()
        .select_related("approved__submitted_by", "submitted__submitted_by")
        .select_related("department", "period", "task")
        .annotate(counting=Coalesce("approved", "submitted"))
        .annotate(files=_files(), signer=_signer())
    )
    return list(rows.order_by("task_id", "assignment_id", "-period__ends", "-pk"))


def _signer() -> Subquery:
    """Return who signed the revision in its unit, where the plan asks for that."""
    steps = Transition.objects.filter(revision=OuterRef("counting"), verb="sign")
    name = Coalesce(NullIf("by__name", Value("")), "by__username")
    return Subquery(steps.order_by("-id").values(name=name)[:1])


def _files() -> Coalesce:
    """Return how many files the revision has."""
    rows = Revision.evidence.through.objects.filter(revision=OuterRef("counting"))
    return Coalesce(Subquery(rows.order_by().values("revision").values(n=Count("pk"))), 0)


def words_by_task(entries: Iterable[Entry], until: dict[int, date]) -> dict[int, list[dict]]:
    """Return, per task, the newest approved words of each unit.

    Where these are that nothing has changed, what was done stands as the unit last told it in the
    year, with the entry it is from (`earlier`); all else is what the newest entry says.
    """
    told: dict[tuple[int, int], list[Entry]] = {}
    for entry in entries:
        if entry.period.ends <= until[entry.task.year]:
            told.setdefault((entry.task_id, entry.assignment_id), []).append(entry)
    found: dict[int, list[dict]] = {}
    for (task, _assignment), listed in told.items():
        newest = _words(listed[0])
        if _unchanged(newest["done"]):
            newest |= _told_before(listed[1:])
        found.setdefault(task, []).append(newest)
    return found


def _unchanged(done: str) -> bool:
    return done.rstrip("。. ") == str(NO_CHANGE).rstrip("。")


def _told_before(entries: Iterable[Entry]) -> dict[str, Any]:
    """Return what was done as the newest of these entries tells it; empty where none does."""
    for entry in entries:
        words = _words(entry)
        if words["done"] and not _unchanged(words["done"]):
            return {"done": words["done"], "earlier": {name: words[name] for name in OF_WORDS}}
    return {}


def used(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what a report uses of frozen entries: these, and those that their words are from."""
    return [row for one in entries for row in (one, one.get("earlier")) if row]


def _words(entry: Any) -> dict[str, Any]:
    revision = entry.approved or entry.submitted
    assert revision is not None  # noqa: S101 (the query asks for such entries)
    return {
        "entry": entry.pk,
        "revision": revision.pk,
        "sha256": revision.sha256,
        "department": entry.department_id,
        "unit": entry.department.name,
        "year": entry.task.year,
        "period": entry.period.name,
        "done": revision.done.strip(),
        "nothing": [name for name in MAY_BE_NONE if _is_none(getattr(revision, name))],
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
    """Return what a unit wrote, without a plain 无."""
    return "" if _is_none(text) else text.strip()


def _is_none(text: str) -> bool:
    """Tell whether a unit wrote that there is nothing, which is more than an empty field says."""
    return text.strip().rstrip("。. ") in NOTHING
