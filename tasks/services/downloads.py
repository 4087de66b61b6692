"""Files handed out: every download leaves its row in the audit record."""

from typing import Any

from django.core.files.base import File

from core import audit
from tasks.models import Evidence, SupervisionFile


def hand_out_file(row: SupervisionFile, *, by: Any) -> File:
    """Open a file of a 督办件 or a 批示 for download, and write down who took it.

    Raises FileNotFoundError where the disk has lost it.
    """
    opened: File = row.file.open("rb")
    place = {"item": row.item_id, "instruction": row.instruction_id}
    audit.record(
        "tasks.supervision.download",
        row,
        by=by,
        detail={**place, "name": row.name, "sha256": row.sha256},
    )
    return opened


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
