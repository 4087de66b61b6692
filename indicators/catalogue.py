"""The indicators that every portal starts with, and how an unknown one is set up.

They are data: `data/catalogue.csv`, one a line; `data/README.md` tells its columns and sources.
"""

import csv
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

LITERACY = "literacy_ratio"
FUNDING = "funding_per_capita"
VENUES = "venue_coverage"

DATA = Path(__file__).parent / "data" / "catalogue.csv"
YES_OR_EMPTY = {"yes": True, "": False}
FLAGS = ("denominator_is_population", "by_department", "by_group", "money")
WHOLE = ("scale", "decimals")
LIMITS = ("lowest", "highest")


@cache
def built_in() -> tuple[dict[str, Any], ...]:
    """Return the fields of every indicator that ships with the portal, as the model has them."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return tuple(_typed(row) for row in csv.DictReader(file))


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    flags = {name: YES_OR_EMPTY[row[name]] for name in FLAGS}
    whole = {name: int(row[name]) for name in WHOLE}
    limits = {name: Decimal(row[name]) if row[name] else None for name in LIMITS}
    return row | flags | whole | limits


def definition(code: str, label: str, unit: str | None, kind: str) -> dict[str, Any]:
    """Return the fields of an indicator that a document names."""
    for one in built_in():
        if one["code"] == code:
            return dict(one)
    return {
        "code": code,
        "name": (label or code)[:120],
        "unit": (unit or "")[:20],
        "kind": kind,
    }
