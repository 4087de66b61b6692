"""Table A between its preview and being applied: kept as received, applied once and whole."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError, ensure
from core.files import keep_table
from plans.models import Plan
from tasks import policies
from tasks.models import Sheet
from tasks.services.planning.rows import Checked, Row, save_rows
from tasks.services.planning.year import check_year


def keep_sheet(plan: Plan, year: int, name: str, content: bytes, *, by: Any) -> Sheet:
    """Keep an uploaded table A until a person has seen what it would change."""
    ensure(policies.can_make_tasks(by, plan))
    check_year(plan, year)
    kept = keep_table(name, content, by=by)
    with transaction.atomic():
        sheet = Sheet.objects.create(
            kind=Sheet.Kind.TASKS,
            region=plan.region,
            plan=plan,
            year=year,
            **kept,
        )
        audit.record(
            "tasks.sheet.keep",
            sheet,
            by=by,
            detail={"sha256": sheet.sha256, "plan": plan.pk, "year": year},
            region_path=plan.region.path,
        )
    return sheet


@transaction.atomic
def apply_sheet(
    sheet: Sheet, rows: Callable[[Sheet], Iterable[Row]], *, by: Any, now: datetime
) -> list[Checked]:
    """Apply a kept table A, whole or not at all, once; `rows` reads it.

    Raises RowErrors for rows that are wrong or were changed meanwhile.
    """
    sheet = (
        Sheet.objects.select_for_update(of=("self",))
        .select_related("plan__region")
        .get(pk=sheet.pk)
    )
    if sheet.applied_at:
        raise DomainError(_("这份表格已经采用过了。"))
    if sheet.plan is None or sheet.year is None:
        raise DomainError(_("这不是重点任务分工表。"))
    ensure(policies.can_make_tasks(by, sheet.plan))
    changed = save_rows(sheet.plan, sheet.year, rows(sheet), by=by)
    made = sum(not one.before for one in changed)
    sheet.applied_at = now
    sheet.result = {"new": made, "changed": len(changed) - made}
    sheet.save()
    return changed


@transaction.atomic
def exported(plan: Plan, year: int, *, by: Any) -> None:
    """Note that a year's table A left the portal."""
    audit.record(
        "tasks.table_a.export", plan, by=by, detail={"year": year}, region_path=plan.region.path
    )
