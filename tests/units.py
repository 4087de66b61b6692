"""Many units beside the cast: each with a liaison who has an address, and an untouched entry."""

from __future__ import annotations  # loaded before Django has its models

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from departments.models import Department
    from tests.cast import Cast


def add_units(cast: Cast, count: int) -> list[Department]:
    """Add units to city A, each of which owes one entry of `period` (task_4) to the office."""
    from departments.models import Department, Membership, User
    from tasks.models import Assignment, Entry

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
        Membership(user=by_name[f"crowd{one.pk}"], role="liaison", department=one) for one in units
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
