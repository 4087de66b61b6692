"""Read the numbers of a sentence: value, unit, operator, stretch, and what year and place.

`values` finds every number that carries a unit; whether it is a promise is told elsewhere.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from plans.importer.model import Operator, Scope, Stretch
from plans.importer.notations import FIVE_YEARS, five_year_span, han_number

Year = int | Literal["every"] | None

# Words before a number, the longer ones first: 不超过 is not 超过.
OPERATORS: tuple[tuple[str, Operator], ...] = (
    (
        r"≤|不超过|不高于|不多于|不大于|不突破|不得超过|控制在|低于或等于|降至|降低到|下降到|减少到|缩小到",
        "lte",
    ),
    (
        r"≥|[＞>]=|不低于|不少于|不得低于|不得少于|不得?少于|不小于|不下于|至少|最低|最少|"
        r"(?:大于|高于|多于)(?:或)?等于|达到或(?:者)?超过|达到并(?:争取|力争|努力)?(?:超过|突破)",
        "gte",
    ),
    (r"超过|突破|高于|大于|多于|[＞>]", "gt"),
    (r"低于|小于|少于|[＜<]", "lt"),
    (
        r"达到|达标率?达|(?:提高|提升|增长|增加|上升|扩大|发展|扩展|拓展|壮大|升)[到至]|增至|增加至|"
        r"稳定在|保持在|维持在|累计达?|(?<![到发表传转送])达(?![标成人])",
        "gte",
    ),
    (r"力争|争取|确保|保证|力促|努力", "gte"),
    (r"大约|约|接近|近$", "approx"),
)
_OPERATOR = re.compile("|".join(f"(?P<o{i}>{words})" for i, (words, _) in enumerate(OPERATORS)))
# How many characters may stand between the operator and its number: 至少建成2个.
_REACH = (4, 12, 5, 5, 6, 24, 1)
_NEAR = 6
_AND_MORE = re.compile(r"达到并")
TAIL_OPERATORS: dict[str, Operator] = {
    "以上": "gte",
    "及以上": "gte",
    "之上": "gte",
    "左右": "approx",
    "上下": "approx",
    "以内": "lte",
    "之内": "lte",
    "以下": "lte",
}

DIGITS = r"\d+(?:，\d{3}(?!\d))*(?:\.\d+)?"
HAN = r"[一二三四五六七八九十两百千]+"
PERCENT = r"[%％]|个百分点|个点"
MONEY = r"[百千万亿]*元(?![素旦宵月首老])|角(?![色度落])"
# Longer ones first; 次 and 场 count deeds, the rest things and people.
COUNT = (
    r"(?:[十百千万亿]+)?(?:人（次）|场（次）|人次|人/次|场次|平方米|平方公里|㎡|亩次|学时|课时|小时|分钟|"
    r"人(?![均才员民口群士])|名|位|户|个(?!百分点|点)|家|所|座|处|场|次|期|届|项|篇|册|本|部|套|辆|台|块|条|支|只|件|"
    r"延米|米|平米|天|种|门|节|张|幅|份|亩|公里|间|堂|集|款|例|点|镇|村|对|枚|班|篇次|站|栋|倍|番)"
)
UNIT = rf"{PERCENT}|{MONEY}|{COUNT}|[万亿](?=[，。；、）]|以上|$)"
_TAIL = "|".join(sorted(TAIL_OPERATORS, key=len, reverse=True))
_DASH = r"[—－–―─~～-]{1,2}|至|到"
_NUMBER = re.compile(
    r"(?P<half>过半|大?半数|一半)|翻(?P<fold>[一两二三])?番|"
    rf"百分之(?P<percent>[一二三四五六七八九十百零〇点]+|{DIGITS})|"
    rf"(?P<under>[二三四五六七八九十])分之(?P<over>[一二三四五六七八九])|"
    r"(?<![一二三四五六七八九十第变达完])(?P<tenths>[一二三四五六七八九])成(?=以上|左右|的|[，。；])|"
    rf"(?<![\d.第一二三四五六七八九十百千])(?P<low>{DIGITS}|{HAN})"
    rf"(?:(?:{PERCENT}|{MONEY}|[万个名])?(?:{_DASH})(?P<high>{DIGITS}|{HAN}))?"
    rf"(?P<more>[余多])?(?P<unit>{UNIT})钱?"
)
_AFTER = re.compile(
    rf"(?:（[一-龥]{{1,2}}）|(?:[一-龥]{{1,6}}?(?=(?:{_TAIL})(?:[，。；、（]|$))))?(?P<tail>{_TAIL})"
)
_STRETCH = re.compile(
    rf"[，、；]?(?:并|且)?(?:力争|争取|努力|奋力)(?:在此基础上)?(?:达到|实现|提高到|提升到)?"
    rf"(?P<over>超过|突破)?(?:达到)?(?P<value>{DIGITS}|{HAN})(?P<unit>{UNIT})"
)
YEAR = re.compile(r"(20\d\d)年")
# A year that a value is measured against, not the year of the target: 比2015年, 由2015年的6.2%.
BASIS_YEAR = re.compile(r"(?:比|较|由|从|以|自)(?:于)?20\d\d年")
TIME = re.compile(
    r"^(?:[到至在自从]|截至|预计|计划|力争)*(?:20\d\d年(?:[底末初前]|年[底末])?(?:[—至到-]20\d\d年)?|"
    r"“?[一二三四五十]+五”?(?:规划)?(?:期间|时期|期末|末|期)|(?:规划|方案)?期末|届时|每年|全年|今年|年内)"
    r"(?:[底末前]|以前|之前)?"
)
# “十三五”期间 says when; 在“十二五”基础上 and 纳入“十三五”规划 do not.
_TERM = re.compile(r"规划?(?=期|末)|时?期|末|[，、]|建成|实现|[要将]")
_WHOLE_TERM = re.compile(
    r"(?:规划|方案|计划|实施)期(?:末|内|间|满)|期末|五年(?:内|累计|共|间|来|(?=[培建新]|发展|投入))"
)
_EVERY = re.compile(r"每(?:一|个)?(?:学年|年度|年)(?!级)|年均|逐年|历年")
# 年接待30万人次 is the measure of a year, which one is told by the sentence if at all.
_YEARLY = re.compile(r"(?<![\d今明去前后当一二三四五])年(?=接待|培训|服务|参观|举办)")
# Words for the places one level down, and for those further down.
COUNTIES = (
    r"各?(?:区、县（[^（）]{1,6}）|县（[^（）]{1,6}）、区|区县|县区|县市区|市县区|市县|旗县区?|县（市、?区?[^（）]{0,6}）|区（[县市][^（）]{0,6}）|"
    r"市（[州县][^（）]{0,6}）|县级|区级(?=科)|县域)"
)
TOWNS = (
    r"镇街|乡镇（街道[^（）]{0,4}）|乡（镇[^（）]{0,6}）|镇（[乡街][^（）]{0,6}）|"
    r"街道（[乡镇]{1,2}）|乡镇街道|乡镇|镇|街道"
)
VILLAGES = r"行政村|村（社区）|社区（村）|村（居）|村居|社区|村"
# Below counties and districts a plan has towns; regions called 地区 and 自治区 have counties.
_LOWEST = re.compile(r"(?:(?<!自治)(?<!地)(?<!行政)区|县|旗|镇|街道|乡)$")
CHILDREN = rf"{COUNTIES}|{TOWNS}"


@dataclass(frozen=True, slots=True)
class Value:
    """Keep one number with what is printed at it.

    `begin` is where its operator or the number begins, `start` the number itself, `end` the end
    of its unit and tail. `explicit` says that an operator is printed. `han` says that the number
    is written in characters (至少一名), which alone is no promise.
    """

    begin: int
    start: int
    end: int
    operator: Operator
    value: str | None
    unit: str
    explicit: bool
    han: bool = False
    stretch: Stretch | None = None
    share: bool = False

    @property
    def percent(self) -> bool:
        return self.unit == "%"


@dataclass(slots=True)
class Place:
    """Say what surrounds a sentence: below a goal heading, its years, and whose plan it is."""

    in_goals: bool
    goal_year: int | None
    region: str | None
    start_year: int | None
    end_year: int | None = None
    annual: bool = False
    heading: str = ""


def values(words: str) -> list[Value]:
    """Return the numbers of a sentence in printed order; a stretch belongs to its value."""
    found: list[Value] = []
    at = 0
    for hit in _NUMBER.finditer(words):
        if hit.start() < at:
            continue
        value = _value(words, hit)
        found.append(value)
        at = value.end
    return found


def _value(words: str, hit: re.Match[str]) -> Value:
    number, unit, han = _number_of(hit)
    end = hit.end()
    tail = _AFTER.match(words, end)
    operator, begin, explicit, more = _operator_before(words, hit.start())
    if tail:
        end, explicit = tail.end(), True
        if operator != "gt" or TAIL_OPERATORS[tail.group("tail")] != "gte":
            operator = TAIL_OPERATORS[tail.group("tail")]
    if hit.group("half") and hit.group("half") != "一半":
        operator, explicit = "gt", True
    if hit.group("more") and operator == "eq":
        operator = "gt"
    stretch = Stretch("gt", number) if more and number else None
    if hit.group("high") and (high := decimal_of(hit.group("high"))):
        operator = "gte" if operator == "eq" else operator
        stretch, explicit = Stretch("gte", high), True
    further = _STRETCH.match(words, end)
    if further and unit_of(further.group("unit")) == unit:
        higher = decimal_of(further.group("value"))
        stretch = Stretch("gt" if further.group("over") else "gte", higher) if higher else None
        end = further.end()
        if (beyond := _AFTER.match(words, end)) is not None:
            end = beyond.end()
    share = not hit.group("low") or unit == "%"
    return Value(begin, hit.start(), end, operator, number, unit, explicit, han, stretch, share)


def _number_of(hit: re.Match[str]) -> tuple[str | None, str, bool]:
    if hit.group("half"):
        return "50", "%", False
    if hit.group("percent"):
        return decimal_of(hit.group("percent")), "%", False
    if hit.group("tenths"):
        return str(10 * (han_number(hit.group("tenths")) or 0)), "%", False
    if hit.group("under"):
        under, over = han_number(hit.group("under")) or 1, han_number(hit.group("over")) or 0
        ratio = (Decimal(100 * over) / under).quantize(Decimal("0.01"), ROUND_HALF_UP)
        return _plain(ratio), "%", False
    if hit.group("low") is None:
        return str(han_number(hit.group("fold") or "一")), "番", False
    low = hit.group("low")
    return decimal_of(low), unit_of(hit.group("unit")), not low[0].isdigit()


def _operator_before(words: str, start: int) -> tuple[Operator, int, bool, bool]:
    """Find the operator of a number in its clause: what it is, where, printed at all, 并超过."""
    begin = max(clause_start(words, start), start - 24)
    operator: Operator = "eq"
    where, printed, more = start, False, False
    for hit in _OPERATOR.finditer(words, begin, start):
        index = next(i for i in range(len(OPERATORS)) if hit.group(f"o{i}"))
        between = re.sub(r"20\d\d年的?", "", words[hit.end() : start])
        if len(between) > _REACH[index] or re.search(r"\d", between):
            continue
        if "、" in between and OPERATORS[index][1] != "gte":
            continue
        # 力争超过 means more than 力争; the nearest strong word counts.
        operator, printed = OPERATORS[index][1], True
        # Far off it rules the number without standing at it: 确保公民…的比例达到15%.
        where = min(where, hit.start()) if len(between) <= _NEAR else where
        more = bool(_AND_MORE.match(hit.group()))
    return operator, where, printed, more


def operator_at(words: str, at: int) -> Operator | None:
    """Return the operator printed at this place: 分别不低于 → gte."""
    hit = _OPERATOR.match(words, at)
    if hit is None:
        return None
    return next(meaning for i, (_, meaning) in enumerate(OPERATORS) if hit.group(f"o{i}"))


def without_operators(words: str) -> str:
    """Return words with every operator taken out of them."""
    return _OPERATOR.sub("", words)


def decimal_of(printed: str) -> str | None:
    """Return a decimal string for digits or Chinese figures: 1，000 → 1000, 十点五 → 10.5."""
    bare = printed.replace("，", "").replace(",", "")
    if re.fullmatch(r"\d+(?:\.\d+)?", bare):
        return _plain(Decimal(bare))
    whole, _, part = bare.partition("点")
    number, fraction = han_number(whole), han_number(part) if part else None
    if number is None:
        return None
    return str(number) if fraction is None else f"{number}.{fraction}"


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")


def unit_of(printed: str) -> str:
    return "%" if printed == "％" else printed


def clause_start(words: str, at: int) -> int:
    return max(words.rfind(char, 0, at) for char in "，。；：？！\n") + 1


def clause_end(words: str, at: int) -> int:
    ends = (words.find(char, at) for char in "，。；：？！")
    return min((end for end in ends if end >= 0), default=len(words))


def clause_of(words: str, start: int, end: int) -> str:
    begin = max(words.rfind(char, 0, start) for char in "，。；") + 1
    return words[begin:end]


def _years(words: str, end: int) -> Iterator[tuple[int, int]]:
    """Yield the years that a target may be due in, with their places; not those compared with."""
    compared = [hit.end() for hit in BASIS_YEAR.finditer(words, 0, end)]
    quoted = 0
    last = 0
    for hit in YEAR.finditer(words, 0, end):
        quoted += sum((char in "《“") - (char in "》”") for char in words[last : hit.start()])
        last = hit.start()
        at = bisect_left(compared, hit.end())
        if quoted <= 0 and (at == len(compared) or compared[at] != hit.end()):
            yield int(hit.group(1)), hit.start()


def last_year(words: str, end: int, place: Place | None = None) -> int | None:
    """Return the year printed last before this place, as figures or as “十三五”."""
    named = list(_years(words, end))
    spans = [
        (span[1], hit.start())
        for hit in FIVE_YEARS.finditer(words, 0, end)
        if (span := five_year_span(hit.group(1) or hit.group(2)))
        and _TERM.match(words, hit.end())
        and words[hit.start() - 1 : hit.start()] not in ("比", "较", "与")
    ]
    if place and place.end_year:
        spans += [(place.end_year, hit.start()) for hit in _WHOLE_TERM.finditer(words, 0, end)]
    found = max((*named, *spans), key=lambda each: each[1], default=None)
    return found[0] if found else None


def printed_year(words: str, start_year: int | None) -> int | None:
    """Find the year that a goal section sets for all its items: 到2020年，…"""
    for hit in re.finditer(r"(?:[到至]|^)(20\d\d)年(?:底|末|前)?(?![—－–-])", words):
        if start_year is None or int(hit.group(1)) >= start_year:
            return int(hit.group(1))
    if term := re.search(r"[到至]" + FIVE_YEARS.pattern, words):
        span = five_year_span(term.group(1) or term.group(2))
        return span[1] if span and (start_year is None or span[1] >= start_year) else None
    return None


def year_of(words: str, value: Value, place: Place) -> Year:
    """Choose the year: 每年 in the clause, else the last one printed, else that of the goals."""
    near = words[clause_start(words, value.start) : value.end]
    begin = max(words.rfind("；", 0, value.start), words.rfind("。", 0, value.start)) + 1
    rhythms = [hit.end() for hit in _EVERY.finditer(words, begin, value.end)]
    dated = [
        hit.start()
        for pattern in (YEAR, _WHOLE_TERM)
        for hit in pattern.finditer(words, begin, value.start)
    ]
    # 每年举办100期，培训3万人次: the rhythm holds on until a year is printed.
    if rhythms and (_EVERY.search(near) or max(dated, default=-1) < rhythms[-1]):
        return "every"
    if re.search(r"全年|(?<![一二三四五\d])年内|今年|本年度", near):
        return place.end_year if place.annual else "every"
    printed = last_year(words, value.start, place) or place.goal_year
    return printed or ("every" if _YEARLY.search(near) else None)


def scope_of(clause: str, place: Place) -> Scope:
    """Tell a norm for each lower place from one for the place itself."""
    if re.search(r"全[县区旗镇]|[我本][县区旗镇]", clause):
        return "self"
    if re.search(rf"(?:各|每一?个?)(?:{TOWNS}|{VILLAGES}|乡|县|市|区|旗|州|盟)(?!直|级机)", clause):
        return "each_child"
    lowest = bool(_LOWEST.search(place.region or ""))
    if not lowest and re.search(
        rf"{COUNTIES}|[市、州]县(?!科|级以)|^县(?!科|级以)|各级|(?:{TOWNS})(?:人均|每年)", clause
    ):
        return "each_child"
    return "self"
