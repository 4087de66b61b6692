"""Reads about departments that go beyond one row: the present bearer of an old name."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from departments.models import Department, Membership, Region, Succession, User


def successors(departments: Iterable[int], day: date) -> dict[int, int]:
    """Map department ids to the one that carries their work on a day, where it differs.

    Follows confirmed renames and mergers whose date has come, at most ten steps. A split is
    never followed: a person decides it for each task.
    """
    steps: dict[int, int] = {}
    split: set[int] = set()
    for old, new, kind in (
        Succession.objects.filter(confirmed_at__isnull=False, on__lte=day)
        .order_by("on", "id")
        .values_list("old", "new", "kind")
    ):
        if kind == Succession.Kind.SPLIT:
            split.add(old)
        else:
            steps[old] = new
    found: dict[int, int] = {}
    for start in departments:
        here = start
        for _hop in range(10):
            if here in split or here not in steps:
                break
            here = steps[here]
        if here != start:
            found[start] = here
    return found


def by_id(ids: Iterable[int]) -> dict[int, Department]:
    """Return departments by id with their regions."""
    return Department.objects.select_related("region").in_bulk(list(ids))


def second_person(region: Region, user: User, day: date) -> bool:
    """Tell whether the region's office has anyone beside this person who could check."""
    return (
        Membership.objects.valid_on(day)
        .filter(role=Membership.Role.OFFICE, region=region, user__is_active=True)
        .exclude(user=user)
        .exists()
    )


def has_office(region: Region) -> bool:
    """Tell whether anyone holds the office of exactly this region."""
    return Membership.objects.filter(
        role=Membership.Role.OFFICE, region=region, valid_to__isnull=True, user__is_active=True
    ).exists()


def office_people(region: Region, day: date) -> list[int]:
    """Return the ids of those who act as the region's office on a day."""
    return _people(Membership.objects.filter(role=Membership.Role.OFFICE, region=region), day)


def department_people(
    departments: Iterable[int], day: date, roles: tuple[str, ...] = ("liaison", "head")
) -> list[int]:
    """Return the ids of those who hold one of the roles in one of the departments on a day."""
    return _people(Membership.objects.filter(role__in=roles, department__in=list(departments)), day)


def _people(memberships: Any, day: date) -> list[int]:
    rows = memberships.valid_on(day).filter(user__is_active=True).order_by("user")
    return list(rows.values_list("user", flat=True).distinct())
