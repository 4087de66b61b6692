"""Read a file as text: plain text, Word, or PDF with a text layer.

What a file is, its content says; its name only tells apart what looks alike.
"""

from __future__ import annotations

from pathlib import Path

from plans.importer.model import UnreadableDocument
from plans.importer.pdf import pdf_text
from plans.importer.refusals import (
    BROKEN_WORD,
    EMPTY,
    ENCRYPTED_WORD,
    FOLDER,
    MAX_CHARACTERS,
    MISSING,
    NOT_TEXT,
    OLD_WORD,
    TOO_BIG,
    TOO_LONG,
    UNREADABLE,
    WRONG_TYPE,
)
from plans.importer.word import word_text

MAX_BYTES = 20 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_NAMES = (".txt", ".text", ".docx", ".pdf", ".doc", ".wps", "")
# Word and browsers save these under .doc and .txt.
_MARKED_UP = (b"{\\rtf", b"<html", b"<!doctype html", b"<?xml", b"mime-version:")


def read_file(path: Path) -> str:
    """Return the text of a .txt, .docx or .pdf file; raise UnreadableDocument otherwise."""
    data = _content(path)
    if not data.strip():
        raise UnreadableDocument(EMPTY)
    text = _text(data, path.suffix.lower()).replace("\x00", "")  # databases refuse it
    if not text.strip():
        raise UnreadableDocument(EMPTY)
    if len(text) > 2 * MAX_CHARACTERS or _printed(text) > MAX_CHARACTERS:
        raise UnreadableDocument(TOO_LONG)
    return text


def _content(path: Path) -> bytes:
    """Return the bytes of a file that is not too large, without reading more of one that is."""
    try:
        if path.is_dir():
            raise UnreadableDocument(FOLDER)
        if not path.is_file():
            raise UnreadableDocument(MISSING)
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableDocument(TOO_BIG)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UnreadableDocument(UNREADABLE) from error
    if len(data) > MAX_BYTES:  # it grew meanwhile
        raise UnreadableDocument(TOO_BIG)
    return data


def _text(data: bytes, suffix: str) -> str:
    head = data[:1024]
    if head.startswith(_OLE):
        raise UnreadableDocument(ENCRYPTED_WORD if _LOCKED in data else OLD_WORD)
    if head.startswith(_ZIP):
        return _word_or_other(data, suffix)
    if b"%PDF-" in head:
        return pdf_text(data)
    if suffix not in _NAMES or head.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_MARKED_UP):
        raise UnreadableDocument(WRONG_TYPE)
    return decode_text(data)


def _word_or_other(data: bytes, suffix: str) -> str:
    """Read a zip as Word; one that cannot be opened and has another name is something else."""
    try:
        return word_text(data)
    except UnreadableDocument as error:
        if error.message_zh == BROKEN_WORD and suffix not in _NAMES:
            raise UnreadableDocument(WRONG_TYPE) from error
        raise


def decode_text(data: bytes) -> str:
    """Decode UTF-8, UTF-16 with a mark, or GB18030; a rare broken character stays a gap."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in data:
        raise UnreadableDocument(NOT_TEXT)
    else:
        # A cut UTF-8 file would pass for GB18030, as nonsense: it comes first, gaps and all.
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        text = data.decode(encoding, errors="replace")
        if text.count("\ufffd") <= max(2, len(text) // 500) and _is_prose(text):
            return text
    raise UnreadableDocument(NOT_TEXT)


def _is_prose(text: str) -> bool:
    """Tell words from bytes that happen to decode."""
    odd = sum(1 for char in text if char < " " and char not in "\t\n\r\f\v\x1c\x1d")
    private = sum(1 for char in text if "\ue000" <= char <= "\uf8ff")
    return odd + private <= len(text) // 50


def _printed(text: str) -> int:
    """Count the characters that a reader sees."""
    return len("".join(text.split()))
