"""A report as sections that can be edited one by one, and how they become a document.

A draft is stored as JSON with each version; the document made of it is what all formats print.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from reports.rendering.document import (
    Attachment,
    Block,
    Column,
    Document,
    Figure,
    Head,
    Heading,
    Paragraph,
    Run,
    Table,
    Text,
    clean,
    runs,
)

NUMERALS = "一二三四五六七八九十"
Json = dict[str, Any]


def numeral(number: int) -> str:
    """Return 1 to 99 in Chinese numerals."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return NUMERALS[ones - 1]
    head = "十" if tens == 1 else f"{NUMERALS[tens - 1]}十"
    return head + (NUMERALS[ones - 1] if ones else "")


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the body: its key in the outline, its title without a number, its blocks.

    The opening (导语) has no title.
    """

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Annex:
    """An attachment and its key in the outline."""

    key: str
    title: tuple[str, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A report before it has a date, a document number and a layout."""

    title: tuple[str, ...]
    recipient: str
    sections: tuple[Section, ...]
    annexes: tuple[Annex, ...]
    signature: str


def headed(sections: Iterable[Section]) -> Iterable[tuple[str, Section]]:
    """Give each section the heading that is printed: 一、主要工作及成效; none for the opening."""
    number = 0
    for one in sections:
        if one.title:
            number += 1
        yield (f"{numeral(number)}、{one.title}" if one.title else ""), one


def document(draft: Draft, head: Head | None = None, date: dt.date | None = None) -> Document:
    """Return the document of a draft, with what the office gave for it."""
    blocks: list[Block] = []
    for heading, section in headed(draft.sections):
        if heading:
            blocks.append(Heading(1, heading))
        blocks.extend(section.blocks)
    return Document(
        title=draft.title,
        recipient=draft.recipient,
        blocks=tuple(blocks),
        attachments=tuple(Attachment(one.title, one.blocks) for one in draft.annexes),
        signature=draft.signature,
        head=head,
        date=date,
    )


# --- As JSON -------------------------------------------------------------------------------
def to_json(draft: Draft) -> Json:
    """Return a draft as plain JSON, cleaned; `from_json` gives it back."""
    return {
        "title": list(draft.title),
        "recipient": draft.recipient,
        "signature": draft.signature,
        "sections": [
            {"key": one.key, "title": one.title, "blocks": blocks_to_json(one.blocks)}
            for one in draft.sections
        ],
        "annexes": [
            {"key": one.key, "title": list(one.title), "blocks": blocks_to_json(one.blocks)}
            for one in draft.annexes
        ],
    }


def from_json(stored: Json) -> Draft:
    return Draft(
        title=tuple(stored["title"]),
        recipient=stored["recipient"],
        signature=stored["signature"],
        sections=tuple(
            Section(one["key"], one["title"], blocks_from_json(one["blocks"]))
            for one in stored["sections"]
        ),
        annexes=tuple(
            Annex(one["key"], tuple(one["title"]), blocks_from_json(one["blocks"]))
            for one in stored["annexes"]
        ),
    )


def blocks_to_json(blocks: Iterable[Block]) -> list[Json]:
    return [_block_to_json(one) for one in blocks]


def blocks_from_json(stored: Iterable[Json]) -> tuple[Block, ...]:
    return tuple(_block_from_json(one) for one in stored)


def _text_to_json(text: Text) -> list[list[str]]:
    return [[run.text, run.fact] if run.fact else [run.text] for run in runs(text)]


def _text_from_json(stored: list[list[str]]) -> tuple[Run, ...]:
    return tuple(Run(*one) for one in stored)


def _block_to_json(block: Block) -> Json:
    if isinstance(block, Heading):
        return {"heading": block.level, "text": _text_to_json(block.text)}
    if isinstance(block, Paragraph):
        return {"text": _text_to_json(block.text)}
    if isinstance(block, Figure):
        return {
            "svg": clean(block.svg),
            "alt": clean(block.alt),
            "caption": clean(block.caption),
            "facts": list(block.facts),
            "width": block.width_mm,
        }
    return {
        "columns": [[one.label, one.weight, one.align] for one in block.columns],
        "rows": [[_text_to_json(cell) for cell in row] for row in block.rows],
        "caption": clean(block.caption),
        "note": clean(block.note),
        "wide": block.wide,
        "dense": block.dense,
    }


def _block_from_json(stored: Json) -> Block:
    if "heading" in stored:
        return Heading(stored["heading"], _text_from_json(stored["text"]))
    if "text" in stored:
        return Paragraph(_text_from_json(stored["text"]))
    if "svg" in stored:
        return Figure(
            stored["svg"],
            stored["alt"],
            stored["caption"],
            tuple(stored["facts"]),
            stored.get("width"),
        )
    return Table(
        columns=tuple(Column(*one) for one in stored["columns"]),
        rows=tuple(tuple(_text_from_json(cell) for cell in row) for row in stored["rows"]),
        caption=stored["caption"],
        note=stored["note"],
        wide=stored["wide"],
        dense=stored.get("dense", False),
    )


def refreshed(blocks: Iterable[Block], figures: Json) -> tuple[tuple[Block, ...], list[str]]:
    """Put the present value of each figure into headings and paragraphs.

    Returns the blocks and the keys of figures that are no more; their text stands as it was,
    tied to nothing.
    """
    gone: list[str] = []
    found: list[Block] = []
    for block in blocks:
        if isinstance(block, (Heading, Paragraph)):
            found.append(
                replace(block, text=tuple(_now(run, figures, gone) for run in runs(block.text)))
            )
        else:
            found.append(block)
    return tuple(found), gone


def _now(run: Run, figures: Json, gone: list[str]) -> Run:
    if run.fact is None:
        return run
    row = figures.get(run.fact)
    if row is None:
        gone.append(run.fact)
        return Run(run.text)
    with_unit = row["unit"] and run.text.endswith(row["unit"])
    return Run(f"{row['value']}{row['unit'] if with_unit else ''}", run.fact)
