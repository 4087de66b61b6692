"""Read the phases of a plan: 启动阶段（2016年6月—12月）, 2017—2019年，深入实施, 2020年为总结阶段.

A dated sentence alone is no phase. It becomes one by its name (…阶段), by its heading (实施步骤),
or by a neighbour that begins where it ends.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from plans.importer.model import ParsedPhase, Span
from plans.importer.notations import PHASE_SECTION
from plans.importer.outline import Entry, Node
from plans.importer.spans import readable_sentences, widened

_DASH = r"(?:[—－–―─~～-]{1,2}|至|到)"
_PART = r"(?:上半年|下半年|第?[一二三四1-4]季度)"
_POINT = rf"{_PART}|(?:\d{{1,2}}月)?(?:\d{{1,2}}日|[上中下]旬|[初底末])?"
_WHEN = rf"20\d\d(?:年(?:{_POINT}))?(?:{_DASH}(?:20\d\d年)?(?:{_POINT}))?"
_SPAN = re.compile(
    rf"(?P<y1>20\d\d)年?(?P<p1>{_POINT})(?P<dash>{_DASH}(?:(?P<y2>20\d\d)年?)?(?P<p2>{_POINT}))?"
)
# The sentence opens with its years: 2017—2019年，…
_LEADING = re.compile(rf"(?P<when>{_WHEN})(?:底?前|起)?[，：、]")
# Or a name comes first: （一）启动阶段（2016年1月—6月）
_NAMED = re.compile(
    rf"(?P<name>[一-龥“”]{{2,14}}(?:阶段|期))(?P<open>[（：，]*)(?:从|自|时间)?[：为]?(?P<when>{_WHEN})[）：。，、]?"
)
_BRACKETED = re.compile(rf"(?P<name>[一-龥、“”]{{2,16}})（(?:时间[：])?(?P<when>{_WHEN})）")
_IS = re.compile(rf"(?P<when>{_WHEN})(?:为|是|属)(?P<name>[一-龥、“”]{{2,12}}(?:阶段|期|年))")
_ROW = re.compile(rf"(?:^|[，；：、。])(?P<when>{_WHEN})(?P<name>[一-龥]{{2,10}})(?=[，；。、]|$)")
_NO_PHASE = re.compile(
    r"(?:规划|方案|学|日|周|时|定|任|假|暑|寒|有效|保质)期$|义务教育阶段|教育阶段$"
)
_ORDINAL = re.compile(r"^第[一二三四五]阶段$")
_SHORT_NAME = re.compile(r"[：，、]*(?P<name>[一-龥、]{2,10})(?=[。，；：]|$)")
# Words that tell a phase whose name is not printed, the last of a plan first.
NAMES: tuple[tuple[str, str], ...] = (
    (r"总结|全面评估|终期|验收", "总结评估"),
    (r"启动|动员|制定[^，。]{0,8}方案|分解任务", "启动"),
    (r"全面推进|深入|分步|组织实施|推进各项", "深入实施"),
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    phase: ParsedPhase
    named: bool


def read_phases(text: str, root: Node, skipped: Callable[[Entry], bool]) -> list[ParsedPhase]:
    """Return the phases in the order of their dates; entries of tasks are skipped."""
    found: dict[tuple[int, int], ParsedPhase] = {}
    waiting = [root]
    while waiting:
        node = waiting.pop()
        waiting += node.children
        section = bool(PHASE_SECTION.search(node.title))
        for phase in _accepted(_of_node(text, node, skipped), section=section):
            found.setdefault((phase.start.toordinal(), phase.span[0]), phase)
    return sorted(found.values(), key=lambda phase: (phase.start, phase.span))


def _of_node(text: str, node: Node, skipped: Callable[[Entry], bool]) -> Iterator[_Candidate]:
    """Yield the candidates of a heading: its own text, its paragraphs, its direct items."""
    own = [node.entry, *(item for item in node.items if isinstance(item, Entry))]
    for entry in own:
        if entry.kind in ("marker", "plain") and not skipped(entry) and entry.end > entry.start:
            yield from _of_paragraph(text, (entry.body, entry.end), "")
    for child in node.children:
        if skipped(child.entry):
            continue
        title = child.title if len(child.title) <= 12 and not re.search(r"\d", child.title) else ""
        spans = [(child.entry.body, child.entry.end)]
        spans += [
            (item.body, item.end)
            for item in child.items
            if isinstance(item, Entry) and item.kind == "plain"
        ]
        for span in spans:
            yield from _of_paragraph(text, span, title)


def _of_paragraph(text: str, span: Span, title: str) -> Iterator[_Candidate]:
    spans = list(readable_sentences(text, *span))
    dated = sum(bool(_LEADING.match(widened(text[start:end]))) for start, end in spans)
    for start, end in spans:
        # The heading names the phase only where it holds one.
        yield from _of_sentence(widened(text[start:end]), (start, end), title if dated == 1 else "")


def _of_sentence(words: str, span: Span, title: str) -> Iterator[_Candidate]:
    several = list(_IS.finditer(words))
    row = list(_ROW.finditer(words))
    if several or len(row) > 1:
        several = several if len(several) >= len(row) else row
        for hit in several:
            if phase := _phase(hit.group("name"), hit.group("when"), span):
                yield _Candidate(phase, named=len(several) > 1 and several is not row)
        return
    named = _NAMED.search(words)
    if named and named.start() <= 12 and not _NO_PHASE.search(named.group("name")):
        name = re.sub(r"^第[一二三四五]阶段[：，、]?(?=.)", "", named.group("name"))
        if _ORDINAL.match(name) and (own := _SHORT_NAME.match(words, named.end())):
            name = own.group("name")
        if phase := _phase(name, named.group("when"), span):
            yield _Candidate(phase, named=True)
        return
    bracketed = _BRACKETED.match(words)
    leading = _LEADING.match(words)
    if bracketed and (phase := _phase(bracketed.group("name"), bracketed.group("when"), span)):
        yield _Candidate(phase, named=False)
    elif leading:
        name = title or _name(words[leading.end() :]) or leading.group("when")
        if phase := _phase(name, leading.group("when"), span):
            yield _Candidate(phase, named=False)


def _phase(name: str, when: str, span: Span) -> ParsedPhase | None:
    dates = _dates(when)
    return ParsedPhase(name, *dates, span) if dates else None


def _accepted(candidates: Iterable[_Candidate], *, section: bool) -> Iterator[ParsedPhase]:
    listed = list(candidates)
    neighbours = {
        id(each)
        for pair in pairwise(listed)
        if _meet(pair[0].phase, pair[1].phase)
        for each in pair
    }
    for each in listed:
        if each.named or section or id(each) in neighbours:
            yield each.phase


def _meet(one: ParsedPhase, other: ParsedPhase) -> bool:
    """Say whether one phase begins about where the other ends."""
    return timedelta(days=-62) <= other.start - one.end <= timedelta(days=62)


def _name(words: str) -> str | None:
    return next((name for pattern, name in NAMES if re.search(pattern, words)), None)


def _dates(when: str) -> tuple[date, date] | None:
    """Return first and last day; a bare year spans all of it, a bare month its days."""
    hit = _SPAN.match(when)
    if hit is None:
        return None
    year1 = int(hit.group("y1"))
    year2 = int(hit.group("y2") or year1)
    first = _bounds(year1, hit.group("p1"))
    if hit.group("dash") is None:
        return first
    last = _bounds(year2, hit.group("p2") or "")
    if first is None or last is None or last[1] < first[0]:
        return None
    return first[0], last[1]


def _bounds(year: int, point: str) -> tuple[date, date] | None:
    """Return the first and last day of 6月, 6月15日, 上半年, 第三季度 or a whole year."""
    months = (1, 12)
    if "上半年" in point:
        months = (1, 6)
    elif "下半年" in point:
        months = (7, 12)
    elif quarter := re.search(r"([一二三四1-4])季度", point):
        at = "一二三四1234".index(quarter.group(1)) % 4
        months = (3 * at + 1, 3 * at + 3)
    elif month := re.match(r"(\d{1,2})月", point):
        months = (int(month.group(1)), int(month.group(1)))
    if not 1 <= months[0] <= months[1] <= 12:
        return None
    begin, end = date(year, months[0], 1), date(year, months[1], monthrange(year, months[1])[1])
    day = re.search(r"(\d{1,2})日", point)
    if day and 1 <= int(day.group(1)) <= end.day:
        begin = end = begin.replace(day=int(day.group(1)))
    return begin, end
