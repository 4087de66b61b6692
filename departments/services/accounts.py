"""What the system administrator does to an account: correct, stop, start, new password, unlock."""

from datetime import datetime

from axes.utils import reset as forget_failures
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError, ensure
from departments import policies
from departments.models import Membership, User
from departments.services.people import NEEDED, contact, first_password, others_in_role


def _locked(pk: int, by: User, now: datetime) -> User:
    """Return an account as it is now, locked; refuse whoever does not keep it."""
    person = User.objects.select_for_update().get(pk=pk)
    ensure(policies.can_keep_account(by, person, timezone.localdate(now)))
    return person


def _record(verb: str, person: User, by: User, **detail: object) -> None:
    audit.record(f"departments.user.{verb}", person, by=by, detail=detail)


@transaction.atomic
def edit_person(pk: int, *, name: str, phone: str, email: str, by: User, now: datetime) -> User:
    """Correct a person's name, number and mail address; the record says which of them changed."""
    person = _locked(pk, by, now)
    name = " ".join(name.split())
    if not name or len(name) > 40:
        told = _("请填写姓名，不超过 40 个字。")
        raise DomainError(told, fields={"name": [told]})
    phone, email = contact(phone, email)
    new = {"name": name, "phone": phone, "email": email}
    changed = [field for field, value in new.items() if getattr(person, field) != value]
    if changed:
        before = person.name
        for field, value in new.items():
            setattr(person, field, value)
        person.save(update_fields=changed)
        _record("edit", person, by, changed=changed, name_before=before)
    return person


@transaction.atomic
def deactivate(pk: int, *, by: User, now: datetime) -> User:
    """Stop an account at once: nobody logs in with it; what was done under it stays."""
    person = _locked(pk, by, now)
    if person.pk == by.pk:
        raise DomainError(_("不能停用自己的账号，请由另一位管理员办理。"))
    if not person.is_active:
        return person
    today = timezone.localdate(now)
    rows = Membership.objects.select_for_update(of=("self",)).order_by("id")
    for one in person.valid_memberships(today).filter(role__in=NEEDED):
        list(rows.filter(role=one.role, region=one.region_id))
        if others_in_role(one, today) == 0:
            told = _("%(name)s是%(place)s唯一的%(role)s人员，请先任命接任者，再停用账号。")
            raise DomainError(
                told % {"name": person, "place": one.place, "role": one.get_role_display()},
                code="last",
            )
    person.is_active = False
    person.save(update_fields=["is_active"])
    _record("deactivate", person, by)
    return person


@transaction.atomic
def reactivate(pk: int, *, by: User, now: datetime) -> User:
    """Let a stopped account be used again."""
    person = _locked(pk, by, now)
    if not person.is_active:
        person.is_active = True
        person.save(update_fields=["is_active"])
        _record("reactivate", person, by)
    return person


def reset_password(pk: int, *, by: User, now: datetime) -> tuple[User, str]:
    """Give an account a new first password, shown once; it ends all sessions of the person."""
    password = first_password()
    hashed = make_password(password)  # slow, so before the transaction
    with transaction.atomic():
        person = _locked(pk, by, now)
        if person.pk == by.pk:
            raise DomainError(_("自己的密码请在右上角“修改密码”里改。"))
        person.password = hashed
        person.must_change_password = True
        person.save(update_fields=["password", "must_change_password"])
        forget_failures(username=person.username)
        _record("reset_password", person, by)
    return person, password


@transaction.atomic
def unlock(pk: int, *, by: User, now: datetime) -> int:
    """Forget the failed log-ins that lock an account; returns how many addresses were locked."""
    person = _locked(pk, by, now)
    count = forget_failures(username=person.username)
    _record("unlock", person, by, addresses=count)
    return int(count)
