"""What is done to people: accounts, what they act as, keys."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError, ensure
from departments import contacts, policies
from departments.models import ApiToken, Department, Membership, Region, User
from departments.services.regions import region_entered

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another
# A region keeps at least one of these: who else would let the next one in?
NEEDED = (Membership.Role.OFFICE, Membership.Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Issued:
    """A first password for the person who hands it out: shown once, stored nowhere."""

    username: str
    name: str
    place: str
    role: str
    password: str


@transaction.atomic
def appoint(
    user: User,
    role: str,
    *,
    region: Region | None = None,
    department: Department | None = None,
    valid_from: date | None = None,
    by: Any = None,
) -> Membership:
    """Give a person a role in a region or a department; asking twice gives the same one."""
    membership = Membership(
        user=user, role=role, region=region, department=department, valid_from=valid_from
    )
    membership.clean()
    existing = Membership.objects.filter(
        user=user, role=role, region=region, department=department, valid_to__isnull=True
    ).first()
    if existing:
        return existing
    membership.save()
    audit.record(
        "departments.membership.appoint",
        membership,
        by=by,
        detail={"user": user.pk, "role": role},
        region_path=membership.region_path,
    )
    return membership


def first_password() -> str:
    """Return a random password that can be read from paper: three groups of four letters."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


def contact(phone: str, email: str) -> tuple[str, str]:
    """Return a number and an address in one spelling; raise DomainError at the wrong field."""
    wrong = {}
    number = address = ""
    try:
        number = contacts.phone(phone)
    except ValueError:
        wrong["phone"] = [_("电话应是 11 位手机号，或区号加固定电话。")]
    try:
        address = contacts.email(email)
    except ValueError:
        wrong["email"] = [_("邮箱的写法不对，例如 name@example.com。")]
    if wrong:
        raise DomainError(_("电话或邮箱有误，请修改。"), fields=wrong)
    return number, address


def switch(user: User, membership: Membership, *, by: User) -> None:
    """Record that a person now acts as another of their memberships."""
    ensure(policies.can_act_as(user, membership))
    user.act_as(membership)
    audit.record("departments.membership.switch", membership, by=by)


@transaction.atomic
def issue_token(
    membership: Membership, name: str, scope: str = ApiToken.Scope.READ, *, by: Any
) -> tuple[ApiToken, str]:
    """Make a key for a REST client that acts as a membership; `by` None is the system.

    Returns the stored row and the key itself, which is shown once and kept nowhere.
    """
    if by is not None:
        ensure(policies.can_issue_token(by, membership))
    if scope not in ApiToken.Scope.values:
        raise DomainError(_("令牌的权限只能是只读或读写。"), fields={"scope": [scope]})
    token, text = ApiToken.objects.create(
        user=membership.user, name=name.strip()[:80], membership=membership, scope=scope
    )
    audit.record(
        "departments.token.issue",
        membership,
        by=by,
        detail={"token": token.token_key, "name": token.name, "scope": scope},
        region_path=membership.region_path,
    )
    return token, text


@transaction.atomic
def create_person(
    username: str,
    name: str,
    phone: str,
    role: str,
    *,
    region: Region | None,
    department: Department | None,
    email: str = "",
    by: User,
) -> tuple[User, str]:
    """Make an account with its first role; returns it and the first password, to be changed.

    A department's role stands in the department alone, whatever region was chosen beside it.
    """
    if role in Membership.OF_DEPARTMENT:
        region = None
    else:
        department = None
    here = department.region if department else region
    if here is None:
        field = "department" if role in Membership.OF_DEPARTMENT else "region"
        raise DomainError(_("请选择任职的单位或地区。"), fields={field: [_("请选择。")]})
    ensure(policies.can_manage_people(by, here))
    ensure(policies.can_grant(by, role))
    phone, email = contact(phone, email)
    return _new_person(username, name, phone, role, region, department, email=email, by=by)


def _new_person(
    username: str,
    name: str,
    phone: str,
    role: str,
    region: Region | None,
    department: Department | None,
    *,
    email: str = "",
    by: User | None,
) -> tuple[User, str]:
    if User.objects.filter(username=username).exists():
        raise DomainError(
            _("用户名已被使用。"), fields={"username": [_("用户名已被使用，请换一个。")]}
        )
    password = first_password()
    user = User(username=username, name=name, phone=phone, email=email, must_change_password=True)
    user.set_password(password)
    user.save()
    membership = appoint(user, role, region=region, department=department, by=by)
    audit.record("departments.user.create", user, by=by, region_path=membership.region_path)
    return user, password


@transaction.atomic
def first_administrator(
    code: str, username: str, name: str, *, place: str = ""
) -> tuple[User, str]:
    """Make the system administrator of a region that has none, by the operator of the machine."""
    region = region_entered(code, place)
    if Membership.objects.filter(
        role=Membership.Role.ADMIN, region=region, valid_to__isnull=True
    ).exists():
        raise DomainError(_("%(place)s已有系统管理员，请由其建立账号。") % {"place": region.name})
    return _new_person(username, name, "", Membership.Role.ADMIN, region, None, by=None)


@transaction.atomic
def password_changed(user: User) -> User:
    """Keep a person's new password, which ends the duty to change the first one."""
    user.must_change_password = False
    user.save()
    audit.record("departments.user.change_password", user, by=user)
    return user


@transaction.atomic
def end_membership(membership: Membership, on: date, *, by: User) -> Membership:
    """End a role: `on` is the first day without it; the account and what was done under it stay.

    A role that began on that very day is left with the day before alone: it is never valid again.
    """
    membership = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    ensure(policies.can_manage_people(by, membership.here))
    if membership.user_id == by.pk:
        raise DomainError(_("不能结束自己的任职，请由另一位管理员办理。"))
    _ensure_not_last(membership, on)
    membership.valid_to = last = on - timedelta(days=1)
    if membership.valid_from is not None:
        membership.valid_from = min(membership.valid_from, last)
    membership.save()
    audit.record(
        "departments.membership.end",
        membership,
        by=by,
        detail={"user": membership.user_id},
        region_path=membership.region_path,
    )
    return membership


def others_in_role(membership: Membership, on: date) -> int:
    """Return how many other people hold a role of a region from a day on."""
    return (
        Membership.objects.valid_on(on)
        .filter(role=membership.role, region=membership.region_id, user__is_active=True)
        .exclude(user=membership.user_id)
        .values("user")
        .distinct()
        .count()
    )


def _ensure_not_last(membership: Membership, on: date) -> None:
    """Refuse to end a role that nobody else of the region would hold; locks those who do."""
    if membership.role not in NEEDED:
        return
    rows = Membership.objects.select_for_update(of=("self",)).order_by("id")
    list(rows.filter(role=membership.role, region=membership.region_id))
    if others_in_role(membership, on) == 0:
        told = _("%(name)s是%(place)s唯一的%(role)s人员，请先任命接任者，再结束这项任职。")
        raise DomainError(
            told
            % {
                "name": membership.user,
                "place": membership.place,
                "role": membership.get_role_display(),
            },
            code="last",
        )
