"""A version of a report as a page: its stored text alone, each figure with its number."""

from dataclasses import dataclass, field

from reports.models import Fact, ReportVersion
from reports.rendering.document import Figure, Heading, Paragraph, Table, Text, runs
from reports.rendering.draft import Draft, from_json
from reports.rendering.places import Place, parts

Piece = tuple[str, int | None]  # a stretch of text, and the number of the figure that it states
Pieces = list[Piece]


@dataclass(frozen=True, slots=True)
class ReadBlock:
    """A block as a page shows it; `kind` tells which of the fields are there."""

    kind: str  # heading, text, table, figure
    anchor: str
    pieces: Pieces = field(default_factory=list)
    level: int = 0
    table: Table | None = None
    rows: list[list[Pieces]] = field(default_factory=list)
    figure: Figure | None = None
    drawing: int = 0  # which of the version's drawings it is, from 1


@dataclass(frozen=True, slots=True)
class ReadPart:
    """A section or an annex with its title as printed; the opening has none."""

    key: str
    title: str
    mark: str
    blocks: list[ReadBlock]


@dataclass(frozen=True, slots=True)
class ReadPage:
    draft: Draft
    sections: list[ReadPart]
    annexes: list[ReadPart]


def numbers_of(version: ReportVersion) -> dict[str, int]:
    """Return the numbers of a version's figures by key (one query)."""
    return dict(Fact.objects.filter(version=version).values_list("key", "number"))


def read_page(version: ReportVersion) -> ReadPage:
    """Return the text of a version as a page, its figures numbered (one query)."""
    return read_draft(from_json(version.text), numbers_of(version))


def read_draft(draft: Draft, numbers: dict[str, int]) -> ReadPage:
    """Return a text as a page; figures whose number is not given are plain text."""
    found: dict[bool, list[ReadPart]] = {False: [], True: []}
    drawings = 0
    single = len(draft.annexes) == 1
    for key, title, blocks, annex in parts(draft):
        shown, depth = [], 2  # of the part's own heading; none below it skips a level
        for at, block in enumerate(blocks, 1):
            drawings += isinstance(block, Figure)
            if isinstance(block, Heading):
                depth = min(block.level + 1 + annex, depth + 1)
            shown.append(_block(block, Place(key, title, at).anchor, numbers, drawings, depth))
        mark = ""
        if annex:
            mark = "附件" if single else f"附件{len(found[True]) + 1}"
        found[annex].append(ReadPart(key, title, mark, shown))
    return ReadPage(draft, found[False], found[True])


def drawing_of(draft: Draft, number: int) -> str | None:
    """Return one of a text's drawings as SVG, None where there is no such one."""
    blocks = [block for _k, _t, some, _a in parts(draft) for block in some]
    drawn = [block.svg for block in blocks if isinstance(block, Figure)]
    return drawn[number - 1] if 0 < number <= len(drawn) else None


def _block(
    block: Heading | Paragraph | Table | Figure,
    anchor: str,
    numbers: dict[str, int],
    drawings: int,
    depth: int,
) -> ReadBlock:
    match block:
        case Heading(_level, text):
            return ReadBlock("heading", anchor, _pieces(text, numbers), depth)
        case Table():
            rows = [[_pieces(cell, numbers) for cell in row] for row in block.rows]
            return ReadBlock("table", anchor, table=block, rows=rows)
        case Figure():
            return ReadBlock("figure", anchor, figure=block, drawing=drawings)
    return ReadBlock("text", anchor, _pieces(block.text, numbers))


def _pieces(text: Text, numbers: dict[str, int]) -> Pieces:
    return [(run.text, numbers.get(run.fact) if run.fact else None) for run in runs(text)]
