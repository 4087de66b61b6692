"""How the office keeps its list of units: what a plan proposed is decided, changes are recorded."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError, ensure
from departments import policies
from departments.models import Department, DepartmentName, GroupMember, Succession, User
from departments.names import MAX_LENGTH, normalise
from departments.selectors import followed
from departments.signals import department_merged

Kind = Succession.Kind


def _locked(unit: Department, by: User) -> Department:
    """Return a unit as it is now, locked; refuse whoever does not keep its list."""
    found = (
        Department.objects.select_for_update(of=("self",))
        .select_related("region")
        .filter(pk=unit.pk)
        .first()
    )
    if found is None:
        raise DomainError(_("这个单位刚被并入另一个单位，请刷新页面。"), code="gone")
    ensure(policies.can_manage_departments(by, found.region))
    return found


def _proposed(unit: Department, by: User) -> Department:
    found = _locked(unit, by)
    if found.confirmed:
        raise DomainError(
            _("%(name)s已经确认。更名、合并或拆分请登记为机构变动。") % {"name": found.name},
            code="confirmed",
        )
    return found


def _record(verb: str, unit: Department, by: User, **detail: object) -> None:
    audit.record(
        f"departments.department.{verb}",
        unit,
        by=by,
        detail=detail,
        region_path=unit.region.path,
    )


@transaction.atomic
def confirm_department(unit: Department, *, by: User) -> Department:
    """Let the office say that a proposed unit exists under this name; doing it twice is once."""
    unit = _locked(unit, by)
    if not unit.confirmed:
        unit.confirmed = True
        unit.save()
        _record("confirm", unit, by, name=unit.name)
    return unit


def _spell(unit: Department, name: str) -> None:
    """Record a spelling of a unit; refuse one that means another unit of the region."""
    plain = normalise(name)
    if not plain or len(plain) > MAX_LENGTH:
        raise DomainError(_("请填写单位名称。"), fields={"name": [_("请填写单位名称。")]})
    taken = (
        DepartmentName.objects.filter(region=unit.region_id, normalised=plain)
        .select_related("department")
        .first()
    )
    if taken is None:
        DepartmentName.objects.create(
            region=unit.region, department=unit, name=name.strip()[:MAX_LENGTH], normalised=plain
        )
    elif taken.department_id != unit.pk:
        told = _("“%(name)s”已经是%(unit)s的名称。") % {
            "name": plain,
            "unit": taken.department.name,
        }
        raise DomainError(told, fields={"name": [told]}, code="name_taken")


@transaction.atomic
def rename_department(unit: Department, name: str, *, kind: str = "", by: User) -> Department:
    """Correct the name (and kind) of a proposed unit; the printed spelling stays one of its own."""
    unit = _proposed(unit, by)
    if kind and kind not in Department.Kind.values:
        raise DomainError(_("没有这个类别。"), fields={"kind": [_("没有这个类别。")]})
    _spell(unit, name)
    before, unit.name, unit.kind = unit.name, normalise(name), kind or unit.kind
    unit.save()
    _record("rename", unit, by, before=before, after=unit.name, kind=unit.kind)
    return unit


@transaction.atomic
def merge_department(unit: Department, into: Department, *, by: User) -> Department:
    """Decide that a proposed unit is one that is already known; nothing of the former is left.

    Spellings, memberships of groups and, through the floors above, responsibilities move over.
    """
    unit = _proposed(unit, by)
    rows = Department.objects.select_for_update(of=("self",)).select_related("region")
    into = rows.get(pk=into.pk)
    _check_merge(unit, into)
    moved = sum(
        int(rows or 0)
        for _receiver, rows in department_merged.send(sender=Department, old=unit, new=into)
    )
    names = list(unit.names.values_list("name", flat=True))
    unit.names.update(department=into)
    groups = list(GroupMember.objects.filter(member=into).values_list("group", flat=True))
    GroupMember.objects.filter(member=unit, group__in=groups).delete()
    GroupMember.objects.filter(member=unit).update(member=into)
    _record(
        "merge", into, by,
        old=unit.pk, name=unit.name, into=into.name, names=names, responsibilities=moved,
    )  # fmt: skip
    try:
        unit.delete()
    except ProtectedError:
        raise DomainError(
            _("%(name)s已有人员、任务或机构变动，不能直接并入，请先确认它，再登记机构变动。")
            % {"name": unit.name},
            code="in_use",
        ) from None
    return into


def _check_merge(unit: Department, into: Department) -> None:
    here, there = unit.region.path, into.region.path
    if unit.pk == into.pk:
        raise DomainError(_("不能并入自己，请选择另一个单位。"))
    if not (here.startswith(there) or there.startswith(here)):
        raise DomainError(_("只能并入本地区、上级或下级地区的单位。"))
    if unit.is_group != into.is_group:
        raise DomainError(_("单位和单位集合不能互相并入。"))


@transaction.atomic
def record_succession(
    old: Department,
    kind: str,
    on: date,
    *,
    new: Department | None = None,
    name: str = "",
    scope: str = "",
    by: User,
) -> Succession:
    """Write down what became of a unit; it counts once somebody confirms it.

    `new` is a known unit, else one is made under `name`. A split is one row for each part.
    """
    old = _locked(old, by)
    if kind not in Kind.values:
        raise DomainError(_("请选择更名、并入或拆分。"), fields={"kind": [_("请选择方式。")]})
    if (new is None) == (not name.strip()):
        told = _("请选择一个已有单位，或者填写新单位的名称。")
        raise DomainError(told, fields={"new": [told]})
    if new is None:
        new = Department(
            region=old.region, name=normalise(name)[:MAX_LENGTH], kind=old.kind, valid_from=on
        )
        new.save()
        _spell(new, name)
    _check_succession(old, new, kind, on)
    change = Succession.objects.create(old=old, new=new, kind=kind, on=on, scope=scope.strip())
    audit.record(
        "departments.succession.record",
        change,
        by=by,
        detail={"old": old.pk, "new": new.pk, "kind": kind, "on": on},
        region_path=old.region.path,
    )
    return change


def _check_succession(old: Department, new: Department, kind: str, on: date) -> None:
    if old.pk == new.pk:
        raise DomainError(
            _("前后是同一个单位，请选择另一个。"), fields={"new": [_("请选择另一个。")]}
        )
    if old.region_id != new.region_id:
        told = _("变动前后的单位应在同一地区。")
        raise DomainError(told, fields={"new": [told]})
    rows = list(Succession.objects.filter(old=old))
    if any(one.new_id == new.pk and one.on == on for one in rows):
        raise DomainError(_("这项变动已经登记。"), code="recorded")
    if any(one.kind != Kind.SPLIT or kind != Kind.SPLIT for one in rows):
        raise DomainError(
            _("%(name)s已经登记了另一项变动，请先删除或改在它的后继单位上登记。")
            % {"name": old.name},
            code="recorded",
        )
    way = followed([new.pk], date.max)[new.pk]
    if old.pk in (way.end, *way.split):
        raise DomainError(
            _("%(new)s的后继正是%(old)s，不能循环。") % {"new": new.name, "old": old.name}
        )


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
def drop_succession(succession: Succession, *, by: User) -> None:
    """Take back a change that nobody has confirmed yet."""
    succession = (
        Succession.objects.select_for_update(of=("self",))
        .select_related("old__region")
        .get(pk=succession.pk)
    )
    ensure(policies.can_manage_departments(by, succession.old.region))
    if succession.confirmed_at is not None:
        raise DomainError(_("这项变动已经确认生效，不能删除。"), code="confirmed")
    audit.record(
        "departments.succession.drop",
        succession,
        by=by,
        detail={"old": succession.old_id, "new": succession.new_id, "kind": succession.kind},
        region_path=succession.old.region.path,
    )
    succession.delete()
