"""The DOCX: the official page as Word, WPS and LibreOffice read it."""

import datetime as dt
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm
from PIL import Image

from reports.rendering.document import Column, Document, Figure, Head, Paragraph, Run, Table
from reports.rendering.fonts import FontsMissing, load_faces
from reports.rendering.images import fitted_size, svg_to_png
from reports.rendering.layout import MM_IN_PT
from reports.rendering.word import to_docx


@pytest.fixture(scope="session")
def word(report: Document, fonts: Path) -> WordDocument:
    return _opened(report, fonts)


def test_every_page_is_a4_with_the_official_margins(word: WordDocument) -> None:
    upright, turned, last = word.sections
    for section in (upright, last):
        assert _mm(section.page_width, section.page_height) == (210, 297)
        margins = (section.top_margin, section.right_margin, section.bottom_margin)
        assert _mm(*margins, section.left_margin) == (37, 26, 35, 28)
    assert turned.orientation == WD_ORIENT.LANDSCAPE
    assert _mm(turned.page_width, turned.page_height) == (297, 210)


def test_every_section_has_the_grid_of_22_lines_and_28_characters(word: WordDocument) -> None:
    for section in word.sections:
        grid = section._sectPr.find(qn("w:docGrid"))
        assert grid.get(qn("w:type")) == "linesAndChars"
        assert grid.get(qn("w:linePitch")) == "579"
        assert grid.get(qn("w:charSpace")) == "-848"


def test_body_styles_carry_the_grid_themselves(word: WordDocument) -> None:
    for name in ("Body Text", "Heading 1", "Heading 2", "Heading 3", "Heading 4"):
        style = word.styles[name]
        assert style.font.size.pt == 16
        assert style.paragraph_format.line_spacing.pt == 28.95
        indent = style.element.pPr.find(qn("w:ind"))
        assert indent.get(qn("w:firstLineChars")) == "200"
        pitch = 16 + int(style.element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
        assert 28 * pitch <= 156 * MM_IN_PT < 29 * pitch


@pytest.mark.parametrize(
    ("style", "face", "size"),
    [
        ("Body Text", "仿宋_GB2312", 16),
        ("Title", "方正小标宋简体", 22),
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体_GB2312", 16),
        ("Heading 3", "仿宋_GB2312", 16),
        ("附件标记", "黑体", 16),
        ("Footer", "宋体", 14),
    ],
)
def test_styles_name_the_faces_of_the_standard(
    style: str, face: str, size: int, word: WordDocument
) -> None:
    found = word.styles[style]
    assert found.element.rPr.rFonts.get(qn("w:eastAsia")) == face
    assert found.font.size.pt == size
    assert not found.font.bold


def test_no_style_follows_a_theme(word: WordDocument) -> None:
    fonts = word.styles.element.findall(f".//{qn('w:rFonts')}")
    assert len(fonts) == len(word.styles) + 1  # and the defaults
    assert all(font.get(qn("w:eastAsia")) for font in fonts)
    assert not [name for font in fonts for name in font.attrib if name.endswith("Theme")]


def test_each_face_has_alternatives(report: Document, fonts: Path) -> None:
    table = _parts(to_docx(report, fonts))["word/fontTable.xml"].decode()
    assert '<w:font w:name="仿宋_GB2312"><w:altName w:val="仿宋,FangSong,' in table
    assert table.count("<w:altName ") == 5


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages(word: WordDocument) -> None:
    assert word.settings.odd_and_even_pages_header_footer
    section = word.sections[0]
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        element = footer.paragraphs[0]._p
        assert element.pPr.find(qn("w:jc")).get(qn("w:val")) == side
        assert element.pPr.find(qn("w:ind")).get(qn(f"w:{side}Chars")) == "100"
        assert element.find(qn("w:fldSimple")).get(qn("w:instr")).strip() == "PAGE"
        assert "".join(node.text for node in element.iter(qn("w:t"))) == "— 1 —"
    # The dash in the middle of a 20 pt line lies 7 mm below the type area.
    assert section.footer_distance.mm + 10 / MM_IN_PT == pytest.approx(35 - 7, abs=0.1)
    assert word.sections[-1].footer.is_linked_to_previous


def test_parts_follow_in_official_order(word: WordDocument) -> None:
    printed = [(p.style.name, p.text) for p in word.paragraphs if p.text]
    assert printed == [
        ("Title", "关于全民科学素质行动\n工作情况的报告"),
        ("主送机关", "领导小组："),
        ("Heading 1", "一、主要工作"),
        ("Heading 2", "（一）青少年行动"),
        ("Heading 3", "1. 学校"),
        ("Heading 4", "（1）课程"),
        ("Body Text", "全年举办活动128场。"),
        ("Caption", "表1　目标指标完成情况"),
        ("表注", "注：未测指当年没有调查。"),
        ("图题", "图1　比例"),
        ("附件说明", "附件：1.工作进展情况表"),
        ("附件说明", "2.情况说明"),
        ("Signature", "全民科学素质工作领导小组办公室"),
        ("Date", "2018年1月5日"),
        ("附件标记", "附件1"),
        ("附件标题", "工作进展情况表"),
        ("附件标记", "附件2"),
        ("附件标题", "情况说明"),
        ("Heading 1", "一、来源"),
        ("Body Text", "各单位报送。"),
    ]


def test_an_attachment_begins_on_a_new_page_with_its_title_on_line_three(
    word: WordDocument,
) -> None:
    assert word.styles["附件标记"].paragraph_format.page_break_before
    texts = [paragraph.text for paragraph in word.paragraphs]
    mark = texts.index("附件2")
    assert texts[mark : mark + 3] == ["附件2", "", "情况说明"]


def test_the_signature_ends_two_characters_from_the_right(word: WordDocument) -> None:
    name, date = (
        next(p for p in word.paragraphs if p.style.name == style) for style in ("Signature", "Date")
    )
    assert name._p.pPr.ind.get(qn("w:rightChars")) == "200"
    # 15 characters against 6: the date begins two to the right of the signature's beginning.
    assert date._p.pPr.ind.get(qn("w:rightChars")) == "900"


def test_the_head_of_a_table_is_repeated_and_short_rows_stay_together(word: WordDocument) -> None:
    rows = word.tables[0].rows
    assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in rows] == [True] + [
        False
    ] * 60
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in rows)


def test_a_row_longer_than_a_page_may_break(fonts: Path) -> None:
    table = Table((Column("甲"), Column("乙")), (("1", "长" * 3000),))
    row = _opened(Document(("标题",), (table,)), fonts).tables[0].rows[1]
    assert row._tr.trPr is None


def test_columns_share_the_type_area_by_weight(word: WordDocument) -> None:
    widths = [column.width.mm for column in word.tables[0].columns]
    assert sum(widths) == pytest.approx(156, abs=0.2)
    assert widths[1] / widths[0] == pytest.approx(4, abs=0.01)
    assert sum(column.width.mm for column in word.tables[1].columns) == pytest.approx(225, abs=0.2)


def test_numbers_carry_the_key_of_their_fact_as_a_bookmark(word: WordDocument) -> None:
    marks = {
        mark.get(qn("w:name")): "".join(node.text for node in mark.getnext().iter(qn("w:t")))
        for mark in word.element.body.iter(qn("w:bookmarkStart"))
    }
    assert marks["fact_events_count_1"] == "128"
    assert marks["fact_indicator_7_1"] == "7.5"
    assert len(marks) == 61


def test_a_fact_stated_twice_has_two_bookmarks_within_words_limit(fonts: Path) -> None:
    run = Run("7", "事实." + "长" * 60)
    word = _opened(Document(("标题",), (Paragraph((run, run)),)), fonts)
    names = [mark.get(qn("w:name")) for mark in word.element.body.iter(qn("w:bookmarkStart"))]
    assert len(set(names)) == 2
    assert all(len(name) <= 40 for name in names)


def test_a_chart_is_a_picture_with_its_text_alternative(word: WordDocument, chart: str) -> None:
    (picture,) = word.inline_shapes
    assert picture._inline.docPr.get("descr") == "柱状图：比例为一成"
    assert picture.width.pt == pytest.approx(fitted_size(chart)[0], abs=0.1)
    assert picture.width.mm <= 156
    assert picture.width / picture.height == pytest.approx(2, abs=0.01)


def test_chinese_text_of_a_chart_is_drawn_with_its_own_glyphs(fonts: Path, chart: str) -> None:
    # Boxes would look alike for any two texts of the same length.
    faces = load_faces(fonts, host=())
    texts = ("具备素质比例", "科普经费人均", "")
    drawn = [
        _pixels(svg_to_png(chart.replace("具备素质比例", text), faces)).tobytes() for text in texts
    ]
    assert len(set(drawn)) == 3


def test_a_chart_with_control_characters_is_drawn(fonts: Path, chart: str) -> None:
    dirty = Figure(chart.replace("比例", "比\x08例"), "图\x00示")
    word = _opened(Document(("标题",), (dirty,)), fonts)
    assert word.inline_shapes[0]._inline.docPr.get("descr") == "图示"


def test_a_chart_without_fonts_is_refused_and_text_alone_is_not(tmp_path: Path, chart: str) -> None:
    assert to_docx(Document(("标题",), (Paragraph("正文"),)), tmp_path)
    with pytest.raises(FontsMissing):
        to_docx(Document(("标题",), (Figure(chart, "图"),)), tmp_path)


def test_control_characters_are_left_out(fonts: Path) -> None:
    dirty = "甲\x00\x01乙\ud800\ufffe丙"
    table = Table((Column(dirty),), ((dirty,),), caption=dirty, note=dirty)
    document = Document((dirty,), (Paragraph(dirty), table), recipient=dirty, signature=dirty)
    word = _opened(document, fonts)
    texts = [p.text for p in word.paragraphs if p.text]
    assert texts == ["甲乙丙", "甲乙丙：", "甲乙丙", "甲乙丙", "甲乙丙", "甲乙丙"]
    assert [cell.text for row in word.tables[0].rows for cell in row.cells] == ["甲乙丙"] * 2
    assert word.core_properties.title == word.core_properties.author == "甲乙丙"


def test_a_red_head_stands_only_where_it_was_asked_for(report: Document, fonts: Path) -> None:
    headed = replace(report, head=Head("某科〔2018〕3号", "某某领导小组办公室文件"))
    word = _opened(headed, fonts)
    assert [(p.style.name, p.text) for p in word.paragraphs[:7]] == [
        ("发文机关标志", "某某领导小组办公室文件"),
        ("Normal", ""),
        ("Normal", ""),
        ("发文字号", "某科〔2018〕3号"),
        ("Normal", ""),
        ("Normal", ""),
        ("Title", "关于全民科学素质行动\n工作情况的报告"),
    ]
    mark, number = word.styles["发文机关标志"], word.styles["发文字号"]
    assert str(mark.font.color.rgb) == "FF0000"
    assert mark.paragraph_format.space_before.mm == pytest.approx(35, abs=0.1)
    rule = number.element.pPr.find(qn("w:pBdr")).find(qn("w:bottom"))
    assert rule.get(qn("w:color")) == "FF0000"
    size = word.paragraphs[0].runs[0].font.size.pt
    assert size == word.paragraphs[0].paragraph_format.line_spacing.pt
    assert 11 * size <= 156 * MM_IN_PT < 11 * (size + 0.5)
    assert "发文机关标志" not in {p.style.name for p in _opened(report, fonts).paragraphs}


def test_a_number_without_a_red_head_stands_above_the_title(report: Document, fonts: Path) -> None:
    word = _opened(replace(report, head=Head("某科〔2018〕3号")), fonts)
    assert [(p.style.name, p.text) for p in word.paragraphs[:3]] == [
        ("发文字号（无标志）", "某科〔2018〕3号"),
        ("Normal", ""),
        ("Title", "关于全民科学素质行动\n工作情况的报告"),
    ]
    assert word.styles["发文字号（无标志）"].element.pPr.find(qn("w:pBdr")) is None


def test_markup_in_texts_comes_out_literally(fonts: Path) -> None:
    text = '<w:p/> &amp; {{ x }} {% y %} #import "z" $x$'
    word = _opened(Document((text,), (Paragraph(text),)), fonts)
    assert [p.text for p in word.paragraphs if p.text] == [text, text]


def test_a_very_long_title_fits_the_properties(fonts: Path) -> None:
    word = _opened(Document(("题" * 400,), ()), fonts)
    assert word.core_properties.title == "题" * 255


def test_the_same_document_gives_the_same_bytes(report: Document, fonts: Path) -> None:
    assert to_docx(report, fonts) == to_docx(report, fonts)


def test_no_clock_and_no_trace_of_a_template_is_left(report: Document, fonts: Path) -> None:
    file = to_docx(report, fonts)
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [name for name in archive.namelist() if "thumbnail" in name or "app" in name]
    properties = docx.Document(io.BytesIO(file)).core_properties
    assert properties.created == properties.modified == dt.datetime(2018, 1, 5, tzinfo=dt.UTC)
    assert properties.comments == ""
    assert properties.language == "zh-CN"


def _opened(document: Document, fonts: Path) -> WordDocument:
    return docx.Document(io.BytesIO(to_docx(document, fonts)))


def _parts(file: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _mm(*lengths: int | None) -> tuple[int, ...]:
    return tuple(round((length or 0) / Mm(1)) for length in lengths)


def _pixels(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("L")
