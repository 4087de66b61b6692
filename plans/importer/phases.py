"""Read the phases of a plan: 2016年，… 2017—2019年，… 2020年，…"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from plans.importer.model import ParsedPhase, Span
from plans.importer.notations import PHASE_SECTION
from plans.importer.spans import readable_sentences, widened

_DASH = r"(?:[—－–─~～-]{1,2}|至|到)"
_SPAN = re.compile(
    rf"(?P<y1>20\d\d)年?(?:(?P<m1>\d{{1,2}})月)?"
    rf"(?:{_DASH}(?:(?P<y2>20\d\d)年?)?(?:(?P<m2>\d{{1,2}})月)?)?"
)
# The sentence opens with its years: 2017—2019年，…
_LEADING = re.compile(
    rf"(?P<when>20\d\d(?:年(?:\d{{1,2}}月)?)?(?:{_DASH}(?:20\d\d年)?(?:\d{{1,2}}月)?)?)底?[，,：:]"
)
# Or a name comes first: （一）启动阶段（2016年1月—6月）
_NAMED = re.compile(
    r"(?P<name>[一-龥“”]{2,14}(?:阶段|期))[（(：:，,]?(?P<when>20\d\d年?[^）)。：:，,]{0,18})[）)：:。，,]?"
)
# Words that tell a phase whose name is not printed, the last of a plan first.
NAMES: tuple[tuple[str, str], ...] = (
    (r"总结|全面评估|终期|验收", "总结评估"),
    (r"启动|动员|制定[^，。]{0,8}方案|分解任务", "启动"),
    (r"全面推进|深入|分步|组织实施|推进各项", "深入实施"),
)


def read_phases(text: str, span: Span, heading: str) -> list[ParsedPhase]:
    """Read the phases of one paragraph; a single dated sentence elsewhere is no phase."""
    found = [
        phase for start, end in readable_sentences(text, *span) if (phase := _one(text, start, end))
    ]
    clear = len(found) >= 2 or PHASE_SECTION.search(heading) or _NAMED.match(text, *span)
    return found if clear else []


def _one(text: str, start: int, end: int) -> ParsedPhase | None:
    words = widened(text[start:end])
    named = _NAMED.search(words)
    leading = _LEADING.match(words)
    hit = named if named and named.start() <= 12 else leading
    if hit is None:
        return None
    dates = _dates(hit.group("when"))
    if dates is None:
        return None
    name = hit.group("name") if hit is named else _name(words[hit.end() :])
    return ParsedPhase(name or hit.group("when"), *dates, (start, end))


def _name(words: str) -> str | None:
    return next((name for pattern, name in NAMES if re.search(pattern, words)), None)


def _dates(when: str) -> tuple[date, date] | None:
    """Return first and last day; a bare year spans all of it."""
    hit = _SPAN.match(when)
    if hit is None:
        return None
    year1 = int(hit.group("y1"))
    year2 = int(hit.group("y2") or year1)
    month1 = int(hit.group("m1") or 1)
    ends_in = hit.group("m2") or (None if hit.group("y2") else hit.group("m1"))
    month2 = int(ends_in or 12)
    if not (1 <= month1 <= 12 and 1 <= month2 <= 12) or (year2, month2) < (year1, month1):
        return None
    return date(year1, month1, 1), date(year2, month2, monthrange(year2, month2)[1])
