"""What is decided about an entry: approved, returned, taken over, excused, reopened, undone.

Like every step, each locks the entry's row, asks the policy, writes its transition, its notices
and one audit row, all in one transaction.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import notices
from core.errors import DomainError, ensure
from departments.selectors import department_people
from tasks import policies
from tasks.fields import clean
from tasks.models import FIELDS, Entry, Revision, Transition
from tasks.services.steps import event, locked, log, tell


@transaction.atomic
def approve(pk: int, *, by: Any, now: datetime) -> Entry:
    """Check an entry; its revision counts from now on. The notice leaves after ten seconds.

    Where the checker worked on it, because the office has nobody else, it is marked 本单位自核.
    """
    entry = locked(pk)
    ensure(policies.can(by, entry, "approve", now))
    before, previous = entry.state, entry.approved
    entry.own_check = policies.stands_behind(by, entry)
    entry.state = Entry.State.APPROVED
    entry.approved, entry.approved_at, entry.open_until = entry.submitted, now, None
    entry.save()
    step = log(
        entry, "approve", before, by=by, now=now, revision=entry.submitted, previous=previous
    )
    tell(
        department_people([entry.department_id], timezone.localdate(now)),
        step,
        "approved",
        _("“%(task)s”已核对。") % {"task": entry.task.title},
        after=now + policies.UNDO,
    )
    return entry


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
    entry.ready = False
    entry.version += 1
    entry.save()
    step = log(entry, "return", before, by=by, now=now, revision=entry.submitted, reasons=given)
    tell(
        department_people([entry.department_id], timezone.localdate(now)),
        step,
        "returned",
        _("“%(task)s”被退回，请修改 %(count)s 处。")
        % {"task": entry.task.title, "count": len(given)},
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
        entry.approved_at = _approved_at(entry, last.previous)
        entry.own_check = False
    entry.save()
    notices.withdraw(event(last))
    log(entry, "undo", before, by=by, now=now, revision=entry.submitted)
    return entry


def _approved_at(entry: Entry, revision: Revision | None) -> datetime | None:
    """Return when a revision was approved last."""
    steps = Transition.objects.filter(entry=entry, verb="approve", revision=revision)
    return steps.order_by("-id").values_list("at", flat=True).first() if revision else None


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


def _with_reason(reason: str) -> str:
    reason = clean(reason).strip()
    if not reason:
        raise DomainError(_("请写明理由。"), fields={"reason": [_("请写明理由。")]})
    return reason


@transaction.atomic
def waive(pk: int, reason: str, *, by: Any, now: datetime) -> Entry:
    """Excuse a unit from an entry in this period, with the reason."""
    entry = locked(pk)
    ensure(policies.can(by, entry, "waive", now))
    before, entry.state = entry.state, Entry.State.WAIVED
    entry.waive_reason = _with_reason(reason)[:300]
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
    if until < timezone.localdate(now):
        raise DomainError(
            _("开放期限不能早于今天。"), fields={"until": [_("请选今天或以后的日期。")]}
        )
    before, entry.state = entry.state, Entry.State.DRAFT
    entry.open_until, entry.version, entry.ready = until, entry.version + 1, False
    entry.save()
    step = log(entry, "reopen", before, by=by, now=now, reason=_with_reason(reason))
    tell(
        department_people([entry.department_id], timezone.localdate(now)),
        step,
        "returned",
        _("“%(task)s”已重新开放，%(day)s前可以更正。")
        % {"task": entry.task.title, "day": until.isoformat()},
    )
    return entry
