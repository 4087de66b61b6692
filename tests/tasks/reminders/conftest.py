"""What the tests of reminders share: everybody has an address, and nobody was told yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from departments.models import Department
    from tests.cast import Cast


@pytest.fixture
def quiet(cast: Cast) -> Cast:
    """Return the cast with addresses (NAME@example.cn) and an empty inbox for each."""
    from core.models import Delivery, Notice
    from departments.models import User
    from tasks.models import SupervisionItem

    people = list(User.objects.all())
    for one in people:
        one.email = f"{one.username}@example.cn"
    User.objects.bulk_update(people, ["email"])
    Notice.objects.all().delete()
    Delivery.objects.all().delete()
    SupervisionItem.objects.update(state="reviewing")  # nothing is owed but entries
    return cast


@pytest.fixture
def crowd(cast: Cast) -> Callable[[int], list[Department]]:
    """Return a function that adds units, each with a liaison and an untouched entry of `period`."""
    from tests.units import add_units

    return lambda count: add_units(cast, count)
