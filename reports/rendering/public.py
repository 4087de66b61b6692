"""The edition of a report that anyone may read: without persons, reminders and inner addresses."""

from collections.abc import Iterable
from dataclasses import replace

from reports.rendering.document import Block, Figure, Paragraph, Table, plain
from reports.rendering.draft import Draft
from reports.rendering.places import NOTES

# The register counts reminders, the index says who reported and leads into the portal.
INTERNAL = ("table_d", "trace")
PERSONS = ("填报人", "审核人", "联系电话")


def for_the_public(draft: Draft) -> Draft:
    """Leave out what is no affair of the public: whole attachments, and columns with persons."""
    annexes = [one for one in draft.annexes if one.key not in INTERNAL]
    return replace(
        draft,
        sections=tuple(
            replace(one, blocks=tuple(map(_without_persons, one.blocks))) for one in draft.sections
        ),
        annexes=tuple(
            replace(one, blocks=tuple(map(_without_persons, _open(one.key, one.blocks))))
            for one in annexes
        ),
    )


def _open(key: str, blocks: Iterable[Block]) -> list[Block]:
    """Cut from the notes the code that leads to pages behind the log-in, and what is said of it."""
    kept = list(blocks)
    if key == NOTES:
        codes = [at for at, one in enumerate(kept) if isinstance(one, Figure) and one.width_mm]
        for at in reversed(codes):
            near = kept[max(at - 1, 0) : at + 2]
            gone = [one for one in near if one is kept[at] or isinstance(one, Paragraph)]
            kept = [one for one in kept if not any(one is other for other in gone)]
    return kept


def _without_persons(block: Block) -> Block:
    if not isinstance(block, Table):
        return block
    keep = [at for at, column in enumerate(block.columns) if plain(column.label) not in PERSONS]
    return replace(
        block,
        columns=tuple(block.columns[at] for at in keep),
        rows=tuple(tuple(row[at] for at in keep) for row in block.rows),
    )
