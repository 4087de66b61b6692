"""Hold what the importer finds: frozen records whose spans point into `ParsedPlan.text`.

A span is a pair (start, end) of character offsets, end exclusive. `text` is the cleaned text of
the whole file: one paragraph a line, layout blanks and page furniture removed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Span = tuple[int, int]
Role = Literal["lead", "responsible", "cooperate"]
ActionKind = Literal["action", "project", "safeguard"]
Operator = Literal["gt", "gte", "eq", "lte", "lt", "approx"]
Scope = Literal["self", "each_child", "share_of_children"]
TargetKind = Literal["survey", "level", "cumulative", "coverage", "milestone"]
BlockKind = Literal["heading", "item", "bracket", "remainder"]
PlanKind = Literal["five_year", "annual"]
HeaderField = Literal[
    "title", "region", "document_number", "issuer", "issued_on", "start_year", "end_year"
]


class NotAPlan(ValueError):
    """Say that a text holds neither an action nor a measure."""

    def __init__(self, message_zh: str = "没有找到任何行动、工程或措施，这份文件不像实施方案。"):
        super().__init__(message_zh)
        self.message_zh = message_zh


class UnreadableDocument(ValueError):
    """Say in one Chinese sentence why a file cannot be read."""

    def __init__(self, message_zh: str):
        super().__init__(message_zh)
        self.message_zh = message_zh


@dataclass(frozen=True, slots=True)
class PrintedUnit:
    """Keep one unit or group as printed, blanks removed, with the part it is given."""

    name: str
    role: Role
    span: Span


@dataclass(frozen=True, slots=True)
class Statement:
    """Keep one printed sentence, bracket or line that says who does an item."""

    units: tuple[PrintedUnit, ...]
    span: Span
    open_ended: bool = False
    missing_verb: bool = False

    def of(self, role: Role) -> tuple[str, ...]:
        """Return the names with this role in printed order, each once."""
        return tuple(dict.fromkeys(unit.name for unit in self.units if unit.role == role))


def _merged(statements: tuple[Statement, ...], role: Role) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for each in statements for name in each.of(role)))


@dataclass(frozen=True, slots=True)
class _Charged:
    """Share what actions and measures have in common: a number, a title and who does it."""

    number: str | None
    title: str
    text: str
    span: Span
    title_span: Span
    statements: tuple[Statement, ...]

    @property
    def leads(self) -> tuple[str, ...]:
        return _merged(self.statements, "lead")

    @property
    def cooperators(self) -> tuple[str, ...]:
        return _merged(self.statements, "cooperate")

    @property
    def responsible(self) -> tuple[str, ...]:
        return _merged(self.statements, "responsible")


@dataclass(frozen=True, slots=True)
class ParsedMeasure(_Charged):
    """Keep a measure; `text` is everything printed but its number and its statements."""


@dataclass(frozen=True, slots=True)
class ParsedAction(_Charged):
    """Keep an action, project or safeguard; `text` is what stands before its measures."""

    kind: ActionKind = "action"
    measures: tuple[ParsedMeasure, ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Keep the higher value that a plan hopes for beyond its target."""

    operator: Operator
    value: str


@dataclass(frozen=True, slots=True)
class ParsedTarget:
    """Keep a target; `value` is a decimal string, null where the text is relative.

    `label` is the printed subject, for naming an indicator that is not known yet.
    """

    indicator: str
    operator: Operator
    value: str | None
    unit: str | None
    year: int | Literal["every"] | None
    scope: Scope
    quote: str
    span: Span
    stretch: Stretch | None = None
    label: str = ""
    kind: TargetKind = "level"


@dataclass(frozen=True, slots=True)
class ParsedDuty:
    """Keep a standing duty.

    `every` is week, month, quarter, half_year, term, year, two_years, three_years, five_years,
    regular (printed as 定期 only), or null where no rhythm is printed. `due` is the last day where
    one is printed; `proof` the thing that shows it was done (表彰文件, 督查通报, …), else empty.
    """

    who: str | None
    every: str | None
    quote: str
    span: Span
    due: date | None = None
    proof: str = ""


@dataclass(frozen=True, slots=True)
class ParsedPhase:
    name: str
    start: date
    end: date
    span: Span


@dataclass(frozen=True, slots=True)
class ImportWarning:
    """Tell a person what to check, and where.

    `line` counts the lines of the file as read, from 1; `span` is the place in the cleaned text.
    """

    code: str
    message: str
    line: int
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Printed:
    """Keep words of the header as printed (a basis document, a recipient), and their place."""

    words: str
    span: Span


@dataclass(frozen=True, slots=True)
class Block:
    kind: BlockKind
    span: Span


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Keep one paragraph of the cleaned text; `line` is where it begins in the file."""

    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True)
class CleanText:
    """Keep the cleaned text, where each piece of it came from, and what was left out."""

    text: str
    paragraphs: tuple[Paragraph, ...]
    dropped: tuple[str, ...] = ()
    seams: tuple[tuple[int, int], ...] = field(default=(), repr=False)
    repaired: tuple[int, ...] = ()

    def line_of(self, offset: int) -> int:
        """Return the line of the file that holds the character at this offset."""
        at = bisect_right(self.seams, (offset, 1 << 60)) - 1
        return self.seams[at][1] if at >= 0 else 1


@dataclass(frozen=True, slots=True)
class ParsedPlan:
    """Keep a whole parsed plan; `blocks` cover every non-blank character of `text` once."""

    title: str | None
    region: str | None
    document_number: str | None
    issuer: str | None
    issued_on: date | None
    start_year: int | None
    end_year: int | None
    actions: tuple[ParsedAction, ...]
    targets: tuple[ParsedTarget, ...]
    duties: tuple[ParsedDuty, ...]
    phases: tuple[ParsedPhase, ...]
    warnings: tuple[ImportWarning, ...]
    blocks: tuple[Block, ...] = field(repr=False)
    text: str = field(repr=False)
    kind: PlanKind = "five_year"
    basis: tuple[Printed, ...] = ()
    recipients: tuple[Printed, ...] = ()
    copies: tuple[Printed, ...] = ()
    # Where each field of the header was read; a field found nowhere has no place.
    header_spans: Mapping[HeaderField, Span] = field(default_factory=dict, repr=False)
