"""A plan's targets with what was verified of them, year by year, for table C of a report."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from core import words
from departments.models import Region
from indicators.attainment import Attainment, meets
from indicators.models import Observation, Target
from indicators.selectors import TargetView, plan_targets, series_of
from indicators.selectors.sheets import TargetRow
from plans.models import Plan, Responsibility
from reports.facts.figures import Figures, Source
from reports.facts.places import Seen, frozen_places
from reports.facts.scope import Scope

COUNTS = ("cumulative", "increment")  # kinds of which there is more or less, not higher or lower
JUDGED = ("five_year",)  # half-way a target that is not reached yet is no failure
# From this share of a target on, what is not reached is called 基本实现; the report prints it.
NEARLY = Decimal("0.95")
FINAL = {
    "achieved": "实现",
    "nearly": "基本实现",
    "missed": "未实现",
    "unknown": "无法评价",
    "relative": "不作数值比较",
}


@dataclass(frozen=True, slots=True)
class YearValue:
    """What is known of one year: a value as text, or the word that says why there is none.

    `kept` is how many of the regions below kept a promise that is made for them.
    """

    year: int
    text: str
    measured: bool
    unit: str = ""
    source: str = ""
    own_check: bool = False
    is_demo: bool = False
    sources: tuple[Source, ...] = ()
    note: str = ""
    kept: int | None = None


@dataclass(frozen=True, slots=True)
class Promised:
    """A target in words, its values of the years until the report's, and the verdict.

    `base_year` is the newest measured year before the plan, the first of `values` if there is one.
    """

    view: TargetView
    goal: str
    word: str
    sentence: str
    source: str
    base_year: int | None
    values: tuple[YearValue, ...]
    rate: str = ""
    units: str = ""


def frozen_targets(
    scope: Scope, figures: Figures
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Freeze a plan's targets as of the end of a report's year, and note their figures.

    Also returns what each place directly below shows of their indicators. The summary of one unit
    and a bulletin speak of tasks alone.
    """
    if scope.kind in ("department", "bulletin"):
        return [], []
    plan, year = scope.plan, scope.year
    below = list(Region.objects.filter(parent=plan.region_id).order_by("path"))
    promises, seen = read_promises(plan, year, below)
    targets = [_target(one, figures) for one in promises]
    if scope.kind in JUDGED:
        for one, frozen in zip(promises, targets, strict=True):
            frozen["final"] = _final(one.view)
            frozen["change"], frozen["turned"] = _change(one, frozen["key"], figures)
        _finals(targets, figures)
    _verdicts(targets, figures)
    return targets, frozen_places([one.view for one in promises], below, seen, year, figures)


def read_promises(
    plan: Plan, year: int, below: Iterable[Region] = ()
) -> tuple[list[Promised], Seen]:
    """Return the plan's current targets as of the end of a year (a fixed number of queries).

    Also returns every row that counts, by indicator and region: the plan's own, those that its
    targets speak of, and those of the places `below`.
    """
    views = plan_targets(plan, year)
    prefetch_related_objects(
        [view.target for view in views],
        Prefetch("measure__responsibilities", Responsibility.objects.order_by("position")),
    )
    regions = {plan.region_id, *(child.region.pk for view in views for child in view.children)}
    regions |= {one.pk for one in below}
    indicators = {view.indicator.pk: view.indicator for view in views}
    rows = Observation.objects.figures(
        indicator__in=indicators, region__in=regions, year__lte=year
    ).order_by("year", "id")
    seen: Seen = {}
    for row in rows:
        row.indicator = indicators[row.indicator_id]
        seen.setdefault((row.indicator_id, row.region_id), []).append(row)
    return [_promised(view, plan, seen, year) for view in views], seen


def _promised(view: TargetView, plan: Plan, seen: Seen, year: int) -> Promised:
    of = view.indicator.pk
    if view.children:
        below = [_chosen(seen.get((of, child.region.pk), []), year) for child in view.children]
        values = [_of_children(one, below, view.target) for one in range(plan.start_year, year + 1)]
        base = None
    else:
        own = _chosen(seen.get((of, plan.region_id), []), year)
        before = [one for one in own if one < plan.start_year and own[one].value is not None]
        base = before[-1] if before else None
        listed = [*before[-1:], *range(plan.start_year, year + 1)]
        values = [_of_year(one, own.get(one), view) for one in listed]
    sources = dict.fromkeys(one.source for one in values if one.source)
    printed = TargetRow(view.target, view)
    return Promised(
        view=view,
        goal=_printed(view.words),
        word=str(words.word(view.attainment.code, "indicator")),
        sentence=_printed(_sentence(view.attainment)),
        source="；".join(sources) or view.indicator.source,
        base_year=base,
        values=tuple(values),
        rate=printed.rate.strip("—"),
        units=printed.units,
    )


def _sentence(verdict: Attainment) -> str:
    """Return how a target stands, with the way it has come where its verdict rests on that."""
    return f"{verdict.sentence}{verdict.way}。" if verdict.way else verdict.sentence


def _printed(text: str) -> str:
    """Return a sentence of the screen as documents print it, without blanks beside digits."""
    return text.replace(" ", "")


def _chosen(rows: Iterable[Observation], year: int) -> dict[int, Observation]:
    """Return the row that counts in each year; one that says 未测 where nothing was measured."""
    listed = list(rows)
    unmeasured = {row.year: row for row in listed if row.value is None}
    return unmeasured | {row.year: row for row in series_of(listed, year).rows}


def _of_year(year: int, row: Observation | None, view: TargetView) -> YearValue:
    sources = (("indicators.observation", row.pk),) if row is not None else ()
    if row is None or row.value is None:
        word = row.get_status_display() if row is not None else words.word("not_measured")
        note = row.note if row is not None else ""
        return YearValue(year, str(word), measured=False, sources=sources, note=note)
    return YearValue(
        year,
        words.decimal_text(row.value, view.indicator.decimals),
        measured=True,
        unit=view.unit,
        source=row.source,
        own_check=row.own_check,
        is_demo=row.is_demo,
        sources=sources,
        note=row.note,
    )


def _of_children(year: int, below: list[dict[int, Observation]], target: Target) -> YearValue:
    """Say how many of the regions below kept the promise in a year, and which values tell so.

    Where a share of them is promised, what a region once had counts until its next value, as in
    `indicators.attainment.judge_share`; a year in which nobody looked has no value all the same.
    """
    lasting = target.scope == Target.Scope.SHARE
    rows = [row for chosen in below if (row := _told(chosen, year, lasting)) is not None]
    measured = any(year in chosen and chosen[year].value is not None for chosen in below)
    if not measured:
        return YearValue(year, str(words.word("not_measured")), measured=False)
    kept = sum(_keeps(row, target) for row in rows)
    return YearValue(
        year,
        f"{kept}/{len(below)}个",  # of the regions below: the indicator's unit is not meant
        measured=True,
        source="；".join(dict.fromkeys(row.source for row in rows if row.source)),
        own_check=any(row.own_check for row in rows),
        is_demo=any(row.is_demo for row in rows),
        sources=tuple(("indicators.observation", row.pk) for row in rows),
        kept=kept,
    )


def _told(chosen: dict[int, Observation], year: int, lasting: bool) -> Observation | None:
    years = [
        one
        for one, row in chosen.items()
        if row.value is not None and (one == year or (lasting and one < year))
    ]
    return chosen[max(years)] if years else None


def _keeps(row: Any, target: Target) -> bool:
    if target.scope == Target.Scope.EACH_CHILD and target.value is not None:
        return meets(target.operator, row.value, target.value, target.indicator.direction)
    return row.value > 0


# --- Freezing ------------------------------------------------------------------------------
def _target(one: Promised, figures: Figures) -> dict[str, Any]:
    target, name = one.view.target, one.view.indicator.name
    key = f"target.{target.position}"
    promise = [("indicators.target", target.pk)]
    rows = [*promise, *(source for value in one.values for source in value.sources)]
    return {
        "id": target.pk,
        "measure": target.measure_id,
        "money": one.view.indicator.money,
        **_places(one, key, name, figures),
        "key": key,
        "code": one.view.indicator.code,
        "name": name,
        "unit": one.view.unit,
        "basis": str(target.get_basis_display()),
        "goal": figures.add(f"{key}.goal", one.goal, f"{name}：目标", promise),
        "quote": target.quote,
        "source": one.source,
        "base_year": one.base_year,
        "values": [_value(value, key, name, figures) for value in one.values],
        "verdict": one.view.attainment.code,
        "word": figures.add(f"{key}.verdict", one.word, f"{name}：完成情况", rows),
        "sentence": figures.add(f"{key}.sentence", one.sentence, f"{name}：说明", rows),
        "rule": _printed(one.view.attainment.criterion),
        "rate": figures.add(f"{key}.rate", one.rate.rstrip("%"), f"{name}：完成率", rows, "%")
        if one.rate
        else None,
        "units": one.units,
    }


def _places(one: Promised, key: str, name: str, figures: Figures) -> dict[str, Any]:
    """Note of how many regions below a promise speaks, and what they are called."""
    if not one.view.of_children:
        return {"of_places": None, "places": ""}
    rows = [("departments.region", child.region.pk) for child in one.view.children]
    word = one.view.target.plan.region.places_below
    figure = figures.add(f"{key}.places", len(rows), f"{name}：{word}个数", rows)
    return {"of_places": figure, "places": word}


def _value(value: YearValue, key: str, name: str, figures: Figures) -> dict[str, Any]:
    label, shown = f"{name}（{value.year}年）", f"{key}.{value.year}"
    return {
        "year": value.year,
        "text": value.text,
        "source": value.source,
        "own_check": value.own_check,
        "is_demo": value.is_demo,
        "note": value.note.strip(),
        "figure": figures.add(shown, value.text, label, value.sources, value.unit)
        if value.measured
        else None,
        "kept": figures.add(f"{shown}.kept", value.kept, f"{label}达到要求的个数", value.sources)
        if value.kept is not None
        else None,
    }


def _verdicts(targets: list[dict[str, Any]], figures: Figures) -> None:
    """Count the targets by their verdicts; a verdict that nobody got has no figure."""
    figures.add(
        "targets.total",
        len(targets),
        "目标项数",
        [("indicators.target", one["id"]) for one in targets],
    )
    for code in dict.fromkeys(one["verdict"] for one in targets):
        rows = [("indicators.target", one["id"]) for one in targets if one["verdict"] == code]
        figures.add(
            f"targets.{code}",
            len(rows),
            f"完成情况为“{words.word(code, 'indicator')}”的目标项数",
            rows,
        )


# --- The verdict at the end of a plan ------------------------------------------------------
def _final(view: TargetView) -> str:
    """Return achieved, nearly, missed, unknown or relative: 实现 / 基本实现 / 未实现 and two more.

    What was not measured is judged by nobody.
    """
    code = view.attainment.code
    if code in ("met", "met_uncertain"):
        return "achieved"
    if code in ("not_measured", "stale"):
        return "unknown"
    if code == "relative":
        return "relative"
    return "nearly" if _share(view) >= NEARLY else "missed"


def _share(view: TargetView) -> Decimal:
    """Return how much of a target was reached, 0 where no share can be told."""
    asked, newest = view.target.value, view.newest
    if view.of_children:
        return Decimal(view.met) / view.total if view.total else Decimal(0)
    if not asked or newest is None or newest.value < 0:
        return Decimal(0)
    falling = view.target.operator in ("lt", "lte") or view.indicator.direction == "down"
    if falling:
        return asked / newest.value if newest.value else Decimal(1)
    return newest.value / asked


def _change(one: Promised, key: str, figures: Figures) -> tuple[str | None, str]:
    """Note by how much the newest value differs from the last one before the plan, without a sign.

    Returns the figure's key and which way it went (提高, 增加 …; empty: no change). None where one
    of them is missing, or where they were counted in different ways: no difference is drawn across
    a break of the series.
    """
    start = one.view.target.plan.start_year
    before = [point for point in one.view.points if point.year < start]
    last = one.view.newest
    if one.view.of_children or not before or last is None or last.year < start:
        return None, ""
    if before[-1].series != last.series:
        return None, ""
    sources = [source for value in one.values for source in value.sources]
    unit = "个百分点" if one.view.unit == "%" else one.view.unit
    change = last.value - before[-1].value
    text = words.decimal_text(abs(change), one.view.indicator.decimals)
    verbs = ("增加", "减少") if one.view.indicator.kind in COUNTS else ("提高", "下降")
    turned = verbs[change < 0] if change else ""
    label = f"{one.view.indicator.name}：{last.year}年比{before[-1].year}年{turned or '的变化'}"
    return figures.add(f"{key}.change", text, label, sources, unit), turned


def _finals(targets: list[dict[str, Any]], figures: Figures) -> None:
    for code, word in FINAL.items():
        rows = [("indicators.target", one["id"]) for one in targets if one["final"] == code]
        if rows:
            figures.add(f"targets.final.{code}", len(rows), f"“{word}”的目标项数", rows)
