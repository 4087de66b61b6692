"""Scorecards of departments: a year's scheme, its items, cards, scores and their steps."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("departments", "0001_initial"),
        ("plans", "0001_initial"),
        ("reports", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ScoreItem",
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
                ("position", models.PositiveSmallIntegerField()),
                ("level1", models.CharField(max_length=60, verbose_name="一级指标")),
                ("level2", models.CharField(max_length=120, verbose_name="二级指标")),
                ("standard", models.TextField(verbose_name="评分标准")),
                (
                    "points",
                    models.DecimalField(decimal_places=2, max_digits=6, verbose_name="分值"),
                ),
                (
                    "rule",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "人工评分"),
                            ("on_time", "按时报送"),
                            ("no_return", "一次通过"),
                            ("tasks_done", "任务完成"),
                            ("supervision", "督办按时办结"),
                            ("indicators", "指标数据核对"),
                        ],
                        max_length=20,
                        verbose_name="计分方式",
                    ),
                ),
            ],
            options={
                "verbose_name": "考核项目",
                "ordering": ["scheme", "position"],
            },
        ),
        migrations.CreateModel(
            name="ScoreCard",
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
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "待自评"),
                            ("self_rated", "待审核"),
                            ("checked", "已审核，待反馈"),
                            ("told", "已反馈"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("rated_at", models.DateTimeField(null=True, verbose_name="自评报送时间")),
                ("checked_at", models.DateTimeField(null=True, verbose_name="审核时间")),
                ("own_check", models.BooleanField(default=False, verbose_name="本单位自核")),
                ("told_at", models.DateTimeField(null=True, verbose_name="反馈时间")),
                (
                    "checked_by",
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
                        related_name="score_cards",
                        to="departments.department",
                    ),
                ),
            ],
            options={
                "verbose_name": "考核评分表",
                "ordering": ["scheme", "department"],
            },
        ),
        migrations.CreateModel(
            name="Score",
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
                ("full", models.DecimalField(decimal_places=2, max_digits=6)),
                (
                    "self_points",
                    models.DecimalField(
                        decimal_places=2, max_digits=6, null=True, verbose_name="自评分"
                    ),
                ),
                (
                    "self_note",
                    models.CharField(blank=True, max_length=500, verbose_name="自评说明"),
                ),
                (
                    "points",
                    models.DecimalField(
                        decimal_places=2, max_digits=6, null=True, verbose_name="审核分"
                    ),
                ),
                ("no_basis", models.BooleanField(default=False, verbose_name="无依据")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="扣分原因")),
                ("found", models.JSONField(null=True)),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scores",
                        to="reports.scorecard",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="reports.scoreitem",
                    ),
                ),
            ],
            options={
                "verbose_name": "评分",
                "ordering": ["card", "item__position"],
            },
        ),
        migrations.CreateModel(
            name="ScoreDocument",
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
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "考核细则文件",
            },
        ),
        migrations.CreateModel(
            name="ScoreScheme",
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
                ("title", models.CharField(max_length=120, verbose_name="名称")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "录入中"), ("approved", "已确认")],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "document_number",
                    models.CharField(blank=True, max_length=60, verbose_name="发文字号"),
                ),
                ("approved_on", models.DateField(blank=True, null=True, verbose_name="批准日期")),
                (
                    "approving_body",
                    models.CharField(blank=True, max_length=120, verbose_name="批准机关"),
                ),
                (
                    "rate_until",
                    models.DateField(blank=True, null=True, verbose_name="自评截止日期"),
                ),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "sent_back_reason",
                    models.CharField(blank=True, max_length=300, verbose_name="退回理由"),
                ),
                ("sent_back_at", models.DateTimeField(null=True, verbose_name="退回时间")),
                (
                    "sent_back_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="schemes",
                        to="reports.scoredocument",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="score_schemes",
                        to="plans.plan",
                        verbose_name="方案",
                    ),
                ),
            ],
            options={
                "verbose_name": "考核细则",
                "ordering": ["-year", "plan", "id"],
            },
        ),
        migrations.AddField(
            model_name="scoreitem",
            name="scheme",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="items",
                to="reports.scorescheme",
            ),
        ),
        migrations.AddField(
            model_name="scorecard",
            name="scheme",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cards",
                to="reports.scorescheme",
            ),
        ),
        migrations.CreateModel(
            name="ScoreStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("verb", models.CharField(max_length=12)),
                ("from_state", models.CharField(max_length=10)),
                ("to_state", models.CharField(max_length=10)),
                ("acting_as", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                ("text", models.CharField(blank=True, max_length=300)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="reports.scorecard",
                    ),
                ),
            ],
            options={
                "verbose_name": "评分表流转",
                "ordering": ["card", "id"],
            },
        ),
        migrations.CreateModel(
            name="ScoreEvidence",
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
                    "score",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="reports.score",
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
                "verbose_name": "自评佐证",
                "ordering": ["score", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("score", "sha256"), name="reports_score_file_once"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.UniqueConstraint(fields=("card", "item"), name="reports_score_once"),
        ),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("self_points__isnull", True),
                    models.Q(("self_points__gte", 0), ("self_points__lte", models.F("full"))),
                    _connector="OR",
                ),
                name="reports_score_self_points",
            ),
        ),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("points__isnull", True),
                    models.Q(("points__gte", 0), ("points__lte", models.F("full"))),
                    _connector="OR",
                ),
                name="reports_score_points",
            ),
        ),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("points__isnull", True),
                    ("points", models.F("full")),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="reports_score_less_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.CheckConstraint(
                condition=models.Q(("no_basis", False), ("points__isnull", True), _connector="OR"),
                name="reports_score_no_basis_no_points",
            ),
        ),
        migrations.AddConstraint(
            model_name="scorescheme",
            constraint=models.UniqueConstraint(
                fields=("plan", "year"), name="reports_scheme_once_a_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="scorescheme",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "draft"),
                    models.Q(
                        ("approved_on__isnull", False),
                        ("confirmed_at__isnull", False),
                        ("confirmed_by__isnull", False),
                        ("document__isnull", False),
                        models.Q(("document_number", ""), _negated=True),
                        models.Q(("approving_body", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="reports_scheme_approved_has_document",
            ),
        ),
        migrations.AddConstraint(
            model_name="scorescheme",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "approved"), ("rate_until__isnull", True), _connector="OR"
                ),
                name="reports_scheme_asks_when_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="scorescheme",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sent_back_at__isnull", True),
                    models.Q(
                        ("sent_back_by__isnull", False),
                        ("state", "draft"),
                        models.Q(("sent_back_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="reports_scheme_sent_back_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="scoreitem",
            constraint=models.UniqueConstraint(
                fields=("scheme", "position"), name="reports_scoreitem_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="scoreitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("points__gt", 0)), name="reports_scoreitem_points"
            ),
        ),
        migrations.AddConstraint(
            model_name="scoreitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "rule__in",
                        ["", "on_time", "no_return", "tasks_done", "supervision", "indicators"],
                    )
                ),
                name="reports_scoreitem_rule_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="scorecard",
            constraint=models.UniqueConstraint(
                fields=("scheme", "department"), name="reports_card_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="scorecard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "draft"), ("rated_at__isnull", False), _connector="OR"
                ),
                name="reports_card_rated",
            ),
        ),
        migrations.AddConstraint(
            model_name="scorecard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["checked", "told"]), _negated=True),
                    models.Q(("checked_at__isnull", False), ("checked_by__isnull", False)),
                    _connector="OR",
                ),
                name="reports_card_checked",
            ),
        ),
        migrations.AddConstraint(
            model_name="scorecard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "told"), _negated=True),
                    ("told_at__isnull", False),
                    _connector="OR",
                ),
                name="reports_card_told",
            ),
        ),
    ]
