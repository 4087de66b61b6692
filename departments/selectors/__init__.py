"""Reads about departments that go beyond one row: the present bearer of an old name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Q

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


def with_office(regions: Iterable[Region], day: date) -> set[int]:
    """Return the ids of those of the regions whose office somebody holds on a day (one query)."""
    return set(
        Membership.objects.valid_on(day)
        .filter(role=Membership.Role.OFFICE, region__in=regions, user__is_active=True)
        .values_list("region", flat=True)
    )


def office_people(region: Region, day: date) -> list[int]:
    """Return the ids of those who act as the region's office on a day."""
    return _people(Membership.objects.filter(role=Membership.Role.OFFICE, region=region), day)


def leaders_of(region: Region, day: date) -> list[int]:
    """Return the ids of those who act as the leadership group of exactly this region on a day."""
    return _people(Membership.objects.filter(role=Membership.Role.LEADER, region=region), day)


def department_people(
    departments: Iterable[int], day: date, roles: tuple[str, ...] = ("liaison", "head")
) -> list[int]:
    """Return the ids of those who hold one of the roles in one of the departments on a day."""
    return _people(Membership.objects.filter(role__in=roles, department__in=list(departments)), day)


def places_of(people: Iterable[int]) -> dict[int, str]:
    """Map people's ids to the path of the region of the role that they begin with (one query)."""
    rows = Membership.objects.filter(user__in=list(people), valid_to__isnull=True).order_by("-id")
    paths = rows.values_list("user", "region__path", "department__region__path")
    return {user: own or of_unit or "" for user, own, of_unit in paths}


def _people(memberships: Any, day: date) -> list[int]:
    rows = memberships.valid_on(day).filter(user__is_active=True).order_by("user")
    return list(rows.values_list("user", flat=True).distinct())


def administrators(region: Region, day: date) -> list[int]:
    """Return the ids of the system administrators of exactly this region on a day."""
    return _people(Membership.objects.filter(role=Membership.Role.ADMIN, region=region), day)


def known_people(region: Region, name: str, phone: str) -> list[User]:
    """Return the accounts within a region that bear this name and number; none without one."""
    if not phone:
        return []
    here = Q(memberships__region__path__startswith=region.path) | Q(
        memberships__department__region__path__startswith=region.path
    )
    return list(User.objects.filter(here, name=name, phone=phone).distinct().order_by("pk"))


def free_usernames(region: Region, count: int) -> list[str]:
    """Return the next log-in names of a region: its code and a number, nothing personal."""
    stem = f"{region.code}-"
    rows = User.objects.filter(username__startswith=stem).values_list("username", flat=True)
    tails = (name[len(stem) :] for name in rows)
    last = max((int(tail) for tail in tails if tail.isascii() and tail.isdigit()), default=0)
    return [f"{stem}{number:03d}" for number in range(last + 1, last + 1 + count)]


def successors_for(user: Any, department: Department) -> Any:
    """Return the accounts that a person may choose to take over a role of a unit.

    A head chooses among the people of the unit, others among those of the unit's region.
    """
    here = Q(memberships__department=department)
    if user.acting.department_id is None:
        path = department.region.path
        here = Q(memberships__region__path__startswith=path) | Q(
            memberships__department__region__path__startswith=path
        )
    return User.objects.filter(here, is_active=True).distinct().order_by("pk")


def accounts_for(user: Any) -> Any:
    """Return the accounts that somebody who manages people may look at."""
    rows = Membership.objects.visible_to(user)
    return User.objects.filter(pk__in=rows.values("user"))


def account_locked(person: User, now: datetime) -> bool:
    """Tell whether failed log-ins lock an account at present, from any address."""
    since = now - timedelta(hours=float(settings.AXES_COOLOFF_TIME))
    return AccessAttempt.objects.filter(
        username=person.username,
        failures_since_start__gte=settings.AXES_FAILURE_LIMIT,
        attempt_time__gte=since,
    ).exists()
