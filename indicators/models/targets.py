"""What the plans promise of an indicator, and what became of the promise."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Row
from indicators.models.catalogue import Indicator
from indicators.querysets import TargetQuerySet
from plans.models import Measure, Parsed, Plan, words


class Target(Row, Parsed):
    """What a plan promises of an indicator, with the sentence that says so.

    `value` is NULL where the promise is relative (普遍, 达到平均水平). `every_year` or `year`
    tells when it falls due; both empty means by the end of the plan, as far as one can tell.
    A change is a new row: the old one keeps what was asked, who changed it and why (`reason`).
    """

    Operator = words.Operator
    Scope = words.Scope

    class Basis(models.TextChoices):
        EXPECTED = "expected", _("预期性")
        BINDING = "binding", _("约束性")

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="targets")
    measure = models.ForeignKey(
        Measure, on_delete=models.SET_NULL, null=True, blank=True, related_name="targets"
    )
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="targets")
    operator = models.CharField(_("要求"), max_length=6, choices=Operator)
    value = models.DecimalField(_("目标值"), max_digits=18, decimal_places=4, null=True, blank=True)
    unit = models.CharField(_("单位"), max_length=20, blank=True)
    stretch_operator = models.CharField(max_length=6, choices=Operator, blank=True)
    stretch_value = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    year = models.PositiveSmallIntegerField(_("目标年"), null=True, blank=True)
    every_year = models.BooleanField(_("每年"), default=False)
    scope = models.CharField(_("范围"), max_length=20, choices=Scope, default=Scope.SELF)
    basis = models.CharField(_("属性"), max_length=10, choices=Basis, default=Basis.EXPECTED)
    quote = models.TextField(_("原文"))
    position = models.PositiveSmallIntegerField()
    replaced_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaces"
    )
    withdrawn = models.BooleanField(_("已撤销"), default=False)
    reason = models.CharField(_("调整理由"), max_length=300, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = TargetQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(every_year=False) | Q(year__isnull=True), name="indicators_target_when"
            ),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True, withdrawn=False) | ~Q(reason=""),
                name="indicators_target_change_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(stretch_operator="", stretch_value__isnull=True)
                | ~Q(stretch_operator="") & Q(stretch_value__isnull=False),
                name="indicators_target_stretch",
            ),
        ]
        verbose_name = _("目标值")

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.operator} {self.value}"

    @property
    def due(self) -> int | None:
        """Return the year by which it is promised; None for a norm of every year."""
        return None if self.every_year else self.year or self.plan.end_year
