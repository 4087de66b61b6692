"""Reporting periods of a region, what opening one will cause, and who has reported."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from core.querysets import BaseQuerySet
from core.verdict import Verdict
from departments.policies import is_office_of
from tasks import policies
from tasks.models import Entry, Period

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
    lead_days: int
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
        lead_days=(period.due_on - period.opens_on).days,
        plan_id=plan.pk if plan else None,
    )
