"""Compiled reports: their versions, frozen facts and files."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Row
from plans.models import Plan
from reports.querysets import OfReportQuerySet, ReportQuerySet


class Report(Row):
    """A report on a plan; its content lives in versions, of which the newest counts."""

    class Kind(models.TextChoices):
        ANNUAL = "annual", _("年度报告")
        BIENNIAL = "biennial", _("两年总结")
        MIDTERM = "midterm", _("中期评估报告")
        FIVE_YEAR = "five_year", _("五年总结评估报告")
        DEPARTMENT = "department", _("单位年度小结")
        BULLETIN = "bulletin", _("工作进展情况通报")

    class State(models.TextChoices):
        QUEUED = "queued", _("排队中")
        COMPILING = "compiling", _("生成中")
        DRAFT = "draft", _("起草")
        CONSULTING = "consulting", _("征求意见")
        APPROVED = "approved", _("已审定")
        ISSUED = "issued", _("已印发")
        FAILED = "failed", _("生成失败")
        WITHDRAWN = "withdrawn", _("已撤回")

    plan = models.ForeignKey(
        Plan, verbose_name=_("方案"), on_delete=models.PROTECT, related_name="reports"
    )
    kind = models.CharField(_("种类"), max_length=12, choices=Kind)
    year = models.PositiveSmallIntegerField(_("年度"))
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.QUEUED)
    error = models.CharField(_("失败原因"), max_length=500, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-id"]
        constraints = [
            # Asking twice for the same report is one report.
            models.UniqueConstraint(
                fields=["plan", "kind", "year"],
                condition=~Q(state="withdrawn"),
                name="reports_report_once",
            )
        ]
        verbose_name = _("报告")

    def __str__(self) -> str:
        return f"{self.plan_id} {self.kind} {self.year}"


class ReportVersion(models.Model):
    """One compilation: the facts as they stood, and the files made from them alone."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    facts = models.JSONField()
    sha256 = models.CharField(max_length=64)
    docx = models.FileField(upload_to="reports/")
    pdf = models.FileField(upload_to="reports/")
    notes = models.JSONField(default=list)
    compiled_at = models.DateTimeField()

    objects = OfReportQuerySet.as_manager()

    class Meta:
        ordering = ["report", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="reports_version_number")
        ]

    def __str__(self) -> str:
        return f"{self.report_id} v{self.number}"


class Fact(models.Model):
    """One figure of a version and the rows that it came from (`[[label, id], …]`)."""

    version = models.ForeignKey(ReportVersion, on_delete=models.CASCADE, related_name="fact_rows")
    key = models.CharField(max_length=120)
    value = models.CharField(max_length=200)
    unit = models.CharField(max_length=20, blank=True)
    label = models.CharField(max_length=300)
    sources = models.JSONField(default=list)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="reports_fact_once")]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"
