"""Telephone numbers and mail addresses as people type them; pure."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

_MOBILE = re.compile(r"^(?:\+?86)?(1[3-9]\d{9})$")
_LANDLINE = re.compile(r"^(0\d{2,3})?(\d{7,8})(?:[转x](\d{1,6}))?$")
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
