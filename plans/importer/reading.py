"""Read a file as text: plain text, Word, or PDF with a text layer."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from plans.importer.model import UnreadableDocument

MAX_BYTES = 20 * 1024 * 1024
# A Word file is a zip: what it unpacks to is bounded too.
MAX_UNPACKED_BYTES = 120 * 1024 * 1024
# Its words are XML, which takes a hundred times its size in memory; pictures do not.
MAX_XML_BYTES = 12 * 1024 * 1024
MAX_BLOCKS = 50_000
MAX_COLUMNS = 200  # a cell that claims to span more would be repeated as often
MAX_PAGES = 1000
# The longest plans have some 60,000 characters.
MAX_CHARACTERS = 300_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

TOO_BIG = "文件超过 20 MB，请拆分或去掉图片后再上传。"
EMPTY = "文件里没有文字，请检查后再上传。"
NOT_TEXT = "文件内容不是文字，请上传文本、Word（.docx）或带文字的 PDF 文件。"
WRONG_TYPE = "只能读取 .txt、.docx 和 .pdf 文件，请另存为其中一种再上传。"
OLD_WORD = "这是旧版 Word 文件或加密文件，请去掉密码、另存为 .docx 后再上传。"
BROKEN_WORD = "Word 文件已损坏，无法打开，请重新保存后再上传。"
ENCRYPTED_PDF = "PDF 文件设有密码，请去掉密码后再上传。"
BROKEN_PDF = "PDF 文件已损坏，无法打开，请重新保存后再上传。"
SCANNED_PDF = "PDF 文件是扫描图片，没有可读的文字，请上传带文字的版本。"
TOO_LONG = "文件的文字超过三十万字，不像一份实施方案，请检查后再上传。"
MISSING = "找不到这个文件，请检查文件名。"


def read_file(path: Path) -> str:
    """Return the text of a .txt, .docx or .pdf file; raise UnreadableDocument otherwise."""
    suffix = path.suffix.lower()
    readers = {".txt": decode_text, ".docx": _word_text, ".pdf": _pdf_text}
    if not path.is_file():
        raise UnreadableDocument(MISSING)
    if path.stat().st_size > MAX_BYTES:
        raise UnreadableDocument(TOO_BIG)
    if suffix not in readers:
        raise UnreadableDocument(OLD_WORD if suffix == ".doc" else WRONG_TYPE)
    data = path.read_bytes()
    if not data.strip():
        raise UnreadableDocument(EMPTY)
    text = readers[suffix](data).replace("\x00", "")  # PDFs hold some; databases refuse them
    if not text.strip():
        raise UnreadableDocument(SCANNED_PDF if suffix == ".pdf" else EMPTY)
    if len(text) > MAX_CHARACTERS:
        raise UnreadableDocument(TOO_LONG)
    return text


def decode_text(data: bytes) -> str:
    """Decode UTF-8, UTF-16 with a mark, or GB18030."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in data:
        raise UnreadableDocument(NOT_TEXT)
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_prose(text):
            return text
    raise UnreadableDocument(NOT_TEXT)


def _is_prose(text: str) -> bool:
    """Tell words from bytes that happen to decode."""
    odd = sum(1 for char in text if char < " " and char not in "\t\n\r\f\v\x1c\x1d")
    private = sum(1 for char in text if "\ue000" <= char <= "\uf8ff")
    return odd + private <= len(text) // 50


def _word_text(data: bytes) -> str:
    if data.startswith(_OLE):
        raise UnreadableDocument(OLD_WORD)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            items = archive.infolist()
            xml = sum(one.file_size for one in items if one.filename.endswith((".xml", ".rels")))
            if sum(one.file_size for one in items) > MAX_UNPACKED_BYTES or xml > MAX_XML_BYTES:
                raise UnreadableDocument(TOO_BIG)
        return _word_lines(data)
    except UnreadableDocument:
        raise
    except Exception as error:
        # Broken packages fail in many ways (zip, XML, missing parts): one answer for all.
        raise UnreadableDocument(BROKEN_WORD) from error


def _word_lines(data: bytes) -> str:
    from docx import Document
    from docx.table import Table

    lines: list[str] = []
    document = Document(io.BytesIO(data))
    _check_tables(document.element)
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            lines += _rows(block)
        else:
            lines.append(block.text)
            # An empty paragraph keeps short ones apart, as on the page.
            lines.append("")
        if len(lines) > MAX_BLOCKS:
            raise UnreadableDocument(TOO_LONG)
    return "\n".join(lines)


def _check_tables(root: Any) -> None:
    """Refuse tables wider than any page, which would be unrolled in memory."""
    spans = [int(text) for text in root.xpath("//w:gridSpan/@w:val")]
    rows = [len(row.tc_lst) for row in root.xpath("//w:tr")]
    if max([*spans, *rows], default=0) > MAX_COLUMNS:
        raise UnreadableDocument(BROKEN_WORD)


def _rows(table: object) -> list[str]:
    """Write a table one row a line, cells divided by tabs, merged cells once."""
    lines = []
    for row in table.rows:  # type: ignore[attr-defined]
        cells: list[str] = []
        seen: list[object] = []
        for cell in row.cells:
            if any(cell._tc is other for other in seen):
                continue
            seen.append(cell._tc)
            cells.append(" ".join(cell.text.split()))
        if len(cells) == 1:
            lines += [cells[0], ""]
        else:
            lines.append("\t".join(cells) if len(cells) > 2 else "\t".join([*cells, ""]))
    return lines


def _pdf_text(data: bytes) -> str:
    import pypdfium2

    if not data.lstrip()[:5].startswith(b"%PDF"):
        raise UnreadableDocument(NOT_TEXT)
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        broken = "password" not in str(error).lower()
        raise UnreadableDocument(BROKEN_PDF if broken else ENCRYPTED_PDF) from error
    try:
        pages = [_page_text(document[at]) for at in range(min(len(document), MAX_PAGES))]
    except pypdfium2.PdfiumError as error:
        raise UnreadableDocument(BROKEN_PDF) from error
    finally:
        document.close()
    return "\n".join(pages)


def _page_text(page: object) -> str:
    words = page.get_textpage()  # type: ignore[attr-defined]
    return str(words.get_text_range())
