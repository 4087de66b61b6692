"""Rows inserted in one statement are those that were handed in, whatever they have in common."""

from decimal import Decimal

import pytest
from django.utils import timezone

from core.bulk import insert
from indicators.models import Observation
from tests.cast import Cast

pytestmark = pytest.mark.services  # PostgreSQL has a way of its own


@pytest.mark.parametrize("count", [1, 2, 7])
def test_what_is_stored_is_what_was_handed_in(cast: Cast, count: int) -> None:
    now = timezone.now()
    rows = [
        Observation(
            indicator=cast.funding_per_capita,
            region=cast.city_a,
            year=2000 + one,
            value=Decimal(one) / 7 if one % 2 else Decimal(1),
            numerator=Decimal(one) if one > 1 else None,
            denominator=Decimal(7) if one > 1 else None,
            sample_size=None,
            source='财政“决算”\\ {1,2} "',
            note="" if one else "第一个",
            entered_by=cast.office,
            created_at=now,
            updated_at=now,
        )
        for one in range(count)
    ]
    for row in rows:
        row.value = round(row.value or Decimal(0), 6)
    insert(rows)
    assert [one.pk for one in rows] == sorted(one.pk for one in rows)
    stored = Observation.objects.in_bulk([one.pk for one in rows])
    for row in rows:
        assert not row._state.adding
        for field in Observation._meta.concrete_fields:
            assert getattr(stored[row.pk], field.attname) == getattr(row, field.attname), field


def test_nothing_is_inserted_for_nothing(cast: Cast) -> None:
    before = Observation.objects.count()
    insert([])
    assert Observation.objects.count() == before
