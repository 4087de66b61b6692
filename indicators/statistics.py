"""What figures allow to be said: intervals of surveys, and where measured points lead.

Decimals in, Decimals out; percent where a share is meant. The formulas are those of statsmodels.
It is imported inside the functions that need it: it costs about three seconds and 140 MB, which
neither the start of Django nor a worker without surveys should pay. Results of floats are rounded
outwards, so that an interval never becomes narrower than it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext as _

ENOUGH = 3  # points; through two of them a line says nothing of its own error


class Point(NamedTuple):
    """A measured value, and its 95 % interval where there is one.

    `series` names the way of counting: only values of the same series are comparable. `interval`
    says where the interval comes from: margin (published), wilson (computed), "" (there is none).
    """

    year: int
    value: Decimal
    low: Decimal | None = None
    high: Decimal | None = None
    series: str = ""
    interval: str = ""


@dataclass(frozen=True, slots=True)
class Outlook:
    """The value that a year ahead would have, its band, and the method in words; never a fact."""

    year: int
    value: Decimal
    low: Decimal
    high: Decimal
    method: str


@dataclass(frozen=True, slots=True)
class NoOutlook:
    """Why nothing is projected, in words."""

    reason: str


def newest_series(points: Iterable[Point]) -> list[Point]:
    """Return the points that are counted as the newest one is, in the order of their years."""
    seen = sorted(points, key=lambda one: (one.year, one.series, one.value))
    return [one for one in seen if one.series == seen[-1].series]


# --- Intervals -----------------------------------------------------------------------------
def wilson(percent: Decimal, sample_size: int, design_effect: Decimal) -> tuple[Decimal, Decimal]:
    """Return the 95 % interval of a surveyed percentage after Wilson.

    A clustered sample tells as much as a simple one that is smaller by its design effect.
    Raises ValueError for a percentage, sample or design effect that cannot be.
    """
    if not 0 <= percent <= 100 or sample_size <= 0 or design_effect <= 0:
        raise ValueError((percent, sample_size, design_effect))
    return _wilson(float(percent), sample_size / float(design_effect))


@lru_cache(maxsize=4096)
def _wilson(percent: float, effective: float) -> tuple[Decimal, Decimal]:
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(percent / 100 * effective, effective, method="wilson")
    # At nought and a hundred the bound is the value itself, which floats may miss by a hair.
    return (
        _rounded(100 * low, 4, ROUND_FLOOR) if percent > 0 else Decimal(0),
        _rounded(100 * high, 4, ROUND_CEILING) if percent < 100 else Decimal(100),
    )


def _rounded(value: float, places: int, way: str) -> Decimal:
    # A float's last digits are noise: outwards means beyond the noise, not because of it.
    return Decimal(repr(round(float(value), 9))).quantize(Decimal(1).scaleb(-places), rounding=way)


# --- Outlook -------------------------------------------------------------------------------
def outlook(
    points: Iterable[Point],
    year: int,
    *,
    lowest: Decimal | None = None,
    highest: Decimal | None = None,
) -> Outlook | NoOutlook:
    """Return where the line through the measured points stands in a year ahead of them.

    Only the newest series counts. Value and band stay within `lowest` and `highest`.
    """
    points = list(points)
    seen = newest_series(points)
    left = len(points) - len(seen)
    years = {one.year for one in seen}
    if seen and seen[-1].year >= year:
        return NoOutlook(_("%(year)s 年已有实测值，不作推算。") % {"year": seen[-1].year})
    if len(years) < ENOUGH:
        return NoOutlook(_too_few(len(years), left))
    told = _("一元线性回归，%(count)s 个实测点，95%% 预测区间") % {"count": len(seen)}
    if left:
        told += _("；口径不同的 %(left)s 个点未计入") % {"left": left}
    found = line(tuple(one.year for one in seen), tuple(float(one.value) for one in seen), year)
    ways = (ROUND_HALF_UP, ROUND_FLOOR, ROUND_CEILING)
    exact = [_rounded(one, 2, way) for one, way in zip(found, ways, strict=True)]
    value, low, high = (_within(one, lowest, highest) for one in exact)
    if [value, low, high] != exact:
        told += _("；以指标的取值范围为限")
    return Outlook(year, value, low, high, told)


def _too_few(years: int, left: int) -> str:
    said = (
        _("只有 %(count)s 个实测年份，不足 %(enough)s 个，不作推算")
        if years
        else _("没有实测值，不作推算")
    ) % {"count": years, "enough": ENOUGH}
    if left:
        said += _("（口径不同的 %(left)s 个点不计）") % {"left": left}
    return said + _("。")


def _within(value: Decimal, lowest: Decimal | None, highest: Decimal | None) -> Decimal:
    if lowest is not None:
        value = max(value, lowest)
    return value if highest is None else min(value, highest)


@lru_cache(maxsize=4096)
def line(
    years: tuple[int, ...], values: tuple[float, ...], year: int
) -> tuple[float, float, float]:
    """Return value and 95 % prediction interval of the least-squares line in a year ahead.

    Raises ValueError for fewer than three different years.
    """
    if len(set(years)) < ENOUGH:
        raise ValueError(years)

    from statsmodels.regression.linear_model import OLS

    # Years are counted from the first: squares of 2015 would cost digits.
    fit = OLS(values, [(1.0, float(one - years[0])) for one in years]).fit()
    ahead = fit.get_prediction([(1.0, float(year - years[0]))])
    ((low, high),) = ahead.conf_int(obs=True, alpha=0.05)
    return float(ahead.predicted_mean[0]), float(low), float(high)
