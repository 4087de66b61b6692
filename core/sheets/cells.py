"""What a table is made of, and how a value looks in its cell."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils import timezone

MAX_CELL = 32_767  # characters, Excel's own limit
MARK = "#"  # in a hidden column: a heading or the foot, no line of the table
_NEVER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Only what has to be is written in this way; LibreOffice leaves the letters `_x0041_` as they are.
_ESCAPED = re.compile("_x005[Ff]_(x[0-9A-Fa-f]{4}_)|_x(000[9AaDd])_")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `width` in characters; `kind` text, number, date, mixed (text, but bare
    numbers as numbers), choice or id (hidden, locked).

    `aliases` are other titles under which people know it; a column that is not `required` may be
    missing in a file that is read.
    """

    key: str
    title: str
    width: float = 12
    kind: str = "text"
    choices: tuple[str, ...] = ()
    editable: bool = False
    required: bool = True
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A line over the rows below it, such as the action that they belong to."""

    text: str


@dataclass(frozen=True, slots=True)
class Fixed:
    """A row of which no cell is open, whatever its column says."""

    values: Mapping[str, Any]


@dataclass(slots=True)
class Line:
    """A line of a file that was read: its row there, its values as text, and what is wrong.

    `absent` names the columns that the file does not have; their values are empty.
    """

    row: int
    values: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()


def plain(text: str) -> str:
    """Return what a cell can hold of a text: no control characters, one kind of line end."""
    if text.isprintable():  # the usual case: nothing to take out, and no line ends
        return text
    return _NEVER.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def shown(value: Any) -> str:
    """Return a value as the text that a person sees in its cell."""
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case float() | Decimal():
            text = format(Decimal(format(value, ".15g")), "f")
            return text.rstrip("0").rstrip(".") if "." in text else text
        case datetime():
            if value.tzinfo is not None:
                value = timezone.localtime(value)
            # A date cell holds midnight; what people see is the day.
            at_midnight = value.time() == time()
            return value.date().isoformat() if at_midnight else value.strftime("%Y-%m-%d %H:%M")
        case time():
            return value.strftime("%H:%M")
    return str(value)


def number_of(text: str) -> float | None:
    """Return the number that a cell would show as exactly this text, if there is one."""
    if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,10})?", text):
        return None
    number = float(text)
    return number if shown(number) == text else None


def day_of(text: str) -> datetime | None:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) or text < "1900-03-01":
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time())
    except ValueError:
        return None


def text_of(value: Any) -> str:
    """Return a cell's value as text."""
    if isinstance(value, str):
        if "_x" in value:
            value = _ESCAPED.sub(lambda m: f"_{m[1]}" if m[1] else chr(int(m[2], 16)), value)
        return plain(value)
    return shown(value)
