"""Values that count, as lists and judgements need them: a few columns, without the model.

A country's grid reads thousands of them; a model of forty fields each would cost more than all
the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import Q

from indicators.models import Indicator, Observation
from indicators.models.observations import number_text

COLUMNS = (
    "indicator_id",
    "pk",
    "region_id",
    "year",
    "status",
    "value",
    "numerator",
    "denominator",
    "basis",
    "series",
    "margin",
    "sample_size",
    "design_effect",
    "source",
    "is_demo",
)
_BASES = dict(Observation.Basis.choices)


@dataclass(slots=True)
class Counted:
    """A row of `Observation` with the columns above, and the indicator that it is of."""

    indicator_id: int
    pk: int
    region_id: int
    year: int
    status: str
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    basis: str
    series: str
    margin: Decimal | None
    sample_size: int | None
    design_effect: Decimal | None
    source: str
    is_demo: bool
    indicator: Indicator = field(init=False)

    @property
    def number(self) -> str:
        """Return the value without its unit, with the decimals of its column."""
        return number_text(self.indicator, self.value, self.numerator, self.status)

    def get_basis_display(self) -> str:
        """Return the word of `basis`, as the model does."""
        return str(_BASES[self.basis])


@cache
def _figures() -> Any:
    """Return the query without its conditions: building it takes longer than answering it."""
    return Observation.objects.figures().order_by().values_list(*COLUMNS)


def counted(indicators: Mapping[int, Indicator], *conditions: Q, **more: Any) -> list[Counted]:
    """Return what counts under the conditions, each with its indicator, unordered (one query)."""
    found = _figures().filter(*conditions, indicator__in=indicators, **more)
    rows = [Counted(*row) for row in found]
    for row in rows:
        row.indicator = indicators[row.indicator_id]
    return rows
