"""Excel files that came back filled in, between their preview and being applied."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Row, StoredFile
from departments.models import Department, Region
from plans.models import Plan
from tasks.models.work import Period
from tasks.querysets import SheetQuerySet


class Sheet(Row, StoredFile):
    """An uploaded table A (tasks of a year) or B (entries of a period).

    It is read again from `file` whenever it is shown or applied, so that the preview is always of
    what is stored now; `result` keeps what applying it changed.
    """

    class Kind(models.TextChoices):
        TASKS = "tasks", _("重点任务分工表")
        ENTRIES = "entries", _("工作进展情况表")

    kind = models.CharField(_("类型"), max_length=8, choices=Kind)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, null=True, related_name="+")
    year = models.PositiveSmallIntegerField(null=True)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, null=True, related_name="+")
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, related_name="+"
    )
    applied_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict)

    objects = SheetQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="tasks", plan__isnull=False, year__isnull=False)
                | Q(kind="entries", period__isnull=False),
                name="tasks_sheet_scope",
            )
        ]
        verbose_name = _("回填表格")
