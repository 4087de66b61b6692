"""People, what they act as, and the keys of their REST clients."""

from datetime import date
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from core.models import Row
from departments.models.places import DATED, Department, Region
from departments.querysets import MembershipQuerySet


class User(AbstractUser):  # type: ignore[django-manager-missing]
    """A person. Rights come from memberships alone; a person acts as one of them at a time."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("姓名"), max_length=40, blank=True)
    phone = models.CharField(_("电话"), max_length=20, blank=True)
    must_change_password = models.BooleanField(default=False)
    single_keys = models.BooleanField(_("单键快捷键"), default=True)

    REQUIRED_FIELDS: ClassVar[list[str]] = []

    _acting: "Membership | bool | None" = False
    choices: "list[Membership]"  # set by the middleware: all that this person can act as

    class Meta:
        verbose_name = _("用户")

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return str(self)

    @property
    def acting(self) -> "Membership | None":
        """Return the membership that this person acts as now; a sole one needs no choice."""
        if self._acting is False:
            valid = list(self.valid_memberships(timezone.localdate())[:2])
            self._acting = valid[0] if len(valid) == 1 else None
        return self._acting  # type: ignore[return-value]

    def act_as(self, membership: "Membership | None") -> "User":
        """Let this person act as one of their memberships for the rest of the request."""
        if membership is not None and membership.user_id != self.pk:
            raise ValueError("a person acts as one of their own memberships only")
        self._acting = membership
        return self

    def valid_memberships(self, day: date) -> MembershipQuerySet:
        """Return this person's memberships on a day, oldest first."""
        return (
            self.memberships.valid_on(day)  # from here they know their person: no join for it
            .select_related("region", "department__region")
            .order_by("id")
        )


class Membership(Row):  # type: ignore[django-manager-missing]
    """A role of a person: in a department (liaison, head), else in a region, from day to day."""

    class Role(models.TextChoices):
        OFFICE = "office", _("纲要办")
        LIAISON = "liaison", _("联络员")
        HEAD = "head", _("部门负责人")
        LEADER = "leader", _("领导小组")
        AUDITOR = "auditor", _("审计管理员")
        SECURITY = "security", _("安全管理员")
        ADMIN = "admin", _("系统管理员")
        CLIENT = "client", _("接口用户")

    OF_DEPARTMENT = (Role.LIAISON, Role.HEAD)
    # The three administrators, who watch each other: nobody is two of them.
    SEPARATE = (Role.AUDITOR, Role.SECURITY, Role.ADMIN)
    # Who reads the whole region and what is submitted below it.
    SUPERVISING = (Role.OFFICE, Role.LEADER, Role.CLIENT)

    user = models.ForeignKey(
        User, verbose_name=_("用户"), on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(_("角色"), max_length=10, choices=Role)
    region = models.ForeignKey(
        Region, verbose_name=_("地区"), on_delete=models.PROTECT, null=True, blank=True
    )
    department = models.ForeignKey(
        Department,
        verbose_name=_("单位"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
    )
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    role__in=["liaison", "head"], department__isnull=False, region__isnull=True
                )
                | Q(region__isnull=False, department__isnull=True)
                & ~Q(role__in=["liaison", "head"]),
                name="departments_membership_place",
            ),
            models.CheckConstraint(condition=DATED, name="departments_membership_dates"),
            models.UniqueConstraint(
                fields=["user", "role", "department"],
                condition=Q(department__isnull=False, valid_to__isnull=True),
                name="departments_membership_once_per_unit",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "region"],
                condition=Q(region__isnull=False, valid_to__isnull=True),
                name="departments_membership_once_per_region",
            ),
        ]
        verbose_name = _("任职")

    def __str__(self) -> str:
        return f"{self.place} {self.get_role_display()}"

    def clean(self) -> None:
        """Refuse a role at the wrong kind of place, in words."""
        if self.role in self.OF_DEPARTMENT and self.department_id is None:
            raise ValidationError({"department": _("联络员和部门负责人须选单位。")})
        if self.role not in self.OF_DEPARTMENT and self.region_id is None:
            raise ValidationError({"region": _("此角色须选地区。")})

    @property
    def place(self) -> "Region | Department | None":
        return self.department or self.region

    @property
    def here(self) -> Region:
        """Return the region in which this role is exercised."""
        region = self.department.region if self.department else self.region
        assert region is not None  # noqa: S101 (the check constraint says so)
        return region

    @property
    def region_path(self) -> str:
        return self.here.path

    @property
    def sees_below(self) -> bool:
        return self.role in self.SUPERVISING

    @property
    def manages_people(self) -> bool:
        return self.role in (self.Role.OFFICE, self.Role.ADMIN, self.Role.SECURITY)

    def is_office(self) -> bool:
        return self.role == self.Role.OFFICE


class ApiToken(AbstractAuthToken):
    """A key for a REST client (stored hashed): whose, as what, and what it may."""

    class Scope(models.TextChoices):
        READ = "read", _("只读")
        WRITE = "write", _("读写")

    name = models.CharField(_("用途"), max_length=80, blank=True)
    membership = models.ForeignKey(
        Membership, verbose_name=_("身份"), on_delete=models.CASCADE, null=True
    )
    scope = models.CharField(_("权限"), max_length=5, choices=Scope, default=Scope.READ)

    class Meta(AbstractAuthToken.Meta):
        verbose_name = _("接口令牌")

    def __str__(self) -> str:
        return self.name or self.token_key
