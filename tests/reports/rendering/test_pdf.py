"""The PDF: the official page, texts that stay texts, and one document, one file."""

import ctypes
import datetime as dt
from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pypdfium2.raw as raw
import pytest

from reports.rendering.document import Column, Document, Figure, Head, Heading, Paragraph, Table
from reports.rendering.pdf import to_pdf, typeset

MM = 72 / 25.4
CHARACTER = 156 * MM / 28


@pytest.fixture(scope="session")
def pdf(report: Document, fonts: Path) -> pypdfium2.PdfDocument:
    return _opened(report, fonts)


def test_title_author_and_language_are_in_the_metadata(pdf: pypdfium2.PdfDocument) -> None:
    metadata = pdf.get_metadata_dict()
    assert metadata["Title"] == "关于全民科学素质行动工作情况的报告"
    assert metadata["Author"] == "全民科学素质工作领导小组办公室"
    assert metadata["CreationDate"].startswith("D:20180105")
    assert raw.FPDFCatalog_IsTagged(pdf)


def test_every_part_is_printed(pdf: pypdfium2.PdfDocument) -> None:
    text = _squeezed("".join(_text(pdf, page) for page in range(len(pdf))))
    for part in (
        "领导小组：", "一、主要工作", "（一）青少年行动", "1. 学校", "（1）课程",
        "全年举办活动128场。", "表1　目标指标完成情况", "60.5", "注：未测指当年没有调查。",
        "图1　比例", "附件：1.工作进展情况表", "2.情况说明", "2018年1月5日", "附件1", "3行8",
    ):  # fmt: skip
        assert _squeezed(part) in text


def test_paper_is_a4_and_turned_for_a_wide_table(pdf: pypdfium2.PdfDocument) -> None:
    sizes = [tuple(round(side / MM) for side in pdf[page].get_size()) for page in range(len(pdf))]
    assert sizes == [(210, 297)] * (len(pdf) - 2) + [(297, 210), (210, 297)]


def test_a_full_page_holds_22_lines_of_28_characters(fonts: Path) -> None:
    signs = "".join(chr(0x4E00 + n) for n in range(28 * 60))
    pdf = _opened(Document(("标题",), (Paragraph(signs),)), fonts)
    lines = _lines(pdf, 1)
    body, number = lines[:-1], lines[-1]
    assert [len(line) for _, line in body] == [28] * 22
    assert [sign for _, _, sign in number[1]] == ["—", "2", "—"]
    heights = [height for height, _ in body]
    steps = [upper - lower for upper, lower in pairwise(heights)]
    assert steps == pytest.approx([28.95] * 21, abs=0.06)
    for _, line in body:
        assert line[0][0] == pytest.approx(28 * MM, abs=0.1)
        assert line[-1][0] == pytest.approx(184 * MM - CHARACTER, abs=0.3)


def test_the_type_area_begins_37_mm_from_the_top(fonts: Path) -> None:
    signs = "国" * 28 * 60
    pdf = _opened(Document(("标题",), (Paragraph(signs),)), fonts)
    boxes = [box for box in _boxes(pdf, 1) if box[1] > 35 * MM]
    assert 297 * MM - 37 * MM - 10 < max(top for _, _, _, top in boxes) < 297 * MM - 37 * MM
    assert min(bottom for _, bottom, _, _ in boxes) < 35 * MM + 10


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages(
    pdf: pypdfium2.PdfDocument,
) -> None:
    for page, first in ((0, False), (1, True)):
        height, signs = _lines(pdf, page)[-1]
        assert "".join(sign for _, _, sign in signs) == f"—{page + 1}—"
        assert 35 * MM - height == pytest.approx(7 * MM + 5, abs=2)
        if first:
            assert signs[0][0] == pytest.approx(28 * MM + CHARACTER, abs=1)
        else:
            assert signs[-1][0] < 184 * MM - CHARACTER - 10


def test_the_date_begins_two_characters_right_of_the_signature(
    pdf: pypdfium2.PdfDocument,
) -> None:
    lines = {
        "".join(sign for _, _, sign in signs): signs[0][0]
        for page in range(len(pdf))
        for _, signs in _lines(pdf, page)
    }
    shift = lines["2018年1月5日"] - lines["全民科学素质工作领导小组办公室"]
    assert shift == pytest.approx(2 * CHARACTER, abs=0.2)


def test_an_attachment_begins_on_a_new_page_with_its_title_on_line_three(
    pdf: pypdfium2.PdfDocument,
) -> None:
    (mark_height, mark), (title_height, title), *_ = _lines(pdf, len(pdf) - 1)
    assert "".join(sign for _, _, sign in mark) == "附件2"
    assert mark[0][0] == pytest.approx(28 * MM, abs=0.1)
    assert "".join(sign for _, _, sign in title) == "情况说明"
    assert mark_height - title_height == pytest.approx(2 * 28.95, abs=3)
    middle = (title[0][0] + title[-1][0] + 22) / 2
    assert middle == pytest.approx((28 + 156 / 2) * MM, abs=2)


def test_the_head_of_a_table_is_repeated_on_each_page(pdf: pypdfium2.PdfDocument) -> None:
    rows = [page for page in range(len(pdf)) if "指标3" in _text(pdf, page)]
    assert len(rows) > 1
    assert all("实际值" in _text(pdf, page) for page in rows)


def test_a_row_longer_than_a_page_loses_nothing(fonts: Path) -> None:
    cell = "".join(chr(0x4E00 + n) for n in range(2500))
    table = Table((Column("序号"), Column("进展情况", 3)), (("1", cell), ("2", "末行")))
    pdf = _opened(Document(("标题",), (table,)), fonts)
    printed = {
        sign
        for page in range(len(pdf))
        for height, signs in _lines(pdf, page)
        for _, _, sign in signs
        if height > 35 * MM  # whatever lies lower has run out of the type area
    }
    assert set(cell + "末行") <= printed


@pytest.mark.parametrize(
    "text",
    [
        '#import "@preview/x:1.0.0": y', '#read("/etc/hosts")', "*粗* _斜_ $x^2$ `码`",
        "<标> @引 // 注 /* 注 */", "\\u{4e00} -- --- ... ~", "= 标题", "- 项", "{甲} [乙] &amp;",
    ],
)  # fmt: skip
def test_markup_in_texts_comes_out_literally(text: str, fonts: Path) -> None:
    table = Table((Column(text),), ((text,),), caption=text, note=text)
    pdf = _opened(Document((text,), (Heading(1, text), Paragraph(text), table)), fonts)
    assert _squeezed(_text(pdf, 0)).count(_squeezed(text)) == 7


def test_control_characters_do_not_stop_the_press(fonts: Path) -> None:
    dirty = "甲\x00\x01乙\ud800\ufffe丙"
    table = Table((Column(dirty),), ((dirty,),))
    document = Document((dirty,), (Paragraph(dirty), table), signature="丁\x07")
    pdf = _opened(document, fonts)
    assert ["".join(sign for _, _, sign in signs) for _, signs in _lines(pdf, 0)] == [
        *["甲乙丙"] * 4, "丁", "—1—",
    ]  # fmt: skip


def test_a_line_end_in_a_cell_stays_a_line_end(fonts: Path) -> None:
    table = Table((Column("列"),), (("上行\n下行",),))
    heights = [
        height
        for height, signs in _lines(_opened(Document(("标题",), (table,)), fonts), 0)
        if "".join(sign for _, _, sign in signs) in ("上行", "下行")
    ]
    assert len(heights) == 2


def test_a_red_head_has_its_rule_across_the_type_area(report: Document, fonts: Path) -> None:
    headed = replace(report, head=Head("某科〔2018〕3号", "某某领导小组办公室文件"))
    pdf = _opened(headed, fonts)
    lines = [("".join(sign for _, _, sign in signs), at) for at, signs in _lines(pdf, 0)]
    assert [text for text, _ in lines[:2]] == ["某某领导小组办公室文件", "某科〔2018〕3号"]
    image = pdf[0].render(scale=2).to_pil().convert("RGB")
    red = [
        [x for x in range(image.width) if image.getpixel((x, y)) == (255, 0, 0)]
        for y in range(image.height)
    ]
    mark_top = next(y for y, row in enumerate(red) if row) / 2
    assert mark_top == pytest.approx((37 + 35) * MM, abs=4)
    rules = [(y / 2, row) for y, row in enumerate(red) if len(row) > 2 * 150 * MM]
    assert rules
    for y, row in rules:
        assert row[0] / 2 == pytest.approx(28 * MM, abs=1)
        assert row[-1] / 2 == pytest.approx(184 * MM, abs=1)
        baseline = 297 * MM - lines[1][1]
        assert y - baseline == pytest.approx(4 * MM + 2, abs=2.5)


def test_a_number_without_a_red_head_is_printed_in_black(report: Document, fonts: Path) -> None:
    pdf = _opened(replace(report, head=Head("某科〔2018〕3号")), fonts)
    lines = ["".join(sign for _, _, sign in signs) for _, signs in _lines(pdf, 0)]
    assert lines[:2] == ["某科〔2018〕3号", "关于全民科学素质行动"]
    image = pdf[0].render(scale=1).to_pil().convert("RGB")
    assert (255, 0, 0) not in {color for _, color in image.getcolors(maxcolors=100_000)}


def test_a_sign_that_no_font_draws_is_marked_and_named(fonts: Path) -> None:
    document = Document(("标题",), (Paragraph("好😀事☑"),))
    assert "好〓事〓" in _text(_opened(document, fonts), 0)
    assert set(typeset(document, fonts, host=())[1]) == {"😀", "☑"}
    assert typeset(Document(("标题",), (Paragraph("䶮𠮷"),)), fonts, host=())[1] == ()


def test_a_chart_carries_its_text_alternative(pdf: pypdfium2.PdfDocument) -> None:
    alternatives = [text for page in range(len(pdf)) for text in _alternatives(pdf[page])]
    assert alternatives == ["柱状图：比例为一成"]


def test_chinese_text_of_a_chart_is_drawn_as_text(pdf: pypdfium2.PdfDocument) -> None:
    assert any("具备素质比例" in _text(pdf, page) for page in range(len(pdf)))


def test_headings_and_attachments_are_in_the_outline(pdf: pypdfium2.PdfDocument) -> None:
    outline = [(mark.level, mark.get_title()) for mark in pdf.get_toc()]
    assert outline == [
        (0, "一、主要工作"), (1, "（一）青少年行动"), (2, "1. 学校"), (3, "（1）课程"),
        (0, "工作进展情况表"), (0, "情况说明"), (1, "一、来源"),
    ]  # fmt: skip


def test_the_same_document_gives_the_same_bytes(report: Document, fonts: Path) -> None:
    assert to_pdf(report, fonts, host=()) == to_pdf(report, fonts, host=())


def test_a_document_without_date_and_blocks_is_a_page(fonts: Path) -> None:
    pdf = _opened(Document(("标题",), ()), fonts)
    assert len(pdf) == 1
    assert "标题" in _text(pdf, 0)


@pytest.mark.parametrize("svg", ["<svg", "<p/>", "", "<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_a_figure_that_is_no_svg_is_refused(svg: str, fonts: Path) -> None:
    with pytest.raises(ValueError, match="the figure"):
        to_pdf(Document(("标题",), (Figure(svg, "图"),)), fonts, host=())


def test_the_document_date_is_the_only_clock(fonts: Path) -> None:
    early = to_pdf(Document(("标题",), (), date=dt.date(2017, 3, 1)), fonts, host=())
    late = to_pdf(Document(("标题",), (), date=dt.date(2018, 3, 1)), fonts, host=())
    assert b"D:20170301" in early
    assert b"D:20180301" in late


def _opened(document: Document, fonts: Path) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(to_pdf(document, fonts, host=()))


def _text(pdf: pypdfium2.PdfDocument, page: int) -> str:
    return pdf[page].get_textpage().get_text_range()


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _boxes(pdf: pypdfium2.PdfDocument, page: int) -> list[tuple[float, float, float, float]]:
    text = pdf[page].get_textpage()
    return [text.get_charbox(n) for n in range(text.count_chars())]


def _lines(
    pdf: pypdfium2.PdfDocument, page: int
) -> list[tuple[float, list[tuple[float, float, str]]]]:
    """Return the lines of a page from the top: baseline, then (x, y, sign) from the left."""
    text = pdf[page].get_textpage()
    lines = defaultdict(list)
    for index in range(text.count_chars()):
        sign = chr(raw.FPDFText_GetUnicode(text, index))
        x, y = ctypes.c_double(), ctypes.c_double()
        raw.FPDFText_GetCharOrigin(text, index, x, y)
        if sign.strip() and not raw.FPDFText_IsGenerated(text, index):
            lines[round(y.value, 1)].append((x.value, y.value, sign))
    return [(height, sorted(lines[height])) for height in sorted(lines, reverse=True)]


def _alternatives(page: pypdfium2.PdfPage) -> list[str]:
    """Collect the text alternatives of a page's structure tree."""
    tree = raw.FPDF_StructTree_GetForPage(page)
    waiting = [
        raw.FPDF_StructTree_GetChildAtIndex(tree, n)
        for n in range(raw.FPDF_StructTree_CountChildren(tree))
    ]
    found = []
    while waiting:
        element = waiting.pop()
        if not element:
            continue
        size = raw.FPDF_StructElement_GetAltText(element, None, 0)
        if size > 2:
            buffer = ctypes.create_string_buffer(size)
            raw.FPDF_StructElement_GetAltText(element, buffer, size)
            found.append(buffer.raw.decode("utf-16-le").rstrip("\0"))
        waiting.extend(
            raw.FPDF_StructElement_GetChildAtIndex(element, n)
            for n in range(raw.FPDF_StructElement_CountChildren(element))
        )
    raw.FPDF_StructTree_Close(tree)
    return found
