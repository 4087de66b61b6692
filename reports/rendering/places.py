"""Where in a report its figures stand: parts and blocks, in reading order."""

from collections.abc import Iterator
from dataclasses import dataclass

from reports.rendering.document import Block, block_facts, title_text
from reports.rendering.draft import Annex, Draft, headed

NOTES = "notes"  # the annex that says where the data come from
TRACE = "trace"  # the annex that lists the figures; it states none of its own


@dataclass(frozen=True, slots=True)
class Place:
    """A block of a part: the part's key and title as printed, and which block it is (from 1)."""

    part: str
    title: str
    block: int

    @property
    def anchor(self) -> str:
        """Return the name under which pages link to the block."""
        return f"{self.part}-{self.block}"


def parts(draft: Draft) -> Iterator[tuple[str, str, tuple[Block, ...], bool]]:
    """Yield key, title as printed, blocks and whether it is an annex, for each part in order."""
    for heading, section in headed(draft.sections):
        yield section.key, heading, section.blocks, False
    for annex in draft.annexes:
        yield annex.key, title_of(annex), annex.blocks, True


def title_of(annex: Annex) -> str:
    return title_text(annex.title)


def places(draft: Draft) -> dict[str, list[Place]]:
    """Return where each figure stands, by its key, in reading order; the index counts not."""
    found: dict[str, list[Place]] = {}
    for part, title, blocks, _annex in parts(draft):
        if part == TRACE:
            continue
        for number, block in enumerate(blocks, 1):
            place = Place(part, title or "导语", number)
            for key in dict.fromkeys(block_facts(block)):
                found.setdefault(key, []).append(place)
    return found
