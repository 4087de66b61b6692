"""The grid of a year's tasks: a row a task, a cell a field, with what was typed and is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans.models import Plan
from tasks.models import Task
from tasks.selectors.planning.rows import (
    LABELS,
    NO,
    YES,
    group_title,
    rows_of,
    texts_of,
    version_of,
)

# What the offices' table calls otherwise than the pages do.
WORDS = {"title": gettext_lazy("任务"), "lead": gettext_lazy("汇总单位")}
PER_PAGE = 50  # rows; a form may send a thousand fields
CHOICES = {
    "kind": tuple(str(label) for label in Task.Kind.labels),
    "evidence_required": (NO, YES),
}


@dataclass(slots=True)
class Told:
    """What came back for a row: texts as typed, sentences per field, what others stored."""

    typed: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, list[str]] = field(default_factory=dict)
    theirs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of a row as it is drawn."""

    name: str
    id: str
    label: str
    text: str
    errors: list[str]
    theirs: str | None
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GridRow:
    """A task, its cells by field, and what the person sees now (`seen`, sent back with them)."""

    task: Task
    number: str
    group: str
    cells: dict[str, Cell]
    seen: str
    errors: list[str]


@dataclass(frozen=True, slots=True)
class GridPage:
    """One page of the grid; `errors` as parts/error_summary.html wants them."""

    plan: Plan
    year: int
    rows: list[GridRow]
    page: int
    pages: int
    errors: list[tuple[str, str, str]]

    @property
    def numbers(self) -> range:
        return range(1, self.pages + 1)


def number_of(task: Task) -> str:
    """Return the place of a task's measure in the plan, such as 2.3; of others nothing."""
    measure = task.measure
    return f"{measure.action.position}.{measure.position}" if measure else ""


def _row(task: Task, told: Told, group: str) -> GridRow:
    now = texts_of(task)
    cells = {
        name: Cell(
            name=name,
            id=f"{name}-{task.pk}",
            label=str(WORDS.get(name, label)),
            text=told.typed.get(name, now[name]),
            errors=list(told.wrong.get(name, [])),
            theirs=told.theirs.get(name),
            choices=_choices(name, told.typed.get(name, "")),
        )
        for name, label in LABELS.items()
    }
    seen = orjson.dumps({"version": version_of(task), **now}).decode()
    return GridRow(task, number_of(task), group, cells, seen, list(told.wrong.get("", [])))


def _choices(name: str, typed: str) -> tuple[str, ...]:
    """Return the words to choose from; what was sent and is none of them stays in sight."""
    words = CHOICES.get(name, ())
    return (*words, typed) if words and typed and typed not in words else words


def _errors(rows: list[GridRow]) -> list[tuple[str, str, str]]:
    found = []
    for row in rows:
        found += [("", row.task.title, sentence) for sentence in row.errors]
        for cell in row.cells.values():
            label = f"{row.task.title} {cell.label}"
            found += [(cell.id, label, sentence) for sentence in cell.errors]
            if cell.theirs is not None:
                found.append((cell.id, label, _("刚被别人改过，两份都在，请选一份。")))
    return found


def grid_page(plan: Plan, year: int, page: int, told: Mapping[int, Told]) -> GridPage:
    """Return a page of a year's standing tasks (three queries)."""
    tasks = rows_of(plan, year)
    total = tasks.count()
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(page, 1), pages)
    listed = tasks[(page - 1) * PER_PAGE : page * PER_PAGE]
    rows = [_row(one, told.get(one.pk, Told()), group_title(one)) for one in listed]
    return GridPage(plan, year, rows, page, pages, _errors(rows))
