"""The official tables as one workbook: the same blocks as in Word, opened by LibreOffice as is."""

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from reports.rendering.document import Column, Paragraph, Run, Table, plain
from reports.rendering.draft import Annex, Draft, Section
from reports.rendering.excel import to_xlsx

NASTY = ("=1+1", "+86 138", "-3度", "@甲", '=HYPERLINK("http://x","y")', "第一行\n第二行", "007")


def table(*rows: tuple[str, ...], caption: str = "", wide: bool = True) -> Table:
    return Table(
        columns=(Column("序号", 2, "center"), Column("进展情况", 8), Column("催办次数", 3)),
        rows=tuple((str(n), text, (Run("12", f"k.{n}"),)) for n, (text,) in enumerate(rows, 1)),
        caption=caption,
        note="注：只列核对通过的填报。\n单位（盖章）：　　填表日期：　年　月　日",
        wide=wide,
    )


@pytest.fixture(scope="module")
def draft() -> Draft:
    rows = [(text,) for text in NASTY]
    return Draft(
        title=("关于2024年度", "工作情况的报告"),
        recipient="",
        sections=(
            Section("work", "工作", (Paragraph("正文"), table(("不在表里",)))),
            Section("targets", "指标", (table(*rows, caption="表1　目标指标完成情况"),)),
        ),
        annexes=(
            Annex("table_b", ("2024年度工作进展情况表",), (table(*rows * 12),)),
            Annex("table_a", ("重点任务分工表",), (table(("一",)),)),
            Annex("notes", ("说明",), (Paragraph("一"),)),
        ),
        signature="",
    )


@pytest.fixture(scope="module")
def book(draft: Draft) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(to_xlsx(draft)))


def test_each_official_table_of_the_draft_has_a_sheet_in_their_order(
    book: openpyxl.Workbook,
) -> None:
    assert book.sheetnames == [
        "表A 重点任务分工表",
        "表B 工作进展情况表",
        "表C 目标指标完成情况表",
    ]
    titles = [sheet["A1"].value for sheet in book.worksheets]
    assert titles == ["重点任务分工表", "2024年度工作进展情况表", "目标指标完成情况"]


def test_cells_say_what_the_table_says_and_are_no_formulas(
    book: openpyxl.Workbook, draft: Draft
) -> None:
    sheet = book["表C 目标指标完成情况表"]
    wanted = [[plain(cell) for cell in row] for row in draft.sections[1].blocks[0].rows]
    cells = [list(row[:3]) for row in sheet.iter_rows(min_row=4, max_row=3 + len(NASTY))]
    assert [[str(cell.value) for cell in row] for row in cells] == wanted
    assert {cell.data_type for row in cells for cell in row} == {"s", "n"}, "no formula (f)"
    assert [cells[0][0].value, cells[0][2].value] == [1, 12], "bare numbers are numbers"
    assert cells[NASTY.index("007")][1].data_type == "s"
    assert all(cell.alignment.wrap_text for cell in cells[0])


def test_it_is_ready_for_the_printer_and_for_the_seal(book: openpyxl.Workbook) -> None:
    for sheet in book.worksheets:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$3:$3"
        assert sheet.freeze_panes.endswith("4")
        assert not sheet.protection.sheet, "the office fills in the date"
        values = [row[0].value for row in sheet.iter_rows()]
        assert values[-2:] == ["单位（盖章）：", "填表日期："]
        assert values[1] == "注：只列核对通过的填报。"


def test_the_same_draft_gives_the_same_bytes_without_macros(draft: Draft) -> None:
    content = to_xlsx(draft)
    assert to_xlsx(draft) == content
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert not [name for name in names if "vba" in name.lower() or "external" in name.lower()]


def test_a_draft_without_official_tables_says_so() -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(Draft(("题",), "", (), (), ""))))
    assert book.worksheets[0]["A1"].value == "本报告没有附表"


def test_a_cell_longer_than_excel_allows_is_cut_and_says_so() -> None:
    long = Annex("table_b", ("表",), (table(("长" * 40_000,)),))
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(Draft(("题",), "", (), (long,), ""))))
    text = book.worksheets[0]["B4"].value
    assert len(text) == 32_000
    assert text.endswith("全文见 Word 文件）")


def test_libreoffice_opens_it_without_repair(draft: Draft, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice here (Debian: apt-get install libreoffice-calc-nogui)")
    (tmp_path / "t.xlsx").write_bytes(to_xlsx(draft))
    for kind, folder in (("xlsx:Calc MS Excel 2007 XML", "again"), ("pdf", "pdf")):
        subprocess.run(
            [
                office, f"-env:UserInstallation={(tmp_path / 'home').as_uri()}", "--headless",
                "--convert-to", kind, "--outdir", folder, "t.xlsx",
            ],
            cwd=tmp_path, check=True, capture_output=True, timeout=120,
        )  # fmt: skip
    first, again = (
        openpyxl.load_workbook(path) for path in (tmp_path / "t.xlsx", tmp_path / "again/t.xlsx")
    )
    assert again.sheetnames == first.sheetnames
    for before, after in zip(first.worksheets, again.worksheets, strict=True):
        shown = [[cell.value for cell in row] for row in before.iter_rows()]
        assert [[cell.value for cell in row] for row in after.iter_rows()] == shown
    pages = pypdfium2.PdfDocument(tmp_path / "pdf" / "t.pdf")
    assert {tuple(round(side / 72 * 25.4) for side in page.get_size()) for page in pages} == {
        (297, 210)
    }
    texts = [page.get_textpage().get_text_range() for page in pages]
    assert sum("催办次数" in text for text in texts) == len(texts), "the head is repeated"
