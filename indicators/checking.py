"""What cannot be right about a value, and what somebody should be asked about it. Pure.

`problems` are refused where they are typed: the row could not be stored or would mean nothing.
`questions` are shown to the reporter, who answers or mends; none is dropped silently.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.words import decimal_text
from indicators.models import Indicator

YEARS = range(1990, 2101)
LARGEST = Decimal(10) ** 14  # what the column holds before the point
SMALL = Decimal(10) ** 4  # the same of a margin and a design effect
CENSUS_YEARS = (2000, 2010, 2020)  # earlier populations were revised after each
POPULATION_STEP = Decimal("0.05")  # a population moves less than this in a year
UNIT_SLIP = Decimal(5000)  # from here on somebody may have mixed up 元 and 万元
_PARTS_OF_YEAR = {"half": "H", "quarter": "Q"}
# What a whole may be made of, and groups of people that make up everyone.
PARTS = {
    "departments": gettext_lazy("各部门"),
    "residence": gettext_lazy("城镇和农村居民"),
    "sex": gettext_lazy("男女"),
    "below": gettext_lazy("下级地区"),
}
PARTITIONS = {"residence": ("urban", "rural"), "sex": ("women", "men")}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a value: a stable code, the sentence, and whether it must be mended."""

    code: str
    told: str
    must_mend: bool = False


class Neighbour(NamedTuple):
    """A value of the same indicator and place in another year, or of a part of the whole."""

    year: int
    value: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    series: str = ""
    denominator_basis: str = ""


class Around(NamedTuple):
    """What is known around a value: the year before and after, its parts, the population.

    `parts` holds sums of what the value should be made of, by name (各部门, 下级地区): value,
    numerator, denominator (None where unknown) and whether every part is there.
    """

    before: Neighbour | None = None
    after: Neighbour | None = None
    parts: Mapping[str, tuple[Decimal | None, Decimal | None, Decimal | None, bool]] = (
        MappingProxyType({})
    )
    population: Decimal | None = None


def problems(
    indicator: Indicator,
    year: int,
    fields: Mapping[str, Any],
    part: str = "",
    group: str = "",
    basis: str = "",
) -> dict[str, list[str]]:
    """Return what is wrong with the fields of a value, by field; empty where it can be stored.

    `part`, `group` (of people) and `basis` are what the value speaks of.
    """
    wrong: dict[str, list[str]] = {}
    if year not in YEARS:
        wrong["year"] = [_("年份应在 1990 到 2100 之间。")]
    if part and part[0] != _PARTS_OF_YEAR.get(indicator.frequency):
        wrong["part"] = [_("这个指标不按这个时段填报。")]
    if group and not indicator.by_group:
        wrong["population_group"] = [_("这个指标不分人群填报。")]
    if basis and not indicator.money:
        wrong["basis"] = [_("这个指标不是金额，不分预算和决算。")]
    if fields.get("status", "measured") == "measured":
        wrong |= _measured(indicator, fields)
    else:
        wrong |= _blank(fields)
    for name in ("value", "numerator", "denominator"):
        number = fields.get(name)
        if number is not None and abs(number) >= LARGEST:
            wrong[name] = [_("这个数太大，请核实。")]
    return wrong | _sample(fields)


def _blank(fields: Mapping[str, Any]) -> dict[str, list[str]]:
    """Say what is missing where nothing was measured: the reason, and no number beside it."""
    wrong = {}
    if not str(fields.get("note") or "").strip():
        wrong["note"] = [_("“未测”或“不适用”请写明原因。")]
    for name in ("value", "numerator", "denominator"):
        if fields.get(name) is not None:
            wrong[name] = [_("选了“未测”或“不适用”，就不要填数值。")]
    return wrong


def _measured(indicator: Indicator, fields: Mapping[str, Any]) -> dict[str, list[str]]:
    """Say what is wrong with a number: a ratio needs both its parts and is never typed."""
    top, bottom, value = (fields.get(name) for name in ("numerator", "denominator", "value"))
    wrong: dict[str, list[str]] = {}
    if (top is None) != (bottom is None):
        wrong["numerator" if top is None else "denominator"] = [_("分子和分母要同时填写。")]
    elif value is None and top is None:
        name = "numerator" if indicator.is_ratio and not indicator.is_yes_no else "value"
        wrong[name] = [_("请填写数值；没有调查的年份请选“未测”。")]
    elif top is None and indicator.is_ratio and not indicator.is_yes_no:
        wrong["value"] = [_("比值由系统算出，请填分子和分母。")]
    if bottom is not None and bottom <= 0:
        wrong["denominator"] = [_("分母应大于 0。")]
    elif top is not None and bottom is not None and abs(top) * indicator.scale >= LARGEST * bottom:
        wrong["numerator"] = [_("算出来的比值太大，请核实分子和分母。")]
    if indicator.is_yes_no and top is None and value not in (None, 0, 100):
        wrong["value"] = [_("请填“是”或“否”。")]
    return wrong


def _sample(fields: Mapping[str, Any]) -> dict[str, list[str]]:
    effect, margin = fields.get("design_effect"), fields.get("margin")
    wrong = {}
    if effect is not None and not fields.get("sample_size"):
        wrong["sample_size"] = [_("填了设计效应，就要填样本量。")]
    if effect is not None and effect <= 0:
        wrong["design_effect"] = [_("设计效应应大于 0，简单随机抽样为 1。")]
    if margin is not None and margin < 0:
        wrong["margin"] = [_("误差不能小于 0。")]
    for name, number in (("design_effect", effect), ("margin", margin)):
        if number is not None and number >= SMALL:
            wrong[name] = [_("这个数太大，请核实。")]
    return wrong


def _number(indicator: Indicator, value: Decimal) -> str:
    unit = indicator.unit
    return f"{decimal_text(value, 4)}{'' if unit in ('%', '') else ' '}{unit}"


def questions(indicator: Indicator, row: Any, around: Around) -> list[Asked]:
    """Return what should be asked about a measured value (`row`: an Observation)."""
    if row.value is None:
        return []
    return [
        *_possible(indicator, row),
        *_against_last(indicator, row, around),
        *_population(indicator, row, around),
        *_parts(indicator, row, around),
    ]


def _possible(indicator: Indicator, row: Any) -> Iterable[Asked]:
    low, high = indicator.lowest, indicator.highest
    if (low is not None and row.value < low) or (high is not None and row.value > high):
        words = _("数值 %(value)s 超出可能的范围（%(low)s 到 %(high)s），请改正。") % {
            "value": _number(indicator, row.value),
            "low": _("不限") if low is None else decimal_text(low, 4),
            "high": _("不限") if high is None else decimal_text(high, 4),
        }
        yield Asked("impossible", words, must_mend=True)
    elif indicator.decimals == 0 and row.numerator is None and row.value != int(row.value):
        words = _("这个指标按整数统计，%(value)s 不是整数，请核实，或说明原因。")
        yield Asked("not_whole", words % {"value": _number(indicator, row.value)})
    elif row.numerator is not None and row.numerator > row.denominator and indicator.unit == "%":
        yield Asked(
            "above_whole",
            _("分子 %(top)s 大于分母 %(bottom)s，请核实。")
            % {
                "top": decimal_text(row.numerator, 4),
                "bottom": decimal_text(row.denominator, 4),
            },
        )


def _against_last(indicator: Indicator, row: Any, around: Around) -> Iterable[Asked]:
    """Compare with the years beside, within one series only."""
    for other in (around.before, around.after):
        if other is None or other.value is None or other.series != row.series:
            continue
        earlier, later = (
            (other.value, row.value) if other is around.before else (row.value, other.value)
        )
        if indicator.kind == Indicator.Kind.CUMULATIVE and later < earlier:
            yield Asked(
                "falls" if other is around.before else "falls_after",
                _("累计数不应减少：%(year)s 年是 %(value)s。请核实，或说明原因。")
                % {"year": other.year, "value": _number(indicator, other.value)},
            )
    before = around.before
    if before is None or not before.value or before.series != row.series:
        return
    change = abs(row.value - before.value) / abs(before.value) * 100
    times = max(abs(row.value), abs(before.value)) / max(
        min(abs(row.value), abs(before.value)), Decimal("0.000001")
    )
    if indicator.money and times >= UNIT_SLIP:
        yield Asked(
            "unit",
            _("与 %(year)s 年的 %(value)s 相差几千倍以上，是否把“元”和“万元”弄混了？")
            % {"year": before.year, "value": _number(indicator, before.value)},
        )
    elif change > indicator.jump_percent * max(1, row.year - before.year):
        yield Asked(
            "jump",
            _("与 %(year)s 年的 %(value)s 相比变动 %(change)s%%，请核实，或说明原因。")
            % {
                "year": before.year,
                "value": _number(indicator, before.value),
                "change": decimal_text(change, 0),
            },
        )


def _population(indicator: Indicator, row: Any, around: Around) -> Iterable[Asked]:
    if not indicator.denominator_is_population or row.denominator is None:
        return
    before = around.before
    if around.population is not None and row.denominator != around.population:
        yield Asked(
            "population",
            _("同一年同一口径的人口已有 %(known)s 人，这里是 %(given)s 人，请核实。")
            % {
                "known": decimal_text(around.population, 0),
                "given": decimal_text(row.denominator, 0),
            },
        )
    if before is None or not before.denominator:
        return
    if before.denominator_basis != row.denominator_basis:
        yield Asked(
            "population_basis",
            _("人口口径与 %(year)s 年不同（常住人口、户籍人口），两年的比值不能相比，请说明。")
            % {"year": before.year},
        )
        return
    step = abs(row.denominator - before.denominator) / before.denominator
    crossed = any(before.year < year <= row.year for year in CENSUS_YEARS)
    if before.series == row.series and (
        step > POPULATION_STEP * max(1, row.year - before.year)
        or (crossed and step > POPULATION_STEP / 2)
    ):
        yield Asked(
            "census",
            _(
                "人口与 %(year)s 年相差 %(share)s%%。如果是人口普查后的修订数，"
                "请在“数列”里注明，两个数列不作比较；否则请核实。"
            )
            % {"year": before.year, "share": decimal_text(step * 100, 1)},
        )


def _parts(indicator: Indicator, row: Any, around: Around) -> Iterable[Asked]:
    """Compare a whole with the sum of its parts, where the indicator adds up."""
    if indicator.roll_up not in (Indicator.RollUp.SUM, Indicator.RollUp.RATIO):
        return
    for name, (value, top, bottom, complete) in around.parts.items():
        if name == "below" and indicator.roll_up == Indicator.RollUp.RATIO:
            continue  # a ratio above may be of its own level only, such as the city's own budget
        pairs = (
            [(_("分子"), row.numerator, top), (_("分母"), row.denominator, bottom)]
            if indicator.roll_up == Indicator.RollUp.RATIO
            else [("", row.value, value)]
        )
        for label, whole, parts in pairs:
            if (
                whole is None
                or parts is None
                or not (parts > whole or (complete and parts != whole))
            ):
                continue
            yield Asked(
                f"parts_{name}"[:30],
                _("%(label)s与%(name)s合计 %(parts)s 不一致，相差 %(gap)s，请核实或说明。")
                % {
                    "label": label,
                    "name": PARTS[name],
                    "parts": decimal_text(parts, 4),
                    "gap": decimal_text(abs(parts - whole), 4),
                },
            )
            break
