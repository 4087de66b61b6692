"""Reminders by the calendar: each working-day morning, one digest for each person who owes.

A run may come again, or two at once: constraints see to it that nobody is reminded twice. What a
day missed is not made up for on the next: tomorrow's stage is another one.
"""

from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, mail, notices, workdays
from tasks.models import Reminder
from tasks.selectors.periods import reminders
from tasks.selectors.periods.reminders import Claim

MORNING = time(8)  # on the clock of the screen


def _day(claim: Claim) -> str:
    return _("%(month)s 月 %(day)s 日") % {
        "month": claim.debt.due.month,
        "day": claim.debt.due.day,
    }


def _time_left(claim: Claim) -> str:
    """Say how long there is, or since when it is overdue, in working days."""
    left = claim.debt.left
    if left < 0:
        return _("%(day)s已到期，已过 %(days)s 个工作日") % {"day": _day(claim), "days": -left}
    if left == 0:
        return _("%s到期，请抓紧") % _day(claim)
    return _("%(day)s到期，还有 %(days)s 个工作日") % {"day": _day(claim), "days": left}


def _what(claim: Claim) -> str:
    debt = claim.debt
    if debt.item_id:
        return _("督办件 %s待办") % debt.name
    if claim.to_sign:
        return _("%(name)s填报 %(count)s 项待本单位审签") % {
            "name": debt.name,
            "count": claim.count,
        }
    again = _("（其中 %s 项被退回）") % debt.returned if debt.returned else ""
    told = _("%(name)s填报 %(count)s 项未报送") % {"name": debt.name, "count": claim.count}
    return told + again


def line(claim: Claim) -> str:
    """Say in one line which unit owes what, until when; and whom the office may call instead."""
    told = _("%(unit)s：%(what)s，%(when)s") % {
        "unit": claim.debt.department,
        "what": _what(claim),
        "when": _time_left(claim),
    }
    if claim.stands_in:
        told += _("。该单位没有联络员和负责人账号，请电话或当面联系")
    return f"{told}。"


def summary(claims: list[Claim]) -> str:
    """Say in one sentence what a person owes: the line itself where there is only one."""
    if len(claims) == 1:
        return line(claims[0])
    entries = sum(one.count for one in claims if not one.debt.item_id)
    items = sum(1 for one in claims if one.debt.item_id)
    parts = [_("%s 项填报") % entries] if entries else []
    parts += [_("%s 件督办件") % items] if items else []
    nearest = min(claims, key=lambda one: one.debt.due)
    return _("您有 %(what)s待办，最近的 %(when)s。") % {
        "what": "、".join(parts),
        "when": _time_left(nearest),
    }


def remind(now: datetime) -> int:
    """Remind everyone whose units owe something at today's stage; return how many people.

    Does nothing before the morning and on days off. Rows, notices and mails are one transaction.
    """
    local = timezone.localtime(now)
    if local.time() < MORNING or not workdays.is_workday(local.date()):
        return 0
    return _remind(now)


@transaction.atomic
def _remind(now: datetime) -> int:
    day = timezone.localdate(now)
    owed = reminders.debts(day)
    rules = reminders.rules_by_region()
    before = reminders.reminded_before(owed, day)
    done = reminders.served(day)
    rows: list[Reminder] = []
    dues: dict[int, mail.Due] = {}
    for person, claims in reminders.claims(owed, day).items():
        if person in done:
            continue
        today = [
            one
            for one in claims
            if reminders.is_reminded(one.debt.left, rules[one.debt.region_id])
            and before.get((person, *one.debt.subject), 0)
            < rules[one.debt.region_id].most_reminders
        ]
        if today:
            rows += _rows(person, today, now)
            dues[person] = mail.Due(summary(claims), tuple(map(line, claims)))
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)
    until = timezone.make_aware(datetime.combine(day, MORNING))
    mails = notices.remind(day, dues, now=now, until=until)
    if dues or mails:
        detail: dict[str, Any] = {"day": day, "people": len(dues), "reminders": len(rows)}
        audit.record("tasks.reminders.send", None, detail={**detail, "mails": mails})
    return len(dues)


def _rows(person: int, claims: list[Claim], now: datetime) -> list[Reminder]:
    """Return the record of a reminder: one row for each unit and period or 督办件."""
    counts: dict[tuple[int, int | None, int | None], int] = {}
    debts = {}
    for one in claims:
        place = (one.debt.department_id, *one.debt.subject)
        counts[place] = counts.get(place, 0) + one.count
        debts[place] = one.debt
    return [
        Reminder(
            kind=Reminder.Kind.CALENDAR,
            channel=Reminder.Channel.NOTICE,
            period_id=debt.period_id,
            item_id=debt.item_id,
            department_id=debt.department_id,
            person_id=person,
            on=timezone.localdate(now),
            at=now,
            stage=debt.left,
            entries=counts[place],
        )
        for place, debt in debts.items()
    ]
