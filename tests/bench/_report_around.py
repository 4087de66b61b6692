"""What lies around the work of the plan for the benchmark of reports: values, events, 督办件."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.bench._report_words import FIRST, at

if TYPE_CHECKING:
    from indicators.models import Indicator
    from tests.bench._report_plan import Place


def observed(place: Place) -> None:
    """Set three targets, two of them for every county, with a value of each year."""
    from indicators.models import Observation, Target
    from indicators.services import ensure_catalogue

    known = ensure_catalogue()
    literacy, funding_norm, venues = (
        known[code] for code in ("literacy_ratio", "funding_per_capita", "venue_coverage")
    )
    promised: list[tuple[Indicator, int, str, bool]] = [
        (literacy, 15, "self", False),
        (funding_norm, 2, "each_child", True),
        (venues, 80, "share_of_children", False),
    ]
    Target.objects.bulk_create(
        Target(
            plan=place.plan,
            indicator=indicator,
            operator="gte",
            value=value,
            unit=indicator.unit,
            scope=scope,
            every_year=every_year,
            quote=f"{indicator.name}达到{value}{indicator.unit}。",
            position=position,
        )
        for position, (indicator, value, scope, every_year) in enumerate(promised, 1)
    )
    rows = [
        (literacy, place.region, year, {"value": Decimal(year - 2011)})
        for year in (FIRST - 1, *place.plan.years)
    ]
    for year in place.plan.years:
        for number, county in enumerate(place.counties):
            rows.append((funding_norm, county, year, _funding(number, year)))
            rows.append((venues, county, year, {"value": Decimal(number % 5 > 0)}))
    Observation.objects.bulk_create(
        Observation(
            indicator=indicator,
            region=region,
            year=year,
            state="verified",
            source="年鉴",
            office=place.region,
            entered_by=place.office,
            **value,
        )
        for indicator, region, year, value in rows
    )


def recorded(place: Place) -> None:
    """Set down the events and the 督办件 of each year."""
    from tasks.models import Event, SupervisionItem, SupervisionStep

    size, kinds = place.size, ("meeting", "activity", "training", "visit", "information")
    Event.objects.bulk_create(
        Event(
            region=place.region,
            department=place.departments[number % size.departments],
            kind=kinds[number % len(kinds)],
            title=f"第{number + 1}场科普活动",
            on=date(year, 1 + number % 11, 1 + number % 28),
            people=120 + number,
            duty=place.duties[number % len(place.duties)] if number % 2 else None,
            by=place.office,
        )
        for year in place.years
        for number in range(size.events)
    )
    items = SupervisionItem.objects.bulk_create(
        SupervisionItem(
            region=place.region,
            plan=place.plan,
            year=year,
            serial=number + 1,
            decision="领导小组第二次会议决定",
            title=f"加快推进第{number + 1}项进展滞后的科普任务",
            department=place.departments[number % size.departments],
            assigned_on=date(year, 3, 1),
            due=date(year, 9, 30),
            state="settled",
            settled_on=date(year, 9, 1 + number),
            by=place.office,
        )
        for year in place.years
        for number in range(size.items)
    )
    SupervisionStep.objects.bulk_create(
        SupervisionStep(
            item=item,
            verb=verb,
            to_state=state,
            by=place.office,
            at=at(item.assigned_on),
            text="已召开推进会，明确责任人和完成时限，滞后的事项逐项销号。",
        )
        for item in items
        for verb, state in (
            ("assign", "pending"),
            ("feedback", "reviewing"),
            ("settle", "settled"),
        )
    )


def _funding(number: int, year: int) -> dict[str, Any]:
    people = 300_000 + 10_000 * number
    spent = Decimal(people) * (180 + 10 * (year - FIRST) + number) / 100
    return {
        "numerator": spent,
        "denominator": Decimal(people),
        "denominator_basis": "resident",
        "value": round(spent / people, 6),
        "basis": "actual",
    }
