"""The chart of a report: each action's completion as a bar, its schedule as a tick."""

from collections.abc import Sequence

from core import words
from core.chart_base import FONT_SIZE, frame, legend, scale
from core.charts import Chart

WIDTH = 600  # pixels of the drawing; the page scales it
ROW, FRAME = 34, 64
Bar = tuple[str, float | None, float]  # title, percent or None, schedule in percent


def action_bars(bars: Sequence[Bar], of: str = "各项重点任务", heading: str = "重点任务") -> Chart:
    """Show percents against schedules from the top down, in the order given."""
    said = "；".join(
        f"{title}完成{words.percent(percent)}，序时{words.percent(schedule)}"
        for title, percent, schedule in bars
    )
    sentence = f"{of}的完成比例与序时进度：{said}。"
    option = frame(sentence) | {
        "grid": {"left": 176, "right": 60, "top": 32, "bottom": 24},
        "legend": legend(["完成比例", "序时进度"]),
        "xAxis": scale(0, 100, 20, "%"),
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [title for title, _percent, _schedule in bars],
            "axisTick": {"show": False},
            "axisLine": {"lineStyle": {"color": "$line-strong"}},
            "axisLabel": {
                "color": "$ink-2",
                "fontSize": FONT_SIZE,
                "interval": 0,
                "width": 164,
                "overflow": "break",
                "lineHeight": 15,
            },
        },
        "series": [_completion(bars), _schedule(bars), _words(bars)],
    }
    rows = [
        [title, words.percent(percent), words.percent(schedule)]
        for title, percent, schedule in bars
    ]
    return Chart(option, sentence, [heading, "完成比例", "序时进度"], rows)


def _completion(bars: Sequence[Bar]) -> dict[str, object]:
    """Return the bars; an unreported action has none."""
    return {
        "type": "bar",
        "name": "完成比例",
        "barWidth": 14,
        "itemStyle": {"color": "$b-fill"},
        "data": [percent or 0 for _title, percent, _schedule in bars],
    }


def _schedule(bars: Sequence[Bar]) -> dict[str, object]:
    return {
        "type": "scatter",
        "name": "序时进度",
        "symbol": "rect",
        "symbolSize": [3, 22],
        "itemStyle": {"color": "$ink"},
        "data": [[schedule, at] for at, (_title, _percent, schedule) in enumerate(bars)],
        "z": 3,
    }


def _words(bars: Sequence[Bar]) -> dict[str, object]:
    """Write each percent, or 未填报, beyond the end of the axis, where no tick hides it."""
    return {
        "type": "scatter",
        "symbolSize": 0,
        "silent": True,
        "data": [
            {
                "value": [100, at],
                "label": {
                    "show": True,
                    "position": "right",
                    "distance": 10,
                    "formatter": words.percent(percent),
                    "color": "$ink",
                    "fontSize": FONT_SIZE,
                },
            }
            for at, (_title, percent, _schedule) in enumerate(bars)
        ],
    }
