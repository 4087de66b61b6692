"""A whole form at once: every field as typed, and what was seen handed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Conflict, ensure
from tasks import policies
from tasks.models import Evidence
from tasks.services.entries.reporting import Receipt, keep, submit
from tasks.services.entries.steps import locked, record_saved


@dataclass(frozen=True, slots=True)
class Typed:
    """A field as a form sends it: the text, and the version that the person saw."""

    text: str
    version: int


@dataclass(frozen=True, slots=True)
class Filled:
    """A saved form: the entry's version afterwards, and both texts of each contested field."""

    version: int
    conflicts: dict[str, dict[str, Any]]


@transaction.atomic
def save_all(pk: int, typed: Mapping[str, Typed], *, by: Any, now: datetime) -> Filled:
    """Keep every field of a form; a field that somebody else changed keeps the other's text.

    Nothing else changes the entry meanwhile: its version afterwards stands for what was typed.
    """
    entry = locked(pk)
    ensure(policies.can_write(by, entry, timezone.localdate(now)))
    before = entry.version
    conflicts = {}
    for field, one in typed.items():
        try:
            keep(entry, field, one.text, one.version, by=by, now=now)
        except Conflict as clash:
            conflicts[field] = clash.current
    entry.save()
    if entry.version != before:
        record_saved(entry, [name for name in typed if name not in conflicts], by=by)
    return Filled(entry.version, conflicts)


@transaction.atomic
def save_as_seen(pk: int, typed: Mapping[str, Typed], *, by: Any, now: datetime) -> Filled:
    """Keep every field or none: raises Conflict with both texts of each contested field."""
    filled = save_all(pk, typed, by=by, now=now)
    if filled.conflicts:
        raise Conflict(
            _("内容刚被别人改过，两份都在，请逐栏选定后再保存。"), current=filled.conflicts
        )
    return filled


@transaction.atomic
def submit_seen(
    pk: int, version: int, evidence: frozenset[int], *, by: Any, now: datetime
) -> Receipt:
    """Hand in a form with exactly the files that the person saw (ids); else raise Conflict."""
    locked(pk)
    present = Evidence.objects.filter(entry=pk, removed_at__isnull=True)
    if frozenset(present.values_list("pk", flat=True)) != evidence:
        raise Conflict(_("佐证材料在您打开之后有变动，请看过最新内容再报送。"))
    return submit(pk, version, by=by, now=now)
