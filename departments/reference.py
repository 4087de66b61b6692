"""The published division codes (GB/T 2260) that the portal knows from the start.

`data/regions.csv` holds code and name: the nation, every province, and the places that the
bundled plans and published survey values speak of. Levels and parents follow from the codes.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "regions.csv"
NATION = "100000"


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the reference table; `parent` is the code above it, None for the nation."""

    code: str
    name: str
    level: str
    parent: str | None


def _place(code: str, name: str, codes: set[str]) -> Place:
    if code == NATION:
        return Place(code, name, "nation", None)
    if code.endswith("0000"):
        return Place(code, name, "province", NATION)
    if code.endswith("00"):
        return Place(code, name, "city", f"{code[:2]}0000")
    above = f"{code[:4]}00"
    return Place(code, name, "county", above if above in codes else f"{code[:2]}0000")


@cache
def places() -> dict[str, Place]:
    """Return every known place by its code."""
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = [(row["code"], row["name"]) for row in csv.DictReader(file)]
    codes = {code for code, _name in rows}
    return {code: _place(code, name, codes) for code, name in rows}


def named(name: str) -> list[Place]:
    """Return the places of this full name."""
    return [one for one in places().values() if one.name == name]


def below(code: str) -> list[Place]:
    """Return the places directly below a code, in the order of their codes."""
    return sorted((one for one in places().values() if one.parent == code), key=lambda p: p.code)
