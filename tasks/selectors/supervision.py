"""Reads about 督办件 and instructions: what is owed, the register, one item, one instruction."""

from datetime import date
from typing import NamedTuple

from tasks.models import SupervisionItem


class Owed(NamedTuple):
    """A 督办件 that a unit has to do something about (sign or feed back), and until when."""

    item: SupervisionItem
    department: int
    due: date


def owed_items(on: date) -> list[Owed]:
    """Return what units of all regions owe on a day, the nearest deadline first (one query).

    What is 长期坚持 has no deadline, and what waits for the office is owed by nobody else.
    """
    rows = (
        SupervisionItem.objects.owed()
        .filter(due__isnull=False, assigned_on__lte=on)
        .select_related("department", "region")
        .order_by("due", "id")
    )
    return [Owed(one, one.department_id, one.due) for one in rows if one.due]
