"""Table A, the 重点任务分工表 of a year: out as Excel, and the same file filled in back as rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from core.files import content_of
from core.sheets import Column, Line, read, write
from plans.models import Measure, Plan
from tasks.models import Sheet, Task
from tasks.selectors.planning.grid import CHOICES, number_of
from tasks.selectors.planning.rows import LABELS, group_title, rows_of, texts_of, version_of
from tasks.services.planning import Checked, Row, RowErrors, check_rows

SPARE = 20  # empty rows for new tasks
# key, width, kind; in the order of the offices' own table, then what is needed to edit
_EDITABLE = (
    ("title", 34, "text"),
    ("lead", 16, "text"),
    ("responsible", 20, "text"),
    ("cooperate", 20, "text"),
    ("starts", 12, "date"),
    ("due", 12, "date"),
    ("kind", 8, "choice"),
    ("quantity", 10, "number"),
    ("unit", 8, "text"),
    ("weight", 7, "number"),
    ("deliverable", 20, "text"),
    ("evidence_required", 9, "choice"),
    ("note", 16, "text"),
)
NAMES = tuple(key for key, _width, _kind in _EDITABLE)


def columns() -> tuple[Column, ...]:
    """Return the columns of table A; what is not editable is locked."""
    return (
        Column("id", _("编号"), kind="id"),
        Column("version", _("版本"), kind="id"),
        Column("number", _("序号"), width=6, required=False),
        Column("category", _("类别"), width=8, required=False),
        Column("action", _("重点任务"), width=20, required=False),
        Column("measure", _("所属措施"), width=22, editable=True),
        *(
            Column(
                key,
                str(LABELS[key]),
                width=width,
                kind=kind,
                choices=CHOICES.get(key, ()),
                editable=True,
            )
            for key, width, kind in _EDITABLE
        ),
    )


def measure_text(task: Task) -> str:
    """Return how a row names what its task hangs on."""
    if task.measure is None:
        return group_title(task)
    return f"{number_of(task)} {task.measure.title}"


def _category(task: Task) -> str:
    return str(task.measure.action.get_kind_display()) if task.measure else group_title(task)


def as_excel(plan: Plan, year: int) -> bytes:
    """Return the year's standing tasks as table A, ready to be filled in and sent back."""
    rows = (
        {
            "id": str(one.pk),
            "version": version_of(one),
            "number": number_of(one),
            "category": _category(one),
            "action": group_title(one),
            "measure": measure_text(one),
            **texts_of(one),
        }
        for one in rows_of(plan, year)
    )
    return write(
        _("%(title)s %(year)s 年重点任务分工表") % {"title": plan.region.name, "year": year},
        columns(),
        rows,
        notes=[
            _("%(plan)s。") % {"plan": plan.title},
            _(
                "黄色的列可以改。多个单位用“、”分开；没有汇总单位的写“各单位分别报送”。"
                "新增任务写在末尾空行，“所属措施”写措施的序号（如 1.2）或名称。"
                "删掉一行不会取消任务。"
            ),
        ],
        spare=SPARE,
        freeze=5,
    )


@dataclass(slots=True)
class Filled:
    """A file that came back: rows to be checked, and lines that could not be read as rows."""

    rows: list[Row] = field(default_factory=list)
    refused: list[Checked] = field(default_factory=list)


class _Measures:
    """The measures of a plan by what people call them: 1.2, the title, or both."""

    def __init__(self, plan: Plan) -> None:
        self.found: dict[str, list[Measure]] = {}
        rows = Measure.objects.filter(action__plan=plan).of_tasks().select_related("action")
        for one in rows.order_by("action__position", "position"):
            number = f"{one.action.position}.{one.position}"
            for name in {number, one.title, f"{number} {one.title}"}:
                self.found.setdefault(_plain(name), []).append(one)

    def of(self, text: str) -> Measure:
        """Return the one measure that a text names; raises ValueError with a sentence."""
        found = self.found.get(_plain(text), [])
        if len(found) == 1:
            return found[0]
        if found:
            raise ValueError(_("有几条措施都叫“%(text)s”，请改写序号。") % {"text": text})
        raise ValueError(_("方案里没有“%(text)s”这条措施。") % {"text": text})


def _plain(text: str) -> str:
    return "".join(text.split())


def filled(sheet: Sheet) -> Filled:
    """Read a stored file again; raises DomainError where it is no table A at all."""
    assert sheet.plan is not None and sheet.year is not None  # noqa: S101, PT018 (the constraint)
    lines = read(content_of(sheet), columns())
    stored = {one.pk: one for one in rows_of(sheet.plan, sheet.year)}
    measures = _Measures(sheet.plan)
    result = Filled()
    for line in lines:
        row, wrong = _row(line, stored, measures)
        if wrong:
            task = stored.get(row.task or 0)
            result.refused.append(Checked(row, task, after=dict(row.texts), wrong=wrong))
        else:
            result.rows.append(row)
    return result


def _row(
    line: Line, stored: dict[int, Task], measures: _Measures
) -> tuple[Row, dict[str, list[str]]]:
    values = line.values
    wrong = {key: [sentence] for key, sentence in line.problems.items()}
    texts = {name: values[name] for name in NAMES}
    key, number, measure = str(line.row), values["id"].strip(), None
    if number:
        if not (number.isascii() and number.isdigit() and len(number) < 12):
            wrong[""] = [_("编号被改动了，认不出是哪一项任务。")]
            return Row(key, texts), wrong
        task = stored.get(int(number))
        if task and _plain(values["measure"]) != _plain(measure_text(task)):
            wrong["measure"] = [_("已有的任务不能换到别的措施下。")]
        return Row(key, texts, int(number), values["version"].strip()), wrong
    texts = {name: text for name, text in texts.items() if text.strip()}
    if values["measure"].strip():
        try:
            measure = measures.of(values["measure"])
        except ValueError as error:
            wrong["measure"] = [str(error)]
    return Row(key, texts, measure=measure), wrong


def preview(sheet: Sheet) -> list[Checked]:
    """Return what each line of a file would do, in the order of the file."""
    assert sheet.plan is not None and sheet.year is not None  # noqa: S101, PT018 (the constraint)
    found = filled(sheet)
    checked = [*check_rows(sheet.plan, sheet.year, found.rows), *found.refused]
    return sorted(checked, key=lambda one: int(one.row.key))


def rows_of_sheet(sheet: Sheet) -> list[Row]:
    """Return the rows of a file to be applied; raises RowErrors where a line is no row."""
    found = filled(sheet)
    if found.refused:
        raise RowErrors(found.refused)
    return found.rows


def counts(checked: Sequence[Checked]) -> dict[str, int]:
    """Return how many lines are new, changed, refused and as they were."""
    fine = [one for one in checked if not one.refused]
    return {
        "new": sum(one.task is None for one in fine),
        "changed": sum(one.task is not None and bool(one.after) for one in fine),
        "refused": len(checked) - len(fine),
        "same": sum(one.task is not None and not one.after for one in fine),
    }


def lines_of(checked: Iterable[Checked]) -> list[dict[str, object]]:
    """Return the lines that change something or are refused, cell by cell, as a page shows them."""
    return [
        {
            "row": one.row.key,
            "task": one.task,
            "title": one.task.title if one.task else one.row.texts.get("title", ""),
            "refused": one.refused,
            "errors": one.wrong.get("", []),
            "cells": [
                {
                    "label": _label(name),
                    "before": one.before.get(name, ""),
                    "after": one.after.get(name, ""),
                    "errors": one.wrong.get(name, []),
                    "theirs": one.theirs.get(name),
                }
                for name in ("measure", *NAMES)
                if name in one.wrong or name in one.after
            ],
        }
        for one in checked
        if one.refused or one.after
    ]


def _label(name: str) -> str:
    return str(LABELS[name]) if name in LABELS else _("所属措施")
