"""A reporting period from its place in the calendar to the archive.

Every verb locks the period's row, asks the policy and writes one audit row, all in one
transaction. Where `by` is None, the calendar acts: `tasks.services.periods.beat` calls then.
"""

from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, workdays
from core.errors import Conflict, DomainError, NotAllowed, ensure
from core.notices import tell
from departments.models import Region
from departments.policies import is_office_of
from departments.selectors import department_people
from tasks import policies
from tasks.fields import clean
from tasks.models import Entry, Period
from tasks.selectors.periods.opening import hindrance
from tasks.services.periods.dates import (
    DAYS,
    Dates,
    day_off,
    faults,
    is_covered,
    refuse,
    stored,
    taken,
    uncovered,
)
from tasks.services.periods.entry_rows import make_entries
from tasks.services.sayings import with_reason

MORNING = time(8)  # what opens by the calendar is told when people come to work


@transaction.atomic
def schedule(
    region: Region,
    name: str,
    *,
    year: int,
    starts: date,
    ends: date,
    opens_on: date,
    due_on: date,
    closes_on: date,
    by: Any,
    by_calendar: bool = True,
    retrospective: bool = False,
    days_off: bool = False,
) -> Period:
    """Put a period into the region's calendar; raises DomainError per field.

    A retrospective one (补录) is for days long past: a person opens and closes it, nothing is late.
    """
    if not is_office_of(by, region):
        raise NotAllowed(_("填报期由本地区纲要办管理。"))
    dates = Dates(clean(name).strip()[:40], starts, ends, opens_on, due_on, closes_on)
    wrong = taken(region, dates) | faults(dates, days_off=days_off or retrospective)
    if not is_covered(region, year):
        wrong["year"] = [uncovered(year)]
    if retrospective and ends >= opens_on:
        wrong["ends"] = [_("补录的报告期须已经结束。")]
    refuse(wrong)
    period = Period(
        region=region,
        year=year,
        by_calendar=by_calendar and not retrospective,
        retrospective=retrospective,
        **asdict(dates),
    )
    stored([period])
    detail = {"retrospective": retrospective} if retrospective else {}
    audit.record("tasks.period.schedule", period, by=by, detail=detail, region_path=region.path)
    return period


def locked(period: Period) -> Period:
    rows = Period.objects.select_for_update(of=("self",)).select_related("region")
    found = rows.filter(pk=period.pk).first()
    if found is None:
        raise Conflict(_("填报期“%s”刚被删除，请刷新后再看。") % period.name)
    return found


def _record(verb: str, period: Period, by: Any, **detail: Any) -> None:
    audit.record(
        f"tasks.period.{verb}", period, by=by, detail=detail, region_path=period.region.path
    )


@transaction.atomic
def change(
    period: Period, dates: Dates, *, by: Any, by_calendar: bool = True, days_off: bool = False
) -> Period:
    """Change a period that has not been opened: its name and all its dates."""
    period = locked(period)
    ensure(policies.can_move_period(by, period, "change"))
    others = taken(period.region, dates)
    if dates.name.strip() == period.name:
        others.pop("name", None)
    if (dates.starts, dates.ends) == (period.starts, period.ends):
        others.pop("ends", None)
    refuse(others | faults(dates, days_off=days_off or period.retrospective))
    before = {name: getattr(period, name) for name in ("name", *DAYS)}
    after = asdict(dates) | {"name": clean(dates.name).strip()[:40]}
    for name, value in after.items():
        setattr(period, name, value)
    period.by_calendar = by_calendar and not period.retrospective
    try:
        with transaction.atomic():
            period.save()
    except IntegrityError as clash:
        raise DomainError(_("已有同名或同一报告期的填报期。"), code="conflict") from clash
    _record("change", period, by, before=before, after=after)
    return period


@transaction.atomic
def remove(period: Period, *, by: Any) -> None:
    """Take a period that was planned by mistake out of the calendar; its row is deleted.

    Nobody was told of it before it opens, so nobody is told now; the audit row keeps its dates.
    """
    period = locked(period)
    ensure(policies.can_move_period(by, period, "remove"))
    kept = {name: getattr(period, name) for name in ("name", "year", *DAYS)}
    _record("remove", period, by, **kept)
    try:
        period.delete()
    except ProtectedError as held:
        raise DomainError(
            _("“%s”已经有表格或综合判定，不能删除；可以修改名称和日期。") % period.name
        ) from held


@transaction.atomic
def prolong(
    period: Period,
    due_on: date,
    closes_on: date,
    reason: str,
    *,
    by: Any,
    now: datetime,
    days_off: bool = False,
) -> Period:
    """Give every unit more time in an open period: its due date moves, and only later.

    Everyone whose unit still owes something is told.
    """
    period, today = locked(period), timezone.localdate(now)
    ensure(policies.can_move_period(by, period, "prolong"))
    reason = with_reason(reason)
    wrong = faults(
        Dates(period.name, period.starts, period.ends, period.opens_on, due_on, closes_on),
        days_off=days_off,
    )
    if due_on <= period.due_on:
        wrong["due_on"] = [
            _("已经启动，时限只能推迟：请选 %s 以后的日期。") % period.due_on.isoformat()
        ]
    elif due_on < today:
        wrong["due_on"] = [_("请选今天或以后的日期。")]
    refuse(wrong)
    before = {"due_on": period.due_on, "closes_on": period.closes_on, "state": period.state}
    period.due_on, period.closes_on, period.state = due_on, closes_on, Period.State.OPEN
    period.save()
    tell(
        _owing(period, today),
        event=f"period:{period.pk}:due:{due_on.isoformat()}",
        reason="waiting",
        text=_("%(name)s填报时限推迟到 %(day)s：%(reason)s")
        % {"name": period.name, "day": due_on.isoformat(), "reason": reason},
        view="home",
    )
    _record("prolong", period, by, before=before, due_on=due_on, closes_on=closes_on, reason=reason)
    return period


def _owing(period: Period, today: date) -> list[int]:
    """Return the people of the units that still owe something in a period."""
    owed = Entry.objects.filter(period=period, task__cancelled_at__isnull=True).owed()
    units = owed.order_by().values("department").distinct()
    return department_people(units.values_list("department", flat=True), today)


@transaction.atomic
def open_period(period: Period, *, by: Any, now: datetime) -> int:
    """Open a period: make one entry for each reporting unit of each task; return how many.

    Refused while a task's 汇总单位 is not settled, because nobody would know whom to report to.
    Opening twice makes nothing twice: the constraint on (period, assignment) sees to it.
    """
    period, today = locked(period), timezone.localdate(now)
    ensure(policies.can_move_period(by, period, "open", today))
    if stop := hindrance(period):
        raise DomainError(stop.words, code=stop.code)
    made = make_entries(period, now)
    period.state, period.opened_at = Period.State.OPEN, now
    period.save()
    _tell_opened(period, by, now)
    _record("open", period, by, entries=made)
    return made


def _tell_opened(period: Period, by: Any, now: datetime) -> None:
    """Tell the people of all units that report; at night the calendar waits for the morning."""
    day = timezone.localdate(now)
    morning = timezone.make_aware(datetime.combine(day, MORNING))
    text = (
        _("%(name)s填报已启动，%(day)s前报送。")
        % {"name": period.name, "day": period.due_on.isoformat()}
        if not period.retrospective
        else _("%s补录已启动，请把当年的情况补填进来，不计迟报。") % period.name
    )
    units = Entry.objects.filter(period=period).order_by().values_list("department").distinct()
    tell(
        department_people((one for (one,) in units), day),
        event=f"period:{period.pk}:open",
        reason="waiting",
        text=text,
        view="home",
        after=max(now, morning) if by is None else now,
    )


@transaction.atomic
def close_period(period: Period, *, by: Any, now: datetime | None = None) -> Period:
    """Close a period; drafts stay as they are, and the office may extend or reopen."""
    now = now or timezone.now()
    period = locked(period)
    ensure(policies.can_move_period(by, period, "close", timezone.localdate(now)))
    period.state, period.closed_at = Period.State.CLOSED, now
    period.save()
    _tell_closed(period, now)
    _record("close", period, by)
    return period


def _tell_closed(period: Period, now: datetime) -> None:
    """Tell the people of units that owe something that nothing is taken any more."""
    tell(
        _owing(period, timezone.localdate(now)),
        event=f"period:{period.pk}:close:{period.updated_at.isoformat()}",
        reason="due",
        text=_("%s填报已截止，您单位还有未报送的。需要补报请联系纲要办延期或重新开放。")
        % period.name,
        view="period",
        subject=period.pk,
    )


@transaction.atomic
def reopen_period(
    period: Period, until: date, reason: str, *, by: Any, now: datetime, days_off: bool = False
) -> Period:
    """Take reports again in a closed period until a day; what comes in is late."""
    period, today = locked(period), timezone.localdate(now)
    ensure(policies.can_move_period(by, period, "reopen"))
    reason = with_reason(reason)
    if until < today:
        refuse({"until": [_("请选今天或以后的日期。")]})
    if said := workdays.beyond(until):
        refuse({"until": [said]})
    if not days_off and (said := day_off(until)):
        refuse({"until": [said]})
    period.state, period.closed_at = Period.State.GRACE, None
    period.closes_on = max(until, period.due_on)
    period.save()
    tell(
        _owing(period, today),
        event=f"period:{period.pk}:reopen:{now.isoformat()}",
        reason="waiting",
        text=_("%(name)s填报重新开放到 %(day)s：%(reason)s")
        % {"name": period.name, "day": until.isoformat(), "reason": reason},
        view="home",
    )
    _record("reopen", period, by, until=until, reason=reason)
    return period


@transaction.atomic
def freeze(period: Period, reason: str, *, by: Any, now: datetime) -> Period:
    """Lock a closed period for good, because a report rests on it; then corrections only.

    `reason` names the report. An entry is corrected by opening it again (`decisions.reopen`).
    """
    period = locked(period)
    ensure(policies.can_move_period(by, period, "freeze"))
    reason = with_reason(reason)
    period.state, period.frozen_at = Period.State.FROZEN, now
    period.save()
    _record("freeze", period, by, reason=reason)
    return period


@transaction.atomic
def unfreeze(period: Period, reason: str, *, by: Any) -> Period:
    """Undo the freezing of a period, because the report that rested on it was withdrawn."""
    period = locked(period)
    ensure(policies.can_move_period(by, period, "unfreeze"))
    reason = with_reason(reason)
    period.state, period.frozen_at = Period.State.CLOSED, None
    period.save()
    _record("unfreeze", period, by, reason=reason)
    return period


@transaction.atomic
def turn_grace(today: date) -> int:
    """Mark open periods whose due date has passed: entries are still accepted, as late."""
    turned = Period.objects.filter(
        state=Period.State.OPEN, due_on__lt=today, retrospective=False
    ).update(state=Period.State.GRACE)
    if turned:
        audit.record("tasks.period.grace", None, detail={"periods": turned, "on": today})
    return turned
