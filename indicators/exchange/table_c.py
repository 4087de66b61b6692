"""Table C of a plan, the 目标指标完成情况表: out as Excel, and the same file filled in back.

Two hidden columns tell the way back: the target, and for each year which row of the portal its
cell was made from, its version and a print of its text. What nobody touched changes nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.sheets import Column, Fixed, Line, read, write
from indicators.exchange.reading import (
    Asked,
    Read,
    blank_word,
    mark,
    plain,
    put_number,
    put_text,
    year_problem,
)
from indicators.models import Observation
from indicators.numbers import typed
from indicators.selectors import target_words, value_words
from indicators.selectors.sheets import TableC, TargetRow
from indicators.services.sheet_changes import Entered
from plans.models import Plan

_SEEN = re.compile(r"y(\d{4}):(\d{1,18})\.(\d{1,9})\.([0-9a-f]{10})")
_TEXT = re.compile(r"(source|reason):([0-9a-f]{10})")


def columns(plan: Plan) -> tuple[Column, ...]:
    """Return the columns of a plan's table C, one for each of its years."""
    return (
        Column("no", "序号", width=5, required=False),
        Column("indicator", "指标", width=22),
        Column("unit", "单位", width=6, required=False),
        Column("basis", "属性（预期性/约束性）", width=8, required=False),
        Column("baseline", "基期值（年）", width=12, required=False),
        Column("goal", "目标值（年）", width=16),
        *(
            Column(f"y{year}", f"{year}年实际值", width=9, kind="number", editable=True)
            for year in plan.years
        ),
        Column("rate", "完成率", width=8, required=False),
        Column("source", "数据来源", width=16, editable=True, required=False),
        Column("units", "责任单位", width=14, required=False),
        Column("reason", "未完成原因", width=18, editable=True, required=False),
        Column("target", "编号（请勿改动）", kind="id"),
        Column("seen", "版本（请勿改动）", kind="id"),
    )


# --- Out -----------------------------------------------------------------------------------
def write_table_c(table: TableC, made_at: datetime) -> bytes:
    """Return table C as an xlsx file, in the order of the plan."""
    plan = table.plan
    return write(
        _("%(place)s全民科学素质目标指标完成情况表（%(first)s—%(last)s年）")
        % {"place": plan.region.name, "first": plan.start_year, "last": plan.end_year},
        [one if table.opened else replace(one, editable=False) for one in columns(plan)],
        _rows(table),
        notes=tuple(_notes(table)),
        foot=(_("单位（盖章）："),),
        freeze=2,
        made_at=made_at,
    )


def _notes(table: TableC) -> Iterator[str]:
    yield _("%(plan)s。截至 %(day)s。") % {
        "plan": table.plan.title,
        "day": table.today.isoformat(),
    }
    if table.opened:
        yield _(
            "黄色表头的列可以填写；没有调查的年份写“未测”，不该有的写“不适用”，并在“未完成原因”里写明。"
            "数据来源、未完成原因随本行新填的数值保存。上传只存草稿，报送仍在“填报和核对”。不得填写涉密内容。"
        )
    for row in table.rows:
        if row.why_locked:
            yield _("“%(name)s”不在本表填：%(why)s。") % {
                "name": row.indicator.name,
                "why": row.why_locked,
            }
    if waits := table.unverified:
        yield _("还没有核对的数值：%(list)s。") % {
            "list": "、".join(
                f"{one.indicator.name} {one.year} 年（{one.get_state_display()}）" for one in waits
            )
        }


def _rows(table: TableC) -> Iterator[Mapping[str, Any] | Fixed]:
    for number, row in enumerate(table.rows, 1):
        cells = cells_of(row, table)
        values = cells | {
            "no": str(number),
            "unit": row.target.unit or row.indicator.unit,
            "basis": str(row.target.get_basis_display()),
            "baseline": _baseline(row),
            "goal": target_words(row.target),
            "rate": row.rate,
            "units": row.units,
        }
        yield values if table.opened and not row.why_locked else Fixed(values)


def _baseline(row: TargetRow) -> str:
    one = row.view.baseline
    if one is None or one.value is None:
        return ""
    return _("%(value)s（%(year)s年）") % {
        "value": value_words(one.value, row.indicator.unit),
        "year": one.year,
    }


def cells_of(row: TargetRow, table: TableC) -> dict[str, str]:
    """Return the cells of a row that come back, with their prints."""
    newest = row.newest
    cells = {
        "indicator": row.indicator.name,
        "source": (newest.source if newest else "") or row.indicator.source,
        "reason": newest.note if newest else "",
        "target": str(row.target.pk),
    }
    seen = []
    for year in table.years:
        there = row.cells.get(year)
        text = row.others.get(year, "") if there is None else _value_text(there)
        cells[f"y{year}"] = text
        version = f"{there.pk}.{there.version}" if there else "0.0"
        seen.append(f"y{year}:{version}.{mark(text)}")
    seen += [f"{name}:{mark(cells[name])}" for name in ("source", "reason")]
    return cells | {"seen": " ".join(seen)}


def _value_text(row: Observation) -> str:
    return str(row.get_status_display()) if row.value is None else typed(row.value)


# --- In ------------------------------------------------------------------------------------
def lines_of(content: bytes, plan: Plan) -> list[Line]:
    """Return the lines of a plan's table C; raises DomainError where the file is none."""
    return read(content, columns(plan))


def read_table_c(content: bytes, table: TableC, asked: Asked) -> Read:
    """Return what a table C says: a row for each cell that somebody touched."""
    cols = columns(table.plan)
    titles = {one.key: one.title for one in cols}
    known = {str(one.target.pk): one for one in table.rows}
    rows: list[Entered] = []
    untouched = 0
    for line in lines_of(content, table.plan):
        target = known.get(line.values["target"].strip())
        seen = {
            int(year): (int(pk), int(version), print_)
            for year, pk, version, print_ in _SEEN.findall(line.values["seen"])
        }
        texts = dict(_TEXT.findall(line.values["seen"]))
        found: list[Entered] = []
        if target is None or set(seen) != set(table.years) or len(texts) != 2:
            found = [
                _refused(
                    line, _("这一行隐藏的编号或版本被改动了，或者目标已经调整。请重新下载再填。")
                )
            ]
        elif "" in line.problems:
            found = [_refused(line, line.problems[""])]
        else:
            found = list(_cells(line, target, seen, texts, titles, table, asked))
            untouched += len(table.years) - len(found)
        rows += found
    return Read(rows, max(0, untouched))


def _refused(line: Line, told: str) -> Entered:
    return Entered(line.row, title=line.values["indicator"][:120], problems=[("", told)])


def _cells(
    line: Line,
    target: TargetRow,
    seen: Mapping[int, tuple[int, int, str]],
    texts: Mapping[str, str],
    titles: Mapping[str, str],
    table: TableC,
    asked: Asked,
) -> Iterator[Entered]:
    """Yield what each touched cell of a row says."""
    touched = {name for name in ("source", "reason") if mark(line.values[name]) != texts[name]}
    changed = [year for year in table.years if mark(line.values[f"y{year}"]) != seen[year][2]]
    changed += [
        int(key[1:]) for key in line.problems if key.startswith("y") and int(key[1:]) not in changed
    ]
    alone = not changed and bool(touched)
    if alone and (newest := target.newest) is not None:
        changed = [newest.year]
    # The reason of a row belongs to years without a value, else to the newest one filled in.
    blanks = {year for year in changed if blank_word(line.values[f"y{year}"])}
    noted = blanks or set(sorted(changed)[-1:])
    if alone and not changed:
        yield _refused(line, _("本行还没有数值，数据来源和未完成原因要随数值一起填。"))
    for year in changed:
        key = f"y{year}"
        one = Entered(
            line.row,
            title=f"{target.indicator.name} {year} 年",
            indicator=target.indicator,
            region=table.plan.region,
            year=year,
            column=titles[key],
            seen=seen[year][:2],
        )
        there = target.cells.get(year)
        one.basis = there.basis if there else target.basis
        one.series = there.series if there else ""
        if key in line.problems:
            one.problems.append((titles[key], line.problems[key]))
        elif target.why_locked:
            one.problems.append((titles[key], _("%(why)s。") % {"why": target.why_locked}))
        elif problem := year_problem(year, asked):
            one.problems.append((titles[key], problem))
        else:
            _texts(one, line, there, touched if year in noted else touched - {"reason"}, titles)
            if not alone:
                _value(one, line, key, asked)
        yield one


def _texts(
    one: Entered,
    line: Line,
    there: Observation | None,
    touched: set[str],
    titles: Mapping[str, str],
) -> None:
    """Give a cell the source and the reason of its row, where they are new or it has none."""
    if "source" in touched or there is None:
        one.fields["source"] = put_text(one, line.values["source"], titles["source"], 300)
    is_blank = bool(blank_word(line.values[f"y{one.year}"]))
    if "reason" in touched or is_blank:
        one.fields["note"] = put_text(one, line.values["reason"], titles["reason"], 300)
    elif there is not None and there.value is None:
        one.fields["note"] = ""  # it said why nothing was measured then


def _value(one: Entered, line: Line, key: str, asked: Asked) -> None:
    text = line.values[key]
    one.fields["status"] = blank_word(text) or str(Observation.Status.MEASURED)
    if blank_word(text):
        one.fields["value"] = None
    elif not plain(text):
        one.problems.append(
            (one.column, _("已有的数值不能在表里清空；没有测量请写“未测”，并写明原因。"))
        )
    elif one.indicator is not None:
        unit, highest = one.indicator.unit, one.indicator.highest
        put_number(one, "value", text, one.column, asked, key=key, unit=unit, highest=highest)
