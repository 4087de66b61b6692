"""A report as data: titles, text, tables and charts, independent of any file format."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "center", "right"]

# What XML 1.0 forbids, the C1 range, lone surrogates and non-characters; and the invisible marks
# that travel with pasted text: byte order marks, zero-width blanks, and direction overrides, which
# can make a reader see another order than the one that was checked.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069"
    "\ud800-\udfff\ufeff\ufff9-\ufffc\ufffe\uffff]"
)
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def clean(text: str) -> str:
    """Remove what no document format may carry; line ends become ``\\n``, tabs a blank."""
    return _UNPRINTABLE.sub("", _LINE_END.sub("\n", text).replace("\t", " "))


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text, with the key of the fact it rests on where it states one."""

    text: str
    fact: str | None = None


Text = str | tuple[Run, ...]


def runs(text: Text) -> tuple[Run, ...]:
    """Return cleaned runs, whether the text came as one string or as runs."""
    parts = (Run(text),) if isinstance(text, str) else text
    return tuple(Run(clean(part.text), part.fact) for part in parts)


def plain(text: Text) -> str:
    """Return the cleaned text without its runs."""
    return "".join(run.text for run in runs(text))


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 (一、) to 4 （1）, its number printed in the text."""

    level: int
    text: Text

    def __post_init__(self) -> None:
        if self.level not in (1, 2, 3, 4):
            raise ValueError(f"heading level {self.level} is not one of 1 to 4")
        if not plain(self.text).strip():
            raise ValueError("a heading needs a text")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body; a line end inside it stays a line end."""

    text: Text


@dataclass(frozen=True, slots=True)
class Column:
    """A table column; `weight` is its share of the table's width."""

    label: str
    weight: float = 1.0
    align: Align = "left"

    def __post_init__(self) -> None:
        if self.weight <= 0:
            raise ValueError(f"column weight {self.weight} is not positive")


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one header row; `wide` puts it on a landscape page, `dense` sets it small.

    Every row holds one cell per column, else ValueError.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Text, ...], ...]
    caption: str = ""
    note: str = ""
    wide: bool = False
    dense: bool = False

    def __post_init__(self) -> None:
        if not self.columns:
            raise ValueError("a table needs at least one column")
        for number, row in enumerate(self.rows, 1):
            if len(row) != len(self.columns):
                raise ValueError(
                    f"row {number} has {len(row)} cells for {len(self.columns)} columns"
                )


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart as SVG text, what it shows in words, and the facts it draws.

    It fills the page's width unless it has one of its own (`width_mm`).
    """

    svg: str
    alt: str
    caption: str = ""
    facts: tuple[str, ...] = ()
    width_mm: float | None = None

    def __post_init__(self) -> None:
        if not clean(self.alt).strip():
            raise ValueError("a figure needs a text alternative")


Block = Heading | Paragraph | Table | Figure


@dataclass(frozen=True, slots=True)
class Attachment:
    """A 附件 with its own title lines and blocks; it begins on a new page."""

    title: tuple[str, ...]
    blocks: tuple[Block, ...]

    def __post_init__(self) -> None:
        if not title_text(self.title).strip():
            raise ValueError("an attachment needs a title")


@dataclass(frozen=True, slots=True)
class Head:
    """The 发文字号 that an office has given, below a red 标志 where it asks for the red head."""

    number: str
    mark: str = ""

    def __post_init__(self) -> None:
        if not clean(self.number).strip():
            raise ValueError("a head needs the number given by the office")


@dataclass(frozen=True, slots=True)
class Document:
    """A report; `title` holds the lines as they are to be broken, `recipient` the 主送机关."""

    title: tuple[str, ...]
    blocks: tuple[Block, ...]
    attachments: tuple[Attachment, ...] = ()
    recipient: str = ""
    signature: str = ""
    date: dt.date | None = None
    language: str = "zh-CN"
    head: Head | None = None

    def __post_init__(self) -> None:
        if not title_text(self.title).strip():
            raise ValueError("a document needs a title")


def title_text(title: tuple[str, ...]) -> str:
    """Return the title's lines as one line, for metadata and lists."""
    return "".join(clean(line).replace("\n", "") for line in title)


def chinese_date(date: dt.date) -> str:
    """Write a date in Arabic digits without leading zeros (GB/T 9704-2012, 7.3.5.4)."""
    return f"{date.year}年{date.month}月{date.day}日"


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """Split pasted text into paragraphs at its line ends, without blank ones or own indents."""
    lines = (line.strip() for line in clean(text).split("\n"))
    return tuple(Paragraph(line) for line in lines if line)


def fact_keys(document: Document) -> tuple[str, ...]:
    """List the keys of the facts that the document states, each once, in reading order."""
    blocks = [*document.blocks]
    for attachment in document.attachments:
        blocks.extend(attachment.blocks)
    return tuple(dict.fromkeys(key for block in blocks for key in block_facts(block)))


def block_facts(block: Block) -> Iterator[str]:
    """Yield the keys of the facts that a block states, in reading order."""
    if isinstance(block, Figure):
        yield from block.facts
        return
    texts: tuple[Text, ...]
    if isinstance(block, Table):
        texts = tuple(cell for row in block.rows for cell in row)
    else:
        texts = (block.text,)
    for text in texts:
        yield from (run.fact for run in runs(text) if run.fact)
