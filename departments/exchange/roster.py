"""The 成员单位名册 as an Excel table, out and in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.sheets import Column, Line, read, write
from departments.selectors.roster import Roster
from departments.services.roster_in import KINDS

SPARE = 40


def _columns(units: Sequence[str] = ()) -> tuple[Column, ...]:
    return (
        Column("kind", "职责", width=14, kind="choice", choices=tuple(KINDS), editable=True),
        Column("unit", "单位", width=28, kind="choice", choices=tuple(units), editable=True),
        Column("name", "姓名", width=12, editable=True),
        Column("post", "职务", width=28, editable=True, required=False),
        Column("phone", "电话", width=16, editable=True, required=False),
        Column("start", "起", width=12, kind="date", editable=True, required=False),
    )


def roster_table(page: Roster, title: str, made_at: datetime) -> bytes:
    """Return a roster as a table that can be changed and brought in again."""
    rows: list[dict[str, Any]] = [
        {
            "kind": line.seat.get_kind_display(),
            "unit": line.seat.department.name if line.seat.department else "",
            "name": line.seat.name,
            "post": line.seat.post,
            "phone": line.phone,
            "start": line.seat.valid_from,
        }
        for line in page.lines
    ]
    notes = (_("截至 %(day)s。本系统不处理涉密信息。") % {"day": page.on.isoformat()},)
    units = [one.department.name for one in page.units]
    return write(title, _columns(units), rows, notes=notes, spare=SPARE, made_at=made_at)


def read_roster(content: bytes) -> list[Line]:
    """Return the lines of a filled-in table; raises DomainError for what is no such table."""
    return read(content, _columns())
