"""What tests of indicators share: one more verified value, whatever its region and year."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest


@pytest.fixture
def verified(cast: Any) -> Callable[..., Any]:
    """Return a function that sets down a verified value (None: not measured)."""
    from indicators.models import Observation

    def add(indicator: Any, region: Any, year: int, value: str | None, **more: Any) -> Any:
        return Observation.objects.create(
            indicator=indicator,
            region=region,
            year=year,
            value=None if value is None else Decimal(value),
            status="not_measured" if value is None else "measured",
            state="verified",
            **{"note": "当年没有调查" if value is None else "", **more},
        )

    return add
