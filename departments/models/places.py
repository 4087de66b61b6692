"""Regions, and departments with all their names and successors."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.models import Row
from departments.querysets import DepartmentQuerySet, RegionQuerySet, SuccessionQuerySet

DATED = Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))


class Region(Row):
    """A place with its own government: province, city, county or town.

    `code` is the GB/T 2260 code where the place has one. `path` is the codes from the province
    down, six digits each, so that «below» is a prefix and the same on every database.
    """

    class Level(models.TextChoices):
        NATION = "nation", _("全国")
        PROVINCE = "province", _("省级")
        CITY = "city", _("市级")
        COUNTY = "county", _("县级")
        TOWN = "town", _("乡镇（街道）")

    code = models.CharField(_("区划代码"), max_length=12, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    level = models.CharField(_("层级"), max_length=10, choices=Level)
    parent = models.ForeignKey(
        "self", verbose_name=_("上级"), on_delete=models.PROTECT, null=True, related_name="children"
    )
    path = models.CharField(max_length=40, unique=True)
    confirmed = models.BooleanField(_("已确认"), default=True)

    objects = RegionQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        verbose_name = _("地区")

    def __str__(self) -> str:
        return self.name

    @property
    def places_below(self) -> str:
        """Return what the places directly below are called together, as documents write it."""
        return {
            Region.Level.NATION.value: gettext("省（自治区、直辖市）"),
            Region.Level.PROVINCE.value: gettext("市（州）"),
            Region.Level.CITY.value: gettext("县（市、区）"),
            Region.Level.COUNTY.value: gettext("乡镇（街道）"),
        }.get(self.level, gettext("下级地区"))


class Department(Row):
    """A unit of a region, or a group such as 各成员单位 whose members are dated.

    `kind` tells what the office may expect of it; `valid_to` is the last day of its existence.
    """

    class Kind(models.TextChoices):
        PARTY = "party", _("党委部门")
        GOVERNMENT = "government", _("政府部门")
        MASS = "mass", _("群团组织")
        ASSOCIATION = "association", _("科协（纲要办）")
        INSTITUTION = "institution", _("院校、科研院所和其他单位")
        GROUP = "group", _("单位集合")

    region = models.ForeignKey(
        Region, verbose_name=_("地区"), on_delete=models.PROTECT, related_name="departments"
    )
    name = models.CharField(_("名称"), max_length=120)
    kind = models.CharField(_("类别"), max_length=12, choices=Kind, default=Kind.GOVERNMENT)
    valid_from = models.DateField(_("设立日期"), null=True, blank=True)
    valid_to = models.DateField(_("撤销日期"), null=True, blank=True)
    confirmed = models.BooleanField(_("已确认"), default=True)
    members: "models.ManyToManyField[Department, GroupMember]" = models.ManyToManyField(
        "self", through="GroupMember", through_fields=("group", "member"), symmetrical=False
    )

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]  # the order of the plan that named them, never of the names
        constraints = [
            models.CheckConstraint(condition=DATED, name="departments_department_dates"),
        ]
        verbose_name = _("单位")

    def __str__(self) -> str:
        return self.name

    @property
    def is_group(self) -> bool:
        return self.kind == self.Kind.GROUP


class GroupMember(models.Model):
    """Says that a department belongs to a group from one day to another."""

    group = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="group_members")
    member = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="in_groups")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "member", "valid_from"], name="departments_groupmember_once"
            ),
            models.CheckConstraint(condition=~Q(group=F("member")), name="departments_not_itself"),
            models.CheckConstraint(condition=DATED, name="departments_groupmember_dates"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.group_id}"


class DepartmentName(models.Model):
    """A spelling under which a department is known; unique in its region once normalised."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=120)
    normalised = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "normalised"], name="departments_name_once_per_region"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Succession(Row):
    """What became of a department: renamed, merged into another or split, and who confirmed it.

    Never applied by itself; a split also needs a person to choose for each task.
    """

    class Kind(models.TextChoices):
        RENAME = "rename", _("更名")
        MERGE = "merge", _("并入")
        SPLIT = "split", _("拆分")

    old = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="successions")
    new = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="predecessors")
    kind = models.CharField(_("方式"), max_length=8, choices=Kind)
    on = models.DateField(_("日期"))
    scope = models.CharField(_("职责范围"), max_length=200, blank=True)
    confirmed_by = models.ForeignKey(
        "User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = SuccessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["old", "new", "on"], name="departments_succession_once"
            ),
            models.CheckConstraint(condition=~Q(old=F("new")), name="departments_succession_other"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="departments_succession_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_id} → {self.new_id} ({self.kind})"
