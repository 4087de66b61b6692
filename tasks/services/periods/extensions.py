"""More time for one unit in one period, given by the office, and taken back again."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, workdays
from core.errors import DomainError, ensure
from core.notices import tell
from departments.models import Department
from departments.selectors import department_people
from tasks import policies
from tasks.models import Entry, Extension, Period
from tasks.services.periods.dates import day_off, refuse
from tasks.services.periods.steps import locked
from tasks.services.sayings import with_reason


@transaction.atomic
def extend(
    period: Period,
    department: Department,
    until: date,
    reason: str,
    *,
    by: Any,
    now: datetime,
    days_off: bool = False,
) -> Extension:
    """Give a unit until a day; what it hands in by then is in time, even once others are shut out.

    Extending again replaces the day before. The people of the unit are told.
    """
    period, today = locked(period), timezone.localdate(now)
    ensure(policies.can_extend(by, period))
    reason = with_reason(reason)
    wrong: dict[str, list[str]] = {}
    if not Entry.objects.filter(period=period, department=department).exists():
        wrong["department"] = [_("这个单位在这一期没有填报。")]
    if until < today:
        wrong["until"] = [_("请选今天或以后的日期。")]
    elif said := workdays.beyond(until):
        wrong["until"] = [said]
    elif until <= period.due_on:
        wrong["until"] = [_("这一期的时限是 %s，延期须晚于这一天。") % period.due_on.isoformat()]
    elif not days_off and (said := day_off(until)):
        wrong["until"] = [said]
    refuse(wrong)
    row, _made = Extension.objects.update_or_create(
        period=period,
        department=department,
        defaults={"until": until, "reason": reason, "by": by},
    )
    _tell(
        row,
        now,
        _("%(name)s填报，您单位的时限延至 %(day)s：%(reason)s")
        % {"name": period.name, "day": until.isoformat(), "reason": reason},
    )
    _record("extend", row, by, until=until, reason=reason)
    return row


@transaction.atomic
def revoke(
    period: Period, department: Department, reason: str, *, by: Any, now: datetime
) -> Extension:
    """Take a unit's extension back; the period's own due date counts again for it."""
    period = locked(period)
    ensure(policies.can_extend(by, period))
    row = Extension.objects.filter(period=period, department=department).first()
    if row is None:
        raise DomainError(_("这个单位没有延期，或者已经取消。"), code="gone")
    reason, row.period, row.department = with_reason(reason), period, department
    _tell(
        row,
        now,
        _("%(name)s填报，您单位的延期已取消，时限是 %(day)s：%(reason)s")
        % {"name": period.name, "day": period.due_on.isoformat(), "reason": reason},
    )
    _record("revoke", row, by, until=row.until, reason=reason)
    row.delete()
    return row


def _tell(row: Extension, now: datetime, text: str) -> None:
    tell(
        department_people([row.department_id], timezone.localdate(now)),
        event=f"extension:{row.period_id}:{row.department_id}:{now.isoformat()}",
        reason="waiting",
        text=text,
        view="home",
    )


def _record(verb: str, row: Extension, by: Any, **detail: Any) -> None:
    audit.record(
        f"tasks.period.{verb}",
        row.period,
        by=by,
        detail={"department": row.department_id, **detail},
        region_path=row.period.region.path,
    )
