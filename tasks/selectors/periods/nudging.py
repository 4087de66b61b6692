"""Whom the office can chase in a period, how, and how often it has done so."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from departments.models import User
from tasks.models import Period, Reminder
from tasks.selectors.periods.reminders import Debt, owed_in_periods, unit_people

SHOWN = 3  # of the reminders by hand that stand at a unit


@dataclass(frozen=True, slots=True)
class Chase:
    """A unit that owes: whom a notice reaches (`by_mail`: how many of them by mail), the past."""

    debt: Debt
    people: list[User]
    nudges: list[Reminder]
    today: bool  # a notice was sent today; another one waits for tomorrow
    copy: str

    @property
    def by_mail(self) -> int:
        return sum(1 for one in self.people if one.email)

    @property
    def last(self) -> list[Reminder]:
        return self.nudges[:SHOWN]


def told_of(unit: dict[str, list[int]]) -> list[int]:
    """Return whom a notice to a unit goes to: its liaisons, else its heads."""
    return unit.get("liaison") or unit.get("head") or []


def words_to_copy(debt: Debt) -> str:
    """Return what the office can send by other means, complete in itself."""
    return _(
        "%(unit)s：您好！%(period)s填报还有 %(count)s 项未报送，时限为 %(due)s，"
        "请登录纲要通（%(address)s）报送。如有困难，请及时告知纲要办。谢谢！"
    ) % {
        "unit": debt.department,
        "period": debt.name,
        "count": debt.todo + debt.awaiting,
        "due": debt.due.isoformat(),
        "address": settings.PORTAL_URL,
    }


def nudges_of(period: Period) -> dict[int, list[Reminder]]:
    """Return the reminders by hand of a period, per unit, the newest first (one query)."""
    rows = Reminder.objects.filter(period=period, kind=Reminder.Kind.NUDGE).select_related("by")
    found: dict[int, list[Reminder]] = {}
    for one in rows.order_by("-id"):
        found.setdefault(one.department_id, []).append(one)
    return found


def chases(period: Period, on: date) -> list[Chase]:
    """Return the units that owe in a period, in the order of the register (five queries)."""
    owed = sorted(owed_in_periods(on, period), key=lambda one: one.department_id)
    people = unit_people([one.department_id for one in owed], on)
    told = {one.department_id: told_of(people.get(one.department_id, {})) for one in owed}
    users = User.objects.in_bulk({pk for pks in told.values() for pk in pks})
    past = nudges_of(period)
    made = []
    for debt in owed:
        nudges = past.get(debt.department_id, [])
        sent = any(one.on == on and one.channel == Reminder.Channel.NOTICE for one in nudges)
        named = [users[pk] for pk in told[debt.department_id]]
        made.append(Chase(debt, named, nudges, sent, words_to_copy(debt)))
    return made


def own_nudges(user: Any, period: Period) -> list[Reminder]:
    """Return how the person's own unit was chased in a period, the newest first."""
    acting = getattr(user, "acting", None)
    if acting is None or acting.department_id is None:
        return []
    rows = Reminder.objects.filter(
        period=period, department=acting.department_id, kind=Reminder.Kind.NUDGE
    )
    return list(rows.select_related("by").order_by("-id"))
