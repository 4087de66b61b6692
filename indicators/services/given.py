"""A value as it is handed to the writer, what can be wrong with it, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from core.errors import DomainError
from departments.models import Department, Region
from indicators.models import Indicator, Observation, Question

# What a value is made of, beside what it speaks of; whatever is not given is empty.
FIELDS = (
    "status",
    "value",
    "numerator",
    "denominator",
    "denominator_basis",
    "denominator_year",
    "sample_size",
    "design_effect",
    "margin",
    "source",
    "note",
    "correction_reason",
)
_TEXTS = ("denominator_basis", "source", "note", "correction_reason")
_EMPTY: dict[str, Any] = (
    {"status": Observation.Status.MEASURED}
    | {
        name: None
        for name in (
            "value",
            "numerator",
            "denominator",
            "denominator_year",
            "sample_size",
            "design_effect",
            "margin",
        )
    }
    | dict.fromkeys(_TEXTS, "")
)
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """A value as it is handed in: what it speaks of, and `fields` (of `FIELDS`).

    `version` is that of the draft that the person saw (0: there was none), or None to write
    whatever is there.
    """

    indicator: Indicator
    region: Region
    year: int
    fields: Mapping[str, Any]
    part: str = ""
    department: Department | None = None
    population_group: str = ""
    basis: str = ""
    series: str = ""
    version: int | None = None

    @property
    def key(self) -> tuple[Any, ...]:
        """Return what the value speaks of, as `Observation.key` does."""
        return (
            self.indicator.id,
            self.region.id,
            self.year,
            self.part,
            self.department.id if self.department else None,
            self.population_group,
            self.basis,
            self.series,
        )


class RowErrors(DomainError):
    """Rows that cannot be written: sentences by field, by the number of the row from nought."""

    code = "rows"

    def __init__(self, rows: dict[int, dict[str, list[str]]]) -> None:
        self.rows = rows
        super().__init__(
            _("有 %(count)s 行需要修改，没有保存任何内容。") % {"count": len(rows)},
            fields=next(iter(rows.values())) if len(rows) == 1 else {},
        )


@dataclass(slots=True)
class Written:
    """What became of a row: the observation, its questions, and whether anything changed."""

    row: Observation
    questions: list[Question] = field(default_factory=list)
    changed: bool = True


def filled(one: Given) -> dict[str, Any]:
    """Return all fields of a value; a ratio follows from its parts."""
    fields = {**_EMPTY, **one.fields}
    top, bottom = fields["numerator"], fields["denominator"]
    if top is not None and bottom:
        fields["value"] = round(one.indicator.ratio(top, bottom), 6)
    for name in _TEXTS:
        if fields[name]:
            fields[name] = fields[name].replace("\x00", "").strip()
    return fields


def says_same(row: Observation, one: Given) -> bool:
    """Tell whether a value says what a row says already."""
    return says(row, filled(one))


def says(row: Observation, fields: Mapping[str, Any]) -> bool:
    """Tell whether a row has all these fields; the reason of a correction is none of its value."""
    return all(getattr(row, name) == fields[name] for name in FIELDS if name != "correction_reason")
