"""A country of values for the benchmark of indicators."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.bench._country import BATCH, settled

if TYPE_CHECKING:
    from departments.models import Region, User
    from indicators.models import Indicator
    from indicators.services import Given

PROVINCES, CITIES, COUNTIES = 31, 333, 2844  # with the nation 3,209 places
EARLIER, NEW = range(2010, 2016), range(2016, 2026)


class Place:
    """A nation of provinces, cities and counties, its office, and an indicator with values."""

    def __init__(self) -> None:
        from departments.models import Membership, Region, User
        from indicators.services import ensure_catalogue

        self.nation = Region.objects.create(
            code="700000", name="全国（测速）", level="nation", path="700000"
        )
        self.provinces = self._below([self.nation], "province", PROVINCES, 710_000)
        self.cities = self._below(self.provinces, "city", CITIES, 720_000)
        self.counties = self._below(self.cities, "county", COUNTIES, 730_000)
        self.office: User = User.objects.create(username="bench-office", name="全国纲要办")
        Membership.objects.create(user=self.office, role="office", region=self.nation)
        self.indicator: Indicator = ensure_catalogue()["funding_per_capita"]
        self._people()
        self.values(EARLIER)

    def _below(self, above: list[Region], level: str, count: int, first: int) -> list[Region]:
        from departments.models import Region

        return Region.objects.bulk_create(
            (
                Region(
                    code=str(first + one),
                    name=f"第{first + one}",
                    level=level,
                    parent=above[one % len(above)],
                    path=f"{above[one % len(above)].path}{first + one}",
                )
                for one in range(count)
            ),
            BATCH,
        )

    def values(self, years: range) -> None:
        """Set down the verified values of all counties."""
        from indicators.models import Observation

        Observation.objects.bulk_create(
            (
                Observation(
                    indicator=self.indicator,
                    region=region,
                    year=year,
                    state="verified",
                    basis="actual",
                    office=self.nation,
                    entered_by=self.office,
                    source="年鉴",
                    **_value(self.indicator, number, year),
                )
                for number, region in enumerate(self.counties)
                for year in years
            ),
            BATCH,
        )
        settled()

    def _people(self) -> None:
        from indicators.models import Population

        Population.objects.bulk_create(
            (
                Population(
                    region=region, year=year, basis="resident", persons=_people(number, year)
                )
                for number, region in enumerate(self.counties)
                for year in [*EARLIER, *NEW]
            ),
            BATCH,
        )

    def given(self, places: int) -> list[Given]:
        """Return new values, ten years of so many counties; every thousandth asks a question."""
        from indicators.services import Given

        return [
            Given(
                self.indicator,
                region,
                year,
                {
                    **_parts(number, year, odd=number % 100 == 7 and year == NEW[-1]),
                    "denominator_basis": "resident",
                    "source": "年鉴",
                },
                basis="actual",
            )
            for number, region in enumerate(self.counties[:places])
            for year in NEW
        ]


def _people(number: int, year: int) -> int:
    return 300_000 + 100 * number + 500 * (year - 2010)


def _parts(number: int, year: int, *, odd: bool = False) -> dict[str, Any]:
    spent = _people(number, year) * (100 + number % 7 + year - 2010) * (3 if odd else 1)
    return {"numerator": Decimal(spent) / 100, "denominator": Decimal(_people(number, year))}


def _value(indicator: Indicator, number: int, year: int) -> dict[str, Any]:
    parts = _parts(number, year)
    return {
        **parts,
        "denominator_basis": "resident",
        "value": round(indicator.ratio(parts["numerator"], parts["denominator"]), 6),
    }


# --- Measuring -----------------------------------------------------------------------------
