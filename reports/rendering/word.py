"""Write a document as DOCX in the layout of GB/T 9704-2012."""

import datetime as dt
import io
import math
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.section import Section
from docx.shared import Length, Mm, Pt
from docx.text.paragraph import Paragraph as WordParagraph

from reports.rendering import layout
from reports.rendering.document import (
    Document,
    Figure,
    Head,
    Paragraph,
    Table,
    Text,
    clean,
    runs,
    title_text,
)
from reports.rendering.fonts import Faces, load_faces
from reports.rendering.images import fitted_size, svg_to_png
from reports.rendering.sheets import (
    AttachmentHead,
    AttachmentList,
    Item,
    OutlinedHeading,
    Recipient,
    Signature,
    TitleLines,
    has_figures,
    sheets,
)
from reports.rendering.tables import column_shares, kept_whole, rows_kept_together, text_pt
from reports.rendering.word_styles import TABLE_SIZES, dress, twips

# The earliest moment a ZIP archive can state; undated documents carry it instead of a clock's.
_NO_TIME = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)
_FOOTER_LINE_MM = 20 / layout.MM_IN_PT
_BOOKMARK_LENGTH = 40  # Word's limit
_PROPERTY_LENGTH = 255  # of the core properties


@dataclass(slots=True)
class _Writer:
    """The open file and what is counted while it is written."""

    word: WordDocument
    faces: Faces | None
    landscape: bool = False
    bookmarks: int = 0
    used: dict[str, int] = field(default_factory=dict)

    @property
    def width_mm(self) -> float:
        return layout.AREA_HEIGHT_MM if self.landscape else layout.AREA_WIDTH_MM


def to_docx(document: Document, fonts: Path) -> bytes:
    """Render a document as DOCX; the same document and fonts give the same bytes.

    The fonts only draw the charts: the text names the standard's faces and their alternatives.
    Raise FontsMissing when charts cannot be drawn and ValueError for a figure that is no SVG.
    """
    word = docx.Document()
    dress(word, document.language)
    writer = _Writer(word, load_faces(fonts, host=()) if has_figures(document) else None)
    for index, sheet in enumerate(sheets(document)):
        if index and sheet.landscape != writer.landscape:
            word.add_section(WD_SECTION.NEW_PAGE)
            _last_paragraph(word).style = "SectionEnd"
        writer.landscape = sheet.landscape
        _set_page(word.sections[-1], sheet.landscape)
        for item in sheet.items:
            _write(writer, item)
    _number_pages(word.sections[0])
    _describe(word, document)
    file = io.BytesIO()
    word.save(file)
    return _without_clock(file.getvalue())


def _write(writer: _Writer, item: Item) -> None:
    match item:
        case Head(number, mark):
            _head(writer, number, mark)
        case TitleLines(lines):
            _paragraph(writer, "Title", "\n".join(lines))
            _paragraph(writer, "Normal", "")
        case Recipient() | Paragraph() | OutlinedHeading():
            _paragraph(writer, *_styled(item))
        case Table():
            _table(writer, item)
        case Figure():
            _figure(writer, item)
        case AttachmentList(entries):
            _attachment_list(writer, entries)
        case Signature(name, date):
            _signature(writer, name, date)
        case AttachmentHead(mark, lines):
            _paragraph(writer, "AttachmentMark", mark)
            _keep_next(_paragraph(writer, "Normal", ""))
            _paragraph(writer, "AttachmentTitle", "\n".join(lines))
            _keep_next(_paragraph(writer, "Normal", ""))


def _styled(item: Recipient | Paragraph | OutlinedHeading) -> tuple[str, Text]:
    """Return the style and the text of an item that is one paragraph."""
    if isinstance(item, OutlinedHeading):
        return f"Heading{item.heading.level}", item.heading.text
    return ("Recipient" if isinstance(item, Recipient) else "BodyText"), item.text


def _paragraph(writer: _Writer, style: str, text: Text) -> Any:
    """Append a paragraph to the body and return its element."""
    element = writer.word.element.body.add_p()
    _fill(writer, element, style, text)
    return element


def _last_paragraph(word: WordDocument) -> Any:
    return word.element.body.xpath("./w:p")[-1]


def _fill(writer: _Writer, element: Any, style: str, text: Text) -> None:
    """Give an empty paragraph its style and text; a run with a fact gets a bookmark around it."""
    if style != "Normal":
        element.style = style
    for run in runs(text):
        if not run.text:
            continue
        if run.fact is None:
            element.add_r().text = run.text
            continue
        start, end = _bookmark(writer, run.fact)
        element.append(start)
        element.add_r().text = run.text
        element.append(end)


def _bookmark(writer: _Writer, fact: str) -> tuple[Any, Any]:
    """Return the two ends of a bookmark whose name tells the fact: ``fact_<key>_<n>``."""
    key = re.sub(r"\W", "_", clean(fact))[: _BOOKMARK_LENGTH - 12]
    writer.used[key] = writer.used.get(key, 0) + 1
    writer.bookmarks += 1
    number = str(writer.bookmarks)
    start = _element("w:bookmarkStart", id=number, name=f"fact_{key}_{writer.used[key]}")
    return start, _element("w:bookmarkEnd", id=number)


def _element(tag: str, **attributes: str) -> Any:
    """Make an element of the w: namespace with attributes of the same namespace."""
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


def _keep_next(element: Any) -> None:
    element.get_or_add_pPr().get_or_add_keepNext()


def _indent(element: Any, **characters: float) -> None:
    """Indent a paragraph by grid characters, with the same lengths in twips as a fall-back."""
    indent = element.get_or_add_pPr().get_or_add_ind()
    for side, count in characters.items():
        indent.set(qn(f"w:{side}Chars"), str(round(count * 100)))
        indent.set(qn(f"w:{side}"), str(twips(count * layout.CHARACTER_PT)))


def _head(writer: _Writer, number: str, mark: str) -> None:
    if not mark:
        _paragraph(writer, "PlainNumber", number)
        _paragraph(writer, "Normal", "")
        return
    size = Pt(layout.mark_pt(mark))
    paragraph = WordParagraph(_paragraph(writer, "RedMark", mark), writer.word._body)
    paragraph.paragraph_format.line_spacing = size
    paragraph.runs[0].font.size = size
    for style, text in (("Normal", ""), ("Normal", ""), ("DocumentNumber", number)):
        _paragraph(writer, style, text)
    _paragraph(writer, "Normal", "")
    _paragraph(writer, "Normal", "")


def _attachment_list(writer: _Writer, entries: tuple[tuple[str, str], ...]) -> None:
    _paragraph(writer, "Normal", "")
    for index, (number, name) in enumerate(entries):
        hanging = len(number) / 2
        mark = "附件：" if index == 0 else ""
        element = _paragraph(writer, "AttachmentList", f"{mark}{number}{name}")
        # The mark is three characters wide; later lines begin below the name.
        _indent(element, left=5 + hanging, hanging=len(mark) + hanging)


def _signature(writer: _Writer, name: str, date: str) -> None:
    name_right, date_right = layout.signature_indents(name, date)
    _keep_next(_paragraph(writer, "Normal", ""))
    if name:
        _indent(_paragraph(writer, "Signature", name), right=name_right)
    if date:
        _indent(_paragraph(writer, "Date", date), right=date_right)


def _figure(writer: _Writer, figure: Figure) -> None:
    faces = cast(Faces, writer.faces)
    svg = clean(figure.svg)
    width, height = fitted_size(svg, figure.width_mm)
    element = _paragraph(writer, "Figure", "")
    picture = (
        WordParagraph(element, writer.word._body)
        .add_run()
        .add_picture(io.BytesIO(svg_to_png(svg, faces, figure.width_mm)), Pt(width), Pt(height))
    )
    picture._inline.docPr.set("descr", clean(figure.alt))
    if figure.caption:
        picture._inline.docPr.set("title", clean(figure.caption))
        _paragraph(writer, "FigureCaption", figure.caption)


def _table(writer: _Writer, table: Table) -> None:
    if table.caption:
        _paragraph(writer, "Caption", table.caption)
    size = text_pt(table)
    small = TABLE_SIZES[size]
    element = writer.word.add_table(0, len(table.columns))._tbl
    element.tblPr.style = "TableGrid"
    _set_margins(element, layout.table_margin_pt(size))
    width = writer.width_mm * layout.MM_IN_PT
    widths = [math.floor(twips(width) * share) for share in column_shares(table)]
    _fix_widths(element, widths)
    labels = [(f"TableHead{small}", column.label, "") for column in table.columns]
    head = _row(writer, element, labels, widths, kept=True)
    head.get_or_add_trPr().append(_element("w:tblHeader"))
    for row, kept in zip(table.rows, rows_kept_together(table, writer.width_mm), strict=True):
        pairs = zip(row, table.columns, strict=True)
        cells = [(f"TableText{small}", text, column.align) for text, column in pairs]
        _row(writer, element, cells, widths, kept)
    if kept_whole(table, writer.width_mm):
        for row in element.tr_lst[:-1]:
            for cell in row.tc_lst:
                _keep_next(cell.p_lst[0])
    # A paragraph must follow a table: without one Word joins it to the next table.
    if table.note:
        _paragraph(writer, "TableNote", table.note)
    else:
        _paragraph(writer, "SectionEnd", "")


def _fix_widths(table: Any, widths: Sequence[int]) -> None:
    table.tblPr.autofit = False
    size = table.tblPr.find(qn("w:tblW"))
    size.set(qn("w:type"), "dxa")
    size.set(qn("w:w"), str(sum(widths)))
    for column, width in zip(table.tblGrid.gridCol_lst, widths, strict=True):
        column.set(qn("w:w"), str(width))


def _set_margins(table: Any, points: float) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(_element(f"w:{side}", w=str(twips(points)), type="dxa"))
    table.tblPr.find(qn("w:tblLook")).addprevious(margins)


def _row(
    writer: _Writer,
    table: Any,
    cells: Sequence[tuple[str, Text, str]],
    widths: Sequence[int],
    kept: bool,
) -> Any:
    """Append a row of (style, text, alignment) cells; a kept one does not break across pages."""
    row = table.add_tr()
    if kept:
        row.get_or_add_trPr().append(_element("w:cantSplit"))
    for (style, text, align), width in zip(cells, widths, strict=True):
        cell = row.add_tc()
        properties = cell.get_or_add_tcPr()
        properties.append(_element("w:tcW", w=str(width), type="dxa"))
        # A row that runs over to the next page is read from its top.
        properties.append(_element("w:vAlign", val="center" if kept else "top"))
        paragraph = cell.p_lst[0] if cell.p_lst else cell.add_p()
        _fill(writer, paragraph, style, text)
        if align not in ("", "left"):
            paragraph.get_or_add_pPr().append(_element("w:jc", val=align))
    return row


def _set_page(section: Section, landscape: bool) -> None:
    """Set paper, margins, footer distance and the grid of characters."""
    margins = layout.LANDSCAPE if landscape else layout.PORTRAIT
    long, short = Mm(layout.PAGE_HEIGHT_MM), Mm(layout.PAGE_WIDTH_MM)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if landscape else (short, long)
    section.top_margin, section.right_margin = Mm(margins.top), Mm(margins.right)
    section.bottom_margin, section.left_margin = Mm(margins.bottom), Mm(margins.left)
    # The dash, in the middle of the footer's line, lies 7 mm below the type area.
    below = margins.bottom - layout.PAGE_NUMBER_BELOW_MM - _FOOTER_LINE_MM / 2
    section.footer_distance = cast(Length, Mm(below))
    grid = section._sectPr.find(qn("w:docGrid"))
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), str(layout.LINE_PITCH_TWIPS))
    grid.set(qn("w:charSpace"), str(layout.GRID_CHARACTER_SPACE))


def _number_pages(section: Section) -> None:
    """Put `— N —` at the outer side: right on odd pages, left on even ones."""
    for footer, align, side in (
        (section.footer, "right", "right"),
        (section.even_page_footer, "left", "left"),
    ):
        footer.is_linked_to_previous = False
        element = footer.paragraphs[0]._p
        element.style = "Footer"
        _indent(element, **{side: 1.0})
        element.get_or_add_pPr().append(_element("w:jc", val=align))
        element.add_r().text = "— "
        field_code = _element("w:fldSimple", instr=" PAGE ")
        field_code.append(OxmlElement("w:r"))
        field_code[0].text = "1"
        element.append(field_code)
        element.add_r().text = " —"


def _describe(word: WordDocument, document: Document) -> None:
    """Fill the properties from the document alone, without a clock."""
    moment = (
        dt.datetime.combine(document.date, dt.time(), tzinfo=dt.UTC) if document.date else _NO_TIME
    )
    properties = word.core_properties
    properties.title = title_text(document.title)[:_PROPERTY_LENGTH]
    properties.author = properties.last_modified_by = clean(document.signature)[:_PROPERTY_LENGTH]
    properties.comments = properties.keywords = properties.subject = properties.category = ""
    properties.language = document.language
    properties.created = properties.modified = moment
    properties.revision = 1


def _without_clock(package: bytes) -> bytes:
    """Write the archive again with one fixed time for every member."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as source,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            member = zipfile.ZipInfo(name, date_time=_NO_TIME.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 0
            target.writestr(member, source.read(name))
    return result.getvalue()
