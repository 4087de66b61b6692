"""Compiled reports, their versions and facts, and what people do with them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("departments", "0001_initial"),
        ("plans", "0001_initial"),
        ("tasks", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Report",
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
                            ("annual", "年度报告"),
                            ("biennial", "两年总结"),
                            ("midterm", "中期评估报告"),
                            ("five_year", "五年总结评估报告"),
                            ("department", "单位年度小结"),
                            ("bulletin", "工作进展情况通报"),
                        ],
                        max_length=12,
                        verbose_name="种类",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "排队中"),
                            ("compiling", "生成中"),
                            ("draft", "起草"),
                            ("consulting", "征求意见"),
                            ("approved", "已审定"),
                            ("issued", "已印发"),
                            ("failed", "生成失败"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="queued",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("error", models.CharField(blank=True, max_length=500, verbose_name="失败原因")),
                (
                    "consult_until",
                    models.DateField(blank=True, null=True, verbose_name="反馈截止日期"),
                ),
                (
                    "document_number",
                    models.CharField(blank=True, max_length=60, verbose_name="发文字号"),
                ),
                (
                    "head_mark",
                    models.CharField(blank=True, max_length=60, verbose_name="发文机关标志"),
                ),
                ("issued_on", models.DateField(blank=True, null=True, verbose_name="成文日期")),
                (
                    "created_by",
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="departments.department",
                        verbose_name="单位",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tasks.period",
                        verbose_name="填报期",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="plans.plan",
                        verbose_name="方案",
                    ),
                ),
            ],
            options={
                "verbose_name": "报告",
                "ordering": ["-year", "-id"],
            },
        ),
        migrations.CreateModel(
            name="FailedAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("part", models.CharField(max_length=100)),
                ("facts", models.JSONField()),
                ("text", models.JSONField()),
                ("at", models.DateTimeField()),
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attempt",
                        to="reports.report",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReportVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("compiled", "按当时数据生成"),
                            ("edited", "文字修改后生成"),
                            ("stamped", "登记文号和日期后生成"),
                        ],
                        default="compiled",
                        max_length=10,
                    ),
                ),
                ("facts", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("text", models.JSONField(default=dict)),
                ("docx", models.FileField(upload_to="reports/")),
                ("pdf", models.FileField(upload_to="reports/")),
                ("xlsx", models.FileField(blank=True, upload_to="reports/")),
                ("notes", models.JSONField(default=list)),
                ("compiled_at", models.DateTimeField()),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="reports.report",
                    ),
                ),
            ],
            options={
                "ordering": ["report", "-number"],
            },
        ),
        migrations.CreateModel(
            name="ReportTransition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("verb", models.CharField(max_length=20)),
                ("source", models.CharField(max_length=12)),
                ("target", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
                ("note", models.TextField(blank=True)),
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
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transitions",
                        to="reports.report",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="reports.reportversion",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reviewer", models.CharField(max_length=60, verbose_name="审查人")),
                ("reviewed_on", models.DateField(verbose_name="审查日期")),
                ("opinion", models.CharField(max_length=300, verbose_name="审查意见")),
                ("docx", models.FileField(blank=True, upload_to="reports/")),
                ("pdf", models.FileField(blank=True, upload_to="reports/")),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_reason",
                    models.CharField(blank=True, max_length=300, verbose_name="撤下理由"),
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
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="reports.report",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="reports.reportversion"
                    ),
                ),
            ],
            options={
                "verbose_name": "公开发布",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Opinion",
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
                ("round", models.PositiveSmallIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "未反馈"),
                            ("agreed", "无意见"),
                            ("commented", "有意见"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="反馈",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="意见")),
                (
                    "source",
                    models.CharField(blank=True, max_length=200, verbose_name="反馈方式"),
                ),
                ("at", models.DateTimeField(null=True)),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("taken", "采纳"),
                            ("partly", "部分采纳"),
                            ("not_taken", "不采纳"),
                        ],
                        max_length=10,
                        verbose_name="处理",
                    ),
                ),
                ("answer_text", models.TextField(blank=True, verbose_name="处理说明")),
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
                        related_name="opinions",
                        to="departments.department",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions",
                        to="reports.report",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="reports.reportversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "征求意见",
                "ordering": ["report", "round", "department"],
            },
        ),
        migrations.CreateModel(
            name="Fact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("key", models.CharField(max_length=120)),
                ("value", models.CharField(max_length=200)),
                ("unit", models.CharField(blank=True, max_length=20)),
                ("label", models.CharField(max_length=300)),
                ("sources", models.JSONField(default=list)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fact_rows",
                        to="reports.reportversion",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="SectionText",
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
                ("key", models.CharField(max_length=40)),
                ("number", models.PositiveIntegerField(default=1)),
                ("blocks", models.JSONField()),
                ("written", models.CharField(max_length=64)),
                ("flags", models.JSONField(default=list)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="texts",
                        to="reports.report",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Outline",
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
                            ("annual", "年度报告"),
                            ("biennial", "两年总结"),
                            ("midterm", "中期评估报告"),
                            ("five_year", "五年总结评估报告"),
                            ("department", "单位年度小结"),
                            ("bulletin", "工作进展情况通报"),
                        ],
                        max_length=12,
                    ),
                ),
                ("sections", models.JSONField()),
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
                        related_name="outlines",
                        to="plans.plan",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "kind"), name="reports_outline_once")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("kind__in", ("annual", "biennial", "midterm", "five_year")),
                    models.Q(("state", "withdrawn"), _negated=True),
                ),
                fields=("plan", "kind", "year"),
                name="reports_report_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("kind", "department"), models.Q(("state", "withdrawn"), _negated=True)
                ),
                fields=("plan", "year", "department"),
                name="reports_report_of_unit_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("kind", "bulletin"), models.Q(("state", "withdrawn"), _negated=True)
                ),
                fields=("plan", "period"),
                name="reports_bulletin_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("department__isnull", False), ("kind", "department")),
                    models.Q(
                        models.Q(("kind", "department"), _negated=True),
                        ("department__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="reports_report_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "bulletin"), ("period__isnull", False)),
                    models.Q(
                        models.Q(("kind", "bulletin"), _negated=True), ("period__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="reports_report_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("head_mark", ""),
                    models.Q(("document_number", ""), _negated=True),
                    _connector="OR",
                ),
                name="reports_report_red_head",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportversion",
            constraint=models.UniqueConstraint(
                fields=("report", "number"), name="reports_version_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("report",),
                name="reports_publication_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True),
                    models.Q(("ended_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="reports_publication_ended_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.UniqueConstraint(
                fields=("report", "round", "department"), name="reports_opinion_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "commented"), _negated=True),
                    models.Q(("text", ""), _negated=True),
                    _connector="OR",
                ),
                name="reports_opinion_has_text",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer__in", ["partly", "not_taken"]), _negated=True),
                    models.Q(("answer_text", ""), _negated=True),
                    _connector="OR",
                ),
                name="reports_opinion_answer_has_text",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "waiting"), _negated=True),
                    ("source", ""),
                    _connector="OR",
                ),
                name="reports_opinion_source_of_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="fact",
            constraint=models.UniqueConstraint(fields=("version", "key"), name="reports_fact_once"),
        ),
        migrations.AddConstraint(
            model_name="fact",
            constraint=models.UniqueConstraint(
                fields=("version", "number"), name="reports_fact_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="sectiontext",
            constraint=models.UniqueConstraint(
                fields=("report", "key"), name="reports_section_once"
            ),
        ),
    ]
