"""How regions come into the portal: from the published table, or named by a document."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import DomainError
from departments import reference
from departments.models import Region
from departments.regions import RegionProposal, region_proposal

PROVISIONAL = 900000  # codes from here on are placeholders until a person confirms the region


def regions_of_codes(codes: Iterable[str]) -> dict[str, Region]:
    """Return the regions of published codes, making them and those above where missing.

    One read and at most one write a level. Raises DomainError for a code nobody published.
    """
    wanted = set(codes)
    places = {}
    for code in wanted:
        above: str | None = code
        while above is not None and above not in places:
            if (place := reference.places().get(above)) is None:
                break
            places[above] = place
            above = place.parent
    found = {one.code: one for one in Region.objects.filter(code__in=wanted | set(places))}
    if unknown := sorted(wanted - set(places) - set(found)):
        raise DomainError(_("没有区划代码为 %(code)s 的地区。") % {"code": unknown[0]})
    for level in Region.Level.values:
        missing = [
            place for place in places.values() if place.level == level and place.code not in found
        ]
        made = []
        for place in sorted(missing, key=lambda one: one.code):
            parent = found[place.parent] if place.parent else None
            path = (parent.path if parent else "") + place.code
            made.append(
                Region(code=place.code, name=place.name, level=level, parent=parent, path=path)
            )
        if made:
            found.update((one.code, one) for one in Region.objects.bulk_create(made))
    return {code: found[code] for code in wanted}


def region_of_code(code: str) -> Region:
    """Return the region of a published code, making it and those above it where missing."""
    return regions_of_codes([code])[code]


def region_entered(code: str, name: str) -> Region:
    """Return the region of a code, making it under this name where the published table lacks it.

    What stands above it follows from the code: the city of the first four digits where it is
    known, else the province.
    """
    if Region.objects.filter(code=code).exists() or code in reference.places() or not name:
        return region_of_code(code)
    if not (code.isascii() and code.isdigit() and len(code) == 6):
        raise DomainError(_("区划代码应是 6 位数字。"))
    city = f"{code[:4]}00"
    known = Region.objects.filter(code=city).exists() or city in reference.places()
    parent = region_of_code(city if known and city != code else f"{code[:2]}0000")
    level = Region.Level.CITY if code == city else Region.Level.COUNTY
    return Region.objects.create(
        code=code,
        name=name,
        level=level,
        parent=parent,
        path=parent.path + code,
    )


@transaction.atomic
def region_named(name: str, parent: Region | None = None) -> Region:
    """Return the region of this name: a stored one, else a published one, else a new one.

    A new region is unconfirmed and has a provisional code; it stands under `parent` or under
    what is printed in front of it, else under nothing until a person says more. Raises
    DomainError when several places bear the name, so that nobody picks at random.
    """
    return _region(region_proposal(name, parent))


def _region(proposal: RegionProposal) -> Region:
    if proposal.kind == "ambiguous":
        raise DomainError(_("有不止一个地区叫“%(name)s”，请先指定地区。") % {"name": proposal.name})
    if proposal.region is not None:
        return proposal.region
    if proposal.code is not None:
        return region_of_code(proposal.code)
    parent = _region(proposal.parent) if proposal.parent else None
    newest = Region.objects.filter(confirmed=False).order_by("-code").first()
    code = str(int(newest.code) + 1 if newest else PROVISIONAL)
    return Region.objects.create(
        code=code,
        name=proposal.name,
        level=proposal.level,
        parent=parent,
        path=(parent.path if parent else "") + code,
        confirmed=False,
    )
