"""How the office keeps its 成员单位名册: dated rows, so that any day can be looked up."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import audit, workdays
from core.errors import Conflict, DomainError, ensure
from departments import policies
from departments.models import Department, Membership, Region, Seat, User
from departments.services.people import contact

OF_UNIT = (Seat.Kind.IN_CHARGE, Seat.Kind.LIAISON)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who sits in a seat, as typed."""

    name: str
    post: str = ""
    phone: str = ""
    user: User | None = None


def _wrong(field: str, told: str) -> DomainError:
    return DomainError(told, fields={field: [told]})


def checked(holder: Holder, department: Department | None) -> dict[str, Any]:
    """Return the fields of a seat in one spelling; raises DomainError at the wrong one."""
    name, post = " ".join(holder.name.split()), " ".join(holder.post.split())
    if not name or len(name) > 40:
        raise _wrong("name", _("请填写姓名，不超过 40 个字。"))
    if len(post) > 80:
        raise _wrong("post", _("职务不超过 80 个字。"))
    phone, _email = contact(holder.phone, "")
    user = holder.user
    if user is not None and department is not None:
        rows = Membership.objects.filter(user=user, department=department)
        if not rows.exists():
            raise _wrong("user", _("这个账号在%(unit)s没有任职。") % {"unit": department.name})
    return {"name": name, "post": post, "phone": phone, "user": user}


def place(region: Region, kind: str, department: Department | None) -> None:
    """Refuse a seat at the wrong kind of place, in words."""
    if kind not in Seat.Kind.values:
        raise _wrong("kind", _("请选择职责。"))
    if department is None and kind in OF_UNIT:
        raise _wrong("department", _("分管领导和联络员须选单位。"))
    if department is not None and (department.region_id != region.pk or department.is_group):
        raise _wrong("department", _("请选择本地区的一个单位。"))


def _record(verb: str, seat: Seat, by: User, **detail: object) -> None:
    audit.record(
        f"departments.seat.{verb}", seat, by=by, detail=detail, region_path=seat.region.path
    )


def _save(seat: Seat) -> Seat:
    try:
        with transaction.atomic():
            seat.save()
    except IntegrityError as problem:
        raise Conflict(
            _("名册里已有%(name)s的同一职责，没有重复写入。") % {"name": seat.name}
        ) from problem
    return seat


@transaction.atomic
def add_seat(
    region: Region,
    kind: str,
    holder: Holder,
    *,
    department: Department | None = None,
    on: date,
    by: User,
) -> Seat:
    """Write a person into the roster from a day on."""
    ensure(policies.can_keep_roster(by, region))
    _in_reach(on)
    place(region, kind, department)
    fields = checked(holder, department)
    seat = _save(Seat(region=region, kind=kind, department=department, valid_from=on, **fields))
    _record("add", seat, by, kind=kind, on=on)
    return seat


def _in_reach(on: date) -> None:
    if told := workdays.beyond(on):
        raise _wrong("on", told)


def _locked(pk: int, by: User) -> Seat:
    rows = Seat.objects.select_for_update(of=("self",)).select_related("region", "department")
    seat: Seat = rows.get(pk=pk)
    ensure(policies.can_keep_roster(by, seat.region))
    if seat.valid_to is not None:
        raise DomainError(
            _("%(name)s的这一行到 %(day)s 为止，已经是历史，不再改动。")
            % {"name": seat.name, "day": seat.valid_to.isoformat()},
            code="ended",
        )
    return seat


@transaction.atomic
def change_seat(pk: int, holder: Holder, *, on: date, by: User) -> Seat:
    """Let a seat be held otherwise from a day on: the old row ends the day before.

    On the very day on which the row begins it is corrected in place.
    """
    seat = _locked(pk, by)
    _in_reach(on)
    fields = checked(holder, seat.department)
    if all(getattr(seat, key) == value for key, value in fields.items()):
        return seat
    if seat.valid_from is not None and on < seat.valid_from:
        raise _wrong("on", _("这一行从 %(day)s 起，日期不能早于它。") % {"day": seat.valid_from})
    if seat.valid_from == on:
        for key, value in fields.items():
            setattr(seat, key, value)
        _save(seat)
        _record("correct", seat, by, on=on)
        return seat
    seat.valid_to = on - timedelta(days=1)
    seat.save()
    new = _save(
        Seat(
            region=seat.region,
            kind=seat.kind,
            department=seat.department,
            valid_from=on,
            **fields,
        )
    )
    _record("change", new, by, before=seat.pk, on=on)
    return new


@transaction.atomic
def end_seat(pk: int, *, on: date, by: User) -> Seat:
    """End a row of the roster; `on` is the first day without it."""
    seat = _locked(pk, by)
    _in_reach(on)
    seat.valid_to = last = on - timedelta(days=1)
    if seat.valid_from is not None:
        seat.valid_from = min(seat.valid_from, last)
    seat.save()
    _record("end", seat, by, on=on)
    return seat
