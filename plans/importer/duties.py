"""Read standing duties: who does what how often, with the sentence as printed."""

from __future__ import annotations

import re

from plans.importer.model import ParsedDuty, Span
from plans.importer.notations import UNIT_LIKE
from plans.importer.spans import readable_sentences, widened

# The first rhythm that fits wins, so the longer ones come first.
RHYTHMS: tuple[tuple[str, str], ...] = (
    (r"每两年|每二年|每2年|隔年", "two_years"),
    (r"每三年|每3年", "three_years"),
    (r"每五年|每5年", "five_years"),
    (r"每半年|半年一次|半年(?:报送|通报|调度|总结)", "half_year"),
    (r"每(?:个)?季度?|按季度?|季度(?:通报|调度|报送)", "quarter"),
    (r"每(?:个)?月|按月|月调度", "month"),
    (r"每(?:个)?周(?!年)|按周", "week"),
    (r"每(?:个)?学期", "term"),
    (r"每(?:学)?年|年均|全年|年度工作(?:计划|安排|要点)|年度(?:工作)?(?:报告|总结)", "year"),
    (
        r"(?<!不)定期(?:对|向|组织|开展|召开|通报|报送|报告|检查|督查|督导|调度|公布|发布|评估|总结|举办|研究|"
        r"监测|更新|听取)",
        "regular",
    ),
)
# What a plan obliges to without naming a rhythm.
ONCE_OR_STANDING = re.compile(
    r"列入(?:[^，。；]{0,8})(?:工作)?(?:规划|计划)|纳入(?:[^，。；]{0,10})目标管理|专项督查|督导检查|"
    r"第三方[^，。；]{0,12}评估|表彰|奖励(?!目录)"
)
_FOR_MONEY = re.compile(
    r"每年人均|人均[^，。；]{0,10}每年|经费每年|每年[^，。；]{0,8}(?:万元|元)|每年递增"
)
_OPEN_HOURS = re.compile(r"定期或不定期")
_WHO = re.compile(
    r"(?P<who>(?:[^，。；要应须]|应急){1,40}?)"
    r"(?:要|应|应当|须|必须|负责|根据|按照|定期|及时|每)"
)
_PER = re.compile(
    r"(每个?(?:县（市、区）|区县|县|镇（街道）|乡镇（街道）|乡镇|镇|街道|社区|学校|村))(?=每)"
)
_SCHOOL_TEXT = re.compile(r"进课堂|教学计划|学生|课程")


def read_duties(text: str, span: Span, *, general: bool) -> list[ParsedDuty]:
    """Read the duties of one paragraph.

    `general` says that the paragraph stands among goals and safeguards, where whoever is named
    before the duty is meant; in a measure the units are printed beside it and `who` stays None.
    """
    found: list[ParsedDuty] = []
    for start, end in readable_sentences(text, *span):
        quote = text[start:end]
        words = widened(quote)
        rhythm = _rhythm(words)
        hit = rhythm[1] if rhythm else _obligation(words)
        if hit is None:
            continue
        who = _who(words, hit.start()) if general else _units_per(words)
        found.append(ParsedDuty(who, rhythm[0] if rhythm else None, quote, (start, end)))
    return found


def _rhythm(words: str) -> tuple[str, re.Match[str]] | None:
    # Opening hours are no duty; the blanks keep every place where it was.
    words = _OPEN_HOURS.sub(lambda hit: " " * len(hit.group()), words)
    for pattern, every in RHYTHMS:
        hit = re.search(pattern, words)
        if hit and not (every == "year" and _FOR_MONEY.search(words)):
            return every, hit
    return None


def _obligation(words: str) -> re.Match[str] | None:
    """Find a duty without a rhythm; 列入教学计划 is the substance of a measure and none."""
    hit = ONCE_OR_STANDING.search(words)
    return None if hit is None or _SCHOOL_TEXT.search(hit.group()) else hit


def _units_per(words: str) -> str | None:
    """Read 每镇每年 and 每个街道每年: the duty falls to each of them."""
    hit = _PER.search(words)
    return hit.group(1) if hit else None


def _who(words: str, at: int) -> str | None:
    """Find who is named in the clause of the duty, else at the beginning of the sentence."""
    if per := _units_per(words):
        return per
    clause = max(words.rfind(char, 0, at) for char in "，；") + 1
    return _named(words[clause:]) or _named(words)


def _named(words: str) -> str | None:
    hit = _WHO.match(words)
    if hit is None:
        return None
    who = hit.group("who").strip("、 ")
    first = re.split(r"[、和及]", who)[0]
    named = who.startswith(("各", "市", "省", "县", "区")) or UNIT_LIKE.match(first)
    return who if named and 2 <= len(who) <= 30 else None
