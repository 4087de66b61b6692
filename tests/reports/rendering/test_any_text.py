"""Departments paste from everywhere: no text may stop a format."""

import io
from pathlib import Path

import docx
import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.rendering.document import (
    Attachment,
    Column,
    Document,
    Heading,
    Paragraph,
    Run,
    Table,
)
from reports.rendering.draft import Annex, Draft
from reports.rendering.excel import to_xlsx
from reports.rendering.pdf import to_pdf
from reports.rendering.word import to_docx

TEXT = st.text(max_size=30)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(TEXT, TEXT, TEXT, st.booleans(), st.lists(st.integers(1, 4), max_size=4))
def test_any_text_is_rendered_in_all_formats(
    fonts: Path, first: str, second: str, third: str, wide: bool, levels: list[int]
) -> None:
    table = Table(
        columns=(Column(first), Column(second, 2, "right")),
        rows=((first, second), (third, (Run(first, second), Run(third)))),
        caption=second,
        note=third,
        wide=wide,
    )
    document = Document(
        title=("标题" + first, second),
        blocks=(*(Heading(level, "一、" + third) for level in levels), Paragraph(first), table),
        attachments=(Attachment(("附表" + second,), (Paragraph(third),)),),
        recipient=third,
        signature=first,
    )
    assert to_pdf(document, fonts, host=()).startswith(b"%PDF")
    draft = Draft((first,), "", (), (Annex("table_a", (second,), (table,)),), "")
    assert openpyxl.load_workbook(io.BytesIO(to_xlsx(draft))).worksheets
    assert docx.Document(io.BytesIO(to_docx(document, fonts))).tables
