"""Cut paragraphs where headings, items, labels and statements were printed into one."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from plans.importer.model import Paragraph, Span
from plans.importer.notations import (
    CIRCLED,
    DIGIT_BRACKET,
    DIGIT_STOP,
    DIVISION_LABEL,
    HAN_BRACKET,
    MARK,
    MARKERS,
    PART_LABEL,
    RUN_IN_ACTION,
    han_number,
)
from plans.importer.responsibilities import find_statements
from plans.importer.spans import depths, trimmed

_GLUED_HEADING = re.compile(
    r"(?<=[。）)])[（(][一二三四五六七八九十]{1,3}[）)](?=[^。（()）]{2,30}(?:行动|工程)[。（(])"
)
_GLUED_NUMBER = re.compile(r"(?<=[。）)])(\d{1,2})(?:[、．]|\.(?!\d)|\.(?=20\d\d年))")
_NUMERAL = r"[一二三四五六七八九十]{1,3}"
_ROW = re.compile(
    rf"(?P<section>(?<=[。！）)：]){_NUMERAL})、(?=[一-龥“])|[（(](?P<heading>{_NUMERAL})[）)](?=[一-龥“])"
)
_WHO_AT_END = re.compile(r"(?<=[。；;])由[^。]{2,200}(?:牵头|负责|配合|参与|参加)[^。]{0,20}。?$")
_ROW_MARK = {
    rank: re.compile(rf"(?<=[。；;]){MARK[rank].pattern}") for rank in (DIGIT_BRACKET, CIRCLED)
}
# 二、重点任务（一）…: a heading of this length may stand right before its first item.
_SHORT = 25
_ROOM = 20  # no two headings fit into less


def pieces(text: str, paragraph: Paragraph) -> list[Span]:
    """Cut a paragraph where items are glued together: …负责）4.培育…"""
    start, end = paragraph.start, paragraph.end
    if "\t" in text[start:end]:
        return [(start, end)]
    cuts = _cuts_after_statements(text, start, end)
    cuts |= _cuts_at_labels(text, start, end)
    cuts |= _cuts_at_headings(text, start, end)
    cuts |= _cuts_at_rows(text, start, end)
    edges = [start, *sorted(cut for cut in cuts if start < cut < end), end]
    for a, b in pairwise(edges):
        cuts |= _cuts_at_sequence(text, a, b)
        cuts |= _cuts_in_row(text, a, b)
    edges = [start, *sorted(cut for cut in cuts if start < cut < end), end]
    spans = [trimmed(text, a, b) for a, b in pairwise(edges)]
    return [span for span in spans if span[0] < span[1]]


def _cuts_after_statements(text: str, start: int, end: int) -> set[int]:
    cuts = set()
    for statement in find_statements(text, start, end):
        at = statement.span[1]
        while at < end and text[at] in "。； 　":
            at += 1
        if at < end and any(pattern.match(text, at, end) for _, pattern in MARKERS):
            cuts.add(at)
    return cuts


def _cuts_at_labels(text: str, start: int, end: int) -> set[int]:
    level = depths(text, start, end)
    cuts = set()
    label = PART_LABEL.match(text, start, end)
    if label and any(p.match(text, label.end(), end) for _, p in MARKERS):
        cuts.add(label.end())
    for pattern in (DIVISION_LABEL, PART_LABEL):
        for hit in pattern.finditer(text, start + 1, end):
            if level[hit.start() - start] == 0 and text[hit.start() - 1] in "。；）)":
                cuts.add(hit.start())
                if any(p.match(text, hit.end(), end) for _, p in MARKERS):
                    cuts.add(hit.end())
    if (label or re.match(r"——|──", text[start:end])) and not level[-1]:
        for hit in re.finditer(r"(?<=[。；])(?:——|──)", text[start:end]):
            if level[hit.start()] == 0:
                cuts.add(start + hit.start())
    return cuts


def _cuts_at_headings(text: str, start: int, end: int) -> set[int]:
    """Cut …。（二）实施农民科学素质行动。 out of the paragraph before it."""
    level = depths(text, start, end)
    hits = _GLUED_HEADING.finditer(text[start:end])
    return {start + hit.start() for hit in hits if level[hit.start()] == 0}


def _cuts_at_rows(text: str, start: int, end: int) -> set[int]:
    """Cut sections and headings out of a text that lost its line ends.

    Only numbers in order count: 一、…。二、… and, below them, （一）…。（二）….
    """
    own = next((rank for rank, pattern in MARKERS if pattern.match(text, start, end)), None)
    if end - start < _ROOM or (own is not None and own > HAN_BRACKET):
        return set()
    level: list[int] | None = None
    cuts: set[int] = set()
    waiting: set[int] = set()
    section = heading = 0
    if first := MARK[HAN_BRACKET].match(text, start, end):
        heading = han_number(re.sub(r"[^一-龥]", "", first.group(1))) or 0
    opened = start
    for hit in _ROW.finditer(text, start, end):
        level = level or depths(text, start, end)
        number = han_number(hit.group("section") or hit.group("heading"))
        if level[hit.start() - start] or number is None:
            continue
        if hit.group("section") and number == section + 1:
            section, heading, opened = number, 0, hit.end()
            # A lone 一、 proves no row; it counts when 二、 follows.
            (waiting if number == 1 else cuts).add(hit.start())
            if number == 2:
                cuts |= waiting
        elif hit.group("heading") and number == heading + 1 and hit.start() > start:
            before = text[opened : hit.start()]
            short = number == 1 and len(before) <= _SHORT and not re.search("[，。；：]", before)
            if before[-1:] in "。！）)" or (short and (section or own is not None)):
                heading = number
                cuts.add(hit.start())
    return cuts


def _cuts_at_sequence(text: str, start: int, end: int) -> set[int]:
    """Cut 1.…。2.…。 when the numbers follow on from the paragraph's own, or from its heading."""
    cuts: set[int] = set()
    level = depths(text, start, end)
    own = MARK[DIGIT_STOP].match(text, start, end)
    heading = MARK[HAN_BRACKET].match(text, start, end)
    if not own and not heading:
        return cuts
    expected = int(own.group(1)) + 1 if own and own.group(1) else 1
    for hit in _GLUED_NUMBER.finditer(text[start:end]):
        number = int(hit.group(1))
        if number != expected or level[hit.start()]:
            # A list of its own inside the item: its numbers are not those of items.
            break
        cuts.add(start + hit.start())
        expected += 1
    return cuts


def _cuts_in_row(text: str, start: int, end: int) -> set[int]:
    """Cut （1）…；（2）…；（3）… and ①…；②…, where a paragraph or an action begins such a row."""
    run_in = RUN_IN_ACTION.match(text, start, end)
    for rank in (DIGIT_BRACKET, CIRCLED):
        own = MARK[rank].match(text, run_in.end() if run_in else start, end)
        if own is None:
            continue
        level = depths(text, start, end)
        cuts = {own.start()}
        expected = _number(own) + 1
        for hit in _ROW_MARK[rank].finditer(text, own.end(), end):
            if _number(hit) == expected and not level[hit.start() - start]:
                cuts.add(hit.start())
                expected += 1
        if run_in and (who := _WHO_AT_END.search(text, own.end(), end)):
            cuts.add(who.start())
        return cuts
    return set()


def _number(hit: re.Match[str]) -> int:
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", hit.group(1)))
    return int(digits) if digits else 0
