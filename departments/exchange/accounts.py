"""The list of accounts as an Excel table: an empty one to fill in, and first passwords to print."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.sheets import Column, Line, read, write
from departments.models import Department, Membership, Region
from departments.services import Issued
from departments.services.listing import ROLES

SPARE = 100  # empty lines of the table to fill in
MOST_CHOICES = 2000  # names that a drop-down offers; beyond, names are typed


def columns(region: Region) -> tuple[Column, ...]:
    """Return the columns, with the units and places of a region to choose from."""
    units = (
        Department.objects.filter(region__path__startswith=region.path, valid_to__isnull=True)
        .exclude(kind=Department.Kind.GROUP)
        .order_by("region__path", "id")
        .values_list("name", flat=True)
    )
    below = Region.objects.within(region).values_list("name", flat=True)
    return _columns(_choices(units), _choices(below))


def _choices(names: Any) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(names[: MOST_CHOICES + 1]))
    return found if len(found) <= MOST_CHOICES else ()


def _columns(units: tuple[str, ...] = (), places: tuple[str, ...] = ()) -> tuple[Column, ...]:
    return (
        Column("name", "姓名", width=12, editable=True),
        Column("username", "用户名", width=16, editable=True, required=False),
        Column(
            "region", "地区", width=14, kind="choice", choices=places, editable=True, required=False
        ),
        Column("unit", "单位", width=28, kind="choice", choices=units, editable=True),
        Column("role", "角色", width=14, kind="choice", choices=tuple(ROLES), editable=True),
        Column("phone", "电话", width=16, editable=True, required=False),
        Column("email", "邮箱", width=24, editable=True, required=False),
        Column("start", "起", width=12, kind="date", editable=True, required=False),
    )


def template(region: Region, made_at: datetime) -> bytes:
    """Return the empty table of a region with its drop-downs."""
    notes = (
        _("一行一人一职；同一人有几个任职，写几行，姓名和电话相同即为一人。"),
        _("%(unit)s填单位；%(region)s的单位留空。地区不填即为%(here)s。用户名不填，由系统分配。")
        % {
            "unit": "、".join(str(Membership.Role(one).label) for one in Membership.OF_DEPARTMENT),
            "region": _("其他角色"),
            "here": region.name,
        },
        _("本系统不处理涉密信息，请勿填写涉密内容。"),
    )
    return write(
        _("%(place)s账号名单") % {"place": region.name},
        columns(region),
        [],
        notes=notes,
        spare=SPARE,
        freeze=1,
        made_at=made_at,
    )


def read_accounts(content: bytes) -> list[Line]:
    """Return the lines of a filled-in table; raises DomainError for what is no such table."""
    return read(content, _columns())


def passwords(issued: Sequence[Issued], made_at: datetime) -> bytes:
    """Return the first passwords as a table to print and to cut into strips."""
    shown = (
        Column("name", "姓名", width=12),
        Column("place", "单位", width=28),
        Column("role", "角色", width=14),
        Column("username", "用户名", width=18),
        Column("password", "初始密码", width=20),
    )
    rows = [{one.key: getattr(line, one.key) for one in shown} for line in issued]
    notes = (_("请交给本人，首次登录须修改；交完后删除这个文件。"),)
    return write(_("初始密码"), shown, rows, notes=notes, made_at=made_at)
