"""Files that support an entry: checked by content, kept for ever once submitted."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError, ensure
from core.files import accept, store
from tasks import policies
from tasks.models import Evidence
from tasks.services.entries.steps import locked

MOST = 20  # files of one entry
SCANS = ("application/pdf", "image/")


def attach(
    pk: int,
    name: str,
    content: bytes,
    *,
    purpose: str = Evidence.Purpose.EVIDENCE,
    by: Any,
    now: datetime,
) -> Evidence:
    """Add a file to a draft; the same file twice is the same evidence.

    `purpose` stamped is the scan of the form with the unit's seal (盖章件): a PDF or a picture.
    Raises DomainError for an empty, oversize or disguised file (an .exe named .pdf).
    """
    upload = accept(name, content)  # reading and hashing stay outside the transaction
    if purpose == Evidence.Purpose.STAMPED and not upload.media_type.startswith(SCANS):
        raise DomainError(
            _("盖章件请上传扫描的 PDF 或图片，“%(name)s”不是。") % {"name": upload.name}
        )
    with transaction.atomic():
        entry = locked(pk)
        ensure(policies.can_write(by, entry, timezone.localdate(now)))
        present = Evidence.objects.filter(entry=entry, removed_at__isnull=True)
        same = present.filter(sha256=upload.sha256).first()
        if same is not None and same.purpose == purpose:
            return same
        if same is not None:
            raise DomainError(
                _("“%(name)s”已作为%(purpose)s上传过。")
                % {"name": upload.name, "purpose": same.get_purpose_display()}
            )
        if present.count() >= MOST:
            raise DomainError(_("每项填报最多 %(most)s 个佐证材料。") % {"most": MOST})
        evidence = Evidence(
            entry=entry,
            name=upload.name,
            purpose=purpose,
            sha256=upload.sha256,
            size=len(content),
            media_type=upload.media_type,
            uploaded_by=by,
        )
        suffix = upload.name.rsplit(".", 1)[-1].lower()
        evidence.file.name = store("evidence", upload.sha256, suffix, content)
        evidence.save()
        entry.version += 1
        entry.save()
        audit.record(
            "tasks.evidence.attach",
            evidence,
            by=by,
            detail={"entry": entry.pk, "name": upload.name, "sha256": upload.sha256},
            region_path=entry.period.region.path,
        )
    return evidence


@transaction.atomic
def remove(evidence: Evidence, *, by: Any, now: datetime) -> None:
    """Take a file out of a draft; what was submitted stays."""
    entry = locked(evidence.entry_id)
    evidence.entry = entry
    ensure(policies.can_remove_evidence(by, evidence, timezone.localdate(now)))
    Evidence.objects.filter(pk=evidence.pk).update(removed_at=now)
    entry.version += 1
    entry.save()
    audit.record(
        "tasks.evidence.remove",
        evidence,
        by=by,
        detail={"entry": entry.pk},
        region_path=entry.period.region.path,
    )
