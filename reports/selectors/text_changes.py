"""How the text of a report became another: paragraph by paragraph in each part."""

import re
from dataclasses import dataclass
from itertools import zip_longest

from core.differences import opcodes
from reports.models import ReportVersion
from reports.rendering.document import Figure, Table, plain
from reports.rendering.draft import from_json
from reports.rendering.places import NOTES, TRACE, parts
from tasks.selectors.entries.content import Piece, differences

# The way to a version's figures differs in every version and says nothing.
_ADDRESS = re.compile(r"https?://\S+/facts/\?version=\d+")


@dataclass(frozen=True, slots=True)
class ChangedPart:
    """A part that differs: its title, and each changed paragraph with what came and went."""

    title: str
    paragraphs: list[list[Piece]]


def text_changes(newer: ReportVersion, older: ReportVersion) -> list[ChangedPart]:
    """Return the parts in which two versions differ, in the order of the newer one."""
    now, then = _texts(newer), _texts(older)
    found = []
    for key in [*now, *(key for key in then if key not in now)]:
        title, after = now.get(key, ("", []))
        before_title, before = then.get(key, ("", []))
        changed = _changed(before, after)
        if changed:
            found.append(ChangedPart(title or before_title, changed))
    return found


def _texts(version: ReportVersion) -> dict[str, tuple[str, list[str]]]:
    """Return title and paragraphs of each part; a row of a table is a paragraph."""
    if not version.text:
        return {}
    found: dict[str, tuple[str, list[str]]] = {}
    for key, title, blocks, _annex in parts(from_json(version.text)):
        if key == TRACE:  # follows from the rest
            continue
        said = [title] if title else []
        for block in blocks:
            if isinstance(block, Figure):
                said.append(block.alt)
            elif isinstance(block, Table):
                said += [block.caption, *("｜".join(map(plain, row)) for row in block.rows)]
                said.append(block.note)
            else:
                said.append(plain(block.text))
        way = _ADDRESS if key == NOTES else None
        kept = [line for line in said if line and not (way and way.search(line))]
        found[key] = (title or "导语", kept)
    return found


def _changed(before: list[str], after: list[str]) -> list[list[Piece]]:
    found = []
    for kind, a1, a2, b1, b2 in opcodes(before, after):
        if kind != "equal":
            pairs = zip_longest(before[a1:a2], after[b1:b2], fillvalue="")
            found += [differences(old, new) for old, new in pairs]
    return found
