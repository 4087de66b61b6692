"""What a report speaks of: a plan, a kind, its years, perhaps one unit or one period."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from core.querysets import BaseQuerySet
from departments.models import Department
from plans.models import Plan
from reports.models import Report
from tasks.models import Entry, Period

SPANS = ("biennial", "midterm", "five_year")  # kinds that speak of several years


@dataclass(frozen=True, slots=True)
class Scope:
    """What is to be frozen; `year` is the last year that the report speaks of."""

    plan: Plan
    kind: str
    year: int
    department: Department | None = None
    period: Period | None = None

    @property
    def years(self) -> range:
        """Return the years that the report covers, oldest first."""
        first = {
            Report.Kind.BIENNIAL: self.year - 1,
            Report.Kind.MIDTERM: self.plan.start_year,
            Report.Kind.FIVE_YEAR: self.plan.start_year,
        }.get(Report.Kind(self.kind), self.year)
        return range(max(first, self.plan.start_year), self.year + 1)

    @property
    def spans(self) -> bool:
        return self.kind in SPANS

    def approved(self) -> BaseQuerySet:
        """Return the entries whose words count: what the office approved.

        The summary of one unit takes what the unit gave to a 汇总单位 and that took over, too.
        """
        counting = Q(kind=Entry.Kind.REPORT, approved__isnull=False)
        rows = Entry.objects.filter(
            task__plan=self.plan, task__year__in=list(self.years), task__cancelled_at__isnull=True
        )
        if self.department is not None:
            counting |= Q(kind=Entry.Kind.PART, state=Entry.State.TAKEN_OVER)
            rows = rows.filter(department=self.department)
        if self.period is not None:
            rows = rows.filter(period=self.period)
        return rows.filter(counting)


def scope_of(report: Report) -> Scope:
    """Return the scope of a report read with its plan, region, settings, unit and period."""
    args: dict[str, Any] = {"department": report.department, "period": report.period}
    return Scope(report.plan, report.kind, report.year, **args)
