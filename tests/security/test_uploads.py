"""Files that are not what they say, too large, too many, or named to harm."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx as word
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.models import AuditEvent
from plans.models import Plan, SourceDocument
from tasks.models import Evidence
from tasks.services.entries import evidence
from tests.cast import Cast
from tests.cast_story import NOW, PDF, PLAN_A

pytestmark = pytest.mark.services
Browse = Callable[..., Client]
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32


def zipped(**parts: bytes) -> bytes:
    """Return an archive; `__` in a name stands for a slash, `_` for a dot."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return buffer.getvalue()


BOMB = zipped(word__document_xml=b"<w>" + b" " * 200_000_000)


def word_file(body: bytes) -> bytes:
    """Return a small Word file with this XML in its body, which may unpack to very much."""
    plain, made = io.BytesIO(), io.BytesIO()
    word.Document().save(plain)
    with (
        zipfile.ZipFile(plain) as source,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == "word/document.xml":
                content = content.replace(b"<w:sectPr", body + b"<w:sectPr", 1)
            archive.writestr(name, content)
    return made.getvalue()


def tampered(at: int, value: int) -> bytes:
    """Return an archive with one byte of its directory changed."""
    content = bytearray(zipped(word__document_xml=b"<w/>"))
    content[content.index(b"PK\x01\x02") + at] = value
    return bytes(content)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def table(cells: bytes) -> bytes:
    return b"<w:tbl><w:tr>" + cells + b"</w:tr></w:tbl>"


WIDE = b'<w:tc><w:tcPr><w:gridSpan w:val="1000000000"/></w:tcPr><w:p/></w:tc>'


def attach(browser: Client, cast: Cast, *files: SimpleUploadedFile) -> Any:
    path = f"/entries/{cast.entry_draft.pk}/evidence/"
    return browser.post(path, {"file": list(files)}, headers={"X-Requested-With": "fetch"})


def stored(cast: Cast) -> list[Evidence]:
    return list(Evidence.objects.filter(entry=cast.entry_draft))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("工具.pdf", b"MZ\x90\x00" + b"\0" * 100),
        ("页面.pdf", b"<html><script>alert(1)</script>"),
        ("图.png", SVG),
        ("图.svg", SVG),
        ("页.html", b"<html>"),
        ("宏.docm", zipped(word__document_xml=b"<w/>")),
        ("表.xlsx", zipped(word__document_xml=b"<w/>")),
        ("文.docx", zipped(evil_exe=b"MZ")),
        ("文.docx", b"PK\x03\x04 not an archive"),
        ("文.docx", tampered(6, 99)),  # of a later kind than anybody reads
        ("文.docx", zipped(é=b"x").replace("é".encode(), b"\xff\xff")),  # a name in no alphabet
        ("空.pdf", b""),
        ("工具.exe", b"MZ"),
        ("没有扩展名", PDF),
        ("工具.pdf.exe", PDF),
        ("大.pdf", PDF + b"\0" * settings.UPLOAD_MAX_BYTES),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_not_what_it_should_be_is_refused_in_words(
    name: str, content: bytes, cast: Cast, browse: Browse
) -> None:
    answer = attach(browse(cast.liaison), cast, SimpleUploadedFile(name, content))
    assert answer.status_code == 422
    assert answer.json()["message"]
    assert stored(cast) == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\windows\\win.pdf", "win.pdf"),
        ("/absolute/name.pdf", "name.pdf"),
        ("\u202efdp.exe.pdf", None),
        ("<img src=x onerror=alert(1)>.pdf", None),
        ("通知（定稿）😀.pdf", "通知（定稿）😀.pdf"),
        ("长" * 300 + ".pdf", None),
    ],
)
def test_a_name_harms_neither_the_disk_nor_the_answer(
    name: str, kept: str | None, cast: Cast, browse: Browse
) -> None:
    liaison = browse(cast.liaison)
    answer = attach(liaison, cast, SimpleUploadedFile(name, PDF + name.encode()))
    assert answer.status_code == 200
    (row,) = stored(cast)
    assert kept in (None, row.name)
    assert row.name.isprintable()
    assert row.file.name == f"evidence/{row.sha256}.pdf"
    page = liaison.get(f"/entries/{cast.entry_draft.pk}/").content.decode()
    assert "<img src=x" not in page
    given = liaison.get(f"/evidence/{row.pk}/")
    assert given["Content-Disposition"].startswith("attachment;")
    assert "\n" not in given["Content-Disposition"]
    assert given["Content-Type"] == "application/pdf"
    assert given["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ['a"b.pdf', "a\\b.pdf", "a\r\nX-Evil: 1.pdf", "a;b=c.pdf"])
def test_even_a_name_that_came_past_the_browser_breaks_no_header(
    name: str, cast: Cast, browse: Browse
) -> None:
    Evidence.objects.filter(pk=cast.evidence.pk).update(name=name)
    answer = browse(cast.liaison).get(f"/evidence/{cast.evidence.pk}/")
    assert answer.status_code == 200
    assert "X-Evil" not in answer.headers


def test_a_file_of_two_kinds_is_handed_out_as_what_it_was_taken_for(
    cast: Cast, browse: Browse
) -> None:
    both = PDF + b"<html><script>alert(1)</script></html>" + zipped(x=b"x")
    attach(browse(cast.liaison), cast, SimpleUploadedFile("两用.pdf", both))
    (row,) = stored(cast)
    answer = browse(cast.liaison).get(f"/evidence/{row.pk}/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment;")


def test_an_entry_takes_twenty_files_and_the_same_one_once(cast: Cast, browse: Browse) -> None:
    liaison = browse(cast.liaison)
    many = [SimpleUploadedFile(f"{one}.pdf", PDF + bytes([one])) for one in range(22)]
    assert attach(liaison, cast, *many).status_code == 422
    assert len(stored(cast)) == evidence.MOST
    again = SimpleUploadedFile("again.pdf", PDF + bytes([1]))
    assert attach(liaison, cast, again).status_code == 200
    assert len(stored(cast)) == evidence.MOST


def test_more_files_than_a_form_holds_are_refused_whole(cast: Cast, browse: Browse) -> None:
    many = [SimpleUploadedFile(f"{one}.pdf", PDF) for one in range(101)]
    assert attach(browse(cast.liaison), cast, *many).status_code == 400
    assert stored(cast) == []


def test_a_file_that_is_gone_from_the_disk_is_told_as_missing(cast: Cast, browse: Browse) -> None:
    Evidence.objects.filter(pk=cast.evidence.pk).update(file="evidence/gone.pdf")
    assert browse(cast.liaison).get(f"/evidence/{cast.evidence.pk}/").status_code == 404


def test_a_file_of_another_unit_is_neither_given_nor_removed(cast: Cast, browse: Browse) -> None:
    file = evidence.attach(cast.entry_draft.pk, "a.pdf", PDF, by=cast.liaison, now=NOW)
    for person in (cast.liaison_finance, cast.liaison_b, cast.office, cast.leader, cast.admin):
        assert browse(person).get(f"/evidence/{file.pk}/").status_code == 404
    own = f"/entries/{cast.entry_blank.pk}/evidence/"
    assert browse(cast.liaison_finance).post(own, {"remove": file.pk}).status_code == 404
    file.refresh_from_db()
    assert file.removed_at is None


# --- A plan's document -------------------------------------------------------------------------
def upload(browser: Client, name: str, content: bytes) -> Any:
    return browser.post("/plans/import/", {"file": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plan.txt", b""),
        ("plan.txt", b"MZ\x90\x00\x03\x00"),
        ("plan.txt", b"\xff\xfe" + "\0".encode("utf-16-le") * 400),
        ("plan.txt", ("字" * 4_000_000).encode()),
        ("plan.docx", BOMB),
        ("plan.docx", word_file(b"<w:p/>" * 100_000)),
        ("plan.docx", word_file(b"<w:p/>" * 3_000_000)),
        ("plan.docx", word_file(table(b"<w:tc><w:p/></w:tc>" * 20_000))),
        ("plan.docx", word_file(table(WIDE))),
        ("plan.docx", zipped(word__document_xml=b"<!DOCTYPE a [<!ENTITY b 'c'>]><w>&b;</w>")),
        ("plan.pdf", b"%PDF-1.7 broken"),
        ("plan.pdf", b"GIF89a"),
        ("plan.exe", b"MZ"),
        ("plan." + "长" * 200, "文".encode()),
        ("plan", "文".encode()),
        (".txt", "文".encode()),
        ("plan.txt", b"x" * (settings.UPLOAD_MAX_BYTES + 1)),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else f"{len(value)} bytes",
)
def test_what_is_no_plan_is_refused_in_words(
    name: str, content: bytes, cast: Cast, browse: Browse
) -> None:
    before = (Plan.objects.count(), SourceDocument.objects.count())
    answer = upload(browse(cast.office), name, content)
    assert answer.status_code == 422
    assert "id_file" in answer.content.decode()
    assert (Plan.objects.count(), SourceDocument.objects.count()) == before


def test_an_oversize_document_is_refused_without_being_read(
    cast: Cast, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    monkeypatch.setattr("plans.views.entering.existing_drafts", lambda content: read.append("x"))
    upload(browse(cast.office), "plan.txt", b"x" * (settings.UPLOAD_MAX_BYTES + 1))
    assert read == []


def test_a_document_with_null_bytes_is_stored_without_them(cast: Cast, browse: Browse) -> None:
    text = PLAN_A.replace("（2021—2025年）", "（2031—2035年）").replace("办好", "办\0好")
    content = b"\xff\xfe" + text.encode("utf-16-le")
    assert upload(browse(cast.office), "plan.txt", content).status_code == 302
    source = SourceDocument.objects.latest("id")
    assert "\0" not in source.text
    assert "办好科学课" in source.drafts.get().text


def test_a_document_of_another_place_is_refused_and_recorded(cast: Cast, browse: Browse) -> None:
    browser, before = browse(cast.office_b), Plan.objects.count()
    opened = upload(browser, "plan.txt", (PLAN_A + "。").encode())
    assert browser.post(f"{opened['Location']}confirm/").status_code == 403
    assert Plan.objects.count() == before
    assert AuditEvent.objects.get(result="refused").actor == cast.office_b
    assert upload(browse(cast.liaison), "plan.txt", PLAN_A.encode()).status_code == 403
