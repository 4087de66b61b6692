"""The 成员单位名册, and the work that one person hands over to another."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Row
from departments.models.people import Membership, User
from departments.models.places import DATED, Department, Region
from departments.querysets import HandOverQuerySet, SeatQuerySet


class Seat(Row):
    """A line of the dated 成员单位名册: who sits where in the leadership group and its units.

    Names stand as in the official list; `user` is the account of that person, where there is one.
    The roster is a directory: rights come from memberships alone.
    """

    class Kind(models.TextChoices):
        CHAIR = "chair", _("组长")
        VICE_CHAIR = "vice_chair", _("副组长")
        MEMBER = "member", _("成员")
        DIRECTOR = "director", _("办公室主任")
        IN_CHARGE = "in_charge", _("分管领导")
        LIAISON = "liaison", _("联络员")

    region = models.ForeignKey(
        Region, verbose_name=_("地区"), on_delete=models.PROTECT, related_name="seats"
    )
    kind = models.CharField(_("职责"), max_length=12, choices=Kind)
    department = models.ForeignKey(
        Department,
        verbose_name=_("单位"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="seats",
    )
    name = models.CharField(_("姓名"), max_length=40)
    post = models.CharField(_("职务"), max_length=80, blank=True)
    phone = models.CharField(_("电话"), max_length=20, blank=True)
    user = models.ForeignKey(
        User,
        verbose_name=_("账号"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="seats",
    )
    valid_from = models.DateField(_("起"), null=True, blank=True)
    valid_to = models.DateField(_("止"), null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ["region", "id"]
        constraints = [
            models.CheckConstraint(condition=DATED, name="departments_seat_dates"),
            models.CheckConstraint(
                condition=Q(department__isnull=False) | ~Q(kind__in=["in_charge", "liaison"]),
                name="departments_seat_place",
            ),
            models.UniqueConstraint(
                fields=["region", "kind", "department", "name"],
                condition=Q(valid_to__isnull=True, department__isnull=False),
                name="departments_seat_once_per_unit",
            ),
            models.UniqueConstraint(
                fields=["region", "kind", "name"],
                condition=Q(valid_to__isnull=True, department__isnull=True),
                name="departments_seat_once_per_region",
            ),
        ]
        verbose_name = _("成员单位名册")

    def __str__(self) -> str:
        return f"{self.name} {self.get_kind_display()}"


class HandOver(Row):
    """The work of a role in a department passed from one person to another on a day.

    Entries stay with the department; `outgoing` and `incoming` stay named for ever.
    """

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="hand_overs")
    role = models.CharField(_("角色"), max_length=10, choices=Membership.Role)
    outgoing = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    incoming = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    on = models.DateField(_("交接日期"))
    note = models.TextField(_("交接说明"), blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = HandOverQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(outgoing=F("incoming")), name="departments_handover_two_people"
            ),
            models.UniqueConstraint(
                fields=["department", "role", "outgoing", "on"],
                name="departments_handover_once",
            ),
        ]
        verbose_name = _("工作交接")

    def __str__(self) -> str:
        return f"{self.outgoing_id} → {self.incoming_id}"
