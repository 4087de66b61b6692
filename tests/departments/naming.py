"""The way of printed names from reading to units, as a command goes that nobody watches."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from departments.models import Department, Region


def departments_named(region: Region, names: Iterable[str]) -> dict[str, Department]:
    """Return the department meant by each printed name, making those that nobody knows."""
    from departments.resolution import resolve
    from departments.services import establish
    from departments.services.units import default_decision

    resolved = resolve(region, names, timezone.localdate())
    decisions = {name: default_decision(one) for name, one in resolved.items()}
    return establish(region, decisions, by=None)
