"""LibreOffice opens table B, prints it on A4 landscape, and gives it back unchanged."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pypdfium2
import pytest

from core.sheets import read
from tasks.exchange.entries import COLUMNS, read_table, write_table
from tasks.fields import fields_for
from tasks.selectors.entries.sheets import SheetRow, SheetTable
from tests.cast_story import NOW

TEXTS = (
    "=1+1",
    "第一行\n第二行，含“引号”和 <尖括号> & 号",
    "+86 138\t制表",
    "@提到，-减号，'单引号",
    "_x0041_ 不是字母",
    "00123",
    "2024-07-01",
    "1e5",
    "",
)


def _row(number: int, text: str) -> SheetRow:
    """Return a row of the table without a database."""
    texts = {
        "percent": "45.5" if number % 2 else "约一半",
        "self_rating": "on_track",
        "done": text,
        "problems": text,
        "next_steps": "",
    }
    return SheetRow(
        entry=number,
        group="一、重点行动",
        unit="市教育局",
        title=f"任务{number}",
        measure="",
        due=date(2024, 12, 31),
        fields=fields_for("milestone"),
        state="草稿",
        lead="市教育局",
        others="",
        goal="",
        texts=texts,
        seen=dict.fromkeys(texts, 3),
        last=text,
        last_value="40",
        files="",
        by="癸",
        phone="",
        signed_by="",
        on="",
        opened=number != 1,
    )


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Path]:
    """Return table B as written, and the folder with what LibreOffice made of it."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice here (Debian: apt-get install libreoffice-calc-nogui)")
    folder = tmp_path_factory.mktemp("office")
    period: Any = SimpleNamespace(name="2024 年上半年", due_on=date(2024, 7, 20))
    unit: Any = SimpleNamespace(name="市教育局")
    rows = [_row(number, text) for number, text in enumerate(TEXTS, 1)]
    content = write_table(SheetTable(period, unit, rows), NOW)
    (folder / "b.xlsx").write_bytes(content)
    (folder / "again").mkdir()
    wanted = {"pdf": folder, "xlsx:Calc MS Excel 2007 XML": folder / "again"}
    running = [
        subprocess.Popen(
            [
                office, f"-env:UserInstallation={(folder / f'home{at}').as_uri()}", "--headless",
                "--convert-to", kind, "--outdir", place, "b.xlsx",
            ],
            cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for at, (kind, place) in enumerate(wanted.items())
    ]  # fmt: skip
    assert [one.wait(timeout=120) for one in running] == [0, 0]
    return content, folder


def test_it_comes_back_from_libreoffice_as_it_was(converted: tuple[bytes, Path]) -> None:
    content, folder = converted
    again = (folder / "again" / "b.xlsx").read_bytes()
    before, after = (read(one, COLUMNS) for one in (content, again))
    assert [line.values for line in after] == [line.values for line in before]
    assert read_table(again) == read_table(content)
    assert [line.values["done"] for line in after] == list(TEXTS)
    assert not [line for line in after if line.problems]


def test_locks_lists_and_hidden_columns_survive(converted: tuple[bytes, Path]) -> None:
    sheet = openpyxl.load_workbook(converted[1] / "again" / "b.xlsx").worksheets[0]
    header = next(row for row in sheet.iter_rows() if row[0].value == "序号")
    at = {cell.value: cell.column for cell in header}
    first = header[0].row + 2  # below the heading of the group
    assert sheet.protection.sheet
    done = [sheet.cell(first + one, at["进展情况"]).protection.locked for one in (0, 1)]
    assert done == [True, False]
    assert sheet.cell(first + 1, at["重点任务"]).protection.locked
    lists = [one for one in sheet.data_validations.dataValidation if one.type == "list"]
    assert [one.formula1 for one in lists] == ['"欠进度,达进度,超进度,已完成"']
    hidden = [one for one in sheet.column_dimensions.values() if one.hidden]
    assert {(one.min, one.max) for one in hidden} == {(21, 22)}
    assert sheet.print_title_rows == f"${header[0].row}:${header[0].row}"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)


def test_it_prints_on_a4_landscape_one_page_wide(converted: tuple[bytes, Path]) -> None:
    document = pypdfium2.PdfDocument(converted[1] / "b.pdf")
    sizes = [[round(side / 72 * 25.4) for side in page.get_size()] for page in document]
    assert sizes == [[297, 210]]
    text = document[0].get_textpage().get_text_range()
    for words in ("工作进展情况表", "下一步打算", "单位（盖章）", "第 1 页"):
        assert words in text
