"""What the tests of the API share: twenty of everything, and the rows that a person is given."""

from __future__ import annotations  # loaded before Django has its models

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cast import Cast


@pytest.fixture
def many(cast: Cast) -> Cast:
    """Return the cast with twenty more of everything that the API lists."""
    from tests.api.crowd import multiply

    multiply(cast, 20)
    return cast


@pytest.fixture
def rows(call: Callable[..., Any]) -> Callable[..., list[dict[str, Any]]]:
    """Return a function that gives the rows of a list as a person sees them."""

    def ask(person: Any, name: str, **parameters: Any) -> list[dict[str, Any]]:
        answer = call(person).get(f"/api/v1/{name}/", parameters)
        assert answer.status_code == 200, answer.content.decode()
        found: list[dict[str, Any]] = answer.json()["results"]
        return found

    return ask
