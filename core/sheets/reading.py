"""Tables that come back: what they hold line by line, and what cannot be read of them."""

import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from itertools import islice
from typing import Any

import openpyxl
from django.conf import settings
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter, range_boundaries

from core.errors import DomainError
from core.files import BROKEN_ARCHIVE
from core.sheets.cells import MARK, Column, Line, shown, text_of

MAX_ROWS = 20_000
MAX_COLUMNS = 200
LOWEST_ROW = 100_000  # a file may call a row a milliard, and every row above it would be walked
_MOST_UNPACKED = 128 * 1024 * 1024  # bytes of all parts of a file together
_MOST_RATIO = 400  # an honest table packs to a hundredth at best
_MOST_PARTS = 500
_MOST_TAGS = 4_000_000  # what reading costs; 20,000 full rows of table B have 2.8 million
_MOST_MERGED = 500
# What unpacking raises over foreign bytes; RuntimeError for parts with a password of their own.
_HEADER_WITHIN = 40  # people put letterheads and notes above the table
_FOOT = ("单位（盖章）", "填表说明", "填报说明", "注：", "备注：")
_MEDIA_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Cells that are not simply what they hold: formulas, error values, percentages. The pattern is
# only asked where one of the hints stands in the sheet: it is slow, and most sheets have none.
_HINTS = (b"<f", b":f", b'"e"', b"'e'")
_SPECIAL = re.compile(rb"""<(?:\w+:)?f[\s>/]|\st=["']e["']""")
_PERCENT = re.compile(rb"""%|numFmtId=["'](?:9|10)["']""")
_ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*?\br=["'](\d+)""")
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|is|f)[\s>]")
# Nothing that Excel writes declares a document type; those are attacks. XML may be in UTF-16.
_DECLARES = re.compile(
    b"|".join(
        re.escape(word.encode(code))
        for word in ("<!DOCTYPE", "<!ENTITY")
        for code in ("utf-8", "utf-16-le", "utf-16-be")
    )
)
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+\d+:[A-Z]+\d+)"')


def read(content: bytes, columns: Sequence[Column]) -> list[Line]:
    """Return the lines of the first sheet that has the table's header row.

    Raises DomainError where the file is no such table, is damaged, or is too large; formulas,
    error values and merged cells are problems of their lines.
    """
    _ensure_table(content)
    try:
        book = openpyxl.load_workbook(BytesIO(content), read_only=True, keep_links=False)
        found = _sheet_of(book, columns)
        lines = list(_lines(*found, columns))
    except DomainError:
        raise
    except Exception as error:  # a parser of foreign bytes raises whatever it trips over
        raise DomainError(
            _("文件已损坏，读不出来。请用 Excel 或 WPS 打开，另存为 .xlsx 再传。")
        ) from error
    return lines


def _ensure_table(content: bytes) -> None:
    """Raise DomainError unless the bytes are an xlsx file of a size that can be unpacked."""
    limit = settings.UPLOAD_MAX_BYTES
    if len(content) > limit:
        raise DomainError(_("文件超过 %(limit)s MB。") % {"limit": limit // 1024 // 1024})
    if content.startswith(_MEDIA_OLD):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise DomainError(_("文件设有打开密码。请去掉密码，另存后再传。"))
        raise DomainError(_("这是旧版 .xls 文件。请另存为 .xlsx 再传。"))
    if not content.startswith(b"PK\x03\x04"):
        raise DomainError(_("这不是 Excel 表格（.xlsx）。请另存为 .xlsx 再传。"))
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _ensure_harmless(archive)
    except BROKEN_ARCHIVE as error:
        raise DomainError(_("文件已损坏，读不出来。请重新保存后再传。")) from error


def _ensure_harmless(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        raise DomainError(_("这不是 Excel 表格（.xlsx）。请另存为 .xlsx 再传。"))
    if any(name.endswith("vbaProject.bin") for name in names):
        raise DomainError(_("文件含有宏。请另存为不含宏的 .xlsx 再传。"))
    unpacked = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    bomb = unpacked > 1024 * 1024 and unpacked / packed > _MOST_RATIO
    if len(parts) > _MOST_PARTS or unpacked > _MOST_UNPACKED or bomb:
        raise DomainError(_("文件解压后过大。请只保留需要的工作表再传。"))
    tags = 0
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as source:
                content = source.read()
            if _DECLARES.search(content):
                raise DomainError(_("文件已损坏，读不出来。请重新保存后再传。"))
            tags += content.count(b"<")
    if tags > _MOST_TAGS:
        raise DomainError(_("文件内容太多。请只保留需要的工作表和行再传。"))


def _same_title(text: str) -> str:
    """Return a title as it is compared: without blanks, stars and differences of width."""
    return re.sub(r"[\s*＊]", "", unicodedata.normalize("NFKC", text))


def _places(titles: Sequence[str], columns: Sequence[Column]) -> dict[str, list[int]]:
    """Return where each column stands in a row, if that row is the header."""
    at: dict[str, list[int]] = {}
    for place, title in enumerate(titles):
        if title:
            at.setdefault(_same_title(title), []).append(place)
    return {
        one.key: [p for name in (one.title, *one.aliases) for p in at.get(_same_title(name), [])]
        for one in columns
    }


@dataclass(frozen=True, slots=True)
class Header:
    """Where a table begins: its row, the places of its columns, and how many are there."""

    row: int = 0
    places: Mapping[str, list[int]] = field(default_factory=dict)
    hits: int = 0


def _needed(columns: Sequence[Column]) -> Sequence[Column]:
    return [one for one in columns if one.required] or list(columns)


def header_of(rows: Iterable[Sequence[Any]], columns: Sequence[Column]) -> Header:
    """Return the row that is most like the table's header; people put letterheads above it."""
    best = Header()
    needed = _needed(columns)
    for number, row in enumerate(islice(rows, _HEADER_WITHIN), 1):
        places = _places(["" if v is None else text_of(v) for v in row], columns)
        hits = sum(1 for one in needed if places[one.key])
        if hits > best.hits:
            best = Header(number, places, hits)
    return best


def ensure_whole(best: Header, columns: Sequence[Column]) -> None:
    """Raise DomainError where no header was found, or one without columns that are needed."""
    needed = _needed(columns)
    if best.hits < max(1, (len(needed) + 1) // 2):
        raise DomainError(
            _("没有找到表头。表头应有这些列：%(titles)s。")
            % {"titles": "、".join(str(one.title) for one in needed)}
        )
    missing = [str(one.title) for one in needed if not best.places[one.key]]
    if missing:
        raise DomainError(
            _("缺少这些列：%(titles)s。请在下载的表上填写，不要删除列。")
            % {"titles": "、".join(missing)}
        )


def places_of(best: Header, columns: Sequence[Column]) -> dict[str, int]:
    """Return where each column stands; raises DomainError where one stands twice."""
    twice = [str(one.title) for one in columns if len(best.places[one.key]) > 1]
    if twice:
        raise DomainError(_("这些列出现了两次：%(titles)s。") % {"titles": "、".join(twice)})
    return {key: at[0] for key, at in best.places.items() if at}


def _sheet_of(book: Any, columns: Sequence[Column]) -> tuple[Any, int, dict[str, int]]:
    """Return the sheet with the table, the row of its header, and where the columns stand.

    A hidden sheet is nobody's work; of two sheets with the table nobody can tell which is meant.
    """
    seen = [one for one in book.worksheets[:20] if one.sheet_state == "visible"]
    found = []
    for sheet in seen:
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_row=_HEADER_WITHIN, max_col=MAX_COLUMNS, values_only=True)
        found.append((header_of(rows, columns), sheet))
    best, chosen = max(found, key=lambda one: one[0].hits, default=(Header(), None))
    ensure_whole(best, columns)
    several = [sheet.title for one, sheet in found if one.hits == best.hits]
    if len(several) > 1:
        raise DomainError(
            _("有 %(count)s 张工作表都是这张表：%(names)s。请只留填好的一张，再传。")
            % {"count": len(several), "names": "、".join(several)}
        )
    return chosen, best.row, places_of(best, columns)


def _lines(
    sheet: Any, header: int, at: Mapping[str, int], columns: Sequence[Column]
) -> Iterator[Line]:
    """Yield what stands below the header, headings and foot left out."""
    source = _source(sheet)
    merged = _merged_rows(source, header)
    absent = frozenset(one.key for one in columns if one.key not in at)
    ids = [one.key for one in columns if one.kind == "id" and one.key in at]
    titles = {one.key: str(one.title) for one in columns}
    plain_cells = _is_plain(sheet, source)
    rows = sheet.iter_rows(
        min_row=header + 1,
        max_row=LOWEST_ROW,
        max_col=max(at.values()) + 1,
        values_only=plain_cells,
    )
    found = 0
    for number, cells in enumerate(rows, header + 1):
        line = _plain_line(number, cells, at) if plain_cells else _line(number, cells, at, titles)
        if line is None or is_no_line(line, ids):
            continue
        found += 1
        if found > MAX_ROWS:
            raise DomainError(_("表格超过 %(most)s 行。请分几次传。") % {"most": MAX_ROWS})
        for first, last, name in merged:
            if first <= number <= last:
                line.problems[""] = _("有合并单元格（%(cells)s）。请取消合并，每行单独填写。") % {
                    "cells": name
                }
        line.values.update(dict.fromkeys(absent, ""))
        line.absent = absent
        yield line
    if _is_below(source, LOWEST_ROW):
        raise DomainError(
            _("第 %(row)s 行以下还有内容。请删去下面多余的行，再传。") % {"row": LOWEST_ROW}
        )


def _is_below(source: bytes, last: int) -> bool:
    """Tell whether anything is written below a row; empty rows, which programs leave, are not."""
    for found in _ROW.finditer(source):
        if int(found[1]) > last:
            return bool(_VALUE.search(source, found.start()))
    return False


def _line(
    number: int, cells: Sequence[Any], at: Mapping[str, int], titles: Mapping[str, str]
) -> Line | None:
    """Return a row of cells as a line, or None where it is empty."""
    values, problems = {}, {}
    for key, place in at.items():
        cell = cells[place]
        if cell.value is None:
            values[key] = ""
            continue
        values[key] = text_of(cell.value)
        words = {"title": titles[key], "cell": f"{get_column_letter(place + 1)}{number}"}
        if cell.data_type == "f":
            values[key] = str(getattr(cell.value, "text", cell.value) or "")
            problems[key] = _("“%(title)s”（%(cell)s）是公式。请改成填好的内容。") % words
        elif cell.data_type == "e":
            words["value"] = values[key]
            problems[key] = _("“%(title)s”（%(cell)s）是错误值 %(value)s。") % words
        elif isinstance(cell.value, (int, float)) and "%" in str(cell.number_format):
            values[key] = shown(Decimal(format(cell.value, ".15g")) * 100) + "%"
    return Line(number, values, problems) if any(map(str.strip, values.values())) else None


def _plain_line(number: int, cells: Sequence[Any], at: Mapping[str, int]) -> Line | None:
    """Return a row of values that are just what they are as a line, or None if it is empty."""
    values = {
        key: "" if cells[place] is None else text_of(cells[place]) for key, place in at.items()
    }
    return Line(number, values) if any(map(str.strip, values.values())) else None


def _is_plain(sheet: Any, source: bytes) -> bool:
    """Tell whether a sheet has neither formulas nor error values nor percentages in its cells."""
    if any(hint in source for hint in _HINTS) and _SPECIAL.search(source):
        return False
    archive = sheet.parent._archive
    styles = archive.read("xl/styles.xml") if "xl/styles.xml" in archive.namelist() else b"%"
    return not _PERCENT.search(styles)


def _source(sheet: Any) -> bytes:
    with sheet._get_source() as source:
        content: bytes = source.read()
    return content


def is_no_line(line: Line, ids: Sequence[str]) -> bool:
    """Tell a heading or the foot from a line of the table."""
    if any(line.values[key] == MARK for key in ids):
        return True
    filled = [text for text in line.values.values() if text and not text.isspace()]
    return len(filled) == 1 and filled[0].strip().startswith(_FOOT)


def _merged_rows(source: bytes, header: int) -> list[tuple[int, int, str]]:
    """Return the merged ranges below the header; openpyxl leaves them out when it streams."""
    ranges = []
    for name in sorted({found.decode() for found in _MERGED.findall(source)}):
        _left, first, _right, last = range_boundaries(name)
        if last > header:
            ranges.append((first, last, name))
    if len(ranges) > _MOST_MERGED:
        raise DomainError(_("表中的合并单元格太多。请取消合并，每行单独填写。"))
    return ranges
