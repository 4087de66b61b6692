"""Read a Word file as lines: numbers rebuilt, tables in place, what was struck out left out.

A paragraph is followed by an empty line; a row of a table is one line, its cells divided by tabs.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from posixpath import normpath
from typing import Any

from plans.importer.model import UnreadableDocument
from plans.importer.numbering import Numbering, child, is_on, name_of, value, whole
from plans.importer.refusals import BROKEN_WORD, MAX_CHARACTERS, SWOLLEN, TOO_LONG, WRONG_TYPE

# A Word file is a zip: what it unpacks to is bounded too.
MAX_UNPACKED_BYTES = 120 * 1024 * 1024
# Its words are XML, which takes many times its size in memory; pictures are never unpacked.
MAX_XML_BYTES = 12 * 1024 * 1024
MAX_MEMBERS = 5_000
MAX_COLUMNS = 200  # a cell that claims to span more would be padded as often
# Dragging a border leaves columns as narrow as this beside the real ones; twentieths of a point.
_SLIVER = 200

_WRAPPERS = ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "Choice")
_STRUCK = ("del", "moveFrom", "delText", "instrText", "delInstrText", "pPr", "rPr", "rt")
_CONTENTS_LINE = re.compile(r"(.{2,60}?)\s*\t\s*(\d{1,3})$")


def word_text(data: bytes) -> str:
    """Return the text of a .docx file; raise UnreadableDocument for one that cannot be opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "\n".join(_Reader(archive).lines())
    except UnreadableDocument:
        raise
    except Exception as error:
        # Broken packages fail in many ways (zip, XML, missing parts): one answer for all.
        raise UnreadableDocument(BROKEN_WORD) from error


def _check_size(archive: zipfile.ZipFile) -> None:
    sizes = [one.file_size for one in archive.infolist()]
    if sum(sizes) > MAX_UNPACKED_BYTES or len(sizes) > MAX_MEMBERS:
        raise UnreadableDocument(SWOLLEN)


def _part(archive: zipfile.ZipFile, name: str) -> Any | None:
    """Parse one part of the package, or None where it is not there."""
    from docx.oxml.parser import parse_xml

    try:
        item = archive.getinfo(name)
    except KeyError:
        return None
    if item.file_size > MAX_XML_BYTES:
        raise UnreadableDocument(SWOLLEN)
    content = archive.read(item)
    # The format has no document type; one would only be there to define entities.
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise UnreadableDocument(BROKEN_WORD)
    return parse_xml(content)


def _main_part(archive: zipfile.ZipFile) -> str:
    """Find the part that holds the words: word/document.xml unless the package says otherwise."""
    for relation in _relations(archive, "_rels/.rels"):
        if (value(relation, "Type") or "").endswith("/officeDocument"):
            return normpath((value(relation, "Target") or "").lstrip("/"))
    return "word/document.xml"


def _relations(archive: zipfile.ZipFile, name: str) -> list[Any]:
    root = _part(archive, name)
    return [] if root is None else list(root)


@dataclass
class _Reader:
    """Walk a document once, in printed order, counting its numbered paragraphs."""

    archive: zipfile.ZipFile
    written: list[str] = field(default_factory=list)
    length: int = 0
    carried: str = ""

    def lines(self) -> list[str]:
        _check_size(self.archive)
        main = _main_part(self.archive)
        root = _part(self.archive, main)
        body = child(root, "body") if root is not None else None
        if body is None:
            raise UnreadableDocument(WRONG_TYPE)  # a spreadsheet, slides or any other zip
        folder = main.rpartition("/")[0]
        self.numbering = Numbering(
            _part(self.archive, f"{folder}/numbering.xml"),
            _part(self.archive, f"{folder}/styles.xml"),
        )
        self._blocks(body)
        self._paragraph(self.carried, last=True)
        return self.written

    def _write(self, line: str) -> None:
        self.written.append(line)
        self.length += len(line) + 1
        if self.length > 2 * MAX_CHARACTERS:
            raise UnreadableDocument(TOO_LONG)

    def _blocks(self, parent: Any) -> None:
        for block in _unwrapped(parent):
            if name_of(block) == "p":
                text, boxes = self._words(block)
                struck_end = child(block, "pPr", "rPr", "del") is not None
                if struck_end:  # this paragraph runs on into the next
                    self.carried += text
                else:
                    self._paragraph(self.carried + text)
                    self.carried = ""
                for box in boxes:
                    self._blocks(box)
            elif name_of(block) == "tbl":
                self._table(block)

    def _paragraph(self, text: str, last: bool = False) -> None:
        if contents := _CONTENTS_LINE.fullmatch(text):
            text = f"{contents[1]}………{contents[2]}"
        for line in text.split("\n"):
            self._write(line.replace("\t", " "))
        if not last:
            # An empty line keeps paragraphs apart, as on the page.
            self._write("")

    def _words(self, paragraph: Any, alone: bool = True) -> tuple[str, list[Any]]:
        """Return the text of a paragraph with its number, and the text boxes anchored in it.

        A number without words is printed too: in a table it stands `alone` no more.
        """
        boxes: list[Any] = []
        text = "".join(_inline(paragraph, boxes))
        mark = self.numbering.mark(paragraph)
        if not text.strip():
            return ("" if alone else mark), boxes
        return _numbered(mark, text), boxes

    def _table(self, table: Any) -> None:
        columns = _columns(table)
        above: dict[int, str] = {}
        for row in _unwrapped(table, "tr"):
            if child(row, "trPr", "del") is not None:
                continue
            cells = [one for one in _unwrapped(row, "tc") if not _is_struck(one)]
            if len(cells) == 1:
                if not _continues_above(cells[0]):
                    self._blocks(cells[0])
                continue
            texts = self._row(row, cells, columns, above)
            if any(texts):
                self._write("\t".join(texts if len(texts) > 2 else [*texts, ""]))
        self._write("")

    def _row(
        self, row: Any, cells: list[Any], columns: list[int], above: dict[int, str]
    ) -> list[str]:
        """Place the cells of a row; one that spans rows is repeated, for it speaks for each."""
        texts = [""] * (max(*columns, 1) + 1)
        at = whole(value(child(row, "trPr", "gridBefore"))) or 0
        for cell in cells:
            start = _column(columns, at, _span(cell))
            if not _continues_above(cell):
                above[start] = self._cell(cell)
            words = above.get(start, "")
            texts[start] = f"{texts[start]} {words}".strip() if texts[start] else words
            at += _span(cell)
        return texts

    def _cell(self, cell: Any) -> str:
        pieces: list[str] = []
        for block in _unwrapped(cell):
            if name_of(block) == "p":
                text, boxes = self._words(block, alone=False)
                pieces += [text, *(self._cell(box) for box in boxes)]
            elif name_of(block) == "tbl":
                rows = _unwrapped(block, "tr")
                pieces += [self._cell(one) for row in rows for one in _unwrapped(row, "tc")]
        return " ".join(" ".join(pieces).split())


def _unwrapped(parent: Any, *names: str) -> Iterator[Any]:
    """Yield the blocks of a parent, those inside controls and kept insertions too."""
    for one in parent:
        name = name_of(one)
        if name == "AlternateContent":
            yield from _unwrapped([_chosen(one)], *names)
        elif name in _WRAPPERS:
            yield from _unwrapped(one, *names)
        elif name in (names or ("p", "tbl")):
            yield one


def _chosen(alternatives: Any) -> Any:
    """Of two ways to say the same take one: the newer, else the fall-back."""
    choice = child(alternatives, "Choice")
    if choice is None:
        choice = child(alternatives, "Fallback")
    return alternatives if choice is None else choice


def _inline(element: Any, boxes: list[Any]) -> Iterator[str]:
    """Yield the printed words inside a paragraph; collect its text boxes."""
    for one in element:
        name = name_of(one)
        if name == "t":
            yield re.sub(r"[\r\n\t]", " ", one.text or "")
        elif name in ("tab", "ptab"):
            yield "\t"
        elif name in ("br", "cr"):
            yield "\n" if value(one, "type") in (None, "textWrapping") else ""
        elif name == "noBreakHyphen":
            yield "-"
        elif name == "sym":
            yield "•"
        elif name == "txbxContent":
            boxes.append(one)
        elif name == "AlternateContent":
            yield from _inline([_chosen(one)], boxes)
        elif name not in _STRUCK and not (name == "r" and is_on(child(one, "rPr", "vanish"))):
            yield from _inline(one, boxes)


def _numbered(mark: str, text: str) -> str:
    """Set a number before its text as a reader of the page would copy it."""
    text = text.lstrip(" \t\u3000")
    if re.fullmatch(r"\d{1,2}", mark):
        mark += "．"
    elif re.fullmatch(r"[一二三四五六七八九十]{1,3}", mark):
        mark += "、"
    elif mark.endswith(".") and text[:1].isdigit():
        mark = mark[:-1] + "．"  # 1.2020年 would read as a decimal
    return mark + (" " if mark[-1:].isalnum() else "") + text


def _columns(table: Any) -> list[int]:
    """Number the columns of the grid; one that is only a sliver of a dragged border is -1."""
    grid = child(table, "tblGrid")
    widths = [whole(value(one, "w")) for one in grid] if grid is not None else []
    spans = (sum(map(_span, _unwrapped(row, "tc"))) for row in _unwrapped(table, "tr"))
    size = min(max([*spans, 1]), MAX_COLUMNS)
    columns, last = [], -1
    for width in [*widths, *([None] * size)][:size]:
        real = not width or width >= _SLIVER
        last += real
        columns.append(last if real else -1)
    return columns


def _column(columns: list[int], at: int, span: int) -> int:
    """Return the printed column in which a cell begins that lies so in the grid."""
    own = (one for one in columns[at : at + span] if one >= 0)
    return next(own, max([*columns[:at], 0]))


def _span(cell: Any) -> int:
    return min(max(whole(value(child(cell, "tcPr", "gridSpan"))) or 1, 1), MAX_COLUMNS)


def _is_struck(cell: Any) -> bool:
    return child(cell, "tcPr", "cellDel") is not None


def _continues_above(cell: Any) -> bool:
    merge = child(cell, "tcPr", "vMerge")
    return merge is not None and value(merge) != "restart"
