"""What is handed out to be filled in: table C of a plan, and values as a tidy list.

The number of queries never depends on the number of rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.words import decimal_text
from departments.models import Region
from indicators import policies
from indicators.models import Indicator, Observation, Target
from indicators.selectors.page import is_inside, plan_of
from indicators.selectors.rollup import BASIS_ORDER
from indicators.selectors.targets import plan_targets
from indicators.selectors.views import TargetView
from plans.models import Plan, Responsibility

MOST = 20_000  # rows of one file
COUNTS = (Indicator.Kind.INCREMENT, Indicator.Kind.CUMULATIVE)
PLACES = 500  # places that the page of files offers by name


# --- The tidy list -------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class TidyRow:
    """A value in the list, and whether the person may change it."""

    row: Observation
    opened: bool


def tidy_rows(
    user: Any,
    region: Region,
    *,
    year_from: int = 0,
    year_to: int = 0,
    indicator: Indicator | None = None,
) -> list[TidyRow]:
    """Return the newest row of each value of a region and what lies below it (two queries).

    Where a correction is on its way and the person may see it, it stands for the value it
    corrects. Raises DomainError where a file could not hold them.
    """
    rows = Observation.objects.visible_to(user).filter(
        region__path__startswith=region.path, superseded_by__isnull=True
    )
    if year_from:
        rows = rows.filter(year__gte=year_from)
    if year_to:
        rows = rows.filter(year__lte=year_to)
    if indicator is not None:
        rows = rows.filter(indicator=indicator)
    rows = rows.select_related("indicator", "region", "department").order_by(
        "indicator", "region__path", "year", "part", "department", "population_group", "id"
    )
    newest: dict[Any, Observation] = {}
    for row in rows[: 2 * MOST + 1].iterator(chunk_size=2000):
        there = newest.get(row.key)
        if there is None or there.state == Observation.State.VERIFIED:
            newest[row.key] = row
    if len(newest) > MOST:
        raise DomainError(_("超过 %(most)s 行。请缩小年份范围，或只选一个指标。") % {"most": MOST})
    may = policies.may_observe(user, {one.region for one in newest.values()})
    return [TidyRow(one, is_open(one, may)) for one in newest.values()]


def is_open(row: Observation, may: policies.May) -> bool:
    """Tell whether a person may change a value as it stands (no queries)."""
    waits = row.state == Observation.State.SUBMITTED
    return not waits and row.indicator.is_active and bool(may(row.region, row.department))


# --- Table C -------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target of table C: its values year by year, those on their way too.

    `view` is how it stands by what counts. `why_locked` says why its years are not filled in here;
    empty where they are. `inside` tells that the person may see what the places below make.
    """

    target: Target
    view: TargetView
    cells: dict[int, Observation] = field(default_factory=dict)
    why_locked: str = ""
    inside: bool = False

    @property
    def indicator(self) -> Indicator:
        return self.target.indicator

    @property
    def newest(self) -> Observation | None:
        return self.cells[max(self.cells)] if self.cells else None

    @property
    def basis(self) -> str:
        """Return what a new value of its years is: what was spent, where it is money."""
        return Observation.Basis.ACTUAL if self.indicator.money else Observation.Basis.NONE

    @property
    def rate(self) -> str:
        """Return 完成率, the newest count that is checked ÷ what is asked; surveys have none."""
        newest, asked = self.view.newest, self.target.value
        countable = self.indicator.kind in COUNTS and not self.view.of_children
        upwards = self.target.operator not in ("lt", "lte") and self.indicator.direction != "down"
        if not countable or not upwards or newest is None or not asked:
            return "—"
        return f"{decimal_text(newest.value / asked * 100, 1)}%"

    @property
    def others(self) -> dict[int, str]:
        """Return what stands in years without a value of the region's own.

        How many places below keep the promise (3 / 8), or what they make together.
        """
        if self.view.of_children:
            return self.view.counts
        if not self.inside:
            return {}
        return {
            year: _("%(value)s（汇总，缺 %(missing)s）")
            % {"value": self.indicator.shown(one.value), "missing": one.missing}
            if one.missing
            else _("%(value)s（汇总）") % {"value": self.indicator.shown(one.value)}
            for year, one in self.view.rolled.items()
            if one.value is not None
        }

    @property
    def units(self) -> str:
        """Return the units that the plan names for it, else who reports the indicator."""
        measure = self.target.measure
        named = list(measure.responsibilities.all()) if measure else []
        leads = [one.printed_name for one in named if one.role == Responsibility.Role.LEAD]
        others = [one.printed_name for one in named if one.role == Responsibility.Role.RESPONSIBLE]
        return "、".join(leads or others) or self.indicator.reporter


@dataclass(frozen=True, slots=True)
class TableC:
    """Table C of a plan as a person may see it; `opened` where they may fill it in."""

    plan: Plan
    rows: list[TargetRow]
    opened: bool
    today: date

    @property
    def years(self) -> Sequence[int]:
        return self.plan.years

    @property
    def unverified(self) -> list[Observation]:
        """Return what it shows that does not count yet."""
        shown = {one.pk: one for row in self.rows for one in row.cells.values()}
        return [one for one in shown.values() if one.state != Observation.State.VERIFIED]


def table_c(user: Any, plan: Plan, today: date) -> TableC:
    """Return a plan's targets with the values of its region, year by year."""
    views = {one.target.pk: one for one in plan_targets(plan, min(today.year, plan.end_year))}
    targets = [one.target for one in views.values()]
    prefetch_related_objects(
        targets,
        Prefetch("measure__responsibilities", Responsibility.objects.order_by("position")),
    )
    shown = _shown(user, plan, {one.indicator_id for one in targets})
    rows = [
        TargetRow(
            one,
            views[one.pk],
            cells={
                year: row
                for (of, year), row in shown.items()
                if of == one.indicator_id and year in plan.years
            }
            if one.scope == Target.Scope.SELF
            else {},
            why_locked=_why_locked(one),
            inside=is_inside(user, plan.region),
        )
        for one in targets
    ]
    return TableC(plan, rows, bool(policies.can_observe(user, plan.region)), today)


def _why_locked(target: Target) -> str:
    if target.scope != Target.Scope.SELF:
        return _("按下级地区计数，请在观测值明细表里填各地的数值")
    if target.indicator.is_ratio or target.indicator.is_yes_no:
        return _("由分子、分母算出，请在观测值明细表或“成表填报”里填")
    if not target.indicator.is_active:
        return _("指标已停用")
    return ""


def _shown(user: Any, plan: Plan, indicators: Iterable[int]) -> dict[tuple[int, int], Observation]:
    """Return the row that stands for each indicator and year: what is being written, or counts.

    Of those, what was spent comes before what was planned. One query.
    """
    found: dict[tuple[int, int], Observation] = {}

    def rank(row: Observation) -> tuple[bool, int, int]:
        return (row.state == "verified", BASIS_ORDER[row.basis], -row.pk)

    for row in (
        Observation.objects.visible_to(user)
        .of_whole_region()
        .of_whole_year()
        .filter(region=plan.region_id, indicator__in=list(indicators), superseded_by__isnull=True)
        .select_related("indicator", "region")
    ):
        have = found.get((row.indicator_id, row.year))
        if have is None or rank(row) < rank(have):
            found[row.indicator_id, row.year] = row
    return found


# --- The page ------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class FilesPage:
    """What the page of files offers: plans, places and indicators to choose from."""

    plans: list[Plan]
    plan: Plan | None
    region: Region
    places: list[Region]
    indicators: list[Indicator]
    years: tuple[int, int]
    may_upload: bool


def files_page(user: Any, today: date) -> FilesPage:
    """Return what a person may take out and bring in where they act (four queries)."""
    here = user.acting.here
    plans = list(
        Plan.objects.visible_to(user)
        .exclude(state=Plan.State.DRAFT)
        .filter(region__path__startswith=here.path)
        .select_related("region")
        .order_by("region__path", "-start_year", "pk")[:PLACES]
    )
    plan = plan_of(user, here, today)
    first = plan.start_year if plan else today.year - 5
    return FilesPage(
        plans=plans,
        plan=plan,
        region=here,
        places=list(Region.objects.within(here).order_by("path")[:PLACES]),
        indicators=list(Indicator.objects.filter(is_active=True).order_by("pk")),
        years=(first, min(plan.end_year if plan else today.year, today.year)),
        may_upload=bool(policies.can_use_sheets(user)),
    )
