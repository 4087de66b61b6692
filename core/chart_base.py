"""What all charts share: frame, axes, legend, lines to reach, round steps."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.words import Number

FONT_SIZE = 12
UNMEASURED = "—"


@dataclass(frozen=True, slots=True)
class Goal:
    """A line to reach: value, and the words at it, such as 目标：超过 10.5%."""

    value: Number
    text: str


def frame(sentence: str) -> dict[str, Any]:
    return {
        "animation": False,
        "aria": {"enabled": True, "label": {"description": sentence}},
        "textStyle": {"fontSize": FONT_SIZE, "color": "$ink-2"},
        "tooltip": {
            "trigger": "axis",
            "confine": True,
            # Text drawn in the picture: HTML with style attributes would break the policy.
            "renderMode": "richText",
            "formatter": "@tip",
            "backgroundColor": "$surface",
            "borderColor": "$line-strong",
            "borderWidth": 1,
            "padding": [8, 10],
            "textStyle": {"color": "$ink", "fontSize": 13, "lineHeight": 20},
            "axisPointer": {"type": "line", "lineStyle": {"color": "$line-strong"}},
        },
    }


def categories(labels: list[str]) -> dict[str, Any]:
    label = {"color": "$ink-3", "fontSize": FONT_SIZE}
    return {
        "type": "category",
        "data": labels,
        "axisTick": {"show": False},
        "axisLine": {"lineStyle": {"color": "$line-strong"}},
        # Every label is shown while there is room for it.
        "axisLabel": label | ({"interval": 0} if len(labels) <= 8 else {}),
    }


def scale(lowest: float, highest: float, step: float, unit: str) -> dict[str, Any]:
    decimals = next((n for n in range(4) if abs(step - round(step, n)) < 1e-9), 4)
    return {
        "type": "value",
        "min": lowest,
        "max": highest,
        "interval": step,
        "axisLabel": {
            "color": "$ink-3",
            "fontSize": FONT_SIZE,
            "formatter": f"@fixed:{decimals}:{unit}",
        },
        "splitLine": {"lineStyle": {"color": "$line"}},
    }


def legend(names: Sequence[str]) -> dict[str, Any]:
    return {
        "top": 0,
        "left": 0,
        "itemWidth": 12,
        "itemHeight": 12,
        "itemGap": 12,
        "data": list(names),
        "selectedMode": False,
        "textStyle": {"color": "$ink-2", "fontSize": FONT_SIZE},
    }


def goal_lines(goals: Sequence[Goal], position: str = "insideStartTop") -> dict[str, Any]:
    """Return dashed lines with their words; lines only, nothing to point at."""
    return {
        "silent": True,
        "symbol": "none",
        "lineStyle": {"color": "$ink", "type": [5, 4], "width": 1.5},
        "data": [
            {
                "yAxis": float(goal.value),
                "label": {
                    "formatter": goal.text,
                    "position": position if at == 0 else "insideEndTop",
                    "color": "$ink",
                    "fontSize": FONT_SIZE,
                    "distance": [0, 3],
                },
            }
            for at, goal in enumerate(goals)
        ],
    }


def round_step(width: float, pieces: int, *, whole: bool = False) -> float:
    """Return a round step (1, 2, 2.5, 5 × 10ⁿ) that cuts `width` into about `pieces`."""
    rough = max(width, 1e-9) / pieces
    power = 10.0 ** math.floor(math.log10(rough))
    for factor in (1, 2, 2.5, 5, 10):
        step = factor * power
        if step >= rough * 0.999 and not (whole and step != int(step)):
            return max(step, 1.0) if whole else step
    return 10 * power


def axis_range(numbers: Sequence[float]) -> tuple[float, float, float]:
    """Return lowest, highest and step of an axis for points, which need not begin at nought."""
    low, high = min(numbers, default=0.0), max(numbers, default=1.0)
    room = max((high - low) * 0.12, high * 0.02, 1e-6)
    start = 0.0 if low < (high - low) * 0.6 else low - room
    step = round_step(high + room - start, 3)
    lowest = (
        max(0.0, math.floor(start / step) * step) if low >= 0 else math.floor(start / step) * step
    )
    return round(lowest, 9), round(math.ceil((high + room) / step) * step, 9), step
