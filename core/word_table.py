"""One table as a Word document: A4 landscape, its header on every page, a foot to be stamped."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Length, Mm, Pt

# Faces that Chinese offices have; word processors without them take a like one by themselves.
TITLE, HEAD, TEXT = "方正小标宋_GBK", "黑体", "仿宋_GB2312"
LATIN = "Times New Roman"
MARGIN_MM = 15
CELL_PT = 9
WIDTH_MM = 297 - 2 * MARGIN_MM
# What XML cannot hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its label, and its share of the width in relation to the others."""

    label: str
    weight: float = 1.0
    centred: bool = False


def word_table(
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[str]],
    *,
    lead: str = "",
    foot: str = "",
    language: str = "zh-CN",
) -> bytes:
    """Return a DOCX with one table; `lead` stands above it, `foot` (单位（盖章）) below."""
    word = docx.Document()
    _page(word)
    _text(word.add_paragraph(), title, TITLE, 18, WD_ALIGN_PARAGRAPH.CENTER)
    if lead:
        _text(word.add_paragraph(), lead, TEXT, 10.5, WD_ALIGN_PARAGRAPH.RIGHT)
    table = word.add_table(rows=1, cols=len(columns))
    table.style = "Table Grid"
    table.autofit = False
    for cell, column in zip(table.rows[0].cells, columns, strict=True):
        _text(cell.paragraphs[0], column.label, HEAD, CELL_PT, WD_ALIGN_PARAGRAPH.CENTER)
    _mark(table.rows[0], "w:tblHeader")
    for row in rows:
        line = table.add_row()
        _mark(line, "w:cantSplit")
        for cell, column, text in zip(line.cells, columns, row, strict=True):
            align = WD_ALIGN_PARAGRAPH.CENTER if column.centred else WD_ALIGN_PARAGRAPH.LEFT
            _text(cell.paragraphs[0], text, TEXT, CELL_PT, align)
    _widths(table, columns)
    if foot:
        _text(word.add_paragraph(), foot, TEXT, 12, WD_ALIGN_PARAGRAPH.LEFT).space_before = Pt(12)
    properties = word.core_properties
    properties.title, properties.author, properties.comments = _clean(title)[:255], "", ""
    properties.language = language
    result = io.BytesIO()
    word.save(result)
    return result.getvalue()


def _clean(text: str) -> str:
    return _CONTROL.sub("", text)


def _page(word: Any) -> None:
    section = word.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(MARGIN_MM)
    section.top_margin = section.bottom_margin = Mm(MARGIN_MM)


def _text(paragraph: Any, text: str, face: str, size: float, align: Any) -> Any:
    """Fill a paragraph in a Chinese face; returns its format."""
    paragraph.alignment = align
    run = paragraph.add_run(_clean(text))
    run.font.size = Pt(size)
    run.font.name = LATIN
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:eastAsia", "w:hint"):
        fonts.set(qn(script), face if script == "w:eastAsia" else "eastAsia")
    paragraph.paragraph_format.space_after = Pt(0)
    return paragraph.paragraph_format


def _mark(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _widths(table: Any, columns: Sequence[Column]) -> None:
    """Give every cell its width: word processors do not agree on whose widths they read."""
    total = sum(one.weight for one in columns)
    widths = [Length(int(Mm(WIDTH_MM) * one.weight / total)) for one in columns]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width
