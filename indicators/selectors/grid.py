"""Values as a table to type in: places down, years across, each cell with what it holds now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from departments.models import Region
from indicators import policies
from indicators.models import Indicator, Observation, Population
from indicators.numbers import typed as typed_number
from indicators.selectors.around import standing

NAMES = ("value", "numerator", "denominator")


@dataclass(slots=True)
class GridCell:
    """A cell: `texts` by field as they stand or were typed, `shown` what stood there before.

    `row` is the open draft or else the value that counts; a submitted one is locked. An empty
    cell begins with the `population` that the portal knows already, where one is asked for.
    """

    region: Region
    year: int
    row: Observation | None
    texts: dict[str, str]
    locked: bool
    problems: list[str] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    shown: str = ""
    population: Population | None = None

    def __post_init__(self) -> None:
        self.shown = self.shown or "|".join(self.texts.values())

    @property
    def inputs(self) -> list[tuple[str, str, str]]:
        """Return name, text and label of each input."""
        return [(name, text, self.labels.get(name, "")) for name, text in self.texts.items()]

    @property
    def key(self) -> str:
        return f"{self.region.pk}-{self.year}"

    @property
    def version(self) -> int:
        """Return the version of the draft that is shown, 0 where there is none."""
        return self.row.version if self.row and self.row.state != "verified" else 0


@dataclass(frozen=True, slots=True)
class Grid:
    """Places and years of an indicator; `names` are the fields of a cell, `labels` their names."""

    indicator: Indicator
    region: Region
    years: list[int]
    basis: str
    names: tuple[str, ...]
    rows: list[tuple[Region, list[GridCell]]]

    @property
    def cells(self) -> dict[str, GridCell]:
        return {one.key: one for _region, cells in self.rows for one in cells}

    @property
    def earlier(self) -> int:
        return self.years[0] - 1

    @property
    def later(self) -> int:
        return self.years[-1] + len(self.years)


def names_of(indicator: Indicator) -> tuple[str, ...]:
    """Return the fields of a cell: a ratio is typed as its two parts."""
    if indicator.is_ratio and not indicator.is_yes_no:
        return ("numerator", "denominator")
    return ("value",)


def places_of(user: Any, indicator: Indicator, region: Region) -> list[Region]:
    """Return the places whose values a person may enter here: the region's own, and those below.

    Where the indicator is reported at a level below, the places of that level are offered.
    """
    below = list(Region.objects.filter(parent=region).order_by("path"))
    wanted = [one for one in below if one.level == indicator.reported_at]
    if not indicator.is_yes_no or region.level == indicator.reported_at:
        wanted.insert(0, region)
    may = policies.may_observe(user, wanted)
    return [one for one in wanted if may(one, None)]


def usual_basis(user: Any, indicator: Indicator, region: Region) -> str:
    """Return whether the newest values here are of budgets or of what was spent, else neither."""
    if not indicator.money:
        return ""
    newest = (
        Observation.objects.visible_to(user)
        .filter(indicator=indicator, region__path__startswith=region.path)
        .order_by("-year", "-pk")
        .values_list("basis", flat=True)
        .first()
    )
    return newest or ""


def grid(
    user: Any, indicator: Indicator, region: Region, years: Sequence[int], basis: str = ""
) -> Grid:
    """Return the table of an indicator for a region and the places below it (five queries)."""
    places = places_of(user, indicator, region)
    keys = [
        (indicator.pk, one.pk, year, "", None, "", basis, "") for one in places for year in years
    ]
    open_rows, counting = standing(keys)
    known = _populations(indicator, places, years)

    def cell(place: Region, year: int) -> GridCell:
        key = (indicator.pk, place.pk, year, "", None, "", basis, "")
        row = open_rows.get(key) or counting.get(key)
        return _cell(place, year, row, indicator, known.get((place.pk, year)))

    rows = [(place, [cell(place, year) for year in years]) for place in places]
    return Grid(indicator, region, list(years), basis, names_of(indicator), rows)


def _populations(
    indicator: Indicator, places: Sequence[Region], years: Sequence[int]
) -> dict[tuple[int, int], Population]:
    """Return the populations that verified values named: resident before registered."""
    if not indicator.denominator_is_population:
        return {}
    rows = Population.objects.filter(region__in=places, year__in=years, series="")
    order = {Population.Basis.RESIDENT: 1, Population.Basis.REGISTERED: 0}
    found: dict[tuple[int, int], Population] = {}
    for row in sorted(rows, key=lambda one: order[Population.Basis(one.basis)]):
        found[row.region_id, row.year] = row
    return found


def _cell(
    place: Region,
    year: int,
    row: Observation | None,
    indicator: Indicator,
    population: Population | None,
) -> GridCell:
    texts = texts_of(row, indicator)
    if row is None and population is not None:
        texts["denominator"] = str(population.persons)
    return GridCell(
        place,
        year,
        row,
        texts,
        locked=row is not None and row.state == Observation.State.SUBMITTED,
        labels={
            "numerator": indicator.numerator_label,
            "denominator": indicator.denominator_label,
        },
        population=population if row is None else None,
    )


def texts_of(row: Observation | None, indicator: Indicator) -> dict[str, str]:
    """Return the texts of a cell: numbers without needless noughts, 是 or 否, 未测."""
    names = names_of(indicator)
    if row is None:
        return dict.fromkeys(names, "")
    if row.value is None:
        return {name: str(row.get_status_display()) for name in names[:1]} | dict.fromkeys(
            names[1:], ""
        )
    if indicator.is_yes_no:
        return {"value": "是" if row.value else "否"}
    return {name: typed_number(getattr(row, name)) for name in names}


def put_typed(page: Grid, typed: Mapping[str, Mapping[str, str]]) -> None:
    """Show again what was typed, cell by cell."""
    for key, texts in typed.items():
        if (cell := page.cells.get(key)) is not None:
            cell.texts.update(texts)
