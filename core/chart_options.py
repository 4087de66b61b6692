"""What charts say: plain functions from figures to an ECharts option, a sentence and a table.

A sentence stands before every chart and colour never speaks alone. Values are Decimal or float;
options hold floats and names of colours, so that one option serves the page, its script and a
document. This module is the place to import builders from; surveys live in core.chart_survey.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import words
from core.chart_base import (
    FONT_SIZE,
    UNMEASURED,
    Goal,
    categories,
    frame,
    goal_lines,
    legend,
    round_step,
    scale,
)
from core.chart_survey import Ahead, Place, Point, survey_points
from core.charts import Chart
from core.words import Number

__all__ = [
    "Ahead",
    "Chart",
    "Goal",
    "Place",
    "Point",
    "Yearly",
    "status_history",
    "survey_points",
    "yearly_bars",
]


@dataclass(frozen=True, slots=True)
class Yearly:
    """A year's value against a norm; `met` is None where the norm does not apply."""

    year: int
    value: Number | None
    met: bool | None = None


# --- Yearly values -------------------------------------------------------------------------
def yearly_bars(
    name: str,
    values: Sequence[Yearly],
    *,
    unit: str,
    target: Goal | None = None,
    places: int = 2,
    missing: str = "",
) -> Chart:
    """Show yearly values as bars from nought: years that met the norm blue, others ink grey.

    `missing` is the word for a year without a value (未测 unless given).
    """
    missing = missing or str(words.word("not_measured"))
    numbers = [float(one.value) for one in values if one.value is not None]
    tops = numbers + ([float(target.value)] if target else [])
    step = round_step(max(tops, default=1.0) * 1.1, 3)
    highest = math.ceil(max(tops, default=1.0) * 1.1 / step) * step
    said = [
        f"{one.year} 年 {_fixed(one.value, places)} {unit}{_bracketed(_verdict(one))}"
        for one in values
        if one.value is not None
    ]
    lacking = [str(one.year) for one in values if one.value is None]
    parts = [f"{name}：{'，'.join(said)}" if said else _("%s：还没有数值") % name]
    if target:
        parts.append(target.text)
    if lacking and said:
        parts.append(f"{'、'.join(lacking)} 年{missing}")
    sentence = "；".join(parts) + "。"
    bars: dict[str, Any] = {
        "type": "bar",
        "name": name,
        "barMaxWidth": 32,
        "data": [_bar(one, unit, places, highest) for one in values],
        "markLine": goal_lines([target] if target else [], position="insideEndTop"),
    }
    option = frame(sentence) | {
        "grid": {"left": 40, "right": 12, "top": 20, "bottom": 24},
        "xAxis": categories([str(one.year) for one in values]),
        "yAxis": scale(0, highest, step, ""),
        "series": [bars],
    }
    rows = [
        [
            str(one.year),
            _fixed(one.value, places) if one.value is not None else missing,
            _verdict(one) or UNMEASURED,
        ]
        for one in values
    ]
    return Chart(option, sentence, [_("年份"), f"{name}（{unit}）", _("是否达到")], rows)


def _verdict(one: Yearly) -> str:
    if one.met is None or one.value is None:
        return ""
    return _("达到") if one.met else _("未达到")


def _bracketed(text: str) -> str:
    return f"（{text}）" if text else ""


def _bar(one: Yearly, unit: str, places: int, highest: float) -> Any:
    """Return a bar with its value inside, or above it where the bar is too low for text."""
    if one.value is None:
        return None
    low = float(one.value) < highest * 0.18
    colour = "$b-fill" if one.met or one.met is None else "$ink-3"
    text = _fixed(one.value, places)
    return {
        "value": float(one.value),
        "tip": f"{one.year} 年 {text} {unit} {_verdict(one)}".strip(),
        "itemStyle": {"color": colour, "borderRadius": [3, 3, 0, 0]},
        "label": {
            "show": True,
            "formatter": text,
            "position": "top" if low else "insideBottom",
            "color": "$ink" if low else "$surface",
            "fontSize": FONT_SIZE,
            "fontWeight": 600,
        },
    }


def _fixed(value: Number | None, places: int) -> str:
    """Return a number with the same decimals in every row."""
    return f"{float(value or 0):,.{places}f}".replace("-", "−")


# --- Statuses over time --------------------------------------------------------------------
# The two largest are plain; the others differ by pattern as well as by colour.
_STACK: tuple[tuple[str, tuple[str, ...], str, dict[str, Any]], ...] = (
    (gettext_noop("达到序时"), ("on_track",), "$g-fill", {"color": "transparent"}),
    (gettext_noop("已完成"), ("done",), "$b-fill", {"color": "transparent"}),
    (
        gettext_noop("滞后"),
        ("behind",),
        "$y-fill",
        {"symbol": "rect", "dashArrayX": [1, 0], "dashArrayY": [2, 4], "rotation": 0.785},
    ),
    (
        gettext_noop("严重滞后或逾期"),
        ("far_behind", "overdue"),
        "$r-fill",
        {
            "symbol": "circle",
            "symbolSize": 0.7,
            "dashArrayX": [[5, 5], [0, 5, 5, 0]],
            "dashArrayY": [5, 0],
        },
    ),
    (
        gettext_noop("未填报"),
        ("unreported",),
        "$n-fill",
        {"symbol": "rect", "dashArrayX": [1, 0], "dashArrayY": [2, 3], "rotation": -0.785},
    ),
)


def status_history(
    periods: Sequence[str], counts: Sequence[Mapping[str, int]], *, unit: str = ""
) -> Chart:
    """Show how many measures stood in each status, period by period, in the one fixed order.

    `counts` holds status codes as in core.words.STATUS, one mapping for each period.
    """
    unit = unit or _("项")
    names = [_(name) for name, _codes, _colour, _decal in _STACK]
    table = [
        [sum(one.get(code, 0) for code in codes) for one in counts] for _n, codes, _c, _d in _STACK
    ]
    total = max((sum(column) for column in zip(*table, strict=True)), default=1) or 1
    sentence = _("还没有填报期。")
    if periods:
        last = "，".join(f"{name} {row[-1]} {unit}" for name, row in zip(names, table, strict=True))
        sentence = _("近 %(n)s 期各状态数量；%(period)s：%(counts)s。") % {
            "n": len(periods),
            "period": periods[-1],
            "counts": last,
        }
    series = [
        {
            "type": "bar",
            "stack": "status",
            "name": name,
            "barMaxWidth": 22,
            "itemStyle": {"color": colour, "borderColor": "$surface", "borderWidth": 1},
            "data": [
                {"value": number, "tip": f"{period} {name} {number} {unit}"}
                for period, number in zip(periods, row, strict=True)
            ],
        }
        for name, row, (_n, _codes, colour, _decal) in zip(names, table, _STACK, strict=True)
    ]
    step = round_step(total, 3, whole=True)
    option = frame(sentence) | {
        "grid": {"left": 30, "right": 4, "top": 52, "bottom": 24},
        "legend": legend(names),
        "xAxis": categories(list(periods)),
        "yAxis": scale(0, math.ceil(total / step) * step, step, ""),
        "series": series,
    }
    option["aria"]["decal"] = {
        "show": True,
        "decals": [{"color": "$veil"} | decal for _n, _codes, _colour, decal in _STACK],
    }
    rows = [[period, *(str(row[at]) for row in table)] for at, period in enumerate(periods)]
    return Chart(option, sentence, [_("填报期"), *names], rows)
