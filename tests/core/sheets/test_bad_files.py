"""Files that people change, break or forge: a sentence each, and nothing but a sentence."""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DomainError
from core.sheets import Column, read, write

COLUMNS = (
    Column("id", "编号", kind="id"),
    Column("title", "重点任务", aliases=("任务名称",)),
    Column("done", "进展情况", editable=True),
    Column("phone", "联系电话", required=False),
)
GOOD = write(
    "表",
    COLUMNS,
    [{"id": str(n), "title": f"任务{n}", "done": "已办"} for n in range(1, 4)],
    foot=("单位（盖章）：",),
)


def changed(change: Callable[[Any], object]) -> bytes:
    """Return the good table after somebody worked on it: header in row 2, lines in 3 to 5."""
    book = openpyxl.load_workbook(io.BytesIO(GOOD))
    change(book.worksheets[0])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def put(cell: str, value: object) -> Callable[[Any], None]:
    def change(sheet: Any) -> None:
        sheet[cell] = value

    return change


def problems(content: bytes) -> list[tuple[int, str, str]]:
    return [
        (line.row, key, words)
        for line in read(content, COLUMNS)
        for key, words in line.problems.items()
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (put("C4", "=1+1"), (4, "done", "“进展情况”（C4）是公式。请改成填好的内容。")),
        (put("C5", "#REF!"), (5, "done", "“进展情况”（C5）是错误值 #REF!。")),
        (lambda s: s.merge_cells("C3:C4"), (3, "", "C3:C4")),
        (lambda s: s.merge_cells("A3:B5"), (3, "", "A3:B5")),
    ],
)
def test_what_is_wrong_with_a_line_names_the_cell(
    change: Callable[[Any], object], expected: tuple[int, str, str]
) -> None:
    found = problems(changed(change))
    assert found[0][:2] == expected[:2]
    assert expected[2] in found[0][2]


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        (3, "3"),
        (3.0, "3"),
        (0.1 + 0.2, "0.3"),
        (1e15, "1000000000000000"),
        (True, "TRUE"),
        (-0.5, "-0.5"),
    ],
)
def test_values_are_read_as_they_are_seen(value: object, seen: str) -> None:
    assert read(changed(put("C3", value)), COLUMNS)[0].values["done"] == seen


def test_a_cell_formatted_as_percentage_keeps_its_sign() -> None:
    def change(sheet: Any) -> None:
        sheet["C3"] = 0.55
        sheet["C3"].number_format = "0%"

    assert read(changed(change), COLUMNS)[0].values["done"] == "55%"


def test_rows_above_and_between_and_other_titles_are_understood() -> None:
    def change(sheet: Any) -> None:
        sheet["B2"] = " 任务 名称＊"
        sheet.insert_rows(1, 3)
        sheet.insert_rows(7, 2)

    lines = read(changed(change), COLUMNS)
    assert [(line.row, line.values["title"]) for line in lines] == [
        (6, "任务1"),
        (9, "任务2"),
        (10, "任务3"),
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda s: s.delete_cols(1), "缺少这些列：编号。"),
        (lambda s: s.delete_rows(2), "没有找到表头。表头应有这些列：编号、重点任务、进展情况。"),
        (put("E2", "进展情况"), "这些列出现了两次：进展情况。"),
    ],
)
def test_a_changed_header_is_said(change: Callable[[Any], object], words: str) -> None:
    with pytest.raises(DomainError, match=words):
        read(changed(change), COLUMNS)


def zipped(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return made.getvalue()


def replaced(part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return the good table with one part of its archive changed."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(GOOD)) as source,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in source.namelist():
            content = source.read(name)
            archive.writestr(name, change(content) if name == part else content)
    return made.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
BOMB = replaced(SHEET, lambda xml: xml.replace(b"</row>", b"</row>" + b" " * 90_000_000, 1))
DECLARED = b'<!DOCTYPE w [<!ENTITY a "b">]>'
DOCTYPE = replaced(SHEET, lambda xml: xml.replace(b"?>", b"?>" + DECLARED, 1))
FAR_DOCTYPE = replaced(
    SHEET, lambda xml: xml.replace(b"?>", b"?><!--" + b"-a" * 5000 + b"-->" + DECLARED, 1)
)
WIDE_DOCTYPE = replaced(
    SHEET,
    lambda xml: (
        xml.decode().replace("<worksheet", DECLARED.decode() + "<worksheet", 1).encode("utf-16")
    ),
)


def tampered(at: int, value: int) -> bytes:
    """Return the good table with one byte of its first entry in the directory changed."""
    content = bytearray(GOOD)
    content[content.index(b"PK\x01\x02") + at] = value
    return bytes(content)


LATER, LOCKED, UNNAMED = tampered(6, 99), tampered(8, 1), tampered(46, 255)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "不是 Excel 表格"),
        ("序号,重点任务\n1,甲".encode(), "不是 Excel 表格"),
        (OLD, "旧版 .xls"),
        (OLD + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
        (GOOD[:2000], "已损坏"),
        (replaced(SHEET, lambda xml: xml[:400]), "已损坏"),
        (replaced(SHEET, lambda _xml: b"\0"), "已损坏"),
        (replaced("xl/workbook.xml", lambda _xml: b"<a/>"), "没有找到表头"),
        (zipped(word__document_xml=b"<w/>"), "不是 Excel 表格"),
        (zipped(xl__workbook_xml=b"<a/>", xl__vbaProject_bin=b"x"), "含有宏"),
        (zipped(xl__workbook_xml=b"<a/>", **{f"a{n}": b"" for n in range(600)}), "解压后过大"),
        (BOMB, "解压后过大"),
        (DOCTYPE, "已损坏"),
        (FAR_DOCTYPE, "已损坏"),
        (WIDE_DOCTYPE, "已损坏"),
        (LATER, "已损坏"),
        (LOCKED, "已损坏"),
        (UNNAMED, "已损坏"),
    ],
    ids=range(18),
)
def test_a_file_that_is_no_such_table_gets_one_sentence(content: bytes, words: str) -> None:
    with pytest.raises(DomainError, match=words):
        read(content, COLUMNS)


@override_settings(UPLOAD_MAX_BYTES=1024 * 1024)
def test_a_file_over_the_limit_is_not_opened() -> None:
    with pytest.raises(DomainError, match="超过 1 MB"):
        read(GOOD + b"\0" * 1024 * 1024, COLUMNS)


def test_far_cells_do_not_make_a_small_file_large() -> None:
    def change(sheet: Any) -> None:
        sheet["XFD4"] = "远"
        sheet["B60000"] = "下"

    lines = read(changed(change), COLUMNS)
    assert [line.row for line in lines] == [3, 4, 5, 60000]


ROW = b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>9</t></is></c></row></sheetData>'


def test_a_row_with_a_huge_number_is_not_walked_to() -> None:
    """A few bytes call a row a milliard: nobody counts up to it, and it is said."""
    far = replaced(
        SHEET, lambda xml: xml.replace(b"</sheetData>", ROW % (1_000_000_000, 1_000_000_000))
    )
    with pytest.raises(DomainError, match="第 100000 行以下还有内容"):
        read(far, COLUMNS)


def test_empty_rows_at_the_bottom_of_the_sheet_are_nothing() -> None:
    """LibreOffice ends its files with the last row that a sheet can have."""
    last = b'<row r="1048576" ht="12.8"></row></sheetData>'
    lines = read(replaced(SHEET, lambda xml: xml.replace(b"</sheetData>", last)), COLUMNS)
    assert [line.row for line in lines] == [3, 4, 5]


def test_a_file_of_millions_of_small_pieces_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four million texts that no cell shows fit into an upload, and took a minute to read."""
    many = replaced(
        SHEET, lambda xml: xml.replace(b"</sheetData>", b"<row/>" * 5000 + b"</sheetData>")
    )
    assert len(read(many, COLUMNS)) == 3
    monkeypatch.setattr("core.sheets.reading._MOST_TAGS", 5000)
    with pytest.raises(DomainError, match="文件内容太多"):
        read(many, COLUMNS)


def with_a_copy(state: str) -> bytes:
    """Return the good table behind an older copy of its sheet."""
    book = openpyxl.load_workbook(io.BytesIO(GOOD))
    old = book.copy_worksheet(book.worksheets[0])
    old.title, old.sheet_state = "旧表", state
    old["B3"] = "旧任务"
    book.move_sheet(old, -1)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_nobodys_work(state: str) -> None:
    assert read(with_a_copy(state), COLUMNS)[0].values["title"] == "任务1"


def test_of_two_sheets_with_the_table_nobody_guesses() -> None:
    with pytest.raises(DomainError, match="有 2 张工作表都是这张表：旧表、表"):
        read(with_a_copy("visible"), COLUMNS)


def test_more_lines_than_a_table_may_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.sheets.reading.MAX_ROWS", 2)
    with pytest.raises(DomainError, match="超过 2 行"):
        read(GOOD, COLUMNS)


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.sampled_from(["=A1", "#N/A", "#", "单位（盖章）", "重点任务", "编号"]),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20),
)


@given(st.lists(st.lists(CELLS, max_size=5), max_size=8))
@settings(max_examples=60, deadline=None)
def test_any_table_is_read_or_refused_with_a_sentence(rows: list[list[object]]) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append([one.title for one in COLUMNS])
    for row in rows:
        sheet.append(row)
    made = io.BytesIO()
    book.save(made)
    for line in read(made.getvalue(), COLUMNS):
        assert set(line.values) == {one.key for one in COLUMNS}


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_broken_bytes_are_refused_with_a_sentence(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(GOOD) - 40))
    broken = GOOD[:at] + data.draw(st.binary(min_size=1, max_size=40)) + GOOD[at + 20 :]
    with contextlib.suppress(DomainError):
        assert len(read(broken, COLUMNS)) <= 3


def test_a_part_that_cannot_be_unpacked_is_refused_with_a_sentence() -> None:
    with pytest.raises(DomainError, match="文件已损坏"):
        read(GOOD[:49] + bytes(20) + GOOD[69:], COLUMNS)
