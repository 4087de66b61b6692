"""The office's own clock: how long what was handed in waits, beside the units' deadlines."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from django.db.models import Max, Q
from django.utils import timezone

from core import workdays
from departments.models import Region
from tasks.models import Entry, Transition
from tasks.selectors.periods.rules import rules_of

LOOK_BACK = timedelta(days=365)
AT_MOST = 1000  # decisions that the median is taken of, the newest ones


@dataclass(frozen=True, slots=True)
class OfficeClock:
    """What waits for the office, in working days against the days that its rules give it.

    `usual` is the median from handing in to decision over the last year; None where none was made.
    """

    waiting: int
    longest: int
    over: int
    check_days: int
    usual: int | None


def office_clock(region: Region, on: date) -> OfficeClock:
    """Return how the region's office stands against its own rule on a day (three queries)."""
    check_days = rules_of(region).check_days
    handed_in = Max(
        "transitions__at",
        filter=Q(transitions__verb__in=("submit", "sign"), transitions__to_state="submitted"),
    )
    rows = (
        Entry.objects.filter(
            kind=Entry.Kind.REPORT, state=Entry.State.SUBMITTED, period__region=region
        )
        .annotate(handed_in=handed_in)
        .values_list("handed_in", flat=True)
    )
    days = [_days(timezone.localdate(at), on) for at in rows if at]
    decided = (
        Transition.objects.filter(
            entry__period__region=region,
            entry__kind=Entry.Kind.REPORT,
            verb__in=("approve", "return"),
            revision__isnull=False,
            at__gte=timezone.make_aware(datetime.combine(on - LOOK_BACK, time.min)),
        )
        .order_by("-id")
        .values_list("revision__submitted_at", "at")[:AT_MOST]
    )
    spans = [_days(timezone.localdate(start), timezone.localdate(end)) for start, end in decided]
    return OfficeClock(
        waiting=len(days),
        longest=max(days, default=0),
        over=sum(1 for one in days if one > check_days),
        check_days=check_days,
        usual=round(median(spans)) if spans else None,
    )


def _days(start: date, end: date) -> int:
    return max(workdays.between(start, end), 0)
