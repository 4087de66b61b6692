"""Is a target met? Each word of the vocabulary, and what must never happen."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.attainment import Point, Promise, judge, judge_children, meets


def point(year, value, low=None, high=None):
    def decimal(x):
        return None if x is None else Decimal(str(x))

    return Point(year, decimal(value), decimal(low), decimal(high))


SURVEY = Promise("gt", Decimal("10.5"), 2020, False, "survey", 2016)
NORM = Promise("gt", Decimal(1), None, True, "level", 2016)


@pytest.mark.parametrize(
    ("operator", "value", "met"),
    [
        ("gt", "10.5", False),
        ("gt", "10.51", True),
        ("gte", "10.5", True),
        ("lt", "10.5", False),
        ("lte", "10.5", True),
        ("eq", "10.5", True),
        ("approx", "9.5", True),
        ("approx", "9.4", False),
    ],
)
def test_operators(operator, value, met):
    assert meets(operator, Decimal(value), Decimal("10.5")) is met


def test_exactly_the_value_does_not_exceed_it():
    assert judge(SURVEY, [point(2020, "10.5")], 2020, "%").code == "far_behind"


def test_no_value_reads_not_measured_and_never_zero():
    assert judge(SURVEY, [], 2018, "%").code == "not_measured"


def test_a_value_after_the_day_does_not_count():
    assert judge(SURVEY, [point(2020, 11)], 2018, "%").code == "not_measured"


def test_a_relative_promise_is_not_compared():
    assert judge(Promise("gte", None, 2020, False), [point(2018, 5)], 2018, "%").code == "relative"


def test_a_met_target_is_met():
    assert judge(SURVEY, [point(2020, "10.6")], 2020, "%").code == "met"


def test_an_interval_across_the_target_makes_it_uncertain():
    verdict = judge(SURVEY, [point(2020, "10.6", "9.9", "11.3")], 2020, "%")
    assert verdict.code == "met_uncertain"


def test_an_old_survey_is_stale():
    assert judge(SURVEY, [point(2015, "6.6")], 2019, "%").code == "stale"


@pytest.mark.parametrize(
    ("value", "code"), [("8.9", "on_track"), ("8.2", "behind"), ("7.0", "far_behind")]
)
def test_pace_is_measured_from_the_first_value(value, code):
    points = [point(2015, "6.6"), point(2018, value)]
    assert judge(SURVEY, points, 2018, "%").code == code


@pytest.mark.parametrize(
    ("value", "code"), [("1.08", "met"), ("0.97", "behind"), ("0.5", "far_behind")]
)
def test_a_yearly_norm_is_kept_or_missed(value, code):
    assert judge(NORM, [point(2018, value)], 2018, "元").code == code


def test_differences_of_percentages_are_points():
    verdict = judge(SURVEY, [point(2015, "6.6"), point(2018, "8.9")], 2018, "%")
    assert "还差 1.6 个百分点" in verdict.sentence


@pytest.mark.parametrize("every_year", [True, False])
def test_a_target_of_zero_is_judged_like_any_other(every_year):
    promise = Promise("lte", Decimal(0), None if every_year else 2020, every_year, "cumulative")
    assert judge(promise, [point(2018, 3)], 2018, "起").code == "far_behind"
    assert judge(promise, [point(2018, 0)], 2018, "起").code == "met"


def test_a_target_for_each_child_is_met_only_by_all():
    six = {place: [point(2018, "1.1" if place < 6 else "0.9")] for place in range(8)}
    verdict, met, measured, total = judge_children(NORM, six, 2018, "元")
    assert (verdict.code, met, measured, total) == ("behind", 6, 8, 8)
    eight = {place: [point(2018, "1.1")] for place in range(8)}
    assert judge_children(NORM, eight, 2018, "元")[0].code == "met"


def test_children_without_values_are_told_apart():
    verdict, met, measured, total = judge_children(NORM, {1: [point(2018, 2)], 2: []}, 2018, "元")
    assert (met, measured, total) == (1, 1, 2)
    assert "1 个没有可用数值" in verdict.sentence


ORDER = ["met", "met_uncertain", "on_track", "behind", "far_behind"]


@given(st.decimals(1, 20, places=2), st.decimals(1, 20, places=2))
def test_a_better_value_never_has_a_worse_verdict(low, high):
    low, high = sorted((low, high))
    base = point(2015, "6.6")
    worse = judge(SURVEY, [base, Point(2018, low)], 2018, "%").code
    better = judge(SURVEY, [base, Point(2018, high)], 2018, "%").code
    assert ORDER.index(better) <= ORDER.index(worse)


@given(st.permutations([point(2015, "6.6"), point(2018, "8.9"), point(2016, "7.0")]))
def test_the_order_of_arrival_does_not_matter(points):
    assert judge(SURVEY, list(points), 2018, "%").code == "on_track"
