"""The page of GB/T 9704-2012 as a reader of the PDF measures it, whoever made the PDF.

Words are measured by poppler as boxes of their font's ascent and descent. Tolerances: 0.6 mm at
the sides (the room that a glyph leaves in its own square, and whole twips of Word), 2 mm up and
down (faces and programs set text differently high in the line of 10.2 mm, by less than a fifth);
the lines themselves lie 28.95 pt apart to a tenth of a millimetre.
"""

import ctypes
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pypdfium2.raw as raw
import pytest

from tests.reports.layout.conftest import Leaf

PITCH, CHARACTER = 28.95 * 25.4 / 72, 156 / 28
SIDE, UP = 0.6, 2.0
MAKERS = ["typst", "writer"]
Leaves = dict[str, list[Leaf]]


def line_text(leaf: Leaf, at: int) -> str:
    return "".join(word.text for word in leaf.lines()[at])


@pytest.mark.parametrize("maker", MAKERS)
def test_every_page_is_a4(leaves: Leaves, maker: str) -> None:
    sizes = {(round(leaf.width), round(leaf.height)) for leaf in leaves[maker]}
    assert sizes == {(210, 297), (297, 210)}


@pytest.mark.parametrize("maker", MAKERS)
def test_a_full_page_has_22_lines_of_28_characters_inside_the_margins(
    leaves: Leaves, maker: str
) -> None:
    for number in (2, 3, 4):
        *body, _page_number = leaves[maker][number - 1].lines()
        assert [len("".join(word.text for word in line)) for line in body] == [28] * 22
        steps = [low[0].top - high[0].top for high, low in pairwise(body)]
        assert steps == [pytest.approx(PITCH, abs=0.1)] * 21
        for at, line in enumerate(body):
            middle = (line[0].top + line[0].bottom) / 2
            assert middle == pytest.approx(37 + (at + 0.5) * PITCH, abs=UP), f"line {at + 1}"
            assert line[0].left == pytest.approx(28, abs=SIDE)
            assert line[-1].right == pytest.approx(210 - 26, abs=SIDE + 0.2)
        assert 37 + 22 * PITCH <= 297 - 35 + 0.1 < 37 + 23 * PITCH


@pytest.mark.parametrize("maker", MAKERS)
def test_page_numbers_stand_outside_seven_millimetres_below(leaves: Leaves, maker: str) -> None:
    for number, leaf in enumerate(leaves[maker], 1):
        line = leaf.lines()[-1]
        assert [word.text for word in line] == ["—", str(number), "—"]
        bottom, left, right = (35, 28, 26) if leaf.height > leaf.width else (26, 35, 37)
        middle = (line[0].top + line[0].bottom) / 2
        assert middle == pytest.approx(leaf.height - bottom + 7, abs=1)
        if number % 2:
            assert line[-1].right == pytest.approx(leaf.width - right - CHARACTER, abs=1.5)
        else:
            assert line[0].left == pytest.approx(left + CHARACTER, abs=SIDE)


@pytest.mark.parametrize("maker", MAKERS)
def test_attachments_begin_on_pages_of_their_own(leaves: Leaves, maker: str) -> None:
    heads = [line_text(leaf, 0) for leaf in leaves[maker]]
    first, last = heads.index("附件1"), heads.index("附件2")
    assert line_text(leaves[maker][first], 1) == "工作进展情况表"
    assert leaves[maker][first].width > leaves[maker][first].height
    assert line_text(leaves[maker][last], 1) == "情况说明"
    assert last == len(heads) - 1
    signed = "".join(leaf.text() for leaf in leaves[maker][:first])
    assert "纲要实施工作办公室" in signed
    assert "2018年1月5日" in signed


@pytest.mark.parametrize("maker", MAKERS)
def test_long_tables_repeat_their_head_and_lose_no_row(leaves: Leaves, maker: str) -> None:
    pages = leaves[maker]
    upright = [leaf for leaf in pages if line_text(leaf, 0) == "序号指标名称数值"]
    turned = [leaf for leaf in pages if line_text(leaf, 0).startswith("栏目1栏目2")]
    assert len(upright) >= 2
    assert len(turned) >= 2
    text = "".join(leaf.text() for leaf in pages)
    assert [n for n in range(1, 91) if text.count(f"指标{n}{n}.5") != 1] == []
    assert [n for n in range(1, 61) if f"{n}行13" not in text] == []
    assert "单位（盖章）" in text.replace("(", "（").replace(")", "）")


def test_a_red_head_stands_only_with_its_number(leaves: Leaves) -> None:
    headed, plain = leaves["headed"][0], leaves["writer"][0]
    assert line_text(headed, 0) == "某某领导小组办公室文件"
    assert line_text(headed, 1) == "某科〔2018〕3号"
    top = headed.lines()[0][0].top
    assert top == pytest.approx(37 + 35, abs=2.5), "35 mm below the top of the type area"
    assert "某某领导小组办公室文件" not in plain.text()


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize(
    ("text", "face"),
    [
        ("关于全民科学素质行动", "NotoSerifSC"),
        ("一、主要工作", "NotoSansSC"),
        ("（一）青少年行动", "LXGWWenKai"),
        ("方案部署稳步推进", "NotoSerifSC"),
        ("指标名称", "NotoSansSC"),
    ],
)
def test_each_role_has_its_own_face(
    printed: dict[str, Path], maker: str, text: str, face: str
) -> None:
    assert face in font_of(printed[maker], text).replace(" ", "")


def font_of(path: Path, text: str) -> str:
    """Return the name of the font in which a text's last character is set."""
    pdf = pypdfium2.PdfDocument(path)
    for page in pdf:
        found = page.get_textpage()
        hit = found.search(text).get_next()
        if hit is not None:
            buffer, flags = ctypes.create_string_buffer(200), ctypes.c_int()
            at = hit[0] + hit[1] - 1
            raw.FPDFText_GetFontInfo(found, at, buffer, 200, flags)
            return buffer.value.decode()
    raise AssertionError(f"{text} is not printed")
