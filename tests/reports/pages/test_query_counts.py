"""A page asks the database as often for a plan of twenty measures as for one of two more."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import Cast

PAGES = (
    ("leader", "/dashboard/"),
    ("office", "/plans/{plan.pk}/measures/"),
    ("office", "/plans/"),
    ("office", "/plans/{plan.pk}/"),
    ("liaison", "/plans/{plan.pk}/"),
    ("leader", "/plans/{plan.pk}/?measure={measure_1.pk}"),
    ("office", "/"),
    ("liaison", "/"),
    ("head", "/"),
    ("office", "/departments/"),
    ("liaison", "/departments/{education.pk}/"),
    (None, "/public/"),
    (None, "/public/plans/{plan.pk}/"),
    ("office", "/indicators/"),
    ("office", "/indicators/literacy_ratio/"),
    ("liaison", "/notices/"),
)


@pytest.mark.parametrize(("who", "page"), PAGES)
def test_the_number_of_queries_does_not_depend_on_the_number_of_measures(
    who: str | None,
    page: str,
    cast: Cast,
    grow: Callable[[int], None],
    queries: Callable[[Any, str], list[str]],
) -> None:
    person = getattr(cast, who) if who else None
    address = page.format(**{name: getattr(cast, name) for name in cast.__slots__})
    grow(2)
    few = queries(person, address)
    grow(18)
    many = queries(person, address)
    assert len(many) == len(few), "\n".join(many)
    assert len(few) < 40
