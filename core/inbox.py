"""The inbox: a person's notices, those of one thing (an entry, a period) together."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import BigIntegerField, Count, F, Max, Q
from django.db.models.functions import Coalesce

from core.models import Notice

AT_ONCE = 30  # things on a page
TOGETHER = 20  # notices of one thing that are shown, the newest first


@dataclass(frozen=True, slots=True)
class Thread:
    """What was told about one thing, the newest first; `more` are older ones not shown."""

    notices: list[Notice]
    unread: int
    more: int

    @property
    def newest(self) -> Notice:
        return self.notices[0]

    @property
    def older(self) -> list[Notice]:
        return self.notices[1:]

    @property
    def unread_ids(self) -> list[int]:
        return [one.pk for one in self.notices if one.read_at is None]


def inbox(user: Any, reason: str, now: datetime, number: Any) -> Page:
    """Return a page of threads (three queries); a notice that leads nowhere stands alone."""
    rows = Notice.objects.visible_to(user).filter(deliver_after__lte=now)
    if reason:
        rows = rows.filter(reason=reason)
    # What has no subject is a thread of its own: its negative id stands for one.
    rows = rows.annotate(thread=Coalesce("subject_id", -F("pk"), output_field=BigIntegerField()))
    threads = (
        rows.values("view", "thread")
        .annotate(
            newest=Max("deliver_after"),
            last=Max("pk"),
            count=Count("pk"),
            unread=Count("pk", filter=Q(read_at__isnull=True)),
        )
        .order_by("-newest", "-last")
    )
    page = Paginator(threads, AT_ONCE).get_page(number)
    wanted = Q(pk__in=[])
    for one in page.object_list:
        wanted |= Q(view=one["view"], thread=one["thread"])
    found: dict[tuple[str, int], list[Notice]] = {}
    for notice in rows.filter(wanted).order_by("-deliver_after", "-pk"):
        found.setdefault((notice.view, notice.thread), []).append(notice)
    page.object_list = [
        Thread(
            notices=found[one["view"], one["thread"]][:TOGETHER],
            unread=one["unread"],
            more=max(one["count"] - TOGETHER, 0),
        )
        for one in page.object_list
        if (one["view"], one["thread"]) in found
    ]
    return page
