"""Read files of every accepted kind, and refuse the others with a clear sentence."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

import pytest
from docx import Document

from plans.importer import UnreadableDocument, parse_text, read_file, reading

TEXT = """云台县全民科学素质实施方案（2016—2020年）
一、重点任务
（一）农民科学素质行动
1.送书下乡。（县农业局负责）
"""


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old Office files, and new ones with a password


def _refusal(path: Path) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        read_file(path)
    return caught.value.message_zh


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_any_usual_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "plan.txt"
    path.write_bytes(TEXT.encode(encoding))
    assert read_file(path) == TEXT


def test_a_word_file_with_paragraphs_and_a_table(tmp_path: Path) -> None:
    document = Document()
    for line in TEXT.splitlines():
        document.add_paragraph(line)
    table = document.add_table(rows=0, cols=4)
    rows = [
        ("重点任务", "具体措施", "牵头单位", "配合单位"),
        ("科普人才工程", "培训科普员", "县科协", "县教育局、县妇联"),
    ]
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    path = tmp_path / "plan.docx"
    document.save(str(path))
    (plan,) = parse_text(read_file(path))
    assert plan.title == TEXT.splitlines()[0]
    assert [action.title for action in plan.actions] == ["农民科学素质行动", "科普人才工程"]
    (measure,) = plan.actions[1].measures
    assert (measure.title, measure.leads) == ("培训科普员", ("县科协",))
    assert measure.cooperators == ("县教育局", "县妇联")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_text_with_a_broken_character_is_read_all_the_same(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "plan.txt"
    path.write_bytes((TEXT * 3).encode(encoding)[:-3] + b"\xe8")
    text = read_file(path)
    assert text.startswith(TEXT * 2)
    assert 1 <= text.count("\ufffd") <= 2


def _pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """Write a PDF file of the given objects, numbered from 1; the first is the catalogue."""
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for offset in offsets:
        out.write(b"%010d 00000 n \n" % offset)
    out.write(b"trailer << /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, trailer))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def _page(content: bytes, packing: bytes = b"") -> bytes:
    return _pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R "
        b"/Resources << /Font << /F 5 0 R >> >> >>",
        b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), packing, content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )


def test_a_pdf_with_text(tmp_path: Path) -> None:
    path = tmp_path / "plan.pdf"
    path.write_bytes(_page(b"BT /F 12 Tf 20 100 Td (Plan 2016) Tj ET"))
    assert read_file(path).strip() == "Plan 2016"


def test_a_packed_page_is_read(tmp_path: Path) -> None:
    path = tmp_path / "plan.pdf"
    content = zlib.compress(b"BT /F 12 Tf 20 100 Td (Plan 2016) Tj ET")
    path.write_bytes(_page(content, b"/Filter /FlateDecode"))
    assert read_file(path).strip() == "Plan 2016"


@pytest.mark.parametrize("packing", [b"/FlateDecode", b"[ /FlateDecode /FlateDecode ]"])
def test_a_pdf_that_unpacks_to_too_much_is_refused(tmp_path: Path, packing: bytes) -> None:
    content = zlib.compress(b"q Q " * 10_000_000)
    content = zlib.compress(content) if packing.startswith(b"[") else content
    path = tmp_path / "bomb.pdf"
    path.write_bytes(_page(content, b"/Filter " + packing))
    assert "解压后" in _refusal(path)


def test_a_scanned_pdf_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(_page(b"0 0 200 200 re f"))
    assert "扫描" in _refusal(path)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("plan.txt", b"", "没有文字"),
        ("plan.txt", b" \n\t ", "没有文字"),
        ("plan.txt", b"\x89PNG\r\n\x1a\n\x00\x00", "不是文字"),
        ("plan.txt", bytes(range(1, 32)) * 9, "不是文字"),
        ("plan.pdf", b"\x89PNG\r\n\x1a\n\x00\x00", "不是文字"),
        ("plan.pdf", b"%PDF-1.7 broken", "损坏"),
        ("plan.docx", b"PK\x03\x04 broken", "损坏"),
        ("plan.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "密码"),
        ("plan.docx", OLE + "WordDocument".encode("utf-16-le"), "旧版"),
        ("plan.doc", OLE + b" rest", "旧版"),
        ("plan.wps", OLE + b" rest", "WPS"),
        ("plan.xlsx", b"PK\x03\x04", "只能读取"),
        ("plan.doc", b"{\\rtf1\\ansi plan}", "只能读取"),
        ("plan.txt", b"\n<HTML><body>plan</body></html>", "只能读取"),
        ("plan.csv", b"a,b", "只能读取"),
    ],
)
def test_other_files_are_refused_in_words(
    tmp_path: Path, name: str, data: bytes, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    message = _refusal(path)
    assert words in message
    assert message.endswith("。")


@pytest.mark.parametrize("name", ["plan.docx", "plan.pdf", "plan.doc", "plan"])
def test_a_text_under_another_name_is_read_as_text(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(TEXT, encoding="utf-8")
    assert read_file(path) == TEXT


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert "文件夹" in _refusal(tmp_path)


def test_a_file_that_may_not_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(TEXT, encoding="utf-8")

    def closed(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", closed)
    assert "权限" in _refusal(path)


def test_a_huge_file_is_refused_without_being_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "plan.txt"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)  # a hole: it takes no room on the disk

    def opened(*_: object) -> None:
        raise AssertionError("the file was opened")

    monkeypatch.setattr(Path, "open", opened)
    assert "20 MB" in _refusal(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "找不到" in _refusal(tmp_path / "none.txt")


def test_a_file_above_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_BYTES", 10)
    path = tmp_path / "plan.txt"
    path.write_text(TEXT, encoding="utf-8")
    assert "20 MB" in _refusal(path)


def test_a_text_far_too_long_for_a_plan_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text("好" * (reading.MAX_CHARACTERS + 1), encoding="utf-8")
    assert "三十万字" in _refusal(path)


def test_a_plan_keeps_its_outline_through_a_word_file(tmp_path: Path) -> None:
    source = Path(__file__).resolve().parents[3] / "plans" / "documents" / "zibo-2016.txt"
    document = Document()
    for line in read_file(source).splitlines():
        document.add_paragraph(line.strip())
    path = tmp_path / "plan.docx"
    document.save(str(path))
    (one,), (other,) = parse_text(read_file(source)), parse_text(read_file(path))
    assert other.title == one.title
    assert [(a.title, a.leads, len(a.measures)) for a in other.actions] == [
        (a.title, a.leads, len(a.measures)) for a in one.actions
    ]
    assert [(t.indicator, t.value, t.year) for t in other.targets] == [
        (t.indicator, t.value, t.year) for t in one.targets
    ]


def test_an_encrypted_pdf_is_refused(tmp_path: Path) -> None:
    key = b"<%s>" % (b"5a" * 32)
    lock = b"<< /Filter /Standard /V 1 /R 2 /O %s /U %s /P -4 >>" % (key, key)
    path = tmp_path / "locked.pdf"
    path.write_bytes(
        _pdf(
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [] /Count 0 >>",
            lock,
            trailer=b"/Encrypt 3 0 R /ID [<00> <00>]",
        )
    )
    assert "密码" in _refusal(path)
