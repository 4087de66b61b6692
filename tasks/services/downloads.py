"""Files handed out: every download leaves its row in the audit record."""

from typing import Any

from django.core.files.base import File

from core import audit
from tasks.models import EventFile, Evidence, SupervisionFile

# What the row says: its code, and to what the file belongs.
CODES: dict[type, tuple[str, tuple[str, ...]]] = {
    Evidence: ("tasks.evidence.download", ("entry",)),
    EventFile: ("tasks.event.download", ("event",)),
    SupervisionFile: ("tasks.supervision.download", ("item", "instruction")),
}


def hand_out(row: Evidence | EventFile | SupervisionFile, *, by: Any) -> File:
    """Open a file for download, and write down who took it.

    Raises FileNotFoundError where the disk has lost it.
    """
    opened: File = row.file.open("rb")
    code, places = CODES[type(row)]
    where = {place: getattr(row, f"{place}_id") for place in places}
    audit.record(code, row, by=by, detail={**where, "name": row.name, "sha256": row.sha256})
    return opened
