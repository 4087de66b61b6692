"""Read one value with its operator, unit, year and reach out of a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from plans.importer.model import Operator, Scope, Stretch
from plans.importer.notations import FIVE_YEARS, five_year_span, han_number

Year = int | Literal["every"] | None

OPERATORS: tuple[tuple[str, Operator], ...] = (
    ("不超过|不高于|不多于|控制在|不突破|低于或等于", "lte"),
    ("不低于|不少于|不得低于|不得少于|不小于|至少|大于或等于|大于等于|确保|保证", "gte"),
    ("达到并(?:争取|力争)?(?:超过|突破)|达到或超过", "gte"),
    ("超过|突破|高于|大于|多于", "gt"),
    ("低于|小于|少于", "lt"),
    ("达到|达|提高到|提高至|提升到|提升至|增长到|增加到|增加至|累计(?:达到|达)?|力争|争取", "gte"),
    ("约|大约|左右", "approx"),
)
_OPERATOR = "|".join(f"(?P<o{i}>{words})" for i, (words, _) in enumerate(OPERATORS))
NUMBER = r"\d+(?:\.\d+)?|[一二三四五六七八九十两百千半]+"
MONEY = r"万元|亿元|元|角"
COUNT = (
    r"万人次|人次|万人|万户|万册|万场|个|家|名|人|户|场次|场|次|所|座|处|辆|台|套|部|支|项|篇|册|"
    r"平方米|万平方米|学时|小时"
)
PERCENT = r"[%％]|个百分点"
_TAIL = r"(?P<tail>以上|及以上|左右|上下|以内|以下)?"
VALUE = re.compile(
    rf"(?:(?:{_OPERATOR})(?:到|了|每人)?)?(?P<value>{NUMBER})(?P<unit>{PERCENT}|{MONEY}|{COUNT})钱?{_TAIL}"
)
TAIL_OPERATORS: dict[str, Operator] = {
    "以上": "gte",
    "及以上": "gte",
    "左右": "approx",
    "上下": "approx",
    "以内": "lte",
    "以下": "lte",
}
STRETCH = re.compile(
    rf"[，,]?(?:并)?(?:力争|争取)(?:达到|实现)?(?P<over>超过|突破)?(?:达到)?(?P<value>{NUMBER})(?P<unit>{PERCENT}|{MONEY})"
)
YEAR = re.compile(r"(20\d\d)年")
TIME = re.compile(r"^[到至在]?20\d\d年(?:底|末)?|[一二三五十\d]+年$")
_EVERY = re.compile(r"每年|年均")
CHILDREN = (
    r"区县|县区|县市区|市县区|各县|各区|县（市、区）|县\(市、区\)|县（市）|县级|旗县|市县|"
    r"镇街|乡镇（街道）|乡镇|镇（街道）"
)


@dataclass(slots=True)
class Place:
    """Say what surrounds a sentence: below a goal heading, its year, and whose plan it is."""

    in_goals: bool
    goal_year: int | None
    region: str | None
    start_year: int | None


def read_value(words: str, hit: re.Match[str]) -> tuple[Operator, str | None, Stretch | None]:
    operator: Operator = "eq"
    printed = ""
    for index, (_, meaning) in enumerate(OPERATORS):
        if hit.group(f"o{index}"):
            operator, printed = meaning, hit.group(f"o{index}")
    if hit.group("tail") and operator in ("eq", "gte", "approx"):
        operator = TAIL_OPERATORS[hit.group("tail")]
    if operator == "eq" and re.search(r"确保|保证|力争|争取|不低于", words[: hit.start()]):
        operator = "gte"
    value = decimal_of(hit.group("value"))
    if re.search(r"达到(?:并|或)", printed) and value:
        return operator, value, Stretch("gt", value)
    more = STRETCH.match(words, hit.end())
    if more and (higher := decimal_of(more.group("value"))):
        return operator, value, Stretch("gt" if more.group("over") else "gte", higher)
    return operator, value, None


def decimal_of(printed: str) -> str | None:
    if re.fullmatch(r"\d+(?:\.\d+)?", printed):
        return format(Decimal(printed).normalize(), "f")
    number = han_number(printed)
    return None if number is None else str(number)


def unit_of(printed: str) -> str:
    return "%" if printed == "％" else printed


def is_explicit(hit: re.Match[str]) -> bool:
    """Say whether a value is printed with an operator: 达到100个, 60%以上."""
    named = any(hit.group(f"o{index}") for index in range(len(OPERATORS)))
    return named or bool(hit.group("tail"))


def clause_of(words: str, start: int, end: int) -> str:
    begin = max(words.rfind(char, 0, start) for char in "，。；") + 1
    return words[begin:end]


def printed_year(words: str, start_year: int | None) -> int | None:
    """Find the year that a goal section sets for all its items: 到2020年，…"""
    for hit in re.finditer(r"[到至](20\d\d)年(?:底|末|前)?(?![—－–-])", words):
        if start_year is None or int(hit.group(1)) >= start_year:
            return int(hit.group(1))
    return None


def year_of(words: str, subject: int, hit: re.Match[str], place: Place) -> Year:
    """Choose the year: 每年, the nearest printed before the value, else that of the goals."""
    if _EVERY.search(clause_of(words, hit.start(), hit.end())):
        return "every"
    before = list(YEAR.finditer(words, 0, hit.start()))
    if before:
        return int(before[-1].group(1))
    return five_year_end(words[: hit.start()]) or place.goal_year


def five_year_end(words: str) -> int | None:
    hit = FIVE_YEARS.search(words)
    span = five_year_span(hit.group(1) or hit.group(2)) if hit else None
    return span[1] if span else None


def scope_of(clause: str, place: Place) -> Scope:
    """Tell a norm for each lower place from one for the place itself."""
    if re.search(r"全[县区旗]|[我本][县区旗]", clause):
        return "self"
    if re.search(r"各(?:镇|乡|街道)|每个?(?:镇|乡|街道)", clause):
        return "each_child"
    lowest = (place.region or "").endswith(("县", "区", "旗"))
    if not lowest and re.search(rf"{CHILDREN}|[市、州]县|^县|各级", clause):
        return "each_child"
    return "self"


def last_year(words: str, end: int) -> int | None:
    years = list(YEAR.finditer(words, 0, end))
    return int(years[-1].group(1)) if years else five_year_end(words[:end])
