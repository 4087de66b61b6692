"""Reads about instructions: what leaders asked for, and what became of it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from tasks.models import Instruction, SupervisionFile, SupervisionItem
from tasks.selectors.supervision.items import lit

STATES = ("waiting", "passed_on", "noted")


@dataclass(frozen=True, slots=True)
class Asked:
    """An instruction with what became of it: waiting, passed on to `items`, or noted."""

    instruction: Instruction
    items: list[Any] = field(default_factory=list)

    @property
    def state(self) -> str:
        if self.items:
            return "passed_on"
        return "waiting" if self.instruction.settled_at is None else "noted"


def instructions(user: Any, state: str = "") -> Any:
    """Return the instructions that a person may see, newest first; `state` narrows them."""
    passed_on = Exists(SupervisionItem.objects.filter(instruction=OuterRef("pk")))
    settled = Q(settled_at__isnull=False)
    rows = Instruction.objects.visible_to(user).select_related("region", "by")
    match state:
        case "passed_on":
            rows = rows.filter(passed_on)
        case "noted":
            rows = rows.filter(settled & ~passed_on)
        case "waiting":
            rows = rows.exclude(settled)
    return rows


def with_items(user: Any, rows: list[Instruction], on: date) -> list[Asked]:
    """Add to each instruction the items it was passed on to, with their lights (two queries)."""
    found: dict[int, list[Any]] = {}
    items = SupervisionItem.objects.visible_to(user).filter(instruction__in=[r.pk for r in rows])
    items = lit(user, items, on).select_related("department").order_by("year", "serial")
    for one in items if rows else ():
        found.setdefault(one.instruction_id, []).append(one)
    return [Asked(row, found.get(row.pk, [])) for row in rows]


def demands_of(user: Any, on: date, most: int) -> list[Asked]:
    """Return what a leader asked for last, and what became of it."""
    rows = instructions(user).filter(kind=Instruction.Kind.DEMAND, by=user.pk)
    return with_items(user, list(rows[:most]), on)


def files_of(row: Instruction) -> list[SupervisionFile]:
    return list(row.files.all())
