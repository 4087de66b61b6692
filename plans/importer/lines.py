"""Hold the lines of a header, and values with the place they were read at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from plans.importer.model import Printed, Span

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Line:
    """Keep one paragraph: its words with full-width marks, and where it stands in the text."""

    words: str
    start: int

    def printed(self, text: str, start: int, end: int) -> Printed:
        """Return a part of the line as printed in the text."""
        span = (self.start + start, self.start + end)
        return Printed(text[slice(*span)], span)


@dataclass(frozen=True, slots=True)
class Read(Generic[_T]):
    """Keep a value with the place it was read at."""

    value: _T
    span: Span | None


def read_at(line: Line, start: int, end: int, value: _T) -> Read[_T]:
    return Read(value, (line.start + start, line.start + end))
