"""The year's tasks, reporting, supervision, events."""

import uuid
from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tasks.models.work


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("departments", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("plans", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Assignment",
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
                    "role",
                    models.CharField(
                        choices=[("lead", "汇总"), ("responsible", "负责"), ("cooperate", "配合")],
                        max_length=12,
                        verbose_name="职责",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="departments.department",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="departments.department",
                    ),
                ),
            ],
            options={
                "verbose_name": "承办",
                "ordering": ["task", "id"],
            },
        ),
        migrations.CreateModel(
            name="Entry",
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
                        choices=[("report", "报纲要办"), ("part", "报汇总单位")],
                        max_length=8,
                        verbose_name="报送对象",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("awaiting_signoff", "待本单位审签"),
                            ("submitted", "待核对"),
                            ("approved", "已核对"),
                            ("returned", "已退回"),
                            ("taken_over", "已采纳"),
                            ("waived", "本期免报"),
                        ],
                        default="draft",
                        max_length=18,
                        verbose_name="状态",
                    ),
                ),
                ("draft", models.JSONField(default=dict)),
                ("version", models.PositiveIntegerField(default=0)),
                ("ready", models.BooleanField(default=False, verbose_name="已填好")),
                ("approved_at", models.DateTimeField(null=True)),
                ("own_check", models.BooleanField(default=False, verbose_name="本单位自核")),
                (
                    "rating",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("behind", "欠进度"),
                            ("on_track", "达进度"),
                            ("ahead", "超进度"),
                            ("done", "已完成"),
                        ],
                        max_length=10,
                        verbose_name="核对评定",
                    ),
                ),
                (
                    "waive_reason",
                    models.CharField(blank=True, max_length=300, verbose_name="免报理由"),
                ),
                ("open_until", models.DateField(null=True, verbose_name="重新开放至")),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="tasks.assignment",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="departments.department",
                    ),
                ),
            ],
            options={
                "verbose_name": "填报",
                "ordering": ["period", "task", "id"],
                "indexes": [
                    models.Index(
                        fields=["department", "state"], name="tasks_entry_departm_ba7fe5_idx"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "waived"), _negated=True),
                            models.Q(("waive_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="tasks_entry_waived_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "part"),
                            models.Q(("state", "taken_over"), _negated=True),
                            _connector="OR",
                        ),
                        name="tasks_entry_part_states",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Consultation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField(verbose_name="征求日期")),
                ("answer", models.CharField(blank=True, max_length=500, verbose_name="答复")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="departments.department",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consultations",
                        to="tasks.entry",
                    ),
                ),
            ],
            options={
                "verbose_name": "征求意见",
                "ordering": ["entry", "id"],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file", models.FileField(upload_to="evidence/")),
                ("name", models.CharField(max_length=200, verbose_name="文件名")),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField(verbose_name="大小")),
                ("media_type", models.CharField(max_length=100)),
                ("uploaded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "purpose",
                    models.CharField(
                        choices=[("evidence", "佐证材料"), ("stamped", "盖章件")],
                        default="evidence",
                        max_length=8,
                        verbose_name="用途",
                    ),
                ),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="tasks.entry",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "佐证材料",
                "ordering": ["entry", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at__isnull", True)),
                        fields=("entry", "sha256"),
                        name="tasks_evidence_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Instruction",
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
                        choices=[("demand", "领导要求"), ("written", "批示登记")],
                        max_length=8,
                        verbose_name="类型",
                    ),
                ),
                ("leader", models.CharField(max_length=60, verbose_name="领导")),
                ("on", models.DateField(verbose_name="日期")),
                ("words", models.TextField(verbose_name="内容")),
                ("subject", models.CharField(blank=True, max_length=300, verbose_name="针对")),
                ("subject_view", models.CharField(blank=True, max_length=60)),
                ("subject_id", models.BigIntegerField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_note", models.CharField(blank=True, max_length=300, verbose_name="处理")),
                ("token", models.UUIDField(editable=False, null=True, unique=True)),
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="plans.plan",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instructions",
                        to="departments.region",
                    ),
                ),
            ],
            options={
                "verbose_name": "领导要求",
                "ordering": ["-on", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True),
                        name="tasks_instruction_has_words",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Period",
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
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("starts", models.DateField(verbose_name="报告期始")),
                ("ends", models.DateField(verbose_name="报告期止")),
                ("opens_on", models.DateField(verbose_name="启动日期")),
                ("due_on", models.DateField(verbose_name="报送时限")),
                ("closes_on", models.DateField(verbose_name="截止日期")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("scheduled", "未启动"),
                            ("open", "填报中"),
                            ("grace", "已过期，仍可补报"),
                            ("closed", "已截止"),
                            ("frozen", "已归档"),
                        ],
                        default="scheduled",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("opened_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("frozen_at", models.DateTimeField(null=True)),
                (
                    "by_calendar",
                    models.BooleanField(default=True, verbose_name="按日期自动启动和截止"),
                ),
                ("retrospective", models.BooleanField(default=False, verbose_name="补录")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="periods",
                        to="departments.region",
                    ),
                ),
            ],
            options={
                "verbose_name": "填报期",
                "ordering": ["region", "-ends", "-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("region", "name"), name="tasks_period_once"),
                    models.UniqueConstraint(
                        fields=("region", "starts", "ends"), name="tasks_period_days_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends__gte", models.F("starts")),
                            ("due_on__gte", models.F("opens_on")),
                            ("closes_on__gte", models.F("due_on")),
                        ),
                        name="tasks_period_dates",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Extension",
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
                ("until", models.DateField(verbose_name="延至")),
                ("reason", models.CharField(max_length=300, verbose_name="理由")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="departments.department",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="extensions",
                        to="tasks.period",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("period", "department"), name="tasks_extension_once"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="entry",
            name="period",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="tasks.period",
            ),
        ),
        migrations.CreateModel(
            name="ReportingRules",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "rhythm",
                    models.CharField(
                        choices=[
                            ("monthly", "每月"),
                            ("quarterly", "每季度"),
                            ("half_yearly", "每半年"),
                            ("yearly", "每年"),
                        ],
                        default="half_yearly",
                        max_length=12,
                        verbose_name="填报周期",
                    ),
                ),
                (
                    "fill_days",
                    models.PositiveSmallIntegerField(default=15, verbose_name="填报时间（工作日）"),
                ),
                (
                    "grace_days",
                    models.PositiveSmallIntegerField(default=10, verbose_name="补报时间（工作日）"),
                ),
                (
                    "check_days",
                    models.PositiveSmallIntegerField(default=5, verbose_name="核对时间（工作日）"),
                ),
                (
                    "remind_days",
                    models.JSONField(
                        default=tasks.models.work.default_remind_days,
                        verbose_name="提前提醒（工作日）",
                    ),
                ),
                (
                    "most_reminders",
                    models.PositiveSmallIntegerField(
                        default=6, verbose_name="每期最多自动提醒次数"
                    ),
                ),
                (
                    "supervision_soon_days",
                    models.PositiveSmallIntegerField(
                        default=5, verbose_name="督办临期提醒（工作日）"
                    ),
                ),
                (
                    "region",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reporting_rules",
                        to="departments.region",
                    ),
                ),
            ],
            options={
                "verbose_name": "填报规则",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("check_days__gte", 1), ("fill_days__gte", 1)),
                        name="tasks_rules_days",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("of_version", models.PositiveIntegerField()),
                (
                    "percent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        verbose_name="完成比例",
                    ),
                ),
                (
                    "quantity",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="完成数量",
                    ),
                ),
                (
                    "self_rating",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("behind", "欠进度"),
                            ("on_track", "达进度"),
                            ("ahead", "超进度"),
                            ("done", "已完成"),
                        ],
                        max_length=10,
                        verbose_name="本单位自评",
                    ),
                ),
                ("done", models.TextField(verbose_name="进展情况")),
                ("problems", models.TextField(blank=True, verbose_name="存在问题")),
                ("next_steps", models.TextField(blank=True, verbose_name="下一步打算")),
                ("is_late", models.BooleanField(default=False, verbose_name="迟报")),
                ("unchanged", models.BooleanField(default=False, verbose_name="无变化")),
                ("prefilled", models.PositiveSmallIntegerField(default=0)),
                ("is_correction", models.BooleanField(default=False, verbose_name="归档后更正")),
                ("submitted_at", models.DateTimeField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="tasks.entry",
                    ),
                ),
                ("evidence", models.ManyToManyField(related_name="revisions", to="tasks.evidence")),
                (
                    "submitted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "报送稿",
                "ordering": ["entry", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("entry", "number"), name="tasks_revision_number"
                    ),
                    models.UniqueConstraint(
                        fields=("entry", "of_version"), name="tasks_revision_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("percent__isnull", True),
                            models.Q(("percent__gte", 0), ("percent__lte", 100)),
                            _connector="OR",
                        ),
                        name="tasks_revision_percent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("quantity__isnull", True), ("quantity__gte", 0), _connector="OR"
                        ),
                        name="tasks_revision_quantity",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="entry",
            name="approved",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tasks.revision",
            ),
        ),
        migrations.AddField(
            model_name="entry",
            name="submitted",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tasks.revision",
            ),
        ),
        migrations.CreateModel(
            name="Sheet",
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
                        choices=[("tasks", "重点任务分工表"), ("entries", "工作进展情况表")],
                        max_length=8,
                        verbose_name="类型",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(null=True)),
                ("applied_at", models.DateTimeField(null=True)),
                ("result", models.JSONField(default=dict)),
                (
                    "department",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="departments.department",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tasks.period",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="plans.plan",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="departments.region",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "回填表格",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "tasks"), ("plan__isnull", False), ("year__isnull", False)
                            ),
                            models.Q(("kind", "entries"), ("period__isnull", False)),
                            _connector="OR",
                        ),
                        name="tasks_sheet_scope",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SupervisionItem",
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
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("serial", models.PositiveSmallIntegerField(verbose_name="序号")),
                ("decision", models.CharField(blank=True, max_length=300, verbose_name="其他依据")),
                ("title", models.CharField(max_length=300, verbose_name="督办事项")),
                ("requirement", models.TextField(blank=True, verbose_name="办理要求")),
                ("assigned_on", models.DateField(verbose_name="交办日期")),
                ("due", models.DateField(null=True, verbose_name="办理时限")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "待签收"),
                            ("working", "办理中"),
                            ("reviewing", "待审核"),
                            ("settled", "已办结"),
                            ("struck", "已销号"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("settled_on", models.DateField(null=True, verbose_name="办结日期")),
                ("opinion", models.CharField(blank=True, max_length=300, verbose_name="销号意见")),
                ("token", models.UUIDField(editable=False, null=True, unique=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supervision",
                        to="departments.department",
                    ),
                ),
                (
                    "helpers",
                    models.ManyToManyField(
                        blank=True, related_name="supervision_helped", to="departments.department"
                    ),
                ),
                (
                    "instruction",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="tasks.instruction",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="plans.plan",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supervision",
                        to="departments.region",
                    ),
                ),
            ],
            options={
                "verbose_name": "督办件",
                "ordering": ["region", "-year", "-serial"],
                "indexes": [
                    models.Index(
                        fields=["department", "state"], name="tasks_super_departm_42036b_idx"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region", "year", "serial"), name="tasks_supervision_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("instruction__isnull", False),
                            models.Q(("decision", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="tasks_supervision_has_basis",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["settled", "struck"]), _negated=True),
                            ("settled_on__isnull", False),
                            _connector="OR",
                        ),
                        name="tasks_supervision_settled_on",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "struck"), _negated=True),
                            models.Q(("opinion", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="tasks_supervision_struck_has_opinion",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("calendar", "到期提醒"), ("nudge", "催办")],
                        max_length=8,
                        verbose_name="类型",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("notice", "站内通知"),
                            ("mail", "邮件"),
                            ("phone", "电话"),
                            ("in_person", "当面"),
                        ],
                        max_length=10,
                        verbose_name="方式",
                    ),
                ),
                ("on", models.DateField(verbose_name="日期")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("stage", models.SmallIntegerField(null=True, verbose_name="距时限工作日")),
                ("entries", models.PositiveIntegerField(default=0, verbose_name="未报项数")),
                ("words", models.CharField(blank=True, max_length=300, verbose_name="内容")),
                (
                    "by",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="departments.department",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="tasks.period",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="tasks.supervisionitem",
                    ),
                ),
            ],
            options={
                "verbose_name": "催办记录",
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        fields=["period", "department", "on"], name="tasks_remin_period__2e89ff_idx"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("item__isnull", True), ("period__isnull", False)),
                            models.Q(("item__isnull", False), ("period__isnull", True)),
                            _connector="OR",
                        ),
                        name="tasks_reminder_one_subject",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("by__isnull", True), ("kind", "calendar")),
                            models.Q(("by__isnull", False), ("kind", "nudge")),
                            _connector="OR",
                        ),
                        name="tasks_reminder_by",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "calendar"), ("period__isnull", False)),
                        fields=("period", "department", "person", "channel", "on"),
                        name="tasks_reminder_period_once_a_day",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("item__isnull", False), ("kind", "calendar")),
                        fields=("item", "department", "person", "channel", "on"),
                        name="tasks_reminder_item_once_a_day",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("channel", "notice"), ("kind", "nudge"), ("period__isnull", False)
                        ),
                        fields=("period", "department", "on"),
                        name="tasks_reminder_nudge_once_a_day",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("channel", "notice"), ("item__isnull", False), ("kind", "nudge")
                        ),
                        fields=("item", "department", "person", "on"),
                        name="tasks_reminder_item_nudge_once_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExtensionRequest",
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
                ("before", models.DateField(verbose_name="原时限")),
                ("until", models.DateField(verbose_name="申请延至")),
                ("reason", models.CharField(max_length=300, verbose_name="理由")),
                ("at", models.DateTimeField()),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[("granted", "同意"), ("refused", "不同意")],
                        max_length=8,
                        verbose_name="答复",
                    ),
                ),
                ("answer_note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extensions",
                        to="tasks.supervisionitem",
                    ),
                ),
            ],
            options={
                "verbose_name": "延期申请",
                "ordering": ["item", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answer", "")),
                        fields=("item",),
                        name="tasks_extension_request_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("before"))),
                        name="tasks_extension_request_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SupervisionStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("verb", models.CharField(max_length=16)),
                ("from_state", models.CharField(blank=True, max_length=10)),
                ("to_state", models.CharField(max_length=10)),
                ("acting_as", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField(db_index=True)),
                ("text", models.TextField(blank=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="tasks.supervisionitem",
                    ),
                ),
            ],
            options={
                "verbose_name": "督办流转",
                "ordering": ["item", "id"],
            },
        ),
        migrations.CreateModel(
            name="SupervisionFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file", models.FileField(upload_to="evidence/")),
                ("name", models.CharField(max_length=200, verbose_name="文件名")),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField(verbose_name="大小")),
                ("media_type", models.CharField(max_length=100)),
                ("uploaded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "instruction",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="tasks.instruction",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="tasks.supervisionitem",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="tasks.supervisionstep",
                    ),
                ),
            ],
            options={
                "verbose_name": "督办材料",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("instruction__isnull", True), ("item__isnull", False)),
                            models.Q(
                                ("instruction__isnull", False),
                                ("item__isnull", True),
                                ("step__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="tasks_supervision_file_one_place",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Task",
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
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("title", models.CharField(max_length=300, verbose_name="任务")),
                (
                    "deliverable",
                    models.CharField(blank=True, max_length=300, verbose_name="成果形式"),
                ),
                (
                    "evidence_required",
                    models.BooleanField(default=False, verbose_name="须附佐证材料"),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="备注")),
                (
                    "kind",
                    models.CharField(
                        choices=[("quantity", "数量"), ("milestone", "节点"), ("routine", "常态")],
                        default="milestone",
                        max_length=10,
                        verbose_name="类型",
                    ),
                ),
                ("starts", models.DateField(verbose_name="开始")),
                ("due", models.DateField(verbose_name="完成时限")),
                (
                    "weight",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("1"), max_digits=6, verbose_name="权重"
                    ),
                ),
                (
                    "quantity",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="目标数量",
                    ),
                ),
                ("unit", models.CharField(blank=True, max_length=20, verbose_name="计量单位")),
                (
                    "gathering",
                    models.CharField(
                        choices=[
                            ("proposed", "待确认"),
                            ("confirmed", "已确认"),
                            ("none", "各单位分别报送"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="汇总单位",
                    ),
                ),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "cancel_reason",
                    models.CharField(blank=True, max_length=300, verbose_name="取消理由"),
                ),
                (
                    "continues",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="continued_by",
                        to="tasks.task",
                    ),
                ),
                (
                    "duty",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="plans.duty",
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="plans.measure",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handed_down",
                        to="tasks.task",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="plans.plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "年度任务",
                "ordering": [
                    "plan",
                    "year",
                    "measure__action__position",
                    "measure__position",
                    "id",
                ],
                "indexes": [
                    models.Index(fields=["plan", "year"], name="tasks_task_plan_id_c1c64c_idx")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("due__gte", models.F("starts"))),
                        name="tasks_task_window",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weight__gt", 0)), name="tasks_task_weight"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "quantity"), _negated=True),
                            ("quantity__gt", 0),
                            _connector="OR",
                        ),
                        name="tasks_task_quantity",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cancelled_at__isnull", True),
                            models.Q(("cancel_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="tasks_task_cancel_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("measure__isnull", False),
                            ("duty__isnull", False),
                            ("parent__isnull", False),
                            _connector="OR",
                        ),
                        name="tasks_task_has_basis",
                    ),
                    models.UniqueConstraint(
                        fields=("plan", "year", "duty", "title"), name="tasks_task_duty_once_a_year"
                    ),
                    models.UniqueConstraint(
                        fields=("plan", "year", "measure", "title"), name="tasks_task_once_a_year"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("measure__isnull", True)),
                        fields=("plan", "year", "parent", "title"),
                        name="tasks_task_handed_down_once",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="supervisionitem",
            name="task",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="supervision",
                to="tasks.task",
            ),
        ),
        migrations.CreateModel(
            name="Judgement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "percent",
                    models.DecimalField(decimal_places=2, max_digits=5, verbose_name="完成比例"),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="理由")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="judgements",
                        to="tasks.period",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="judgements",
                        to="tasks.task",
                    ),
                ),
            ],
            options={
                "verbose_name": "综合判定",
                "ordering": ["task", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("percent__gte", 0), ("percent__lte", 100)),
                        name="tasks_judgement_percent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="tasks_judgement_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
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
                        choices=[
                            ("meeting", "会议"),
                            ("activity", "活动"),
                            ("training", "培训"),
                            ("visit", "调研督导"),
                            ("information", "信息"),
                        ],
                        max_length=12,
                        verbose_name="类型",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="名称")),
                ("on", models.DateField(verbose_name="日期")),
                ("ends", models.DateField(blank=True, null=True, verbose_name="结束日期")),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="地点")),
                (
                    "people",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="参加人数"),
                ),
                ("summary", models.TextField(blank=True, verbose_name="内容")),
                ("token", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("struck_at", models.DateTimeField(null=True)),
                (
                    "struck_reason",
                    models.CharField(blank=True, max_length=300, verbose_name="删除理由"),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="departments.department",
                    ),
                ),
                (
                    "duty",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="plans.duty",
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="plans.measure",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="departments.region",
                    ),
                ),
                (
                    "town",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="departments.region",
                        verbose_name="镇（街道）或县（市、区）",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="tasks.task",
                    ),
                ),
            ],
            options={
                "verbose_name": "活动台账",
                "ordering": ["-on", "-id"],
                "indexes": [
                    models.Index(fields=["region", "on"], name="tasks_event_region__a044e4_idx"),
                    models.Index(
                        fields=["department", "on"], name="tasks_event_departm_079c94_idx"
                    ),
                    models.Index(fields=["duty", "on"], name="tasks_event_duty_id_239261_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends__isnull", True), ("ends__gte", models.F("on")), _connector="OR"
                        ),
                        name="tasks_event_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("struck_at__isnull", True),
                            models.Q(("struck_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="tasks_event_struck_has_reason",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="entry",
            name="task",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="tasks.task"
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="task",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="assignments",
                to="tasks.task",
            ),
        ),
        migrations.CreateModel(
            name="Transition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("verb", models.CharField(max_length=12)),
                ("from_state", models.CharField(max_length=18)),
                ("to_state", models.CharField(max_length=18)),
                ("acting_as", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField(db_index=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("reasons", models.JSONField(default=dict)),
                (
                    "rating",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("behind", "欠进度"),
                            ("on_track", "达进度"),
                            ("ahead", "超进度"),
                            ("done", "已完成"),
                        ],
                        max_length=10,
                        verbose_name="核对评定",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transitions",
                        to="tasks.entry",
                    ),
                ),
                (
                    "previous",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tasks.revision",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tasks.revision",
                    ),
                ),
            ],
            options={
                "verbose_name": "流转记录",
                "ordering": ["entry", "id"],
            },
        ),
        migrations.CreateModel(
            name="EventFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file", models.FileField(upload_to="evidence/")),
                ("name", models.CharField(max_length=200, verbose_name="文件名")),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField(verbose_name="大小")),
                ("media_type", models.CharField(max_length=100)),
                ("uploaded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="tasks.event",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "活动材料",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("event", "sha256"), name="tasks_event_file_once"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["task", "state"], name="tasks_entry_task_id_abb423_idx"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(
                fields=("period", "assignment"), name="tasks_entry_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "approved"), _negated=True),
                    ("approved__isnull", False),
                    _connector="OR",
                ),
                name="tasks_entry_approved_has_revision",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                fields=("task", "department"), name="tasks_assignment_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("role", "lead")),
                fields=("task",),
                name="tasks_assignment_one_lead",
            ),
        ),
    ]
