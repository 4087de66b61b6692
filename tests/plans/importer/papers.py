"""Write Word and PDF files for the tests of reading, with what real ones have inside."""

from __future__ import annotations

import json
import zipfile
from functools import cache
from pathlib import Path

import typst

FONTS = Path(__file__).resolve().parents[3] / "build" / "fonts"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def word_file(
    path: Path, body: str, numbering: str = "", styles: str = "", namespace: str = _W
) -> Path:
    """Write a .docx of the given WordprocessingML: what stands in body, numbering and styles."""
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": _root("document", f"<w:body>{body}</w:body>", namespace),
        "word/numbering.xml": _root("numbering", numbering, namespace),
        "word/styles.xml": _root("styles", styles, namespace),
        "word/header1.xml": _root("hdr", paragraph("页眉"), namespace),
        "word/footnotes.xml": _root("footnotes", paragraph("脚注"), namespace),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, _HEAD + content)
    return path


def _root(name: str, content: str, namespace: str) -> str:
    spaces = (
        f'xmlns:w="{namespace}" xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    )
    return f"<w:{name} {spaces}>{content}</w:{name}>"


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(content: str, properties: str = "") -> str:
    """Return a paragraph of plain words or of ready runs."""
    inside = content if content.startswith("<") else run(content)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inside}</w:p>"


def item(content: str, level: int = 0, list_id: int = 1) -> str:
    """Return a paragraph with an automatic number."""
    number = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'
    return paragraph(content, number)


def level(at: int, form: str, text: str, more: str = "") -> str:
    """Return one level of a list: its number format and its pattern."""
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def lists(*shapes: str, uses: tuple[str, ...] = ("",)) -> str:
    """Return a numbering part: list shapes from 0, and lists from 1 that all use the first."""
    out = [
        f'<w:abstractNum w:abstractNumId="{n}">{s}</w:abstractNum>' for n, s in enumerate(shapes)
    ]
    out += [
        f'<w:num w:numId="{n}"><w:abstractNumId w:val="0"/>{more}</w:num>'
        for n, more in enumerate(uses, start=1)
    ]
    return "".join(out)


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def cell(content: str, properties: str = "") -> str:
    inside = content if content.startswith("<w:p>") else paragraph(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside}</w:tc>"


def pdf_file(path: Path, source: str, **page: str) -> Path:
    """Typeset a page in the official layout (A4, 16 pt, indents of two signs) with typst."""
    margin = "(top: 37mm, left: 28mm, bottom: 35mm, right: 26mm)"
    given = "".join(f", {name}: {value}" for name, value in page.items())
    head = f"""#set page(paper: "a4", margin: {margin}{given})
#set text(font: "Noto Serif SC", size: 16pt, lang: "zh")
#set par(first-line-indent: (amount: 2em, all: true), justify: true, leading: 0.8em)
"""
    path.write_bytes(compiled(head + source))
    return path


def compiled(source: str) -> bytes:
    """Typeset with the portal's own fonts, which are loaded once."""
    return typst.compile(source.encode(), font_paths=_book(), format="pdf")


@cache
def _book() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )


def set_lines(lines: list[str]) -> str:
    """Return typst source that sets each line as a paragraph, whatever signs it holds."""
    return "\n\n".join(f"#par({json.dumps(line, ensure_ascii=False)})" for line in lines)
