"""Plans as they were issued: documents, actions, measures, who answers, duties and phases.

Everything that was parsed keeps its place (`span_start`, `span_end`: offsets into the text of
its source document), so that a reader can always go back to the official words.
"""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Row
from departments.models import Department, Region
from plans.querysets import (
    MeasureQuerySet,
    OfPlanQuerySet,
    PlanQuerySet,
    ResponsibilityQuerySet,
)


class Parsed(models.Model):
    """A row that came from a place in the source text, or from nowhere (both NULL)."""

    span_start = models.PositiveIntegerField(null=True, blank=True)
    span_end = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        abstract = True


class SourceDocument(Row):
    """An official document as it was received, and the text that was read from it."""

    file = models.FileField(upload_to="documents/")
    name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()
    text = models.TextField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return self.name


class Plan(Row):
    """A five-year 实施方案 or an annual 工作要点 of one region."""

    class Kind(models.TextChoices):
        FIVE_YEAR = "five_year", _("实施方案")
        ANNUAL = "annual", _("年度工作要点")

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        ACTIVE = "active", _("实施中")
        CLOSED = "closed", _("已结束")

    region = models.ForeignKey(
        Region, verbose_name=_("地区"), on_delete=models.PROTECT, related_name="plans"
    )
    kind = models.CharField(_("类型"), max_length=10, choices=Kind, default=Kind.FIVE_YEAR)
    title = models.CharField(_("标题"), max_length=200)
    document_number = models.CharField(_("发文字号"), max_length=60, null=True, blank=True)
    issuer = models.CharField(_("印发机关"), max_length=120, null=True, blank=True)
    issued_on = models.DateField(_("印发日期"), null=True, blank=True)
    start_year = models.PositiveSmallIntegerField(_("起始年"))
    end_year = models.PositiveSmallIntegerField(_("结束年"))
    parent = models.ForeignKey(
        "self",
        verbose_name=_("上级方案"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
    )
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    is_public = models.BooleanField(_("向社会公开"), default=False)
    source = models.ForeignKey(
        SourceDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="plans"
    )
    # Which of the plans in the document, and the text that all spans of this plan refer to.
    part = models.PositiveSmallIntegerField(default=0)
    text = models.TextField(blank=True)
    warnings = models.JSONField(default=list)
    # Lists of words as printed: 《…》 that the plan rests on, 主送, 抄送.
    basis = models.JSONField(_("依据文件"), default=list, blank=True)
    recipients = models.JSONField(_("主送"), default=list, blank=True)
    copies = models.JSONField(_("抄送"), default=list, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-start_year", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end_year__gte=F("start_year")), name="plans_plan_years"
            ),
            models.UniqueConstraint(fields=["source", "part"], name="plans_plan_once_per_source"),
        ]
        indexes = [models.Index(fields=["region", "state"])]
        verbose_name = _("方案")

    def __str__(self) -> str:
        return self.title

    @property
    def years(self) -> range:
        return range(self.start_year, self.end_year + 1)


class PlanSettings(models.Model):
    """What a plan's office may decide for it; thresholds are percentage points behind schedule."""

    class Schedule(models.TextChoices):
        START = "start", _("自起始年 1 月 1 日起")
        ISSUED = "issued", _("自印发之日起")

    plan = models.OneToOneField(Plan, on_delete=models.CASCADE, related_name="settings")
    group_name = models.CharField(
        _("领导机构名称"), max_length=60, default="全民科学素质工作领导小组"
    )
    office_name = models.CharField(_("办事机构简称"), max_length=60, default="纲要办")
    signature_name = models.CharField(
        _("公文署名"), max_length=60, default="全民科学素质工作领导小组办公室"
    )
    behind_points = models.PositiveSmallIntegerField(_("滞后界限（百分点）"), default=10)
    far_behind_points = models.PositiveSmallIntegerField(_("严重滞后界限（百分点）"), default=30)
    schedule_from = models.CharField(
        _("五年序时起点"), max_length=8, choices=Schedule, default=Schedule.START
    )
    needs_signoff = models.BooleanField(_("报送前须本单位审签"), default=False)
    ranking = models.BooleanField(_("单位排名"), default=False)
    units_on_screen = models.BooleanField(_("大屏显示单位名称"), default=False)
    # MM-DD; empty: the office asks for each draft itself.
    annual_draft_on = models.CharField(
        _("年度报告初稿自动生成的日期"), max_length=5, blank=True, default=""
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(far_behind_points__gt=F("behind_points")),
                name="plans_settings_thresholds",
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}"


class Amendment(models.Model):
    """A change to the text of an issued plan: what it was, what it is, and why."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="amendments")
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    field = models.CharField(max_length=40)
    before = models.TextField()
    after = models.TextField()
    reason = models.CharField(_("理由"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="plans_amendment_has_reason")
        ]

    def __str__(self) -> str:
        return f"{self.subject_type}.{self.field}"


class Action(Row, Parsed):
    """An action, project or safeguard of a plan, in document order."""

    class Kind(models.TextChoices):
        ACTION = "action", _("行动")
        PROJECT = "project", _("工程")
        SAFEGUARD = "safeguard", _("保障措施")

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="actions")
    kind = models.CharField(_("类别"), max_length=10, choices=Kind)
    number = models.CharField(_("序号"), max_length=12, null=True, blank=True)
    title = models.CharField(_("名称"), max_length=200)
    text = models.TextField(_("原文"), blank=True)
    position = models.PositiveSmallIntegerField()
    weight = models.DecimalField(_("权重"), max_digits=6, decimal_places=2, default=Decimal(1))

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "position"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="plans_action_position"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="plans_action_weight"),
        ]
        verbose_name = _("重点任务")

    def __str__(self) -> str:
        return self.title


class Measure(Row, Parsed):
    """A measure of an action; `parent` is the measure of the higher plan that it carries out."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="measures")
    number = models.CharField(_("序号"), max_length=12, null=True, blank=True)
    title = models.CharField(_("名称"), max_length=300)
    text = models.TextField(_("原文"), blank=True)
    position = models.PositiveSmallIntegerField()
    parent = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="children"
    )

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ["action__position", "position"]
        constraints = [
            models.UniqueConstraint(fields=["action", "position"], name="plans_measure_position")
        ]
        verbose_name = _("措施")

    def __str__(self) -> str:
        return self.title

    @property
    def label(self) -> str:
        """Return the short number people use: action.measure, by position (8.1)."""
        return f"{self.action.position}.{self.position}"


class Responsibility(Parsed):
    """A unit as printed at an action or a measure, and the department that the name means."""

    class Role(models.TextChoices):
        LEAD = "lead", _("牵头")
        RESPONSIBLE = "responsible", _("负责")
        COOPERATE = "cooperate", _("配合")

    action = models.ForeignKey(
        Action, on_delete=models.CASCADE, null=True, related_name="responsibilities"
    )
    measure = models.ForeignKey(
        Measure, on_delete=models.CASCADE, null=True, related_name="responsibilities"
    )
    role = models.CharField(_("职责"), max_length=12, choices=Role)
    printed_name = models.CharField(_("原文名称"), max_length=120)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, related_name="responsibilities"
    )
    position = models.PositiveSmallIntegerField()

    objects = ResponsibilityQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(action__isnull=True, measure__isnull=False)
                | Q(action__isnull=False, measure__isnull=True),
                name="plans_responsibility_one_place",
            ),
            models.UniqueConstraint(
                fields=["action", "role", "printed_name"], name="plans_responsibility_action_once"
            ),
            models.UniqueConstraint(
                fields=["measure", "role", "printed_name"],
                name="plans_responsibility_measure_once",
            ),
        ]
        verbose_name = _("责任分工")

    def __str__(self) -> str:
        return f"{self.printed_name} {self.get_role_display()}"


class Duty(Row, Parsed):
    """Something that repeats or falls due: who, every when, and the sentence that says so."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="duties")
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, null=True, related_name="duties")
    who = models.CharField(_("责任方"), max_length=200, null=True, blank=True)
    every = models.CharField(_("周期"), max_length=40, null=True, blank=True)
    due = models.DateField(_("时限"), null=True, blank=True)
    quote = models.TextField(_("原文"))
    proof = models.CharField(_("凭证"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField()

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "position"]
        verbose_name = _("固定任务")

    def __str__(self) -> str:
        return self.quote[:40]


class Phase(Parsed):
    """A stage of the plan with its dates (启动, 深入实施, 总结评估)."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="phases")
    name = models.CharField(_("阶段"), max_length=200)
    start = models.DateField(_("开始"))
    end = models.DateField(_("结束"))
    position = models.PositiveSmallIntegerField()

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="plans_phase_dates")
        ]
        verbose_name = _("阶段")

    def __str__(self) -> str:
        return self.name
