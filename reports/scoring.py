"""The rules of a scorecard that the portal counts by itself, as data; what they count is a share.

Each rests on checked rows alone. What nobody reported is no basis (无依据), never 0; log-ins,
photos and the number of entries are no rules.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError
from core.words import grouped

BY_HAND = ""
_POINTS = re.compile(r"[0-9]{1,4}(\.[0-9]{1,2})?")
TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as people read it: its name in tables, and how it counts."""

    name: Any
    words: Any


RULES: dict[str, Rule] = {
    BY_HAND: Rule(gettext_lazy("人工评分"), gettext_lazy("对照评分标准，由单位自评、纲要办审核。")),
    "on_time": Rule(
        gettext_lazy("按时报送"),
        gettext_lazy(
            "本年核对通过或汇总单位已采纳的填报中，没有记为迟报的占几成，就得几成分；补录的不算。"
        ),
    ),
    "no_return": Rule(
        gettext_lazy("一次通过"),
        gettext_lazy("本年核对通过或汇总单位已采纳的填报中，没有退回过的占几成，就得几成分。"),
    ),
    "tasks_done": Rule(
        gettext_lazy("任务完成"),
        gettext_lazy(
            "本单位报纲要办的年度任务（常态工作除外）中，最近一次核对通过的填报已完成的占几成，"
            "就得几成分。"
        ),
    ),
    "supervision": Rule(
        gettext_lazy("督办按时办结"),
        gettext_lazy(
            "本年交办、有时限的督办件中，在时限内反馈并办结的占几成，就得几成分；还在时限内的不算。"
        ),
    ),
    "indicators": Rule(
        gettext_lazy("指标数据核对"),
        # A plan names who carries out a measure, not who reports which value, and periods ask for
        # no values: what was asked of a unit is not known, so it is no base.
        gettext_lazy(
            "本单位报来的本年指标数值中，纲要办已核对或已退回的才算，其中已核对的占几成，就得几成分；"
            "等待核对的和没有报来的都不算，因为系统没有登记各单位应报哪些数值。"
        ),
    ),
}
COMPUTED = tuple(code for code in RULES if code != BY_HAND)


@dataclass(frozen=True, slots=True)
class Ref:
    """A row that a share rests on: its page and id, what it is, and whether it counts as good."""

    view: str
    key: Any
    label: str
    note: str
    good: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule found for one unit: `good` of `total` rows; without any there is no basis.

    `aside` says what was left out (not yet reported or checked).
    """

    rows: Sequence[Ref] = field(default_factory=tuple)
    aside: str = ""

    @property
    def good(self) -> int:
        return sum(1 for one in self.rows if one.good)

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def sentence(self) -> str:
        """Say what was counted, and what was not."""
        told = (
            _("%(total)s 项中有 %(good)s 项符合") % {"total": self.total, "good": self.good}
            if self.total
            else _("无依据：本年没有可以计算的已核对记录")
        )
        return f"{told}；{self.aside}。" if self.aside else f"{told}。"

    def points(self, full: Decimal) -> Decimal | None:
        """Return the points of an item worth `full`, to a tenth; None where there is no basis."""
        if not self.total:
            return None
        if self.good == self.total:
            return full
        return (full * self.good / self.total).quantize(TENTH, rounding=ROUND_HALF_UP)


def to_json(found: Found) -> dict[str, Any]:
    """Return what was found as it is frozen once a card is checked."""
    rows = [[one.view, one.key, one.label, one.note, one.good] for one in found.rows]
    return {"aside": found.aside, "rows": rows}


def from_json(data: dict[str, Any]) -> Found:
    """Return what was frozen."""
    return Found(tuple(Ref(*row) for row in data["rows"]), data["aside"])


def read_points(text: str, most: Decimal, *, least: Decimal = Decimal(0)) -> Decimal | None:
    """Read points as people type them (８．５ too); None where nothing was typed.

    Raises DomainError with the sentence for the field.
    """
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("分").strip()
    if not plain:
        return None
    if not _POINTS.fullmatch(plain):
        raise DomainError(_("请填写分数，最多两位小数，例如 8 或 8.5。"))
    points = Decimal(plain)
    if not least <= points <= most:
        raise DomainError(
            _("应在 %(least)s 到 %(most)s 分之间。")
            % {"least": grouped(least), "most": grouped(most)}
        )
    return points
