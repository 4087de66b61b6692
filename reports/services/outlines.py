"""The outline of a plan's reports as its office wants it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError, ensure
from plans.models import Plan
from reports import policies
from reports.models import Outline, Report
from reports.outlines import OUTLINES, Part, parts_of
from reports.rendering.document import clean

TITLE = 40  # characters
Json = dict[str, Any]


def chosen_parts(report: Report) -> list[Part]:
    """Return the parts of a report as the office of its plan ordered and named them."""
    return parts_for(report.plan, report.kind)


def parts_for(plan: Plan, kind: str) -> list[Part]:
    """Return the parts of a kind of report of a plan, those switched off too."""
    row = Outline.objects.filter(plan=plan, kind=kind).first()
    return parts_of(kind, row.sections if row else None)


def as_rows(parts: Sequence[Part]) -> list[Json]:
    """Return parts as they are stored, to tell whether an outline is still the same."""
    return [{"key": one.key, "title": one.title, "on": one.on} for one in parts]


def set_outline(plan: Plan, kind: str, rows: Sequence[Mapping[str, Any]], *, by: Any) -> Outline:
    """Keep the parts of one kind of report for a plan: `[{"key", "title", "on"}]` in order.

    Reports that exist keep their versions; the next version follows the new outline.
    """
    ensure(policies.can_request(by, plan))
    if kind not in OUTLINES:
        raise DomainError(_("没有这种报告，请选报告种类。"), fields={"kind": [_("请选报告种类。")]})
    known = {one.key: one for one in OUTLINES[kind]}
    if sorted(row["key"] for row in rows) != sorted(known):
        raise DomainError(_("章节有出入，请刷新页面后重新设置。"), code="stale")
    kept = [_row(known[row["key"]], row) for row in rows]
    if not any(
        row["on"] and known[row["key"]].title and not known[row["key"]].annex for row in kept
    ):
        raise DomainError(_("至少要保留一个章节。"))
    with transaction.atomic():
        made, _new = Outline.objects.update_or_create(
            plan=plan, kind=kind, defaults={"sections": kept, "by": by}
        )
        _record_outline(plan, kind, kept, by)
    return made


def _row(part: Part, row: Mapping[str, Any]) -> Json:
    title = clean(str(row["title"])).replace("\n", "").strip()
    field = f"title-{part.key}"
    if part.title and not title:
        sentence = _("请填写标题，不用的章节可以不勾选。")
        raise DomainError(sentence, fields={field: [sentence]})
    if len(title) > TITLE:
        sentence = _("标题不要超过 %(most)s 个字。") % {"most": TITLE}
        raise DomainError(sentence, fields={field: [sentence]})
    return {"key": part.key, "title": title, "on": part.fixed or bool(row["on"])}


def reset_outline(plan: Plan, kind: str, *, by: Any) -> None:
    """Go back to the outline that comes with the portal."""
    ensure(policies.can_request(by, plan))
    with transaction.atomic():
        gone, _rows = Outline.objects.filter(plan=plan, kind=kind).delete()
        if gone:
            _record_outline(plan, kind, [], by)


def _record_outline(plan: Plan, kind: str, sections: list[Json], by: Any) -> None:
    audit.record(
        "reports.outline.change",
        plan,
        by=by,
        detail={"kind": kind, "sections": sections},
        region_path=plan.region.path,
    )
