"""What a person takes over with a unit's work: what was owed on the day, and how it stands now."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from departments.models import HandOver
from tasks.models import Entry, Period, Transition

OWED = (Entry.State.DRAFT, Entry.State.AWAITING, Entry.State.RETURNED)
SHOWN_DAYS = 60  # how long a hand-over stands on the home page of who took over


@dataclass(frozen=True, slots=True)
class Taken:
    """A hand-over with the entries that the unit owed then; `open` of them are owed still."""

    hand_over: HandOver
    entries: list[Entry] = field(default_factory=list)
    began: bool = True

    @property
    def open(self) -> int:
        return sum(one.state in OWED for one in self.entries)


def owed_then(user: Any, row: HandOver, now: datetime) -> Any:
    """Return the unit's entries that were owed when the day of a hand-over began.

    Of a day to come, those that are owed now. Only what the person may see.
    """
    zone = timezone.get_current_timezone()
    moment = min(datetime.combine(row.on, time.min, tzinfo=zone), now)
    last = (
        Transition.objects.filter(entry=OuterRef("pk"), at__lt=moment)
        .order_by("-id")
        .values("to_state")[:1]
    )
    asked = (
        Q(period__closes_on__gte=row.on)
        | Q(open_until__gte=row.on)
        | Q(
            period__extensions__department=row.department_id,
            period__extensions__until__gte=row.on,
        )
    )
    return (
        Entry.objects.visible_to(user)
        .filter(asked, department=row.department_id, created_at__lte=moment)
        .exclude(period__state=Period.State.SCHEDULED)
        .alias(then=Coalesce(Subquery(last), Value(Entry.State.DRAFT.value)))
        .filter(then__in=OWED)
        .select_related("period", "task")
        .order_by("period__due_on", "id")
        .distinct()
    )


def hand_over_page(user: Any, row: HandOver, now: datetime) -> Taken:
    """Return a hand-over with what was owed (two queries)."""
    return Taken(row, list(owed_then(user, row, now)), row.on <= timezone.localdate(now))


def taken_over(user: Any, now: datetime, today: date) -> Taken | None:
    """Return the newest hand-over to this person as whom they act, while it is fresh."""
    acting = user.acting
    if acting is None or acting.department_id is None:
        return None
    row = (
        HandOver.objects.filter(
            incoming=user.pk,
            department=acting.department_id,
            role=acting.role,
            on__lte=today,
            on__gt=today - timedelta(days=SHOWN_DAYS),
        )
        .select_related("outgoing", "department")
        .first()
    )
    return None if row is None else Taken(row, list(owed_then(user, row, now)))
