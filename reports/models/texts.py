"""What an office decides about the text of its reports: outlines, and sections in its own words."""

from django.conf import settings
from django.db import models

from core.models import Row
from plans.models import Plan
from reports.models.compiled import Report
from reports.querysets import OfReportQuerySet


class Outline(Row):
    """The sections of one kind of report as a plan's office wants them.

    `sections` lists `{"key", "title", "on"}` in order; a plan without a row has the outline of
    `reports.outlines`.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="outlines")
    kind = models.CharField(max_length=12, choices=Report.Kind)
    sections = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "kind"], name="reports_outline_once")
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.kind}"


class SectionText(Row):
    """A section as the office rewrote it; figures in it stay tied to their facts.

    `blocks` is the text as JSON; `written` is the hash of the text by rules that it replaced, to
    tell when the data have moved on. `flags` are sentences on figures that the edit lost and on
    numbers that no fact stands behind. `number` counts the edits, so that two people who edit one
    section are told.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="texts")
    key = models.CharField(max_length=40)
    number = models.PositiveIntegerField(default=1)
    blocks = models.JSONField()
    written = models.CharField(max_length=64)
    flags = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = OfReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "key"], name="reports_section_once")
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.key}"
