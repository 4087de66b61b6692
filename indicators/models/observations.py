"""What was observed: values of indicators, what is asked about them, and populations."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.models import Row
from core.querysets import BaseQuerySet
from core.words import fixed, grouped
from departments.models import Department, Region
from indicators.models.catalogue import Indicator
from indicators.querysets import ObservationQuerySet

KEY = (
    "indicator",
    "region",
    "year",
    "part",
    "department",
    "population_group",
    "basis",
    "series",
)
_WHOLE_KEY = tuple(name for name in KEY if name != "department")


class PopulationBasis(models.TextChoices):
    """Whose number a population is."""

    RESIDENT = "resident", _("常住人口")
    REGISTERED = "registered", _("户籍人口")


class Population(Row):
    """A region's population of a year, whose (常住/户籍) and from which series."""

    Basis = PopulationBasis

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="populations")
    year = models.PositiveSmallIntegerField(_("年份"))
    basis = models.CharField(_("口径"), max_length=10, choices=PopulationBasis)
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
    """A value of an indicator in a region and period; a correction is a new row.

    Either `value` or `numerator` and `denominator` (a ratio is never typed: `value` then follows
    from them), or neither, and `status` and `note` say why: not measured, not applicable.
    `value` is in the indicator's unit, `numerator` and `denominator` in those of their labels
    (money: yuan; people: persons). `margin` is half the width of the published interval, in
    `value`'s unit; without it an interval follows from `sample_size` where a `design_effect` is
    stated. `series` names another way of counting than the usual one: values of two series are
    never compared. At most one row of a key (`KEY`) is open, and at most one counts.
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

    class Part(models.TextChoices):
        YEAR = "", _("全年")
        FIRST_HALF = "H1", _("上半年")
        SECOND_HALF = "H2", _("下半年")
        Q1 = "Q1", _("一季度")
        Q2 = "Q2", _("二季度")
        Q3 = "Q3", _("三季度")
        Q4 = "Q4", _("四季度")

    class Basis(models.TextChoices):
        NONE = "", _("不适用")
        BUDGET = "budget", _("预算数")
        ACTUAL = "actual", _("决算数")

    class Group(models.TextChoices):
        """Whom a value speaks of: where they live, and the 重点人群 of the national outlines."""

        EVERYONE = "", _("全体")
        URBAN = "urban", _("城镇居民")
        RURAL = "rural", _("农村居民")
        WOMEN = "women", _("女性")
        MEN = "men", _("男性")
        MINORS = "minors", _("青少年")
        FARMERS = "farmers", _("农民")
        WORKERS = "workers", _("产业工人")
        ELDERLY = "elderly", _("老年人")
        OFFICIALS = "officials", _("领导干部和公务员")
        CITY_WORKERS = "city_workers", _("城镇劳动者")
        COMMUNITY = "community", _("社区居民")

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="observations")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="observations")
    year = models.PositiveSmallIntegerField(_("年份"))
    part = models.CharField(_("时段"), max_length=2, choices=Part, blank=True, default="")
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="observations"
    )
    population_group = models.CharField(
        _("人群"), max_length=40, choices=Group, blank=True, default=""
    )
    status = models.CharField(_("测量情况"), max_length=14, choices=Status, default=Status.MEASURED)
    value = models.DecimalField(_("数值"), max_digits=20, decimal_places=6, null=True, blank=True)
    numerator = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    denominator_basis = models.CharField(
        _("人口口径"), max_length=10, choices=PopulationBasis, blank=True, default=""
    )
    denominator_year = models.PositiveSmallIntegerField(_("人口年份"), null=True, blank=True)
    basis = models.CharField(_("预算或决算"), max_length=8, choices=Basis, blank=True, default="")
    sample_size = models.PositiveIntegerField(_("样本量"), null=True, blank=True)
    design_effect = models.DecimalField(
        _("设计效应"), max_digits=7, decimal_places=3, null=True, blank=True
    )
    margin = models.DecimalField(
        _("公布的误差（百分点）"), max_digits=8, decimal_places=4, null=True, blank=True
    )
    series = models.CharField(_("数列"), max_length=40, blank=True)
    source = models.CharField(_("数据来源"), max_length=300, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    correction_reason = models.CharField(_("更正理由"), max_length=300, blank=True)
    is_demo = models.BooleanField(_("演示数据"), default=False)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
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
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True)
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
                & ~Q(note="")
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
            models.CheckConstraint(
                condition=Q(design_effect__isnull=True)
                | Q(design_effect__gt=Decimal(0), sample_size__gt=0),
                name="indicators_observation_design",
            ),
            models.UniqueConstraint(
                fields=_WHOLE_KEY,
                condition=Q(state="verified", superseded_by__isnull=True, department__isnull=True),
                name="indicators_observation_one_value",
            ),
            models.UniqueConstraint(
                fields=KEY,
                condition=Q(state="verified", superseded_by__isnull=True, department__isnull=False),
                name="indicators_observation_one_value_unit",
            ),
            models.UniqueConstraint(
                fields=_WHOLE_KEY,
                condition=~Q(state="verified") & Q(department__isnull=True),
                name="indicators_observation_one_open",
            ),
            models.UniqueConstraint(
                fields=KEY,
                condition=~Q(state="verified") & Q(department__isnull=False),
                name="indicators_observation_one_open_unit",
            ),
            models.CheckConstraint(
                condition=~Q(superseded_by=F("id")), name="indicators_observation_not_itself"
            ),
        ]
        indexes = [
            models.Index(fields=["region", "indicator", "year"]),
            # Roll-ups read an indicator's counting values of whole regions, year by year.
            models.Index(
                fields=["indicator", "year", "region"],
                condition=Q(state="verified", superseded_by__isnull=True, department__isnull=True),
                name="indicators_observation_rollup",
            ),
            models.Index(
                fields=["office", "state"],
                condition=~Q(state="verified"),
                name="indicators_observation_waiting",
            ),
        ]
        verbose_name = _("观测值")

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.region_id} {self.year}: {self.value}"

    @property
    def key(self) -> tuple[Any, ...]:
        """Return what the value speaks of; of one key at most one row counts."""
        return (
            self.indicator_id,
            self.region_id,
            self.year,
            self.part,
            self.department_id,
            self.population_group,
            self.basis,
            self.series,
        )

    @property
    def counts(self) -> bool:
        """Tell whether it counts in figures: of the whole region, checked, and not corrected."""
        whole = self.department_id is None and not self.population_group and not self.part
        return whole and self.state == self.State.VERIFIED and self.superseded_by_id is None

    @property
    def number(self) -> str:
        """Return the value without its unit, with the decimals of its column: 10.56, 1.20, 是."""
        return number_text(self.indicator, self.value, self.numerator, self.status)

    @property
    def text(self) -> str:
        """Return the value as people read it: 10.56%, 1.20 元, 是, 未测."""
        plain = self.value is None or (self.indicator.is_yes_no and self.numerator is None)
        space = "" if plain or self.indicator.unit in ("%", "") else " "
        return f"{self.number}{space}{'' if plain else self.indicator.unit}"

    @property
    def parts(self) -> str:
        """Return numerator and denominator as people read them: 5,054,400 ÷ 4,680,000."""
        if self.numerator is None or self.denominator is None:
            return ""
        return f"{grouped(self.numerator)} ÷ {grouped(self.denominator)}"

    @property
    def subject(self) -> str:
        """Return what it speaks of beside indicator and region: 2024 年上半年 农村居民 预算数."""
        words = [f"{self.year} 年" + (str(self.get_part_display()) if self.part else "")]
        if self.department is not None:
            words.append(self.department.name)
        if self.population_group:
            words.append(str(self.get_population_group_display()))
        if self.basis:
            words.append(str(self.get_basis_display()))
        if self.series:
            words.append(self.series)
        return " ".join(words)


def number_text(
    indicator: Indicator, value: Decimal | None, numerator: Decimal | None, status: str
) -> str:
    """Return a value without its unit, with the decimals of its column; else a word.

    A value that somebody typed is never rounded: 9.9996 is not 10.00.
    """
    if value is None:
        return str(Observation.Status(status).label)
    if indicator.is_yes_no and numerator is None:
        return gettext("是") if value else gettext("否")
    if numerator is None:
        return fixed(value, max(indicator.decimals, -int(value.normalize().as_tuple().exponent)))
    return indicator.shown(value)


class Question(Row):
    """Something about a value that only a person can answer: a jump, a sum that does not fit.

    Whoever reports answers it or mends the value before it is handed in; what `must_mend` cannot
    be answered away. An answer stands as long as the question is the same (`code`, `told`).
    """

    observation = models.ForeignKey(Observation, on_delete=models.CASCADE, related_name="questions")
    code = models.CharField(max_length=30)
    told = models.CharField(_("疑问"), max_length=300)
    must_mend = models.BooleanField(default=False)
    answer = models.CharField(_("答复"), max_length=300, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    objects = BaseQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["observation", "code"], name="indicators_question_once"
            ),
        ]
        verbose_name = _("疑问")

    def __str__(self) -> str:
        return f"{self.observation_id} {self.code}"
