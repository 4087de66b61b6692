"""The sections of a report as its office edits them."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from reports.models import ReportVersion, SectionText


@dataclass(frozen=True, slots=True)
class SectionLine:
    """A section of the newest version: who rewrote it when, and what is to be checked in it.

    `waits` tells that the version was made without what it now says.
    """

    key: str
    title: str
    by: Any = None
    at: datetime | None = None
    waits: bool = False
    flags: list[str] = field(default_factory=list)


def edit_mark(row: SectionText) -> str:
    """Return what tells one edit of a section from all others, those before a restoring too."""
    return hashlib.sha256(orjson.dumps(row.blocks)).hexdigest()[:32]


def made_with(version: ReportVersion) -> dict[str, Any]:
    """Return the edits (`texts`, by section) and the outline that a version was made with."""
    return dict(version.text.get("made_with", {"texts": {}, "outline": []}))


def sections_of(version: ReportVersion | None) -> list[SectionLine]:
    """Return the sections of a version in order, with the edits of its report (one query)."""
    if version is None or not version.text:
        return []
    rows = SectionText.objects.filter(report=version.report_id).select_related("by")
    edits = {row.key: row for row in rows}
    return [_line(version, one, edits.get(one["key"])) for one in version.text["sections"]]


def _line(version: ReportVersion, section: dict[str, Any], edit: SectionText | None) -> SectionLine:
    key, title = section["key"], section["title"]
    printed = made_with(version)["texts"].get(key)
    if edit is None:
        return SectionLine(key, title, waits=printed is not None)
    waits = printed != edit_mark(edit)
    return SectionLine(key, title, edit.by, edit.updated_at, waits, list(edit.flags))
