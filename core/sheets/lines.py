"""Tables as lines of text (CSV) that come back, read to the same lines as tables of Excel."""

import csv
from collections.abc import Sequence
from io import StringIO

from django.utils.translation import gettext as _

from core.errors import DomainError
from core.sheets.cells import Column, Line, plain
from core.sheets.reading import (
    MAX_COLUMNS,
    MAX_ROWS,
    ensure_whole,
    header_of,
    is_no_line,
    places_of,
)

# What the portal puts before a text that a spreadsheet would take for a formula.
_GUARDED = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def read_csv(content: bytes, columns: Sequence[Column]) -> list[Line]:
    """Return the lines of a CSV file; `row` is the row that Excel gives them.

    Raises DomainError where the file is no text, or no such table. Commas or tabulators part the
    cells, whichever the file uses.
    """
    text = _decoded(content)
    first = text.partition("\n")[0]
    delimiter = "\t" if first.count("\t") > first.count(",") else ","
    try:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise DomainError(
            _("文件已损坏，读不出来。请用 Excel 或 WPS 打开，另存后再传。")
        ) from error
    head = header_of((row[:MAX_COLUMNS] for row in rows), columns)
    ensure_whole(head, columns)
    at = places_of(head, columns)
    absent = frozenset(one.key for one in columns if one.key not in at)
    ids = [one.key for one in columns if one.kind == "id" and one.key in at]
    found = []
    for number, row in enumerate(rows[head.row :], head.row + 1):
        values = {key: _cell(row[place]) if place < len(row) else "" for key, place in at.items()}
        line = Line(number, values, absent=absent)
        if not any(map(str.strip, values.values())) or is_no_line(line, ids):
            continue
        values.update(dict.fromkeys(absent, ""))
        found.append(line)
    if len(found) > MAX_ROWS:
        raise DomainError(_("表格超过 %(most)s 行。请分几次传。") % {"most": MAX_ROWS})
    return found


def _decoded(content: bytes) -> str:
    """Decode UTF-8 with or without its mark, UTF-16 with one, or GB18030 (Excel on Windows)."""
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    # Strictly: a broken character could be part of a number or a name. UTF-8 comes first, for
    # its bytes mostly pass for GB18030 too, as nonsense.
    for encoding in ["utf-16"] if marked else ["utf-8-sig", "gb18030"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise DomainError(_("文件的编码读不出来。请另存为“CSV UTF-8”或 .xlsx 再传。"))


def _cell(text: str) -> str:
    """Return a cell as it was before the portal kept it from being taken for a formula."""
    text = plain(text)
    return text[1:] if text.startswith("'") and text[1:].startswith(_GUARDED) else text
