"""Words that a deed asks for, read in one of two ways: refused where too long, or cut."""

from django.utils.translation import gettext as _

from core.errors import DomainError
from tasks.fields import clean

MOST = 300  # characters of a reason


def said(text: str, field: str, sentence: str, most: int = MOST) -> str:
    """Return what a person wrote without the blanks around it; nothing is cut off.

    Raises DomainError at the field: `sentence` where nothing was written, or that it is too long.
    """
    words = clean(text).strip()
    if not words:
        raise DomainError(sentence, fields={field: [sentence]})
    if len(words) > most:
        long = _("最多 %(most)s 字，现有 %(now)s 字。") % {"most": most, "now": len(words)}
        raise DomainError(long, fields={field: [long]})
    return words


def with_reason(reason: str, sentence: str = "") -> str:
    """Return the reason of a step, as much of it as its row holds; raises DomainError for none.

    Forms ask for no more than that; whoever sends more anyway is not kept from the step.
    """
    return said(clean(reason).strip()[:MOST], "reason", sentence or _("请写明理由。"))
