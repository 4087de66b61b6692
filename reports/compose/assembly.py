"""Put a report together: its parts in the order of the outline, each written by its own rule."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from reports.compose import annual
from reports.compose.official import assigned_table, progress_table, supervised_table
from reports.compose.tables import explanations
from reports.compose.wording import Frozen
from reports.outlines import Part
from reports.rendering.document import Block
from reports.rendering.draft import Annex, Draft, Section

Writer = Callable[[Frozen], Iterable[Block]]
WRITERS: Mapping[str, Writer] = {
    "opening": annual.opening,
    "work": annual.work,
    "targets": annual.targets,
    "problems": annual.problems,
    "next_steps": annual.next_steps,
    "table_a": lambda frozen: [assigned_table(frozen)],
    "table_b": lambda frozen: [progress_table(frozen)],
    "table_d": lambda frozen: [supervised_table(frozen)],
    "notes": explanations,
}
YEARLY = ("table_a", "table_b", "table_d")


@dataclass
class PartFailed(Exception):
    """A part of a report could not be written; `draft` holds the others."""

    part: str
    draft: Draft
    cause: Exception


@dataclass(frozen=True, slots=True)
class Written:
    """A draft, and what the office must know of it (sentences)."""

    draft: Draft
    notes: list[str] = field(default_factory=list)


def compose(
    frozen: Frozen, parts: Iterable[Part], writers: Mapping[str, Writer] = WRITERS
) -> Draft:
    """Write the parts that are switched on from frozen facts alone.

    The same facts give the same draft. Raises PartFailed once all other parts are written.
    """
    sections: list[Section] = []
    annexes: list[Annex] = []
    failed: list[tuple[str, Exception]] = []
    for part in parts:
        if not part.on:
            continue
        try:
            blocks = tuple(writers[part.key](frozen))
        except Exception as problem:
            failed.append((part.title or "导语", problem))
            continue
        if part.annex:
            annexes.append(Annex(part.key, (_titled(frozen, part),), blocks))
        else:
            sections.append(Section(part.key, part.title, blocks))
    draft = Draft(
        title=annual.title(frozen),
        recipient=annual.recipient(frozen),
        sections=tuple(sections),
        annexes=tuple(annexes),
        signature=annual.signature(frozen),
    )
    if failed:
        raise PartFailed(failed[0][0], draft, failed[0][1])
    return draft


def _titled(frozen: Frozen, part: Part) -> str:
    """Return an attachment's title; the tables of a year name it."""
    return f"{frozen['year']}年度{part.title}" if part.key in YEARLY else part.title
