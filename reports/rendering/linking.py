"""Keep figures tied to their facts while people rewrite the text around them."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from core.differences import opcodes
from reports.rendering.document import Run, clean

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?%?")
# Numbers that state no finding: dates and years, numbering, document numbers, charts and tables.
PLAIN = re.compile(
    r"\d{4}\s*[—－-]\s*\d{4}\s*年?|\d{4}\s*年(?:\d+月(?:\d+日)?)?|\d+月(?:\d+日)?|〔\d+〕\s*\d+号"
    r"|^\s*\d+[.．、]|^\s*[（(]\d+[)）]|[图表]\d+|附件\d+"
)


@dataclass(frozen=True, slots=True)
class Linked:
    """A text with its figures found again; `lost` are runs that are gone, `loose` new numbers."""

    runs: tuple[Run, ...]
    lost: tuple[Run, ...] = ()
    loose: tuple[str, ...] = ()


def linked(old: Iterable[Run], text: str) -> Linked:
    """Find the figures of the old runs in a new text.

    A figure stays where the text around it was kept; one that moved is found by its words. What
    is not found is lost. A number that the old text did not have, and that no fact stands behind,
    is loose.
    """
    before, text = list(old), clean(text)
    whole = "".join(run.text for run in before)
    same = [(i, m, j - i) for kind, i, j, m, _n in opcodes(whole, text) if kind == "equal"]
    taken: list[tuple[int, int, str]] = []
    missing: list[Run] = []
    at = 0
    for run in before:
        if run.fact is not None:
            place = _kept(same, at, at + len(run.text))
            if place is None or not _alone(text, place, len(run.text)):
                missing.append(run)
            else:
                taken.append((place, place + len(run.text), run.fact))
        at += len(run.text)
    lost = []
    for run in missing:
        place = _elsewhere(text, run.text, taken)
        if place is None:
            lost.append(run)
        else:
            taken.append((place, place + len(run.text), run.fact or ""))
    taken.sort()
    return Linked(_cut(text, taken), tuple(lost), _loose(before, text, taken))


def _kept(same: Iterable[tuple[int, int, int]], start: int, end: int) -> int | None:
    """Return where a stretch of the old text stands in the new one, if it was left whole."""
    for old, new, size in same:
        if old <= start and end <= old + size:
            return new + start - old
    return None


def _alone(text: str, place: int, length: int) -> bool:
    """Tell whether a number is not a part of a longer one: 5 of 15, 1.5 of 1.52."""
    before, after = text[max(0, place - 1) : place], text[place + length : place + length + 2]
    if text[place : place + 1].isdigit() and (before.isdigit() or before in {".", "−", "-"}):
        return False
    last = text[place + length - 1 : place + length]
    return not (
        last.isdigit() and (after[:1].isdigit() or (after[:1] == "." and after[1:].isdigit()))
    )


def _elsewhere(text: str, wanted: str, taken: list[tuple[int, int, str]]) -> int | None:
    place = text.find(wanted) if wanted else -1
    while place >= 0:
        free = all(place + len(wanted) <= start or end <= place for start, end, _key in taken)
        if free and _alone(text, place, len(wanted)):
            return place
        place = text.find(wanted, place + 1)
    return None


def _cut(text: str, taken: list[tuple[int, int, str]]) -> tuple[Run, ...]:
    found: list[Run] = []
    end = 0
    for start, stop, key in taken:
        if start > end:
            found.append(Run(text[end:start]))
        found.append(Run(text[start:stop], key))
        end = stop
    if end < len(text):
        found.append(Run(text[end:]))
    return tuple(found)


def _loose(old: list[Run], text: str, taken: list[tuple[int, int, str]]) -> tuple[str, ...]:
    """Return the numbers outside figures that the old text did not have outside figures."""
    known = Counter(_numbers("\0".join(run.text for run in old if run.fact is None)))
    rest, end = [], 0
    for start, stop, _key in taken:
        rest.append(text[end:start])
        end = stop
    rest.append(text[end:])
    return tuple((Counter(_numbers("\0".join(rest))) - known).elements())


def _numbers(text: str) -> list[str]:
    return [found for line in text.split("\n") for found in NUMBER.findall(PLAIN.sub("", line))]
