"""Tables of core that name no person; the links to people follow in 0002."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_index=True, verbose_name="时间")),
                ("code", models.CharField(db_index=True, max_length=80, verbose_name="事件")),
                ("acting_as", models.CharField(blank=True, max_length=200, verbose_name="身份")),
                (
                    "region_path",
                    models.CharField(blank=True, db_index=True, max_length=40, verbose_name="地区"),
                ),
                (
                    "subject_type",
                    models.CharField(blank=True, max_length=60, verbose_name="对象类型"),
                ),
                ("subject_id", models.BigIntegerField(null=True, verbose_name="对象")),
                (
                    "result",
                    models.CharField(
                        choices=[("ok", "成功"), ("refused", "拒绝"), ("failed", "失败")],
                        default="ok",
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                ("address", models.GenericIPAddressField(null=True, verbose_name="地址")),
                ("detail", models.JSONField(default=dict, verbose_name="内容")),
                ("mac", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "审计记录",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("count", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=120)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("returned", "退回"),
                            ("approved", "已核对"),
                            ("waiting", "待我处理"),
                            ("due", "将到期"),
                            ("nudge", "催办"),
                            ("instruction", "要求"),
                            ("report", "报告"),
                        ],
                        max_length=12,
                        verbose_name="原因",
                    ),
                ),
                ("address", models.EmailField(max_length=254, verbose_name="收件地址")),
                ("subject", models.CharField(max_length=200, verbose_name="标题")),
                ("body", models.TextField(verbose_name="正文")),
                ("region_path", models.CharField(blank=True, max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "待发送"),
                            ("sending", "发送中"),
                            ("sent", "已发送"),
                            ("failed", "发送失败"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="queued",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="尝试次数")),
                ("error", models.CharField(blank=True, max_length=300, verbose_name="失败原因")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("send_after", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True, verbose_name="发送时间")),
            ],
            options={
                "verbose_name": "邮件",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("route", models.CharField(max_length=200)),
                ("key", models.CharField(max_length=100)),
                ("body_sha256", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("answer", models.JSONField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True, db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Job",
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
                ("kind", models.CharField(max_length=60)),
                ("subject_id", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "排队中"),
                            ("running", "进行中"),
                            ("done", "已完成"),
                            ("failed", "失败"),
                            ("cancelled", "已取消"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("progress", models.PositiveSmallIntegerField(default=0)),
                ("message", models.CharField(blank=True, max_length=200)),
                ("claim", models.UUIDField(editable=False, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("heartbeat", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("result", models.JSONField(default=dict)),
                ("error", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="MailPreference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("returned", "退回"),
                            ("approved", "已核对"),
                            ("waiting", "待我处理"),
                            ("due", "将到期"),
                            ("nudge", "催办"),
                            ("instruction", "要求"),
                            ("report", "报告"),
                        ],
                        max_length=12,
                        verbose_name="原因",
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("none", "不发邮件"),
                            ("digest", "每日汇总"),
                            ("at_once", "立即发送"),
                        ],
                        max_length=8,
                        verbose_name="邮件",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("returned", "退回"),
                            ("approved", "已核对"),
                            ("waiting", "待我处理"),
                            ("due", "将到期"),
                            ("nudge", "催办"),
                            ("instruction", "要求"),
                            ("report", "报告"),
                        ],
                        max_length=12,
                        verbose_name="原因",
                    ),
                ),
                ("event", models.CharField(max_length=120)),
                ("text", models.CharField(max_length=300, verbose_name="内容")),
                ("view", models.CharField(blank=True, max_length=60)),
                ("subject_id", models.BigIntegerField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("deliver_after", models.DateTimeField(db_index=True)),
                ("read_at", models.DateTimeField(null=True)),
                ("mailed_on", models.DateField(null=True)),
            ],
            options={
                "verbose_name": "通知",
                "ordering": ["-deliver_after", "-id"],
            },
        ),
        migrations.CreateModel(
            name="AuditSealed",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="sealed",
                        serialize=False,
                        to="core.auditevent",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
