"""Files with values: taken in, decided about, and applied whole or not at all.

Applying writes drafts by the same rules as any typing (`observing.write`); handing in stays its
own act.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict, DomainError, ensure
from core.files import keep_table
from departments.models import Region
from indicators import policies
from indicators.models import ObservationSheet
from indicators.services.observing import write
from indicators.services.sheet_changes import Entered, Told, compare
from plans.models import Plan

Kind = ObservationSheet.Kind
ENDINGS = {Kind.TABLE_C: ("xlsx",), Kind.TIDY: ("xlsx", "csv")}
MOST_CHANGES = 500  # values that the audit record lists


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying a file wrote; `again` where it had been applied before."""

    new: int
    changed: int
    again: bool = False


@transaction.atomic
def handed_out(kind: str, region: Region, *, by: Any, **detail: Any) -> None:
    """Write down that values left the portal as a file."""
    audit.record(
        "indicators.sheet.export",
        None,
        by=by,
        detail={"kind": kind, "region": region.pk, **detail},
        region_path=region.path,
    )


def take_in(
    kind: str,
    name: str,
    content: bytes,
    *,
    by: Any,
    plan: Plan | None = None,
    any_year: bool = False,
) -> ObservationSheet:
    """Keep a file that came back, for its preview; nothing else changes yet.

    `any_year` lets years in that lie outside the plan. Raises DomainError for what is no table by
    its content, NotAllowed where the person may not fill it in.
    """
    ensure(policies.can_use_sheets(by))
    if kind == Kind.TABLE_C:
        if plan is None:
            raise DomainError(_("请选择这张表是哪个方案的。"))
        ensure(policies.can_observe(by, plan.region))
    kept = keep_table(name, content, by=by, kinds=ENDINGS[Kind(kind)])
    region = by.acting.here
    with transaction.atomic():
        sheet = ObservationSheet.objects.create(
            kind=kind,
            region=region,
            plan=plan,
            answers={"any_year": any_year, "cells": {}},
            **kept,
        )
        audit.record(
            "indicators.sheet.upload",
            sheet,
            by=by,
            detail={"kind": kind, "name": sheet.name, "sha256": sheet.sha256},
            region_path=region.path,
        )
    return sheet


@transaction.atomic
def decide(sheet: ObservationSheet, answers: Mapping[str, str], *, by: Any) -> ObservationSheet:
    """Keep what a person decided about cells that can be read in two ways."""
    ensure(policies.can_use_sheets(by))
    sheet = ObservationSheet.objects.select_for_update(of=("self",)).get(pk=sheet.pk)
    if answers and sheet.applied_at is None:
        cells = {**sheet.answers.get("cells", {}), **answers}
        sheet.answers = {**sheet.answers, "cells": cells}
        sheet.save()
    return sheet


def preview(rows: Sequence[Entered], untouched: int, *, by: Any) -> Told:
    """Return what a file would do to what is stored now (a fixed number of queries)."""
    return compare(rows, untouched, by=by)


@transaction.atomic
def apply(pk: int, rows: Sequence[Entered], seen: str, *, by: Any, now: datetime) -> Applied:
    """Write what a file says as drafts: all of it, or nothing.

    `rows` are those of the stored file, `seen` is the mark of the preview that the person saw.
    Applying again changes nothing and says so. Raises DomainError where rows are wrong or
    undecided, Conflict where something was changed since the preview.
    """
    sheet = ObservationSheet.objects.select_for_update(of=("self",)).get(pk=pk)
    ensure(policies.can_use_sheets(by))
    if sheet.applied_at is not None:
        return Applied(sheet.result["new"], sheet.result["changed"], again=True)
    told = compare(rows, 0, by=by, lock=True)
    _ensure_ready(told, seen)
    new, changed = len(told.new), len(told.changed)
    written = write([one.given for one in told.writes if one.given], by=by)
    sheet.applied_at = now
    sheet.result = {
        "new": new,
        "changed": changed,
        "questions": sum(not one.answer for row in written for one in row.questions),
    }
    sheet.save()
    audit.record(
        "indicators.sheet.apply",
        sheet,
        by=by,
        detail={
            "kind": sheet.kind,
            "sha256": sheet.sha256,
            "new": new,
            "changed": changed,
            "rows": [one.row.pk for one in written[:MOST_CHANGES]],
        },
        region_path=sheet.region.path,
    )
    return Applied(new, changed)


def _ensure_ready(told: Told, seen: str) -> None:
    if told.wrong:
        raise DomainError(
            _("有 %(count)s 行需要修改，没有保存任何内容。") % {"count": len(told.wrong)}
        )
    if told.undecided:
        raise DomainError(
            _("还有 %(count)s 行要请您决定，没有保存任何内容。") % {"count": told.undecided}
        )
    if told.mark != seen:
        raise Conflict(
            _("您查看之后，有数值被别人改动过。没有保存任何内容，请再看一遍下面的改动。")
        )
    if not told.writes:
        raise DomainError(_("没有需要保存的改动。"))
