"""Which reporting periods a report rests on: issuing it locks them."""

from datetime import date

from django.db.models import Q

from reports.models import Report, ReportVersion
from reports.selectors.concerns import entries_in
from tasks.models import Entry, Period


def resting_periods(report: Report, version: ReportVersion) -> list[Period]:
    """Return the periods whose entries a version uses, or that had ended on the day it counts to.

    They are those of the plan's region in the years of the report (one query). What was never
    opened holds nothing, and is left as it is.
    """
    facts = version.facts
    used = Entry.objects.filter(pk__in=entries_in(version)).values("period")
    ended = Q(year__range=(facts.get("first_year", report.year), report.year))
    ended &= Q(ends__lte=date.fromisoformat(facts["as_of"]))
    rows = Period.objects.filter(Q(pk__in=used) | ended, region=report.plan.region_id)
    return list(
        rows.exclude(state=Period.State.SCHEDULED).select_related("region").order_by("starts", "pk")
    )
