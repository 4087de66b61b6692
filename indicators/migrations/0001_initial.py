"""Indicators, targets, observations."""

from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("departments", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("plans", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Indicator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="建立时间")),
                (
                    "updated_at",
                    models.DateTimeField(auto_now=True, db_index=True, verbose_name="更新时间"),
                ),
                ("code", models.SlugField(max_length=60, unique=True, verbose_name="代码")),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                ("unit", models.CharField(blank=True, max_length=20, verbose_name="单位")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("survey", "抽样调查"),
                            ("level", "水平值"),
                            ("increment", "当年新增"),
                            ("cumulative", "累计数"),
                            ("coverage", "覆盖率"),
                            ("milestone", "节点"),
                        ],
                        max_length=12,
                        verbose_name="类型",
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[("up", "越高越好"), ("down", "越低越好")],
                        default="up",
                        max_length=4,
                        verbose_name="方向",
                    ),
                ),
                (
                    "roll_up",
                    models.CharField(
                        choices=[
                            ("none", "不汇总"),
                            ("sum", "求和"),
                            ("ratio", "分子之和 ÷ 分母之和"),
                            ("share", "达标下级所占比例"),
                        ],
                        default="none",
                        max_length=6,
                        verbose_name="汇总方式",
                    ),
                ),
                ("formula", models.CharField(blank=True, max_length=300, verbose_name="计算方法")),
                (
                    "numerator_label",
                    models.CharField(blank=True, max_length=80, verbose_name="分子"),
                ),
                (
                    "denominator_label",
                    models.CharField(blank=True, max_length=80, verbose_name="分母"),
                ),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="数据来源")),
                ("reporter", models.CharField(blank=True, max_length=120, verbose_name="填报单位")),
                ("decimals", models.PositiveSmallIntegerField(default=2, verbose_name="小数位")),
            ],
            options={
                "verbose_name": "指标",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Observation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="建立时间")),
                (
                    "updated_at",
                    models.DateTimeField(auto_now=True, db_index=True, verbose_name="更新时间"),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="年份")),
                (
                    "population_group",
                    models.CharField(blank=True, max_length=40, verbose_name="人群"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("measured", "已测"),
                            ("not_measured", "未测"),
                            ("not_applicable", "不适用"),
                        ],
                        default="measured",
                        max_length=14,
                        verbose_name="测量情况",
                    ),
                ),
                (
                    "value",
                    models.DecimalField(
                        blank=True, decimal_places=6, max_digits=20, null=True, verbose_name="数值"
                    ),
                ),
                (
                    "numerator",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=20, null=True),
                ),
                (
                    "denominator",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=20, null=True),
                ),
                (
                    "basis",
                    models.CharField(
                        blank=True,
                        choices=[("", "不适用"), ("budget", "预算数"), ("actual", "决算数")],
                        default="",
                        max_length=8,
                        verbose_name="预算或决算",
                    ),
                ),
                (
                    "sample_size",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="样本量"),
                ),
                (
                    "margin",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=8,
                        null=True,
                        verbose_name="公布的误差（百分点）",
                    ),
                ),
                ("series", models.CharField(blank=True, max_length=40, verbose_name="数列")),
                ("source", models.CharField(blank=True, max_length=300, verbose_name="数据来源")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("submitted", "待核对"),
                            ("verified", "已核对"),
                            ("returned", "已退回"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "return_reason",
                    models.CharField(blank=True, max_length=300, verbose_name="退回理由"),
                ),
                ("verified_at", models.DateTimeField(null=True)),
                ("own_check", models.BooleanField(default=False, verbose_name="本单位自核")),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="observations",
                        to="departments.department",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="observations",
                        to="indicators.indicator",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="departments.region",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="observations",
                        to="departments.region",
                    ),
                ),
                (
                    "superseded_by",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supersedes",
                        to="indicators.observation",
                    ),
                ),
                (
                    "verified_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "观测值",
                "ordering": ["indicator", "region", "year", "id"],
                "indexes": [
                    models.Index(
                        fields=["region", "indicator", "year"],
                        name="indicators__region__595f96_idx",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "measured"), ("value__isnull", False)),
                            models.Q(
                                models.Q(("status", "measured"), _negated=True),
                                ("denominator__isnull", True),
                                ("numerator__isnull", True),
                                ("value__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="indicators_observation_value",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("denominator__isnull", True), ("numerator__isnull", True)),
                            models.Q(("denominator__gt", 0), ("numerator__isnull", False)),
                            _connector="OR",
                        ),
                        name="indicators_observation_ratio",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("margin__isnull", True), ("margin__gte", Decimal("0")), _connector="OR"
                        ),
                        name="indicators_observation_margin",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("department__isnull", True),
                            ("state", "verified"),
                            ("superseded_by__isnull", True),
                        ),
                        fields=(
                            "indicator",
                            "region",
                            "year",
                            "population_group",
                            "basis",
                            "series",
                        ),
                        name="indicators_observation_one_value",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("department__isnull", False),
                            ("state", "verified"),
                            ("superseded_by__isnull", True),
                        ),
                        fields=(
                            "indicator",
                            "region",
                            "year",
                            "department",
                            "population_group",
                            "basis",
                            "series",
                        ),
                        name="indicators_observation_one_value_unit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("superseded_by", models.F("id")), _negated=True),
                        name="indicators_observation_not_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Population",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="建立时间")),
                (
                    "updated_at",
                    models.DateTimeField(auto_now=True, db_index=True, verbose_name="更新时间"),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="年份")),
                (
                    "basis",
                    models.CharField(
                        choices=[("resident", "常住人口"), ("registered", "户籍人口")],
                        max_length=10,
                        verbose_name="口径",
                    ),
                ),
                ("series", models.CharField(blank=True, max_length=40, verbose_name="数列")),
                ("persons", models.PositiveBigIntegerField(verbose_name="人数")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="数据来源")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="populations",
                        to="departments.region",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region", "year", "basis", "series"),
                        name="indicators_population_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("persons__gt", 0)), name="indicators_population_some"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="建立时间")),
                (
                    "updated_at",
                    models.DateTimeField(auto_now=True, db_index=True, verbose_name="更新时间"),
                ),
                ("span_start", models.PositiveIntegerField(blank=True, null=True)),
                ("span_end", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "operator",
                    models.CharField(
                        choices=[
                            ("gt", "超过"),
                            ("gte", "达到"),
                            ("eq", "等于"),
                            ("lte", "不超过"),
                            ("lt", "低于"),
                            ("approx", "左右"),
                        ],
                        max_length=6,
                        verbose_name="要求",
                    ),
                ),
                (
                    "value",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=18,
                        null=True,
                        verbose_name="目标值",
                    ),
                ),
                ("unit", models.CharField(blank=True, max_length=20, verbose_name="单位")),
                (
                    "stretch_operator",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("gt", "超过"),
                            ("gte", "达到"),
                            ("eq", "等于"),
                            ("lte", "不超过"),
                            ("lt", "低于"),
                            ("approx", "左右"),
                        ],
                        max_length=6,
                    ),
                ),
                (
                    "stretch_value",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="目标年"),
                ),
                ("every_year", models.BooleanField(default=False, verbose_name="每年")),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("self", "本地区"),
                            ("each_child", "每个下级地区"),
                            ("share_of_children", "下级地区所占比例"),
                        ],
                        default="self",
                        max_length=20,
                        verbose_name="范围",
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[("expected", "预期性"), ("binding", "约束性")],
                        default="expected",
                        max_length=10,
                        verbose_name="属性",
                    ),
                ),
                ("quote", models.TextField(verbose_name="原文")),
                ("position", models.PositiveSmallIntegerField()),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="调整理由")),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="targets",
                        to="indicators.indicator",
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="targets",
                        to="plans.measure",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="targets",
                        to="plans.plan",
                    ),
                ),
                (
                    "replaced_by",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaces",
                        to="indicators.target",
                    ),
                ),
            ],
            options={
                "verbose_name": "目标值",
                "ordering": ["plan", "position"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("every_year", False), ("year__isnull", True), _connector="OR"
                        ),
                        name="indicators_target_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replaced_by__isnull", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="indicators_target_change_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stretch_operator", ""), ("stretch_value__isnull", True)),
                            models.Q(
                                models.Q(("stretch_operator", ""), _negated=True),
                                ("stretch_value__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="indicators_target_stretch",
                    ),
                ],
            },
        ),
    ]
