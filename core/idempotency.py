"""A request that a client may send again: the deed is done once, the first answer given again."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.errors import Conflict
from core.models import IdempotencyKey

KEPT = timedelta(hours=24)


class KeyReused(Conflict):
    """Refuse a second, different request under a key that was used already."""

    code = "idempotency_key_reused"


@transaction.atomic
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
    and may be tried again. A request that comes in while the first one runs waits for it at the
    unique constraint. Raises KeyReused where the body is another one, or is sent as somebody else.
    """
    digest = hashlib.sha256(f"{user.acting.pk if user.acting else 0}\n".encode() + body)
    mine = IdempotencyKey.objects.filter(user=user, route=route, key=key)
    mine.filter(created_at__lt=now - KEPT).delete()
    try:
        with transaction.atomic():
            row = IdempotencyKey.objects.create(
                user=user, route=route, key=key, body_sha256=digest.hexdigest()
            )
    except IntegrityError:
        row = mine.get()
        if row.body_sha256 != digest.hexdigest():
            raise KeyReused(_("这个 Idempotency-Key 已用于另一个请求，请换一个。")) from None
        return int(row.status or 200), row.answer
    status, answer = deed()
    row.status, row.answer = status, orjson.loads(orjson.dumps(answer, default=str))
    row.save()
    return row.status, row.answer


def forget(now: datetime) -> int:
    """Drop the keys that no repeat may use any more; return how many."""
    count, _kinds = IdempotencyKey.objects.filter(created_at__lt=now - KEPT).delete()
    return count
