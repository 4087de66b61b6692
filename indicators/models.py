"""Indicators, what the plans promise of them, and what was observed."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Row
from core.querysets import BaseQuerySet
from departments.models import Department, Region
from indicators.querysets import IndicatorQuerySet, ObservationQuerySet, TargetQuerySet
from plans.models import Measure, Parsed, Plan, words


class Indicator(Row):
    """Something that is counted, measured or surveyed, and how its values behave.

    `direction` says whether more or less is good; `roll_up` how a region's value follows from
    those below it. Years are calendar years; values are in `unit`.
    """

    Kind = words.IndicatorKind

    class Direction(models.TextChoices):
        UP = "up", _("越高越好")
        DOWN = "down", _("越低越好")

    class RollUp(models.TextChoices):
        NONE = "none", _("不汇总")
        SUM = "sum", _("求和")
        RATIO = "ratio", _("分子之和 ÷ 分母之和")
        SHARE = "share", _("达标下级所占比例")

    code = models.SlugField(_("代码"), max_length=60, unique=True)
    name = models.CharField(_("名称"), max_length=120)
    unit = models.CharField(_("单位"), max_length=20, blank=True)
    kind = models.CharField(_("类型"), max_length=12, choices=Kind)
    direction = models.CharField(_("方向"), max_length=4, choices=Direction, default=Direction.UP)
    roll_up = models.CharField(_("汇总方式"), max_length=6, choices=RollUp, default=RollUp.NONE)
    formula = models.CharField(_("计算方法"), max_length=300, blank=True)
    numerator_label = models.CharField(_("分子"), max_length=80, blank=True)
    denominator_label = models.CharField(_("分母"), max_length=80, blank=True)
    source = models.CharField(_("数据来源"), max_length=200, blank=True)
    reporter = models.CharField(_("填报单位"), max_length=120, blank=True)
    decimals = models.PositiveSmallIntegerField(_("小数位"), default=2)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("指标")

    def __str__(self) -> str:
        return self.name


class Target(Row, Parsed):
    """What a plan promises of an indicator, with the sentence that says so.

    `value` is NULL where the promise is relative (普遍, 达到平均水平). `every_year` or `year`
    tells when it falls due; both empty means by the end of the plan, as far as one can tell.
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
    reason = models.CharField(_("调整理由"), max_length=300, blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(every_year=False) | Q(year__isnull=True), name="indicators_target_when"
            ),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | ~Q(reason=""),
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


class Population(Row):
    """A region's population of a year, whose (常住/户籍) and from which series."""

    class Basis(models.TextChoices):
        RESIDENT = "resident", _("常住人口")
        REGISTERED = "registered", _("户籍人口")

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="populations")
    year = models.PositiveSmallIntegerField(_("年份"))
    basis = models.CharField(_("口径"), max_length=10, choices=Basis)
    series = models.CharField(_("数列"), max_length=40, blank=True)
    persons = models.PositiveBigIntegerField(_("人数"))
    source = models.CharField(_("数据来源"), max_length=200, blank=True)

    objects = BaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "year", "basis", "series"], name="indicators_population_once"
            ),
            models.CheckConstraint(condition=Q(persons__gt=0), name="indicators_population_some"),
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.year}: {self.persons}"


class Observation(Row):
    """A value of an indicator in a region and year; a correction is a new row.

    Either `value` or `numerator` and `denominator` (a ratio is never typed: `value` then follows
    from them), or neither and `status` says why: not measured, not applicable.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        SUBMITTED = "submitted", _("待核对")
        VERIFIED = "verified", _("已核对")
        RETURNED = "returned", _("已退回")

    class Status(models.TextChoices):
        MEASURED = "measured", _("已测")
        NOT_MEASURED = "not_measured", _("未测")
        NOT_APPLICABLE = "not_applicable", _("不适用")

    class Basis(models.TextChoices):
        NONE = "", _("不适用")
        BUDGET = "budget", _("预算数")
        ACTUAL = "actual", _("决算数")

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="observations")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="observations")
    year = models.PositiveSmallIntegerField(_("年份"))
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="observations"
    )
    population_group = models.CharField(_("人群"), max_length=40, blank=True)
    status = models.CharField(_("测量情况"), max_length=14, choices=Status, default=Status.MEASURED)
    value = models.DecimalField(_("数值"), max_digits=20, decimal_places=6, null=True, blank=True)
    numerator = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    basis = models.CharField(_("预算或决算"), max_length=8, choices=Basis, blank=True, default="")
    sample_size = models.PositiveIntegerField(_("样本量"), null=True, blank=True)
    margin = models.DecimalField(
        _("公布的误差（百分点）"), max_digits=8, decimal_places=4, null=True, blank=True
    )
    series = models.CharField(_("数列"), max_length=40, blank=True)
    source = models.CharField(_("数据来源"), max_length=300, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    is_demo = models.BooleanField(_("演示数据"), default=False)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    return_reason = models.CharField(_("退回理由"), max_length=300, blank=True)
    superseded_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="supersedes"
    )
    # The region whose office stands for the value: its own, or that of an office above which
    # enters for a region without people in the portal. That office checks it.
    office = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    verified_at = models.DateTimeField(null=True)
    own_check = models.BooleanField(_("本单位自核"), default=False)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        ordering = ["indicator", "region", "year", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="measured", value__isnull=False)
                | ~Q(status="measured")
                & Q(value__isnull=True, numerator__isnull=True, denominator__isnull=True),
                name="indicators_observation_value",
            ),
            models.CheckConstraint(
                condition=Q(numerator__isnull=True, denominator__isnull=True)
                | Q(numerator__isnull=False, denominator__gt=0),
                name="indicators_observation_ratio",
            ),
            models.CheckConstraint(
                condition=Q(margin__isnull=True) | Q(margin__gte=Decimal(0)),
                name="indicators_observation_margin",
            ),
            models.UniqueConstraint(
                fields=["indicator", "region", "year", "population_group", "basis", "series"],
                condition=Q(state="verified", superseded_by__isnull=True, department__isnull=True),
                name="indicators_observation_one_value",
            ),
            models.UniqueConstraint(
                fields=[
                    "indicator",
                    "region",
                    "year",
                    "department",
                    "population_group",
                    "basis",
                    "series",
                ],
                condition=Q(state="verified", superseded_by__isnull=True, department__isnull=False),
                name="indicators_observation_one_value_unit",
            ),
            models.CheckConstraint(
                condition=~Q(superseded_by=F("id")), name="indicators_observation_not_itself"
            ),
        ]
        indexes = [models.Index(fields=["region", "indicator", "year"])]
        verbose_name = _("观测值")

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.region_id} {self.year}: {self.value}"
