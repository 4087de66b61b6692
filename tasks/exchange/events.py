"""The register of events and the burden of a year as Excel tables."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.sheets import Column, Heading, write
from tasks.models import Event
from tasks.selectors.periods.burden import BurdenPage, Row

EVENTS = (
    ("pk", "台账号", 8),
    ("on", "日期", 12),
    ("ends", "结束日期", 12),
    ("kind", "类型", 10),
    ("title", "名称", 36),
    ("department", "单位", 18),
    ("town", "镇（街道）或县（市、区）", 18),
    ("place", "具体地点", 18),
    ("people", "参加人数", 10),
    ("task", "年度任务", 32),
    ("duty", "固定任务（原文）", 32),
    ("summary", "内容", 40),
    ("struck", "删除理由", 16),
)
NUMBERS = {
    "pk", "people", "asked", "handed", "fields", "prefilled", "unchanged", "reminded", "nudged",
    "returns", "reporting", "checking",
}  # fmt: skip
BURDEN = (
    ("department", "单位", 24),
    ("asked", "应报（项）", 10),
    ("handed", "已报（项）", 10),
    ("fields", "请填（栏）", 10),
    ("prefilled", "预填（栏）", 10),
    ("unchanged", "无变化（项）", 10),
    ("reminded", "自动提醒（次）", 10),
    ("reminders", "其中", 22),
    ("nudged", "催办（次）", 10),
    ("nudges", "其中", 22),
    ("returns", "退回（项次）", 10),
    ("reporting", "单位用时中位数（天）", 12),
    ("checking", "核对用时中位数（天）", 12),
)


def _columns(table: Iterable[tuple[str, str, int]]) -> list[Column]:
    kinds = {"on": "date", "ends": "date"} | dict.fromkeys(NUMBERS, "number")
    return [Column(key, title, width, kind=kinds.get(key, "text")) for key, title, width in table]


def _event(one: Event) -> dict[str, Any]:
    return {
        "pk": one.pk,
        "on": one.on,
        "ends": one.ends,
        "kind": str(one.get_kind_display()),
        "title": one.title,
        "department": one.department.name,
        "town": one.town.name if one.town else "",
        "place": one.place,
        "people": one.people,
        "task": one.task.title if one.task else "",
        "duty": one.duty.quote if one.duty else "",
        "summary": one.summary,
        "struck": one.struck_reason,
    }


def event_lines(rows: Iterable[Event]) -> Iterator[dict[str, Any]]:
    """Return events under the titles of the table, for a CSV file."""
    for row in rows:
        said = _event(row)
        yield {title: said[key] for key, title, _width in EVENTS}


def events_as_excel(rows: Iterable[Event], now: datetime) -> bytes:
    """Return events as a table, in the order given."""
    return write(_("活动台账"), _columns(EVENTS), map(_event, rows), freeze=2, made_at=now)


def channels(counts: dict[str, int]) -> str:
    """Return 站内通知 8、邮件 4."""
    return "、".join(f"{name} {n}" for name, n in counts.items())


def _burden(row: Row) -> dict[str, Any]:
    said = {key: getattr(row, key) for key, _title, _width in BURDEN}
    unit = row.department
    return said | {
        "department": unit.name if unit else _("合计"),
        "reminders": channels(row.reminders),
        "nudges": channels(row.nudges),
    }


def _burden_rows(page: BurdenPage) -> Iterator[Any]:
    for one in page.periods:
        yield Heading(one.sentence)
        yield from map(_burden, one.rows)
        if not page.own_only:
            yield _burden(one.whole)


def burden_as_excel(page: BurdenPage, notes: Iterable[str], now: datetime) -> bytes:
    """Return a year's burden, period by period, units in the order of the register."""
    title = _("%(year)s 年填报负担") % {"year": page.year}
    return write(
        title, _columns(BURDEN), _burden_rows(page), notes=tuple(notes), freeze=1, made_at=now
    )
