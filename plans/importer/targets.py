"""Read targets: an operator, a value, a unit, a year and for whom it holds."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from plans.importer.model import Operator, ParsedTarget, Scope, Span, TargetKind
from plans.importer.spans import readable_sentences, widened
from plans.importer.values import (
    CHILDREN,
    COUNT,
    MONEY,
    NUMBER,
    PERCENT,
    STRETCH,
    TAIL_OPERATORS,
    TIME,
    VALUE,
    YEAR,
    Place,
    Year,
    clause_of,
    decimal_of,
    is_explicit,
    last_year,
    printed_year,
    read_value,
    scope_of,
    unit_of,
    year_of,
)

_VENUE = re.compile(r"科普场馆|科技馆|科普馆|科技场馆|科普展馆")
_SHARE = re.compile(
    rf"(?P<share>一半|半数|过半|(?:{NUMBER})[%％])(?P<tail>以上|左右)?的?"
    rf"(?P<child>{CHILDREN}|县|区|市|镇|街道|社区|行政村|村|学校|中小学)"
)


@dataclass(frozen=True, slots=True)
class Subject:
    """Name an indicator by the words that stand before its value."""

    indicator: str
    pattern: re.Pattern[str]
    kind: TargetKind
    units: str


LITERACY = Subject(
    "literacy_ratio",
    re.compile(
        r"(?:具备(?:基本)?科学素[质养]的?(?:公民)?(?:的)?(?:比例|比率)|公民科学素[质养](?:的)?(?:比例|水平|达标率))"
    ),
    "survey",
    PERCENT,
)
FUNDING = Subject(
    "funding_per_capita",
    re.compile(
        r"人均(?:年)?科普[^，。；]{0,6}(?:经费|投入)|科普[^，。；]{0,8}(?:经费|投入)[^，。；]{0,10}(?:人均|每人)"
        r"|人均(?=\d[^，。；]{0,16}科普)"
    ),
    "level",
    MONEY,
)
SUBJECTS = (LITERACY, FUNDING)

# What is covered, by words that any plan may use; the first that fits names the indicator.
COVERAGE_CODES: tuple[tuple[str, str], ...] = (
    (r"宣传员|信息员", "science_communicator_coverage"),
    (r"场馆|科技馆|科普馆", "venue_coverage"),
    (r"校本课程|科学课程|科学课", "school_curriculum_coverage"),
    (r"[技学]教育.*(?:中小学|学校)|(?:中小学|学校).*[技学]教育", "school_activity_coverage"),
    (r"流动科技馆|科普大篷车", "mobile_venue_coverage"),
    (r"科普中国|信息化|e站", "digital_service_coverage"),
    (r"志愿", "volunteer_coverage"),
)
_MILESTONE = re.compile(
    r"(?:^|(?<=[，。；、的成]))(?:[^，。；]{0,12}?)[省市州县区旗](?:级)?(?:综合性)?科技馆(?:新馆)?的?[^，。；支持有条件]{0,6}"
    r"(?:建成启用|建成|启用|投入使用|开馆|落成|对外开放)"
    r"|(?:完成|建成|启用)[^，。；条]{0,6}[省市州县区旗]科技馆(?:新馆)?(?:的?(?:建设|改造|布展))?"
)
_ACCESS = re.compile(r"到(20\d\d)年[^。；]{0,4}基本实现(?P<what>[^。；]*?都有机会[^。；]+)")
_RELATIVE = re.compile(r"(?P<op>达到|高于|超过|不低于)(?:或超过)?全[国省市区县州](?:的)?平均水平")
_WIDE = re.compile(
    r"(?P<who>[^，。；、]{2,12})普遍(?:设立|开设|建立|建有|开展)(?P<what>[^，。；]{2,20})"
)
_FULL = re.compile(r"(?P<what>[^，。；]*?)的?全覆盖")
_NOT_COUNTED = re.compile(r"岁|周年|期间|级以上|万元以上|以上(?:学历|职称)|[“《][^”》]*$")


def read_targets(text: str, span: Span, place: Place) -> list[ParsedTarget]:
    """Read the targets of one paragraph, in printed order."""
    found: list[ParsedTarget] = []
    for start, end in readable_sentences(text, *span):
        quote = text[start:end]
        words = widened(quote)
        if place.in_goals and place.goal_year is None:
            place.goal_year = printed_year(words, place.start_year)
        targets = [replace(t, quote=quote, span=(start, end)) for t in _in_sentence(words, place)]
        found += _current(targets, place)
    return found


def _current(targets: list[ParsedTarget], place: Place) -> list[ParsedTarget]:
    """Leave out what lies before the plan: 2015年达到5% tells of the past."""
    return [
        t
        for t in targets
        if not (isinstance(t.year, int) and place.start_year and t.year < place.start_year)
    ]


def _in_sentence(words: str, place: Place) -> Iterator[ParsedTarget]:
    taken: list[Span] = []
    for subject in SUBJECTS:
        yield from _subject_targets(words, subject, place, taken)
    yield from _relative(words, place)
    yield from _shares(words, place, taken)
    yield from _coverage(words, place)
    yield from _milestones(words, place)
    if hit := _ACCESS.search(words):
        yield _target(
            "vocational_training_access",
            "approx",
            None,
            None,
            int(hit.group(1)),
            label=hit.group("what"),
            kind="coverage",
        )
    yield from _quantities(words, place, taken)


def _subject_targets(
    words: str, subject: Subject, place: Place, taken: list[Span]
) -> Iterator[ParsedTarget]:
    for found in subject.pattern.finditer(words):
        at = found.end()
        first = True
        while hit := VALUE.search(words, at, min(len(words), at + 30)):
            if not re.fullmatch(subject.units, hit.group("unit")) or hit.span() in taken:
                break
            # A later value needs a year or a place of its own: 2025年达到15%，各县达到12%.
            own = words[found.start() if first else at : hit.start()]
            if not first and not re.search(rf"{YEAR.pattern}|{CHILDREN}|各县|各区", own):
                break
            taken.append(hit.span())
            operator, value, stretch = read_value(words, hit)
            if more := STRETCH.match(words, hit.end()):
                taken.append(more.span())
            clause = clause_of(words, found.start() if first else hit.start(), hit.end())
            yield ParsedTarget(
                subject.indicator,
                operator,
                value,
                unit_of(hit.group("unit")),
                year_of(words, found.start() if first else at, hit, place),
                scope_of(clause, place),
                "",
                (0, 0),
                stretch,
                found.group(),
                subject.kind,
            )
            at, first = hit.end(), False


def _shares(words: str, place: Place, taken: list[Span]) -> Iterator[ParsedTarget]:
    for hit in _SHARE.finditer(words):
        rest = re.match(r"[^，。；]*", words[hit.end() :])
        subject = rest.group() if rest else ""
        taken.append((hit.start("share"), hit.end("share")))
        share = hit.group("share")
        operator: Operator = TAIL_OPERATORS.get(hit.group("tail") or "", "gte")
        if share == "过半":
            operator = "gt"
        value = "50" if share in ("一半", "半数", "过半") else decimal_of(share[:-1])
        label = hit.group("child") + subject
        code = "venue_coverage" if _VENUE.search(subject) else _code("coverage", label)
        before = last_year(words, hit.start()) or place.goal_year
        yield _target(code, operator, value, "%", before, "share_of_children", label, "coverage")


def _coverage(words: str, place: Place) -> Iterator[ParsedTarget]:
    for hit in _FULL.finditer(words):
        what = hit.group("what")
        label = re.sub(r"^.*(?:实现|推动|推进)(?=.{4,})", "", what).strip("“”") or "全覆盖"
        code = _known(COVERAGE_CODES, what) or _code("coverage", label)
        year = last_year(words, hit.start()) or place.goal_year
        counted = code == "venue_coverage" and re.search(CHILDREN, what)
        scope: Scope = "share_of_children" if counted else "self"
        yield _target(code, "eq", "100", "%", year, scope, label, "coverage")
    if not place.in_goals:
        return
    for hit in _WIDE.finditer(words):
        label = hit.group("who") + hit.group("what")
        code = _known(COVERAGE_CODES, label) or _code("coverage", label)
        yield _target(code, "approx", None, None, place.goal_year, label=label, kind="coverage")


def _relative(words: str, place: Place) -> Iterator[ParsedTarget]:
    for hit in _RELATIVE.finditer(words):
        clause = clause_of(words, hit.start(), hit.end())
        operator: Operator = "gt" if hit.group("op") in ("高于", "超过") else "gte"
        known = next((s for s in SUBJECTS if s.pattern.search(words[: hit.end()])), None)
        code = known.indicator if known else _code("relative", clause)
        year = last_year(words, hit.start()) or place.goal_year
        kind: TargetKind = known.kind if known else "level"
        yield _target(code, operator, None, None, year, label=clause, kind=kind)


def _milestones(words: str, place: Place) -> Iterator[ParsedTarget]:
    for hit in _MILESTONE.finditer(words):
        if re.search(r"支持|鼓励|有条件|一半|[%％]", hit.group()):
            continue
        year = last_year(words, hit.end()) or place.goal_year
        yield _target(
            "science_museum_opening", "eq", None, None, year, label=hit.group(), kind="milestone"
        )


def _quantities(words: str, place: Place, taken: list[Span]) -> Iterator[ParsedTarget]:
    """Read other numbers with an operator or, being counts, a year; yearly ones are duties."""
    if re.search(r"每(?:两|二|三|半|个)?(?:年|月|季|学期|周|学年)|全年|年均", words):
        return
    for hit in VALUE.finditer(words):
        if any(a <= hit.start("value") < b for a, b in taken):
            continue
        counted = re.fullmatch(COUNT, hit.group("unit")) and YEAR.search(words[: hit.start()])
        if not (is_explicit(hit) or counted) or not hit.group("value")[0].isdigit():
            continue
        clause = clause_of(words, hit.start(), hit.end())
        if _NOT_COUNTED.search(clause) and not is_explicit(hit):
            continue
        label = _label(words, hit)
        operator, value, stretch = read_value(words, hit)
        percent = hit.group("unit") == "%"
        target = _target(
            _code("coverage" if percent else "quantity", label),
            operator,
            value,
            unit_of(hit.group("unit")),
            last_year(words, hit.start()) or place.goal_year,
            scope_of(clause, place),
            label,
            "coverage" if percent else "cumulative",
        )
        yield replace(target, stretch=stretch)


def _label(words: str, hit: re.Match[str]) -> str:
    """Name what is counted by the words before the number, reaching back when they are few."""
    before = words[: hit.start()]
    clauses = [TIME.sub("", clause) for clause in re.split(r"[，；。]", before)]
    label = clauses[-1]
    if len(label) < 4 and len(clauses) > 1:
        label = clauses[-2] + label
    return label or words[: hit.end()]


def _known(table: tuple[tuple[str, str], ...], words: str) -> str | None:
    return next((code for pattern, code in table if re.search(pattern, words)), None)


def _code(prefix: str, label: str) -> str:
    """Make a code for an indicator without a name of its own; the same words give the same."""
    return f"{prefix}_{hashlib.sha256(label.encode()).hexdigest()[:8]}"


def _target(
    indicator: str,
    operator: Operator,
    value: str | None,
    unit: str | None,
    year: Year,
    scope: Scope = "self",
    label: str = "",
    kind: TargetKind = "level",
) -> ParsedTarget:
    return ParsedTarget(
        indicator, operator, value, unit, year, scope, "", (0, 0), label=label, kind=kind
    )
