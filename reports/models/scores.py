"""Scorecards of departments: a year's approved scheme, its items, and one card for each unit.

Off unless the plan's settings and that year's approved document switch them on. A card is its
unit's and its office's own: nothing here is public, and nothing is added up across units.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import AppendOnly, Row, StoredFile
from departments.models import Department
from plans.models import Plan
from reports.querysets import OfCardQuerySet, ScoreCardQuerySet, ScoreSchemeQuerySet
from reports.scoring import RULES


class ScoreDocument(StoredFile):
    """The document by which a scheme was approved (考核细则), as it was uploaded."""

    class Meta:
        verbose_name = _("考核细则文件")


class ScoreScheme(Row):
    """The 考核细则 of one year: what is scored, and the document that approved it.

    Number, day and body of the approval are what the document says; nothing is invented. Once
    approved here it is locked, until its office sends it back to be mended (`sent_back_…`, which
    stand until it is confirmed again). `rate_until` is the day by which the units were asked to
    rate; while it is empty, cards that are there already wait.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("录入中")
        APPROVED = "approved", _("已确认")

    plan = models.ForeignKey(
        Plan, verbose_name=_("方案"), on_delete=models.PROTECT, related_name="score_schemes"
    )
    year = models.PositiveSmallIntegerField(_("年度"))
    title = models.CharField(_("名称"), max_length=120)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    document_number = models.CharField(_("发文字号"), max_length=60, blank=True)
    approved_on = models.DateField(_("批准日期"), null=True, blank=True)
    approving_body = models.CharField(_("批准机关"), max_length=120, blank=True)
    document = models.ForeignKey(
        ScoreDocument, on_delete=models.PROTECT, null=True, related_name="schemes"
    )
    rate_until = models.DateField(_("自评截止日期"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    sent_back_reason = models.CharField(_("退回理由"), max_length=300, blank=True)
    sent_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    sent_back_at = models.DateTimeField(_("退回时间"), null=True)

    objects = ScoreSchemeQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "plan", "id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "year"], name="reports_scheme_once_a_year"),
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(
                    approved_on__isnull=False,
                    document__isnull=False,
                    confirmed_by__isnull=False,
                    confirmed_at__isnull=False,
                )
                & ~Q(document_number="")
                & ~Q(approving_body=""),
                name="reports_scheme_approved_has_document",
            ),
            # Units are asked only under an approved scheme.
            models.CheckConstraint(
                condition=Q(state="approved") | Q(rate_until__isnull=True),
                name="reports_scheme_asks_when_approved",
            ),
            models.CheckConstraint(
                condition=Q(sent_back_at__isnull=True)
                | Q(state="draft", sent_back_by__isnull=False) & ~Q(sent_back_reason=""),
                name="reports_scheme_sent_back_has_reason",
            ),
        ]
        verbose_name = _("考核细则")

    def __str__(self) -> str:
        return self.title


class ScoreItem(Row):
    """One line of a scheme; `rule` names how the portal counts it (`reports.scoring`)."""

    scheme = models.ForeignKey(ScoreScheme, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    level1 = models.CharField(_("一级指标"), max_length=60)
    level2 = models.CharField(_("二级指标"), max_length=120)
    standard = models.TextField(_("评分标准"))
    points = models.DecimalField(_("分值"), max_digits=6, decimal_places=2)
    rule = models.CharField(
        _("计分方式"),
        max_length=20,
        blank=True,
        choices=[(code, rule.name) for code, rule in RULES.items()],
    )

    objects = OfCardQuerySet.as_manager()

    class Meta:
        ordering = ["scheme", "position"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "position"], name="reports_scoreitem_place"),
            models.CheckConstraint(condition=Q(points__gt=0), name="reports_scoreitem_points"),
            models.CheckConstraint(
                condition=Q(rule__in=list(RULES)), name="reports_scoreitem_rule_known"
            ),
        ]
        verbose_name = _("考核项目")

    def __str__(self) -> str:
        return f"{self.level1} {self.level2}"


class ScoreCard(Row):
    """One unit's card under a scheme: rated by the unit, checked by the office, then told to it.

    `version` counts what was saved, so that two people who fill in one card are told.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("待自评")
        SELF_RATED = "self_rated", _("待审核")
        CHECKED = "checked", _("已审核，待反馈")
        TOLD = "told", _("已反馈")

    scheme = models.ForeignKey(ScoreScheme, on_delete=models.PROTECT, related_name="cards")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="score_cards")
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=0)
    rated_at = models.DateTimeField(_("自评报送时间"), null=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    checked_at = models.DateTimeField(_("审核时间"), null=True)
    own_check = models.BooleanField(_("本单位自核"), default=False)
    told_at = models.DateTimeField(_("反馈时间"), null=True)

    objects = ScoreCardQuerySet.as_manager()

    class Meta:
        # The order of the roster of units, never of what they got.
        ordering = ["scheme", "department"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "department"], name="reports_card_once"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(rated_at__isnull=False), name="reports_card_rated"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["checked", "told"])
                | Q(checked_by__isnull=False, checked_at__isnull=False),
                name="reports_card_checked",
            ),
            models.CheckConstraint(
                condition=~Q(state="told") | Q(told_at__isnull=False), name="reports_card_told"
            ),
        ]
        verbose_name = _("考核评分表")

    def __str__(self) -> str:
        return f"{self.scheme_id} {self.department_id}"


class Score(Row):
    """One item on a card: what the unit gives itself, and what the office gives it.

    `full` repeats the item's points, which are locked by then, so that the database itself holds
    the limits. `no_basis` (无依据) says that there is nothing to score: no points, and none missed.
    `found` is what the item's rule had counted when the card was checked (`reports.scoring`).
    """

    card = models.ForeignKey(ScoreCard, on_delete=models.CASCADE, related_name="scores")
    item = models.ForeignKey(ScoreItem, on_delete=models.PROTECT, related_name="scores")
    full = models.DecimalField(max_digits=6, decimal_places=2)
    self_points = models.DecimalField(_("自评分"), max_digits=6, decimal_places=2, null=True)
    self_note = models.CharField(_("自评说明"), max_length=500, blank=True)
    points = models.DecimalField(_("审核分"), max_digits=6, decimal_places=2, null=True)
    no_basis = models.BooleanField(_("无依据"), default=False)
    reason = models.CharField(_("扣分原因"), max_length=300, blank=True)
    found: "models.JSONField[Any, Any]" = models.JSONField(null=True)

    objects = OfCardQuerySet.as_manager()

    class Meta:
        ordering = ["card", "item__position"]
        constraints = [
            models.UniqueConstraint(fields=["card", "item"], name="reports_score_once"),
            models.CheckConstraint(
                condition=Q(self_points__isnull=True)
                | Q(self_points__gte=0, self_points__lte=F("full")),
                name="reports_score_self_points",
            ),
            models.CheckConstraint(
                condition=Q(points__isnull=True) | Q(points__gte=0, points__lte=F("full")),
                name="reports_score_points",
            ),
            models.CheckConstraint(
                condition=Q(points__isnull=True) | Q(points=F("full")) | ~Q(reason=""),
                name="reports_score_less_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(no_basis=False) | Q(points__isnull=True),
                name="reports_score_no_basis_no_points",
            ),
        ]
        verbose_name = _("评分")

    def __str__(self) -> str:
        return f"{self.card_id} {self.item_id}"


class ScoreEvidence(StoredFile):
    """A file that a unit adds to an item of its card; never required."""

    score = models.ForeignKey(Score, on_delete=models.PROTECT, related_name="evidence")

    class Meta:
        ordering = ["score", "id"]
        constraints = [
            models.UniqueConstraint(fields=["score", "sha256"], name="reports_score_file_once")
        ]
        verbose_name = _("自评佐证")


class ScoreStep(AppendOnly):
    """One step of a card: the verb, by whom and as whom, what was said."""

    card = models.ForeignKey(ScoreCard, on_delete=models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=12)
    from_state = models.CharField(max_length=10)
    to_state = models.CharField(max_length=10)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    acting_as = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    text = models.CharField(max_length=300, blank=True)

    objects = OfCardQuerySet.as_manager()

    class Meta:
        ordering = ["card", "id"]
        verbose_name = _("评分表流转")

    def __str__(self) -> str:
        return f"{self.card_id}: {self.verb}"
