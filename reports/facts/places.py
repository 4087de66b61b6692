"""What the places directly below a plan's region show of the indicators of its targets."""

from collections.abc import Iterable, Sequence
from typing import Any

from core import words
from departments.models import Region
from indicators.models import Indicator, Observation
from indicators.selectors import TargetView, series_of
from reports.facts.figures import Figures

Seen = dict[tuple[int, int], list[Observation]]  # rows that count, by indicator and region


def frozen_places(
    views: Iterable[TargetView],
    below: Sequence[Region],
    seen: Seen,
    year: int,
    figures: Figures,
) -> list[dict[str, Any]]:
    """Freeze the newest value of each place, indicator by indicator, without further queries.

    An indicator of which no place has a value is left out; a place without one says so.
    """
    indicators = {view.indicator.pk: view.indicator for view in views}
    found = []
    for number, one in enumerate(indicators.values(), 1):
        rows = _rows(number, one, below, seen, year, figures)
        if any(row["figure"] for row in rows):
            words_only = one.is_yes_no and all(one.reported_at == place.level for place in below)
            unit = "" if words_only else one.unit
            found.append({"code": one.code, "name": one.name, "unit": unit, "rows": rows})
    return found


def _rows(
    number: int,
    indicator: Indicator,
    below: Sequence[Region],
    seen: Seen,
    year: int,
    figures: Figures,
) -> list[dict[str, Any]]:
    """Freeze one column: every place, with its newest value; decimals stand under each other."""
    newest = {
        place.pk: rows[-1]
        for place in below
        if (rows := series_of(seen.get((indicator.pk, place.pk), []), year).rows)
    }
    texts = dict(
        zip(
            newest,
            words.aligned((row.value for row in newest.values()), indicator.decimals),
            strict=True,
        )
    )
    return [
        _place(number, indicator, place, newest[place.pk], texts[place.pk], figures)
        if place.pk in newest
        else {"region": place.name, "year": None, "figure": None}
        for place in below
    ]


def _place(
    number: int,
    indicator: Indicator,
    place: Region,
    row: Observation,
    text: str,
    figures: Figures,
) -> dict[str, Any]:
    yes_no = indicator.is_yes_no and place.level == indicator.reported_at
    if yes_no:
        text = "有" if row.value else "没有"
    figure = figures.add(
        f"place.{place.path}.{number}",
        text,
        f"{place.name}：{indicator.name}（{row.year}年）",
        [("indicators.observation", row.pk)],
        "" if yes_no else indicator.unit,
    )
    return {"region": place.name, "year": row.year, "figure": figure}
