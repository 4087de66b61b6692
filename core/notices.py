"""Notices: one per event and person, written in the transaction of the event."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from core.models import Notice


def tell(
    people: Iterable[int],
    *,
    event: str,
    reason: str,
    text: str,
    view: str = "",
    subject: int | None = None,
    after: datetime | None = None,
) -> None:
    """Leave a notice for each person (ids); telling the same event twice tells it once.

    `view` is the name of the page that it leads to, `subject` the id that the page takes.
    """
    moment = after or timezone.now()
    Notice.objects.bulk_create(
        (
            Notice(
                person_id=person,
                event=event[:120],
                reason=reason,
                text=text[:300],
                view=view,
                subject_id=subject,
                deliver_after=moment,
            )
            for person in dict.fromkeys(people)
        ),
        ignore_conflicts=True,
    )


def withdraw(event: str) -> None:
    """Take back notices of an event that was undone before they were delivered."""
    Notice.objects.filter(event=event, read_at__isnull=True).delete()
