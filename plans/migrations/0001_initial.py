"""Plans, their drafts, settings."""

from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("departments", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Action",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("action", "行动"),
                            ("project", "工程"),
                            ("safeguard", "保障措施"),
                        ],
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                (
                    "number",
                    models.CharField(blank=True, max_length=12, null=True, verbose_name="序号"),
                ),
                ("title", models.CharField(max_length=200, verbose_name="名称")),
                ("text", models.TextField(blank=True, verbose_name="原文")),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "weight",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("1"), max_digits=6, verbose_name="权重"
                    ),
                ),
            ],
            options={
                "verbose_name": "重点任务",
                "ordering": ["plan", "position"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("weight__gt", 0)), name="plans_action_weight"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Draft",
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
                ("part", models.PositiveSmallIntegerField(default=0)),
                ("text", models.TextField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "kind",
                    models.CharField(
                        choices=[("five_year", "实施方案"), ("annual", "年度工作要点")],
                        default="five_year",
                        max_length=10,
                        verbose_name="类型",
                    ),
                ),
                ("title", models.CharField(max_length=200, null=True, verbose_name="标题")),
                ("region_name", models.CharField(max_length=60, null=True, verbose_name="地区")),
                (
                    "document_number",
                    models.CharField(max_length=60, null=True, verbose_name="发文字号"),
                ),
                ("issuer", models.CharField(max_length=120, null=True, verbose_name="印发机关")),
                ("issued_on", models.DateField(null=True, verbose_name="印发日期")),
                ("start_year", models.PositiveSmallIntegerField(null=True, verbose_name="起始年")),
                ("end_year", models.PositiveSmallIntegerField(null=True, verbose_name="结束年")),
                ("basis", models.JSONField(default=list, verbose_name="依据文件")),
                ("recipients", models.JSONField(default=list, verbose_name="主送")),
                ("copies", models.JSONField(default=list, verbose_name="抄送")),
                ("header_spans", models.JSONField(default=dict)),
                (
                    "home",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="departments.region",
                    ),
                ),
            ],
            options={
                "verbose_name": "待核对的方案",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="DraftWarning",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("span_start", models.PositiveIntegerField(blank=True, null=True)),
                ("span_end", models.PositiveIntegerField(blank=True, null=True)),
                ("code", models.CharField(max_length=40)),
                ("message", models.TextField()),
                ("line", models.PositiveIntegerField()),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="warnings",
                        to="plans.draft",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["line", "id"],
            },
        ),
        migrations.CreateModel(
            name="Measure",
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
                    "number",
                    models.CharField(blank=True, max_length=12, null=True, verbose_name="序号"),
                ),
                ("title", models.CharField(max_length=300, verbose_name="名称")),
                ("text", models.TextField(blank=True, verbose_name="原文")),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="measures",
                        to="plans.action",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="children",
                        to="plans.measure",
                    ),
                ),
            ],
            options={
                "verbose_name": "措施",
                "ordering": ["action__position", "position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("action", "position"), name="plans_measure_position"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Plan",
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
                (
                    "kind",
                    models.CharField(
                        choices=[("five_year", "实施方案"), ("annual", "年度工作要点")],
                        default="five_year",
                        max_length=10,
                        verbose_name="类型",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="标题")),
                (
                    "document_number",
                    models.CharField(blank=True, max_length=60, null=True, verbose_name="发文字号"),
                ),
                (
                    "issuer",
                    models.CharField(
                        blank=True, max_length=120, null=True, verbose_name="印发机关"
                    ),
                ),
                ("issued_on", models.DateField(blank=True, null=True, verbose_name="印发日期")),
                ("start_year", models.PositiveSmallIntegerField(verbose_name="起始年")),
                ("end_year", models.PositiveSmallIntegerField(verbose_name="结束年")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "草稿"), ("active", "实施中"), ("closed", "已结束")],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("is_public", models.BooleanField(default=False, verbose_name="向社会公开")),
                ("part", models.PositiveSmallIntegerField(default=0)),
                ("text", models.TextField(blank=True)),
                ("warnings", models.JSONField(default=list)),
                ("basis", models.JSONField(blank=True, default=list, verbose_name="依据文件")),
                ("recipients", models.JSONField(blank=True, default=list, verbose_name="主送")),
                ("copies", models.JSONField(blank=True, default=list, verbose_name="抄送")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="plans.plan",
                        verbose_name="上级方案",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="departments.region",
                        verbose_name="地区",
                    ),
                ),
            ],
            options={
                "verbose_name": "方案",
                "ordering": ["-start_year", "id"],
                "indexes": [
                    models.Index(fields=["region", "state"], name="plans_plan_region__acb354_idx")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("end_year__gte", models.F("start_year"))),
                        name="plans_plan_years",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Phase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("span_start", models.PositiveIntegerField(blank=True, null=True)),
                ("span_end", models.PositiveIntegerField(blank=True, null=True)),
                ("name", models.CharField(max_length=200, verbose_name="阶段")),
                ("start", models.DateField(verbose_name="开始")),
                ("end", models.DateField(verbose_name="结束")),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="phases",
                        to="plans.plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "阶段",
                "ordering": ["position"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("end__gte", models.F("start"))),
                        name="plans_phase_dates",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Duty",
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
                    "who",
                    models.CharField(blank=True, max_length=200, null=True, verbose_name="责任方"),
                ),
                (
                    "every",
                    models.CharField(blank=True, max_length=40, null=True, verbose_name="周期"),
                ),
                ("due", models.DateField(blank=True, null=True, verbose_name="时限")),
                ("quote", models.TextField(verbose_name="原文")),
                ("proof", models.CharField(blank=True, max_length=200, verbose_name="凭证")),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "measure",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="duties",
                        to="plans.measure",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="duties",
                        to="plans.plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "固定任务",
                "ordering": ["plan", "position"],
            },
        ),
        migrations.AddField(
            model_name="draft",
            name="plan",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="draft",
                to="plans.plan",
            ),
        ),
        migrations.CreateModel(
            name="Amendment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject_type", models.CharField(max_length=40)),
                ("subject_id", models.BigIntegerField()),
                ("field", models.CharField(max_length=40)),
                ("before", models.TextField()),
                ("after", models.TextField()),
                ("reason", models.CharField(max_length=300, verbose_name="理由")),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="amendments",
                        to="plans.plan",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="plans_amendment_has_reason",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="action",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="actions", to="plans.plan"
            ),
        ),
        migrations.CreateModel(
            name="PlanSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "group_name",
                    models.CharField(
                        default="全民科学素质工作领导小组",
                        max_length=60,
                        verbose_name="领导机构名称",
                    ),
                ),
                (
                    "office_name",
                    models.CharField(default="纲要办", max_length=60, verbose_name="办事机构简称"),
                ),
                (
                    "signature_name",
                    models.CharField(
                        default="全民科学素质工作领导小组办公室",
                        max_length=60,
                        verbose_name="公文署名",
                    ),
                ),
                (
                    "behind_points",
                    models.PositiveSmallIntegerField(default=10, verbose_name="滞后界限（百分点）"),
                ),
                (
                    "far_behind_points",
                    models.PositiveSmallIntegerField(
                        default=30, verbose_name="严重滞后界限（百分点）"
                    ),
                ),
                (
                    "schedule_from",
                    models.CharField(
                        choices=[("start", "自起始年 1 月 1 日起"), ("issued", "自印发之日起")],
                        default="start",
                        max_length=8,
                        verbose_name="五年序时起点",
                    ),
                ),
                (
                    "needs_signoff",
                    models.BooleanField(default=False, verbose_name="报送前须本单位审签"),
                ),
                ("ranking", models.BooleanField(default=False, verbose_name="单位排名")),
                (
                    "units_on_screen",
                    models.BooleanField(default=False, verbose_name="大屏显示单位名称"),
                ),
                (
                    "annual_draft_on",
                    models.CharField(
                        blank=True,
                        default="",
                        max_length=5,
                        verbose_name="年度报告初稿自动生成的日期",
                    ),
                ),
                (
                    "plan",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="settings",
                        to="plans.plan",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("far_behind_points__gt", models.F("behind_points"))),
                        name="plans_settings_thresholds",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Responsibility",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("span_start", models.PositiveIntegerField(blank=True, null=True)),
                ("span_end", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "role",
                    models.CharField(
                        choices=[("lead", "牵头"), ("responsible", "负责"), ("cooperate", "配合")],
                        max_length=12,
                        verbose_name="职责",
                    ),
                ),
                ("printed_name", models.CharField(max_length=120, verbose_name="原文名称")),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "action",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="responsibilities",
                        to="plans.action",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responsibilities",
                        to="departments.department",
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="responsibilities",
                        to="plans.measure",
                    ),
                ),
            ],
            options={
                "verbose_name": "责任分工",
                "ordering": ["position"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("action__isnull", True), ("measure__isnull", False)),
                            models.Q(("action__isnull", False), ("measure__isnull", True)),
                            _connector="OR",
                        ),
                        name="plans_responsibility_one_place",
                    ),
                    models.UniqueConstraint(
                        fields=("action", "role", "printed_name"),
                        name="plans_responsibility_action_once",
                    ),
                    models.UniqueConstraint(
                        fields=("measure", "role", "printed_name"),
                        name="plans_responsibility_measure_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SourceDocument",
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
                ("file", models.FileField(upload_to="documents/")),
                ("name", models.CharField(max_length=200, verbose_name="文件名")),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("size", models.PositiveIntegerField()),
                ("text", models.TextField()),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="plan",
            name="source",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="plans",
                to="plans.sourcedocument",
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="drafts",
                to="plans.sourcedocument",
            ),
        ),
        migrations.CreateModel(
            name="DraftItem",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("action", "重点任务"),
                            ("measure", "措施"),
                            ("unit", "责任单位"),
                            ("target", "目标"),
                            ("duty", "固定任务"),
                            ("phase", "阶段"),
                        ],
                        max_length=8,
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("data", models.JSONField(default=dict)),
                ("dropped", models.BooleanField(default=False)),
                ("edited", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="plans.draft",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="children",
                        to="plans.draftitem",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
                "indexes": [
                    models.Index(
                        fields=["draft", "kind", "position"], name="plans_draft_draft_i_3eb2ee_idx"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DraftName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("printed", models.CharField(max_length=120)),
                ("new_name", models.CharField(blank=True, max_length=120, verbose_name="名称")),
                ("new_kind", models.CharField(blank=True, max_length=20, verbose_name="类别")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="departments.department",
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="names",
                        to="plans.draft",
                    ),
                ),
                (
                    "new_region",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="departments.region",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("draft", "printed"), name="plans_draft_name_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("department__isnull", False), ("new_name", "")),
                            models.Q(
                                ("department__isnull", True),
                                models.Q(("new_name", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="plans_draft_name_decides",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.UniqueConstraint(
                fields=("plan", "position"), name="plans_action_position"
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(
                fields=("source", "part"), name="plans_plan_once_per_source"
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(
                fields=("source", "part"), name="plans_draft_once_per_source"
            ),
        ),
    ]
