"""What the table of addresses needs beyond the cast."""

from __future__ import annotations  # loaded before Django has its models

import datetime as dt
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from tests.cast import Cast

if TYPE_CHECKING:
    from departments.models import HandOver, Seat


@dataclass(slots=True)
class Told(Cast):
    """The cast, a 联络员 of education in the roster, and a hand-over that lies ahead.

    On its day the work of 联络员 of finance passes from `liaison_finance` to `double`.
    """

    seat: Seat
    hand_over: HandOver


@pytest.fixture
def cast(cast: Cast) -> Told:
    """Return the cast and what only the table speaks of."""
    from departments.models import HandOver, Membership, Seat

    seat = Seat.objects.create(
        region=cast.city_a,
        kind=Seat.Kind.LIAISON,
        department=cast.education,
        name=cast.liaison.name,
        user=cast.liaison,
        valid_from=dt.date(2023, 1, 1),
    )
    on = timezone.localdate() + dt.timedelta(days=20)
    work: dict[str, Any] = {"department": cast.finance, "role": Membership.Role.LIAISON}
    going, coming = cast.liaison_finance, cast.double
    Membership.objects.filter(user=going, **work).update(valid_to=on - dt.timedelta(days=1))
    Membership.objects.create(user=coming, valid_from=on, **work)
    hand_over = HandOver.objects.create(
        outgoing=going, incoming=coming, on=on, by=cast.office, **work
    )
    known = {field.name: getattr(cast, field.name) for field in fields(Cast)}
    return Told(**known, seat=seat, hand_over=hand_over)
