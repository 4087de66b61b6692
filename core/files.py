"""Uploaded files: what a file really is, told by its content and not by its name."""

import hashlib
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from core.errors import DomainError

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
EVERY = tuple(MEDIA_TYPES)
# A table as lines of text: taken only where somebody reads it, never as evidence.
CSV = {"csv": "text/csv"}
# How each kind begins; the two Office kinds of today are told apart inside their archive.
BEGINNINGS = (
    (b"%PDF-", ("pdf",)),
    (b"\x89PNG\r\n\x1a\n", ("png",)),
    (b"\xff\xd8\xff", ("jpg", "jpeg")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ("doc", "xls")),
    (b"PK\x03\x04", ("docx", "xlsx")),
)
MOST_NAME = 200  # characters that are kept of a file's name
# What Python raises where an archive is not what it says: broken, of a later kind or with a
# password (RuntimeError), named in no alphabet (ValueError).
BROKEN_ARCHIVE = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError, ValueError)
INSIDE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that passed the checks."""

    name: str
    content: bytes
    media_type: str
    sha256: str


def _is(extension: str, content: bytes) -> bool:
    if extension in CSV:
        return not any(content.startswith(start) for start, _kinds in BEGINNINGS)
    kinds = next((kinds for start, kinds in BEGINNINGS if content.startswith(start)), ())
    if extension not in kinds:
        return False
    if extension not in INSIDE:
        return True
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return INSIDE[extension] in archive.namelist()
    except BROKEN_ARCHIVE:
        return False


def _plain(name: str) -> str:
    """Return a name without its folders, cut before its ending where it is too long."""
    path = PurePath(PurePath(name.replace("\\", "/")).name.strip())
    ending = path.suffix[:MOST_NAME]
    return path.stem[: MOST_NAME - len(ending)] + ending or _("未命名")


def accept(name: str, content: bytes, kinds: tuple[str, ...] = EVERY) -> Upload:
    """Return the file if it is of an allowed kind, and really of the kind its name says.

    Raises DomainError with a sentence for the person who uploads.
    """
    plain = _plain(name)
    limit = settings.UPLOAD_MAX_BYTES
    if not content:
        raise DomainError(_("“%(name)s”是空文件。") % {"name": plain})
    if len(content) > limit:
        raise DomainError(
            _("“%(name)s”超过 %(limit)s MB，请压缩后再传。")
            % {"name": plain, "limit": limit // 1024 // 1024}
        )
    extension = plain.rsplit(".", 1)[-1].lower() if "." in plain else ""
    if extension not in kinds:
        raise DomainError(
            _("“%(name)s”不是可以上传的类型。可以上传 %(kinds)s。")
            % {
                "name": plain,
                "kinds": _("PDF、Word、Excel 和图片")
                if kinds == EVERY
                else _("%(endings)s 表格") % {"endings": "、".join(f".{one}" for one in kinds)},
            }
        )
    if not _is(extension, content):
        raise DomainError(
            _("“%(name)s”的内容与文件名不符，不是真正的 %(kind)s 文件。")
            % {"name": plain, "kind": extension.upper()}
        )
    return Upload(
        plain, content, (MEDIA_TYPES | CSV)[extension], hashlib.sha256(content).hexdigest()
    )


def store(folder: str, sha256: str, suffix: str, content: bytes) -> str:
    """Keep content under its own hash and return its name; the same content lies there once."""
    name = f"{folder}/{sha256}.{suffix}"
    if not default_storage.exists(name):
        return default_storage.save(name, ContentFile(content))
    return name


def keep_table(
    name: str, content: bytes, *, by: Any, kinds: tuple[str, ...] = ("xlsx",)
) -> dict[str, Any]:
    """Keep a table that came back filled in; return the fields of its `StoredFile`.

    Called outside of transactions. Raises DomainError for what is no such table.
    """
    upload = accept(name, content, kinds)
    suffix = upload.name.rsplit(".", 1)[-1].lower()
    return {
        "file": store("sheets", upload.sha256, suffix, content),
        "name": upload.name,
        "sha256": upload.sha256,
        "size": len(content),
        "media_type": upload.media_type,
        "uploaded_by": by,
    }


def content_of(row: Any) -> bytes:
    """Return what the file of a `StoredFile` holds; raises DomainError where the disk lost it."""
    try:
        with row.file.open("rb") as opened:
            content: bytes = opened.read()
    except FileNotFoundError:
        raise DomainError(_("上传的文件不在了。请重新上传。")) from None
    return content
