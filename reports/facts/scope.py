"""What a report speaks of: a plan, a kind, its years, perhaps one unit or one period."""

from dataclasses import dataclass

from departments.models import Department
from plans.models import Plan
from reports.models import Report
from tasks.models import Period


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


def scope_of(report: Report) -> Scope:
    """Return the scope of a report read with its plan, region, settings, unit and period."""
    return Scope(report.plan, report.kind, report.year, report.department, report.period)
