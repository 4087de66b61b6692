"""Units excused from many entries of a period at once (免报), and asked for them after all."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError, ensure
from core.notices import tell
from departments.selectors import department_people
from tasks import policies
from tasks.models import Entry, Period, Transition
from tasks.services.periods.steps import locked
from tasks.services.sayings import with_reason
from tasks.workflow import ENTRY


@transaction.atomic
def waive_many(
    period: Period,
    reason: str,
    *,
    departments: Sequence[int] = (),
    tasks: Sequence[int] = (),
    by: Any,
    now: datetime,
) -> int:
    """Excuse the chosen units or tasks from what they have not handed in; return how many entries.

    With units and tasks, only where both meet. What was handed in or checked stays as it is. One
    audit row names every entry; each entry has its own transition; the units are told once.
    """
    period = locked(period)  # so that nobody freezes it meanwhile
    ensure(policies.can_waive_in(by, period))
    reason = with_reason(reason)
    if not departments and not tasks:
        raise DomainError(
            _("请选择单位或任务。"), fields={"departments": [_("请选择单位或任务。")]}
        )
    chosen = Entry.objects.filter(period=period, state__in=ENTRY["waive"].sources)
    if departments:
        chosen = chosen.filter(department__in=departments)
    if tasks:
        chosen = chosen.filter(task__in=tasks)
    rows = list(chosen.select_for_update(of=("self",)).order_by("pk"))
    if not rows:
        raise DomainError(_("选中的单位和任务没有还未报送的填报，不需要免报。"), code="empty")
    _write(rows, reason, by, now)
    tell(
        department_people({one.department_id for one in rows}, timezone.localdate(now)),
        event=f"period:{period.pk}:waive:{now.isoformat()}",
        reason="waiting",
        text=_("%(name)s有填报本期免报：%(reason)s") % {"name": period.name, "reason": reason},
        view="home",
    )
    audit.record(
        "tasks.period.waive",
        period,
        by=by,
        detail={"entries": [one.pk for one in rows], "reason": reason},
        region_path=period.region.path,
    )
    return len(rows)


@transaction.atomic
def unwaive_many(period: Period, chosen: Sequence[int], *, by: Any, now: datetime) -> int:
    """Ask for chosen excused entries (ids) after all, all or none; return how many.

    What is not excused any more is left alone. One audit row, a transition for each entry, and
    one notice for each person of the units.
    """
    period = locked(period)  # so that nobody closes it meanwhile
    rows = list(
        Entry.objects.filter(period=period, pk__in=chosen, state=Entry.State.WAIVED)
        .select_related("period__region")
        .prefetch_related("period__extensions")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    if not rows:
        raise DomainError(_("请选择要恢复的填报。"), code="empty")
    for one in rows:
        ensure(policies.can(by, one, "unwaive", now))
    reasons = [_("原免报理由：%s") % one.waive_reason for one in rows]
    _log(rows, "unwaive", Entry.State.DRAFT, reasons, by, now)
    Entry.objects.filter(pk__in=[one.pk for one in rows]).update(
        state=Entry.State.DRAFT,
        waive_reason="",
        ready=False,
        version=F("version") + 1,
        updated_at=now,
    )
    tell(
        department_people({one.department_id for one in rows}, timezone.localdate(now)),
        event=f"period:{period.pk}:unwaive:{now.isoformat()}",
        reason="waiting",
        text=_("%s有免报的填报恢复填报，请按时报送。") % period.name,
        view="home",
    )
    audit.record(
        "tasks.period.unwaive",
        period,
        by=by,
        detail={"entries": [one.pk for one in rows]},
        region_path=period.region.path,
    )
    return len(rows)


def _log(
    rows: list[Entry], verb: str, target: str, reasons: list[str], by: Any, now: datetime
) -> None:
    """Write one transition for each entry, with its reason (one statement)."""
    Transition.objects.bulk_create(
        Transition(
            entry=one,
            verb=verb,
            from_state=one.state,
            to_state=target,
            by=by,
            acting_as=str(by.acting or ""),
            at=now,
            reason=reason[:300],
        )
        for one, reason in zip(rows, reasons, strict=True)
    )


def _write(rows: list[Entry], reason: str, by: Any, now: datetime) -> None:
    """Turn locked entries to 免报 and write each one's transition (two statements)."""
    _log(rows, "waive", Entry.State.WAIVED, [reason] * len(rows), by, now)
    Entry.objects.filter(pk__in=[one.pk for one in rows]).update(
        state=Entry.State.WAIVED, waive_reason=reason, updated_at=now
    )
