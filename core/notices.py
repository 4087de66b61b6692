"""Notices: one per event and person, written in the transaction of the event."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.utils import timezone

from core import mail
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

    Who wants this reason by mail at once gets a mail written too, to leave at the same moment.

    `view` is the name of the page that it leads to, `subject` the id that the page takes.
    """
    messages = [
        mail.Message(person, event=event, text=text, view=view, subject=subject)
        for person in dict.fromkeys(people)
    ]
    tell_each(messages, reason=reason, after=after or timezone.now())


def tell_each(messages: Sequence[mail.Message], *, reason: str, after: datetime) -> None:
    """Leave each person a notice with words of its own, all for one reason (few queries)."""
    if not messages:
        return
    Notice.objects.bulk_create(
        (
            Notice(
                person_id=one.person,
                event=one.event[:120],
                reason=reason,
                text=one.text[:300],
                view=one.view,
                subject_id=one.subject,
                deliver_after=after,
            )
            for one in messages
        ),
        ignore_conflicts=True,
    )
    mail.queue(messages, reason=reason, after=after)


def remind(day: date, dues: Mapping[int, mail.Due], *, now: datetime, until: datetime) -> int:
    """Leave each person's digest of a day in the inbox, and write the day's mails.

    Who has had the digest of that day gets no second one; `until` is how far it collects other
    notices. Returns how many mails were written.
    """
    Notice.objects.bulk_create(
        (
            Notice(
                person_id=person,
                event=mail.digest_key(day),
                reason=Notice.Reason.DUE,
                text=due.text[:300],
                view="home",
                deliver_after=now,
            )
            for person, due in dues.items()
        ),
        ignore_conflicts=True,
    )
    return mail.collect(day, dues, now=now, until=until)


def withdraw(event: str) -> None:
    """Take back notices of an event that was undone before they were delivered."""
    Notice.objects.filter(event=event, read_at__isnull=True).delete()
    mail.withdraw(event)


def recall(events: Sequence[str]) -> list[int]:
    """Take back what is not true any more: unread notices and mails that have not left.

    Returns who had read one of them, so that they can be told.
    """
    rows = Notice.objects.filter(event__in=events)
    told = rows.filter(read_at__isnull=False).order_by("person")
    readers = list(told.values_list("person", flat=True).distinct())
    rows.filter(read_at__isnull=True).delete()
    for event in events:
        mail.withdraw(event)
    return readers
