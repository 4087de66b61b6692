"""What surveys measured: points with intervals; no line through years without a survey."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from core import words
from core.chart_base import (
    FONT_SIZE,
    UNMEASURED,
    Goal,
    axis_range,
    categories,
    frame,
    goal_lines,
    legend,
    scale,
)
from core.charts import Chart
from core.words import Number, decimal_text


@dataclass(frozen=True, slots=True)
class Point:
    """A measured year: value, its interval where there is one, and the way of counting."""

    year: int
    value: Number
    low: Number | None = None
    high: Number | None = None
    series: str = ""


@dataclass(frozen=True, slots=True)
class Ahead:
    """A projected year: value, band and the method in words."""

    year: int
    value: Number
    low: Number
    high: Number
    method: str


@dataclass(frozen=True, slots=True)
class Place:
    """Another place's points, for comparison: 全国, 全省."""

    name: str
    points: Sequence[Point] = field(default_factory=tuple)


def survey_points(
    name: str,
    points: Sequence[Point],
    years: Sequence[int],
    *,
    unit: str = "%",
    target: Goal | None = None,
    stretch: Goal | None = None,
    projection: Ahead | None = None,
    comparison: Sequence[Place] = (),
) -> Chart:
    """Show what surveys measured, with intervals; a dotted line leads to the projected year.

    `years` are all the years of the axis. Only years measured one after the other and counted
    alike are joined.
    """
    axis = [str(year) for year in years]
    by_year = {point.year: point for point in points}
    ours = [by_year[year] for year in years if year in by_year]
    goals = [goal for goal in (target, stretch) if goal]
    lowest, highest, step = axis_range(_numbers(ours, goals, projection, comparison))
    bars = _intervals(_("95% 区间"), ours, axis, "$b-fill")
    series = [
        *bars,
        *_measured(_("调查值"), by_year, years, unit, "$b-fill", last=bool(projection)),
    ]
    if projection and ours:
        series += _intervals(_("推算的区间"), [projection], axis, "$y-fill", width=1)
        series.append(_projected(ours[-1], projection, years, unit))
    for place in comparison:
        theirs = {p.year: p for p in place.points}
        series += _measured(place.name, theirs, years, unit, "$ink-3", symbol="diamond")
    series[len(bars)]["markLine"] = goal_lines(goals)
    sentence = _survey_sentence(name, ours, years, unit, goals, projection)
    option = frame(sentence) | {
        "grid": {"left": 40, "right": 40, "top": 30 if comparison else 16, "bottom": 24},
        "xAxis": categories(axis),
        "yAxis": scale(lowest, highest, step, unit),
        "series": series,
    }
    if comparison:
        option["legend"] = legend([_("调查值"), *(place.name for place in comparison)])
    return Chart(option, sentence, *_survey_table(by_year, years, unit, projection, comparison))


def _numbers(
    ours: Sequence[Point],
    goals: Sequence[Goal],
    projection: Ahead | None,
    comparison: Sequence[Place],
) -> list[float]:
    """Return what the axis must hold: all but a band so wide that it would flatten the rest."""
    numbers = [
        float(number)
        for point in (*ours, *(p for place in comparison for p in place.points))
        for number in (point.value, point.low, point.high)
        if number is not None
    ] + [float(goal.value) for goal in goals]
    if projection:
        numbers.append(float(projection.value))
        band = [float(projection.low), float(projection.high)]
        if band[1] - band[0] <= 2 * (max(numbers) - min(numbers)):
            numbers += band
    return numbers


def _measured(
    name: str,
    by_year: Mapping[int, Point],
    years: Sequence[int],
    unit: str,
    colour: str,
    *,
    symbol: str = "circle",
    last: bool = False,
) -> list[dict[str, Any]]:
    """Return measured points, those counted alike as one line, the newest way of counting first."""
    ways = {by_year[year].series: None for year in sorted(by_year, reverse=True)} or {"": None}
    return [
        _line(
            name,
            {year: one for year, one in by_year.items() if one.series == way},
            years,
            unit,
            colour,
            symbol=symbol,
            last=last,
        )
        for way in ways
    ]


def _line(
    name: str,
    by_year: Mapping[int, Point],
    years: Sequence[int],
    unit: str,
    colour: str,
    *,
    symbol: str,
    last: bool,
) -> dict[str, Any]:
    """Return points as a line that breaks at each year without a survey."""
    data: list[dict[str, Any] | None] = []
    newest = max(by_year, default=0)
    for year in years:
        point = by_year.get(year)
        if point is None:
            data.append(None)
            continue
        at_end = year == years[-1] and not last
        data.append(
            {
                "value": float(point.value),
                "tip": _("%(year)s 年 %(name)s %(value)s")
                % {"year": year, "name": name, "value": _with_interval(point, unit)},
                "label": {
                    "formatter": decimal_text(point.value, 2) + unit,
                    "position": "left" if at_end else "right",
                    # Where a dotted line sets out to the right, the words stand below it.
                    "offset": [0, 9] if last and year == newest else [0, 0],
                },
            }
        )
    return {
        "type": "line",
        "name": name,
        "data": data,
        "connectNulls": False,
        "symbol": symbol,
        "symbolSize": 9,
        "z": 3,
        "lineStyle": {"width": 2, "color": colour},
        "itemStyle": {"color": colour, "borderColor": "$surface", "borderWidth": 1.5},
        "label": {
            "show": symbol == "circle",
            "color": "$ink",
            "fontSize": FONT_SIZE,
            "distance": 7,
        },
    }


def _intervals(
    name: str, points: Sequence[Point | Ahead], axis: list[str], colour: str, *, width: int = 2
) -> list[dict[str, Any]]:
    """Return the error bars of the points that have an interval."""
    data = [
        [axis.index(str(p.year)), float(p.low), float(p.high), width]
        for p in points
        if p.low is not None and p.high is not None
    ]
    if not data:
        return []
    return [
        {
            "type": "custom",
            "name": name,
            "renderItem": "@error-bar",
            "data": data,
            "z": 2,
            "silent": True,
            "clip": True,
            "itemStyle": {"color": colour},
            "tooltip": {"show": False},
        }
    ]


def _projected(start: Point, projection: Ahead, years: Sequence[int], unit: str) -> dict[str, Any]:
    """Return the dotted way from the last survey to the projected year, with a hollow end."""
    year, value = projection.year, projection.value
    text = _("约 %s") % (decimal_text(value, 1) + unit)
    data: list[Any] = [None] * len(years)
    data[years.index(start.year)] = {"value": float(start.value), "symbolSize": 0}
    data[years.index(year)] = {
        "value": float(value),
        "tip": _("%(year)s 年推算%(value)s（%(band)s）")
        % {"year": year, "value": text, "band": _interval_text(projection, unit)},
        "label": {"show": True, "formatter": text},
    }
    return {
        "type": "line",
        "name": _("推算"),
        "data": data,
        "connectNulls": True,
        "symbol": "circle",
        "symbolSize": 8,
        "showSymbol": True,
        "z": 1,
        "lineStyle": {"width": 2, "type": [3, 4], "color": "$y-fill"},
        "itemStyle": {"color": "$surface", "borderColor": "$y-fill", "borderWidth": 2},
        # Left of the band and below the dotted way that comes up to it.
        "label": {
            "show": False,
            "position": "bottom",
            "offset": [-26, 8],
            "color": "$ink",
            "fontSize": FONT_SIZE,
        },
    }


def _survey_sentence(
    name: str,
    points: Sequence[Point],
    years: Sequence[int],
    unit: str,
    goals: Sequence[Goal],
    projection: Ahead | None,
) -> str:
    """Say the measured years, the years between them without a survey, and what lies ahead."""
    said = [
        _("%(year)s 年 %(value)s") % {"year": p.year, "value": _with_interval(p, unit)}
        for p in points
    ]
    parts = [f"{name}：{'，'.join(said)}" if said else _("%s：没有调查值") % name]
    if points:
        measured = {point.year for point in points}
        between = [y for y in years if points[0].year < y < points[-1].year and y not in measured]
        if between:
            parts.append(_("%s 年没有调查") % "、".join(map(str, between)))
    if projection:
        parts.append(
            _("推算 %(year)s 年约 %(value)s，区间 %(band)s（%(method)s）")
            % {
                "year": projection.year,
                "value": decimal_text(projection.value, 1) + unit,
                "band": _interval_text(projection, unit),
                "method": projection.method,
            }
        )
    parts += [goal.text for goal in goals]
    return "；".join(parts) + "。"


def _survey_table(
    by_year: Mapping[int, Point],
    years: Sequence[int],
    unit: str,
    projection: Ahead | None,
    comparison: Sequence[Place],
) -> tuple[list[str], list[list[str]]]:
    """Return the numbers of the chart; a year without a survey is a word."""
    others = [{p.year: p for p in place.points} for place in comparison]
    rows = []
    for year in years:
        point = by_year.get(year)
        value = _value_text(point, unit) if point else str(words.word("not_measured"))
        interval = _interval_text(point, unit) if point else ""
        if not point and projection and projection.year == year:
            value = _("约 %s（推算）") % (decimal_text(projection.value, 1) + unit)
            interval = _interval_text(projection, unit)
        rest = [_value_text(o[year], unit) if year in o else UNMEASURED for o in others]
        rows.append([str(year), value, interval or UNMEASURED, *rest])
    return [_("年份"), _("调查值"), _("95% 区间"), *(place.name for place in comparison)], rows


def _interval_text(point: Point | Ahead, unit: str) -> str:
    if point.low is None or point.high is None:
        return ""
    return f"{decimal_text(point.low, 1)}—{decimal_text(point.high, 1)}{unit}"


def _value_text(point: Point, unit: str) -> str:
    """Return a value; one that is counted in another way than usual says which."""
    text = decimal_text(point.value, 2) + unit
    return text + (f"（{point.series}）" if point.series else "")


def _with_interval(point: Point, unit: str) -> str:
    interval = _interval_text(point, unit)
    text = _value_text(point, unit)
    return text + (_("（95%% 区间 %s）") % interval if interval else "")
