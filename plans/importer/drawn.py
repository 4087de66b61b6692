"""Bring tables back that a text only draws: with pipes, or copied from a page cell by cell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from plans.importer.notations import FIELD_ROLES

Numbered = tuple[int, str]  # a line and its number in the file

_PIPE = re.compile(r"[|｜│┃]")
_BORDER = re.compile(r"[\s|｜│┃:：—\-─━┄┅┼├┤┬┴┌┐└┘╋┣┫┳┻┏┓┗┛+=═]{3,}")
_NUMBER_HEAD = re.compile(r"序号|编号")
_OTHER_HEAD = re.compile(
    r"(?:重点|主要|工作|具体)?(?:任务|措施|举措|内容|事项|行动|工程|项目|目标|类别|指标)|备注"
)
_ROLE_HEAD = re.compile("|".join(pattern for pattern, _ in FIELD_ROLES))
_MOST_COLUMNS = 10


def redrawn(lines: list[Numbered], dropped: list[str]) -> list[Numbered]:
    """Return the lines of a file with the rows of drawn tables as cells divided by tabs."""
    return _cell_by_cell(_piped(lines, dropped))


def _piped(lines: list[Numbered], dropped: list[str]) -> list[Numbered]:
    """Read | a | b | as a row; borders are left out. A single such line is no table."""
    rows = [at for at, (_, text) in enumerate(lines) if len(_PIPE.findall(text)) >= 2]
    if len(rows) < 2:
        return lines
    tabled: list[Numbered] = []
    drawn = set(rows)
    for at, (number, text) in enumerate(lines):
        if at in drawn and _BORDER.fullmatch(text):
            dropped.append(text.strip())
        elif at in drawn:
            cells = [cell.strip() for cell in _PIPE.split(text.strip())]
            # The frame leaves an empty piece at either end.
            first, last = int(not cells[0]), len(cells) - int(not cells[-1])
            tabled.append((number, "\t".join(cells[first:last])))
        else:
            tabled.append((number, text))
    return tabled


def _cell_by_cell(lines: list[Numbered]) -> list[Numbered]:
    """Read a heading 序号, 重点任务, 牵头单位, … of one cell a line, and the rows below it."""
    out: list[Numbered] = []
    at = 0
    while at < len(lines):
        width = _heading(lines, at)
        if not width:
            out.append(lines[at])
            at += 1
            continue
        out.append((lines[at][0], "\t".join(text.strip() for _, text in lines[at : at + width])))
        at += width
        wanted = 1
        while at < len(lines) and lines[at][1].strip() == str(wanted):
            end = _row_end(lines, at, width, wanted + 1)
            cells = [text.strip() for _, text in lines[at:end] if text.strip()]
            out.append((lines[at][0], "\t".join(_fitted(cells, width))))
            at, wanted = end, wanted + 1
    return out


def _heading(lines: list[Numbered], at: int) -> int:
    """Count the heads of a table that stand one a line from here; 0 where there is no table."""
    if not _NUMBER_HEAD.fullmatch(lines[at][1].strip()):
        return 0
    width = 1
    roles = 0
    for _, text in lines[at + 1 : at + _MOST_COLUMNS]:
        role = _ROLE_HEAD.fullmatch(text.strip())
        if not role and not _OTHER_HEAD.fullmatch(text.strip()):
            break
        roles += bool(role)
        width += 1
    first = at + width < len(lines) and lines[at + width][1].strip() == "1"
    return width if roles and width >= 3 and first else 0


def _row_end(lines: list[Numbered], at: int, width: int, following: int) -> int:
    """Return where a row ends: at the next number, or where its cells are full."""
    for end in range(at + 1, min(at + 3 * width, len(lines))):
        if lines[end][1].strip() == str(following):
            return end
    return min(at + width, len(lines))


def _fitted(cells: Sequence[str], width: int) -> list[str]:
    """Fit the cells of a row to the columns: those missing stand left, in merged columns."""
    if len(cells) < width:
        return [cells[0], *[""] * (width - len(cells)), *cells[1:]]
    if len(cells) > width:
        # What is printed on several lines is most likely the text in the middle.
        middle = " ".join(cells[2 : len(cells) - width + 3])
        return [*cells[:2], middle, *cells[len(cells) - width + 3 :]]
    return list(cells)
