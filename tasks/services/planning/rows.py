"""Many tasks of a year changed at once, from a grid or table A: checked, then all or nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError, ensure
from departments.models import Department
from plans.models import Measure, Plan
from tasks import policies
from tasks.models import Task
from tasks.selectors.planning.rows import UNITS, in_order, texts_of, version_of
from tasks.services.planning.assigning import Carried, assign, refusals
from tasks.services.planning.reading import Meant, Names, meaning, window_problems
from tasks.services.planning.year import check_year

DEFAULTS = {"kind": Task.Kind.MILESTONE, "quantity": None, "weight": 1}


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it came: `key` names it for people, `texts` holds the fields that were typed.

    Without a task it makes a new one under its measure; `version` is that of the task as seen.
    """

    key: str
    texts: Mapping[str, str]
    task: int | None = None
    version: str = ""
    measure: Measure | None = None


@dataclass(slots=True)
class Checked:
    """What a row means: the task, what would change, what is wrong, what others changed.

    `before` and `after` are texts by field; `theirs` is what is stored now where somebody
    changed the task after it was read.
    """

    row: Row
    task: Task | None = None
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, list[str]] = field(default_factory=dict)
    theirs: dict[str, str] = field(default_factory=dict)
    meant: Meant = field(default_factory=Meant)

    @property
    def refused(self) -> bool:
        return bool(self.wrong or self.theirs)


class RowErrors(DomainError):
    """Says which rows were refused, and why, field by field; nothing was written."""

    code = "rows"

    def __init__(self, rows: list[Checked]) -> None:
        self.rows = [one for one in rows if one.refused]
        super().__init__(
            _("有 %(count)s 行没有通过，什么都没有保存。请改好后再保存。")
            % {"count": len(self.rows)}
        )


def _alike(one: str, other: str) -> bool:
    return " ".join(one.split()) == " ".join(other.split())


def check_rows(plan: Plan, year: int, rows: Iterable[Row], *, lock: bool = False) -> list[Checked]:
    """Return what each row would do (constant queries); those that change nothing included."""
    listed = list(rows)
    tasks = Task.objects.filter(plan=plan, year=year)
    if lock:
        list(tasks.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    stored = {one.pk: one for one in in_order(tasks)}
    checked = [_compare(row, stored) for row in listed]
    known = {
        part.department_id: part.department
        for one in stored.values()
        for part in one.assignments.all()
    }
    texts = [one.after.get(name, "") for one in checked for name in UNITS]
    names = Names(plan, year, texts, known.values())
    for one in checked:
        if one.after and not one.wrong:
            _read(one, names, year)
    _twice(checked)
    _titles(checked, stored)
    for place, sentences in refusals(_carried(checked)).items():
        checked[place].wrong.update(sentences)
    return checked


def _compare(row: Row, stored: Mapping[int, Task]) -> Checked:
    one = Checked(row)
    if row.task is None:
        one.after = dict(row.texts)
        if row.measure is None:
            one.wrong[""] = [_("没有编号的行会新增任务，须写明它属于方案的哪一条措施。")]
        return one
    one.task = stored.get(row.task)
    if one.task is None:
        one.wrong[""] = [_("本年度没有这一编号的任务：编号被改动，或属于别的方案、年度。")]
        return one
    if one.task.cancelled_at:
        one.wrong[""] = [_("任务已取消，不能再改。")]
        return one
    now = texts_of(one.task)
    one.after = {name: text for name, text in row.texts.items() if not _alike(text, now[name])}
    one.before = {name: now[name] for name in one.after}
    if one.after and row.version != version_of(one.task):
        one.theirs = one.before
    return one


def _read(one: Checked, names: Names, year: int) -> None:
    one.meant = meaning(one.after, names)
    one.wrong.update(one.meant.wrong)
    values = dict(one.meant.values)
    if one.task is None:
        base: dict[str, Any] = {
            **DEFAULTS,
            "starts": date(year, 1, 1),
            "due": date(year, 12, 31),
        }
        if "title" not in values and "title" not in one.wrong:
            one.wrong["title"] = [_("请填写任务名称。")]
    else:
        base = {name: getattr(one.task, name) for name in (*DEFAULTS, "starts", "due")}
    together = window_problems({**base, **values}, year)
    for name, sentences in together.items():
        # Only what the row touches, and never a second sentence at one cell.
        if one.task is None or {"starts", "due", "kind", "quantity", "weight"} & set(one.after):
            one.wrong.setdefault(name, sentences)
    if one.task is None and not one.wrong:
        one.meant.values = {**base, **values}


def _twice(checked: list[Checked]) -> None:
    """Refuse rows about a task that a row before is about already."""
    first: dict[int, Checked] = {}
    for one in checked:
        if one.task is not None and first.setdefault(one.task.pk, one) is not one:
            said = _("与第 %(row)s 行是同一项任务，请只留一行。")
            one.wrong.setdefault("", [said % {"row": first[one.task.pk].row.key}])


def _titles(checked: list[Checked], stored: Mapping[int, Task]) -> None:
    """Refuse a title that two tasks of one measure (or duty) would bear."""
    bearers: dict[tuple[Any, ...], list[Checked | None]] = {}
    changed = {one.task.pk: one for one in checked if one.task and "title" in one.meant.values}
    for pk, task in stored.items():
        mine = changed.get(pk)
        title = mine.meant.values["title"] if mine else task.title
        basis = (task.measure_id, task.duty_id, None if task.measure_id else task.parent_id)
        bearers.setdefault((*basis, title), []).append(mine)
    for one in checked:
        if one.task is None and one.row.measure and "title" in one.meant.values:
            key = (one.row.measure.pk, None, None, one.meant.values["title"])
            bearers.setdefault(key, []).append(one)
    for several in bearers.values():
        for mine in several if len(several) > 1 else ():
            if mine is not None:
                mine.wrong.setdefault("title", [_("这条措施下已有同名的任务。")])


def _carried(checked: list[Checked]) -> dict[int, Carried]:
    """Return, by place in the list, which units each row wants for its task."""
    wanted = {}
    for place, one in enumerate(checked):
        if one.wrong or not set(one.meant.units):
            continue
        roles: dict[int, str] = {}
        parts = list(one.task.assignments.all()) if one.task and one.task.pk else []
        gathering = one.task.gathering if one.task else Task.Gathering.PROPOSED
        for role in UNITS:
            units = one.meant.units.get(role)
            ids = (
                [part.department_id for part in parts if part.role == role]
                if units is None
                else [unit.pk for unit in units]
            )
            for pk in ids:
                roles.setdefault(pk, role)
        if "lead" in one.meant.units:
            gathering = _gathering(one.meant.separate, one.meant.units["lead"])
        wanted[place] = Carried(one.task, roles, gathering)
    return wanted


def _gathering(separate: bool, lead: list[Department]) -> str:
    if separate:
        return Task.Gathering.NONE
    return Task.Gathering.CONFIRMED if lead else Task.Gathering.PROPOSED


def save_rows(plan: Plan, year: int, rows: Iterable[Row], *, by: Any) -> list[Checked]:
    """Change the tasks of a year as the rows say, all or nothing; return those that changed.

    Raises RowErrors with every row that is wrong or was changed by somebody else meanwhile.
    """
    try:
        return _save_rows(plan, year, rows, by=by)
    except IntegrityError as error:
        raise DomainError(_("有任务同名，或刚被别人改过。请重新打开再保存。")) from error


@transaction.atomic
def _save_rows(plan: Plan, year: int, rows: Iterable[Row], *, by: Any) -> list[Checked]:
    ensure(policies.can_make_tasks(by, plan))
    check_year(plan, year)
    checked = check_rows(plan, year, rows, lock=True)
    if any(one.refused for one in checked):
        raise RowErrors(checked)
    changed = [one for one in checked if one.after]
    if not changed:
        return []
    _write(plan, year, changed)
    audit.record(
        "tasks.task.save_rows",
        plan,
        by=by,
        detail={
            "year": year,
            "rows": [
                {
                    "task": one.task.pk if one.task else None,
                    "before": one.before,
                    "after": one.after,
                }
                for one in changed
            ],
        },
        region_path=plan.region.path,
    )
    return changed


def _write(plan: Plan, year: int, changed: list[Checked]) -> None:
    now = timezone.now()
    for one in changed:
        if one.task is None:
            one.task = Task(plan=plan, year=year, measure=one.row.measure)
        for name, value in one.meant.values.items():
            setattr(one.task, name, value)
        one.task.updated_at = now
    carried = _carried(changed)
    for want in carried.values():
        if want.task is not None:
            want.task.gathering = want.gathering
    tasks = [one.task for one in changed if one.task]
    new = [one for one in tasks if one.pk is None]
    old = [one for one in tasks if one.pk is not None]
    fields = {name for one in changed for name in one.meant.values} | {"gathering", "updated_at"}
    Task.objects.bulk_update(old, sorted(fields))
    Task.objects.bulk_create(new)
    assign(carried.values())
