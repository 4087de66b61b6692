"""Compiled reports: their versions, frozen facts and files."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.models import Row
from departments.models import Department
from plans.models import Plan
from reports.querysets import (
    OfReportQuerySet,
    ReportQuerySet,
    VersionQuerySet,
)
from tasks.models import Period

# Kinds that are asked for once for a plan and year; the others have a unit or a period besides.
WHOLE = ("annual", "biennial", "midterm", "five_year")


class Report(Row):
    """A report on a plan; its content lives in versions, of which the newest counts.

    `year` is the last one it speaks of. A yearly summary of one unit names the `department`, a
    bulletin the `period`. The number and date of the document, and the mark of its red head, are
    what the office gave; nothing is invented.
    """

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
    department = models.ForeignKey(
        Department,
        verbose_name=_("单位"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    period = models.ForeignKey(
        Period,
        verbose_name=_("填报期"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.QUEUED)
    error = models.CharField(_("失败原因"), max_length=500, blank=True)
    consult_until = models.DateField(_("反馈截止日期"), null=True, blank=True)
    document_number = models.CharField(_("发文字号"), max_length=60, blank=True)
    head_mark = models.CharField(_("发文机关标志"), max_length=60, blank=True)
    issued_on = models.DateField(_("成文日期"), null=True, blank=True)
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
                condition=Q(kind__in=WHOLE) & ~Q(state="withdrawn"),
                name="reports_report_once",
            ),
            models.UniqueConstraint(
                fields=["plan", "year", "department"],
                condition=Q(kind="department") & ~Q(state="withdrawn"),
                name="reports_report_of_unit_once",
            ),
            models.UniqueConstraint(
                fields=["plan", "period"],
                condition=Q(kind="bulletin") & ~Q(state="withdrawn"),
                name="reports_bulletin_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="department", department__isnull=False)
                | (~Q(kind="department") & Q(department__isnull=True)),
                name="reports_report_unit",
            ),
            models.CheckConstraint(
                condition=Q(kind="bulletin", period__isnull=False)
                | (~Q(kind="bulletin") & Q(period__isnull=True)),
                name="reports_report_period",
            ),
            # A red head needs a number that the office gave.
            models.CheckConstraint(
                condition=Q(head_mark="") | ~Q(document_number=""),
                name="reports_report_red_head",
            ),
        ]
        verbose_name = _("报告")

    def __str__(self) -> str:
        return f"{self.plan_id} {self.kind} {self.year}"

    @property
    def name(self) -> str:
        """Return what people call it; needs the unit or the period where there is one."""
        values = {"year": self.year, "kind": self.get_kind_display()}
        if self.department is not None:
            return gettext("%(unit)s %(year)s 年度小结") % {"unit": self.department.name, **values}
        if self.period is not None:
            return gettext("%(period)s工作进展情况通报") % {"period": self.period.name}
        if self.kind == self.Kind.ANNUAL:
            return gettext("%(year)s 年度报告") % values
        return gettext("%(year)s 年%(kind)s") % values


class ReportVersion(models.Model):
    """One version: the facts as they stood, the text made from them, and the files of both.

    `text` is the document as JSON (`reports.rendering.stored`); `cause` says why it was made.
    """

    class Cause(models.TextChoices):
        COMPILED = "compiled", _("按当时数据生成")
        EDITED = "edited", _("文字修改后生成")
        STAMPED = "stamped", _("登记文号和日期后生成")

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    cause = models.CharField(max_length=10, choices=Cause, default=Cause.COMPILED)
    facts = models.JSONField()
    sha256 = models.CharField(max_length=64)
    text = models.JSONField(default=dict)
    docx = models.FileField(upload_to="reports/")
    pdf = models.FileField(upload_to="reports/")
    xlsx = models.FileField(upload_to="reports/", blank=True)
    notes = models.JSONField(default=list)
    compiled_at = models.DateTimeField()

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["report", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="reports_version_number")
        ]

    def __str__(self) -> str:
        return f"{self.report_id} v{self.number}"


class Fact(models.Model):
    """One figure of a version and the rows that it came from (`[[label, id], …]`).

    `number` is its place in the version's list of figures, as printed in the annex.
    """

    version = models.ForeignKey(ReportVersion, on_delete=models.CASCADE, related_name="fact_rows")
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=120)
    value = models.CharField(max_length=200)
    unit = models.CharField(max_length=20, blank=True)
    label = models.CharField(max_length=300)
    sources = models.JSONField(default=list)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="reports_fact_once"),
            models.UniqueConstraint(fields=["version", "number"], name="reports_fact_number"),
        ]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"


class FailedAttempt(models.Model):
    """What a compilation had made when one part of it failed, for a look; gone once one succeeds.

    `part` names the section or file that failed, `text` holds the sections that were written.
    """

    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="attempt")
    part = models.CharField(max_length=100)
    facts = models.JSONField()
    text = models.JSONField()
    at = models.DateTimeField()

    objects = OfReportQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.report_id}: {self.part}"
