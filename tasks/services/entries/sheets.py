"""Table B in and out: handed out, taken in, and applied whole or not at all.

Applying keeps drafts by the same rules as the form (`entries.keep`); handing in stays its own
act on the page where everything is checked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError, ensure
from core.files import keep_table
from departments.models import Department
from tasks import policies
from tasks.models import Entry, Period, Sheet
from tasks.selectors.entries.sheet_changes import Given, compare, stored
from tasks.selectors.entries.sheets import SheetTable, table
from tasks.services.entries.reporting import keep
from tasks.services.entries.steps import hold_whole_period


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying a file changed: entries and fields; `again` if it had been applied before."""

    entries: int
    fields: int
    again: bool = False


def hand_out(
    period: Period, *, by: Any, plan: int | None = None, unit: Department | None = None
) -> SheetTable:
    """Return table B for a unit or for the office, and write down who took it."""
    ensure(policies.can_use_sheet(by, period))
    made = table(by, period, plan=plan, unit=unit)
    audit.record(
        "tasks.sheet.export",
        period,
        by=by,
        detail={"rows": len(made.rows), "plan": plan, "department": made.unit and made.unit.pk},
        region_path=period.region.path,
    )
    return made


def take_in(period: Period, name: str, content: bytes, *, by: Any) -> Sheet:
    """Keep a file that came back, for its preview; nothing else changes yet.

    Raises DomainError for what is no Excel file by its content, or too large.
    """
    ensure(policies.can_use_sheet(by, period))
    kept = keep_table(name, content, by=by)
    with transaction.atomic():
        sheet = Sheet.objects.create(
            kind=Sheet.Kind.ENTRIES,
            region=period.region,
            period=period,
            department=by.acting.department,
            **kept,
        )
        audit.record(
            "tasks.sheet.upload",
            sheet,
            by=by,
            detail={"period": period.pk, "name": sheet.name, "sha256": sheet.sha256},
            region_path=period.region.path,
        )
    return sheet


@transaction.atomic
def apply(pk: int, given: Sequence[Given], *, by: Any, now: datetime) -> Applied:
    """Keep in the drafts what the rows of a file change: all of them, or none (DomainError).

    `given` are the rows of the stored file. Applying it again changes nothing and says so.
    """
    sheet = (
        Sheet.objects.select_for_update(of=("self",)).select_related("period__region").get(pk=pk)
    )
    period = sheet.period
    if period is None:
        raise DomainError(_("这不是工作进展情况表。"))
    hold_whole_period(period.pk)
    ensure(policies.can_use_sheet(by, period))
    if sheet.applied_at is not None:
        return Applied(sheet.result["entries"], sheet.result["fields"], again=True)
    now_stored = stored(by, period, given, lock=True)
    told = compare(by, given, now_stored, timezone.localdate(now))
    if told.wrong:
        raise DomainError(
            _("有 %(count)s 行需要修改，没有保存任何内容。") % {"count": len(told.wrong)}
        )
    changed = []
    for row in told.changed:
        if row.entry is not None:
            for one in row.changes:
                keep(row.entry, one.name, one.text, one.version, by=by, now=now)
            row.entry.updated_at = now
            changed.append(row.entry)
    # One statement for all of them; every row is there and locked, so that none is inserted.
    Entry.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["draft", "version", "ready", "updated_at"],
    )
    sheet.applied_at = now
    sheet.result = {"entries": len(changed), "fields": told.fields}
    sheet.save()
    audit.record(
        "tasks.sheet.apply",
        sheet,
        by=by,
        detail={
            "period": period.pk,
            "sha256": sheet.sha256,
            "entries": {
                row.entry.pk: [one.name for one in row.changes] for row in told.changed if row.entry
            },
        },
        region_path=period.region.path,
    )
    return Applied(len(changed), told.fields)
