"""A long report as PDF from both ways: our own, and the DOCX as LibreOffice prints it."""

import datetime as dt
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest

from reports.rendering.document import (
    Attachment,
    Column,
    Document,
    Head,
    Heading,
    Paragraph,
    Table,
)
from reports.rendering.pdf import to_pdf
from reports.rendering.word import to_docx

ROOT = Path(__file__).resolve().parents[3]
FONTS = ROOT / "build" / "fonts"
MM = 72 / 25.4
MISSING = (
    "no LibreOffice Writer or poppler here "
    "(Debian: apt-get install libreoffice-writer-nogui poppler-utils)"
)
# 28 characters on each of 22 lines: three full pages of nothing else.
FILL = "全民科学素质行动规划纲要实施工作按照方案部署稳步推进各项任务"


@dataclass(frozen=True, slots=True)
class Word:
    """A word as poppler measures it, in millimetres from the page's top left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page: its size in millimetres and its words in reading order."""

    width: float
    height: float
    words: list[Word]

    def lines(self) -> list[list[Word]]:
        """Return the words line by line from the top; what shares a middle shares a line."""
        found: list[list[Word]] = []
        for word in sorted(self.words, key=lambda one: (one.top + one.bottom, one.left)):
            middle = (word.top + word.bottom) / 2
            last = found[-1][-1] if found else None
            if last is not None and abs((last.top + last.bottom) / 2 - middle) < 2:
                found[-1].append(word)
            else:
                found.append([word])
        return [sorted(line, key=lambda one: one.left) for line in found]

    def text(self) -> str:
        return "".join(word.text for word in self.words)


def document(head: bool) -> Document:
    table = Table(
        columns=(Column("序号", 1, "center"), Column("指标名称", 4), Column("数值", 2)),
        rows=tuple((str(n), f"指标{n}", f"{n}.5") for n in range(1, 91)),
        caption="表1　指标",
    )
    progress = Table(
        columns=tuple(Column(f"栏目{n}") for n in range(1, 14)),
        rows=tuple(tuple(f"{row}行{n}" for n in range(1, 14)) for row in range(1, 61)),
        note="单位（盖章）：",
        wide=True,
    )
    return Document(
        title=("关于全民科学素质行动", "工作情况的报告"),
        recipient="领导小组",
        blocks=(
            Heading(1, "一、主要工作"),
            Heading(2, "（一）青少年行动"),
            Paragraph(FILL * 80),
            table,
        ),
        attachments=(
            Attachment(("工作进展情况表",), (progress,)),
            Attachment(("情况说明",), (Paragraph("各单位报送。"),)),
        ),
        signature="纲要实施工作办公室",
        date=dt.date(2018, 1, 5),
        head=Head("某科〔2018〕3号", "某某领导小组办公室文件") if head else None,
    )


def fontconfig(folder: Path) -> dict[str, str]:
    """Return an environment in which LibreOffice has the folder of free fonts and no other.

    A face of the standard is replaced by one that no other role has, where there are enough.
    """
    pairs = {
        "方正小标宋简体": "Noto Serif SC",
        "仿宋_GB2312": "Noto Serif SC",
        "宋体": "Noto Serif SC",
        "黑体": "Noto Sans SC",
        "楷体_GB2312": "LXGW WenKai",
    }
    aliases = "".join(
        f'<alias binding="same"><family>{name}</family><prefer><family>{free}</family></prefer>'
        "</alias>"
        for name, free in pairs.items()
    )
    (folder / "fonts.conf").write_text(
        '<?xml version="1.0"?><fontconfig>'
        f"<dir>{FONTS}</dir><cachedir>{folder / 'cache'}</cachedir>{aliases}</fontconfig>",
        "utf-8",
    )
    return {**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf")}


def tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(MISSING)
    return found


def measured(pdf: Path) -> list[Leaf]:
    """Return the pages of a file as poppler measures them."""
    page = pdf.with_suffix(".html")
    subprocess.run([tool("pdftotext"), "-bbox-layout", str(pdf), str(page)], check=True)
    text = page.read_text("utf-8").replace('xmlns="http://www.w3.org/1999/xhtml"', "")
    text = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text[text.index("<body") :])
    body = ElementTree.fromstring(text[: text.index("</body>") + 7])
    return [
        Leaf(
            float(leaf.get("width", 0)) / MM,
            float(leaf.get("height", 0)) / MM,
            [
                Word(
                    word.text or "",
                    *(float(word.get(side, 0)) / MM for side in ("xMin", "yMin", "xMax", "yMax")),
                )
                for word in leaf.iter("word")
            ],
        )
        for leaf in body.iter("page")
    ]


@pytest.fixture(scope="session")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the PDF files by their makers: `typst`, `writer`, and `headed` with a red head."""
    office, folder = tool("soffice"), tmp_path_factory.mktemp("layout")
    tool("pdftotext")
    assert any(FONTS.glob("*.ttf")), "build/fonts holds no fonts: run `python3 run.py setup`"
    for name, head in (("writer", False), ("headed", True)):
        (folder / f"{name}.docx").write_bytes(to_docx(document(head), FONTS))
    (folder / "typst.pdf").write_bytes(to_pdf(document(False), FONTS))
    subprocess.run(
        [
            office, f"-env:UserInstallation={(folder / 'home').as_uri()}", "--headless",
            "--convert-to", "pdf", "--outdir", str(folder), "writer.docx", "headed.docx",
        ],
        cwd=folder, env=fontconfig(folder), check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    if not (folder / "writer.pdf").exists():
        pytest.skip(
            "LibreOffice here has no Writer (Debian: apt-get install libreoffice-writer-nogui)"
        )
    return {name: folder / f"{name}.pdf" for name in ("typst", "writer", "headed")}


@pytest.fixture(scope="session")
def leaves(printed: dict[str, Path]) -> dict[str, list[Leaf]]:
    return {name: measured(path) for name, path in printed.items()}
