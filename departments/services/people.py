"""What is done to people: accounts, what they act as, keys."""

import secrets
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError, ensure
from departments import policies
from departments.models import ApiToken, Department, Membership, Region, User
from departments.services.regions import region_entered


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
    return _new_person(username, name, phone, role, region, department, by=by)


def _new_person(
    username: str,
    name: str,
    phone: str,
    role: str,
    region: Region | None,
    department: Department | None,
    *,
    by: User | None,
) -> tuple[User, str]:
    if User.objects.filter(username=username).exists():
        raise DomainError(
            _("用户名已被使用。"), fields={"username": [_("用户名已被使用，请换一个。")]}
        )
    password = secrets.token_urlsafe(9)
    user = User(username=username, name=name, phone=phone, must_change_password=True)
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
