"""What a person may do with regions, departments and people."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.verdict import YES, Verdict, no
from departments.models import Department, HandOver, Membership, Region, User


def is_office_of(user: Any, region: Region) -> bool:
    """Tell whether the person acts as the office of exactly this region."""
    acting = getattr(user, "acting", None)
    return acting is not None and acting.is_office() and acting.region_id == region.pk


def oversees(user: Any, region: Region) -> bool:
    """Tell whether the person acts as the office of this region or of one above it."""
    acting = getattr(user, "acting", None)
    return acting is not None and acting.is_office() and region.path.startswith(acting.region_path)


def can_manage_departments(user: Any, region: Region) -> Verdict:
    """Only the region's own office keeps its list of units."""
    if is_office_of(user, region):
        return YES
    return no(_("单位名录由本地区纲要办维护。"))


def can_act_as(user: Any, membership: Membership) -> Verdict:
    """A person acts as one of their own, valid memberships."""
    if membership.user_id == user.pk:
        return YES
    return no(_("只能切换到您本人的任职。"))


def can_issue_token(user: Any, membership: Membership) -> Verdict:
    """A person makes keys for what they may act as; an administrator for their region."""
    acting = getattr(user, "acting", None)
    if membership.user_id == user.pk:
        return YES
    if (
        acting is not None
        and acting.role == Membership.Role.ADMIN
        and membership.region_path.startswith(acting.region_path)
    ):
        return YES
    return no(_("接口令牌由本人或本地区系统管理员签发。"))


def can_manage_people(user: Any, region: Region) -> Verdict:
    """The system administrator keeps accounts, the security administrator ends rights."""
    acting = getattr(user, "acting", None)
    if (
        acting is not None
        and acting.role in (Membership.Role.ADMIN, Membership.Role.SECURITY)
        and region.path.startswith(acting.region_path)
    ):
        return YES
    return no(_("账号和任职由系统管理员、安全管理员维护。"))


def can_grant(user: Any, role: str) -> Verdict:
    """Accounts are made by the system administrator; the three administrators stay separate."""
    acting = getattr(user, "acting", None)
    if acting is None or acting.role != Membership.Role.ADMIN:
        return no(_("新账号由系统管理员建立。"))
    return YES


def can_hand_over(user: Any, department: Department) -> Verdict:
    """The unit's own head, the office of its region and the system administrator hand over."""
    acting = getattr(user, "acting", None)
    if acting is not None and (
        (acting.role == Membership.Role.HEAD and acting.department_id == department.pk)
        or is_office_of(user, department.region)
        or (
            acting.role == Membership.Role.ADMIN
            and department.region.path.startswith(acting.region_path)
        )
    ):
        return YES
    return no(_("工作交接由本单位负责人、本地区纲要办或系统管理员办理。"))


def can_cancel_hand_over(user: Any, row: HandOver, today: date) -> Verdict:
    """Who may hand over may also call it off, as long as its day has not come."""
    if not (verdict := can_hand_over(user, row.department)):
        return verdict
    if row.on <= today:
        return no(_("交接已经生效，不能取消；需要时再办理一次交接。"))
    return YES


def can_keep_account(user: Any, person: User, on: date) -> Verdict:
    """The system administrator keeps accounts all of whose roles lie in their own region.

    Who also has a role elsewhere could be taken over there by a new password from here. Of a
    person without any role of today, those of former days count.
    """
    acting = getattr(user, "acting", None)
    if acting is None or acting.role != Membership.Role.ADMIN:
        return no(_("账号由系统管理员维护。"))
    rows = list(person.memberships.select_related("region", "department__region"))
    standing = [one for one in rows if one.valid_to is None or one.valid_to >= on] or rows
    if standing and all(one.region_path.startswith(acting.region_path) for one in standing):
        return YES
    return no(_("此人在其他地区也有任职，账号由上级地区的系统管理员维护。"))


def can_keep_roster(user: Any, region: Region) -> Verdict:
    """Only the region's own office keeps its 成员单位名册."""
    if is_office_of(user, region):
        return YES
    return no(_("成员单位名册由本地区纲要办维护。"))


def reads_phones(user: Any, region: Region, department: int | None) -> bool:
    """Tell whether the person reads whole numbers: the office, the administrator, the own unit."""
    acting = getattr(user, "acting", None)
    if acting is None:
        return False
    if acting.role == Membership.Role.ADMIN and region.path.startswith(acting.region_path):
        return True
    return is_office_of(user, region) or (
        department is not None and acting.department_id == department
    )
