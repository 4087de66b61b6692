"""A demo 成员单位名册 from the demo people, and one hand-over; nobody in it exists."""

from datetime import date, datetime, timedelta

from departments.models import Department, Membership, Region, Seat, User
from departments.services import appoint, hand_over
from departments.services.roster import Holder, add_seat

BEGAN = date(2017, 1, 1)
GROUP = (
    (Seat.Kind.CHAIR, "组长（演示）", "市政府分管副市长"),
    (Seat.Kind.VICE_CHAIR, "副组长（演示）", "市政府副秘书长"),
    (Seat.Kind.DIRECTOR, "办公室主任（演示）", "市科协主席"),
)


def pass_on(unit: Department, incoming: User, office: User, now: datetime) -> None:
    """Let a former liaison of a unit hand the work over to an account, a few days ago."""
    former = User(username="zibo-former", name=f"{unit.name}原联络员（演示）")
    former.set_unusable_password()
    former.save()
    role = appoint(former, Membership.Role.LIAISON, department=unit, valid_from=BEGAN)
    hand_over(
        role.pk,
        incoming=incoming,
        on=now.date() - timedelta(days=3),
        note="（演示）三季度的材料已经收齐，在共享文件夹里；校外场馆的数字要向区里再核一次。",
        by=office,
        now=now,
    )


def fill(region: Region, office: User) -> None:
    """Write the group and the liaisons of the units into the roster; one is left out."""
    for kind, name, post in GROUP:
        add_seat(region, kind, Holder(name, post), on=BEGAN, by=office)
    roles = (
        Membership.objects.filter(
            role=Membership.Role.LIAISON, department__region=region, valid_to__isnull=True
        )
        .select_related("user", "department")
        .order_by("id")
    )
    for role in roles[1:]:
        assert role.department is not None  # noqa: S101 (a liaison has one)
        add_seat(
            region,
            Seat.Kind.LIAISON,
            Holder(role.user.name, user=role.user),
            department=role.department,
            on=BEGAN,
            by=office,
        )
