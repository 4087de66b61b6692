"""Read targets that are printed without a figure: full coverage, averages, things to be opened."""

from __future__ import annotations

import re

from plans.importer.model import Operator, ParsedTarget, Scope, Span, TargetKind
from plans.importer.subjects import (
    bare_label,
    coverage_code,
    known_subject,
    literacy_code,
    made_code,
)
from plans.importer.values import (
    CHILDREN,
    COUNTIES,
    TOWNS,
    UNIT,
    VILLAGES,
    Place,
    Year,
    clause_of,
    clause_start,
    last_year,
)

Found = tuple[int, ParsedTarget]

_FULL = re.compile(r"的?(?:全覆盖|应建尽建|全面覆盖|覆盖率(?:达到?|为)?百分之百)(?!的|、|式|性)")
_SLOGAN = re.compile(r"全(?:方位|领域|过程|媒体|链条|时段|天候|地域|社会)、?$|、$")
_EACH_HAS = re.compile(
    rf"(?:每一?个?|各|所有(?:的)?|全部)(?P<child>{COUNTIES}|{TOWNS}|{VILLAGES}|县|区|市|乡)(?:都|均|全部)"
    r"(?:要|应|能)?(?:有|建有|建成|建立|设有|设立|拥有|配有|开通|建起|具有)(?P<what>[^，。；\d]{2,20})"
    r"|(?P<twice>县县|乡乡|镇镇|村村|校校|区区)(?:都|均)?(?:有|建有|通)(?P<thing>[^，。；\d]{2,16})"
)
_ALL_HAVE = re.compile(
    r"(?:^|[，。；：])(?:[到至]20\d\d年[底末]?，?)?(?P<who>[^，。；]{2,16}?)(?:全部|100%|百分之百)"
    r"(?P<what>(?:建成|建有|配备|设立|开设|开齐|建立|达标|达到|纳入|实现)[^，。；]{0,18})"
)
_RELATIVE = re.compile(
    r"(?P<op>达到(?:或(?:者)?超过|并超过)?|高于|超过|不低于|优于|高出|赶上|接近)(?:同期)?"
    r"(?:全[国省市区县州]|国家|省|自治区|市|[东中西]部(?:地区)?|中西部|同类[^，。；]{0,6}|[一-龥]{2,4}地区)"
    r"(?:、(?:全[国省市]))?(?:的)?(?P<level>平均|中等(?:以上)?|中上游?|先进)(?:水平|值|数)"
    r"(?:以上)?(?:\d+(?:\.\d+)?个?百分点(?:以上)?)?(?:（约?(?P<value>\d+(?:\.\d+)?)[%％]）)?"
)
_WIDE = re.compile(
    r"(?P<who>[^，。；、]{2,12})普遍(?:设立|开设|建立|建有|开展|配备|设有)(?P<what>[^，。；]{2,20})"
)
_ACCESS = re.compile(r"到(20\d\d)年[^。；]{0,4}基本实现(?P<what>[^。；]*?都有机会[^。；]+)")
_VENUE = (
    r"(?:科技馆|科学馆|科普馆|博物馆|科学中心|科技中心|科技会堂|科普中心|体验馆|天文馆|青少年(?:科技)?(?:活动)?(?:宫|中心)|"
    r"科普公园|科技公园|科技场馆|科普场馆|科普体验中心|科技宫|展示馆|自然馆|气象馆|地震馆)"
)
_OWNED = (
    r"[省市州县区旗](?:级|本级)?(?:综合性|新|现代|数字)?(?:[一-龥]{0,6})?"
    rf"{_VENUE}(?:新馆|二期|分馆)?"
)
_DONE = (
    r"(?:建成(?:启用|开放|开馆|投用|并[^，。；]{0,8})?|启用|投入使用|投用|开馆|落成|对外开放|竣工|完工|"
    r"正式开放)"
)
_MILESTONE = re.compile(
    rf"(?:^|(?<=[，。；、的成：]))(?P<head>[^，。；]{{0,14}}?){_OWNED}(?P<mid>(?:[^，。；\d]|20\d\d年){{0,10}}?){_DONE}"
    rf"|(?P<verb>完成|建成|启用|建成启用)(?P<gap>[^，。；条\d]{{0,6}}){_OWNED}(?P<rest>(?:的?(?:建设|改造|布展|改扩建|主体|工程))*)"
)
_NOT_OPENED = re.compile(
    r"支持|鼓励|有条件|一半|半数|[%％]|已|推动各|覆盖|每个?|各[县区市]|(?<!\d)\d+(?![\d年])|功能|发挥|如|等"
)


def read_coverage(words: str, place: Place) -> tuple[list[Found], list[Span]]:
    """Return the targets without a figure and the spans whose figures are spoken for."""
    found: list[Found] = []
    taken: list[Span] = []
    _relative(words, place, found, taken)
    _full(words, place, found)
    _each(words, place, found)
    _milestones(words, place, found)
    if hit := _ACCESS.search(words):
        target = _target("vocational_training_access", "approx", None, int(hit.group(1)))
        found.append((hit.start(), _named(target, hit.group("what"), "coverage")))
    return found, taken


def _relative(words: str, place: Place, found: list[Found], taken: list[Span]) -> None:
    for hit in _RELATIVE.finditer(words):
        taken.append(hit.span())
        clause = clause_of(words, hit.start(), hit.end())
        if re.search(r"已|了", clause[: hit.start()]) or re.search(r"没有|未|尚", clause):
            continue
        over = hit.group("op") in ("高于", "超过", "优于", "高出")
        operator: Operator = "gt" if over else "approx" if hit.group("op") == "接近" else "gte"
        before = words[: hit.start()]
        known = known_subject(before) or known_subject(clause)
        year = last_year(words, hit.start(), place) or place.goal_year
        if known is None and (not place.in_goals or hit.group("level") != "平均"):
            continue
        code = known.indicator if known else made_code(clause[: clause.find(hit.group())], "level")
        if known and known.indicator == "literacy_ratio":
            code = literacy_code(before[-24:])
        kind: TargetKind = known.kind if known else "level"
        found.append(
            (hit.start(), _named(_target(code, operator, hit.group("value"), year), clause, kind))
        )


def _full(words: str, place: Place, found: list[Found]) -> None:
    done = 0
    for hit in _FULL.finditer(words):
        begin = clause_start(words, hit.start())
        what = words[max(begin, done) : hit.start()]
        done = hit.end()
        if _SLOGAN.search(what) or re.search(r"已|了$", what):
            continue
        # 科普e站实现乡镇、社区全覆盖: what is covered stands before the verb, where after it.
        parts = re.split(r"(?:实现|推动|推进|做到|达到|完成)(?=.{2,})", what.strip("“”对在，："))
        around = (bare_label(parts[0]), bare_label(parts[-1])) if len(parts) > 1 else (what,)
        label = bare_label("".join(part for part in around if len(part) >= 2))
        if len(label) < 2:
            label = _subject_before(words[:begin])
        if len(label) < 2:
            continue
        # The bare label has lost its brackets: 县（市、区） is looked for in the words themselves.
        county = re.search(COUNTIES, what)
        code = coverage_code(label, county.group() if county else "")
        year = last_year(words, hit.end(), place) or place.goal_year
        counted = code == "venue_coverage" and re.search(CHILDREN, what)
        scope: Scope = "share_of_children" if counted else "self"
        target = _target(code, "eq", "100", year, scope)
        found.append((begin, _named(target, label, "coverage")))


def _subject_before(words: str) -> str:
    """Reach back for what is covered: 建成乡镇科普馆3个，2023年达到6个，2025年实现全覆盖。"""
    for clause in reversed(re.split(r"[，；：]", words)[-4:]):
        label = bare_label(re.sub(rf"\d+(?:\.\d+)?(?:{UNIT}).*$", "", clause))
        if len(label) >= 3:
            return label
    return ""


def _each(words: str, place: Place, found: list[Found]) -> None:
    for hit in _EACH_HAS.finditer(words):
        child = hit.group("child") or hit.group("twice")[:1]
        label = child + (hit.group("what") or hit.group("thing"))
        year = last_year(words, hit.start(), place) or place.goal_year
        scope: Scope = "self" if child == "校" else "share_of_children"
        target = _target(coverage_code(label, child), "eq", "100", year, scope)
        found.append((hit.start(), _named(target, label, "coverage")))
    if not place.in_goals:
        return
    for hit in _ALL_HAVE.finditer(words):
        if re.search(r"已|达到\d", hit.group()):
            continue
        who = re.sub(r"^\d+个", "", bare_label(hit.group("who")))
        label = who + hit.group("what")
        year = last_year(words, hit.end(), place) or place.goal_year
        child = re.search(COUNTIES, hit.group("who"))
        code = coverage_code(label, child.group() if child else "")
        counted = code == "venue_coverage"
        target = _target(code, "eq", "100", year, "share_of_children" if counted else "self")
        found.append((hit.start("who"), _named(target, label, "coverage")))
    for hit in _WIDE.finditer(words):
        label = hit.group("who") + hit.group("what")
        target = _target(coverage_code(label), "approx", None, place.goal_year)
        found.append((hit.start(), _named(target, label, "coverage")))


def _milestones(words: str, place: Place, found: list[Found]) -> None:
    for hit in _MILESTONE.finditer(words):
        whole = hit.group()
        if _NOT_OPENED.search(clause_of(words, hit.start(), hit.start())):
            continue
        if _NOT_OPENED.search(whole) or re.match(
            r"[^，。；]{0,6}(?:[等各]|的(?!建设))", words[hit.end() :]
        ):
            continue
        venue = re.search(_OWNED, whole)
        name = venue.group() if venue else whole
        museum = re.search(r"科技馆|科学馆|科学中心|科技中心|科技会堂", name)
        code = "science_museum_opening" if museum else made_code(name, "opening")
        year = last_year(words, hit.end(), place) or place.goal_year
        target = _target(code, "eq", None, year)
        found.append((hit.start(), _named(target, whole, "milestone")))


def _target(
    indicator: str, operator: Operator, value: str | None, year: Year, scope: Scope = "self"
) -> ParsedTarget:
    unit = "%" if value else None
    return ParsedTarget(indicator, operator, value, unit, year, scope, "", (0, 0))


def _named(target: ParsedTarget, label: str, kind: TargetKind) -> ParsedTarget:
    return ParsedTarget(
        target.indicator,
        target.operator,
        target.value,
        target.unit,
        target.year,
        target.scope,
        "",
        (0, 0),
        None,
        label,
        kind,
    )
