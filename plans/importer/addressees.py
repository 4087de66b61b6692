"""Read whom a notice is sent to, who gets copies, and which documents it rests on."""

from __future__ import annotations

import re
from itertools import pairwise

from plans.importer.lines import Line
from plans.importer.model import Printed, Span
from plans.importer.spans import depths

_ADDRESS = re.compile(
    r"(?:主送[：]\s*)?(?:各|有关|[省市州盟县区旗镇团](?:直|级|属|政府|委|府|内)|驻|全[省市县区]|机关)"
)
_COPIES = re.compile(r"抄\s*(?:送|报)(?:机关)?[：]")
_MAIN = re.compile(r"主\s*送(?:机关)?[：]")
# An address ends where a name of more than one character has: 各委、办、局 is one.
_COMPLETE = re.compile(
    r"(?:政府|部门|单位|机构|委员会|管委会|院校|高校|学校|企业|公司|协会|学会|团体|办事处|办公[室厅]|行署|科协|中心|集团|组织|党委|军分区|法院|检察院)$"
)
_RESTS_ON = re.compile(r"根据|按照|依据|遵照|依照|贯彻|落实|按(?=《)|响应|执行")
# How far back the word may stand that makes a name a basis.
_FAR = 400
_NUMBER_AFTER = re.compile(r"（[^（）]{2,16}[〔\[﹝【（]\d{4}[〕\]﹞】）]\s*第?\d{1,4}号")


def recipients_of(text: str, lines: list[Line]) -> tuple[Printed, ...]:
    """Return the addressees of the notice: the line before its body that ends with a colon."""
    for line in lines:
        words = line.words
        main = _MAIN.match(words)
        if main or (len(words) < 400 and words.endswith("：") and _ADDRESS.match(words)):
            return _parts(text, line, main.end() if main else 0)
    return ()


def copies_of(text: str, lines: list[Line]) -> tuple[Printed, ...]:
    """Return who gets copies: 抄送：…"""
    found: list[Printed] = []
    for line in lines:
        if hit := _COPIES.match(line.words):
            found += _parts(text, line, hit.end())
    return tuple(found)


def basis_of(text: str, lines: list[Line], own: str | None) -> tuple[Printed, ...]:
    """Return the documents that the preamble names after 根据, 贯彻 and the like, once each."""
    found: dict[str, Printed] = {}
    for line in lines:
        for start, end in _names(line.words):
            near = max(start - _FAR, 0)
            clause = max(line.words.rfind(char, near, start) for char in "。；") + 1
            before = line.words[max(clause, near) : start]
            if not _RESTS_ON.search(before) or re.search(r"(?:简称|现将|称为)“?$", before):
                continue
            inner = line.words[start + 1 : end - 1]
            if own and re.sub(r"[^一-龥\d]", "", inner) == re.sub(r"[^一-龥\d]", "", own):
                continue
            stop = end
            if number := _NUMBER_AFTER.match(line.words, end):
                # The bracket may go on: （国发〔2021〕9号，以下简称…）
                closed = line.words.find("）", number.end())
                stop = closed + 1 if closed == number.end() else end
            found.setdefault(inner, line.printed(text, start, stop))
    return tuple(found.values())


def _names(words: str) -> list[Span]:
    """Return every 《…》 that no other encloses."""
    found: list[Span] = []
    depth, begin = 0, 0
    for at, char in enumerate(words):
        if char == "《":
            begin = at if depth == 0 else begin
            depth += 1
        elif char == "》" and depth:
            depth -= 1
            if depth == 0 and at - begin < 200:
                found.append((begin, at + 1))
    return found


def _parts(text: str, line: Line, begin: int) -> tuple[Printed, ...]:
    """Cut a list of addressees at its commas, and at 、 where a name is complete."""
    words = line.words
    level = depths(words, 0, len(words))
    edges = [begin]
    for at in range(begin, len(words)):
        if level[at]:
            continue
        # 各部门、单位 is one: a bare word after the mark is no addressee.
        done = (
            words[at] == "、"
            and _COMPLETE.search(words[edges[-1] : at])
            and not re.match(r"(?:各?单位|部门|机构)(?:[，。；：]|$)", words[at + 1 :])
        )
        if words[at] in "，；。：\u3000 " or done:
            edges.append(at + 1)
    edges.append(len(words) + 1)
    cut = pairwise(edges)
    pieces = [(a, b - 1) for a, b in cut if words[a : b - 1].strip("，；。：、 \u3000")]
    return tuple(line.printed(text, a, b) for a, b in pieces)
