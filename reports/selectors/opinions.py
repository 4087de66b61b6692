"""The opinions that units gave on a report, round by round."""

from typing import Any

from django.db.models import Max

from reports.models import Opinion, Report


def last_round(report: Report) -> int:
    """Return the number of the last round of opinions; 0 where nobody was asked yet."""
    found = Opinion.objects.filter(report=report).aggregate(last=Max("round"))["last"]
    return int(found or 0)


def of_round(report: Report) -> Any:
    """Return the opinions of the last round (one query, the round within it)."""
    last = Opinion.objects.filter(report=report).order_by("-round").values("round")[:1]
    return Opinion.objects.filter(report=report, round=last)
