"""What the calendar does with periods: it finds those whose day has come and has them moved.

The beat only writes job rows; a worker does the work (`tasks.jobs`). A job may be done twice, or
come late: what it finds done or not due any more, it leaves alone.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, dispatch
from core.models import Notice
from core.notices import tell
from core.work import Claimed
from departments.selectors import office_people
from tasks import policies
from tasks.models import Period
from tasks.selectors.periods.opening import Hindrance, due_to_close, due_to_open, hindrance
from tasks.services.periods import steps as periods

OPEN, CLOSE = "tasks.open_period", "tasks.close_period"  # kinds of jobs, names of the functions


def move_due(now: datetime) -> int:
    """Queue what the calendar opens and closes today; return how many jobs there are for it.

    What cannot be opened is not tried: the office is told, once a day for each reason.
    """
    today = timezone.localdate(now)
    count = 0
    for period in due_to_open(today):
        if stop := hindrance(period):
            _tell_office(period, stop, now)
            continue
        dispatch.enqueue(OPEN, period.pk)
        count += 1
    for period in due_to_close(today):
        dispatch.enqueue(CLOSE, period.pk)
        count += 1
    return count


@transaction.atomic
def _tell_office(period: Period, stop: Hindrance, now: datetime) -> None:
    """Say to the office why a period stays shut, once a day for each reason."""
    today = timezone.localdate(now)
    event = f"period:{period.pk}:{stop.code}:{today.isoformat()}"
    people = office_people(period.region, today)
    if not people or Notice.objects.filter(event=event).exists():
        return
    tell(
        people,
        event=event,
        reason="waiting",
        text=_("%(name)s今天应当启动，但不能启动：%(why)s")
        % {"name": period.name, "why": stop.words},
        view="period",
        subject=period.pk,
        after=now,
    )
    audit.record(
        "tasks.period.stuck",
        period,
        detail={"reason": stop.code, "on": today},
        region_path=period.region.path,
    )


def do(verb: str, work: Claimed, now: datetime) -> None:
    """Open or close the period of a job; its rows and the job's end are one transaction."""
    period = Period.objects.select_related("region").filter(pk=work.subject_id).first()
    with transaction.atomic():
        if period is None or not policies.can_move_period(
            None, periods.locked(period), verb, timezone.localdate(now)
        ):
            # Done by hand meanwhile, or moved to another day.
            work.finish({"skipped": True})
        elif verb == "open":
            work.finish({"entries": periods.open_period(period, by=None, now=now)})
        else:
            periods.close_period(period, by=None, now=now)
            work.finish()
