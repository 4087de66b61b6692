"""Find brackets and sentences, as spans of a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import accumulate

from plans.importer.model import Span
from plans.importer.notations import CLOSING, OPENING, QUOTES

MAX_SENTENCE = 2000


def bracket_pairs(text: str, start: int, end: int) -> list[Span]:
    """Return every bracket pair, outermost first; full and half width may be mixed.

    A bracket that is never closed pairs with nothing; one closed too often is passed over.
    """
    waiting: list[int] = []
    pairs: list[Span] = []
    for at in range(start, end):
        if text[at] in OPENING:
            waiting.append(at)
        elif text[at] in CLOSING and waiting:
            pairs.append((waiting.pop(), at + 1))
    return sorted(pairs, key=lambda pair: (pair[0], -pair[1]))


def depths(text: str, start: int, end: int) -> list[int]:
    """Return for each character how many closed brackets and quotations enclose it.

    What is opened and never closed encloses nothing.
    """
    change = [0] * (end - start + 1)
    waiting: list[tuple[int, str]] = []
    open_of: Counter[str] = Counter()
    for at in range(start, end):
        char = text[at]
        if char in OPENING or char in QUOTES:
            closers = QUOTES.get(char, CLOSING)
            waiting.append((at, closers))
            open_of[closers] += 1
            continue
        closers = CLOSING if char in CLOSING else char
        if not open_of[closers]:
            continue
        while waiting:
            opened, awaited = waiting.pop()
            open_of[awaited] -= 1
            if awaited == closers:
                change[opened - start + 1] += 1
                change[at - start] -= 1
                break
    return list(accumulate(change[:-1]))


def first_stop(text: str, start: int, end: int, stops: str) -> int:
    """Return where the first of these characters stands outside brackets, or -1."""
    level = depths(text, start, end)
    outside = (
        at for at in range(start, end) if level[at - start] == 0 and _stops(text, at, end, stops)
    )
    return next(outside, -1)


def _stops(text: str, at: int, end: int, stops: str) -> bool:
    """Take a Latin full stop between Chinese words for a Chinese one: 办好科学课.配齐教师"""
    if text[at] in stops:
        return True
    return (
        text[at] in ".．"
        and "。" in stops
        and at > 0
        and text[at - 1] >= "一"
        and (at + 1 >= end or text[at + 1] >= "一" or text[at + 1] in OPENING)
    )


def sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the sentences of a paragraph, final stop and closing quotation included."""
    level = depths(text, start, end)
    at = start
    for place in range(start, end):
        if place < at or level[place - start] or not _stops(text, place, end, "。！？!?"):
            continue
        stop = place + 1
        while stop < end and text[stop] in "”』」":
            stop += 1
        yield trimmed(text, at, stop)
        at = stop
    if at < end:
        yield trimmed(text, at, end)


def readable_sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the sentences that rules are tried on; none so long was ever written by a person."""
    return ((a, b) for a, b in sentences(text, start, end) if 0 < b - a <= MAX_SENTENCE)


def trimmed(text: str, start: int, end: int) -> Span:
    """Shorten a span by the blanks at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


_WIDE = str.maketrans(",;:()?!０１２３４５６７８９％．", "，；：（）？！0123456789%.")


def widened(words: str) -> str:
    """Write punctuation full width and figures half width, letter for letter, for the rules."""
    return words.translate(_WIDE)
