"""Turn the lines of a file into readable paragraphs.

Layout is removed (blanks and line ends inside words, page numbers, running heads); words never
are. What was left out is listed, and every piece of the result knows its line in the file.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from html import unescape

from plans.importer.drawn import redrawn
from plans.importer.lookalikes import LOOKALIKES
from plans.importer.model import CleanText, Paragraph
from plans.importer.notations import (
    CLOSING,
    DIVISION_LABEL,
    FIELD_START,
    MARKERS,
    OPENING,
    PART_LABEL,
    QUOTES,
    UNIT_LIKE,
)

_LINE_END = re.compile(r"\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
_INVISIBLE = re.compile(
    r"[\ufeff\u200b-\u200f\u202a-\u202e\u2060\u00ad\ufffe\uffff\x00-\x08\x0e-\x1b\x7f]"
)
_BLANKS = re.compile(r"[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\x1f]+")
_PAGE_LINE = re.compile(
    r"(?:PAGE\s*\d*(?:\s*(?:of|/)\s*\d{1,3})?|[-—–－─·~]*\s*\d{1,3}\s*[-—–－─·~]*|"
    r"[-—–－─]+\s*[-—–－─]+|共\s*\d{1,3}\s*页\s*[,，/]?\s*第\s*\d{1,3}\s*页|"
    r"第\s*\d{1,3}\s*页\s*(?:[,，/]?\s*共\s*\d{1,3}\s*页)?|\d{1,3}\s*/\s*\d{1,3})$",
    re.IGNORECASE,
)
# Only between Chinese characters and only up to three digits: 2006—2010—2020年 is no page number.
_PAGE_INLINE = re.compile(
    r"(?<=[一-龥，。；、）”])(?<![—－–─-])[—－–─-]\s?\d{1,3}\s?[—－–─-](?![—－–─-])(?=[一-龥“（])"
    r"|第\d{1,3}页[,，/]?共\d{1,3}页"
)
# A label such as 主要任务和措施 stands in every action and is no running head.
_PROSE = re.compile(
    r"[：:，。；、]|(?<!年)(?<!\d)[）)]$|任务|措施|目标|分工|单位|部门|牵头|负责|配合|参与|完成|落实"
)
_TERMINAL = "。！？；：!?;:"
_CONTINUES = "，、,（(《“「—"
_WORD = re.compile(r"[A-Za-z0-9]")
# What some files and recognised scans make of the dash before an item: ？？加强, 一一加强
_BROKEN_DASH = re.compile(r"[？?]{2}|一一(?=[一-龥])(?![对列落解说核])")
_GROUP_ROW = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[）)]?\s*\t\s*[一-龥]{4,40}")
_LISTED = re.compile(
    r"(?<=[^\s])[ \n]+(?=(?:[（(]\d{1,2}[）)]|\d{1,2}(?:[、．]|\.(?!\d))|[①-⑳])\s*[一-龥“])"
)
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-fA-F]{1,5}|[a-zA-Z]{2,8});")
_YEAR_QUESTION = re.compile(r"(?<=\d{4})[？?](?=\d{4})|(?<=\d年)[？?](?=\d{4}年)")
_TITLE_END = re.compile(
    r"(?:方案|计划|要点|规划|纲要|意见|分工|分解表?)(?:（[^（）]{2,20}）)?(?:任务分[工解]表?)?$"
)
_PREAMBLE = re.compile(r"为(?!主|基|目|重|了解)[一-龥《“]|根据|依据|按照|现将|现就")
_CONTENTS = re.compile(r".{2,60}(?:[.．·…]{3,}|\t)\s*\d{1,3}$")


@dataclass(slots=True)
class _Line:
    text: str
    number: int
    indented: bool
    width: float
    table: bool = False
    # An empty line before it; whether that means a new paragraph, the whole file tells.
    apart: bool = False


def clean(raw: str) -> CleanText:
    """Return the cleaned text of a file; blank input gives an empty text."""
    dropped: list[str] = []
    lines = _kept_lines(raw, dropped)
    width = _wrap_width(lines)
    # Where nearly every line is indented, indentation says nothing about paragraphs.
    if width and sum(line.indented for line in lines) > 0.6 * len(lines):
        for line in lines:
            line.indented = False
    if width or not _stand_apart(lines):
        for line in lines:
            line.apart = False
    groups: list[list[_Line]] = []
    for line in lines:
        if groups and _continues(groups[-1], line, width):
            groups[-1].append(line)
        else:
            groups.append([line])
    return _assemble(groups, dropped)


def _kept_lines(raw: str, dropped: list[str]) -> list[_Line]:
    lines: list[_Line] = []
    apart = False
    sources = [
        (number, _ENTITY.sub(_sign_of, line))
        for number, line in enumerate(_LINE_END.split(raw.translate(LOOKALIKES)), start=1)
    ]
    for number, source in redrawn(sources, dropped):
        visible = _INVISIBLE.sub("", source)
        bare = visible.strip("\u3000 \t\u00a0")
        if not bare.strip() or _BLANKS.sub("", bare) == "":
            apart = True
            continue
        above = lines[-1] if lines and lines[-1].table and lines[-1].number == number - 1 else None
        if cells := _row_cells(visible, bare, above):
            row = "\t".join(squeeze(_keep_cell_blanks(cell)) for cell in cells)
            lines.append(_Line(row, number, True, display_width(bare), table=True))
        elif _PAGE_LINE.match(bare):
            dropped.append(bare)
            continue
        else:
            lead = visible[: len(visible) - len(visible.lstrip())]
            indented = lead.count("\u3000") >= 2 or "\t" in lead or len(lead) >= 4
            line = _Line(squeeze(bare), number, indented, display_width(bare), apart=apart)
            lines.append(line)
        apart = False
    return _without_running_heads([line for line in lines if line.text.strip()], dropped)


def _row_cells(visible: str, bare: str, above: _Line | None) -> list[str]:
    """Return the cells of a table's row, empty ones at its ends too; none for other lines."""
    cells = visible.strip(" \u3000\u00a0").split("\t")
    inside = bare.count("\t")
    if above is not None and inside == 1 and _GROUP_ROW.fullmatch(bare):
        return cells  # 一 | 青少年科学素质行动
    like_above = above is not None and len(cells) == above.text.count("\t") + 1
    if inside >= 2 or (len(cells) >= 3 and (like_above or (inside == 1 and not cells[-1]))):
        return cells
    return []


def _sign_of(entity: re.Match[str]) -> str:
    """Return the sign that a web page wrote as &nbsp; and the like; unknown ones stay."""
    sign = unescape(entity.group())
    return " " if sign.isspace() else sign


def _without_running_heads(lines: list[_Line], dropped: list[str]) -> list[_Line]:
    """Leave out a line printed on every page; above the first item it is kept once, as title."""
    counts = Counter(line.text for line in lines if not line.table)
    seen: set[str] = set()
    kept = []
    opened = False
    for line in lines:
        opened = opened or _marked(line.text)
        text = line.text
        again = opened or text in seen
        seen.add(text)
        # The end of a paragraph may repeat too: 按职责分工负责）
        prose = len(text) < 5 or _PROSE.search(text) or _marked(text)
        if again and counts[text] >= 4 and not prose:
            dropped.append(text)
        else:
            kept.append(line)
    return kept


def squeeze(text: str) -> str:
    """Remove layout blanks; keep one between Latin words and before a labelled field."""
    text = _keep_listing_blanks(text)
    out: list[str] = []
    last = 0
    tail = ""
    for gap in _BLANKS.finditer(text):
        before = text[last : gap.start()]
        out.append(before)
        last = gap.end()
        tail = before[-1:] or tail
        if not tail or last == len(text):
            continue
        if FIELD_START.match(text, last) and tail not in "（(；;，。":
            out.append("\u3000")
            tail = "\u3000"
        elif _WORD.match(tail) and _WORD.match(text, last):
            out.append(" ")
            tail = " "
    out.append(text[last:])
    joined = "".join(out).replace("\x02", " ")
    return re.sub(r"(?<=\d[.．]) (?=\d+[%％])", "", joined)


def _keep_listing_blanks(text: str) -> str:
    """Protect blanks that divide units: 责任单位：A B C without any other divider."""
    label = FIELD_START.search(text)
    if label is None:
        return text
    value = text[label.end() :]
    parts = _BLANKS.split(value.strip())
    if (
        len(parts) > 1
        and not re.search(r"[、，,；;。：:]", value)
        and all(len(part) > 2 and UNIT_LIKE.match(part) for part in parts)
    ):
        return text[: label.end()] + "\x02".join(parts)
    return text


def _keep_cell_blanks(cell: str) -> str:
    """Protect blanks and line ends that divide the units of a cell."""
    parts = _BLANKS.split(cell.strip())
    names = [name for part in parts for name in re.split("[、，,；;]", part) if name]
    if len(parts) > 1 and all(len(name) > 2 and UNIT_LIKE.match(name) for name in names):
        return "\x02".join(parts)
    # A number that begins a line begins a measure.
    return _LISTED.sub("\x02", cell)


def display_width(text: str) -> float:
    """Measure a line in full-width characters."""
    return sum(0.5 if char < "\u0250" else 1.0 for char in text)


def _stand_apart(lines: list[_Line]) -> bool:
    """Say whether the file keeps its paragraphs apart by empty lines."""
    plain = [line for line in lines if not line.table]
    return sum(line.apart for line in plain) >= 0.8 * len(plain) > 0


def _wrap_width(lines: list[_Line]) -> float:
    """Return the width at which the file breaks its lines, or 0 when each line is a paragraph."""
    plain = [line for line in lines if not line.table]
    if len(plain) < 8:
        return 0.0
    widths = sorted(line.width for line in plain)
    width = widths[int(len(widths) * 0.9)]
    full = [line for line in plain if line.width >= 0.85 * width]
    open_ended = sum(line.text[-1] not in _TERMINAL + CLOSING for line in full)
    return width if width <= 70 and len(full) >= 4 and open_ended >= 0.5 * len(full) else 0.0


def _marked(text: str) -> bool:
    """Say whether a line begins with a marker or label of its own."""
    return bool(
        any(pattern.match(text) for _, pattern in MARKERS)
        or _BROKEN_DASH.match(text)
        or PART_LABEL.match(text)
        or DIVISION_LABEL.match(text)
        or FIELD_START.match(text)
        or re.match(r"附件?\s*\d*[：:]|抄送[：:]|附件\d*$", text)
    )


def _continues(group: list[_Line], line: _Line, width: float) -> bool:
    """Decide whether a line carries on the paragraph before it."""
    last = group[-1]
    if last.table or line.table or _CONTENTS.match(last.text) or _opens_body(last, line):
        return False
    so_far = "".join(part.text for part in group[-8:])
    if line.apart:
        return _is_cut_apart(so_far, line.text)
    if FIELD_START.match(line.text) and _is_open(so_far):
        return True  # （牵头单位：A； goes on with 配合单位：B）
    if _marked(line.text):
        # A marker after a comma is a figure or a dash inside a sentence.
        unfinished = _is_open(so_far) and last.text[-1] not in _TERMINAL + CLOSING
        return last.text[-1] in "，、," or unfinished
    if _is_open(so_far):
        return True
    if line.indented or last.text[-1] in _TERMINAL:
        full = width > 0 and last.width >= 0.93 * width and last.text[-1] in "。；"
        # A short line without an end of its own is a signature, a date or a title.
        alone = line.width < 0.6 * width and line.text[-1] not in _TERMINAL + CLOSING
        return full and not line.indented and not alone and not _ends_statement(so_far)
    if last.text[-1] in _CONTINUES:
        return True
    if line.text[0] in "，。、；：）)》”！？":
        return True
    if width:
        return last.width >= 0.8 * width and not _ends_statement(so_far)
    return display_width(so_far) > 50 and not _ends_statement(so_far)


def _opens_body(title: _Line, line: _Line) -> bool:
    """See a preamble below a title and an empty line, whatever the width of the lines."""
    apart = line.number - title.number > 1
    return bool(apart and _TITLE_END.search(title.text) and _PREAMBLE.match(line.text))


def _is_cut_apart(so_far: str, text: str) -> bool:
    """Say whether a sentence goes on in spite of the empty line within it."""
    if _marked(text):
        return False
    if text[0] in "，。、；：）)》”！？":
        return True
    opening, closing = (
        min((at for sign in signs if (at := text.find(sign)) >= 0), default=len(text))
        for signs in (OPENING, CLOSING)
    )
    return so_far[-1] in "，、," or (closing < opening and _is_open(so_far))


def _ends_statement(text: str) -> bool:
    tail = text[-320:]
    return bool(
        re.search(r"(?:负责|牵头|配合|参与|参加|落实|单位)[）)〕】］\]]。?$", tail)
        or re.search(r"(?:单位|部门)[：:][^。]*[）)〕】]。?$", tail)
    )


def _is_open(text: str) -> bool:
    """Say whether a bracket or quotation still waits for its end, within reasonable reach."""
    depth = 0
    since = 0
    for at, char in enumerate(text):
        if char in OPENING or char in QUOTES:
            since = at if depth == 0 else since
            depth += 1
        elif (char in CLOSING or char in QUOTES.values()) and depth:
            depth -= 1
    return depth > 0 and len(text) - since < 300


def _seam(before: str, after: str) -> str:
    """Return what stands between two joined lines: a blank only between Latin words."""
    if before.isdigit() and after.isdigit():
        return ""
    return " " if _WORD.match(before) and _WORD.match(after) else ""


def _assemble(groups: list[list[_Line]], dropped: list[str]) -> CleanText:
    """Write the paragraphs one a line and note where each piece came from."""
    pieces: list[str] = []
    seams: list[tuple[int, int]] = []
    paragraphs: list[Paragraph] = []
    repaired: list[int] = []
    at = 0
    for group in groups:
        start = at
        for line in group:
            text = line.text
            if at > start:
                text = _seam(pieces[-1][-1], text[0]) + text
            dropped += _PAGE_INLINE.findall(text)
            text = _PAGE_INLINE.sub("", text)
            repairs = list(_YEAR_QUESTION.finditer(text))
            if _BROKEN_DASH.match(text):
                text, mended = "——" + text[2:], [0]
            else:
                mended = []
            text = _YEAR_QUESTION.sub("—", text)
            seams.append((at, line.number))
            repaired += [at + offset for offset in mended + [hit.start() for hit in repairs]]
            pieces.append(text)
            at += len(text)
        paragraphs.append(Paragraph(start, at, group[0].number))
        pieces.append("\n")
        at += 1
    return CleanText(
        "".join(pieces)[:-1], tuple(paragraphs), tuple(dropped), tuple(seams), tuple(repaired)
    )
