"""What each line of a list of accounts means: who, where, as what; and what is wrong with it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from core.sheets import Line
from departments import contacts
from departments.models import Department, Membership, Region, User
from departments.resolution import Resolution, resolve
from departments.selectors import free_usernames

ROLES = {str(role.label): role for role in Membership.Role}
_USERNAME = re.compile(r"^[-a-zA-Z0-9_]{1,60}$")


@dataclass(slots=True)
class Planned:
    """A line and what it would do: new (account), role (of a known person), same, or wrong.

    `person` tells the people of one list apart: lines that share it are one person.
    """

    row: int
    name: str = ""
    username: str = ""
    phone: str = ""
    email: str = ""
    role: str = ""
    role_word: str = ""
    place: str = ""
    start: date | None = None
    region: Region | None = None
    department: Department | None = None
    user: User | None = None
    status: str = "wrong"
    person: str = ""
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def spot(self) -> tuple[str, int | None, int | None]:
        """Return what makes two roles of a person the same."""
        unit = self.department.pk if self.department else None
        return self.role, unit, None if unit or self.region is None else self.region.pk


class Watching:
    """Which of the three administrators people are, by what identifies a person in a list."""

    def __init__(self, standing: Sequence[Membership]) -> None:
        self.roles: dict[str, str] = {
            f"account {one.user_id}": one.role
            for one in standing
            if one.role in Membership.SEPARATE
        }

    def clash(self, row: Planned) -> str:
        """Say that a line would make a person a second one of the three; else ""."""
        if row.role not in Membership.SEPARATE:
            return ""
        other = self.roles.setdefault(row.person, row.role)
        if other == row.role:
            return ""
        return _("%(name)s已是%(role)s。系统、安全、审计管理员须由不同的人担任。") % {
            "name": row.name,
            "role": Membership.Role(other).label,
        }


class Reader:
    """Reads the lines of a list for a region, set by set."""

    def __init__(self, here: Region, lines: Sequence[Line], today: date) -> None:
        self.here, self.lines, self.today = here, lines, today
        self.regions: dict[str, list[Region]] = {}
        for one in Region.objects.within(here):
            self.regions.setdefault(one.name, []).append(one)

    def planned(self) -> list[Planned]:
        """Return every line with what it would do, in the order of the list."""
        rows = [self._typed(line) for line in self.lines]
        self._places(rows)
        self._people(rows)
        self._settle(rows)
        self._names(rows)
        self._heads(rows)
        return rows

    # --- One line by itself -----------------------------------------------------------------
    def _typed(self, line: Line) -> Planned:
        values = {key: " ".join(text.split()) for key, text in line.values.items()}
        row = Planned(line.row, name=values["name"], username=values["username"])
        row.problems = list(line.problems.values())
        row.role_word, row.place = values["role"], values["unit"]
        if not row.name:
            row.problems.append(_("没有填姓名。"))
        elif len(row.name) > 40:
            row.problems.append(_("姓名超过 40 个字。"))
        if row.username and not _USERNAME.match(row.username):
            row.problems.append(_("用户名只用字母、数字、连字符和下划线，不超过 60 个。"))
        for key, read, told in (
            ("phone", contacts.phone, _("电话“%(text)s”应是 11 位手机号，或区号加固定电话。")),
            ("email", contacts.email, _("邮箱“%(text)s”的写法不对。")),
            ("start", contacts.day, _("起始日期“%(text)s”不是日期，请写成 2026-01-31。")),
        ):
            try:
                setattr(row, key, read(values[key]))
            except ValueError:
                row.problems.append(told % {"text": values[key]})
        self._role(row)
        self._region(row, values["region"])
        return row

    def _role(self, row: Planned) -> None:
        role = ROLES.get(row.role_word)
        if role is None:
            told = (
                _("没有“%(text)s”这个角色，请填：%(roles)s。")
                if row.role_word
                else _("没有填角色。")
            )
            row.problems.append(told % {"text": row.role_word, "roles": "、".join(ROLES)})
        else:
            row.role = role.value

    def _region(self, row: Planned, text: str) -> None:
        found = self.regions.get(text, []) if text else [self.here]
        if len(found) == 1:
            row.region = found[0]
        else:
            told = (
                _("本地区和下级地区里没有“%(text)s”。")
                if not found
                else _("有几个地区都叫“%(text)s”，请用网页逐个建立。")
            )
            row.problems.append(told % {"text": text})

    # --- Units, all together ----------------------------------------------------------------
    def _places(self, rows: list[Planned]) -> None:
        wanted: dict[int, tuple[Region, list[str]]] = {}
        for row in rows:
            if row.region is not None and row.place and row.role in Membership.OF_DEPARTMENT:
                wanted.setdefault(row.region.pk, (row.region, []))[1].append(row.place)
        found = {pk: resolve(region, names, self.today) for pk, (region, names) in wanted.items()}
        for row in rows:
            if row.region is None or not row.role:
                continue
            if row.role in Membership.OF_DEPARTMENT:
                self._unit(row, found.get(row.region.pk, {}).get(row.place))
            else:
                self._no_unit(row)

    def _unit(self, row: Planned, meant: Resolution | None) -> None:
        assert row.region is not None  # noqa: S101 (asked before)
        if meant is None:
            row.problems.append(_("%(role)s须填单位。") % {"role": row.role_word})
            return
        unit = meant.department
        if unit is None:
            row.problems.append(unknown(meant))
        elif unit.is_group:
            row.problems.append(_("“%(text)s”是单位集合，请填具体单位。") % {"text": row.place})
        elif not unit.region.path.startswith(self.here.path):
            row.problems.append(_("%(unit)s不属于本地区。") % {"unit": unit.name})
        else:
            if unit.name != row.place:
                row.notes.append(_("“%(text)s”即%(unit)s。") % {"text": row.place, "unit": unit})
            row.department, row.place, row.region = unit, unit.name, unit.region

    def _no_unit(self, row: Planned) -> None:
        assert row.region is not None  # noqa: S101 (asked before)
        if row.place and row.place != row.region.name:
            row.problems.append(
                _("%(role)s是地区的角色，“单位”一栏请留空，不填“%(text)s”。")
                % {"role": row.role_word, "text": row.place}
            )
        row.place = row.region.name

    # --- People, all together ---------------------------------------------------------------
    def _people(self, rows: list[Planned]) -> None:
        """Find the accounts that lines mean: by log-in name, by name and number, by the place."""
        named = {
            one.username: one
            for one in User.objects.filter(username__in={row.username for row in rows} - {""})
        }
        here = Q(memberships__region__path__startswith=self.here.path) | Q(
            memberships__department__region__path__startswith=self.here.path
        )
        alike: dict[str, list[User]] = {}
        for one in (
            User.objects.filter(here, name__in={row.name for row in rows})
            .distinct()
            .order_by("pk")
            .prefetch_related("memberships")
        ):
            alike.setdefault(one.name, []).append(one)
        for row in rows:
            if row.username:
                self._by_username(row, named.get(row.username))
            else:
                self._by_name(row, alike.get(row.name, []))
            row.person = self._identity(row)

    def _by_username(self, row: Planned, known: User | None) -> None:
        if known is not None and known.name != row.name:
            row.problems.append(
                _("用户名“%(name)s”已有人使用，请换一个。") % {"name": row.username}
            )
        else:
            row.user = known

    def _by_name(self, row: Planned, alike: list[User]) -> None:
        found = [one for one in alike if row.phone and one.phone == row.phone]
        if not found:
            unit = row.department.pk if row.department else None
            region = None if unit or row.region is None else row.region.pk
            found = [
                one
                for one in alike
                if not (row.phone and one.phone)
                and any(
                    (role.department_id, role.region_id) == (unit, region)
                    for role in one.memberships.all()
                )
            ]
        if len(found) > 1:
            row.problems.append(
                _("有几个账号都叫%(name)s（%(names)s），请填写用户名。")
                % {"name": row.name, "names": "、".join(one.username for one in found)}
            )
        elif found:
            row.user = found[0]

    def _identity(self, row: Planned) -> str:
        if row.user is not None:
            return f"account {row.user.pk}"
        if row.username:
            return f"username {row.username}"
        return f"{row.name} {row.phone}" if row.phone else f"line {row.row}"

    def _settle(self, rows: list[Planned]) -> None:
        """Say what each line does, in the order of the list."""
        known = [
            one
            for one in Membership.objects.filter(user__in=[r.user for r in rows if r.user])
            if one.valid_to is None or one.valid_to >= self.today
        ]
        standing = {(one.user_id, one.role, one.department_id, one.region_id) for one in known}
        watching = Watching(known)
        first: dict[str, Planned] = {}
        taken: dict[tuple[str, tuple[str, int | None, int | None]], int] = {}
        for row in rows:
            if row.user is not None and not row.user.is_active:
                row.problems.append(_("账号 %(name)s 已停用。") % {"name": row.user.username})
            before = first.setdefault(row.person, row)
            if before.name != row.name:
                row.problems.append(_("用户名与第 %(n)s 行相同，姓名却不同。") % {"n": before.row})
            if told := watching.clash(row):
                row.problems.append(told)
            if row.problems:
                row.status = "wrong"
                continue
            twin = taken.setdefault((row.person, row.spot), row.row)
            if twin != row.row:
                row.status = "same"
                row.notes.append(_("与第 %(n)s 行重复。") % {"n": twin})
            elif row.user is not None and (row.user.pk, *row.spot) in standing:
                row.status = "same"
            else:
                row.status = "new" if row.user is None and before is row else "role"
            if row.user is not None:
                row.username = row.user.username

    def _names(self, rows: list[Planned]) -> None:
        """Propose log-in names where the list gives none: the place's code and a number."""
        made = [row for row in rows if row.status == "new" and not row.username and row.region]
        typed = {row.username for row in rows}
        regions = {row.region.pk: row.region for row in made if row.region}
        for region in regions.values():
            mine = [row for row in made if row.region == region]
            free = (
                name for name in free_usernames(region, len(mine) + len(typed)) if name not in typed
            )
            for row in mine:
                row.username = next(free)
        names = {row.person: row.username for row in rows if row.status == "new"}
        for row in rows:
            if row.status in ("role", "same") and not row.username:
                row.username = names.get(row.person, "")

    def _heads(self, rows: list[Planned]) -> None:
        """Warn where a unit would have a second head; two may be right."""
        units = {row.department.pk for row in rows if row.department and row.role == "head"}
        heads: dict[int, dict[str, str]] = {}
        for one in (
            Membership.objects.valid_on(self.today)
            .filter(role=Membership.Role.HEAD, department__in=units, user__is_active=True)
            .select_related("user")
        ):
            heads.setdefault(one.department_id, {})[f"account {one.user_id}"] = str(one.user)
        for row in rows:
            if row.role != "head" or row.department is None or row.status == "wrong":
                continue
            known = heads.setdefault(row.department.pk, {})
            others = [name for person, name in known.items() if person != row.person]
            if others and row.status != "same":
                row.notes.append(
                    _("%(unit)s已有负责人%(names)s，请确认。")
                    % {"unit": row.place, "names": "、".join(others)}
                )
            known.setdefault(row.person, row.name)


def unknown(meant: Resolution) -> str:
    """Say that a unit is not known, and which it may be."""
    if meant.choices:
        return _("“%(text)s”已拆分为%(names)s，请填其中一个。") % {
            "text": meant.printed,
            "names": "、".join(one.name for one in meant.choices),
        }
    if meant.near:
        return _("名录里没有“%(text)s”，是不是%(names)s？") % {
            "text": meant.printed,
            "names": "、".join(one.department.name for one in meant.near[:3]),
        }
    return _("名录里没有“%(text)s”，请先由纲要办登记这个单位。") % {"text": meant.printed}
