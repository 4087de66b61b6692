"""Table B as an Excel file: 工作进展情况表, pre-filled, locked except for what a unit fills in.

Two hidden columns tell the way back: the entry's id, and for each open cell the version of its
field with a print of its text, so that what nobody touched in the file never overwrites anything.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.sheets import Column, Fixed, Heading, read, write
from tasks.models import Revision
from tasks.selectors.entries.sheet_changes import SLOTS, Given, in_cell, mark
from tasks.selectors.entries.sheets import SheetRow, SheetTable

RATINGS = tuple(str(word) for _code, word in Revision.SelfRating.choices)
COLUMNS = (
    Column("no", "序号", width=4.5, required=False),
    Column("unit", "填报单位", width=9, required=False),
    Column("title", "重点任务", width=13),
    Column("measure", "具体措施", width=26, required=False),
    Column("lead", "牵头单位", width=8.5, required=False),
    Column("others", "配合单位", width=10, required=False),
    Column("due", "完成时限", width=9.5, kind="date", required=False),
    Column("goal", "本期目标", width=8, required=False),
    Column("last", "上期进展情况", width=15, required=False),
    Column("last_value", "上期完成", width=7, kind="number", required=False),
    Column("done", "进展情况", width=25, editable=True),
    Column("value", "完成比例/完成数量", width=8, kind="number", editable=True),
    Column("self_rating", "自评", width=7, kind="choice", choices=RATINGS, editable=True),
    Column("problems", "存在问题", width=12, editable=True),
    Column("next_steps", "下一步打算", width=12, editable=True),
    Column("files", "佐证材料", width=9, required=False),
    Column("by", "填报人", width=7, required=False),
    Column("phone", "联系电话", width=12, required=False),
    Column("signed_by", "审核人", width=7, required=False),
    Column("on", "填报日期", width=9.5, kind="date", required=False),
    Column("state", "状态", width=7, required=False),
    Column("entry", "编号（请勿改动）", kind="id"),
    Column("seen", "版本（请勿改动）", kind="id"),
)
_SEEN = re.compile(r"(\d{1,9})\.([0-9a-f]{10}|-)")


def write_table(table: SheetTable, made_at: datetime) -> bytes:
    """Return table B as an xlsx file, grouped by action in the order of the plans."""
    whole = table.unit is None
    opened = any(one.opened for one in table.rows)
    return write(
        _("%(covers)s全民科学素质工作进展情况表（%(period)s）")
        % {"covers": table.covers, "period": table.period.name},
        [
            one if opened else replace(one, editable=False)
            for one in COLUMNS
            if whole or one.key != "unit"
        ],
        _rows(table),
        notes=(_note(table, opened),),
        foot=(_("单位（盖章）："),),
        freeze=3 if whole else 2,
        made_at=made_at,
    )


def _note(table: SheetTable, opened: bool) -> str:
    if not opened:
        return _("只列已经报送的内容，各单位的草稿不在其中。报送时限：%(due)s。") % {
            "due": table.period.due_on.isoformat()
        }
    return _(
        "报送时限：%(due)s。黄色表头的列可以填写：完成比例填 0 到 100 之间的数，数量填本年"
        "累计数，自评从列表中选；已报送的行不能改。填好后在系统的“表格填报”里上传，看过"
        "改动再确认；上传只保存草稿，报送仍在“检查并报送”页。本表不得填写涉密内容。"
    ) % {"due": table.period.due_on.isoformat()}


def _rows(table: SheetTable) -> Iterator[Mapping[str, Any] | Fixed | Heading]:
    group = None
    for number, one in enumerate(table.rows, 1):
        if one.group != group:
            group = one.group
            yield Heading(group)
        values = _values(number, one)
        yield values if one.opened else Fixed(values)


def _values(number: int, one: SheetRow) -> dict[str, Any]:
    cells = {
        slot: in_cell(name, one.texts[name]) for slot, name in zip(SLOTS, one.fields, strict=True)
    }
    versions = (one.seen.get(name, 0) for name in one.fields)
    return {
        **cells,
        "no": number,
        "unit": one.unit,
        "title": one.title,
        "measure": one.measure,
        "lead": one.lead,
        "others": one.others,
        "due": one.due,
        "goal": one.goal,
        "last": one.last,
        "last_value": one.last_value,
        "files": one.files,
        "by": one.by,
        "phone": one.phone,
        "signed_by": one.signed_by,
        "on": one.on,
        "state": one.state,
        "entry": one.entry,
        "seen": " ".join(
            f"{version}.{mark(cells[slot])}" for slot, version in zip(SLOTS, versions, strict=True)
        ),
    }


def read_table(content: bytes) -> list[Given]:
    """Return the rows of a table B; raises DomainError where the file is none."""
    return [
        Given(
            row=line.row,
            entry=line.values["entry"].strip(),
            title=line.values["title"],
            seen=_seen(line.values["seen"]),
            cells={slot: line.values[slot] for slot in SLOTS},
            problems=line.problems,
        )
        for line in read(content, COLUMNS)
    ]


def _seen(text: str) -> dict[str, tuple[int, str]]:
    found = _SEEN.findall(text)
    if len(found) != len(SLOTS):
        return {}
    return {
        slot: (int(version), print_) for slot, (version, print_) in zip(SLOTS, found, strict=True)
    }
