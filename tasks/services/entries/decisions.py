"""What is decided about an entry: approved, returned, taken over, excused, reopened, undone.

Like every step, each locks the entry's row, asks the policy, writes its transition, its notices
and one audit row, all in one transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import notices
from core.errors import DomainError, ensure
from core.workdays import add
from departments.selectors import department_people
from tasks import policies
from tasks.fields import clean
from tasks.models import FIELDS, Entry, Rating, Revision, Transition
from tasks.selectors.periods.rules import rules_of
from tasks.services.entries.steps import as_seen, event, locked, log, tell
from tasks.services.sayings import with_reason

MOST_OPEN = timedelta(days=60)  # how long a checked entry may be open for a correction


def _rated(entry: Entry, rating: str | None) -> str:
    """Return the checker's rating; who gives none agrees with the unit's own."""
    if rating is None:
        return entry.submitted.self_rating if entry.submitted else ""
    if rating not in Rating.values:
        raise DomainError(
            _("请在四项评定中选一项。"), fields={"rating": [_("请在四项评定中选一项。")]}
        )
    return rating


@transaction.atomic
def approve(
    pk: int, *, rating: str | None = None, seen: int | None = None, by: Any, now: datetime
) -> Entry:
    """Check an entry; its revision counts from now on. The notice leaves after ten seconds.

    `rating` is the checker's own beside the self-rating, which holds where none is given;
    `seen` the id of the revision that was read (another one meanwhile is a Conflict). Where the
    checker worked on it, because the office has nobody else, it is marked 本单位自核.
    """
    entry = locked(pk)
    ensure(policies.can(by, entry, "approve", now))
    as_seen(entry, seen)
    before, previous = entry.state, entry.approved
    entry.own_check = policies.stands_behind(by, entry)
    entry.rating = _rated(entry, rating)
    entry.state = Entry.State.APPROVED
    entry.approved, entry.approved_at, entry.open_until = entry.submitted, now, None
    entry.save()
    step = log(
        entry,
        "approve",
        before,
        by=by,
        now=now,
        revision=entry.submitted,
        previous=previous,
        rating=entry.rating,
    )
    tell(
        department_people([entry.department_id], timezone.localdate(now)),
        step,
        "approved",
        _("“%(task)s”已核对。") % {"task": entry.task.title},
        after=now + policies.UNDO,
    )
    return entry


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of several entries: done, or the sentence that says why not."""

    pk: int
    refusal: DomainError | None = None


def approve_many(seen: Mapping[int, int], *, by: Any, now: datetime) -> list[Outcome]:
    """Check several entries (id → revision that was seen), each for itself: none stops another."""
    told = []
    for pk, revision in seen.items():
        try:
            approve(pk, seen=revision, by=by, now=now)
            told.append(Outcome(pk))
        except DomainError as refusal:
            told.append(Outcome(pk, refusal))
    return told


def _time_to_mend(entry: Entry, today: date) -> date:
    """Return until when a returned entry is accepted, even where its period closes before."""
    days = rules_of(entry.period.region).check_days
    return max(add(today, days), entry.open_until or today)


@transaction.atomic
def send_back(pk: int, reasons: dict[str, str], *, by: Any, now: datetime) -> Entry:
    """Return an entry with a reason for each field, all at once; its text stays editable."""
    entry = locked(pk)
    ensure(policies.can(by, entry, "return", now))
    given = {
        field: clean(text).strip()[:300]
        for field, text in reasons.items()
        if field in (*FIELDS, "evidence") and clean(text).strip()
    }
    if not given:
        raise DomainError(
            _("请至少在一栏写明退回理由。"), fields={"reasons": [_("请至少在一栏写明退回理由。")]}
        )
    before, entry.state = entry.state, Entry.State.RETURNED
    entry.ready, entry.version = False, entry.version + 1
    entry.open_until = _time_to_mend(entry, timezone.localdate(now))
    entry.save()
    step = log(entry, "return", before, by=by, now=now, revision=entry.submitted, reasons=given)
    tell(
        department_people([entry.department_id], timezone.localdate(now)),
        step,
        "returned",
        _("“%(task)s”被退回，请在%(day)s前修改 %(count)s 处。")
        % {
            "task": entry.task.title,
            "count": len(given),
            "day": date_format(max(entry.open_until, policies.deadline(entry)), "n月j日"),
        },
        after=now + policies.UNDO,
    )
    return entry


@transaction.atomic
def undo(pk: int, *, by: Any, now: datetime) -> Entry:
    """Take back one's own approval or return within ten seconds; nobody was told yet."""
    entry = locked(pk)
    ensure(policies.can(by, entry, "undo", now))
    last = Transition.objects.filter(entry=entry).order_by("-id")[:1].get()
    before, entry.state = entry.state, Entry.State.SUBMITTED
    if last.verb == "approve":
        entry.approved = last.previous
        entry.approved_at, entry.rating = _checked_before(entry, last.previous)
        entry.own_check = False
    entry.save()
    notices.withdraw(event(last))
    log(entry, "undo", before, by=by, now=now, revision=entry.submitted)
    return entry


def _checked_before(entry: Entry, revision: Revision | None) -> tuple[datetime | None, str]:
    """Return when a revision was approved last, and how it was rated."""
    if revision is None:
        return None, ""
    steps = Transition.objects.filter(entry=entry, verb="approve", revision=revision)
    return steps.order_by("-id").values_list("at", "rating").first() or (None, "")


@transaction.atomic
def take_over(pk: int, *, by: Any, now: datetime) -> Entry:
    """Accept a responsible unit's part as the 汇总单位."""
    entry = locked(pk)
    ensure(policies.can(by, entry, "take_over", now))
    before, entry.state = entry.state, Entry.State.TAKEN_OVER
    entry.save()
    step = log(entry, "take_over", before, by=by, now=now, revision=entry.submitted)
    tell(
        department_people([entry.department_id], timezone.localdate(now)),
        step,
        "approved",
        _("“%(task)s”中您单位的部分已被汇总单位采纳。") % {"task": entry.task.title},
        after=now + policies.UNDO,
    )
    return entry


@transaction.atomic
def waive(pk: int, reason: str, *, by: Any, now: datetime) -> Entry:
    """Excuse a unit from an entry in this period, with the reason."""
    entry = locked(pk)
    ensure(policies.can(by, entry, "waive", now))
    before, entry.state = entry.state, Entry.State.WAIVED
    entry.waive_reason = with_reason(reason)
    entry.save()
    step = log(entry, "waive", before, by=by, now=now, reason=entry.waive_reason)
    tell(
        department_people([entry.department_id], timezone.localdate(now)),
        step,
        "approved",
        _("“%(task)s”%(period)s免报：%(reason)s")
        % {
            "task": entry.task.title,
            "period": entry.period.name,
            "reason": entry.waive_reason[:100],
        },
    )
    return entry


@transaction.atomic
def unwaive(pk: int, *, by: Any, now: datetime) -> Entry:
    """Ask a unit for an entry after all: the excuse is taken back, the draft is as it was."""
    entry = locked(pk)
    ensure(policies.can(by, entry, "unwaive", now))
    before, entry.state = entry.state, Entry.State.DRAFT
    excuse, entry.waive_reason = entry.waive_reason, ""
    entry.version, entry.ready = entry.version + 1, False
    entry.save()
    step = log(entry, "unwaive", before, by=by, now=now, reason=_("原免报理由：%s") % excuse)
    tell(
        department_people([entry.department_id], timezone.localdate(now)),
        step,
        "waiting",
        _("“%(task)s”本期恢复填报，请按时报送。") % {"task": entry.task.title},
    )
    return entry


@transaction.atomic
def reopen(pk: int, reason: str, until: date, *, by: Any, now: datetime) -> Entry:
    """Open a checked entry for a correction; what was approved counts until it is replaced."""
    entry = locked(pk)
    ensure(policies.can(by, entry, "reopen", now))
    today = timezone.localdate(now)
    if not today <= until <= today + MOST_OPEN:
        sentence = _("请选今天到 %(last)s 之间的日期。") % {"last": (today + MOST_OPEN).isoformat()}
        raise DomainError(
            _("开放期限从今天起，最长 %(days)s 天。") % {"days": MOST_OPEN.days},
            fields={"until": [sentence]},
        )
    reason = with_reason(reason)
    before, entry.state = entry.state, Entry.State.DRAFT
    entry.open_until, entry.version, entry.ready = until, entry.version + 1, False
    entry.save()
    step = log(entry, "reopen", before, by=by, now=now, reason=reason)
    tell(
        department_people([entry.department_id], today),
        step,
        "returned",
        _("“%(task)s”已重新开放，%(day)s前可以更正。")
        % {"task": entry.task.title, "day": until.isoformat()},
    )
    return entry
