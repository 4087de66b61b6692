"""The office's queue and an entry to be checked, with what the system found out by itself."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.verdict import Verdict
from core.words import STATUS
from departments.models import Region
from tasks import policies
from tasks.fields import LABELS, fields_of
from tasks.models import Entry, Evidence, Period, Revision, Transition
from tasks.progress import BEHIND, DONE, FAR_BEHIND, ON_TRACK, OVERDUE, Standing
from tasks.selectors import entries, exchange
from tasks.selectors.content import (
    Line,
    changed_fields,
    lines,
    plain,
    said,
    standing_revision,
)
from tasks.selectors.entry_pages import Head, Told, head_of, told_steps

QUEUES = ("submitted", "returned", "approved")
# What a unit may say of itself under each light without being asked about it.
FITTING = {
    DONE: ("done",),
    ON_TRACK: ("on_track", "ahead"),
    BEHIND: ("behind",),
    FAR_BEHIND: ("behind",),
    OVERDUE: ("behind",),
}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the system looked at: all right or not, in a sentence; `flag` is its short form."""

    ok: bool
    text: str
    flag: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What the checks of an entry compare with."""

    before: Revision | None = None  # what was reported for this task in the period before
    back: Transition | None = None  # the last return, with the revision that it returned


@dataclass(frozen=True, slots=True)
class QueueItem:
    """An entry in the queue: how long it has waited (days), and what is odd about it."""

    entry: Entry
    days: int
    flags: list[str]


@dataclass(frozen=True, slots=True)
class Queue:
    """The office's queue: how many of each kind, and the entries of the kind looked at."""

    region: Region
    period: Period | None
    kind: str
    counts: dict[str, int]
    usual_wait: str
    rows: Any = None


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """An entry to be checked, and where it stands in the queue."""

    head: Head
    revision: Revision | None
    lines: list[Line]
    standing: Standing
    before: Revision | None
    files: list[Evidence]
    checks: list[Check]
    steps: list[Told]
    verdict: Verdict
    own: bool
    place: int
    total: int
    next: int | None
    reasons: list[str] = field(default_factory=list)

    @property
    def entry(self) -> Entry:
        return self.head.entry

    @property
    def last_number(self) -> str:
        """Return the number reported in the period before, with its unit."""
        task = self.entry.task
        return said(self.before, fields_of(task)[0], task) if self.before else ""


def office_region(user: Any) -> Region | None:
    """Return the region whose office the person acts as; None for everyone else."""
    acting = getattr(user, "acting", None)
    return acting.here if acting is not None and acting.is_office() else None


def _newest_period(region: Region) -> Period | None:
    rows = Period.objects.filter(region=region).exclude(state=Period.State.SCHEDULED)
    return rows.order_by("-ends", "-pk").first()


def waiting(user: Any, region: Region, kind: str, period: Period | None) -> Any:
    """Return the reports of a kind: waiting and returned of every period, checked of the newest.

    What has waited longest comes first; what was checked last comes first.
    """
    rows = (
        Entry.objects.visible_to(user)
        .filter(period__region=region, kind=Entry.Kind.REPORT, state=kind)
        .select_related(
            "period",
            "department",
            "task__plan__settings",
            "task__measure__action",
            "submitted",
            "approved",
        )
    )
    if kind == "approved":
        return rows.filter(period=period).order_by("-approved_at", "-pk")
    return rows.order_by("submitted__submitted_at", "pk")


def queue(user: Any, region: Region, kind: str) -> Queue:
    """Return the counts of each kind and the rows of one, not yet cut into pages."""
    period = _newest_period(region)
    mine = Q(period__region=region, kind=Entry.Kind.REPORT)
    counts = Entry.objects.visible_to(user).aggregate(
        submitted=Count("pk", filter=mine & Q(state="submitted")),
        returned=Count("pk", filter=mine & Q(state="returned")),
        approved=Count("pk", filter=mine & Q(state="approved", period=period)),
    )
    return Queue(
        region=region,
        period=period,
        kind=kind,
        counts=counts,
        usual_wait=exchange.usual_wait(period) if period else "",
        rows=waiting(user, region, kind, period),
    )


def known(rows: list[Entry]) -> dict[int, Known]:
    """Return what each entry's checks compare with, in two queries."""
    backs: dict[int, Transition] = {}
    returns = Transition.objects.filter(entry__in=[one.pk for one in rows], verb="return")
    for step in returns.select_related("revision").order_by("id"):
        backs[step.entry_id] = step
    others = (
        Entry.objects.filter(
            task__in={one.task_id for one in rows},
            department__in={one.department_id for one in rows},
        )
        .select_related("period", "approved", "submitted")
        .order_by("period__ends", "pk")
    )
    history: dict[tuple[int, int], list[Entry]] = {}
    for one in others:
        history.setdefault((one.task_id, one.department_id), []).append(one)
    return {
        one.pk: Known(_last(one, history[one.task_id, one.department_id]), backs.get(one.pk))
        for one in rows
    }


def _last(entry: Entry, history: list[Entry]) -> Revision | None:
    earlier = [one for one in history if one.period.ends < entry.period.ends]
    found = [one for one in map(standing_revision, earlier) if one is not None]
    return found[-1] if found else None


def items(user: Any, rows: Iterable[Entry], now: datetime) -> list[QueueItem]:
    """Return queue rows with their flags: only what a checker should look at twice."""
    listed = list(rows)
    facts = known(listed)
    made = []
    for one in listed:
        flags = [check.flag for check in checks(one, one.submitted, facts[one.pk]) if check.flag]
        if one.state == Entry.State.SUBMITTED and policies.worked_on(user, one):
            flags.append(_("本人填报"))
        since = one.submitted.submitted_at if one.submitted else now
        days = (timezone.localdate(now) - timezone.localdate(since)).days
        made.append(QueueItem(one, days, flags))
    return made


def _not_less(entry: Entry, revision: Revision, before: Revision | None) -> Check | None:
    name = fields_of(entry.task)[0]
    now, old = getattr(revision, name), getattr(before, name, None)
    if now is None or old is None:
        return None
    numbers = {"now": plain(now), "old": plain(old)}
    if now >= old:
        return Check(True, _("数值不少于上期（%(now)s，上期 %(old)s）") % numbers)
    return Check(False, _("数值比上期少（%(now)s，上期 %(old)s）") % numbers, _("数值比上期少"))


def _mended(entry: Entry, revision: Revision, back: Transition | None) -> Check | None:
    if back is None or back.revision is None or back.revision.number >= revision.number:
        return None
    changed = changed_fields(back.revision, revision, entry.task)
    asked = [name for name in back.reasons if name in LABELS]
    left = [str(LABELS[name]) for name in asked if name not in changed]
    if left:
        text = _("退回的栏没有改：%s") % "、".join(left)
        return Check(False, text, _("重报，有退回的栏没有改"))
    count = {"count": len(changed)}
    return Check(True, _("退回的栏都已修改"), _("重报，改了 %(count)s 处") % count)


def _self_rating(entry: Entry, revision: Revision) -> Check | None:
    standing = entries.stand_of(entry, revision)
    if not revision.self_rating or standing.light not in FITTING:
        return None
    given = {"own": revision.get_self_rating_display(), "light": str(STATUS[standing.light])}
    if revision.self_rating in FITTING[standing.light]:
        return Check(True, _("自评与系统测算一致（%(own)s，%(light)s）") % given)
    return Check(
        False,
        _("自评“%(own)s”，系统测算“%(light)s”") % given,
        _("自评与系统测算不同"),
    )


def checks(entry: Entry, revision: Revision | None, facts: Known) -> list[Check]:
    """Return what can be checked without reading: numbers, mended fields, self-rating, lateness."""
    if revision is None:
        return []
    found = [
        _not_less(entry, revision, facts.before),
        _mended(entry, revision, facts.back),
        _self_rating(entry, revision),
        Check(False, _("迟报"), _("迟报")) if revision.is_late else Check(True, _("按时报送")),
    ]
    return [one for one in found if one is not None]


def review_page(user: Any, entry: Entry, now: datetime) -> ReviewPage:
    """Return an entry as its checker needs it: marked against its last version, with checks."""
    facts = known([entry])[entry.pk]
    revision = entry.submitted
    former = None
    if revision is not None and revision.number > 1:
        former = Revision.objects.get(entry=entry, number=revision.number - 1)
    order = list(waiting(user, entry.period.region, "submitted", None).values_list("pk", flat=True))
    place = order.index(entry.pk) + 1 if entry.pk in order else 0
    later = order[place:] + order[: max(place - 1, 0)] if place else order
    return ReviewPage(
        head=head_of(user, entry, now),
        revision=revision,
        lines=lines(revision, entry.task, former) if revision else [],
        standing=entries.stand_of(entry, revision),
        before=facts.before,
        files=list(revision.evidence.all()) if revision else [],
        checks=checks(entry, revision, facts),
        steps=told_steps(entry),
        verdict=policies.can(user, entry, "approve", now),
        own=policies.worked_on(user, entry),
        place=place,
        total=len(order),
        next=later[0] if later else None,
        reasons=[_("没有时间"), _("没有数量"), _("与上期重复"), _("不是本项的事")],
    )


def undoable(user: Any, pk: int, now: datetime) -> Entry | None:
    """Return the entry of this id if the person can still take back their decision on it."""
    entry = (
        Entry.objects.visible_to(user)
        .select_related("period__region", "task", "submitted")
        .filter(pk=pk)
        .first()
    )
    return entry if entry is not None and policies.can(user, entry, "undo", now) else None
