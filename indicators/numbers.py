"""Numbers as people type them: read exactly, or asked about, never guessed. Pure.

A percentage may come as 10.5, 10.5% or 0.105; money as 120000, 12万 or 12 万元. What can be read
in two ways comes back with both readings, for a person to choose one.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

DIGITS = 14  # before the point, what the columns hold
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
_MULTIPLES = {"百万": 10**6, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8, "": 1}
_NOTHING = {"", "-", "—", "——", "/"}
NOT_MEASURED = {"未测", "未调查", "未监测"}
NOT_APPLICABLE = {"不适用"}
YES = {"是", "有", "已有", "已建成", "yes", "true", "100", "100%"}
NO = {"否", "没有", "未建成", "no", "false", "0", "0%"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says: a `value` in the asked unit, or a `problem`, or two `choices`.

    All three are empty where nothing was typed. `word` is not_measured or not_applicable where the
    text says so. `said` tells that the number was converted, from which unit into which.
    """

    value: Decimal | None = None
    problem: str = ""
    choices: tuple[Decimal, ...] = ()
    word: str = ""
    said: str = ""


def split_unit(unit: str) -> tuple[int, str]:
    """Return a unit as its multiple and what it counts: 万元 is (10000, 元)."""
    plain = unit.strip()
    multiple = next((one for one in _MULTIPLES if one and plain.startswith(one)), "")
    return _MULTIPLES[multiple], plain.removeprefix(multiple).strip()


def read_number(
    text: str, unit: str = "", *, given_unit: str = "", highest: Decimal | None = None
) -> Reading:
    """Read a text as a number in `unit`.

    `given_unit` is what a heading or a column beside it says; `highest` what is possible at most
    (percent: 100), by which 10.5 can only be a percentage. A bare number between 0 and 1 of a
    percentage can be read in two ways, and so can 1.
    """
    plain = unicodedata.normalize("NFKC", text).strip().replace(" ", "").replace("−", "-")
    if plain in _NOTHING:
        return Reading()
    if plain in NOT_MEASURED:
        return Reading(word="not_measured")
    if plain in NOT_APPLICABLE:
        return Reading(word="not_applicable")
    number, suffix, problem = _split(plain)
    if number is None:
        return Reading(problem=problem)
    if unit == "%":
        return _percent(number, suffix or given_unit.strip(), highest)
    return _scaled(number, suffix or given_unit.strip(), unit)


def read_yes_no(text: str) -> Reading:
    """Read 是 or 否 as 100 or 0, the value of a place of which a share is counted above it."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    if plain in YES:
        return Reading(Decimal(100))
    if plain in NO:
        return Reading(Decimal(0))
    found = read_number(plain)
    if found.value is not None or found.problem:
        return Reading(problem=_("请填“是”或“否”。"))
    return found


def _split(plain: str) -> tuple[Decimal | None, str, str]:
    """Return the number of a text, what stands behind it, and what is wrong with it."""
    found = _GROUPED.match(plain) or _NUMBER.match(plain)
    if found is None:
        return None, "", _("“%(text)s”不是数字。请只填数字，例如 8.47。") % {"text": plain[:20]}
    suffix = plain[found.end() :]
    if suffix[:1] in {",", "."} or re.search(r"\d", suffix):
        return None, "", _("“%(text)s”看不出是哪个数。请只填数字。") % {"text": plain[:20]}
    try:
        number = Decimal(found[0].replace(",", ""))
    except InvalidOperation:
        return None, "", _("“%(text)s”不是数字。请只填数字，例如 8.47。") % {"text": plain[:20]}
    if number.adjusted() >= DIGITS:
        return None, "", _("这个数太大，请核实。")
    return number, suffix, ""


def _percent(number: Decimal, suffix: str, highest: Decimal | None) -> Reading:
    if suffix in ("%", "百分比"):
        return Reading(number)
    if suffix == "‰":
        return Reading(number / 10, said=_converted("‰", "%"))
    if suffix:
        return Reading(problem=_("单位“%(unit)s”与指标的单位 %% 对不上。") % {"unit": suffix[:20]})
    as_share = number * 100
    if number != 0 and abs(number) <= 1 and (highest is None or as_share <= highest):
        return Reading(choices=(number, as_share))
    return Reading(number)


def _scaled(number: Decimal, suffix: str, unit: str) -> Reading:
    wanted, base = split_unit(unit)
    given, given_base = split_unit(suffix)
    if not suffix:
        return Reading(number)
    if given_base and base and given_base != base:
        return Reading(
            problem=_("单位“%(given)s”与指标的单位“%(unit)s”对不上，请换算后再填。")
            % {"given": suffix[:20], "unit": unit}
        )
    if given_base and not base:
        return Reading(problem=_("这里只填数字，不带单位“%(given)s”。") % {"given": suffix[:20]})
    if given == wanted:
        return Reading(number)
    return Reading(
        number * given / wanted, said=_converted(suffix if given_base else suffix + base, unit)
    )


def _converted(given: str, unit: str) -> str:
    return _("已按%(given)s换算为%(unit)s") % {"given": given[:20], "unit": unit}


def typed(number: Decimal | int | None) -> str:
    """Return a number as people would type it: exactly, without needless noughts."""
    if number is None:
        return ""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def part_unit(label: str) -> str:
    """Return the unit that a numerator's or denominator's label ends with: 常住人口（人） is 人."""
    found = re.search(r"[（(]([^（()）]*)[)）]$", label.strip())
    return found[1] if found else ""
