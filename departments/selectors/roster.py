"""The 成员单位名册 as of a day: who sits where, who could report, and what does not fit."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from departments.contacts import masked
from departments.models import Department, Membership, Region, Seat, User
from departments.policies import can_keep_roster, reads_phones

GROUP = (Seat.Kind.CHAIR, Seat.Kind.VICE_CHAIR, Seat.Kind.MEMBER, Seat.Kind.DIRECTOR)
REPORTING = (Membership.Role.LIAISON, Membership.Role.HEAD)


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A seat with the number as this person may read it."""

    seat: Seat
    phone: str


@dataclass(slots=True)
class UnitLine:
    """A unit with its leader in charge and liaisons, and whether anyone can report for it."""

    department: Department
    in_charge: list[SeatLine] = field(default_factory=list)
    liaisons: list[SeatLine] = field(default_factory=list)
    reached: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that roster and accounts say differently, for a person to settle."""

    kind: str  # ended, unlinked, no_account, missing
    department: Department
    name: str
    seat: Seat | None = None
    user: User | None = None


@dataclass(slots=True)
class Roster:
    """The roster of a region as of a day; `differences` are of today and for its keepers."""

    region: Region
    on: date
    group: list[SeatLine]
    units: list[UnitLine]
    may_keep: bool
    differences: list[Difference] = field(default_factory=list)

    @property
    def unreached(self) -> list[Department]:
        return [one.department for one in self.units if not one.reached]

    @property
    def lines(self) -> list[SeatLine]:
        """Return every seat in the order of the table."""
        rows = [one for unit in self.units for one in (*unit.in_charge, *unit.liaisons)]
        return [*self.group, *rows]


def roster(user: Any, region: Region, on: date) -> Roster:
    """Return a region's roster as a person may read it (a constant number of queries)."""
    order = {kind: place for place, kind in enumerate(Seat.Kind.values)}
    seats = list(
        Seat.objects.visible_to(user)
        .filter(region=region)
        .valid_on(on)
        .select_related("department")
        .order_by("id")
    )
    seats.sort(key=lambda one: order[one.kind])
    whole = reads_phones(user, region, None)
    own = user.acting.department_id if user.acting else None
    units = {one.pk: UnitLine(one) for one in _units(region, on)}
    found = Roster(region, on, [], [], bool(can_keep_roster(user, region)))
    for seat in seats:
        open_number = whole or (own is not None and seat.department_id == own)
        line = SeatLine(seat, seat.phone if open_number else masked(seat.phone))
        if seat.kind in GROUP or seat.department is None:
            found.group.append(line)
        else:
            unit = units.setdefault(seat.department.pk, UnitLine(seat.department))
            (unit.liaisons if seat.kind == Seat.Kind.LIAISON else unit.in_charge).append(line)
    roles = list(_roles(region, on))
    for role in roles:
        if role.department_id in units:
            units[role.department_id].reached = True
    found.units = list(units.values())
    if whole:
        found.differences = _differences(found.units, roles)
    return found


def _units(region: Region, on: date) -> Any:
    rows = Department.objects.filter(region=region, confirmed=True).valid_on(on)
    return rows.exclude(kind=Department.Kind.GROUP).order_by("id")


def _roles(region: Region, on: date) -> Any:
    return (
        Membership.objects.valid_on(on)
        .filter(role__in=REPORTING, department__region=region, user__is_active=True)
        .select_related("user", "department")
        .order_by("id")
    )


def _differences(units: list[UnitLine], roles: list[Membership]) -> list[Difference]:
    """Compare the 联络员 of the roster with the accounts that can report; nothing is changed."""
    by_unit: dict[int, list[Membership]] = {}
    for role in roles:
        by_unit.setdefault(role.department_id or 0, []).append(role)
    found = []
    for unit in units:
        here = by_unit.get(unit.department.pk, [])
        accounts = {role.user_id: role.user for role in here}
        for line in unit.liaisons:
            seat = line.seat
            if seat.user_id in accounts:
                continue
            same = [one for one in accounts.values() if one.name == seat.name]
            if seat.user_id is None and same:
                found.append(Difference("unlinked", unit.department, seat.name, seat, same[0]))
            elif seat.user_id is not None:
                found.append(Difference("ended", unit.department, seat.name, seat))
            else:
                found.append(Difference("no_account", unit.department, seat.name, seat))
        seated = {line.seat.user_id for line in unit.liaisons}
        names = {line.seat.name for line in unit.liaisons}
        found += [
            Difference("missing", unit.department, str(role.user), None, role.user)
            for role in here
            if role.role == Membership.Role.LIAISON
            and role.user_id not in seated
            and role.user.name not in names
        ]
    return found
