"""Demo accounts: one person for each role, and liaisons for the units that report."""

import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from departments.models import Department, Membership, Region, User
from departments.services import appoint, issue_token

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
# Fewer rounds than for people's own passwords: these are random, and Django raises them at the
# first log-in.
ROUNDS = 50_000


@dataclass(frozen=True, slots=True)
class Account:
    """One line of the table of demo accounts; region is a code, department a full name."""

    username: str
    password: str
    role: str
    region: str
    department: str | None
    token: str


def read(path: Path) -> list[Account]:
    """Return the accounts that an earlier run made; none where there is no such file."""
    if not path.exists():
        return []
    return [Account(**one) for one in json.loads(path.read_text(encoding="utf-8"))]


def write(path: Path, accounts: Iterable[Account]) -> None:
    """Store the accounts, readable by the owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps([as_dict(one) for one in accounts], ensure_ascii=False, indent=1)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


def as_dict(account: Account) -> dict[str, str | None]:
    return {name: getattr(account, name) for name in Account.__slots__}


def _password() -> str:
    """Return a password that can be typed from a screen: four groups of four letters."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


class Cast:
    """Makes people and remembers their passwords and tokens."""

    def __init__(self) -> None:
        self.accounts: list[Account] = []
        self.passwords: dict[str, str] = {}

    def person(
        self,
        username: str,
        name: str,
        role: str,
        *,
        region: Region | None = None,
        department: Department | None = None,
    ) -> User:
        """Give a (new) person a role and return them, acting in it."""
        # The ending .invalid belongs to nobody: what is sent there arrives nowhere.
        known = {"name": name, "email": f"{username}@demo.invalid"}
        user, made = User.objects.get_or_create(username=username, defaults=known)
        if made:
            self.passwords[username] = _password()
            user.password = PBKDF2PasswordHasher().encode(
                self.passwords[username], secrets.token_hex(8), iterations=ROUNDS
            )
            user.save()
        membership = appoint(user, role, region=region, department=department)
        _token, plain = issue_token(membership, name="演示", scope="write", by=None)
        self.accounts.append(
            Account(
                username=username,
                password=self.passwords.get(username, ""),
                role=role,
                region=membership.here.code,
                department=department.name if department else None,
                token=plain,
            )
        )
        return user.act_as(membership)


def offices(cast: Cast, region: Region, prefix: str) -> tuple[User, User]:
    """Make two people of a region's office, so that one can check what the other enters."""
    first, second = (
        cast.person(
            f"{prefix}-office{number}", f"{region.name}纲要办{word}", "office", region=region
        )
        for number, word in ((1, "甲"), (2, "乙"))
    )
    return first, second


def supervisors(cast: Cast, region: Region, prefix: str) -> None:
    """Make a leader, the three administrators and an interface user of a region."""
    for role in ("leader", "auditor", "security", "admin", "client"):
        word = Membership.Role(role).label
        cast.person(f"{prefix}-{role}", f"{region.name}{word}", role, region=region)
