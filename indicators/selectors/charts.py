"""The chart that fits a target: points of surveys, bars against a norm, a count of children."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.chart_options import Ahead, Chart, Goal, Place, Yearly, survey_points, yearly_bars
from core.chart_options import Point as Drawn
from core.words import decimal_text
from indicators.attainment import asked_words, meets
from indicators.models import Indicator, Observation, Target
from indicators.selectors.targets import series_of
from indicators.selectors.views import Compared, TargetView
from plans.models import Plan


def target_chart(view: TargetView) -> Chart | None:
    """Return the chart of a target, or None where nothing was ever measured.

    Surveys are points beside those of the regions above; a share of children is a count a year;
    other values are bars against the norm.
    """
    plan = view.target.plan
    if view.of_children and view.target.value is not None:
        return _count_chart(view, plan) if view.counts else None
    if view.indicator.kind == Indicator.Kind.SURVEY:
        return _survey_chart(view, plan) if view.points or view.comparison else None
    if not view.points:
        return None
    value = view.target.value
    by_year = {one.year: one.value for one in view.points}
    return yearly_bars(
        view.indicator.name,
        [
            Yearly(
                year,
                by_year.get(year),
                meets(view.target.operator, by_year[year], value, view.indicator.direction)
                if year in by_year and value is not None
                else None,
            )
            for year in plan.years
        ],
        unit=view.unit,
        target=_goal(view),
        places=view.indicator.decimals,
        missing=_("尚无数值"),
    )


def plain_chart(indicator: Indicator, rows: list[Observation]) -> Chart | None:
    """Return the chart of values of which no target speaks; None where there are none."""
    points = series_of(rows, max((one.year for one in rows), default=0)).points
    if not points:
        return None
    years = list(range(points[0].year, points[-1].year + 1))
    if indicator.kind == Indicator.Kind.SURVEY:
        drawn = [Drawn(p.year, p.value, p.low, p.high, p.series) for p in points]
        return survey_points(indicator.name, drawn, years, unit=indicator.unit)
    by_year = {one.year: one.value for one in points}
    return yearly_bars(
        indicator.name,
        [Yearly(year, by_year.get(year)) for year in years],
        unit=indicator.unit,
        places=indicator.decimals,
        missing=_("尚无数值"),
    )


def _goal(view: TargetView) -> Goal | None:
    target = view.target
    if target.value is None:
        return None
    return Goal(
        target.value,
        _("目标：%(asked)s") % {"asked": asked_words(target.operator, target.value, view.unit)},
    )


def _survey_chart(view: TargetView, plan: Plan) -> Chart:
    """Draw the plan's years and the one before, in which the survey that it starts from lies."""
    years = range(plan.start_year - 1, plan.end_year + 1)
    target = view.target
    stretch = None
    if target.stretch_value is not None:
        asked = asked_words(target.stretch_operator, target.stretch_value, view.unit)
        stretch = Goal(target.stretch_value, _("力争：%(asked)s") % {"asked": asked})
    chart = survey_points(
        view.indicator.name,
        [Drawn(p.year, p.value, p.low, p.high, p.series) for p in view.points if p.year in years],
        list(years),
        unit=view.unit,
        target=_goal(view),
        stretch=stretch,
        projection=_ahead(view, years),
        comparison=[
            Place(
                one.region.name,
                [Drawn(p.year, p.value, series=p.series) for p in one.points if p.year in years],
            )
            for one in view.comparison
        ],
    )

    return _labelled(chart, view.comparison, years[-1])


def _ahead(view: TargetView, years: range) -> Ahead | None:
    one = view.outlook
    if one is None or one.year not in years:
        return None
    return Ahead(one.year, one.value, one.low, one.high, one.method)


def _labelled(chart: Chart, places: list[Compared], end: int) -> Chart:
    """Write name and value beside each point of the regions above: their shapes are alike."""
    for at, place in enumerate(places):
        for series in chart.option["series"]:
            if series.get("name") == place.region.name:
                _label(series, place.region.name, at % 2, end)
    chart.option.pop("legend", None)
    return chart


def _label(series: dict[str, Any], name: str, at: int, end: int) -> None:
    series["symbol"] = ("diamond", "triangle")[at]
    series["label"] = {"show": True, "color": "$ink-2", "fontSize": 12}
    for point in series["data"]:
        if point is not None:
            words = f"{name} {point['label']['formatter']}"
            point["label"] = {"formatter": words, "position": [12, (-9, 6)[at]]}
            if point["tip"].startswith(f"{end} "):  # no room to the right of the last year
                point["label"] |= {"position": "left", "offset": [0, (-7, 9)[at]]}


def _count_chart(view: TargetView, plan: Plan) -> Chart:
    """Draw how many places below keep it, year by year, against how many are asked for."""
    kept = {year: int(words.partition(" / ")[0]) for year, words in view.counts.items()}
    asked, operator = Decimal(100), "gte"
    if view.target.scope == Target.Scope.SHARE:
        asked, operator = view.target.value or Decimal(0), view.target.operator
    need = asked * view.total / 100
    return yearly_bars(
        view.indicator.name,
        [
            Yearly(
                year,
                Decimal(kept[year]) if year in kept else None,
                meets(operator, Decimal(kept[year]), need) if year in kept else None,
            )
            for year in plan.years
        ],
        unit=_("个"),
        target=Goal(need, _("目标：%(need)s 个") % {"need": decimal_text(need, 1)}),
        places=0,
        missing=_("尚无数值"),
    )
