"""Compiled reports and their facts."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("plans", "0001_initial"),
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
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "withdrawn"), _negated=True),
                        fields=("plan", "kind", "year"),
                        name="reports_report_once",
                    )
                ],
            },
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
                ("facts", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("docx", models.FileField(upload_to="reports/")),
                ("pdf", models.FileField(upload_to="reports/")),
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("report", "number"), name="reports_version_number"
                    )
                ],
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
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "key"), name="reports_fact_once")
                ],
            },
        ),
    ]
