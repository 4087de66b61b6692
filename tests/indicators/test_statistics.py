"""Intervals and outlooks: published examples, and what must hold whatever the figures."""

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.published import literacy
from indicators.statistics import NoOutlook, Outlook, Point, line, newest_series, outlook, wilson

ROOT = Path(__file__).resolve().parents[2]
HUNDRED = Decimal(100)


def series(*values: tuple[int, str], name: str = "") -> list[Point]:
    return [Point(year, Decimal(value), series=name) for year, value in values]


def ahead(points: list[Point], year: int, **more: Decimal) -> Outlook:
    found = outlook(points, year, **more)
    assert isinstance(found, Outlook), found
    return found


def reason(points: list[Point], year: int) -> str:
    found = outlook(points, year)
    assert isinstance(found, NoOutlook), found
    return found.reason


@pytest.fixture(scope="module", autouse=True)
def _library() -> None:
    """Load the library before a test is timed, whichever runs first."""
    wilson(Decimal(50), 100, Decimal(1))
    line((1, 2, 3), (1.0, 2.0, 3.0), 4)


# --- Wilson --------------------------------------------------------------------------------
# R. G. Newcombe, Two-sided confidence intervals for the single proportion: comparison of seven
# methods, Statistics in Medicine 17 (1998) 857-872, table I, method 3 (score).
@pytest.mark.parametrize(
    ("yes", "of", "low", "high"),
    [
        (81, 263, "0.2553", "0.3662"),
        (15, 148, "0.0624", "0.1605"),
        (0, 20, "0.0000", "0.1611"),
        (1, 29, "0.0061", "0.1718"),
    ],
)
def test_the_published_examples_of_the_score_interval(
    yes: int, of: int, low: str, high: str
) -> None:
    found = wilson(Decimal(yes) * 100 / of, of, Decimal(1))
    assert [round(one / 100, 4) for one in found] == [Decimal(low), Decimal(high)]


percents = st.decimals(0, 100, places=2)
sizes = st.integers(30, 100_000)
effects = st.decimals(1, 5, places=2)


@given(percents, sizes, effects)
def test_an_interval_holds_its_value_and_stays_a_percentage(
    percent: Decimal, size: int, effect: Decimal
) -> None:
    low, high = wilson(percent, size, effect)
    assert 0 <= low <= percent <= high <= 100


@given(percents, sizes, st.integers(1, 5))
def test_a_design_effect_is_a_smaller_sample(percent: Decimal, size: int, effect: int) -> None:
    assert wilson(percent, size * effect, Decimal(effect)) == wilson(percent, size, Decimal(1))


@given(percents, sizes, effects)
def test_a_clustered_sample_never_tells_more(percent: Decimal, size: int, effect: Decimal) -> None:
    low, high = wilson(percent, size, Decimal(1))
    lower, higher = wilson(percent, size, effect)
    assert lower <= low
    assert high <= higher


@given(percents, percents, sizes, effects)
def test_bounds_rise_with_the_value(
    one: Decimal, other: Decimal, size: int, effect: Decimal
) -> None:
    less, more = sorted((one, other))
    below, above = wilson(less, size, effect), wilson(more, size, effect)
    assert below[0] <= above[0]
    assert below[1] <= above[1]


@pytest.mark.parametrize(
    ("percent", "size", "effect"), [("101", 9, "1"), ("-1", 9, "1"), ("5", 0, "1"), ("5", 9, "0")]
)
def test_what_cannot_be_surveyed_has_no_interval(percent: str, size: int, effect: str) -> None:
    with pytest.raises(ValueError, match="Decimal"):
        wilson(Decimal(percent), size, Decimal(effect))


# --- Lines ---------------------------------------------------------------------------------
# D. C. Montgomery, E. A. Peck, G. G. Vining, Introduction to Linear Regression Analysis,
# table 2.1 (rocket propellant: strength in psi, age in weeks) and example 2.7: a batch of
# 10 weeks lies between 2048.32 and 2464.32 psi. Ages are given here in quarters of a week.
STRENGTH = (
    2158.70, 1678.15, 2316.00, 2061.30, 2207.50, 1708.30, 1784.70, 2575.00, 2357.90, 2256.70,
    2165.20, 2399.55, 1779.80, 2336.75, 1765.30, 2053.50, 2414.40, 2200.50, 2654.20, 1753.70,
)  # fmt: skip
AGE = (62, 95, 32, 68, 22, 76, 96, 10, 30, 44, 52, 15, 100, 39, 88, 72, 24, 50, 8, 86)


def test_the_published_example_of_a_prediction_interval() -> None:
    value, low, high = line(AGE, STRENGTH, 40)
    # The book computes with rounded coefficients.
    assert value == pytest.approx(2256.32, abs=0.2)
    assert low == pytest.approx(2048.32, abs=0.2)
    assert high == pytest.approx(2464.32, abs=0.2)


def test_a_straight_line_is_followed() -> None:
    found = ahead(series((2015, "6"), (2016, "7"), (2018, "9")), 2020)
    assert (found.value, found.low, found.high) == (11, 11, 11)
    assert found.method == "一元线性回归，3 个实测点，95% 预测区间"


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ([], "没有实测值，不作推算。"),
        ([(2015, "6")], "只有 1 个实测年份，不足 3 个，不作推算。"),
        ([(2015, "6"), (2018, "9")], "只有 2 个实测年份，不足 3 个，不作推算。"),
        ([(2015, "6"), (2018, "9"), (2020, "10")], "2020 年已有实测值，不作推算。"),
    ],
)
def test_what_is_not_projected_says_why(points: list[tuple[int, str]], words: str) -> None:
    assert reason(series(*points), 2020) == words


def test_two_values_of_one_year_are_one_year() -> None:
    assert "2 个实测年份" in reason(series((2015, "6"), (2016, "7"), (2016, "8")), 2020)


def test_a_percentage_is_projected_to_a_percentage() -> None:
    points = series((2015, "60"), (2016, "80"), (2018, "95"))
    found = ahead(points, 2020, lowest=Decimal(0), highest=HUNDRED)
    assert (found.value, found.high) == (HUNDRED, HUNDRED)
    assert found.method.endswith("；以指标的取值范围为限")


def test_points_of_an_older_way_of_counting_are_left_out_and_it_is_said() -> None:
    old = series((2005, "1.6"), (2010, "3.27"), name="旧")
    new = series((2015, "6.2"), (2018, "8.47"), (2020, "10.56"))
    alone, together = ahead(new, 2022), ahead(old + new, 2022)
    assert (alone.value, alone.low, alone.high) == (together.value, together.low, together.high)
    assert together.method.endswith("；口径不同的 2 个点未计入")
    assert "（口径不同的 2 个点不计）" in reason(old + new[:2], 2020)


def test_the_national_survey_of_2010_joins_no_line_with_later_ones() -> None:
    nation = [one for one in literacy() if one.code == "100000"]
    # «pass rule differs from later surveys (trend break)»: a way of counting of its own.
    points = [
        Point(one.year, one.percent, series="旧" if one.year <= 2010 else "") for one in nation
    ]
    assert [one.year for one in newest_series(points)] == [2015, 2018, 2020, 2022, 2023, 2024]
    found = ahead(points, 2025, lowest=Decimal(0), highest=HUNDRED)
    assert found.low < found.value < found.high
    assert "6 个实测点" in found.method
    assert "口径不同的 3 个点未计入" in found.method
    before = [one for one in points if one.year < 2020]
    assert "只有 2 个实测年份" in reason(before, 2020)


years = st.lists(st.integers(2000, 2030), min_size=3, max_size=8, unique=True)


@st.composite
def measured(draw: st.DrawFn) -> list[Point]:
    return [Point(year, draw(percents)) for year in draw(years)]


@given(measured(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(points: list[Point], shuffler: object) -> None:
    mixed = list(points)
    shuffler.shuffle(mixed)  # type: ignore[attr-defined]
    assert outlook(mixed, 2035) == outlook(points, 2035)


@given(measured())
def test_the_band_holds_the_value_within_the_range(points: list[Point]) -> None:
    found = ahead(points, 2035, lowest=Decimal(0), highest=HUNDRED)
    assert 0 <= found.low <= found.value <= found.high <= 100


@given(measured())
def test_fewer_than_three_points_never_project(points: list[Point]) -> None:
    assert isinstance(outlook(points[:2], 2035), NoOutlook)


@given(measured(), measured())
def test_an_older_way_of_counting_changes_no_figure(old: list[Point], new: list[Point]) -> None:
    earlier = [Point(one.year - 100, one.value, series="旧") for one in old]
    one, other = ahead(new, 2035), ahead(earlier + new, 2035)
    assert (one.value, one.low, one.high) == (other.value, other.low, other.high)


def test_starting_the_portal_does_not_load_the_library() -> None:
    code = (
        "import django, sys; django.setup(); import config.urls, indicators.statistics;"
        "sys.exit(bool({'statsmodels', 'scipy', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"DJANGO_SETTINGS_MODULE": "config.settings", "PATH": "", "DEBUG": "1"},
        check=False,
    )
    assert done.returncode == 0
