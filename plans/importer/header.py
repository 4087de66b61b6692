"""Read title, region, number, issuer, date and years from the words of the document alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from plans.importer.model import CleanText, HeaderField, PlanKind, Printed, Span
from plans.importer.notations import (
    DATE,
    DOCUMENT_NUMBER,
    FIVE_YEARS,
    HAN_DATE,
    ISSUER_LINE,
    PLAN_WORD,
    YEAR_RANGE,
    five_year_span,
    han_number,
)
from plans.importer.outline import Entry

_REGION_ENDING = "特别行政区|自治区|自治州|自治县|自治旗|地区|省|市|州|盟|县|旗|区"
# What follows a place name in a title, never part of one.
_AFTER_REGION = re.compile(
    r"全民|公民|贯彻|落实|关于|实施|推进|加强|提升|人民|科学|科协|科普|“|《|“?十|委|政府|全面|进一步|\d|20"
)
_NOTICE = re.compile(r"关于印发|的通知$|^通知$|文件$")
_BODY_START = re.compile(r"为(?:了|深入|全面|进一步|贯彻|认真|切实|加强|提)")


@dataclass(frozen=True, slots=True)
class Header:
    title: str | None = None
    title_span: Span | None = None
    region: str | None = None
    document_number: str | None = None
    issuer: str | None = None
    issued_on: date | None = None
    start_year: int | None = None
    end_year: int | None = None
    basis: tuple[Printed, ...] = ()
    recipients: tuple[Printed, ...] = ()
    copies: tuple[Printed, ...] = ()
    spans: Mapping[HeaderField, Span] = field(default_factory=dict)


def kind_of(title: str | None) -> PlanKind:
    """Tell the work points of one year from a plan of several."""
    yearly = re.search(r"(?:19|20)\d\d年(?:度)?(?![—－–─―~～-])|年度", title or "")
    points = re.search(r"工作要点|工作计划|任务分解|工作安排|任务清单", title or "")
    return "annual" if yearly and points and not YEAR_RANGE.search(title or "") else "five_year"


def read_header(clean: CleanText, entries: list[Entry]) -> Header:
    """Read the header of one plan from its entries; what is not printed stays None."""
    text = clean.text
    first = next((at for at, e in enumerate(entries) if e.kind == "marker"), len(entries))
    head = [text[e.start : e.end] for e in entries[:first]]
    spans = [(e.start, e.end) for e in entries[:first]]
    tail = [text[e.start : e.end] for e in entries[first:] if e.kind == "remainder"]
    title, title_span = _title(head, spans)
    issuer, issued = _issue(head, tail)
    years = _years(title, head, entries, text)
    return Header(
        title=title,
        title_span=title_span,
        region=_region(title, issuer, head),
        document_number=_document_number(head),
        issuer=issuer,
        issued_on=issued,
        start_year=years[0],
        end_year=years[1],
    )


def is_title_line(line: str) -> bool:
    """Say whether a paragraph may be part of a title."""
    return (
        2 <= len(line) <= 60
        and line[-1] not in "。：；，、！:;,"
        and not line.startswith(("附件", "《", "抄送"))
        and not ISSUER_LINE.fullmatch(line)
        and _whole_date(line) is None
        and not re.match(r"[（(].*(?:印发|发布|通过|公开|号)", line)
        and not DOCUMENT_NUMBER.fullmatch(line)
        and not _BODY_START.match(line)
    )


def is_notice_line(line: str) -> bool:
    """Say whether a paragraph opens a notice: its number, its title or whom it addresses."""
    return bool(
        DOCUMENT_NUMBER.match(line)
        or (line[-1:] in "：:" and re.match(r"各|有关|市直|县直|区直|省直", line))
        or "关于印发" in line[:40]
        or line.endswith(("文件", "的通知"))
    )


def _title(head: list[str], spans: list[Span]) -> tuple[str | None, Span | None]:
    best: tuple[str | None, Span | None] = (None, None)
    notice: str | None = None
    at = 0
    while at < len(head):
        stop = at
        while stop < len(head) and is_title_line(head[stop]):
            stop += 1
        if stop > at:
            joined = "".join(head[at:stop])
            if _NOTICE.search(joined):
                notice = notice or joined
            elif PLAN_WORD.search(joined):
                best = (joined, (spans[at][0], spans[stop - 1][1]))
        at = max(stop, at + 1)
    if best[0] is None and notice:
        return _title_of_notice(notice), None
    return best


def _title_of_notice(notice: str) -> str | None:
    """Take the plan's name out of 关于印发…的通知."""
    hit = re.search(r"印发[《“]?(.+?)[》”]?的通知", notice)
    return hit.group(1) if hit and PLAN_WORD.search(hit.group(1)) else None


def _document_number(head: list[str]) -> str | None:
    for line in head:
        if len(line) > 80 or _BODY_START.match(line) or "》" in line:
            continue
        hit = DOCUMENT_NUMBER.match(re.sub(r"^[（(]|^(?:发文)?(?:字号|文号)[：:]", "", line))
        if hit:
            return f"{hit.group('word')}〔{hit.group('year')}〕{int(hit.group('no'))}号"
    return None


def _issue(head: list[str], tail: list[str]) -> tuple[str | None, date | None]:
    """Find who issued the plan and when: a signature with its date, or a note in brackets."""
    for line in head:
        if re.match(r"[（(]", line) and "印发" in line:
            hit = DATE.search(line)
            names = ISSUER_LINE.findall(line[1 : hit.start()] if hit else line)
            return (names[-1] if names else None), (_date(hit) if hit else None)
    for lines in (head, tail):
        for at, line in enumerate(lines):
            day = _whole_date(line)
            if day is None:
                continue
            signers: list[str] = []
            while at > 0 and ISSUER_LINE.fullmatch(lines[at - 1]):
                signers.insert(0, lines[at - 1])
                at -= 1
            return ("、".join(signers) or _issuer_of_head(head)), day
    return _issuer_of_head(head), None


def _issuer_of_head(head: list[str]) -> str | None:
    """Take the issuer from the red head: …办公室文件."""
    for line in head:
        bare = line.removesuffix("文件")
        if (bare != line or "关于印发" not in line) and ISSUER_LINE.fullmatch(bare):
            return bare
        hit = re.match(rf"({ISSUER_LINE.pattern})(?=关于印发)", line)
        if hit:
            return hit.group(1)
    return None


def _whole_date(line: str) -> date | None:
    bare = line.removesuffix("印发")
    for pattern in (DATE, HAN_DATE):
        if hit := pattern.fullmatch(bare):
            return _date(hit)
    return None


def _date(hit: re.Match[str]) -> date | None:
    parts = [han_number(hit.group(name)) for name in ("y", "m", "d")]
    try:
        return date(*(part or 0 for part in parts))
    except ValueError:
        return None


def region_at_start(line: str) -> str | None:
    """Read the place name that a line begins with, its upper places included."""
    end = 0
    rest = re.sub(r"^(?:20\d\d年(?:度)?)?(?:中共)?", "", line)
    if rest.startswith(("全", "各", "我", "本")):
        return None
    skipped = len(line) - len(rest)
    while end < len(rest):
        if _AFTER_REGION.match(rest, end):
            break
        hit = re.compile(rf"[一-龥]{{1,12}}?(?:{_REGION_ENDING})").match(rest, end)
        if hit is None or (end and hit.end() - end > 8):
            break
        if _AFTER_REGION.search(rest, end, hit.end() - 1):
            break
        stop = hit.end()
        # 津市市, 沙市区 and the 州 of a 市: the ending that counts is the last of a run.
        while stop < len(rest) and rest[stop] in "市县区" and not _AFTER_REGION.match(rest, stop):
            stop += 1
        end = stop
    return line[skipped : skipped + end] or None


def _region(title: str | None, issuer: str | None, head: list[str]) -> str | None:
    candidates = [title, issuer, *(line for line in head if is_title_line(line))]
    candidates += [line for line in head if ISSUER_LINE.fullmatch(line)]
    for line in candidates:
        if line and (region := region_at_start(line)):
            return region
    return None


def _years(
    title: str | None, head: list[str], entries: list[Entry], text: str
) -> tuple[int | None, int | None]:
    for line in [title or "", *head]:
        # The national outline names its own years beside the plan's.
        bare = re.sub(r"(?:19|20)\d\d[—－–─-](?:19|20)\d\d[—－–─-](?:19|20)\d\d年", "", line)
        if line != title and not PLAN_WORD.search(bare) and len(line) > 40:
            continue
        hits = [(int(a), int(b)) for a, b in YEAR_RANGE.findall(bare)]
        hits = [(a, b) for a, b in hits if 0 < b - a <= 15]
        if hits and (line == title or len(hits) == 1):
            return hits[0]
    for line in [title or "", *head]:
        if hit := FIVE_YEARS.search(line):
            return five_year_span(hit.group(1) or hit.group(2)) or (None, None)
    single = re.search(r"(20\d\d)年(?:度)?", title or "")
    return (int(single.group(1)), int(single.group(1))) if single else (None, None)
