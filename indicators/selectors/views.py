"""A target and how it stands, as pages, documents and the API show it."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from core.words import decimal_text
from departments.models import Region
from indicators.attainment import (
    Attainment,
    NoOutlook,
    Outlook,
    Point,
    asked_words,
    meets,
    outlook,
    places_of,
    value_words,
)
from indicators.models import Indicator, Target
from indicators.selectors.counted import Counted
from indicators.selectors.rollup import RolledUp

PROJECTED = ("survey", "cumulative", "coverage")


@dataclass(frozen=True, slots=True)
class Child:
    """A region below, its points, and how it keeps the promise by itself.

    Where a share of the children is promised, each is a plain yes or no without a verdict; one
    that is `absent` (不适用) is not counted at all.
    """

    region: Region
    points: list[Point]
    attainment: Attainment | None
    absent: bool = False

    @property
    def newest(self) -> Point | None:
        return self.points[-1] if self.points else None


@dataclass(frozen=True, slots=True)
class Compared:
    """A region above, shown for orientation only."""

    region: Region
    points: list[Point]


@dataclass(frozen=True, slots=True)
class YearCell:
    """A year of a target: the region's own row, what the places below make, or how many keep it.

    `blank` says that somebody wrote down that nothing was measured.
    """

    year: int
    row: Counted | None
    rolled: RolledUp | None
    count: str
    blank: bool


@dataclass(frozen=True, slots=True)
class TargetView:
    """A target and how it stands at the end of a year.

    `points` are of the plan's own region, `row` is the observation behind the newest of them.
    `met`, `measured` and `total` count children (scopes with children). `conflicts` are the plan's
    other targets that ask something else of the same.
    """

    target: Target
    indicator: Indicator
    as_of: int
    attainment: Attainment
    points: list[Point] = field(default_factory=list)
    children: list[Child] = field(default_factory=list)
    met: int = 0
    measured: int = 0
    total: int = 0
    comparison: list[Compared] = field(default_factory=list)
    row: Counted | None = None
    unmeasured: list[int] = field(default_factory=list)
    is_demo: bool = False
    conflicts: list[Target] = field(default_factory=list)
    rows: list[Counted] = field(default_factory=list)
    rolled: dict[int, RolledUp] = field(default_factory=dict)
    counts: dict[int, str] = field(default_factory=dict)

    @property
    def cells(self) -> list["YearCell"]:
        """Return what stands in each year of the plan up to the one judged at, oldest first."""
        by_year = {one.year: one for one in self.rows}
        return [
            YearCell(
                year,
                by_year.get(year),
                self.rolled.get(year),
                self.counts.get(year, ""),
                blank=year in self.unmeasured,
            )
            for year in self.target.plan.years
        ]

    @property
    def baseline(self) -> Counted | None:
        """Return the newest value from before the plan."""
        start = self.target.plan.start_year
        return next((one for one in reversed(self.rows) if one.year < start), None)

    @property
    def newest(self) -> Point | None:
        return self.points[-1] if self.points else None

    @property
    def unit(self) -> str:
        return self.target.unit or self.indicator.unit

    @property
    def words(self) -> str:
        return target_words(self.target)

    @property
    def of_children(self) -> bool:
        return self.target.scope != Target.Scope.SELF

    @property
    def due(self) -> int:
        return self.target.year or self.target.plan.end_year

    @property
    def figure(self) -> str:
        """Return the value to show in large: 8.9%, 3 / 8; empty where nothing was measured.

        Of a promise for places below it is how many keep it: the region's own value says nothing.
        """
        if self.of_children and self.target.value is not None:
            return f"{self.met} / {self.total}" if self.measured else ""
        if self.newest is None:
            return ""
        return value_words(self.newest.value, self.unit, places_of(self.newest.value, self._meets))

    def _meets(self, value: Decimal) -> bool:
        wanted = self.target.value
        return wanted is not None and meets(
            self.target.operator, value, wanted, self.indicator.direction
        )

    @property
    def figure_note(self) -> str:
        """Return what the large value is: its year, what kind of value, its interval."""
        if self.of_children and self.target.value is not None:
            if not self.measured:
                return ""
            last = max(self.counts, default=self.as_of)
            words = _("做到") if self.target.scope == Target.Scope.SHARE else _("达到")
            return _("%(year)s 年%(verb)s的%(places)s") % {
                "year": last,
                "verb": words,
                "places": self.target.plan.region.places_below,
            }
        if self.newest is None:
            return ""
        if self.row is None:
            return _("%(year)s 年由各%(places)s汇总") % {
                "year": self.newest.year,
                "places": self.target.plan.region.places_below,
            }
        kind = (
            _("调查")
            if self.indicator.kind == "survey"
            else self.row.get_basis_display()
            if self.row.basis
            else ""
        )
        said = _("%(year)s 年%(kind)s") % {"year": self.newest.year, "kind": kind}
        if self.newest.low is None or self.newest.high is None:
            return said
        said = _("%(said)s，区间 %(low)s—%(high)s") % {
            "said": said,
            "low": decimal_text(self.newest.low, 2),
            "high": value_words(round(self.newest.high, 2), self.unit),
        }
        if self.newest.interval == "wilson" and self.row.design_effect is not None:
            said += _("（样本量 %(size)s，设计效应 %(effect)s）") % {
                "size": self.row.sample_size,
                "effect": decimal_text(self.row.design_effect, 2),
            }
        return said

    @property
    def projection(self) -> Outlook | NoOutlook | None:
        """Return where the region's values lead in the due year, or why nothing is projected.

        None where it makes no sense: for targets of children, yearly norms, levels, milestones,
        and without any value, which the verdict says already.
        """
        if self.of_children or self.target.every_year or self.indicator.kind not in PROJECTED:
            return None
        if not self.points:
            return None
        lowest, highest = bounds_of(self.indicator)
        return outlook(self.points, self.due, lowest=lowest, highest=highest)

    @property
    def outlook(self) -> Outlook | None:
        return self.projection if isinstance(self.projection, Outlook) else None

    @property
    def outlook_words(self) -> str:
        """Return the projected value with its band and method; empty where there is none."""
        one = self.outlook
        if one is None:
            return ""
        return _("推算 %(year)s 年为 %(value)s，区间 %(low)s—%(high)s（%(method)s）。") % {
            "year": one.year,
            "value": value_words(one.value, self.unit),
            "low": decimal_text(one.low, 2),
            "high": value_words(one.high, self.unit),
            "method": one.method,
        }

    @property
    def conflict_words(self) -> list[str]:
        """Return what else the plan asks of the same, one sentence for each target."""
        return [
            _("方案对同一指标另有要求：%(asked)s。两处并列，请核对原文。")
            % {"asked": target_words(one)}
            for one in self.conflicts
        ]

    @property
    def no_outlook(self) -> str:
        """Return why nothing is projected; empty where something is, or where none makes sense."""
        return self.projection.reason if isinstance(self.projection, NoOutlook) else ""


def target_words(target: Target) -> str:
    """Return what is asked in short: 2020 年超过 10.5%; the sentence itself is `quote`."""
    unit = target.unit or target.indicator.unit
    asked = (
        asked_words(target.operator, target.value, unit)
        if target.value is not None
        else _("原文没有给出数值")
    )
    if target.stretch_value is not None:
        asked = _("%(asked)s，力争%(more)s") % {
            "asked": asked,
            "more": asked_words(target.stretch_operator, target.stretch_value, unit),
        }
    when = _("每年") if target.every_year else ""
    if target.year:
        when = _("%(year)s 年") % {"year": target.year}
    if target.value is None and when:
        when = _("%(when)s，") % {"when": when}
    if target.scope == Target.Scope.SELF:
        return f"{when}{asked}"
    words = {"when": when, "asked": asked, "places": target.plan.region.places_below}
    if target.scope == Target.Scope.EACH_CHILD:
        return _("各%(places)s %(when)s%(asked)s") % words
    return _("%(when)s%(asked)s 的%(places)s") % words


def bounds_of(indicator: Indicator) -> tuple[Decimal | None, Decimal | None]:
    """Return what no value can be below or above; a percentage ends at a hundred."""
    highest = indicator.highest
    if highest is None and indicator.unit == "%":
        highest = Decimal(100)
    return indicator.lowest, highest
