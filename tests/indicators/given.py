"""What tests of indicators write again and again: values as they are handed in, and targets."""

from decimal import Decimal
from typing import Any

import pytest

from indicators import services
from indicators.models import Observation
from indicators.selectors import TargetView, plan_targets
from indicators.services import Given, RowErrors, write
from tests.cast import Cast
from tests.cast_story import NOW


def literacy(cast: Cast, year: int, value: Any = "9.1", **more: Any) -> Given:
    place = more.pop("region", cast.city_a)
    named = {key: more.pop(key) for key in ("version", "department", "part") if key in more}
    fields = {"value": None if value is None else Decimal(str(value)), **more}
    return Given(cast.literacy_ratio, place, year, fields, **named)


def funding(
    cast: Cast, year: int, top: int = 5_400_000, bottom: int = 3_000_000, **more: Any
) -> Given:
    named = {key: more.pop(key) for key in ("department",) if key in more}
    fields = {
        "numerator": Decimal(top),
        "denominator": Decimal(bottom),
        "denominator_basis": "resident",
        **more,
    }
    return Given(cast.funding_per_capita, cast.city_a, year, fields, basis="actual", **named)


def wrong(cast: Cast, *rows: Given, by: Any = None) -> dict[int, list[str]]:
    """Return which fields of which rows are told to be wrong."""
    before = Observation.objects.count()
    with pytest.raises(RowErrors) as caught:
        write(rows, by=by or cast.office)
    assert Observation.objects.count() == before, "all or none"
    return {number: list(fields) for number, fields in caught.value.rows.items()}


def handed_in(cast: Cast, one: Given) -> Observation:
    (done,) = write([one], by=cast.office)
    return services.submit(done.row, by=cast.office)


def checked(cast: Cast, one: Given) -> Observation:
    return services.verify(handed_in(cast, one), by=cast.office_2, now=NOW)


def view_of(cast: Cast, name: str, year: int) -> TargetView:
    target = getattr(cast, name)
    return next(one for one in plan_targets(cast.plan, year) if one.target == target)
