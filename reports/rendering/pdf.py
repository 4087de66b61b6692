"""Write a document as PDF through typst, in the layout of GB/T 9704-2012."""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict
from functools import singledispatch
from pathlib import Path
from typing import Any

import typst

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
from reports.rendering.fonts import HOST_FONT_FOLDERS, Faces, Role, load_faces
from reports.rendering.images import fitted_size
from reports.rendering.sheets import (
    AttachmentHead,
    AttachmentList,
    OutlinedHeading,
    Recipient,
    Sheet,
    Signature,
    TitleLines,
    sheets,
)
from reports.rendering.tables import column_shares, kept_whole, rows_kept_together, text_pt

_TEMPLATE = Path(__file__).with_name("report.typ")
_HEADING_FACES: dict[int, Role] = {1: "hei", 2: "kai", 3: "body", 4: "body"}

MISSING_MARK = "〓"
_UNDRAWN = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


def to_pdf(document: Document, fonts: Path, host: Iterable[Path] = HOST_FONT_FOLDERS) -> bytes:
    """Render a document as PDF/UA-1; the same document and fonts give the same bytes.

    A sign that no font can draw is printed as 〓, the printers' mark for a missing character.
    Raise FontsMissing when the folder lacks a face and ValueError for a figure that is no SVG.
    """
    return typeset(document, fonts, host)[0]


def typeset(
    document: Document, fonts: Path, host: Iterable[Path] = HOST_FONT_FOLDERS
) -> tuple[bytes, tuple[str, ...]]:
    """Do as `to_pdf` does, and list the signs that no font can draw, so that people are told."""
    return _compiled(document, load_faces(fonts, host))


def _compiled(document: Document, faces: Faces) -> tuple[bytes, tuple[str, ...]]:
    """Compile, marking the signs that the compiler rejects until none is left."""
    data = {
        **_metadata(document),
        "faces": faces.families,
        "measures": _measures(),
        "sheets": [_sheet(sheet) for sheet in sheets(document)],
    }
    text = json.dumps(data, ensure_ascii=False)
    missing: list[str] = []
    while True:
        try:
            return _typeset(text, faces), tuple(missing)
        except typst.TypstError as error:
            signs = _undrawn(error)
            if not signs or not any(sign in text for sign in signs):
                raise
            missing.extend(signs)
            # Longest first: a sign with a variation mark goes as a whole.
            for sign in sorted(signs, key=len, reverse=True):
                text = text.replace(sign, MISSING_MARK)


def _typeset(text: str, faces: Faces) -> bytes:
    return typst.compile(
        _TEMPLATE.read_bytes(),
        format="pdf",
        font_paths=faces.book,
        ignore_system_fonts=True,
        sys_inputs={"document": text},
        pdf_standards="ua-1",
        timestamp=0,
    )


def _undrawn(error: typst.TypstError) -> list[str]:
    """Read from a compiler's message which signs it could not draw."""
    quoted = _UNDRAWN.findall(error.diagnostic)
    signs = (_ESCAPED.sub(lambda code: chr(int(code[1], 16)), sign) for sign in quoted)
    return list(dict.fromkeys(signs))


def _metadata(document: Document) -> dict[str, Any]:
    language, _, region = document.language.partition("-")
    date = document.date
    return {
        "title": title_text(document.title),
        "author": clean(document.signature),
        "date": {"year": date.year, "month": date.month, "day": date.day} if date else None,
        "language": language,
        "region": region or None,
    }


def _measures() -> dict[str, Any]:
    return {
        "width": layout.PAGE_WIDTH_MM,
        "height": layout.PAGE_HEIGHT_MM,
        "portrait": asdict(layout.PORTRAIT),
        "landscape": asdict(layout.LANDSCAPE),
        "below": layout.PAGE_NUMBER_BELOW_MM,
        "pitch": layout.LINE_PITCH_PT,
        "character": layout.CHARACTER_PT,
        "body": layout.BODY_PT,
        "title": layout.TITLE_PT,
        "number": layout.PAGE_NUMBER_PT,
        "caption": layout.CAPTION_PT,
        "note": layout.NOTE_PT,
        "mark_below": layout.MARK_BELOW_MM,
        "rule_below": layout.RED_RULE_BELOW_MM,
        "rule": layout.RED_RULE_PT,
    }


def _sheet(sheet: Sheet) -> dict[str, Any]:
    width_mm = layout.AREA_HEIGHT_MM if sheet.landscape else layout.AREA_WIDTH_MM
    items = [
        _table(item, width_mm) if isinstance(item, Table) else _item(item) for item in sheet.items
    ]
    return {"landscape": sheet.landscape, "items": items}


def _strings(text: Text) -> list[str]:
    return [run.text for run in runs(text)]


@singledispatch
def _item(item: object) -> dict[str, Any]:
    raise TypeError(f"no PDF form for {type(item).__name__}")


@_item.register
def _(item: Head) -> dict[str, Any]:
    size = layout.mark_pt(item.mark)
    return {"kind": "head", "mark": item.mark, "number": item.number, "size": size}


@_item.register
def _(item: TitleLines) -> dict[str, Any]:
    return {"kind": "title", "lines": item.lines}


@_item.register
def _(item: Recipient) -> dict[str, Any]:
    return {"kind": "recipient", "text": item.text}


@_item.register
def _(item: Paragraph) -> dict[str, Any]:
    return {"kind": "paragraph", "runs": _strings(item.text)}


@_item.register
def _(item: OutlinedHeading) -> dict[str, Any]:
    return {
        "kind": "heading",
        "depth": item.depth,
        "face": _HEADING_FACES[item.heading.level],
        "runs": _strings(item.heading.text),
    }


@_item.register
def _(item: Figure) -> dict[str, Any]:
    svg = clean(item.svg)
    width, height = fitted_size(svg, item.width_mm)
    return {
        "kind": "figure",
        "svg": svg,
        "alt": clean(item.alt),
        "caption": clean(item.caption),
        "width": width,
        "height": height,
    }


@_item.register
def _(item: AttachmentList) -> dict[str, Any]:
    entries = [{"number": number, "name": name} for number, name in item.entries]
    return {"kind": "attachments", "entries": entries}


@_item.register
def _(item: Signature) -> dict[str, Any]:
    return {"kind": "signature", "name": item.name, "date": item.date}


@_item.register
def _(item: AttachmentHead) -> dict[str, Any]:
    return {"kind": "attachment", "mark": item.mark, "lines": item.lines}


def _table(item: Table, width_mm: float) -> dict[str, Any]:
    size = text_pt(item)
    return {
        "kind": "table",
        "caption": clean(item.caption),
        "whole": kept_whole(item, width_mm),
        "note": clean(item.note),
        "size": size,
        "line": layout.table_line_pt(size),
        "margin": layout.table_margin_pt(size),
        "columns": [
            {"label": clean(column.label), "share": share, "align": column.align}
            for column, share in zip(item.columns, column_shares(item), strict=True)
        ],
        "rows": [
            {"cells": [_strings(cell) for cell in row], "breakable": not kept}
            for row, kept in zip(item.rows, rows_kept_together(item, width_mm), strict=True)
        ],
    }
