"""The work of a role in a department passes from one person to another on a day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, words
from core.errors import Conflict, DomainError, ensure
from core.notices import tell
from departments import policies
from departments.models import HandOver, Membership, Seat, User
from departments.selectors import (
    administrators,
    department_people,
    free_usernames,
    known_people,
    office_people,
)
from departments.services.people import contact, first_password

BACK = 31  # days that a hand-over may be written down late
AHEAD = 366


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person who has no account yet, as typed."""

    name: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What came of it; `password` is that of a new account, shown once and kept nowhere."""

    hand_over: HandOver
    password: str = ""


def hand_over(
    membership_pk: int,
    *,
    incoming: User | None = None,
    newcomer: Newcomer | None = None,
    on: date,
    note: str = "",
    by: User,
    now: datetime,
) -> HandedOver:
    """Let a role of a unit pass to an existing account or to a new one; `on` is its first day.

    The former role ends on the day before; entries, drafts included, stay with the unit. A
    newcomer whose name and number are those of an account of the region is that account.
    """
    if (incoming is None) == (newcomer is None):
        told = _("请选择接任人，或者填写接任人的姓名。")
        raise DomainError(told, fields={"incoming": [told]})
    password = first_password() if newcomer else ""
    hashed = make_password(password) if newcomer else ""  # slow, so before the transaction
    with transaction.atomic():
        outgoing = _outgoing(membership_pk, on, by, timezone.localdate(now))
        person = incoming
        made = False
        if newcomer is not None:
            person, made = _person(outgoing, newcomer, hashed, by)
        assert person is not None  # noqa: S101 (one of the two is given)
        row = _pass_on(outgoing, person, on, note.strip(), by)
        _seats(outgoing, person, on)
        audit.record(
            "departments.membership.hand_over",
            row,
            by=by,
            detail={
                "department": row.department_id,
                "role": row.role,
                "outgoing": row.outgoing_id,
                "incoming": row.incoming_id,
                "on": on,
                "new_account": made,
            },
            region_path=outgoing.region_path,
        )
        _tell(row, made, now)
    return HandedOver(row, password if made else "")


def _outgoing(pk: int, on: date, by: User, today: date) -> Membership:
    """Return the role that is handed over, locked; refuse one that cannot be."""
    rows = Membership.objects.select_for_update(of=("self",))
    found = rows.select_related("user", "department__region", "region").get(pk=pk)
    if found.department is None:
        told = _("只有单位的联络员和负责人可以交接；%(role)s的任职由系统管理员任命和结束。")
        raise DomainError(told % {"role": found.get_role_display()})
    ensure(policies.can_hand_over(by, found.department))
    if found.valid_to is not None:
        _refuse_ended(found, today)
    if not today - timedelta(days=BACK) <= on <= today + timedelta(days=AHEAD):
        told = _("交接日期须在前一个月到后一年之间。")
        raise DomainError(told, fields={"on": [told]})
    if found.valid_from is not None and on <= found.valid_from:
        told = _("%(name)s从 %(day)s 起任职，交接日期须在此之后。") % {
            "name": found.user,
            "day": words.day(found.valid_from, year=True),
        }
        raise DomainError(told, fields={"on": [told]})
    return found


def _refuse_ended(found: Membership, today: date) -> None:
    passed = (
        HandOver.objects.filter(
            department=found.department_id, role=found.role, outgoing=found.user_id
        )
        .select_related("incoming")
        .first()
    )
    last = found.valid_to
    assert last is not None  # noqa: S101 (asked before)
    if passed is not None and passed.on == last + timedelta(days=1):
        told = _("这项工作已经办理交接：%(day)s起由%(name)s接任。") % {
            "day": words.day(passed.on, year=True),
            "name": passed.incoming,
        }
        raise DomainError(told, code="handed_over")
    told = _("%(name)s的这项任职%(tense)s %(day)s 结束，不能再交接。") % {
        "name": found.user,
        "tense": _("已在") if last < today else _("将在"),
        "day": words.day(last, year=True),
    }
    raise DomainError(told, code="ended")


def _person(outgoing: Membership, typed: Newcomer, hashed: str, by: User) -> tuple[User, bool]:
    """Return the account of a newcomer, made where there is none, and whether it was made."""
    name = " ".join(typed.name.split())[:40]
    if not name:
        raise DomainError(_("请填写接任人的姓名。"), fields={"name": [_("请填写接任人的姓名。")]})
    phone, email = contact(typed.phone, typed.email)
    known = known_people(outgoing.here, name, phone)
    if len(known) > 1:
        told = _("有 %(n)s 个账号的姓名和电话都相同，请选择其中一个。") % {"n": len(known)}
        raise DomainError(told, fields={"name": [told]})
    if known:
        return known[0], False
    (username,) = free_usernames(outgoing.here, 1)
    person = User(
        username=username,
        name=name,
        phone=phone,
        email=email,
        password=hashed,
        must_change_password=True,
    )
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError as problem:
        raise Conflict(_("刚刚有人建立了账号，请再试一次。")) from problem
    return person, True


def _pass_on(outgoing: Membership, incoming: User, on: date, note: str, by: User) -> HandOver:
    """End the one role, begin the other, and write down that this was one deed."""
    if incoming.pk == outgoing.user_id:
        told = _("接任人就是原来的%(role)s本人。") % {"role": outgoing.get_role_display()}
        raise DomainError(told, fields={"incoming": [told]})
    if not incoming.is_active:
        told = _("%(name)s的账号已停用，请先由系统管理员启用。") % {"name": incoming}
        raise DomainError(told, fields={"incoming": [told]})
    if _holds(outgoing, incoming, on):
        told = _("%(name)s已经是%(unit)s的%(role)s，不用交接；原任职可由系统管理员结束。") % {
            "name": incoming,
            "unit": outgoing.department,
            "role": outgoing.get_role_display(),
        }
        raise DomainError(told, fields={"incoming": [told]})
    assert outgoing.department is not None  # noqa: S101 (`_outgoing` has seen to it)
    outgoing.valid_to = on - timedelta(days=1)
    outgoing.save()
    try:
        with transaction.atomic():
            Membership.objects.create(
                user=incoming, role=outgoing.role, department=outgoing.department, valid_from=on
            )
            return HandOver.objects.create(
                department=outgoing.department,
                role=outgoing.role,
                outgoing=outgoing.user,
                incoming=incoming,
                on=on,
                note=note,
                by=by,
            )
    except IntegrityError as problem:
        raise Conflict(_("刚刚有人办理了同一项交接，请刷新页面。")) from problem


def _holds(outgoing: Membership, person: User, on: date) -> bool:
    rows = Membership.objects.filter(
        user=person, role=outgoing.role, department=outgoing.department
    )
    return any(one.valid_to is None or one.valid_to >= on for one in rows)


def _seats(outgoing: Membership, incoming: User, on: date) -> None:
    """Let the roster follow: the 联络员 of this unit changes where it was the outgoing person."""
    if outgoing.role != Membership.Role.LIAISON:
        return
    seats = [
        one
        for one in Seat.objects.filter(
            department=outgoing.department, kind=Seat.Kind.LIAISON, valid_to__isnull=True
        )
        if one.user_id == outgoing.user_id
        or (one.user_id is None and one.name == outgoing.user.name)
    ]
    for seat in seats:
        seat.valid_to = on - timedelta(days=1)
        if seat.valid_from is not None:
            seat.valid_from = min(seat.valid_from, seat.valid_to)
        seat.save()
    if seats:
        assert outgoing.department is not None  # noqa: S101 (`_outgoing` has seen to it)
        Seat.objects.get_or_create(
            region=outgoing.department.region,
            kind=Seat.Kind.LIAISON,
            department=outgoing.department,
            name=str(incoming),
            valid_to=None,
            defaults={"phone": incoming.phone, "user": incoming, "valid_from": on},
        )


def _tell(row: HandOver, made: bool, now: datetime) -> None:
    """Tell the two people, the unit's head, the office and, of a new account, administrators."""
    unit, day = row.department, words.day(row.on, year=True)
    said = {"unit": unit.name, "role": row.get_role_display(), "day": day}
    event, view = f"handover:{row.pk}", "hand-over"
    said |= {"old": str(row.outgoing), "new": str(row.incoming)}
    tell(
        [row.incoming_id],
        event=event,
        reason="waiting",
        text=_("%(day)s起，您接任%(unit)s%(role)s，请看%(old)s移交的事项。") % said,
        view=view,
        subject=row.pk,
    )
    tell(
        [row.outgoing_id],
        event=event,
        reason="waiting",
        text=_("%(day)s起，您的%(unit)s%(role)s工作由%(new)s接任。") % said,
        view=view,
        subject=row.pk,
    )
    today = timezone.localdate(now)
    others = [
        *department_people([unit.pk], today, ("head",)),
        *office_people(unit.region, today),
        *(administrators(unit.region, today) if made else []),
    ]
    tell(
        [one for one in others if one != row.by_id],
        event=event,
        reason="waiting",
        text=_("%(day)s起，%(unit)s%(role)s由%(old)s交接给%(new)s。") % said,
        view=view,
        subject=row.pk,
    )
