"""The 成员单位名册 from a table: shown first, then brought in whole or not at all."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict, DomainError, ensure
from core.sheets import Line
from departments import contacts, policies
from departments.models import Department, Region, Seat, User
from departments.resolution import resolve
from departments.services.listing import unknown
from departments.services.roster import OF_UNIT

MOST = 500
KINDS = {str(kind.label): kind for kind in Seat.Kind}


@dataclass(slots=True)
class PlannedSeat:
    """A line and what it would do: add, change (a new dated row), same, or wrong."""

    row: int
    kind: str
    kind_word: str
    unit: str
    name: str
    post: str
    phone: str
    start: date
    department: Department | None = None
    old: Seat | None = None
    status: str = "wrong"
    problems: list[str] = field(default_factory=list)


@dataclass(slots=True)
class RosterPreview:
    """The lines of a table, and who stands in the roster but not in the table."""

    lines: list[PlannedSeat]
    absent: list[Seat]
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.counts = Counter(one.status for one in self.lines)

    @property
    def wrong(self) -> int:
        return self.counts["wrong"]

    @property
    def changes(self) -> int:
        return self.counts["add"] + self.counts["change"]


def preview_roster(
    region: Region, lines: Sequence[Line], *, by: User, today: date
) -> RosterPreview:
    """Say for each line what it would do to the roster (a constant number of queries)."""
    ensure(policies.can_keep_roster(by, region))
    if not lines:
        raise DomainError(_("表里没有填写任何人。"))
    if len(lines) > MOST:
        raise DomainError(_("一次最多 %(most)s 行，请分几次上传。") % {"most": MOST})
    rows = [_typed(line, today) for line in lines]
    meant = resolve(region, [row.unit for row in rows if row.unit], today)
    open_seats = list(
        Seat.objects.filter(region=region, valid_to__isnull=True)
        .select_related("department")
        .order_by("id")
    )
    known = {(one.kind, one.department_id, one.name): one for one in open_seats}
    seen: dict[tuple[str, int | None, str], int] = {}
    for row in rows:
        _unit(row, region, meant.get(row.unit))
        key = (row.kind, row.department.pk if row.department else None, row.name)
        twin = seen.setdefault(key, row.row)
        if twin != row.row and not row.problems:
            row.problems.append(_("与第 %(n)s 行重复。") % {"n": twin})
        _compare(row, known.get(key))
    absent = [one for key, one in known.items() if key not in seen]
    return RosterPreview(rows, absent)


def _typed(line: Line, today: date) -> PlannedSeat:
    values = {key: " ".join(text.split()) for key, text in line.values.items()}
    kind = KINDS.get(values["kind"])
    row = PlannedSeat(
        line.row, kind.value if kind else "", values["kind"], values["unit"], values["name"],
        values["post"], values["phone"], today, problems=list(line.problems.values()),
    )  # fmt: skip
    if kind is None:
        row.problems.append(
            _("没有“%(text)s”这个职责，请填：%(kinds)s。")
            % {"text": values["kind"], "kinds": "、".join(KINDS)}
        )
    if not row.name or len(row.name) > 40:
        row.problems.append(_("请填写姓名，不超过 40 个字。"))
    if len(row.post) > 80:
        row.problems.append(_("职务不超过 80 个字。"))
    if "*" not in row.phone:  # a masked number is compared with the one that is known
        try:
            row.phone = contacts.phone(row.phone)
        except ValueError:
            row.problems.append(
                _("电话“%(text)s”应是 11 位手机号，或区号加固定电话。") % {"text": row.phone}
            )
    try:
        row.start = contacts.day(values["start"]) or today
    except ValueError:
        row.problems.append(
            _("起始日期“%(text)s”不是日期，请写成 2026-01-31。") % {"text": values["start"]}
        )
    return row


def _unit(row: PlannedSeat, region: Region, meant: object) -> None:
    if not row.unit:
        if row.kind in OF_UNIT:
            row.problems.append(_("分管领导和联络员须填单位。"))
        return
    unit = getattr(meant, "department", None)
    if unit is None:
        row.problems.append(unknown(meant))  # type: ignore[arg-type]
    elif unit.is_group or unit.region_id != region.pk:
        row.problems.append(_("请填本地区的一个单位，不填“%(text)s”。") % {"text": row.unit})
    else:
        row.department, row.unit = unit, unit.name


def _compare(row: PlannedSeat, old: Seat | None) -> None:
    """Say what a line does, given the standing row of the same person in the same seat."""
    row.old = old
    if "*" in row.phone:
        if old is not None and contacts.masked(old.phone) == row.phone:
            row.phone = old.phone
        else:
            row.problems.append(_("电话被遮住了，请填完整的号码或留空。"))
    if old is not None and old.valid_from and row.start < old.valid_from and _differs(row, old):
        row.start = old.valid_from
    if row.problems:
        row.status = "wrong"
    elif old is None:
        row.status = "add"
    else:
        row.status = "change" if _differs(row, old) else "same"


def _differs(row: PlannedSeat, old: Seat) -> bool:
    return (row.post, row.phone) != (old.post, old.phone)


def bring_in_roster(
    region: Region, lines: Sequence[Line], *, replace: bool, by: User, today: date
) -> Counter[str]:
    """Write a table into the roster in one transaction; returns how many lines did what.

    With `replace`, who stands in the roster but not in the table ends with yesterday.
    """
    with transaction.atomic():
        list(Seat.objects.select_for_update().filter(region=region, valid_to__isnull=True))
        found = preview_roster(region, lines, by=by, today=today)
        if found.wrong:
            raise DomainError(
                _("有 %(n)s 行需要改正，改好以后再上传；现在什么都没有写入。") % {"n": found.wrong},
                code="wrong_lines",
            )
        ended = found.absent if replace else []
        _end(ended, today)
        _write(region, found.lines)
        found.counts["ended"] = len(ended)
        if found.changes or ended:
            audit.record(
                "departments.seat.bring_in",
                region,
                by=by,
                detail={**found.counts, "lines": len(lines)},
                region_path=region.path,
            )
    return found.counts


def _end(seats: Sequence[Seat], day: date) -> None:
    for seat in seats:
        seat.valid_to = last = day - timedelta(days=1)
        if seat.valid_from is not None:
            seat.valid_from = min(seat.valid_from, last)
    Seat.objects.bulk_update(seats, ["valid_from", "valid_to"])


def _write(region: Region, rows: Sequence[PlannedSeat]) -> None:
    changed = [row for row in rows if row.status == "change" and row.old is not None]
    corrected, followed = [], []
    for row in changed:
        assert row.old is not None  # noqa: S101 (asked above)
        if row.old.valid_from == row.start:
            row.old.post, row.old.phone = row.post, row.phone
            corrected.append(row.old)
        else:
            row.old.valid_to = row.start - timedelta(days=1)
            followed.append(row)
    Seat.objects.bulk_update(corrected, ["post", "phone"])
    Seat.objects.bulk_update([row.old for row in followed if row.old], ["valid_to"])
    try:
        with transaction.atomic():
            Seat.objects.bulk_create(
                Seat(
                    region=region,
                    kind=row.kind,
                    department=row.department,
                    name=row.name,
                    post=row.post,
                    phone=row.phone,
                    user=row.old.user if row.old else None,
                    valid_from=row.start,
                )
                for row in rows
                if row.status == "add" or row in followed
            )
    except IntegrityError as problem:
        raise Conflict(_("刚刚有人改动了名册，请重新上传，再看一遍预览。")) from problem
