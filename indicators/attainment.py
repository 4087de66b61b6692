"""Is a target met? The rules, pure: values in, a verdict with its arithmetic out.

All values are Decimals in the target's unit; years are calendar years. Nothing is interpolated:
a year without a value is a year without a value.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

STALE_AFTER = {"survey": 3}  # years after which a value says nothing of the present; else 1
BEHIND, FAR_BEHIND = Decimal(10), Decimal(30)  # percentage points, or percent of the norm


@dataclass(frozen=True, slots=True)
class Point:
    """A measured value, with its interval where one is published or can be computed."""

    year: int
    value: Decimal
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """What is asked: `operator` and `value`, by a year or every year, of an indicator's kind."""

    operator: str
    value: Decimal | None
    year: int | None
    every_year: bool
    kind: str = "level"
    start_year: int = 0


@dataclass(frozen=True, slots=True)
class Attainment:
    """The verdict: `code` (see core.words), the arithmetic as a sentence, and the rule."""

    code: str
    sentence: str
    rule: str = ""


def meets(operator: str, value: Decimal, target: Decimal) -> bool:
    """Tell whether a value keeps a promise; 左右 allows a tenth of the target below it."""
    match operator:
        case "gt":
            return value > target
        case "gte":
            return value >= target
        case "lt":
            return value < target
        case "lte":
            return value <= target
        case "eq":
            return value == target
        case "approx":
            return value >= target * Decimal("0.9")
    raise ValueError(operator)


def _number(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def judge(promise: Promise, points: list[Point], as_of: int, unit: str) -> Attainment:
    """Say how a promise stands at the end of a year, from the values measured until then."""
    seen = sorted((one for one in points if one.year <= as_of), key=lambda one: one.year)
    if promise.value is None:
        return Attainment("relative", _("原文未给出数值，不作数值比较。"))
    if not seen:
        return Attainment("not_measured", _("截至 %(year)s 年没有可用的数值。") % {"year": as_of})
    newest = seen[-1]
    if as_of - newest.year > STALE_AFTER.get(promise.kind, 1):
        return Attainment(
            "stale", _("最近的数值是 %(year)s 年的，已过期。") % {"year": newest.year}
        )
    if meets(promise.operator, newest.value, promise.value):
        return _met(promise, newest, unit)
    if promise.every_year or promise.kind in ("level", "increment"):
        return _against_norm(promise, newest, unit)
    return _against_pace(promise, seen, as_of, unit)


def _met(promise: Promise, newest: Point, unit: str) -> Attainment:
    target = promise.value or Decimal(0)
    told = _("%(year)s 年为 %(value)s%(unit)s，目标 %(target)s%(unit)s。") % {
        "year": newest.year,
        "value": _number(newest.value),
        "target": _number(target),
        "unit": unit,
    }
    for bound in (newest.low, newest.high):
        if bound is not None and not meets(promise.operator, bound, target):
            return Attainment(
                "met_uncertain",
                told,
                _("数值达到目标，但置信区间跨过目标。"),
            )
    return Attainment("met", told, _("最近一次的数值达到目标。"))


def _apart(unit: str) -> str:
    """Return the unit of a difference: percentages differ by 个百分点."""
    return _(" 个百分点") if unit == "%" else unit


def _graded(gap: Decimal, sentence: str, rule: str) -> Attainment:
    code = "on_track" if gap <= BEHIND else "behind" if gap <= FAR_BEHIND else "far_behind"
    return Attainment(code, sentence, rule)


def _against_norm(promise: Promise, newest: Point, unit: str) -> Attainment:
    """A norm of each year is kept or not; how far it is missed is told in percent of it."""
    target = promise.value or Decimal(1)
    short = abs(target - newest.value) / (abs(target) or 1) * 100
    code = "behind" if short <= FAR_BEHIND else "far_behind"
    return Attainment(
        code,
        _("%(year)s 年为 %(value)s%(unit)s，比目标差 %(gap)s%(apart)s。")
        % {
            "year": newest.year,
            "value": _number(newest.value),
            "gap": _number(abs(target - newest.value)),
            "unit": unit,
            "apart": _apart(unit),
        },
        _("未达到目标记为滞后，差距超过目标的 30% 记为严重滞后。"),
    )


def _against_pace(promise: Promise, seen: list[Point], as_of: int, unit: str) -> Attainment:
    """Compare the way covered since the first value with the share of time gone by."""
    target = promise.value or Decimal(0)
    base, newest = seen[0], seen[-1]
    due = promise.year or as_of
    if newest.year >= due:
        return Attainment(
            "far_behind",
            _("到期年 %(year)s 年为 %(value)s%(unit)s，未达到 %(target)s%(unit)s。")
            % {
                "year": newest.year,
                "value": _number(newest.value),
                "target": _number(target),
                "unit": unit,
            },
            _("到期未达到目标记为严重滞后。"),
        )
    if base.year == newest.year or target == base.value:
        start, origin = promise.start_year - 1, Decimal(0)
    else:
        start, origin = base.year, base.value
    way = target - origin
    covered = (newest.value - origin) / way * 100 if way else Decimal(0)
    elapsed = Decimal(newest.year - start) / Decimal(max(1, due - start)) * 100
    return _graded(
        elapsed - covered,
        _(
            "%(year)s 年为 %(value)s%(unit)s，离目标还差 %(gap)s%(apart)s；"
            "还需每年 %(pace)s%(apart)s。"
        )
        % {
            "year": newest.year,
            "value": _number(newest.value),
            "gap": _number(abs(target - newest.value)),
            "pace": _number(round(abs(target - newest.value) / (due - newest.year), 2)),
            "unit": unit,
            "apart": _apart(unit),
        },
        _("按已走过的路程与已过去的时间相比，落后 10 个百分点以内为正常，30 个以内为滞后。"),
    )


def _counted(verb: str, met: int, measured: int, total: int) -> str:
    """Say how many children keep a promise, and of how many nothing is known."""
    told = _("%(total)s 个下级地区中 %(met)s 个%(verb)s") % {
        "total": total,
        "met": met,
        "verb": verb,
    }
    if measured < total:
        told += _("，%(blank)s 个没有可用数值") % {"blank": total - measured}
    return told + _("。")


def judge_children(
    promise: Promise, values: dict[int, list[Point]], as_of: int, unit: str
) -> tuple[Attainment, int, int, int]:
    """Judge a promise made for every child region; return verdict, met, measured and total.

    It is kept only when every child keeps it: 6 of 8 is not 已达标.
    """
    verdicts = [judge(promise, points, as_of, unit) for points in values.values()]
    total = len(verdicts)
    met = sum(one.code in ("met", "met_uncertain") for one in verdicts)
    measured = sum(one.code not in ("not_measured", "stale") for one in verdicts)
    rule = _("每个下级地区都达到，才算达标。")
    told = _counted(_("达到"), met, measured, total)
    if not measured:
        return Attainment("not_measured", told, rule), met, measured, total
    if met == total:
        return Attainment("met", told, rule), met, measured, total
    code = "behind" if met * 2 >= total else "far_behind"
    return Attainment(code, told, rule), met, measured, total


def judge_share(
    promise: Promise, values: dict[int, list[Point]], as_of: int, unit: str
) -> tuple[Attainment, list[Point], int, int, int]:
    """Judge a promise made for a share of the child regions, each a yes (above nought) or a no.

    Return the verdict, the share of each year that has a value (percent of all children), and
    how many children keep it, have a value at all, and there are. The newest value of a child
    counts until its next one.
    """
    total = len(values)
    years = sorted({one.year for points in values.values() for one in points if one.year <= as_of})
    kept = [(year, *_kept(values, year)) for year in years]
    shares = [
        Point(year, round(Decimal(yes) * 100 / total, 1)) for year, yes, _measured in kept if total
    ]
    yes, measured = kept[-1][1:] if kept else (0, 0)
    verdict = judge(promise, shares, as_of, unit)
    told = _counted(_("做到"), yes, measured, total)
    return Attainment(verdict.code, told, verdict.rule), shares, yes, measured, total


def _kept(values: dict[int, list[Point]], year: int) -> tuple[int, int]:
    """Return how many children have a yes, and how many any value, at the end of a year."""
    newest = [
        max((one for one in points if one.year <= year), key=lambda one: one.year, default=None)
        for points in values.values()
    ]
    known = [one for one in newest if one is not None]
    return sum(one.value > 0 for one in known), len(known)


def project(points: list[Point], year: int) -> Decimal | None:
    """Return the value that a year would have at the mean pace from the first to the last point.

    None with fewer than three measured points, or where the year is not ahead of the last.
    """
    seen = sorted(points, key=lambda one: one.year)
    if len(seen) < 3 or seen[-1].year >= year:
        return None
    first, last = seen[0], seen[-1]
    pace = (last.value - first.value) / (last.year - first.year)
    return round(last.value + pace * (year - last.year), 2)
