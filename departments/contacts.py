"""Telephone numbers, mail addresses and days as people type them; pure."""

import re
import unicodedata
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from core import workdays

_MOBILE = re.compile(r"^(?:\+?86)?(1[3-9]\d{9})$")
_LANDLINE = re.compile(r"^(0\d{2,3})?(\d{7,8})(?:[转x](\d{1,6}))?$")
_DAY = re.compile(r"^(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))$")
_NOISE = re.compile(r"[\s\-—–－()（）]")


def phone(text: str) -> str:
    """Return a number in one spelling (13800000000, 0533-2345678转12); empty stays empty.

    Full-width digits, blanks and hyphens are read. Raises ValueError for what is no number.
    """
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", text or ""))
    if not plain:
        return ""
    if found := _MOBILE.match(plain):
        return found[1]
    if found := _LANDLINE.match(plain):
        area, number, extension = found.groups()
        return (f"{area}-" if area else "") + number + (f"转{extension}" if extension else "")
    raise ValueError(text)


def email(text: str) -> str:
    """Return a mail address without blanks around it; raises ValueError for what is none."""
    plain = unicodedata.normalize("NFKC", text or "").strip()
    if not plain:
        return ""
    try:
        validate_email(plain)
    except ValidationError:
        raise ValueError(text) from None
    return plain


def masked(number: str) -> str:
    """Return a number of which only the first three and last four digits can be read."""
    if len(number) < 8:
        return "*" * len(number)
    return f"{number[:3]}****{number[-4:]}"


def day(text: str) -> date | None:
    """Return a day (2026-01-02, 2026.1.2, 2026年1月2日, 20260102); None for an empty text.

    Raises ValueError for what is no day of the calendar, or none that the portal reckons with.
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text or ""))
    if not plain:
        return None
    found = _DAY.match(plain)
    if found is None:
        raise ValueError(text)
    year, month, number, short_month, short_day = found.groups()
    typed = date(int(year), int(month or short_month), int(number or short_day))
    if workdays.beyond(typed):
        raise ValueError(text)
    return typed
