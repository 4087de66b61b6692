"""Reads about departments that go beyond one row: the present bearer of an old name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from departments.models import Department, Membership, Region, Succession, User


@dataclass(frozen=True, slots=True)
class Followed:
    """Where a department's work has gone: the last bearer, and what that one was split into."""

    end: int
    split: tuple[int, ...] = ()


def followed(departments: Iterable[int], day: date) -> dict[int, Followed]:
    """Follow each department id through the successions that are confirmed and have come.

    Renames and mergers are followed, at most ten steps; at a split the way ends, because a person
    decides it for each task. One query.
    """
    steps: dict[int, int] = {}
    split: dict[int, list[int]] = {}
    for old, new, kind in (
        Succession.objects.filter(confirmed_at__isnull=False, on__lte=day)
        .order_by("on", "id")
        .values_list("old", "new", "kind")
    ):
        if kind == Succession.Kind.SPLIT:
            split.setdefault(old, []).append(new)
        else:
            steps[old] = new

    def end_of(here: int) -> int:
        for _hop in range(10):
            if here in split or here not in steps:
                break
            here = steps[here]
        return here

    found = {}
    for start in departments:
        end = end_of(start)
        parts = dict.fromkeys(end_of(one) for one in split.get(end, ()))
        found[start] = Followed(end, tuple(parts))
    return found


def successors(departments: Iterable[int], day: date) -> dict[int, int]:
    """Map department ids to the one that carries their work on a day, where it differs.

    A split is never followed: a person decides it for each task.
    """
    return {start: to.end for start, to in followed(departments, day).items() if to.end != start}


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
