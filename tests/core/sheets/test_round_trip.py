"""Tables written by the portal and read back: nothing changes on the way."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DomainError
from core.sheets import Column, Heading, plain, read, write

NOW = datetime(2026, 1, 1, tzinfo=UTC)
COLUMNS = (
    Column("id", "编号", kind="id"),
    Column("no", "序号", width=6),
    Column("title", "重点任务", width=30),
    Column("done", "进展情况", width=40, editable=True),
    Column("amount", "完成数量", kind="number", editable=True),
    Column("due", "完成时限", kind="date"),
    Column("rating", "自评", kind="choice", choices=("达进度", "已完成"), editable=True),
)
CHOSEN = Column(
    "unit", "承办单位", kind="choice", choices=tuple(f"第{n}个单位，市" for n in range(90))
)


def values(content: bytes, columns: tuple[Column, ...] = COLUMNS) -> list[dict[str, str]]:
    lines = read(content, columns)
    assert not [line for line in lines if line.problems]
    return [line.values for line in lines]


def test_what_is_written_comes_back_as_people_see_it() -> None:
    rows = [
        Heading("一、重点行动"),
        {"id": 7, "no": 1, "title": "=1+1", "done": "+86 @a -b\n第二行\t", "amount": "3.0"},
        {"id": "8.4", "no": 2, "amount": Decimal("3.50"), "due": date(2026, 6, 30)},
        {"id": "9", "no": "3", "amount": "3万", "due": "六月底", "rating": "已完成"},
        {
            "id": "10",
            "amount": "12345678901234567890",
            "due": datetime(2026, 1, 2, 9, 30, tzinfo=UTC),
        },
    ]
    content = write("标题", COLUMNS, rows, notes=("填写说明",), foot=("单位（盖章）：",), spare=5)
    lines = read(content, COLUMNS)
    assert [line.row for line in lines] == [5, 6, 7, 8]
    got = [line.values for line in lines]
    assert [one["id"] for one in got] == ["7", "8.4", "9", "10"]
    assert [one["amount"] for one in got] == ["3.0", "3.5", "3万", "12345678901234567890"]
    assert [one["due"] for one in got] == ["", "2026-06-30", "六月底", "2026-01-02 17:30"]
    assert got[0]["title"] == "=1+1"
    assert got[0]["done"] == "+86 @a -b\n第二行\t"
    assert got[2]["rating"] == "已完成"


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_any_text_survives(rows: list[tuple[str, str, str]]) -> None:
    content = write(
        "表",
        COLUMNS,
        [
            {"id": f"n{at}", "done": one, "amount": two, "due": three}
            for at, (one, two, three) in enumerate(rows)
        ],
    )
    got = [(one["done"], one["amount"], one["due"]) for one in values(content)]
    assert got == [tuple(map(plain, row)) for row in rows]


def test_texts_that_look_like_escapes_survive() -> None:
    texts = ["_x0041_", "_x0041_x0042_", "_x005F_x0041_", "_x000D_", "_x", "x_x00_"]
    content = write("表", COLUMNS, [{"id": "1", "done": text} for text in texts])
    assert [one["done"] for one in values(content)] == texts


def test_the_sheet_is_ready_for_the_printer_and_locked() -> None:
    content = write(
        "标题",
        (*COLUMNS, CHOSEN),
        [{"id": "1", "no": "1"}],
        notes=("说明",),
        foot=("单位（盖章）：",),
    )
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToHeight, sheet.print_title_rows) == (0, "$3:$3")
    assert sheet.freeze_panes == "A4"
    assert sheet.protection.sheet
    assert [cell.protection.locked for cell in sheet[4]] == [
        True, True, True, False, False, True, False, True,
    ]  # fmt: skip
    assert sheet.column_dimensions["A"].hidden
    lists = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    assert lists == {"G4": '"达进度,已完成"', "H4": "'选项'!$A$8:$CL$8"}
    assert book["选项"].sheet_state == "veryHidden"
    assert book["选项"]["CL8"].value == "第89个单位，市"
    assert not book.properties.creator
    assert not book.properties.lastModifiedBy
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert not [name for name in names if "vba" in name or "externalLink" in name]


def test_an_open_table_is_not_locked_and_the_same_rows_give_the_same_file() -> None:
    columns = (Column("name", "姓名", editable=True),)
    one = write("人员", columns, [{"name": "甲"}], made_at=NOW)
    assert one == write("人员", columns, [{"name": "甲"}], made_at=NOW)
    assert not openpyxl.load_workbook(io.BytesIO(one)).worksheets[0].protection.sheet


def test_a_text_that_no_cell_can_hold_is_said() -> None:
    with pytest.raises(DomainError, match="进展情况”有一格超过"):
        write("表", COLUMNS, [{"id": "1", "done": "长" * 40_000}])
