"""Working days of the mainland: public holidays and the weekends worked in exchange for them.

The days come from the library `holidays`. For years whose exchange days the State Council has not
announced yet, statutory holidays and ordinary weekends are all that can be known: a date planned
far ahead may therefore move by a day when the library is updated.
"""

from datetime import date, timedelta
from functools import cache

import holidays
from django.utils.translation import gettext as _

FIRST, LAST = date(1950, 1, 1), date(2100, 12, 31)  # what the library knows


def beyond(day: date) -> str:
    """Say that a day is none of those that the portal reckons with; "" where it is."""
    if FIRST <= day <= LAST:
        return ""
    return _("日期应在 %(first)s 年到 %(last)s 年之间，请核实。") % {
        "first": FIRST.year,
        "last": LAST.year,
    }


@cache
def _calendar() -> holidays.HolidayBase:
    return holidays.country_holidays("CN", language="zh_CN")


def is_workday(day: date) -> bool:
    return _calendar().is_working_day(day)


def why_off(day: date) -> str:
    """Return why nobody works on a day: the holiday's name or the day of the week; else ""."""
    if is_workday(day):
        return ""
    names = {5: _("星期六"), 6: _("星期日")}
    return _calendar().get(day) or names.get(day.weekday(), _("休息日"))


def on_or_after(day: date) -> date:
    """Return the day itself, or the first working day behind it."""
    while not is_workday(day):
        day += timedelta(days=1)
    return day


def add(day: date, count: int) -> date:
    """Return the working day `count` working days behind a day (ahead of it where negative).

    Nought gives the day itself, whether one works on it or not.
    """
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= is_workday(day)
    return day


def between(start: date, end: date) -> int:
    """Count the working days behind `start` up to and including `end`; negative where it is past.

    From a Friday to the Monday that follows it is one.
    """
    if end < start:
        return -between(end, start)
    return sum(is_workday(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))
