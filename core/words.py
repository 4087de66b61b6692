"""Words, icons and tones of every state, once for screens and documents alike.

A tone is a colour family (g green, y amber, r red, b blue, n grey); it never stands alone: the
word and an icon of its own shape go with it. Workflow states have no tone: the traffic light
speaks of progress only.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Tone = Literal["g", "y", "r", "b", "n", ""]
Number = int | float | Decimal


@dataclass(frozen=True, slots=True)
class Word:
    """A state as people see it: `word` is translated when shown, `icon` is a name of the sprite."""

    word: str | Promise
    icon: str
    tone: Tone = ""
    filled: bool = False

    def __str__(self) -> str:
        return str(self.word)


# The order is that of every distribution bar, legend and chart.
STATUS: Mapping[str, Word] = {
    "on_track": Word(_("达到序时"), "circle-arrow-right", "g"),
    "done": Word(_("已完成"), "circle-check", "b", filled=True),
    "behind": Word(_("滞后"), "alert-triangle", "y"),
    "far_behind": Word(_("严重滞后"), "alert-octagon", "r"),
    "overdue": Word(_("逾期"), "clock-exclamation", "r"),
    "unreported": Word(_("未填报"), "circle-dashed", "n"),
}
ATTAINMENT: Mapping[str, Word] = {
    "met": Word(_("已达标"), "circle-check", "b", filled=True),
    "met_uncertain": Word(_("已达标（统计上不确定）"), "circle-check", "b"),
    "on_track": Word(_("正常"), "circle-arrow-right", "g"),
    "behind": Word(_("滞后"), "alert-triangle", "y"),
    "far_behind": Word(_("严重滞后"), "alert-octagon", "r"),
    "not_measured": Word(_("未测"), "circle-dashed", "n"),
    "stale": Word(_("数据过期"), "history", "n"),
    "relative": Word(_("不作数值比较"), "scale", "n"),
}
# How a 督办件 stands against its deadline, in the order of filters and legends.
SUPERVISION: Mapping[str, Word] = {
    "overdue": Word(_("逾期"), "clock-exclamation", "r"),
    "soon": Word(_("临期"), "clock", "y"),
    "normal": Word(_("正常"), "circle-arrow-right", "g"),
    "standing": Word(_("长期坚持"), "refresh", "n"),
    "settled": Word(_("已办结"), "circle-check", "b", filled=True),
}
WORKFLOW: Mapping[str, Word] = {
    "not_started": Word(_("未开始"), "circle-dashed"),
    "draft": Word(_("草稿"), "pencil"),
    "ready": Word(_("已填好"), "checks"),
    "awaiting_signoff": Word(_("待本单位审签"), "writing"),
    "submitted": Word(_("待核对"), "hourglass"),
    "approved": Word(_("已核对"), "check"),
    "returned": Word(_("已退回"), "arrow-back-up"),
    "waived": Word(_("本期免报"), "minus"),
    "taken_over": Word(_("已采纳"), "check"),
    # a 督办件
    "pending": Word(_("待签收"), "mail"),
    "working": Word(_("办理中"), "tools"),
    "reviewing": Word(_("待审核"), "hourglass"),
    "settled": Word(_("已办结"), "check"),
    "struck": Word(_("已销号"), "archive"),
    # an instruction
    "waiting": Word(_("待处理"), "hourglass"),
    "passed_on": Word(_("已转督办"), "speakerphone"),
    "noted": Word(_("已阅处理"), "check"),
    # a report; where it is drafted or approved, its own word is said beside the icon
    "queued": Word(_("排队中"), "hourglass"),
    "compiling": Word(_("生成中"), "hourglass"),
    "consulting": Word(_("征求意见"), "mail"),
    "issued": Word(_("已印发"), "send"),
    "failed": Word(_("生成失败"), "alert-circle"),
    "withdrawn": Word(_("已撤回"), "archive"),
}
LISTS: Mapping[str, Mapping[str, Word]] = {
    "status": STATUS,
    "indicator": ATTAINMENT,
    "workflow": WORKFLOW,
    "supervision": SUPERVISION,
}


def word(code: str, kind: str = "status") -> Word:
    """Return the word of a code; `kind` is status, indicator, supervision or workflow.

    A code that only indicators have is found without naming the kind. Raises KeyError.
    """
    if kind == "status" and code not in STATUS:
        return ATTAINMENT[code]
    return LISTS[kind][code]


def decimal_text(value: Number, places: int) -> str:
    """Return a number rounded half up to `places`, without trailing zeros, − for minus."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    text = f"{exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP):f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", "0"} else text.replace("-", "−")


def aligned(values: Iterable[Number], places: int) -> list[str]:
    """Return numbers of one column, each with the decimals of the one that needs most of them."""
    texts = [decimal_text(value, places) for value in values]
    width = max((len(text.partition(".")[2]) for text in texts), default=0)
    if not width:
        return texts
    return [f"{whole}.{rest:0<{width}}" for whole, _dot, rest in (t.partition(".") for t in texts)]


def grouped(value: Number) -> str:
    """Return a number with thousands apart and no needless decimals: 5,054,400."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    text = f"{exact:,f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")


def fixed(value: Number, places: int) -> str:
    """Return a number rounded half up with just so many decimals, thousands apart: 12,345.60."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    text = f"{exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP):,f}"
    return text.removeprefix("-") if Decimal(text.replace(",", "")) == 0 else text.replace("-", "−")


def percent(value: Number | None, unknown: str = "") -> str:
    """Return 58%, 87.3%; the word `unknown` (未填报 unless given) where there is no value."""
    return f"{decimal_text(value, 1)}%" if value is not None else unknown or str(_("未填报"))


def signed(value: Number | None, unknown: str = "") -> str:
    """Return +4, −3, 持平; the word `unknown` where there is nothing to compare with."""
    if value is None:
        return unknown or str(_("无上期"))
    text = decimal_text(value, 1)
    if text == "0":
        return str(_("持平"))
    return text if text.startswith("−") else f"+{text}"


def money(value: Number | None, unknown: str = "") -> str:
    """Return yuan as people read them: 1.08 元, 12.5 万元, 1.2 亿元."""
    if value is None:
        return unknown or str(_("未公布"))
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    # 9,999.996 rounds to 10,000.00: the size is judged after rounding.
    size = abs(exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))
    if size >= 100_000_000:
        return f"{decimal_text(exact / 100_000_000, 2)} 亿元"
    if size >= 10_000:
        return f"{decimal_text(exact / 10_000, 2)} 万元"
    return f"{exact.quantize(Decimal('0.01'), rounding=ROUND_HALF_UP):f} 元".replace("-", "−")


def day(value: date, *, year: bool = False) -> str:
    """Return 10 月 10 日, or with its year 2018 年 10 月 10 日."""
    text = f"{value.month} 月 {value.day} 日"
    return f"{value.year} 年 {text}" if year else text


def span(start: date, end: date) -> str:
    """Return the name of a stretch of days: 2018 年第三季度, 2018 年上半年, else its two ends."""
    # Asked of the month itself: behind the last day of the calendar there is no other.
    ends = end.day == monthrange(end.year, end.month)[1]
    whole = start.day == 1 and ends and start <= end
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    if whole and (start.month - 1) % months == 0:
        if months == 12:
            return f"{start.year} 年"
        if months == 6:
            return f"{start.year} 年{'上半年' if start.month == 1 else '下半年'}"
        if months == 3:
            return f"{start.year} 年第{'一二三四'[(start.month - 1) // 3]}季度"
        if months == 1:
            return f"{start.year} 年 {start.month} 月"
    if whole and start.month == 1 and months % 12 == 0:
        return f"{start.year}—{end.year} 年"
    return f"{day(start, year=True)}—{day(end, year=start.year != end.year)}"
