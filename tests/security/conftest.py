"""Who knocks at every door: besides the cast, a person whose every role has ended."""

from __future__ import annotations  # loaded before Django has its models

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

if TYPE_CHECKING:
    from departments.models import User
    from tests.cast import Cast


@pytest.fixture
def former(cast: Cast) -> User:
    """Return a liaison of 市教育局 whose role ended yesterday."""
    person = cast.head
    person.memberships.update(role="liaison", valid_to=timezone.localdate() - timedelta(days=1))
    return person
