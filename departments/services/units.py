"""How departments come into the portal: decided on for the names that documents print."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict, DomainError, ensure
from departments import policies, reference
from departments.models import Department, DepartmentName, Region, User
from departments.names import MAX_LENGTH, normalise
from departments.resolution import Decision, Elsewhere, Proposal, Resolution
from departments.selectors import followed
from departments.services.regions import regions_of_codes


def default_decision(resolution: Resolution) -> Decision:
    """Return what stands where no person has decided: never a choice at random.

    A known name means its department or what that became; one that was split stays with the
    department that bore it; any other is new.
    """
    if resolution.proposal is not None:
        return Decision(new=resolution.proposal)
    return Decision(department=resolution.department or resolution.named)


@transaction.atomic
def establish(
    region: Region, decisions: Mapping[str, Decision], *, by: User | None
) -> dict[str, Department]:
    """Write what was decided for each printed name of a region's document.

    New units are made, unconfirmed until the plan is activated, and every printed spelling is
    recorded for the unit decided on, so that the next document needs no decision. `by` None is
    the system. The number of queries does not depend on the names. Raises DomainError where a
    spelling already means another unit.
    """
    if by is not None:
        ensure(policies.can_manage_departments(by, region))
    _check(region, decisions)
    homes = _homes(region, (one.new for one in decisions.values() if one.new is not None))
    # Proposals of one name in one list are one unit; the first of them says its kind.
    made: dict[tuple[int, str], Department] = {}
    units = {
        one: made.setdefault(
            (home.pk, _plain(one.name)),
            Department(region=home, name=_plain(one.name), kind=one.kind, confirmed=False),
        )
        for one, home in homes.items()
    }
    result = {
        name: units[one.new] if one.new is not None else _decided(one)
        for name, one in decisions.items()
    }
    wanted = [(units[one].region, one.name, units[one]) for one in units]
    wanted += [(region, name, unit) for name, unit in result.items()]
    spellings = _unrecorded(wanted)
    _write(made.values(), spellings)
    if spellings:
        audit.record(
            "departments.department.establish",
            region,
            by=by,
            detail={
                "new": [one.pk for one in made.values()],
                "names": {one.name: one.department_id for one in spellings},
            },
            region_path=region.path,
        )
    return result


def _plain(name: str) -> str:
    return normalise(name)[:MAX_LENGTH] or name.strip()[:MAX_LENGTH]


def _decided(one: Decision) -> Department:
    assert one.department is not None  # noqa: S101 (`_check` has seen to it)
    return one.department


def _check(region: Region, decisions: Mapping[str, Decision]) -> None:
    for name, one in decisions.items():
        if (one.department is None) == (one.new is None):
            raise DomainError(_("请为“%(name)s”选定一个单位。") % {"name": name})
        if one.department is None:
            continue
        path = one.department.region.path
        if not (path.startswith(region.path) or region.path.startswith(path)):
            raise DomainError(
                _("“%(name)s”不能定为%(unit)s：它不属于本地区，也不属于上级或下级地区。")
                % {"name": name, "unit": one.department.name}
            )


def _homes(region: Region, proposals: Iterable[Proposal]) -> dict[Proposal, Region]:
    """Return the region in whose list each new unit stands.

    Its own where that is this one or one below; the published ones among them are made. A unit
    of any other place stands in this region's list under its printed name: only that place's own
    office keeps its list.
    """
    listed = list(proposals)
    below = {
        one.region.code
        for one in listed
        if isinstance(one.region, Elsewhere)
        and one.region.code is not None
        and _published_below(region, one.region.code)
    }
    made = regions_of_codes(below) if below else {}
    homes = {}
    for one in listed:
        home: Region | None = None
        if isinstance(one.region, Region):
            home = one.region if one.region.path.startswith(region.path) else None
        elif one.region.code is not None:
            home = made.get(one.region.code)
        homes[one] = home or region
    return homes


def _published_below(region: Region, code: str) -> bool:
    """Tell whether a published code lies below a region, by the published table."""
    place = reference.places().get(code)
    while place is not None and place.code != region.code:
        place = reference.places().get(place.parent) if place.parent else None
    return place is not None


def _unrecorded(wanted: Iterable[tuple[Region, str, Department]]) -> list[DepartmentName]:
    """Return the spellings that are not recorded yet; each is wanted for a unit in a region.

    Raises DomainError for a spelling that means another unit. One that means the predecessor of
    the unit stays with it: the succession leads on.
    """
    rows: dict[tuple[int, str], DepartmentName] = {}
    for region, name, unit in wanted:
        plain = _plain(name)
        row = rows.setdefault(
            (region.pk, plain),
            DepartmentName(
                region=region, department=unit, name=name[:MAX_LENGTH], normalised=plain
            ),
        )
        if row.department is not unit and row.department != unit:
            raise _clash(name, row.department)
    taken = {
        (row.region_id, row.normalised): row.department
        for row in DepartmentName.objects.filter(
            region__in={region for region, _plain in rows},
            normalised__in={plain for _region, plain in rows},
        ).select_related("department")
    }
    others = {key: taken[key] for key, row in rows.items() if key in taken}
    changed = {one.pk for key, one in others.items() if one != rows[key].department}
    ways = followed(changed, date.max) if changed else {}
    for key, one in others.items():
        heirs = {ways[one.pk].end, *ways[one.pk].split} if one.pk in ways else {one.pk}
        if rows[key].department.pk not in heirs:
            raise _clash(rows[key].name, one)
    return [row for key, row in rows.items() if key not in taken]


def _clash(name: str, other: Department) -> DomainError:
    return DomainError(
        _("“%(name)s”已经是%(unit)s的名称，不能再指另一个单位，请选定%(unit)s或改用别的名称。")
        % {"name": name, "unit": other.name},
        code="name_taken",
    )


def _write(units: Iterable[Department], spellings: list[DepartmentName]) -> None:
    """Write new units in the order of the document, then the spellings."""
    try:
        with transaction.atomic():
            Department.objects.bulk_create(units)
            DepartmentName.objects.bulk_create(spellings)
    except IntegrityError as problem:
        raise Conflict(_("刚刚有人登记了同名单位，请重试。")) from problem
