"""Reporting periods of a region, what opening one will cause, and who has reported."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from core import workdays
from core.querysets import BaseQuerySet
from core.verdict import Verdict
from departments.models import Department
from departments.policies import is_office_of
from tasks import policies
from tasks.models import Entry, Extension, Period
from tasks.workflow import ENTRY, VERB_WORDS

# The verbs of a period that have a form, in the order in which they are offered.
ASKING = ("change", "prolong", "reopen", "freeze", "unfreeze")

# The columns of the matrix, in the order of the work.
COUNTS = {
    "total": ~Q(state="waived"),
    "untouched": Q(state="draft", version=0),
    "draft": Q(state="draft", version__gt=0),
    "awaiting": Q(state="awaiting_signoff"),
    "submitted": Q(state="submitted"),
    "returned": Q(state="returned"),
    "done": Q(state__in=("approved", "taken_over")),
    "waived": Q(state="waived"),
}


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit's entries of a period, counted by how far they are."""

    name: str
    counts: dict[str, int]

    @property
    def missing(self) -> int:
        one = self.counts
        return one["untouched"] + one["draft"] + one["awaiting"] + one["returned"]


@dataclass(frozen=True, slots=True)
class PeriodPage:
    """A period, who has reported, and what the person may do with it."""

    period: Period
    rows: list[UnitRow]
    whole: bool  # every entry of the period is in `rows`, not only what was handed in
    may_open: Verdict
    may_close: Verdict
    may_extend: Verdict
    may_waive: Verdict
    may_remove: Verdict
    offers: list[tuple[str, str]]  # verbs that ask for something first, with their words
    extensions: list[Extension]
    lead_days: int  # working days
    plan_id: int | None

    @property
    def sums(self) -> dict[str, int]:
        return {name: sum(one.counts[name] for one in self.rows) for name in COUNTS}

    @property
    def missing(self) -> list[UnitRow]:
        return [one for one in self.rows if one.missing]

    @property
    def handed_in(self) -> int:
        return self.sums["submitted"] + self.sums["done"]


def periods_of(user: Any) -> BaseQuerySet:
    """Return the periods of the person's own region, newest first, with what came in."""
    acting = user.acting
    if acting is None:
        return Period.objects.none()
    seen = Entry.objects.visible_to(user)
    return (
        Period.objects.visible_to(user)
        .filter(region=acting.here)
        .annotate(
            total=Count("entries", filter=Q(entries__in=seen) & ~Q(entries__state="waived")),
            handed=Count(
                "entries",
                filter=Q(
                    entries__in=seen,
                    entries__state__in=("submitted", "approved", "taken_over"),
                ),
            ),
        )
        .order_by("-ends", "-pk")
    )


def matrix(entries: BaseQuerySet) -> list[UnitRow]:
    """Count entries by unit and by how far they are, in the order of the units (one query)."""
    rows: Iterable[dict[str, Any]] = (
        entries.values("department", "department__name")
        .annotate(**{name: Count("pk", filter=wanted) for name, wanted in COUNTS.items()})
        .order_by("department")
    )
    return [UnitRow(row["department__name"], {name: row[name] for name in COUNTS}) for row in rows]


def _extensions(user: Any, period: Period) -> list[Extension]:
    """Return who was given more time: all for the office, for a unit its own."""
    rows = period.extensions.select_related("department").order_by("until", "department")
    if is_office_of(user, period.region):
        return list(rows)
    return [one for one in rows if one.department_id == user.acting.department_id]


def units_of(period: Period) -> BaseQuerySet:
    """Return the units of which a period asks anything, in the order of the register."""
    asked = Entry.objects.filter(period=period).order_by().values("department")
    return Department.objects.filter(pk__in=asked).order_by("pk")


@dataclass(frozen=True, slots=True)
class Choice:
    """A unit or task of a period, with how many of its entries are still owed."""

    pk: int
    name: str
    owed: int


@dataclass(frozen=True, slots=True)
class WaivePage:
    """What may be waived in a period, by unit and by task, and what was."""

    period: Period
    units: list[Choice]
    tasks: list[Choice]
    waived: list[Entry]
    accepts: bool


def waive_page(period: Period) -> WaivePage:
    """Return what can still be waived in a period and what was (three queries)."""
    owed = Entry.objects.filter(period=period, state__in=ENTRY["waive"].sources).order_by()

    def choices(field: str, name: str) -> list[Choice]:
        rows = owed.values_list(field, name).annotate(count=Count("pk")).order_by(field)
        return [Choice(*row) for row in rows]

    waived = Entry.objects.filter(period=period, state=Entry.State.WAIVED)
    return WaivePage(
        period,
        choices("department_id", "department__name"),
        choices("task_id", "task__title"),
        list(waived.select_related("task", "department").order_by("department", "pk")),
        period.state in (Period.State.OPEN, Period.State.GRACE),
    )


def period_page(user: Any, period: Period) -> PeriodPage:
    """Return a period with the units' counts as far as this person sees their entries."""
    acting = user.acting
    entries = Entry.objects.visible_to(user).filter(period=period)
    plan = (
        period.region.plans.filter(state="active", start_year__lte=period.year)
        .filter(end_year__gte=period.year)
        .order_by("id")
        .first()
    )
    return PeriodPage(
        period=period,
        rows=matrix(entries),
        whole=is_office_of(user, period.region) or acting.department_id is not None,
        may_open=policies.can_move_period(user, period, "open"),
        may_close=policies.can_move_period(user, period, "close"),
        may_extend=policies.can_extend(user, period),
        may_waive=policies.can_waive_in(user, period),
        may_remove=policies.can_move_period(user, period, "remove"),
        offers=[
            (verb, str(VERB_WORDS[verb]))
            for verb in ASKING
            if policies.can_move_period(user, period, verb)
        ],
        extensions=_extensions(user, period),
        lead_days=workdays.between(period.opens_on, period.due_on),
        plan_id=plan.pk if plan else None,
    )
