"""Files handed out: every download leaves its row in the audit record."""

from typing import Any

from django.core.files.base import File

from core import audit
from tasks.models import Evidence


def hand_out(evidence: Evidence, *, by: Any) -> File:
    """Open a file of an entry for download, and write down who took it.

    Raises FileNotFoundError where the disk has lost it.
    """
    opened: File = evidence.file.open("rb")
    audit.record(
        "tasks.evidence.download",
        evidence,
        by=by,
        detail={"entry": evidence.entry_id, "name": evidence.name, "sha256": evidence.sha256},
    )
    return opened
