"""Read Word files: automatic numbers, tables, revisions, and packages that are traps."""

from __future__ import annotations

import tracemalloc
import zipfile
from pathlib import Path

import pytest
from docx import Document

from plans.importer import UnreadableDocument, parse_text, read_file, word
from tests.plans.importer.papers import (
    cell,
    item,
    level,
    lists,
    paragraph,
    run,
    table,
    word_file,
)

OUTLINE = (
    level(0, "chineseCounting", "%1、")
    + level(1, "chineseCountingThousand", "（%2）")
    + level(2, "decimal", "%3.")
    + level(3, "decimal", "（%4）")
    + level(4, "decimalEnclosedCircle", "%5")
)


def _lines(path: Path) -> list[str]:
    return [line for line in read_file(path).split("\n") if line]


def test_numbers_of_an_outline_are_counted_and_restart_below_their_heading(tmp_path: Path) -> None:
    body = (
        item("总体要求")
        + item("重点任务")
        + item("农民科学素质行动", 1)
        + item("送书下乡。（县农业局负责）", 2)
        + item("办夜校。（县教育局负责）", 2)
        + paragraph("没有编号的一段。")
        + item("科普信息化工程", 1)
        + item("建网站。（县科协负责）", 2)
        + item("第一步", 3)
        + item("第二步", 3)
        + item("细节", 4)
    )
    path = word_file(tmp_path / "plan.docx", body, lists(OUTLINE))
    assert _lines(path) == [
        "一、总体要求",
        "二、重点任务",
        "（一）农民科学素质行动",
        "1.送书下乡。（县农业局负责）",
        "2.办夜校。（县教育局负责）",
        "没有编号的一段。",
        "（二）科普信息化工程",
        "1.建网站。（县科协负责）",
        "（1）第一步",
        "（2）第二步",
        "① 细节",
    ]
    (plan,) = parse_text("云台县全民科学素质实施方案（2016—2020年）\n\n" + read_file(path))
    assert [(a.number, a.title, len(a.measures)) for a in plan.actions] == [
        ("（一）", "农民科学素质行动", 2),
        ("（二）", "科普信息化工程", 1),
    ]


@pytest.mark.parametrize(
    ("form", "pattern", "printed"),
    [
        ("chineseCounting", "第%1章", ["第一章 ", "第二章 ", "第三章 "]),
        ("japaneseCounting", "%1、", ["一、", "二、", "三、"]),
        ("ideographTraditional", "%1、", ["甲、", "乙、", "丙、"]),
        ("decimal", "%1．", ["1．", "2．", "3．"]),
        ("decimal", "%1", ["1．", "2．", "3．"]),
        ("decimalEnclosedCircle", "%1", ["① ", "② ", "③ "]),
        ("decimalEnclosedParen", "%1", ["(1)", "(2)", "(3)"]),
        ("decimalZero", "%1.", ["01.", "02.", "03."]),
        ("upperLetter", "%1.", ["A.", "B.", "C."]),
        ("lowerLetter", "%1)", ["a)", "b)", "c)"]),
        ("upperRoman", "%1.", ["I.", "II.", "III."]),
        ("bullet", "\uf06c", ["•", "•", "•"]),
        ("bullet", "——", ["——", "——", "——"]),
        ("none", "", ["", "", ""]),
    ],
)
def test_number_formats(tmp_path: Path, form: str, pattern: str, printed: list[str]) -> None:
    numbering = lists(level(0, form, pattern))
    path = word_file(tmp_path / "plan.docx", item("办班") * 3, numbering)
    assert _lines(path) == [f"{mark}办班" for mark in printed]


@pytest.mark.parametrize(
    ("number", "printed"),
    [(10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (101, "一百零一"), (110, "一百一十")],
)
def test_chinese_numbers_are_counted_as_they_are_read(
    tmp_path: Path, number: int, printed: str
) -> None:
    start = f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{number}"/></w:lvlOverride>'
    numbering = lists(level(0, "chineseCounting", "%1、"), uses=(start,))
    path = word_file(tmp_path / "plan.docx", item("办班"), numbering)
    assert _lines(path) == [f"{printed}、办班"]


def test_two_lists_of_one_shape_count_on_unless_one_starts_anew(tmp_path: Path) -> None:
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    numbering = lists(level(0, "decimal", "%1."), uses=("", "", anew))
    body = item("甲") + item("乙", list_id=2) + item("丙", list_id=3) + item("丁", list_id=3)
    path = word_file(tmp_path / "plan.docx", body, numbering)
    assert _lines(path) == ["1.甲", "2.乙", "1.丙", "2.丁"]


def test_a_level_may_refuse_to_restart(tmp_path: Path) -> None:
    shape = level(0, "chineseCounting", "%1、") + level(
        1, "decimal", "%2.", '<w:lvlRestart w:val="0"/>'
    )
    body = item("甲") + item("乙", 1) + item("丙") + item("丁", 1)
    path = word_file(tmp_path / "plan.docx", body, lists(shape))
    assert _lines(path) == ["一、甲", "1.乙", "二、丙", "2.丁"]


def test_legal_numbering_prints_every_level_in_arabic_digits(tmp_path: Path) -> None:
    shape = level(0, "chineseCounting", "第%1章") + level(1, "decimal", "%1.%2", "<w:isLgl/>")
    body = item("总则") + item("任务") + item("农民", 1) + item("社区", 1)
    path = word_file(tmp_path / "plan.docx", body, lists(shape))
    assert _lines(path) == ["第一章 总则", "第二章 任务", "2.1 农民", "2.2 社区"]


def test_numbers_come_through_a_style_and_the_style_it_builds_on(tmp_path: Path) -> None:
    shape = level(0, "chineseCounting", "%1、", '<w:pStyle w:val="Top"/>') + level(
        1, "chineseCounting", "（%2）", '<w:pStyle w:val="Sub"/>'
    )
    styles = (
        '<w:style w:type="paragraph" w:styleId="Top"><w:pPr><w:numPr><w:numId w:val="1"/>'
        "</w:numPr></w:pPr></w:style>"
        '<w:style w:type="paragraph" w:styleId="Sub"><w:pPr><w:numPr><w:ilvl w:val="1"/>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Own"><w:basedOn w:val="Sub"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="A"><w:basedOn w:val="B"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="B"><w:basedOn w:val="A"/></w:style>'
    )
    none = '<w:numPr><w:numId w:val="0"/></w:numPr>'
    body = (
        paragraph("任务", '<w:pStyle w:val="Top"/>')
        + paragraph("农民", '<w:pStyle w:val="Sub"/>')
        + paragraph("社区", '<w:pStyle w:val="Own"/>')
        + paragraph("没有编号", f'<w:pStyle w:val="Top"/>{none}')
        + paragraph("样式成环", '<w:pStyle w:val="A"/>')
    )
    path = word_file(tmp_path / "plan.docx", body, lists(shape), styles)
    assert _lines(path) == ["一、任务", "（一）农民", "（二）社区", "没有编号", "样式成环"]


def test_a_number_before_a_year_does_not_become_a_decimal(tmp_path: Path) -> None:
    path = word_file(
        tmp_path / "plan.docx", item("2020年底前建成。"), lists(level(0, "decimal", "%1."))
    )
    assert _lines(path) == ["1．2020年底前建成。"]


def test_insertions_are_kept_and_deletions_left_out(tmp_path: Path) -> None:
    struck = "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del>"
    struck += f"<w:moveFrom>{run('移')}</w:moveFrom>"
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r>"
    body = paragraph(
        run("市科协") + struck + f"<w:ins>{run('牵头')}</w:ins>" + hidden
        + f"<w:hyperlink>{run('，市教育局配合')}</w:hyperlink>"
    ) + paragraph(run("前半段"), "<w:rPr><w:del/></w:rPr>") + paragraph("后半段")  # fmt: skip
    assert _lines(word_file(tmp_path / "plan.docx", body)) == [
        "市科协牵头，市教育局配合",
        "前半段后半段",
    ]


def test_text_boxes_are_read_once_and_soft_ends_are_line_ends(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{paragraph('框中文字')}</w:txbxContent>"
    both = (
        "<w:r><mc:AlternateContent><mc:Choice><wps:txbx>" + box + "</wps:txbx></mc:Choice>"
        "<mc:Fallback><v:textbox>" + box + "</v:textbox></mc:Fallback></mc:AlternateContent></w:r>"
    )
    body = paragraph(run("第一行") + "<w:r><w:br/></w:r>" + run("第二行") + both)
    body += f"<w:sdt><w:sdtContent>{paragraph('控件中的一段')}</w:sdtContent></w:sdt>"
    path = word_file(tmp_path / "plan.docx", body)
    assert _lines(path) == ["第一行", "第二行", "框中文字", "控件中的一段"]


def test_a_line_of_a_table_of_contents_keeps_its_leader(tmp_path: Path) -> None:
    line = run("一、重点任务") + "<w:r><w:tab/></w:r>" + run("3")
    assert _lines(word_file(tmp_path / "plan.docx", paragraph(line))) == ["一、重点任务………3"]


def test_a_table_stands_in_its_place_with_numbers_and_merged_cells(tmp_path: Path) -> None:
    down, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    two = '<w:gridSpan w:val="2"/>'
    units = paragraph("县科协") + paragraph("县教育局")
    body = (
        paragraph("任务分工如下。")
        + table(
            cell("序号") + cell("重点任务") + cell("具体措施") + cell("单位", two),
            cell("") + cell("") + cell("") + cell("牵头单位") + cell("配合单位"),
            cell(item("")) + cell("农民行动", down) + cell("送书") + cell(units, two),
            cell(item("")) + cell("", on) + cell("办班") + cell("县科协") + cell("县妇联"),
            cell("二、保障", '<w:gridSpan w:val="5"/>'),
        )
        + paragraph("表后一段。")
    )
    path = word_file(tmp_path / "plan.docx", body, lists(level(0, "decimal", "%1")))
    assert _lines(path) == [
        "任务分工如下。",
        "序号\t重点任务\t具体措施\t单位\t",
        "\t\t\t牵头单位\t配合单位",
        "1\t农民行动\t送书\t县科协 县教育局\t",
        "2\t农民行动\t办班\t县科协\t县妇联",
        "二、保障",
        "表后一段。",
    ]


def test_slivers_of_dragged_borders_are_no_columns(tmp_path: Path) -> None:
    grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in (2000, 60, 3000, 2500))
    two = '<w:gridSpan w:val="2"/>'
    rows = (
        cell("任务") + cell("措施", two) + cell("牵头单位"),
        cell("农民行动", two) + cell("办班") + cell("县科协"),
    )
    body = (
        f"<w:tbl><w:tblGrid>{grid}</w:tblGrid>{''.join(f'<w:tr>{r}</w:tr>' for r in rows)}</w:tbl>"
    )
    assert _lines(word_file(tmp_path / "plan.docx", body)) == [
        "任务\t措施\t牵头单位",
        "农民行动\t办班\t县科协",
    ]


def test_the_strict_flavour_of_the_format_is_read_too(tmp_path: Path) -> None:
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    numbering = lists(level(0, "chineseCounting", "%1、"))
    path = word_file(tmp_path / "plan.docx", item("任务"), numbering, namespace=strict)
    assert _lines(path) == ["一、任务"]


def test_the_usual_writer_gives_its_numbers_too(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("甲", style="List Number")
    document.add_paragraph("乙", style="List Number")
    document.add_paragraph("丙", style="List Bullet")
    document.save(str(tmp_path / "plan.docx"))
    assert _lines(tmp_path / "plan.docx") == ["1.甲", "2.乙", "•丙"]


def _refusal(path: Path) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        read_file(path)
    return caught.value.message_zh


def _with_part(path: Path, name: str, content: bytes) -> Path:
    """Replace one part of a Word file."""
    word_file(path, paragraph("一、任务"))
    with zipfile.ZipFile(path) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, data in {**parts, name: content}.items():
            archive.writestr(one, data)
    return path


@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "word/media/image1.bin"])
def test_a_zip_bomb_is_refused_without_being_unpacked(tmp_path: Path, part: str) -> None:
    path = _with_part(tmp_path / "bomb.docx", part, bytes(word.MAX_UNPACKED_BYTES + 1))
    tracemalloc.start()
    try:
        assert "解压后" in _refusal(path)
        assert tracemalloc.get_traced_memory()[1] < 30 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_a_document_of_too_much_xml_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word, "MAX_XML_BYTES", 100)
    assert "解压后" in _refusal(word_file(tmp_path / "plan.docx", paragraph("任务" * 100)))


def test_entities_that_multiply_are_refused(tmp_path: Path) -> None:
    steps = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    laughs = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">{steps}]><x>&e11;</x>'
    path = _with_part(tmp_path / "laughs.docx", "word/document.xml", laughs.encode())
    assert "损坏" in _refusal(path)


@pytest.mark.parametrize(
    ("part", "content", "words"),
    [
        ("word/document.xml", b"<w:document", "损坏"),
        ("word/document.xml", b"<workbook/>", "只能读取"),
        ("word/styles.xml", b"\xff\xfe\x00", "损坏"),
        ("_rels/.rels", b"", "损坏"),
    ],
)
def test_broken_packages_are_refused(tmp_path: Path, part: str, content: bytes, words: str) -> None:
    assert words in _refusal(_with_part(tmp_path / "plan.docx", part, content))


def test_a_cell_that_claims_thousands_of_columns_stays_small(tmp_path: Path) -> None:
    wide = cell("甲", '<w:gridSpan w:val="999999"/>') + cell("乙")
    path = word_file(tmp_path / "plan.docx", paragraph("任务") + table(wide))
    assert len(read_file(path)) < 1000
    assert "".join(read_file(path).split()) == "任务甲乙"


def test_a_word_file_under_another_name_is_read_as_word(tmp_path: Path) -> None:
    path = word_file(tmp_path / "plan.pdf", paragraph("任务"))
    assert _lines(path) == ["任务"]
