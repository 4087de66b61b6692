"""Tile the text with blocks so that nothing of it is lost or counted twice."""

from __future__ import annotations

from plans.importer.model import Block, BlockKind, Span
from plans.importer.notations import BULLET
from plans.importer.outline import Entry, title_span


def tile(text: str, entries: list[Entry]) -> tuple[Block, ...]:
    """Return blocks in order that cover every non-blank character of the text once."""
    blocks: list[Block] = []
    at = 0
    opened = False
    for entry in entries:
        # What stands before the first marker is the header: declared, not an item.
        opened |= entry.kind in ("marker", "table")
        _add(blocks, text, "remainder", (at, entry.start))
        if entry.kind == "remainder" or not opened:
            _add(blocks, text, "remainder", (entry.start, entry.end))
        else:
            _tile_entry(blocks, text, entry)
        at = entry.end
    _add(blocks, text, "remainder", (at, len(text)))
    return tuple(blocks)


def _tile_entry(blocks: list[Block], text: str, entry: Entry) -> None:
    at = entry.start
    if entry.kind == "marker" and entry.rank < BULLET:
        at = title_span(text, entry)[1]
        _add(blocks, text, "heading", (entry.start, at))
    for statement in entry.statements:
        _add(blocks, text, "item", (at, statement.span[0]))
        _add(blocks, text, "bracket", (max(at, statement.span[0]), statement.span[1]))
        at = max(at, statement.span[1])
    _add(blocks, text, "item", (at, entry.end))


def _add(blocks: list[Block], text: str, kind: BlockKind, span: Span) -> None:
    if span[0] < span[1] and text[span[0] : span[1]].strip():
        blocks.append(Block(kind, span))
