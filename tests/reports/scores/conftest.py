"""What tests of scorecards share: the clock of the cast, and a reader of pages."""

from __future__ import annotations  # loaded before Django has its models

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

if TYPE_CHECKING:
    from django.test import Client

    from departments.models import User
    from tests.cast import Cast


@pytest.fixture
def clock(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pages look at the day of the cast, whose own story is told by the true clock."""
    from tests.cast_texts import NOW

    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def read(browse: Callable[..., Client]) -> Callable[[User, str], str]:
    """Return a function that gives the text of a page as a person reads it."""

    def page(person: User, address: str) -> str:
        answer = browse(person).get(address)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        return answer.content.decode()

    return page
