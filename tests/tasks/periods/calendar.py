"""Periods, days and moments that the tests of periods speak of."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from tasks.models import Period
from tasks.services import periods
from tests.cast import Cast
from tests.cast_story import NOW

TODAY = timezone.localdate(NOW)
LATER = date(2024, 7, 31)  # a working day after the due date of `period`


def at(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment on the clock of the screen."""
    return datetime(year, month, day, hour, minute, tzinfo=timezone.get_default_timezone())


def dates(**changed: Any) -> periods.Dates:
    return replace(
        periods.Dates(
            "2024 年下半年",
            date(2024, 7, 1),
            date(2024, 12, 31),
            date(2025, 1, 2),
            date(2025, 1, 23),
            date(2025, 2, 14),
        ),
        **changed,
    )


def scheduled(cast: Cast, **changed: Any) -> Period:
    given = {"year": 2024, "by": cast.office, **changed}
    mine = {name: given.pop(name) for name in list(given) if name in periods.Dates.__slots__}
    row = dates(**mine)
    days = {name: getattr(row, name) for name in periods.DAYS}
    return periods.schedule(cast.city_a, row.name, **days, **given)


def reread(period: Period) -> Period:
    return Period.objects.select_related("region").get(pk=period.pk)
