"""Tables as CSV come back to the same lines as those of Excel, in whatever encoding."""

import pytest

from core.errors import DomainError
from core.rest import csv_lines
from core.sheets import Column, read_csv

COLUMNS = (
    Column("code", "代码"),
    Column("value", "数值"),
    Column("note", "说明", required=False),
    Column("seen", "版本", kind="id", required=False),
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_file_is_read_in_the_encodings_that_offices_save(encoding: str) -> None:
    content = "代码,数值,说明\r\na,1.50,龘㐂\r\n".encode(encoding)
    line = read_csv(content, COLUMNS)[0]
    assert (line.row, line.values) == (
        2,
        {"code": "a", "value": "1.50", "note": "龘㐂", "seen": ""},
    )
    assert line.absent == {"seen"}


def test_rows_are_counted_as_excel_counts_them() -> None:
    content = '关于报送的表\n\n代码,数值,说明\na,1,"两\n行"\n\n,,\nb,2,\n'.encode()
    assert [(one.row, one.values["code"]) for one in read_csv(content, COLUMNS)] == [
        (4, "a"),
        (7, "b"),
    ]


def test_tabulators_part_cells_too() -> None:
    assert read_csv("代码\t数值\na\t1,000\n".encode(), COLUMNS)[0].values["value"] == "1,000"


def test_a_text_that_the_portal_guarded_comes_back_as_it_was() -> None:
    rows = [{"代码": text, "数值": 1} for text in ("=1+1", "-2", "'引", "＝A1")]
    content = b"".join(csv_lines(["代码", "数值"], rows))
    assert [one.values["code"] for one in read_csv(content, COLUMNS)] == [
        "=1+1",
        "-2",
        "'引",
        "＝A1",
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\xff\xff", "编码读不出来"),
        ("代码,其他\na,b\n".encode(), "缺少这些列：数值"),
        (b"", "没有找到表头"),
        ("代码,数值,数值\na,1,2\n".encode(), "这些列出现了两次：数值"),
        ("代码,数值\n".encode() + b"a,1\n" * 20_001, "超过 20000 行"),
    ],
)
def test_what_is_no_such_table_is_told_so(content: bytes, sentence: str) -> None:
    with pytest.raises(DomainError, match=sentence):
        read_csv(content, COLUMNS)
