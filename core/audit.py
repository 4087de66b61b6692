"""The audit record: one row per service call, in the transaction of the deed.

A refused deed is written by `refused()` after the rollback. Rows carry a keyed hash of their own
content; `seal()` chains what is committed, so that writers never wait for each other.
"""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from core.context import origin
from core.models import AuditEvent, AuditSeal, AuditSealed


def _mac(event: AuditEvent) -> str:
    """Return the keyed hash over every stored field of an audit row (hex)."""
    content = orjson.dumps(
        [
            event.at,
            event.code,
            event.actor_id,
            event.acting_as,
            event.region_path,
            event.subject_type,
            event.subject_id,
            event.result,
            event.address,
            event.detail,
        ],
        option=orjson.OPT_UTC_Z | orjson.OPT_SORT_KEYS,
        default=str,
    )
    return hmac.new(settings.SECRET_KEY.encode(), content, hashlib.sha256).hexdigest()


def record(
    code: str,
    subject: models.Model | None,
    *,
    by: Any = None,
    detail: dict[str, Any] | None = None,
    region_path: str = "",
    result: str = AuditEvent.Result.OK,
) -> AuditEvent:
    """Write one audit row; call it inside the transaction of the deed.

    `by` is the person (with whom they act as), or None for the system. `detail` must be JSON.
    """
    acting = getattr(by, "acting", None)
    event = AuditEvent(
        at=timezone.now(),
        code=code,
        actor=by if by is not None and by.pk else None,
        acting_as=str(acting or ""),
        region_path=region_path or getattr(acting, "region_path", ""),
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
        result=result,
        address=origin.get().address,
        # Through JSON and back, so that the hash is over what the database will return.
        detail=orjson.loads(
            orjson.dumps(detail or {}, default=str, option=orjson.OPT_NON_STR_KEYS)
        ),
    )
    event.mac = _mac(event)
    event.save(force_insert=True)
    return event


def refused(code: str, subject: models.Model | None, *, by: Any, reason: str) -> None:
    """Write down a deed that was refused; call it after the rollback."""
    record(code, subject, by=by, detail={"reason": reason}, result=AuditEvent.Result.REFUSED)


def _digest(previous: AuditSeal | None, rows: Iterable[AuditEvent]) -> str:
    chain = hashlib.sha256((previous.digest if previous else "").encode())
    for row in rows:
        chain.update(f"{row.pk}:{row.mac};".encode())
    return chain.hexdigest()


@transaction.atomic
def seal(now: datetime) -> int:
    """Chain the committed rows that no seal covers yet; return how many.

    Looks back one day only: a transaction does not stay open longer than that.
    """
    newest = AuditSeal.objects.select_for_update().order_by("-id").first()
    rows = list(
        AuditEvent.objects.filter(at__gt=now - timedelta(days=1), sealed__isnull=True).order_by(
            "id"
        )
    )
    if not rows:
        return 0
    link = AuditSeal(at=now, previous=newest, count=len(rows), digest=_digest(newest, rows))
    link.save(force_insert=True)
    AuditSealed.objects.bulk_create([AuditSealed(event=row, seal=link) for row in rows])
    return len(rows)


def broken() -> list[str]:
    """Return what does not fit: rows whose content changed, seals whose chain is torn."""
    faults = [
        f"audit row {event.pk}: content does not match its hash"
        for event in AuditEvent.objects.order_by("id").iterator()
        if not hmac.compare_digest(_mac(event), event.mac)
    ]
    previous: AuditSeal | None = None
    for link in AuditSeal.objects.order_by("id").prefetch_related("rows__event"):
        rows = sorted((row.event for row in link.rows.all()), key=lambda event: event.pk)
        if len(rows) != link.count or _digest(previous, rows) != link.digest:
            faults.append(f"audit seal {link.pk}: the chain is torn here")
        previous = link
    return faults
