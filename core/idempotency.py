"""A request that a client may send again: the deed is done once, the first answer given again."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.errors import Conflict, DomainError
from core.models import IdempotencyKey

KEPT = timedelta(hours=24)


class KeyReused(Conflict):
    """Refuse a second, different request under a key that was used already."""

    code = "idempotency_key_reused"


def once(
    user: Any,
    route: str,
    key: str,
    body: bytes,
    deed: Callable[[], tuple[int, Any]],
    now: datetime,
) -> tuple[int, Any]:
    """Do a deed once for a user, route and key; return its status and answer (JSON).

    Key, deed and answer are committed together, so a deed that is refused leaves no key behind
    and may be tried again; what it wrote stays only where its error `keeps` it. A request that
    comes in while the first one runs waits for it at the unique constraint.
    Raises KeyReused where the body is another one, or is sent as somebody else.
    """
    digest = hashlib.sha256(f"{user.acting.pk if user.acting else 0}\n".encode() + body)
    with transaction.atomic():
        row, is_new = _taken(user, route, key, digest.hexdigest(), now)
        if not is_new:
            return int(row.status or 200), row.answer
        try:
            status, answer = deed()
        except DomainError as error:
            if not error.keeps:
                raise
            refused = error
            row.delete()
        else:
            row.status, row.answer = status, orjson.loads(orjson.dumps(answer, default=str))
            row.save()
            return row.status, row.answer
    raise refused


def _taken(
    user: Any, route: str, key: str, digest: str, now: datetime
) -> tuple[IdempotencyKey, bool]:
    """Return the row of a key, and whether it was made just now."""
    mine = IdempotencyKey.objects.filter(user=user, route=route, key=key)
    mine.filter(created_at__lt=now - KEPT).delete()
    try:
        with transaction.atomic():
            row = IdempotencyKey.objects.create(user=user, route=route, key=key, body_sha256=digest)
    except IntegrityError:
        row = mine.get()
        if row.body_sha256 != digest:
            raise KeyReused(_("这个 Idempotency-Key 已用于另一个请求，请换一个。")) from None
        return row, False
    return row, True


def forget(now: datetime) -> int:
    """Drop the keys that no repeat may use any more; return how many."""
    count, _kinds = IdempotencyKey.objects.filter(created_at__lt=now - KEPT).delete()
    return count
