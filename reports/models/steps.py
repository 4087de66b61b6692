"""What people did with a report: its steps, the opinions of the units, its publication."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Row
from departments.models import Department
from reports.models.compiled import Report, ReportVersion
from reports.querysets import OfReportQuerySet, OpinionQuerySet, PublicationQuerySet


class ReportTransition(models.Model):
    """A step of a report: who did what, when, on which version, and the words that go with it."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="transitions")
    verb = models.CharField(max_length=20)
    source = models.CharField(max_length=12)
    target = models.CharField(max_length=12)
    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    note = models.TextField(blank=True)

    objects = OfReportQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.report_id} {self.verb}"


class Opinion(Row):
    """A unit's answer to a draft (征求意见): no objection, or a comment; then the office's answer.

    `version` is the one that the unit had before it. Where the office registered what the unit
    said outside the portal, `source` tells how it came; it is empty where the unit answered itself.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("未反馈")
        AGREED = "agreed", _("无意见")
        COMMENTED = "commented", _("有意见")

    SAID = State.choices[1:]  # what a unit can say

    class Answer(models.TextChoices):
        TAKEN = "taken", _("采纳")
        PARTLY = "partly", _("部分采纳")
        NOT_TAKEN = "not_taken", _("不采纳")

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="opinions")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="opinions")
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(_("反馈"), max_length=10, choices=State, default=State.WAITING)
    text = models.TextField(_("意见"), blank=True)
    source = models.CharField(_("反馈方式"), max_length=200, blank=True)
    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(null=True)
    answer = models.CharField(_("处理"), max_length=10, choices=Answer, blank=True)
    answer_text = models.TextField(_("处理说明"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    objects = OpinionQuerySet.as_manager()

    class Meta:
        ordering = ["report", "round", "department"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "round", "department"], name="reports_opinion_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="commented") | ~Q(text=""), name="reports_opinion_has_text"
            ),
            models.CheckConstraint(
                condition=~Q(answer__in=["partly", "not_taken"]) | ~Q(answer_text=""),
                name="reports_opinion_answer_has_text",
            ),
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(source=""), name="reports_opinion_source_of_one"
            ),
        ]
        verbose_name = _("征求意见")

    def __str__(self) -> str:
        return f"{self.report_id} {self.department_id}"

    @property
    def by_unit(self) -> bool:
        """Tell whether the unit itself has answered."""
        return self.state != self.State.WAITING and not self.source


class Publication(models.Model):
    """An issued report made public, after its confidentiality review (保密审查).

    `reviewer` names who reviewed as the office gave it; taking it down needs a reason.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="publications")
    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT)
    reviewer = models.CharField(_("审查人"), max_length=60)
    reviewed_on = models.DateField(_("审查日期"))
    opinion = models.CharField(_("审查意见"), max_length=300)
    # The public edition: without persons; empty until a worker has made it.
    docx = models.FileField(upload_to="reports/", blank=True)
    pdf = models.FileField(upload_to="reports/", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_reason = models.CharField(_("撤下理由"), max_length=300, blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["report"],
                condition=Q(ended_at__isnull=True),
                name="reports_publication_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(ended_reason=""),
                name="reports_publication_ended_has_reason",
            ),
        ]
        verbose_name = _("公开发布")

    def __str__(self) -> str:
        return f"{self.report_id} {self.at:%Y-%m-%d}"
