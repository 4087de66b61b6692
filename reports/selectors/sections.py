"""The sections of a report as its office edits them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from reports.models import ReportVersion, SectionText


@dataclass(frozen=True, slots=True)
class SectionLine:
    """A section of the newest version: who rewrote it when, and what is to be checked in it.

    `waits` tells that it was rewritten after the version was made.
    """

    key: str
    title: str
    by: Any = None
    at: datetime | None = None
    waits: bool = False
    flags: list[str] = field(default_factory=list)


def sections_of(version: ReportVersion | None) -> list[SectionLine]:
    """Return the sections of a version in order, with the edits of its report (one query)."""
    if version is None or not version.text:
        return []
    rows = SectionText.objects.filter(report=version.report_id).select_related("by")
    edits = {row.key: row for row in rows}
    return [_line(version, one, edits.get(one["key"])) for one in version.text["sections"]]


def _line(version: ReportVersion, section: dict[str, Any], edit: SectionText | None) -> SectionLine:
    key, title = section["key"], section["title"]
    if edit is None:
        return SectionLine(key, title)
    waits = edit.updated_at > version.compiled_at
    return SectionLine(key, title, edit.by, edit.updated_at, waits, list(edit.flags))
