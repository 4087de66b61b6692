"""Places, units, people, the roster."""

import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Department",
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
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("party", "党委部门"),
                            ("government", "政府部门"),
                            ("mass", "群团组织"),
                            ("association", "科协（纲要办）"),
                            ("institution", "院校、科研院所和其他单位"),
                            ("group", "单位集合"),
                        ],
                        default="government",
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="设立日期")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="撤销日期")),
                ("confirmed", models.BooleanField(default=True, verbose_name="已确认")),
            ],
            options={
                "verbose_name": "单位",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from__isnull", True),
                            ("valid_to__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="departments_department_dates",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="email address"),
                ),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="date joined"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=40, verbose_name="姓名")),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="电话")),
                ("must_change_password", models.BooleanField(default=False)),
                ("single_keys", models.BooleanField(default=True, verbose_name="单键快捷键")),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "用户",
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="GroupMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="group_members",
                        to="departments.department",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="in_groups",
                        to="departments.department",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("group", "member", "valid_from"),
                        name="departments_groupmember_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("group", models.F("member")), _negated=True),
                        name="departments_not_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from__isnull", True),
                            ("valid_to__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="departments_groupmember_dates",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="department",
            name="members",
            field=models.ManyToManyField(
                through="departments.GroupMember",
                through_fields=("group", "member"),
                to="departments.department",
            ),
        ),
        migrations.CreateModel(
            name="HandOver",
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
                        choices=[
                            ("office", "纲要办"),
                            ("liaison", "联络员"),
                            ("head", "部门负责人"),
                            ("leader", "领导小组"),
                            ("auditor", "审计管理员"),
                            ("security", "安全管理员"),
                            ("admin", "系统管理员"),
                            ("client", "接口用户"),
                        ],
                        max_length=10,
                        verbose_name="角色",
                    ),
                ),
                ("on", models.DateField(verbose_name="交接日期")),
                ("note", models.TextField(blank=True, verbose_name="交接说明")),
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
                        related_name="hand_overs",
                        to="departments.department",
                    ),
                ),
                (
                    "incoming",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "outgoing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "工作交接",
                "ordering": ["-on", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("outgoing", models.F("incoming")), _negated=True),
                        name="departments_handover_two_people",
                    ),
                    models.UniqueConstraint(
                        fields=("department", "role", "outgoing", "on"),
                        name="departments_handover_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
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
                        choices=[
                            ("office", "纲要办"),
                            ("liaison", "联络员"),
                            ("head", "部门负责人"),
                            ("leader", "领导小组"),
                            ("auditor", "审计管理员"),
                            ("security", "安全管理员"),
                            ("admin", "系统管理员"),
                            ("client", "接口用户"),
                        ],
                        max_length=10,
                        verbose_name="角色",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="departments.department",
                        verbose_name="单位",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="用户",
                    ),
                ),
            ],
            options={
                "verbose_name": "任职",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from__isnull", True),
                            ("valid_to__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="departments_membership_dates",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("department__isnull", False), ("valid_to__isnull", True)
                        ),
                        fields=("user", "role", "department"),
                        name="departments_membership_once_per_unit",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("digest", models.CharField(max_length=128, primary_key=True, serialize=False)),
                ("token_key", models.CharField(db_index=True, max_length=25)),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("expiry", models.DateTimeField(blank=True, null=True)),
                ("name", models.CharField(blank=True, max_length=80, verbose_name="用途")),
                (
                    "scope",
                    models.CharField(
                        choices=[("read", "只读"), ("write", "读写")],
                        default="read",
                        max_length=5,
                        verbose_name="权限",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="auth_token_set",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="departments.membership",
                        verbose_name="身份",
                    ),
                ),
            ],
            options={
                "verbose_name": "接口令牌",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Region",
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
                ("code", models.CharField(max_length=12, unique=True, verbose_name="区划代码")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("nation", "全国"),
                            ("province", "省级"),
                            ("city", "市级"),
                            ("county", "县级"),
                            ("town", "乡镇（街道）"),
                        ],
                        max_length=10,
                        verbose_name="层级",
                    ),
                ),
                ("path", models.CharField(max_length=40, unique=True)),
                ("confirmed", models.BooleanField(default=True, verbose_name="已确认")),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="departments.region",
                        verbose_name="上级",
                    ),
                ),
            ],
            options={
                "verbose_name": "地区",
                "ordering": ["path"],
            },
        ),
        migrations.AddField(
            model_name="membership",
            name="region",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="departments.region",
                verbose_name="地区",
            ),
        ),
        migrations.CreateModel(
            name="DepartmentName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("normalised", models.CharField(max_length=120)),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="names",
                        to="departments.department",
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region", "normalised"), name="departments_name_once_per_region"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="department",
            name="region",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="departments",
                to="departments.region",
                verbose_name="地区",
            ),
        ),
        migrations.CreateModel(
            name="Seat",
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
                            ("chair", "组长"),
                            ("vice_chair", "副组长"),
                            ("member", "成员"),
                            ("director", "办公室主任"),
                            ("in_charge", "分管领导"),
                            ("liaison", "联络员"),
                        ],
                        max_length=12,
                        verbose_name="职责",
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="姓名")),
                ("post", models.CharField(blank=True, max_length=80, verbose_name="职务")),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="电话")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="起")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="止")),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="departments.department",
                        verbose_name="单位",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="departments.region",
                        verbose_name="地区",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="seats",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
            ],
            options={
                "verbose_name": "成员单位名册",
                "ordering": ["region", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from__isnull", True),
                            ("valid_to__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="departments_seat_dates",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("department__isnull", False),
                            models.Q(("kind__in", ["in_charge", "liaison"]), _negated=True),
                            _connector="OR",
                        ),
                        name="departments_seat_place",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("department__isnull", False), ("valid_to__isnull", True)
                        ),
                        fields=("region", "kind", "department", "name"),
                        name="departments_seat_once_per_unit",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("department__isnull", True), ("valid_to__isnull", True)
                        ),
                        fields=("region", "kind", "name"),
                        name="departments_seat_once_per_region",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Succession",
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
                        choices=[("rename", "更名"), ("merge", "并入"), ("split", "拆分")],
                        max_length=8,
                        verbose_name="方式",
                    ),
                ),
                ("on", models.DateField(verbose_name="日期")),
                ("scope", models.CharField(blank=True, max_length=200, verbose_name="职责范围")),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "new",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="predecessors",
                        to="departments.department",
                    ),
                ),
                (
                    "old",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successions",
                        to="departments.department",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("old", "new", "on"), name="departments_succession_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("old", models.F("new")), _negated=True),
                        name="departments_succession_other",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("confirmed_at__isnull", True), ("confirmed_by__isnull", True)
                            ),
                            models.Q(
                                ("confirmed_at__isnull", False), ("confirmed_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="departments_succession_confirmed",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("department__isnull", False),
                        ("region__isnull", True),
                        ("role__in", ["liaison", "head"]),
                    ),
                    models.Q(
                        ("department__isnull", True),
                        ("region__isnull", False),
                        models.Q(("role__in", ["liaison", "head"]), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="departments_membership_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("region__isnull", False), ("valid_to__isnull", True)),
                fields=("user", "role", "region"),
                name="departments_membership_once_per_region",
            ),
        ),
    ]
