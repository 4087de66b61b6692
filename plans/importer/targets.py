"""Read targets: an operator, a value, a unit, a year and for whom it holds.

Every number of a sentence is looked at once. First it is asked whether it promises anything at
all (history, dates, names, ranks and how often a deed is repeated do not), then what it counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from plans.importer.coverage import read_coverage
from plans.importer.model import ParsedTarget, Scope, Span, TargetKind
from plans.importer.noise import is_growth, is_noise
from plans.importer.rows import respectively
from plans.importer.spans import readable_sentences, widened
from plans.importer.subjects import (
    FUNDING,
    HEALTH_LITERACY,
    LITERACY,
    bare_label,
    coverage_code,
    literacy_code,
    made_code,
    suffix_of,
)
from plans.importer.values import (
    COUNTIES,
    TIME,
    TOWNS,
    VILLAGES,
    Place,
    Value,
    Year,
    clause_end,
    clause_start,
    last_year,
    printed_year,
    scope_of,
    values,
    without_operators,
    year_of,
)

__all__ = ["Place", "read_targets"]

# What a share is of: lower places, then people and bodies.
_CHILD = re.compile(
    rf"的?(?P<child>{COUNTIES}|{TOWNS}|{VILLAGES}|县|旗|区(?!域)|市(?!民|场))(?P<rest>[^，。；]*)"
)
_PART = re.compile(r"的(?P<rest>[^，。；]{2,})")
_FURTHER_SHARE = re.compile(
    rf"^.*\d[%％](?:以上|左右)?的?(?:{COUNTIES}|{TOWNS}|{VILLAGES}|县|区|市|学校|中小学)"
)
_HAS_LITERACY = re.compile(r"[^，。；]{0,10}具备(?:基本)?科学素[质养]")
_PER_HEAD = re.compile(r"人均|每人|按人|人口|人头")
_SCIENCE_MONEY = re.compile(r"科普|科学素[质养]|科学技术普及")
_NO_FUNDING = re.compile(r"收入|产值|GDP|消费")
_CONNECT = re.compile(
    rf"{TIME.pattern[1:]}|20\d\d年|{COUNTIES}|{TOWNS}|全[市省县区国州旗]|[我本][市省县区州旗]|[各均要应也都将市省县区州旗]|力争|争取|"
    r"确保|保证|努力|分别|在?“?[一二三四五十]+五”?(?:期间|的?基础上)?|的|由|从|比|到|至|每年|全年|其中|总体|整体|地区|有望|"
    r"不断|明显|显著|大幅|逐步|稳步|持续|提[高升]|增长|，|：|（|）|、|水平"
)
# What follows a counted thing and no longer names it.
_AFTER_NOUN = re.compile(
    r"^(?:[以的]?(?:上|下|内)|并|且|和|与|及|或|等|为|达|用于|开展|参加|，|。|；|、|：|（|）|左右|占|比|即|时|由|在|对|给予|深入|到|赴|走进|前往|下乡|进|/)"
)

_PER = re.compile(r"每\d*[万千百十]+(?:名|人)?(?:人口|常住人口|学生)?|每(?:名|位|所|校|场)")
# Whose it is belongs to the scope, not to the subject: 每个乡镇配备…
_WHOSE = re.compile(
    rf"^(?:[各每]一?个?|所有|全部)(?:{COUNTIES}|{TOWNS}|{VILLAGES}|[县市区乡旗州盟])(?!级)(?:都|均|要|至少)*"
)
# Said of many things, these name none: 建筑面积, 创建率.
_GENERIC = re.compile(
    r"(?:建筑|占地|展厅|使用|展教|总)?(?:面积|投资|规模)|[一-龥]{0,2}率|[一-龥]{1,2}"
)
# A part of the country has a value of its own: 珠三角地区达到14%.
_AREA = re.compile(r"[一-龥]{2,8}(?:地区|片区|区域)")
_LEVEL = re.compile(r"^(?:国家|全国|自治区|省|市|县|区|州|镇|乡|村)级?")
# 1个国家级、5个省级科普示范县: the noun stands once, at the end.
_LEVEL_NOUN = re.compile(
    r"(?:国家|全国|省|市|县|区)级(?P<noun>[^，。；、\d（]{2,})(?:（[^（）]*）)?$"
)
_LEVEL_ONLY = re.compile(rf"{_LEVEL.pattern}$|(?:国家|省|市|县|区)级以上")


def read_targets(text: str, span: Span, place: Place) -> list[ParsedTarget]:
    """Read the targets of one paragraph, in printed order."""
    found: list[ParsedTarget] = []
    above = place.heading
    for start, end in readable_sentences(text, *span):
        quote = text[start:end]
        words = widened(quote)
        if start == span[0] and end < span[1] and len(words) <= 24 and not values(words):
            # A run-in heading names what the sentences after it count.
            place.heading = words.rstrip("。")
        if place.in_goals and (year := printed_year(words, place.start_year)):
            place.goal_year = year
        targets = [replace(t, quote=quote, span=(start, end)) for t in _in_sentence(words, place)]
        found += _current(targets, place)
    place.heading = above
    return found


def _current(targets: list[ParsedTarget], place: Place) -> list[ParsedTarget]:
    """Leave out what lies before the plan: 2015年达到5% tells of the past."""
    return [
        t
        for t in targets
        if not (isinstance(t.year, int) and place.start_year and t.year < place.start_year)
    ]


def _in_sentence(words: str, place: Place) -> Iterator[ParsedTarget]:
    coverage, taken = read_coverage(words, place)
    found = [*coverage, *_numbers(words, place, taken)]
    yield from (target for _, target in sorted(found, key=lambda each: each[0]))


def _numbers(words: str, place: Place, taken: list[Span]) -> Iterator[tuple[int, ParsedTarget]]:
    """Read every number that promises something, with the place it stands at."""
    last: ParsedTarget | None = None
    since = 0
    numbers = values(words)
    found: list[tuple[Value, ParsedTarget]] = []
    for at, value in enumerate(numbers):
        following = numbers[at + 1].begin if at + 1 < len(numbers) else len(words)
        covered = any(a <= value.start < b for a, b in taken)
        if covered or is_noise(words, value, since, place, known=last is not None):
            continue
        target = _target_at(words, value, (since, following), place, last)
        since = value.end
        if target is not None:
            found.append((value, target))
            last = target
    for value, target in respectively(words, found):
        yield value.start, target


def _target_at(
    words: str, value: Value, reach: Span, place: Place, last: ParsedTarget | None
) -> ParsedTarget | None:
    """Name what a number counts and build its target; `reach` lies between its neighbours."""
    year = year_of(words, value, place)
    begin = clause_start(words, value.begin)
    clause = words[max(begin, reach[0]) : value.end]
    if value.unit in ("元", "角") and _is_funding(words, value, place):
        scope = scope_of(clause, place)
        code = FUNDING.indicator + ("_growth" if is_growth(words, value) else "")
        return _built(value, code, year, scope, "人均科普经费", "level")
    if value.percent and (target := _literacy(words, value, reach, place)):
        return target
    if value.percent and (target := _share(words, value, place)):
        return target
    label, inherits = _label(words, value, reach)
    completed = _completed(words, value, label, last, place.heading)
    inherits, label = inherits and (completed == label or len(label) < 2), completed
    if inherits and last is not None and is_growth(words, value):
        code = last.indicator.removesuffix("_growth") + "_growth"
        return _built(value, code, year, last.scope, f"{last.label}增长", "level")
    if inherits and last is not None and last.unit == value.unit:
        scope = scope_of(clause, place)
        if last.kind != "survey" and not re.search(r"[各每]", clause):
            lower = re.match(rf"[，、]?(?:{COUNTIES}|{TOWNS})", clause)
            scope = "each_child" if lower else last.scope
        return _built(value, last.indicator, year, scope, last.label, last.kind)
    here = words[begin : value.end]
    group = _group_of(label, last) if value.percent else None
    if group:
        return _built(value, group, year, "self", label, "survey")
    return _other(words, value, label, here, place) if len(label) >= 2 else None


def _group_of(label: str, last: ParsedTarget | None) -> str | None:
    """Return the literacy code of a group named after the ratio of all: 其中农民达到3%."""
    if last is None or not last.indicator.startswith(LITERACY.indicator):
        return None
    own = label.rsplit("中", 1)[-1]
    code = literacy_code(own) if len(own) <= 6 else LITERACY.indicator
    return code if code != LITERACY.indicator else None


def _other(words: str, value: Value, label: str, clause: str, place: Place) -> ParsedTarget:
    """Build the target of a subject that has no code of its own."""
    year = year_of(words, value, place)
    named = LITERACY.pattern.search(f"{label}比例")
    if named and (value.percent or is_growth(words, value)) and "差距" not in label:
        growth = "_growth" if is_growth(words, value) else ""
        return _built(value, literacy_code(label) + growth, year, "self", label, "survey")
    counted = _counted_scope(clause, place)
    if value.percent:
        code, kind = _percent_code(words, value, label)
        if code == "venue_coverage":
            counted = "share_of_children"
        return _built(value, code, year, counted, label, kind)
    suffix = suffix_of(value.unit)
    if is_growth(words, value):
        suffix = f"growth_{suffix}"
    return _built(value, made_code(label, suffix), year, counted, label, "cumulative")


def _completed(
    words: str, value: Value, label: str, last: ParsedTarget | None, heading: str
) -> str:
    """Add what a subject leaves to the one before it: 其中女性, 省级20家, 每万人200平方米."""
    rate = _PER.search(words, clause_start(words, value.begin), value.start)
    if rate and rate.group() not in label:
        label = rate.group() + label
    if label.startswith("占") and last is not None:
        return last.label + label
    bare = (last is None and not label) or _GENERIC.fullmatch(label)
    if (last is None or "其中" not in words) and heading and bare:
        named = bare_label(heading)
        return named if named.endswith(label) else named + label
    noun = _LEVEL_NOUN.search(words, value.end, clause_end(words, value.end))
    if noun and _LEVEL_ONLY.fullmatch(label):
        return label + noun.group("noun")
    return _beside(words, value, label, last) if last else label


def _beside(words: str, value: Value, label: str, last: ParsedTarget) -> str:
    """Add what the target before it lends to a subject."""
    if len(label) < 2:
        return last.label
    if _AREA.fullmatch(label) and last.unit == value.unit:
        return f"{label}{last.label}"
    begin = clause_start(words, value.begin)
    if words.startswith("其中", begin):
        # The second part belongs to the same whole as the first: 其中乡村60个、社区30个.
        later = re.search(r"\d", words[begin : value.begin])
        whole = last.label.rsplit("中", 1)[0] if later else last.label
        return f"{whole}中{label.removeprefix('其中')}"
    if (
        last.label.startswith("培训")
        and words[value.begin - len(label) - 1 : value.begin] == f"、{label}"
    ):
        return f"培训{label}"
    if _LEVEL_ONLY.fullmatch(label):
        return label + _LEVEL.sub("", last.label)
    return label


def _percent_code(words: str, value: Value, label: str) -> tuple[str, TargetKind]:
    if HEALTH_LITERACY.search(label):
        return "health_literacy_ratio", "survey"
    if is_growth(words, value):
        return made_code(label, "growth"), "level"
    if re.search(r"覆盖|普及率|入户率", label):
        return coverage_code(re.sub(r"覆盖(?:率|面|比例)?.*", "", label)), "coverage"
    return made_code(label, "ratio"), "coverage"


def _built(
    value: Value, code: str, year: Year, scope: Scope, label: str, kind: TargetKind
) -> ParsedTarget:
    return ParsedTarget(
        code,
        value.operator,
        value.value,
        value.unit,
        year,
        scope,
        "",
        (0, 0),
        value.stretch,
        label,
        kind,
    )


def _is_funding(words: str, value: Value, place: Place) -> bool:
    """Say whether an amount of money is science money per head, whatever the order of words."""
    begin = max(words.rfind("。", 0, value.begin) + 1, value.begin - 70)
    window = words[begin : min(clause_end(words, value.end), value.end + 30)]
    near = words[max(begin, value.begin - 30) : min(len(words), value.end + 12)]
    return bool(
        _PER_HEAD.search(window)
        # In a section on funds the money is science money without saying so.
        and (_SCIENCE_MONEY.search(window) or re.search(r"经费|投入|资金", place.heading))
        and not _NO_FUNDING.search(near)
    )


def _literacy(words: str, value: Value, reach: Span, place: Place) -> ParsedTarget | None:
    """Read a share of people with science literacy; a later value needs only its year or place."""
    year = year_of(words, value, place)
    lead = words[reach[0] : value.begin]
    hits = list(LITERACY.pattern.finditer(lead))
    own = words[clause_start(words, value.begin) : value.end]
    if hits and _nothing_between(lead[hits[-1].end() :]):
        begin = max(clause_start(lead, hits[-1].start()), 0)
        code = literacy_code(lead[max(begin, hits[-1].start() - 16) : hits[-1].end()])
        label = "公民具备科学素质的比例" if code == LITERACY.indicator else hits[-1].group()
        # The place may stand before the subject: 各县（市、区）公民具备科学素质的比例达到10%.
        scope = scope_of(lead[begin : hits[-1].start()] + own[: own.find("%") + 1], place)
        return _built(value, code, year, scope, label, "survey")
    if after := _HAS_LITERACY.match(words, value.end):
        code = literacy_code(after.group())
        return _built(value, code, year, scope_of(own, place), after.group(), "survey")
    return None


def _nothing_between(words: str) -> bool:
    """Say whether only time, place and manner stand between a subject and its value."""
    left = re.sub(r"\d+(?:\.\d+)?[%％]?|[^一-龥，；]", "", _CONNECT.sub("", words))
    return len(left) <= 3 and "；" not in left


def _share(words: str, value: Value, place: Place) -> ParsedTarget | None:
    """Read 60%以上的县（市、区）建成… and 80%的学校开设…"""
    year = last_year(words, value.start, place) or place.goal_year
    if hit := _CHILD.match(words, value.end):
        # 80%的乡镇和60%的村达到标准: what they reach stands once, at the end.
        label = hit.group("child") + _FURTHER_SHARE.sub("", hit.group("rest"))
        code = coverage_code(label, hit.group("child"))
        operator = value.operator if value.explicit else "gte"
        share = replace(value, operator=operator)
        return _built(share, code, year, "share_of_children", label, "coverage")
    if hit := _PART.match(words, value.end):
        label = bare_label(hit.group("rest"))
        if len(label) >= 2 and not re.match(r"目标|水平|比例|速度|标准|要求|增[长幅]", label):
            share = replace(value, operator=value.operator if value.explicit else "gte")
            return _built(share, coverage_code(label), year, "self", label, "coverage")
    return None


def _counted_scope(clause: str, place: Place) -> Scope:
    """Tell 每个乡镇建成1个 from a count of the place itself: 县级示范社区达到10个."""
    if re.search(
        rf"(?:[各每]一?个?)(?:{COUNTIES}|{TOWNS}|{VILLAGES}|乡|县|市|区|旗|州|盟)(?!级|直)"
        r"|县县|乡乡|镇镇|村村|(?:县|乡|镇|村)均",
        clause,
    ):
        return "each_child" if scope_of(clause, place) != "self" or "每" in clause else "self"
    return "self"


def _label(words: str, value: Value, reach: Span) -> tuple[str, bool]:
    """Name what is counted; the flag says that the clause names nothing of its own.

    10个科普示范社区 is named after the number, 科普示范社区10个 before it.
    """
    begin = clause_start(words, value.begin)
    # 力争五年培训3000人: the subject may stand between the operator and the number.
    between = without_operators(words[value.begin : value.start])
    before = words[max(begin, reach[0]) : value.begin] + between
    if reach[0] > begin:
        before = re.split(r"[、和及]", before)[-1] if re.search(r"^[、和及]", before) else before
    after = ""
    if not value.percent:
        stop = min(clause_end(words, value.end), reach[1])
        after = words[value.end : stop]
        if reach[1] < clause_end(words, value.end) and re.search(r"[、和]", after):
            after = after[: max(after.rfind("、"), after.rfind("和"))]
        if (
            re.search(r"面积|投资|规模|占地", after)
            and "的" in words[stop : clause_end(words, stop)]
        ):
            # 1座建筑面积不少于2000平方米的科技馆
            after = words[value.end : clause_end(words, stop)]
        after = "" if _AFTER_NOUN.match(after) and not after.startswith("的") else after
        after = re.sub(r"（[^（）]*）", "", after)
        after = re.split(r"（|、(?=\d)|并|，", after)[0].removeprefix("的")
        if "的" in after[:-2]:
            after = after[after.rfind("的") + 1 :]
    people = re.search(r"(?:培训|培养|轮训)", before)
    named = (people.group() if people else "") + after if len(after) >= 2 else before
    label = bare_label(_WHOSE.sub("", bare_label(re.sub(r"^.*(?:；|：)", "", named))))
    bare = _CONNECT.sub("", label)
    if len(re.sub(r"[^一-龥A-Za-z]", "", bare)) >= 2:
        return label, False
    earlier = _earlier(words, begin, reach[0]) + label
    # 创建率 alone says little, but a target it is.
    return (named.strip("，、") if len(earlier) < 2 <= named.find("率") else earlier), True


def _earlier(words: str, begin: int, since: int) -> str:
    """Reach back one clause for the subject of a number whose own clause names none."""
    if begin - 1 <= since:
        return ""
    start = max(clause_start(words, begin - 1), since)
    return bare_label(words[start : begin - 1])
