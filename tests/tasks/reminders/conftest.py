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

    people = list(User.objects.all())
    for one in people:
        one.email = f"{one.username}@example.cn"
    User.objects.bulk_update(people, ["email"])
    Notice.objects.all().delete()
    Delivery.objects.all().delete()
    return cast


@pytest.fixture
def crowd(cast: Cast) -> Callable[[int], list[Department]]:
    """Return a function that adds units, each with a liaison and an untouched entry of `period`."""
    from departments.models import Department, Membership, User
    from tasks.models import Assignment, Entry

    def add(count: int) -> list[Department]:
        start = Department.objects.count()
        names = [f"第{start + number}单位" for number in range(count)]
        Department.objects.bulk_create(
            Department(region=cast.city_a, name=name, kind="government") for name in names
        )
        units = list(Department.objects.filter(name__in=names).order_by("id"))
        User.objects.bulk_create(
            User(username=f"crowd{one.pk}", name="众", email=f"crowd{one.pk}@example.cn")
            for one in units
        )
        people = User.objects.filter(username__in=[f"crowd{one.pk}" for one in units])
        by_name = {one.username: one for one in people}
        Membership.objects.bulk_create(
            Membership(user=by_name[f"crowd{one.pk}"], role="liaison", department=one)
            for one in units
        )
        Assignment.objects.bulk_create(
            Assignment(task=cast.task_4, department=one, role="responsible") for one in units
        )
        Entry.objects.bulk_create(
            Entry(
                period=cast.period,
                task_id=one.task_id,
                assignment=one,
                department_id=one.department_id,
                kind="report",
            )
            for one in Assignment.objects.filter(department__in=units)
        )
        return units

    return add
