"""Read title, region, number, issuer, date and years from the words of the document alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from core import document_numbers
from plans.importer.addressees import basis_of, copies_of, recipients_of
from plans.importer.lines import Line, Read, read_at
from plans.importer.model import CleanText, HeaderField, PlanKind, Printed, Span
from plans.importer.notations import (
    BULLET,
    FIVE_YEARS,
    ISSUER_LINE,
    PLAN_WORD,
    YEAR_RANGE,
    five_year_span,
)
from plans.importer.outline import Entry
from plans.importer.places import region_at_start
from plans.importer.signatures import DATE_LABEL, ISSUER_LABEL, is_signer, issue_of, whole_date
from plans.importer.spans import widened

_NOTICE = re.compile(r"关于(?:印发|转发|下发|做好)|的通知$|^通知$|文件$|^(?:印发|转发)《")
_CONTENTS = re.compile(r"目录|.{2,60}[.．·…]{3,}\d{1,3}")
_BODY_START = re.compile(
    r"(?:为(?:了|深入|全面|进一步|贯彻|认真|切实|加强|提|更好|推[进动]|落实)|根据|依据|按照|现将|经[一-龥]{2,20}同意)"
)
_OTHER_PLANS = re.compile(
    r"任务分[解工]|工作(?:计划|安排|清单|任务)|实施计划|任务清单|责任分工|行动纲要"
)
# What web pages print above a document.
_NUMBER_LABEL = re.compile(r"(?:发文|文件)?(?:字号|文号|编号)[：]?")
_DECREE = re.compile(
    r"(?P<word>[一-龥]{2,30}(?:令|公告|公报|通告))?[（]?(?P<year>(?:19|20)\d\d年)?第(?P<no>\d{1,4})号[）]?"
)
_NOTICE_IN_RUN = re.compile(r"[^。；]{2,60}?(?:印发|转发|下发)[^。；]{4,90}?的通知")
# What a web page or a typist prints around a title.
_PAGE_FACT = re.compile(
    r"^(?:索引号|主题分类|有效性|作者|字号|标题|名称|签发人|联系人|密级|紧急程度|份号)[：]|来源[：]|浏览次数|"
    r"阅读次数|点击(?:数|次数|量)|发布(?:时间|日期)|责任编辑|字体[：]|【打印】|首页>"
)
_RUN_IN = re.compile(
    r"[^，。；：《》]{4,60}?(?:方案|计划|要点|规划|意见)(?:（[^（）]{2,20}）)*(?=为|根据|按照|依据|现将)"
)
_TERM = re.compile(r"五[”\"]?(?:时期|期间|期末|末)")


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
    words = widened(title or "")
    if YEAR_RANGE.search(words):
        return "five_year"
    yearly = re.search(r"(?:19|20)\d\d年|年度", words)
    points = re.search(
        r"要点|工作计划|任务分[解工]|工作安排|任务清单|工作方案|目标任务|实施计划", words
    )
    return "annual" if yearly and points else "five_year"


def read_header(clean: CleanText, entries: list[Entry]) -> Header:
    """Read the header of one plan from its entries; what is not printed stays None."""
    text = clean.text
    first = next((at for at, e in enumerate(entries) if _opens_body(e)), len(entries))
    head = [_line(text, e) for e in entries[:first]]
    tail = [_line(text, e) for e in entries[first:] if e.kind == "remainder"]
    title = _title(text, head)
    words = widened(title.value) if title else None
    issuer, issued = issue_of(head, tail)
    years = _years(title, head)
    number = _document_number(head)
    region = _region(text, title, issuer, head)
    read: dict[HeaderField, Read[str] | Read[date] | Read[tuple[int, int]] | None] = {
        "title": title,
        "region": region,
        "document_number": number,
        "issuer": issuer,
        "issued_on": issued,
        "start_year": years,
        "end_year": years,
    }
    return Header(
        title=title.value if title else None,
        title_span=title.span if title else None,
        region=region.value if region else None,
        document_number=number.value if number else None,
        issuer=issuer.value if issuer else None,
        issued_on=issued.value if issued else None,
        start_year=years.value[0] if years else None,
        end_year=years.value[1] if years else None,
        basis=basis_of(text, head, words),
        recipients=recipients_of(text, head),
        copies=copies_of(text, [*head, *tail]),
        spans={name: each.span for name, each in read.items() if each and each.span},
    )


def _opens_body(entry: Entry) -> bool:
    # The facts that a web page lists above a document often stand behind bullets.
    return entry.kind == "table" or (entry.kind == "marker" and entry.rank != BULLET)


def _line(text: str, entry: Entry) -> Line:
    return Line(widened(text[entry.body : entry.end]), entry.body)


def is_title_line(line: str) -> bool:
    """Say whether a paragraph may be part of a title."""
    line = widened(line)
    return (
        2 <= len(line) <= 60
        and line[-1] not in "。：；，、！"
        and not line.startswith(("附件", "《", "抄送"))
        and not ISSUER_LINE.fullmatch(line)
        and whole_date(line) is None
        and not re.search(r"[\d〇零○OoＯ一二三四五六七八九]{2,4}年.{1,3}月.{1,3}日(?:印发)?$", line)
        and not _is_remark(line)
        and not document_numbers.PATTERN.fullmatch(line)
        and not _BODY_START.match(line)
        and not _CONTENTS.fullmatch(line)
        and not _label(line)
    )


def _is_remark(line: str) -> bool:
    """Say whether a paragraph in brackets is a remark; （2016—2020年） and （试行） are titles."""
    return line.startswith("（") and (
        bool(re.match(r"（.*(?:印发|发布|通过|公开|号|\d月|章)", line))
        or (line.endswith("）") and not re.search(r"\d{4}[^：]*年|五|试行|稿|草案|修订|暂行", line))
    )


def _label(line: str) -> bool:
    return any(p.match(line) for p in (_NUMBER_LABEL, ISSUER_LABEL, DATE_LABEL)) or bool(
        _PAGE_FACT.search(line)
    )


def is_notice_line(line: str) -> bool:
    """Say whether a paragraph opens a notice: its number, its title or whom it addresses."""
    return bool(
        document_numbers.PATTERN.match(line)
        or (line[-1:] in "：:" and re.match(r"各|有关|市直|县直|区直|省直", line))
        or "关于印发" in line[:40]
        or line.endswith(("文件", "的通知"))
    )


def _title(text: str, head: list[Line]) -> Read[str] | None:
    """Join the lines of the title; the notice's own name is taken only where there is no other."""
    best: Read[str] | None = None
    notice: Read[str] | None = None
    at = 0
    while at < len(head):
        stop = at
        while stop < len(head) and is_title_line(head[stop].words):
            stop += 1
        if stop > at:
            start, end = head[at].start, head[stop - 1].start + len(head[stop - 1].words)
            joined = "".join(line.words for line in head[at:stop])
            printed = text[start:end].replace("\n", "")
            if _NOTICE.search(joined):
                notice = notice or _title_of_notice(text, joined, (start, end))
            elif PLAN_WORD.search(joined) or _OTHER_PLANS.search(joined):
                best = Read(printed, (start, end))
        at = max(stop, at + 1)
    return best or notice or _title_in_a_run(text, head) or _title_run_in(text, head)


def _title_run_in(text: str, head: list[Line]) -> Read[str] | None:
    """Find a title that the preamble follows in the same paragraph."""
    for line in head[:3]:
        if hit := _RUN_IN.match(line.words):
            span = (line.start, line.start + hit.end())
            return Read(text[slice(*span)], span)
    return None


def _title_in_a_run(text: str, head: list[Line]) -> Read[str] | None:
    """Find the notice in a paragraph that holds a whole page."""
    for line in head:
        if len(line.words) > 60 and (hit := _NOTICE_IN_RUN.match(line.words)):
            span = (line.start, line.start + hit.end())
            return _title_of_notice(text, hit.group(), span)
    return None


def _title_of_notice(text: str, notice: str, span: Span) -> Read[str] | None:
    """Take the plan's name out of 关于印发…的通知, the outer title marks left out."""
    hit = re.search(r"(?:印发|转发|下发)(?P<mark>《)?(?P<name>.+?)》?的通知", notice)
    if hit is None or not (
        PLAN_WORD.search(hit.group("name")) or _OTHER_PLANS.search(hit.group("name"))
    ):
        return None
    # Of several names the plan's is meant: 《…规则》和《…任务分工》.
    parts = re.split(r"》(?:和|及|以及|、)?《", hit.group("name"))
    if len(parts) > 1:
        plans = [each for each in parts if PLAN_WORD.search(each) or _OTHER_PLANS.search(each)]
        name = (plans or parts)[0]
        at = text.find(name, *span)
        return Read(name, (at, at + len(name)) if at >= 0 else span)
    name = hit.group("name") if hit.group("mark") else hit.group("name").strip("“”")
    if not hit.group("mark") and name.count("《") > name.count("》"):
        name += "》"
    # Printed over two lines the name has a line end inside; its place is then the whole notice.
    at = text.find(name, *span)
    return Read(name, (at, at + len(name)) if at >= 0 else span)


def _document_number(head: list[Line]) -> Read[str] | None:
    for line in head:
        words = line.words
        opens = document_numbers.PATTERN.match(words)
        if not opens and (len(words) > 80 or _BODY_START.match(words) or "》" in words):
            continue
        skipped = _NUMBER_LABEL.match(words) or re.match(r"[（]", words)
        begin = skipped.end() if skipped else 0
        bracket = re.search(r"（(?=[一-龥]{2,12}[〔\[﹝【（]\d{4})", words)
        for place in (begin, bracket.end() if bracket else begin):
            hit = document_numbers.PATTERN.match(words, place)
            if hit and not _BODY_START.match(hit.group("word")):
                return Read(
                    document_numbers.written(hit),
                    (line.start + hit.start(), line.start + hit.end()),
                )
    for line in head:
        notice = _NOTICE_IN_RUN.match(line.words)
        if notice and (hit := document_numbers.PATTERN.match(line.words, notice.end())):
            return Read(
                document_numbers.written(hit), (line.start + hit.start(), line.start + hit.end())
            )
    for line in head:
        decree = _DECREE.fullmatch(line.words)
        if decree and (decree.group("word") or decree.group("year")):
            return Read(decree.group().strip("（）"), (line.start, line.start + len(line.words)))
    return None


def _region(
    text: str, title: Read[str] | None, issuer: Read[str] | None, head: list[Line]
) -> Read[str] | None:
    """Read the place from title, issuer, notice and signatures; never from the text."""
    candidates = [each for each in (title, issuer) if each]
    lines = [line for line in head if is_title_line(line.words)]
    lines += [line for line in head if is_signer(line.words)]
    candidates += [read_at(line, 0, len(line.words), line.words) for line in lines]
    for each in candidates:
        if name := region_at_start(widened(each.value)):
            at = text.find(name, *each.span) if each.span else -1
            return Read(name, (at, at + len(name)) if at >= 0 else None)
    return None


def _years(title: Read[str] | None, head: list[Line]) -> Read[tuple[int, int]] | None:
    """Read the years of the plan: the title's own, else those of the lines above the body."""
    if title:
        words = widened(title.value)
        found = _range_in(words) or _five_years_in(words) or _single_year_in(words)
        if found:
            return Read(found, title.span)
    for line in head:
        if PLAN_WORD.search(line.words) or len(line.words) <= 40:
            hits = _ranges(
                re.sub(r"[《〈][^《》〈〉]*纲要(?:（[^（）]*）)?(?:的通知)?[》〉]", "", line.words)
            )
            if len(set(hits)) == 1:
                return read_at(line, 0, len(line.words), hits[0])
    for line in head:
        # “十三五”时期 is the plan's own time; 结合“十三五”规划 is not.
        years = _five_years_in(line.words) if _TERM.search(line.words) else None
        if years:
            return read_at(line, 0, len(line.words), years)
    return None


def _ranges(words: str) -> list[tuple[int, int]]:
    # The national outline of 2006 names three years beside the plan's.
    bare = re.sub(r"(?:19|20)\d\d[—－–─-](?:19|20)\d\d[—－–─-](?:19|20)\d\d年", "", words)
    return [(int(a), int(b)) for a, b in YEAR_RANGE.findall(bare) if 0 < int(b) - int(a) <= 15]


def _range_in(words: str) -> tuple[int, int] | None:
    """Return the range outside title marks; one inside belongs to the document named there."""
    outside = re.sub(r"[《〈][^《》〈〉]*[》〉]", "", words.strip("《》"))
    found = _ranges(outside)
    return found[-1] if found else None


def _five_years_in(words: str) -> tuple[int, int] | None:
    hit = FIVE_YEARS.search(words)
    return five_year_span(hit.group(1) or hit.group(2)) if hit else None


def _single_year_in(words: str) -> tuple[int, int] | None:
    hit = re.search(r"(20\d\d)年", re.sub(r"[《〈][^》〉]*[》〉]", "", words))
    return (int(hit.group(1)), int(hit.group(1))) if hit else None


__all__ = ["Header", "is_notice_line", "is_title_line", "kind_of", "read_header"]
