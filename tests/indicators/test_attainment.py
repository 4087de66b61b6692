"""Is a target met? Each word of the vocabulary, and what must never happen."""

from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.attainment import (
    Pace,
    Point,
    Promise,
    conflicts_among,
    judge,
    judge_children,
    judge_share,
    meets,
)


def point(year, value, low=None, high=None, **more):
    def decimal(x):
        return None if x is None else Decimal(str(x))

    return Point(year, decimal(value), decimal(low), decimal(high), **more)


SURVEY = Promise("gt", Decimal("10.5"), 2020, False, "survey", 2016)
NORM = Promise("gt", Decimal(1), None, True, "level", 2016)
FEWER = Promise("lte", Decimal(40), 2020, False, "cumulative", 2016, direction="down")


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


# --- Direction -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("operator", "value", "target", "direction", "met"),
    [
        ("eq", "101", "100", "up", True),
        ("eq", "6", "5", "up", True),
        ("eq", "4", "5", "up", False),
        ("eq", "4", "5", "down", True),
        ("eq", "6", "5", "down", False),
        ("approx", "45", "50", "up", True),
        ("approx", "44.9", "50", "up", False),
        ("approx", "55", "50", "down", True),
        ("approx", "55.1", "50", "down", False),
        ("approx", "20", "50", "down", True),
    ],
)
def test_more_in_the_good_direction_is_met_too(operator, value, target, direction, met):
    assert meets(operator, Decimal(value), Decimal(target), direction) is met


OPERATORS = {"up": ["gt", "gte", "eq", "approx"], "down": ["lt", "lte", "eq", "approx"]}
values = st.decimals(-50, 200, places=2)


@pytest.mark.parametrize(
    ("direction", "operator"), [(way, one) for way, some in OPERATORS.items() for one in some]
)
@given(values, values, values)
def test_a_better_value_never_keeps_less(direction, operator, one, other, target):
    better = max(one, other) if direction == "up" else min(one, other)
    if meets(operator, one, target, direction) or meets(operator, other, target, direction):
        assert meets(operator, better, target, direction)


def test_a_fall_that_was_promised_has_its_own_verbs():
    verdict = judge(FEWER, [point(2015, 60), point(2018, 52)], 2018, "起")
    assert verdict.code == "behind"
    assert verdict.sentence == (
        "2018 年为 52 起，离目标还差 12 起；还需每年减少 6 起；2015—2018 年平均每年减少 2.67 起。"
    )
    assert judge(FEWER, [point(2015, 60), point(2018, 39)], 2018, "起").code == "met"
    assert judge(FEWER, [point(2015, 60), point(2018, 45)], 2018, "起").code == "on_track"


def test_what_was_once_met_and_fell_back_is_behind():
    back = [point(2015, 11), point(2018, "10.2")]
    verdict = judge(SURVEY, back, 2018, "%")
    assert verdict.code == "behind"
    assert "曾经达到目标值" in verdict.rule


# --- Pace ----------------------------------------------------------------------------------
def test_the_pace_needed_stands_beside_the_pace_had():
    verdict = judge(SURVEY, [point(2015, "6.6"), point(2018, "8.88")], 2018, "%")
    assert verdict.sentence == (
        "2018 年为 8.88%，离目标还差 1.62 个百分点；还需每年提高 0.81 个百分点；"
        "2015—2018 年平均每年提高 0.76 个百分点。"
    )
    assert verdict.pace == Pace(Decimal("0.81"), Decimal("0.76"), 2015, 2018)
    assert "从 2015 年的数值到目标已走过 58%，时间已过 60%" in verdict.rule


def test_the_base_is_the_last_value_before_the_plan():
    points = [point(2005, "1.6"), point(2015, "6.2"), point(2018, "8.47")]
    assert judge(SURVEY, points, 2018, "%").pace.from_year == 2015


def test_no_pace_is_computed_across_two_ways_of_counting():
    points = [point(2015, "3.3", series="旧"), point(2018, "8.5")]
    verdict = judge(SURVEY, points, 2018, "%")
    assert verdict.pace == Pace(Decimal(1))
    assert "平均" not in verdict.sentence
    assert "只有一个可比的数值" in verdict.rule


def test_after_the_due_year_no_pace_is_asked_for():
    verdict = judge(SURVEY, [point(2015, "6.6"), point(2018, "8.9")], 2020, "%")
    assert verdict.pace.needed is None
    assert "到期年 2020 年没有数值" in verdict.sentence
    assert "还需" not in verdict.sentence


def test_the_plans_own_limits_are_used_and_printed():
    strict = replace(SURVEY, behind=1, far_behind=2)
    points = [point(2015, "6.6"), point(2018, "8.9")]
    verdict = judge(strict, points, 2018, "%")
    assert verdict.code == "behind"
    assert "不超过 1 个百分点" in verdict.rule
    assert "不超过 2 个为滞后" in verdict.rule


# --- Intervals -----------------------------------------------------------------------------
def test_an_uncertain_verdict_says_why_and_where_the_interval_comes_from():
    verdict = judge(SURVEY, [point(2020, "10.6", "9.9", "11.3", interval="wilson")], 2020, "%")
    assert verdict.sentence == (
        "2020 年为 10.6%，达到目标（超过 10.5%）；95% 区间 9.9%—11.3% 跨过目标。"
    )
    assert "Wilson" in verdict.rule
    published = judge(SURVEY, [point(2020, "10.6", "9.9", "11.3", interval="margin")], 2020, "%")
    assert "公布的区间" in published.sentence


def test_a_missed_target_inside_the_interval_stays_missed_and_says_so():
    verdict = judge(SURVEY, [point(2020, "10.4", "9.7", "11.1", interval="wilson")], 2020, "%")
    assert verdict.code == "far_behind"
    assert "跨过目标，统计上不能断定没有达到" in verdict.sentence


def test_a_met_survey_without_an_interval_says_that_it_has_none():
    assert "没有计算区间" in judge(SURVEY, [point(2020, "10.6")], 2020, "%").rule


# --- Years ---------------------------------------------------------------------------------
def test_a_yearly_norm_names_the_years_that_missed_it():
    kept = [point(2016, "0.95"), point(2018, "1.08")]
    verdict = judge(NORM, kept, 2018, "元")
    assert verdict.code == "met"
    assert verdict.sentence == (
        "2018 年为 1.08 元，达到每年的要求（超过 1 元）；2016 年未达到（0.95 元）；"
        "2017 年没有数值。"
    )


def test_exactly_the_norm_does_not_exceed_it():
    assert "正好是目标值" in judge(NORM, [point(2018, 1)], 2018, "元").sentence


def test_what_was_met_too_late_says_so():
    early = replace(NORM, every_year=False, year=2017)
    verdict = judge(early, [point(2017, "0.9"), point(2018, "1.2")], 2018, "元")
    assert verdict.code == "met"
    assert "到期年 2017 年没有达到（0.9 元）" in verdict.sentence


def test_a_promise_whose_time_is_over_does_not_grow_stale():
    early = replace(NORM, every_year=False, year=2016)
    assert judge(early, [point(2016, "1.2")], 2020, "元").code == "met"


def test_values_before_the_plan_are_no_reason_to_call_it_behind():
    verdict = judge(SURVEY, [point(2015, "6.6")], 2017, "%")
    assert verdict.code == "not_measured"
    assert verdict.sentence == (
        "2016 年以来没有可用的数值；此前的 2015 年为 6.6%；目标为超过 10.5%。"
    )
    assert judge(NORM, [point(2015, "1.2")], 2016, "元").code == "not_measured"


@given(st.lists(st.tuples(st.integers(2010, 2020), values), max_size=5), st.integers(2016, 2020))
def test_every_verdict_prints_its_criterion(found, as_of):
    points = [Point(year, value) for year, value in found]
    for promise in (SURVEY, NORM, FEWER, replace(SURVEY, value=None)):
        verdict = judge(promise, points, as_of, "%")
        assert verdict.rule.endswith("。")
        assert verdict.sentence.endswith("。")


# --- Children ------------------------------------------------------------------------------
def test_six_counties_of_eight_do_not_keep_zibos_promise():
    # 淄博: 到2020年，各区县人均科普专项经费超过1元.
    zibo = replace(NORM, every_year=False, year=2020)
    eight = {place: [point(2020, "1.1" if place < 6 else "0.9")] for place in range(8)}
    verdict, *counts = judge_children(zibo, eight, 2020, "元")
    assert (verdict.code, counts) == ("behind", [6, 8, 8])
    assert verdict.sentence == "8 个下级地区中 6 个达到，2 个没有达到。"
    assert verdict.rule.startswith("每个下级地区都达到，才算达标")


def test_children_without_a_value_prevent_met_but_are_not_behind():
    values = {1: [point(2018, 2)], 2: [], 3: [point(2018, 3)]}
    verdict, *counts = judge_children(NORM, values, 2018, "元")
    assert (verdict.code, counts) == ("not_measured", [2, 2, 3])
    old = {1: [point(2018, 2)], 2: [point(2016, 2)]}
    verdict, *counts = judge_children(NORM, old, 2018, "元")
    assert verdict.code == "stale"
    assert verdict.sentence == ("2 个下级地区中 1 个达到，1 个的数值已过期。")
    verdict, *counts = judge_children(NORM, {1: [point(2016, 2)], 2: [point(2015, 1)]}, 2018, "元")
    assert verdict.sentence == "2 个下级地区的数值都已过期。"


def test_a_child_that_only_perhaps_keeps_it_makes_the_whole_uncertain():
    values = {1: [point(2018, 12)], 2: [point(2018, 11, 10, 12)]}
    verdict, *counts = judge_children(SURVEY, values, 2018, "%")
    assert (verdict.code, counts) == ("met_uncertain", [2, 2, 2])
    assert "1 个的区间跨过目标" in verdict.sentence


@given(st.lists(st.none() | st.decimals(0, 3, places=2), min_size=1, max_size=8))
def test_all_children_keep_it_or_it_is_not_met(amounts):
    children = {
        place: [] if one is None else [Point(2018, one)] for place, one in enumerate(amounts)
    }
    verdict, met, measured, total = judge_children(NORM, children, 2018, "元")
    assert (verdict.code == "met") == all(one is not None and one > 1 for one in amounts)
    assert met <= measured <= total == len(amounts)


def test_a_share_that_unknown_children_could_turn_is_not_judged():
    half = Promise("approx", Decimal(50), 2020, False, "coverage", 2016)
    known = {1: [point(2020, 1)], 2: [point(2020, 0)], 3: [point(2020, 0)]}
    assert judge_share(half, known, 2020, "%")[0].code == "far_behind"
    unknown = {1: [point(2020, 1)], 2: [point(2020, 0)], 3: []}
    verdict = judge_share(half, unknown, 2020, "%")[0]
    assert verdict.code == "not_measured"
    assert "不判定" in verdict.rule
    few = replace(half, operator="lte", direction="down")
    assert judge_share(few, unknown, 2020, "%")[0].code == "not_measured"


# --- Conflicts -----------------------------------------------------------------------------
@dataclass(frozen=True)
class Asked:
    pk: int
    operator: str
    value: Decimal | None
    due: int | None = 2020
    indicator_id: int = 1
    scope: str = "self"


def test_two_numbers_for_the_same_stand_side_by_side():
    first, other = Asked(1, "gte", Decimal(10)), Asked(2, "gt", Decimal("10.5"))
    apart = [
        Asked(3, "gte", Decimal(10)),  # says the same again
        Asked(4, "gte", Decimal(8), due=2018),
        Asked(5, "gte", Decimal(8), scope="each_child"),
        Asked(6, "gte", Decimal(8), indicator_id=2),
        Asked(7, "gte", None),
    ]
    found = conflicts_among([first, other, *apart])
    assert found == {1: [other], 2: [first, apart[0]], 3: [other]}


def test_a_norm_of_every_year_speaks_of_the_due_year_too():
    # 淄博: 2020年超过1元, and elsewhere 每年不低于1元.
    due, yearly = Asked(1, "gt", Decimal(1)), Asked(2, "gte", Decimal(1), due=None)
    assert conflicts_among([due, yearly]) == {1: [yearly], 2: [due]}


ORDER = ["met", "met_uncertain", "on_track", "behind", "far_behind"]


@pytest.mark.parametrize("operator", ["gt", "gte", "eq", "approx"])
@pytest.mark.parametrize("kind", ["survey", "level", "cumulative"])
@pytest.mark.parametrize("every_year", [True, False])
@settings(max_examples=25)  # of each of two dozen cases
@given(
    st.decimals(1, 20, places=2),
    st.decimals(1, 20, places=2),
    st.none() | st.decimals(1, 20, places=2),
    st.sampled_from([2017, 2018, 2020]),
)
def test_a_better_value_never_has_a_worse_verdict(
    operator, kind, every_year, one, other, base, year
):
    promise = replace(
        SURVEY,
        operator=operator,
        kind=kind,
        every_year=every_year,
        year=None if every_year else 2020,
    )
    down = replace(
        promise, direction="down", operator={"gt": "lt", "gte": "lte"}.get(operator, operator)
    )
    for asked, (worse, better) in (
        (promise, sorted((one, other))),
        (down, sorted((one, other), reverse=True)),
    ):
        before = [] if base is None else [Point(2015, base)]
        codes = [
            judge(asked, [*before, Point(year, value)], year, "%").code for value in (better, worse)
        ]
        assert ORDER.index(codes[0]) <= ORDER.index(codes[1])


@given(st.permutations([point(2015, "6.6"), point(2018, "8.9"), point(2016, "7.0")]))
def test_the_order_of_arrival_does_not_matter(points):
    assert judge(SURVEY, list(points), 2018, "%").code == "on_track"
