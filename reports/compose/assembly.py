"""Put a report together: its parts in the order of the outline, each written by its own rule."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from reports.compose import frame
from reports.compose.ahead import experience, next_steps, proposals, returns
from reports.compose.official import assigned_table, progress_table, supervised_table
from reports.compose.problems import problems
from reports.compose.safeguards import safeguards
from reports.compose.tables import explanations
from reports.compose.targets import targets
from reports.compose.trend import trend
from reports.compose.wording import Frozen
from reports.compose.work import work
from reports.outlines import Part
from reports.rendering.document import Block
from reports.rendering.draft import Annex, Draft, Section

Writer = Callable[[Frozen], Iterable[Block]]
WRITERS: Mapping[str, Writer] = {
    "opening": frame.opening,
    "background": frame.background,
    "work": work,
    "trend": trend,
    "targets": targets,
    "safeguards": safeguards,
    "returns": returns,
    "experience": experience,
    "problems": problems,
    "next_steps": next_steps,
    "proposals": proposals,
    "table_a": lambda frozen: [assigned_table(frozen)],
    "table_b": lambda frozen: [progress_table(frozen)],
    "table_d": lambda frozen: [supervised_table(frozen)],
    "notes": explanations,
    "trace": lambda _frozen: [],  # `traced` fills it when the text is final
}

YEARLY = ("table_a", "table_b", "table_d")


@dataclass
class PartFailed(Exception):
    """A part of a report could not be written; `draft` holds the others."""

    part: str
    draft: Draft
    cause: Exception


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
        title=frame.title(frozen),
        recipient=frame.recipient(frozen),
        sections=tuple(sections),
        annexes=tuple(annexes),
        signature=frame.signature(frozen),
    )
    if failed:
        raise PartFailed(failed[0][0], draft, failed[0][1])
    return draft


def _titled(frozen: Frozen, part: Part) -> str:
    """Return an attachment's title; the tables of a year or of several name them."""
    if part.key not in YEARLY or frozen["period"]:
        return part.title
    first, year = frozen["first_year"], frozen["year"]
    return f"{year}年度{part.title}" if first == year else f"{first}—{year}年{part.title}"
