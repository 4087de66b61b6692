"""Files with values that came back filled in, between their preview and being applied."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row, StoredFile
from departments.models import Region
from indicators.querysets import SheetQuerySet
from plans.models import Plan


class ObservationSheet(Row, StoredFile):
    """An uploaded table C of a plan, or a tidy list of values (CSV or Excel).

    It is read again from `file` whenever it is shown or applied, so that the preview is always of
    what is stored now. `answers` keeps what a person decided about cells that could be read in two
    ways, by row and column; `result` what applying it changed.
    """

    class Kind(models.TextChoices):
        TABLE_C = "table_c", _("目标指标完成情况表")
        TIDY = "tidy", _("观测值明细表")

    kind = models.CharField(_("类型"), max_length=8, choices=Kind)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, null=True, related_name="+")
    answers = models.JSONField(default=dict)
    applied_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict)

    objects = SheetQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="table_c") | models.Q(plan__isnull=False),
                name="indicators_sheet_plan",
            )
        ]
        verbose_name = _("回填的指标表")
