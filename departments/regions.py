"""Read which region a printed place name means, without writing anything."""

from collections.abc import Sequence
from dataclasses import dataclass

from departments import reference
from departments.models import Region
from departments.names import CITY, COUNTY, chain_of, normalise

DIGITS = 6  # of one code within a path


@dataclass(frozen=True, slots=True)
class RegionProposal:
    """What a printed place name means; `kind` says which of the other fields count.

    stored: `region`. published: `code` of the reference table, not stored yet. ambiguous:
    `choices`, for a person. new: nobody knows it; `level` is the likely one. `parent` is what
    stands above it: printed in front of it, given, or known; None where nothing says so.
    """

    printed: str
    name: str
    kind: str
    level: str
    region: Region | None = None
    code: str | None = None
    parent: "RegionProposal | None" = None
    choices: "tuple[RegionProposal, ...]" = ()

    def __str__(self) -> str:
        return f"{self.parent}{self.name}" if self.parent else self.name


def stored(region: Region, printed: str = "") -> RegionProposal:
    """Return the proposal that means a stored region."""
    above = region.parent
    parent = (
        RegionProposal(above.name, above.name, "stored", above.level, above, above.code)
        if above
        else None
    )
    return RegionProposal(
        printed or region.name, region.name, "stored", region.level, region, region.code, parent
    )


def _published(place: reference.Place, printed: str) -> RegionProposal:
    above = reference.places().get(place.parent) if place.parent else None
    parent = _published(above, above.name) if above else None
    return RegionProposal(
        printed, place.name, "published", place.level, code=place.code, parent=parent
    )


def _codes_above(one: RegionProposal) -> set[str]:
    """Return the codes of everything above a stored or published place."""
    if one.region is not None:
        path = one.region.path
        return {path[n : n + DIGITS] for n in range(0, len(path) - DIGITS, DIGITS)}
    codes, above = set(), one.parent
    while above is not None and above.code:
        codes.add(above.code)
        above = above.parent
    return codes


def region_proposal(printed: str, parent: Region | None = None) -> RegionProposal:
    """Say which region a printed name means: ××区, or ××省××市××区 with those above it.

    A stored region of that name counts first, then a published one, else it is new. `parent`
    narrows a name that several places bear. One query.
    """
    whole = normalise(printed)
    chain = chain_of(whole)
    wanted = {whole, *(name for name, _level in chain)}
    known: dict[str, list[RegionProposal]] = {}
    for row in Region.objects.filter(name__in=wanted).select_related("parent"):
        known.setdefault(row.name, []).append(stored(row, printed))
    codes = {one.code for found in known.values() for one in found}
    for name in wanted:
        for place in reference.named(name):
            if place.code not in codes:
                known.setdefault(name, []).append(_published(place, printed))
    if len(chain) > 1 and whole in known:
        chain = [(whole, chain[-1][1])]
    upper = stored(parent) if parent is not None else None
    result = upper
    for name, level in chain:
        result = _one(printed, name, level, known.get(name, []), result)
    assert result is not None  # noqa: S101 (a chain has at least one name)
    return result


def _one(
    printed: str,
    name: str,
    level: str,
    found: Sequence[RegionProposal],
    upper: RegionProposal | None,
) -> RegionProposal:
    """Return what one name of a chain means, given what stands above it."""
    if upper is not None:
        if upper.code is not None:
            found = [
                one for one in found if upper.code == one.code or upper.code in _codes_above(one)
            ]
        elif upper.kind == "new":
            found = []
    kept = [one for one in found if one.kind == "stored"] or list(found)
    if len(kept) == 1:
        return kept[0]
    if len(kept) > 1:
        return RegionProposal(printed, name, "ambiguous", kept[0].level, choices=tuple(kept))
    if level == CITY.name and upper is not None and upper.level in (CITY.name, COUNTY.name):
        level = COUNTY.name  # a city within a city is a county-level one
    return RegionProposal(printed, name, "new", level, parent=upper)
