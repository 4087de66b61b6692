"""Units excused from many entries of a period at once (免报)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError, ensure
from core.notices import tell
from departments.selectors import department_people
from tasks import policies
from tasks.models import Entry, Period, Transition
from tasks.services.periods import with_reason
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


def _write(rows: list[Entry], reason: str, by: Any, now: datetime) -> None:
    """Turn locked entries to 免报 and write each one's transition (two statements)."""
    Transition.objects.bulk_create(
        Transition(
            entry=one,
            verb="waive",
            from_state=one.state,
            to_state=Entry.State.WAIVED,
            by=by,
            acting_as=str(by.acting or ""),
            at=now,
            reason=reason,
        )
        for one in rows
    )
    Entry.objects.filter(pk__in=[one.pk for one in rows]).update(
        state=Entry.State.WAIVED, waive_reason=reason, updated_at=now
    )
