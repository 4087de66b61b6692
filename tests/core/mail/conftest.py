"""A post office for one test: Django sends to it over SMTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.smtp import Post, serving

if TYPE_CHECKING:
    from tests.cast import Cast


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    """Return the server to which the portal's mails go."""
    with serving() as office:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
        settings.PORTAL_URL = "https://gy.example.cn"
        yield office


@pytest.fixture
def addressed(cast: Cast) -> Cast:
    """Return the cast with an address for each person: NAME@example.cn."""
    from departments.models import User

    people = list(User.objects.all())
    for one in people:
        one.email = f"{one.username}@example.cn"
    User.objects.bulk_update(people, ["email"])
    return cast
