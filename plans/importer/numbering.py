"""Rebuild the automatic numbers of a Word file from its numbering and styles.

The numbers stand in no paragraph: a paragraph names a list and a level, and the reader counts.
Source: ECMA-376 part 1, §17.9 (numbering) and §17.18.59 (number formats).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

_MAX_VALUE = 32_767  # the standard's own limit for a list number
_MAX_LEVEL = 8
_HAN = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
# Bullets that readers of plans know; letters of a symbol font stand for some dot or other.
_PRINTED_BULLETS = frozenset("•●■◆▪◇○★※·—–─－―-")


def name_of(element: Any) -> str:
    """Return the tag without its namespace, which differs between the two flavours of the format.

    Comments and processing instructions have no name.
    """
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child(element: Any, *path: str) -> Any | None:
    """Return the first element down a path of names, or None."""
    for name in path:
        element = next((one for one in element if name_of(one) == name), None)
        if element is None:
            return None
    return element


def value(element: Any | None, name: str = "val") -> str | None:
    """Return an attribute by its name without namespace."""
    if element is None:
        return None
    return next((v for key, v in element.attrib.items() if key.rpartition("}")[2] == name), None)


def whole(text: str | None) -> int | None:
    """Read a whole number of ordinary size; anything else is None."""
    return int(text) if text and re.fullmatch(r"\d{1,6}", text) else None


def is_on(element: Any | None) -> bool:
    """Say whether a switch is there and not switched off."""
    return element is not None and value(element) not in ("0", "false", "off")


@dataclass(frozen=True, slots=True)
class _Level:
    """Describe one level of a list; `text` is its pattern, such as （%1） or 第%1章."""

    start: int
    form: str
    text: str
    legal: bool
    restart: int | None
    style: str | None


@dataclass(frozen=True, slots=True)
class _List:
    """Describe one list: what it shares its count with, its levels, where it starts anew."""

    shared: str
    levels: dict[int, _Level]
    starts: dict[int, int]


@dataclass(frozen=True, slots=True)
class _Style:
    base: str | None
    list_id: str | None
    level: int | None


class Numbering:
    """Count the numbered paragraphs of one document, in the order in which they are asked for."""

    def __init__(self, numbering: Any | None, styles: Any | None) -> None:
        self._styles = dict(_styles(styles))
        self._lists = _lists(numbering, self._style_list)
        self._counts: dict[str, dict[int, int]] = {}
        self._opened: set[tuple[str, int]] = set()

    def mark(self, paragraph: Any) -> str:
        """Return the number or bullet printed before a paragraph, or an empty text."""
        properties = child(paragraph, "pPr")
        list_id, level = self._place(properties)
        found = self._lists.get(list_id or "")
        if found is None or list_id is None or level not in found.levels:
            return ""
        values = self._count(list_id, found, level)
        return _printed(found.levels, level, values)

    def _place(self, properties: Any | None) -> tuple[str | None, int]:
        """Return the list and level of a paragraph, its own or its style's."""
        own = child(properties, "numPr") if properties is not None else None
        list_id = value(child(own, "numId")) if own is not None else None
        level = whole(value(child(own, "ilvl"))) if own is not None else None
        style = value(child(properties, "pStyle")) if properties is not None else None
        if list_id is None:
            list_id, styled = self._style_place(style)
            level = styled if level is None else level
        return list_id, min(level or 0, _MAX_LEVEL)

    def _style_place(self, style: str | None) -> tuple[str | None, int | None]:
        seen: set[str] = set()
        name: str | None = style or ""
        while name is not None and name not in seen and (known := self._styles.get(name)):
            seen.add(name)
            if known.list_id is not None:
                return known.list_id, self._linked_level(known, style or "")
            name = known.base
        return None, None

    def _linked_level(self, style: _Style, name: str) -> int | None:
        """Find the level that names the style; else the one which the style names."""
        found = self._lists.get(style.list_id or "")
        levels = found.levels if found else {}
        linked = (at for at, level in levels.items() if level.style == name)
        return next(linked, style.level)

    def _style_list(self, style: str | None) -> str | None:
        known = self._styles.get(style or "")
        return known.list_id if known else None

    def _count(self, list_id: str, found: _List, level: int) -> dict[int, int]:
        counts = self._counts.setdefault(found.shared, {})
        fresh = level in found.starts and (list_id, level) not in self._opened
        self._opened.add((list_id, level))
        if fresh or level not in counts:
            counts[level] = found.starts.get(level, found.levels[level].start)
        else:
            counts[level] = min(counts[level] + 1, _MAX_VALUE)
        for deeper in [one for one in counts if one > level]:
            restart = found.levels[deeper].restart if deeper in found.levels else None
            if restart is None or level < restart:
                del counts[deeper]
        starts = {at: one.start for at, one in found.levels.items()}
        return {**starts, **found.starts, **counts}


def _styles(root: Any | None) -> Iterator[tuple[str, _Style]]:
    for style in root if root is not None else ():
        name = value(style, "styleId")
        if name_of(style) != "style" or not name:
            continue
        numbered = child(style, "pPr", "numPr")
        numbered = () if numbered is None else numbered
        known = _Style(
            value(child(style, "basedOn")),
            value(child(numbered, "numId")),
            whole(value(child(numbered, "ilvl"))),
        )
        yield name, known
        # A paragraph that names no style has the default one, kept here under no name.
        if value(style, "type") == "paragraph" and value(style, "default") in ("1", "true"):
            yield "", known


def _lists(root: Any | None, style_list: Callable[[str | None], str | None]) -> dict[str, _List]:
    """Read the lists of a document by their ids."""
    if root is None:
        return {}
    shapes = {value(one, "abstractNumId"): one for one in root if name_of(one) == "abstractNum"}
    uses = {value(one, "numId"): one for one in root if name_of(one) == "num"}
    lists = {}
    for list_id, use in uses.items():
        shared = value(child(use, "abstractNumId"))
        shape = shapes.get(shared)
        link = value(child(shape, "numStyleLink")) if shape is not None else None
        if link and (other := uses.get(style_list(link))) is not None:
            shared = value(child(other, "abstractNumId"))
            shape = shapes.get(shared)
        if list_id and shared and shape is not None:
            lists[list_id] = _list(shared, shape, use)
    return lists


def _list(shared: str, shape: Any, use: Any) -> _List:
    levels = dict(_level(one) for one in shape if name_of(one) == "lvl")
    starts: dict[int, int] = {}
    for override in use:
        if name_of(override) != "lvlOverride":
            continue
        at = min(whole(value(override, "ilvl")) or 0, _MAX_LEVEL)
        start = whole(value(child(override, "startOverride")))
        if start is not None:
            starts[at] = min(start, _MAX_VALUE)
        other = child(override, "lvl")
        if other is not None:
            levels[at] = _level(other)[1]
    return _List(shared, levels, starts)


def _level(element: Any) -> tuple[int, _Level]:
    start = whole(value(child(element, "start")))
    form = child(element, "numFmt")
    if form is None:  # newer formats stand in an alternative beside their fall-back
        form = child(element, "AlternateContent", "Fallback", "numFmt")
    text = child(element, "lvlText")
    known = _Level(
        start=min(1 if start is None else start, _MAX_VALUE),
        form=value(form) or "decimal",
        text=value(text) or "",
        legal=is_on(child(element, "isLgl")),
        restart=whole(value(child(element, "lvlRestart"))),
        style=value(child(element, "pStyle")),
    )
    return min(whole(value(element, "ilvl")) or 0, _MAX_LEVEL), known


def _printed(levels: dict[int, _Level], at: int, values: dict[int, int]) -> str:
    level = levels[at]
    if level.form == "bullet":
        return level.text if level.text in _PRINTED_BULLETS or "—" in level.text else "•"

    def number(reference: re.Match[str]) -> str:
        which = int(reference.group(1)) - 1
        form = levels[which].form if which in levels else "decimal"
        if level.legal and form not in ("none", "bullet"):
            form = "decimal"
        return format_number(values.get(which, 1), form)

    return re.sub(r"%([1-9])", number, level.text)


def format_number(number: int, form: str) -> str:
    """Write a number in one of Word's number formats; an unknown format gives Arabic digits."""
    if form in ("none", "bullet"):
        return ""
    return _FORMS.get(form, str)(number)


def _counted(number: int, digits: str = _HAN, units: str = "十百千") -> str:
    """Write a number as it is counted aloud: 十、十一、二十、一百零三."""
    if number <= 0 or number >= 10_000:
        return "".join(digits[int(one)] for one in str(max(number, 0)))
    out, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit == 0:
            gap = bool(out)
            continue
        out += ("零" if gap else "") + digits[digit] + (units[place - 1] if place else "")
        gap = False
    return out[1:] if out.startswith("一十") else out


def _legal(number: int) -> str:
    return _counted(number, _LEGAL, "拾佰仟")


def _cycled(signs: str) -> Callable[[int], str]:
    return lambda number: signs[(number - 1) % len(signs)] if number > 0 else str(number)


def _ranged(first: str, last: int) -> Callable[[int], str]:
    return lambda n: chr(ord(first) + n - 1) if 1 <= n <= last else str(n)


def _letters(number: int, first: str = "A") -> str:
    if number <= 0:
        return str(number)
    return chr(ord(first) + (number - 1) % 26) * min((number - 1) // 26 + 1, 20)


def _roman(number: int) -> str:
    out = ""
    for weight, sign in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    ):
        out += sign * (number // weight)
        number %= weight
    return out


def _full_width(number: int) -> str:
    return "".join(chr(ord(one) + 0xFEE0) for one in str(number))


_FORMS: dict[str, Callable[[int], str]] = {
    "chineseCounting": _counted,
    "chineseCountingThousand": _counted,
    "japaneseCounting": _counted,  # what Word writes for 一、二、三 in many templates
    "taiwaneseCounting": _counted,
    "taiwaneseCountingThousand": _counted,
    "koreanCounting": _counted,
    "chineseLegalSimplified": _legal,
    "japaneseLegal": _legal,
    "ideographLegalTraditional": _legal,
    "ideographDigital": lambda n: "".join(_HAN[int(one)] for one in str(n)),
    "taiwaneseDigital": lambda n: "".join(_HAN[int(one)] for one in str(n)),
    "japaneseDigitalTenThousand": lambda n: "".join(_HAN[int(one)] for one in str(n)),
    "ideographTraditional": _cycled(_STEMS),
    "ideographZodiac": _cycled(_BRANCHES),
    "decimalEnclosedCircle": _ranged("①", 20),
    "decimalEnclosedCircleChinese": _ranged("①", 20),
    "ideographEnclosedCircle": _ranged("㊀", 10),
    "decimalEnclosedParen": lambda n: f"({n})",
    "decimalEnclosedFullstop": lambda n: f"{n}.",
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalZero": lambda n: f"{n:02}",
    "upperLetter": _letters,
    "lowerLetter": lambda n: _letters(n, "a"),
    "upperRoman": _roman,
    "lowerRoman": lambda n: _roman(n).lower(),
}
