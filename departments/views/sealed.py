"""What a page sends back to us unchanged: signed, for one person, for half an hour, not stored."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from django.core import signing
from django.http import HttpResponse
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.files import MEDIA_TYPES
from core.sheets import Line

SECONDS = 1800


def seal(data: Any, purpose: str, user: Any) -> str:
    """Return data as a text that only this server accepts again, from this person."""
    return signing.dumps(data, salt=f"{purpose}:{user.pk}", compress=True)


def unseal(text: str, purpose: str, user: Any) -> Any:
    """Return what was sealed; raises DomainError where it is too old or was changed."""
    try:
        return signing.loads(text, salt=f"{purpose}:{user.pk}", max_age=SECONDS)
    except signing.BadSignature:
        raise DomainError(_("这个页面已经过期，请重新上传文件。"), code="expired") from None


def seal_lines(lines: Sequence[Line], purpose: str, user: Any) -> str:
    return seal([[one.row, one.values, one.problems] for one in lines], purpose, user)


def unseal_lines(text: str, purpose: str, user: Any) -> list[Line]:
    return [Line(*one) for one in unseal(text, purpose, user)]


def workbook(content: bytes, name: str) -> HttpResponse:
    """Return an Excel file to be stored under a Chinese name."""
    answer = HttpResponse(content, content_type=MEDIA_TYPES["xlsx"])
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
    return answer
