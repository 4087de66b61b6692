"""The office's queue and an entry to be checked, with what the system found out by itself."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, Q, Subquery, When
from django.utils import timezone
from django.utils.translation import gettext as _

from core.verdict import Verdict
from core.words import STATUS
from core.workdays import between
from departments.models import Region
from tasks import policies
from tasks.fields import LABELS, fields_of
from tasks.models import Consultation, Entry, Evidence, Period, Rating, Revision, Transition
from tasks.progress import BEHIND, DONE, FAR_BEHIND, ON_TRACK, OVERDUE, Standing
from tasks.selectors.entries import exchange
from tasks.selectors.entries import parts as entries
from tasks.selectors.entries.content import (
    Line,
    changed_fields,
    lines,
    plain,
    said,
    standing_revision,
)
from tasks.selectors.entries.pages import Head, Told, head_of, told_steps
from tasks.selectors.periods.rules import rules_of

MOST_AT_ONCE = 200  # entries decided in one go
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
    """An entry in the queue: how many working days it has waited, and what is odd about it.

    `over` counts the working days beyond those in which the office means to check (0: due today,
    negative: still time); `aside` says that the checker put it aside.
    """

    entry: Entry
    days: int
    flags: list[str]
    over: int = 0
    aside: bool = False

    @property
    def group(self) -> str:
        """Return the heading under which it stands."""
        if self.aside:
            return _("暂放")
        return _("今天到期复核") if self.over >= 0 else _("其余待核对")


@dataclass(frozen=True, slots=True)
class Queue:
    """The office's queue: how many of each kind, and the entries of the kind looked at."""

    region: Region
    period: Period | None
    kind: str
    counts: dict[str, int]
    usual_wait: str
    rows: Any = None
    check_days: int = 0


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
    compared: str = "none"
    asked: list[Consultation] = field(default_factory=list)

    @property
    def comparisons(self) -> list[tuple[str, str]]:
        """Return what the entry can be marked against, with words."""
        can = []
        if self.revision is not None and self.revision.number > 1:
            can.append(("revision", _("与上次报送比")))
        if self.before is not None:
            can.append(("period", _("与上期比")))
        return [*can, ("none", _("不标"))] if can else []

    @property
    def ratings(self) -> list[tuple[str, str]]:
        return [(value, str(word)) for value, word in Rating.choices]

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


def waiting(
    user: Any, region: Region, kind: str, period: Period | None, aside: Iterable[int] = ()
) -> Any:
    """Return the reports of a kind: waiting and returned of every period, checked of the newest.

    What has waited longest comes first, counted from when it reached the office (`since`), and
    what was put aside comes last; of the checked, what was checked last comes first.
    """
    arrived = Transition.objects.filter(
        entry=OuterRef("pk"), verb__in=("submit", "sign"), to_state="submitted"
    )
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
    rows = rows.annotate(since=Subquery(arrived.order_by("-id").values("at")[:1]))
    later = list(aside)
    if not later:  # PostgreSQL takes a constant to order by for the number of a column
        return rows.order_by("since", "pk")
    put_aside = Case(When(pk__in=later, then=1), default=0, output_field=IntegerField())
    return rows.annotate(put_aside=put_aside).order_by("put_aside", "since", "pk")


def queue(user: Any, region: Region, kind: str, aside: Iterable[int] = ()) -> Queue:
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
        rows=waiting(user, region, kind, period, aside),
        check_days=rules_of(region).check_days,
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


def items(user: Any, rows: Iterable[Entry], now: datetime, check_days: int) -> list[QueueItem]:
    """Return queue rows with their flags: only what a checker should look at twice."""
    listed = list(rows)
    facts = known(listed)
    made = []
    for one in listed:
        flags = [check.flag for check in checks(one, one.submitted, facts[one.pk]) if check.flag]
        if one.state == Entry.State.SUBMITTED and policies.worked_on(user, one):
            flags.append(_("本人填报"))
        since = getattr(one, "since", None) or (
            one.submitted.submitted_at if one.submitted else now
        )
        days = between(timezone.localdate(since), timezone.localdate(now))
        aside = bool(getattr(one, "put_aside", 0))
        made.append(QueueItem(one, days, flags, days - check_days, aside))
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


def _same_as_before(revision: Revision) -> Check | None:
    """Say what the unit took over from the period before."""
    if revision.unchanged:
        return Check(False, _("报的是“无变化”，各栏与上期相同"), _("无变化"))
    if revision.prefilled:
        return Check(True, _("有 %(count)s 栏沿用上期，没有改动") % {"count": revision.prefilled})
    return None


def checks(entry: Entry, revision: Revision | None, facts: Known) -> list[Check]:
    """Return what can be checked without reading: numbers, mended fields, self-rating, lateness."""
    if revision is None:
        return []
    found = [
        _not_less(entry, revision, facts.before),
        _mended(entry, revision, facts.back),
        _self_rating(entry, revision),
        _same_as_before(revision),
        Check(False, _("归档后的更正"), _("归档后更正")) if revision.is_correction else None,
        Check(False, _("迟报"), _("迟报")) if revision.is_late else Check(True, _("按时报送")),
    ]
    return [one for one in found if one is not None]


def _compared(revision: Revision | None, facts: Known, against: str) -> tuple[str, Revision | None]:
    """Return what a revision is marked against: the one before it, last period's, or nothing."""
    if revision is None or against == "none":
        return "none", None
    if against != "period" and revision.number > 1:
        former = Revision.objects.filter(entry=revision.entry_id, number__lt=revision.number)
        return "revision", former.order_by("-number").first()
    return "period", facts.before


def review_page(
    user: Any, entry: Entry, now: datetime, against: str = "", aside: Iterable[int] = ()
) -> ReviewPage:
    """Return an entry as its checker needs it: marked against what was said before, with checks.

    `against` is revision (the last one, where there is one), period, or none.
    """
    facts = known([entry])[entry.pk]
    revision = entry.submitted
    compared, former = _compared(revision, facts, against)
    rows = waiting(user, entry.period.region, "submitted", None, aside)
    order = list(rows.values_list("pk", flat=True))
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
        compared=compared,
        asked=exchange.asked(entry),
    )


def undoable(user: Any, pks: Iterable[int], now: datetime) -> list[Entry]:
    """Return the entries on which the person can still take back their own decision."""
    wanted = list(pks)[:MOST_AT_ONCE]
    rows = Entry.objects.visible_to(user).select_related("period__region", "task", "submitted")
    found = rows.filter(pk__in=wanted).order_by("pk") if wanted else []
    return [one for one in found if policies.can(user, one, "undo", now)]
