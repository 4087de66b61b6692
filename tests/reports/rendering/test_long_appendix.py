"""Two hundred pages of pasted words, control characters and Word mark-up: whole in all forms."""

import io
from pathlib import Path

import docx
import openpyxl
import pypdfium2
import pytest

from reports.rendering.document import Column, Table, clean, paragraphs, plain
from reports.rendering.draft import Annex, Draft, document, from_json, to_json
from reports.rendering.excel import to_xlsx
from reports.rendering.pdf import to_pdf
from reports.rendering.word import to_docx

LINES = 1500  # paragraphs of three printed lines: some 205 pages
PASTED = (
    '<w:p><w:r><w:t xml:space="preserve">乙</w:t></w:r></w:p>'
    "<!--[if gte mso 9]><xml></xml><![endif]-->",
    "\x00\x01\x07\x0b\x0c\x1b\x1f丙\ufeff\u200b\u202e\ufffe",
    "#set page() $x$ = {{ 甲 }} {% y %} \\ =SUM(A1)",
)


def said(number: int) -> str:
    return f"第{number}段" + "开展全民科学素质活动" * 5 + PASTED[number % 3] + "完。"


@pytest.fixture(scope="module")
def draft() -> Draft:
    text = "\r\n".join(said(number) for number in range(LINES))
    table = Table(
        columns=(Column("序号", 1), Column("进展情况", 6)),
        rows=tuple((str(number), said(number)) for number in range(200)),
    )
    return Draft(
        title=("工作情况的报告",),
        recipient="",
        sections=(),
        annexes=(
            Annex("words", ("各单位来文",), tuple(paragraphs(text))),
            Annex("table_b", ("工作进展情况表",), (table,)),
        ),
        signature="",
    )


def test_it_is_stored_and_read_back_as_it_is_printed(draft: Draft) -> None:
    stored = to_json(draft)
    assert to_json(from_json(stored)) == stored


def test_word_holds_every_paragraph(draft: Draft, fonts: Path) -> None:
    word = docx.Document(io.BytesIO(to_docx(document(draft), fonts)))
    texts = [one.text for one in word.paragraphs if one.text.startswith("第")]
    pieces = [plain(one.text) for one in draft.annexes[0].blocks]
    assert [one for one in pieces if one.startswith("第")] == texts
    assert len(texts) == LINES
    assert len(word.tables[0].rows) == 201


def test_the_pdf_has_all_its_pages(draft: Draft, fonts: Path) -> None:
    pdf = pypdfium2.PdfDocument(to_pdf(document(draft), fonts, host=()))
    assert len(pdf) > 200
    text = "".join("".join(page.get_textpage().get_text_range().split()) for page in pdf)
    assert [n for n in range(LINES) if f"第{n}段" not in text] == []


def test_excel_holds_every_row(draft: Draft) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx(draft))).worksheets[0]
    cells = [row[1].value for row in sheet.iter_rows(min_row=3, max_row=202)]
    assert cells == [clean(said(number)) for number in range(200)]
