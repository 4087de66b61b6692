"""Corrections with a reason, questions about values, one open row of a key, uploaded tables."""

from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from indicators.catalogue import built_in

ADDED = (
    "basis",
    "by_department",
    "by_group",
    "denominator_is_population",
    "frequency",
    "group",
    "highest",
    "is_active",
    "jump_percent",
    "lowest",
    "money",
    "official_code",
    "region",
    "reported_at",
    "scale",
)


def say_why_and_part_doubles(apps, schema_editor):
    """Give blank values a reason, and drafts of one key a series of their own, so that none is lost.

    Both became impossible with this migration.
    """
    rows = apps.get_model("indicators", "Observation").objects
    rows.exclude(status="measured").filter(note="").update(note="原记录未写明原因")
    seen = set()
    for row in rows.exclude(state="verified").order_by("-id"):
        key = (
            row.indicator_id, row.region_id, row.year, row.department_id,
            row.population_group, row.basis, row.series,
        )  # fmt: skip
        if key in seen:
            rows.filter(pk=row.pk).update(series=f"重复填报 {row.pk}")
        seen.add(key)


def fill_definitions(apps, schema_editor):
    """Give the definitions that shipped before what the catalogue says in the columns added here.

    One that already has values keeps what these mean: where its parts are others, it stays as it is.
    """
    model = apps.get_model("indicators", "Indicator")
    observations = apps.get_model("indicators", "Observation").objects
    for one in built_in():
        row = model.objects.filter(code=one["code"]).first()
        if row is None:
            continue
        same = all(getattr(row, name) == one[name] for name in ("roll_up", "numerator_label"))
        if same:
            fields = {name: one[name] for name in ADDED if name in one}
        elif not observations.filter(indicator=row).exists():
            fields = dict(one)
        else:
            continue
        model.objects.filter(pk=row.pk).update(**fields)


class Migration(migrations.Migration):
    dependencies = [
        ("departments", "0001_initial"),
        ("indicators", "0001_initial"),
        ("plans", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(say_why_and_part_doubles, migrations.RunPython.noop),
        migrations.CreateModel(
            name="ObservationSheet",
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
                ("file", models.FileField(upload_to="evidence/")),
                ("name", models.CharField(max_length=200, verbose_name="文件名")),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField(verbose_name="大小")),
                ("media_type", models.CharField(max_length=100)),
                ("uploaded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("table_c", "目标指标完成情况表"), ("tidy", "观测值明细表")],
                        max_length=8,
                        verbose_name="类型",
                    ),
                ),
                ("answers", models.JSONField(default=dict)),
                ("applied_at", models.DateTimeField(null=True)),
                ("result", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "回填的指标表",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Question",
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
                ("code", models.CharField(max_length=30)),
                ("told", models.CharField(max_length=300, verbose_name="疑问")),
                ("must_mend", models.BooleanField(default=False)),
                ("answer", models.CharField(blank=True, max_length=300, verbose_name="答复")),
                ("answered_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "疑问",
                "ordering": ["id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="observation",
            name="indicators_observation_value",
        ),
        migrations.RemoveConstraint(
            model_name="observation",
            name="indicators_observation_one_value",
        ),
        migrations.RemoveConstraint(
            model_name="observation",
            name="indicators_observation_one_value_unit",
        ),
        migrations.RemoveConstraint(
            model_name="target",
            name="indicators_target_change_has_reason",
        ),
        migrations.AddField(
            model_name="indicator",
            name="basis",
            field=models.CharField(blank=True, max_length=200, verbose_name="依据"),
        ),
        migrations.AddField(
            model_name="indicator",
            name="by_department",
            field=models.BooleanField(default=False, verbose_name="分部门填报"),
        ),
        migrations.AddField(
            model_name="indicator",
            name="by_group",
            field=models.BooleanField(default=False, verbose_name="分人群填报"),
        ),
        migrations.AddField(
            model_name="indicator",
            name="denominator_is_population",
            field=models.BooleanField(default=False, verbose_name="分母是人口"),
        ),
        migrations.AddField(
            model_name="indicator",
            name="frequency",
            field=models.CharField(
                choices=[
                    ("year", "每年"),
                    ("half", "每半年"),
                    ("quarter", "每季度"),
                    ("survey", "有调查的年份"),
                ],
                default="year",
                max_length=8,
                verbose_name="填报频率",
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="group",
            field=models.CharField(blank=True, max_length=12, verbose_name="类别"),
        ),
        migrations.AddField(
            model_name="indicator",
            name="highest",
            field=models.DecimalField(
                blank=True, decimal_places=4, max_digits=18, null=True, verbose_name="可能的最大值"
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="is_active",
            field=models.BooleanField(default=True, verbose_name="在用"),
        ),
        migrations.AddField(
            model_name="indicator",
            name="jump_percent",
            field=models.PositiveSmallIntegerField(
                default=50, verbose_name="变动超过多少（%）要说明"
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="lowest",
            field=models.DecimalField(
                blank=True,
                decimal_places=4,
                default=0,
                max_digits=18,
                null=True,
                verbose_name="可能的最小值",
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="money",
            field=models.BooleanField(default=False, verbose_name="金额"),
        ),
        migrations.AddField(
            model_name="indicator",
            name="official_code",
            field=models.CharField(blank=True, max_length=12, verbose_name="科普统计代码"),
        ),
        migrations.AddField(
            model_name="indicator",
            name="region",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="departments.region",
                verbose_name="维护地区",
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="reported_at",
            field=models.CharField(
                blank=True,
                choices=[
                    ("nation", "全国"),
                    ("province", "省级"),
                    ("city", "市级"),
                    ("county", "县级"),
                    ("town", "乡镇（街道）"),
                ],
                default="",
                max_length=10,
                verbose_name="从哪一级汇总",
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="scale",
            field=models.PositiveIntegerField(default=1, verbose_name="倍数"),
        ),
        migrations.AddField(
            model_name="observation",
            name="correction_reason",
            field=models.CharField(blank=True, max_length=300, verbose_name="更正理由"),
        ),
        migrations.AddField(
            model_name="observation",
            name="denominator_basis",
            field=models.CharField(
                blank=True,
                choices=[("resident", "常住人口"), ("registered", "户籍人口")],
                default="",
                max_length=10,
                verbose_name="人口口径",
            ),
        ),
        migrations.AddField(
            model_name="observation",
            name="denominator_year",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="人口年份"),
        ),
        migrations.AddField(
            model_name="observation",
            name="design_effect",
            field=models.DecimalField(
                blank=True, decimal_places=3, max_digits=7, null=True, verbose_name="设计效应"
            ),
        ),
        migrations.AddField(
            model_name="observation",
            name="part",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "全年"),
                    ("H1", "上半年"),
                    ("H2", "下半年"),
                    ("Q1", "一季度"),
                    ("Q2", "二季度"),
                    ("Q3", "三季度"),
                    ("Q4", "四季度"),
                ],
                default="",
                max_length=2,
                verbose_name="时段",
            ),
        ),
        migrations.AddField(
            model_name="observation",
            name="submitted_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="observation",
            name="submitted_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="observation",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="target",
            name="changed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="target",
            name="withdrawn",
            field=models.BooleanField(default=False, verbose_name="已撤销"),
        ),
        migrations.AlterField(
            model_name="observation",
            name="population_group",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "全体"),
                    ("urban", "城镇居民"),
                    ("rural", "农村居民"),
                    ("women", "女性"),
                    ("men", "男性"),
                    ("minors", "青少年"),
                    ("farmers", "农民"),
                    ("workers", "产业工人"),
                    ("elderly", "老年人"),
                    ("officials", "领导干部和公务员"),
                    ("city_workers", "城镇劳动者"),
                    ("community", "社区居民"),
                ],
                default="",
                max_length=40,
                verbose_name="人群",
            ),
        ),
        migrations.AddIndex(
            model_name="observation",
            index=models.Index(
                condition=models.Q(
                    ("department__isnull", True),
                    ("state", "verified"),
                    ("superseded_by__isnull", True),
                ),
                fields=["indicator", "year", "region"],
                name="indicators_observation_rollup",
            ),
        ),
        migrations.AddIndex(
            model_name="observation",
            index=models.Index(
                condition=models.Q(("state", "verified"), _negated=True),
                fields=["office", "state"],
                name="indicators_observation_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.CheckConstraint(
                condition=models.Q(("scale__gt", 0)), name="indicators_indicator_scale"
            ),
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("lowest__isnull", True),
                    ("highest__isnull", True),
                    ("lowest__lte", models.F("highest")),
                    _connector="OR",
                ),
                name="indicators_indicator_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("roll_up", "ratio"), _negated=True),
                    models.Q(
                        models.Q(("numerator_label", ""), _negated=True),
                        models.Q(("denominator_label", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="indicators_indicator_parts",
            ),
        ),
        migrations.AddConstraint(
            model_name="observation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "measured"), ("value__isnull", False)),
                    models.Q(
                        models.Q(("status", "measured"), _negated=True),
                        models.Q(("note", ""), _negated=True),
                        ("denominator__isnull", True),
                        ("numerator__isnull", True),
                        ("value__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="indicators_observation_value",
            ),
        ),
        migrations.AddConstraint(
            model_name="observation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("design_effect__isnull", True),
                    models.Q(("design_effect__gt", Decimal("0")), ("sample_size__gt", 0)),
                    _connector="OR",
                ),
                name="indicators_observation_design",
            ),
        ),
        migrations.AddConstraint(
            model_name="observation",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("department__isnull", True),
                    ("state", "verified"),
                    ("superseded_by__isnull", True),
                ),
                fields=(
                    "indicator",
                    "region",
                    "year",
                    "part",
                    "population_group",
                    "basis",
                    "series",
                ),
                name="indicators_observation_one_value",
            ),
        ),
        migrations.AddConstraint(
            model_name="observation",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("department__isnull", False),
                    ("state", "verified"),
                    ("superseded_by__isnull", True),
                ),
                fields=(
                    "indicator",
                    "region",
                    "year",
                    "part",
                    "department",
                    "population_group",
                    "basis",
                    "series",
                ),
                name="indicators_observation_one_value_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="observation",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("state", "verified"), _negated=True), ("department__isnull", True)
                ),
                fields=(
                    "indicator",
                    "region",
                    "year",
                    "part",
                    "population_group",
                    "basis",
                    "series",
                ),
                name="indicators_observation_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="observation",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("state", "verified"), _negated=True), ("department__isnull", False)
                ),
                fields=(
                    "indicator",
                    "region",
                    "year",
                    "part",
                    "department",
                    "population_group",
                    "basis",
                    "series",
                ),
                name="indicators_observation_one_open_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("replaced_by__isnull", True), ("withdrawn", False)),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="indicators_target_change_has_reason",
            ),
        ),
        migrations.AddField(
            model_name="observationsheet",
            name="plan",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="plans.plan",
            ),
        ),
        migrations.AddField(
            model_name="observationsheet",
            name="region",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="departments.region",
            ),
        ),
        migrations.AddField(
            model_name="observationsheet",
            name="uploaded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="answered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="observation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="questions",
                to="indicators.observation",
            ),
        ),
        migrations.AddConstraint(
            model_name="observationsheet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "table_c"), _negated=True),
                    ("plan__isnull", False),
                    _connector="OR",
                ),
                name="indicators_sheet_plan",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(
                fields=("observation", "code"), name="indicators_question_once"
            ),
        ),
        migrations.RunPython(fill_definitions, migrations.RunPython.noop),
    ]
