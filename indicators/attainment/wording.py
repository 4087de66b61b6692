"""The words of verdicts: values, what is asked, differences and paces."""

from collections.abc import Callable
from decimal import Decimal

from django.utils.translation import gettext as _

from core.words import decimal_text
from indicators.attainment.rules import Pace, Promise
from indicators.models.catalogue import STORED
from indicators.statistics import Point
from plans.models.words import Operator

COUNTS = ("cumulative", "increment")  # kinds of which there is more or less, not higher or lower


PLACES = 4  # decimals that are shown at most, unless they would tell the wrong side of a target


def places_of(value: Decimal, is_met: Callable[[Decimal], bool]) -> int:
    """Return the decimals to show: all that are stored where fewer would look like met."""
    return PLACES if is_met(round(value, PLACES)) == is_met(value) else STORED


def value_words(value: Decimal, unit: str, places: int = PLACES) -> str:
    """Return a value with its unit: 10.5%, 1 元."""
    space = "" if unit in ("%", "") else " "
    return f"{decimal_text(value, places)}{space}{unit}"


def asked_words(operator: str, value: Decimal, unit: str) -> str:
    """Return what is asked of a value: 超过 10.5%, 约 50%, 全覆盖."""
    if operator == Operator.APPROX:
        return _("约 %(value)s") % {"value": value_words(value, unit)}
    if operator == Operator.EQ and unit == "%" and value == 100:
        return _("全覆盖")
    verb = dict(Operator.choices)[operator]
    return f"{verb} {value_words(value, unit)}"


def apart_words(difference: Decimal, unit: str, places: int = PLACES) -> str:
    """Return a difference without its sign: percentages differ by 个百分点."""
    return value_words(abs(difference), _("个百分点") if unit == "%" else unit, places)


def rate_words(change: Decimal, kind: str, unit: str) -> str:
    """Return a yearly change: 每年提高 0.85 个百分点, 每年减少 3 起."""
    verbs = (_("增加"), _("减少")) if kind in COUNTS else (_("提高"), _("降低"))
    return _("每年%(verb)s %(size)s") % {
        "verb": verbs[change < 0],
        "size": apart_words(round(change, 2), unit),
    }


def pace_words(pace: Pace, promise: Promise, unit: str) -> str:
    """Return the pace needed and the pace had, each where it is known."""
    parts = []
    if pace.needed is not None:
        parts.append(_("还需%(rate)s") % {"rate": rate_words(pace.needed, promise.kind, unit)})
    if pace.had is not None:
        years = {"start": pace.from_year, "end": pace.to_year}
        said = _("%(start)s—%(end)s 年") % years
        if round(pace.had, 2):
            parts.append(said + _("平均") + rate_words(pace.had, promise.kind, unit))
        else:
            parts.append(said + _("没有变化"))
    return _("；").join(parts)


def is_words(point: Point, unit: str, places: int = PLACES) -> str:
    return _("%(year)s 年为 %(value)s") % {
        "year": point.year,
        "value": value_words(point.value, unit, places),
    }


def interval_words(point: Point, unit: str) -> str:
    """Return 95% 区间 8%—9.8%; what a published margin covers is the publisher's to say."""
    if point.low is None or point.high is None:
        return ""
    return _("%(name)s %(low)s—%(high)s") % {
        "name": _("公布的区间") if point.interval == "margin" else _("95% 区间"),
        "low": value_words(round(point.low, 2), unit),
        "high": value_words(round(point.high, 2), unit),
    }


def origin_words(point: Point) -> str:
    """Say where an interval comes from."""
    if point.interval == "wilson":
        return _("区间按样本量和设计效应以 Wilson 法计算。")
    return _("区间来自公布的误差。") if point.interval == "margin" else ""
