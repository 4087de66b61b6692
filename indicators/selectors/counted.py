"""Values that count, as lists and judgements need them: a few columns, without the model.

A country's grid reads thousands of them; a model of forty fields each would cost more than all
the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from indicators.models import Indicator, Observation
from indicators.models.observations import number_text
from indicators.querysets import ObservationQuerySet

COLUMNS = (
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

    indicator: Indicator
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

    @property
    def number(self) -> str:
        """Return the value without its unit, with the decimals of its column."""
        return number_text(self.indicator, self.value, self.numerator, self.status)

    def get_basis_display(self) -> str:
        """Return the word of `basis`, as the model does."""
        return str(_BASES[self.basis])


def counted(rows: ObservationQuerySet, indicators: Mapping[int, Indicator]) -> list[Counted]:
    """Return the rows of a query, each with its indicator, in its order (one query)."""
    found = rows.values_list("indicator_id", *COLUMNS)
    return [Counted(indicators[row[0]], *row[1:]) for row in found]
