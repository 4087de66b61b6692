"""The catalogue: what is counted, measured or surveyed, and how its values behave."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Row
from core.words import fixed
from departments.models import Region
from indicators.querysets import IndicatorQuerySet
from plans.models import words

STORED = 6  # decimals of a value


class Indicator(Row):
    """Something that is counted, measured or surveyed, and how its values behave.

    `direction` says whether more or less is good. `roll_up` says how a region's value follows from
    the rows of the regions at the level `reported_at` below it. A ratio is numerator ÷ denominator
    × `scale` (percent: 100), in `unit`. Values outside `lowest` to `highest` cannot be right; a
    change of more than `jump_percent` from one year to the next is asked about. Years are calendar
    years. `region` is the office's that keeps the definition; empty for what ships with the portal.
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

    class Frequency(models.TextChoices):
        YEAR = "year", _("每年")
        HALF = "half", _("每半年")
        QUARTER = "quarter", _("每季度")
        SURVEY = "survey", _("有调查的年份")

    code = models.SlugField(_("代码"), max_length=60, unique=True)
    official_code = models.CharField(_("科普统计代码"), max_length=12, blank=True)
    group = models.CharField(_("类别"), max_length=12, blank=True)
    name = models.CharField(_("名称"), max_length=120)
    unit = models.CharField(_("单位"), max_length=20, blank=True)
    kind = models.CharField(_("类型"), max_length=12, choices=Kind)
    direction = models.CharField(_("方向"), max_length=4, choices=Direction, default=Direction.UP)
    roll_up = models.CharField(_("汇总方式"), max_length=6, choices=RollUp, default=RollUp.NONE)
    reported_at = models.CharField(
        _("从哪一级汇总"), max_length=10, choices=Region.Level, blank=True, default=""
    )
    frequency = models.CharField(
        _("填报频率"), max_length=8, choices=Frequency, default=Frequency.YEAR
    )
    formula = models.CharField(_("计算方法"), max_length=300, blank=True)
    numerator_label = models.CharField(_("分子"), max_length=80, blank=True)
    denominator_label = models.CharField(_("分母"), max_length=80, blank=True)
    denominator_is_population = models.BooleanField(_("分母是人口"), default=False)
    scale = models.PositiveIntegerField(_("倍数"), default=1)
    lowest = models.DecimalField(
        _("可能的最小值"), max_digits=18, decimal_places=4, null=True, blank=True, default=0
    )
    highest = models.DecimalField(
        _("可能的最大值"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    jump_percent = models.PositiveSmallIntegerField(_("变动超过多少（%）要说明"), default=50)
    by_department = models.BooleanField(_("分部门填报"), default=False)
    by_group = models.BooleanField(_("分人群填报"), default=False)
    money = models.BooleanField(_("金额"), default=False)
    source = models.CharField(_("数据来源"), max_length=200, blank=True)
    reporter = models.CharField(_("填报单位"), max_length=120, blank=True)
    basis = models.CharField(_("依据"), max_length=200, blank=True)
    decimals = models.PositiveSmallIntegerField(_("小数位"), default=2)
    region = models.ForeignKey(
        Region,
        verbose_name=_("维护地区"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    is_active = models.BooleanField(_("在用"), default=True)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(scale__gt=0), name="indicators_indicator_scale"),
            models.CheckConstraint(
                condition=Q(lowest__isnull=True)
                | Q(highest__isnull=True)
                | Q(lowest__lte=F("highest")),
                name="indicators_indicator_range",
            ),
            models.CheckConstraint(
                condition=~Q(roll_up="ratio") | ~Q(numerator_label="") & ~Q(denominator_label=""),
                name="indicators_indicator_parts",
            ),
        ]
        verbose_name = _("指标")

    def __str__(self) -> str:
        return self.name

    @property
    def is_ratio(self) -> bool:
        """Tell whether its value follows from a numerator and a denominator."""
        return bool(self.numerator_label)

    @property
    def is_yes_no(self) -> bool:
        """Tell whether a place answers yes (100) or no (0): its share is counted above it."""
        return self.roll_up == self.RollUp.SHARE

    def is_answered_in(self, region: Region) -> bool:
        """Tell whether a region itself says yes or no, not the share of those below it."""
        return self.is_yes_no and region.level == self.reported_at

    def shown(self, value: Decimal) -> str:
        """Return a computed value with the decimals of its column: 1.20.

        Targets are whole and half numbers. What is not one never reads like one: 0.996 is not
        1.00, however many of the decimals that are stored it takes to see that.
        """
        for places in range(self.decimals, STORED):
            near = round(value, places)
            if near == value or near * 2 % 1:
                return fixed(value, places)
        return fixed(value, max(self.decimals, STORED))

    def ratio(self, numerator: Decimal, denominator: Decimal) -> Decimal:
        """Return what the two parts make, in the indicator's unit."""
        return numerator / denominator * self.scale
