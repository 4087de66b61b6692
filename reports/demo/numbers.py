"""Demo values of indicators: published ones as they are, invented ones marked as demo data.

The literacy ratio is never invented: where no survey was published, it stays not measured.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from departments.models import Region, User
from indicators import services
from indicators.catalogue import FUNDING, VENUES
from indicators.models import Indicator, Observation

PEOPLE = 520_000  # invented, and the same for every county
# Yuan per head of each county (by its place in the list of codes), year by year.
PER_HEAD = {2016: "0.86", 2017: "0.97", 2018: "1.08"}
# How many counties have a venue in use.
IN_USE = {2016: 1, 2017: 2, 2018: 3}


def enter(city: Region, office: User, checker: User, now: datetime) -> None:
    """Enter and check the demo values of a city and its counties, year by year."""
    services.load_published(now)
    indicators = {one.code: one for one in Indicator.objects.filter(code__in=(FUNDING, VENUES))}
    if Observation.objects.filter(region=city, is_demo=True).exists():
        return
    counties = list(Region.objects.filter(parent=city).order_by("code"))
    for year, per_head in PER_HEAD.items():
        for place, county in enumerate(counties):
            yuan = Decimal(per_head) + Decimal(place - 4) / 25
            _value(
                indicators[FUNDING],
                county,
                year,
                office,
                checker,
                now,
                numerator=(yuan * PEOPLE).quantize(Decimal(1)),
                denominator=Decimal(PEOPLE),
                basis="budget",
            )
            _value(
                indicators[VENUES],
                county,
                year,
                office,
                checker,
                now,
                value=Decimal(100 if place < IN_USE[year] else 0),
            )
        _value(
            indicators[FUNDING],
            city,
            year,
            office,
            checker,
            now,
            numerator=Decimal(per_head) * PEOPLE * 9,
            denominator=Decimal(PEOPLE * 9),
            basis="budget",
        )


def _value(
    indicator: Indicator,
    region: Region,
    year: int,
    office: User,
    checker: User,
    now: datetime,
    **fields: Any,
) -> None:
    """Enter one value and have it checked by the second person of the region's office."""
    observation = services.observe(indicator, region, year, by=office, is_demo=True, **fields)
    services.submit(observation, by=office)
    services.verify(observation, by=checker, now=now)
