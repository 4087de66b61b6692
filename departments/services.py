"""What is done to regions, departments and people: one verb each, checked and recorded."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError, ensure
from departments import policies, reference
from departments.models import (
    ApiToken,
    Department,
    DepartmentName,
    Membership,
    Region,
    Succession,
    User,
)
from departments.names import kind_of, normalise, spelling_key

PROVISIONAL = 900000  # codes from here on are placeholders until a person confirms the region


def _level_of(name: str) -> str:
    """Return the likely level of a place from the end of its name."""
    if name.endswith(("省", "自治区")) or name in ("北京市", "天津市", "上海市", "重庆市"):
        return Region.Level.PROVINCE
    if name.endswith(("市", "州", "盟", "地区")):
        return Region.Level.CITY
    if name.endswith(("县", "区", "旗")):
        return Region.Level.COUNTY
    return Region.Level.TOWN


def region_of_code(code: str) -> Region:
    """Return the region of a published code, making it and those above it where missing."""
    found = Region.objects.filter(code=code).first()
    if found is not None:
        return found
    place = reference.places().get(code)
    if place is None:
        raise DomainError(_("没有区划代码为 %(code)s 的地区。") % {"code": code})
    parent = region_of_code(place.parent) if place.parent else None
    return Region.objects.create(
        code=code,
        name=place.name,
        level=place.level,
        parent=parent,
        path=(parent.path if parent else "") + code,
    )


def region_entered(code: str, name: str) -> Region:
    """Return the region of a code, making it under this name where the published table lacks it.

    What stands above it follows from the code: the city of the first four digits where it is
    known, else the province.
    """
    if Region.objects.filter(code=code).exists() or code in reference.places() or not name:
        return region_of_code(code)
    if not (code.isascii() and code.isdigit() and len(code) == 6):
        raise DomainError(_("区划代码应是 6 位数字。"))
    city = f"{code[:4]}00"
    known = Region.objects.filter(code=city).exists() or city in reference.places()
    parent = region_of_code(city if known and city != code else f"{code[:2]}0000")
    return Region.objects.create(
        code=code, name=name, level=_level_of(name), parent=parent, path=parent.path + code
    )


def region_named(name: str) -> Region:
    """Return the region of this full name: a stored one, else a published one, else a new one.

    A new region is unconfirmed, has a provisional code and no parent until a person says more.
    Raises DomainError when several places bear the name, so that nobody picks at random.
    """
    found = list(Region.objects.filter(name=name)[:2])
    published = reference.named(name) if not found else []
    if len(found) > 1 or len(published) > 1:
        raise DomainError(_("有不止一个地区叫“%(name)s”，请先指定地区。") % {"name": name})
    if found:
        return found[0]
    if published:
        return region_of_code(published[0].code)
    newest = Region.objects.filter(confirmed=False).order_by("-code").first()
    code = str(int(newest.code) + 1 if newest else PROVISIONAL)
    return Region.objects.create(
        code=code, name=name, level=_level_of(name), path=code, confirmed=False
    )


def departments_named(region: Region, names: Iterable[str]) -> dict[str, Department]:
    """Return the department meant by each printed name, in two reads and two bulk writes.

    A name known in the region (blanks and width aside) means its department; so does one that
    differs only in the word 和. Any other becomes a proposed department of that name.
    """
    wanted = list(dict.fromkeys(names))
    known = {
        row.normalised: row.department
        for row in DepartmentName.objects.filter(region=region).select_related("department")
    }
    loose = {spelling_key(name): department for name, department in known.items()}
    new: dict[str, Department] = {}
    fresh: list[DepartmentName] = []
    result: dict[str, Department] = {}
    for name in wanted:
        plain = normalise(name)
        department = known.get(plain) or loose.get(spelling_key(plain))
        if department is None:
            department = Department(region=region, name=plain, kind=kind_of(plain), confirmed=False)
            new[plain] = department
            loose[spelling_key(plain)] = department
        if plain not in known:
            known[plain] = department
            fresh.append(
                DepartmentName(region=region, department=department, name=name, normalised=plain)
            )
        result[name] = department
    Department.objects.bulk_create(new.values())
    DepartmentName.objects.bulk_create(fresh)
    return result


@transaction.atomic
def confirm_succession(succession: Succession, *, by: User, now: datetime) -> Succession:
    """Let a person confirm what became of a department; only then does it count."""
    ensure(policies.can_manage_departments(by, succession.old.region))
    if succession.confirmed_at is None:
        succession.confirmed_by, succession.confirmed_at = by, now
        succession.save()
        audit.record(
            "departments.succession.confirm",
            succession,
            by=by,
            detail={"old": succession.old_id, "new": succession.new_id, "kind": succession.kind},
            region_path=succession.old.region.path,
        )
    return succession


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
