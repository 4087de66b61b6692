"""Accounts from a list: every line is checked first, then all come in at once or none."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher, make_password
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict, DomainError, ensure
from core.sheets import Line
from departments import policies
from departments.models import Membership, User
from departments.services.listing import Planned, Reader
from departments.services.people import Issued, first_password

MOST = 300  # lines of one list
# A first password is random and lives until the first log-in: fewer rounds than for one that a
# person thought of, so that a list takes seconds and not minutes.
ROUNDS = 100_000


@dataclass(slots=True)
class Preview:
    """The lines of a list with what each would do."""

    lines: list[Planned]
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.counts = Counter(one.status for one in self.lines)

    @property
    def wrong(self) -> int:
        return self.counts["wrong"]

    @property
    def changes(self) -> int:
        return self.counts["new"] + self.counts["role"]


def preview_accounts(lines: Sequence[Line], *, by: User, today: date) -> Preview:
    """Say for each line whether it makes an account, adds a role, changes nothing or is wrong.

    The number of queries grows with the regions that the list names, not with its lines.
    """
    acting = by.acting
    ensure(policies.can_grant(by, ""))
    assert acting is not None  # noqa: S101 (the policy has seen to it)
    ensure(policies.can_manage_people(by, acting.here))
    if not lines:
        raise DomainError(_("表里没有填写任何人。"))
    if len(lines) > MOST:
        raise DomainError(
            _("一次最多 %(most)s 行，这个文件有 %(n)s 行，请分几次上传。")
            % {"most": MOST, "n": len(lines)}
        )
    return Preview(Reader(acting.here, lines, today).planned())


def bring_in_accounts(lines: Sequence[Line], *, by: User, now: datetime) -> list[Issued]:
    """Make the accounts and roles of a list in one transaction; returns the first passwords.

    The passwords are kept nowhere. The same list again adds nothing.
    """
    today = timezone.localdate(now)
    found = preview_accounts(lines, by=by, today=today)
    _ensure_right(found)
    passwords = {one.person: first_password() for one in found.lines if one.status == "new"}
    hashed = {person: _hash(password) for person, password in passwords.items()}
    with transaction.atomic():
        again = preview_accounts(lines, by=by, today=today)
        if [_outcome(one) for one in again.lines] != [_outcome(one) for one in found.lines]:
            raise Conflict(_("刚刚有人改动了账号，请重新上传，再看一遍预览。"))
        users = _users(again.lines, hashed)
        memberships = _memberships(again.lines, users)
        if memberships:
            audit.record(
                "departments.user.bring_in",
                None,
                by=by,
                detail={
                    "lines": len(lines),
                    "users": [one.pk for one in users.values()],
                    "memberships": [[one.user_id, one.role, str(one.place)] for one in memberships],
                },
            )
    return [
        Issued(one.username, one.name, one.place, one.role_word, passwords[one.person])
        for one in found.lines
        if one.status == "new"
    ]


def _ensure_right(found: Preview) -> None:
    if found.wrong:
        raise DomainError(
            _("有 %(n)s 行需要改正，改好以后再上传；现在什么都没有写入。") % {"n": found.wrong},
            code="wrong_lines",
        )


def _outcome(one: Planned) -> tuple[str, str, int | None]:
    return one.status, one.username, one.user.pk if one.user else None


def _hash(password: str) -> str:
    hasher = get_hasher()
    if isinstance(hasher, PBKDF2PasswordHasher):
        return hasher.encode(password, hasher.salt(), iterations=ROUNDS)
    return make_password(password)


def _users(lines: Iterable[Planned], hashed: dict[str, str]) -> dict[str, User]:
    """Make the new accounts, by what identifies a person in the list."""
    users = {
        one.person: User(
            username=one.username,
            name=one.name,
            phone=one.phone,
            email=one.email,
            password=hashed[one.person],
            must_change_password=True,
        )
        for one in lines
        if one.status == "new"
    }
    try:
        with transaction.atomic():
            User.objects.bulk_create(users.values())
    except IntegrityError as problem:
        raise Conflict(_("刚刚有人用了同一个用户名，请重新上传，再看一遍预览。")) from problem
    return users


def _memberships(lines: Iterable[Planned], users: dict[str, User]) -> list[Membership]:
    rows = [
        Membership(
            user=one.user or users[one.person],
            role=one.role,
            region=one.region if one.role not in Membership.OF_DEPARTMENT else None,
            department=one.department,
            valid_from=one.start,
        )
        for one in lines
        if one.status in ("new", "role")
    ]
    try:
        with transaction.atomic():
            return Membership.objects.bulk_create(rows)
    except IntegrityError as problem:
        raise Conflict(_("刚刚有人增加了同一项任职，请重新上传，再看一遍预览。")) from problem
