"""Lights and means: the rules of design, case by case."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.progress import Standing, Thresholds, Weighted, count_lights, elapsed, light, roll_up

YEAR_END = date(2018, 12, 31)
MID = date(2018, 6, 30)
LIMITS = Thresholds()


@pytest.mark.parametrize(
    ("percent", "schedule", "on", "expected"),
    [
        (Decimal(100), Decimal(50), MID, "done"),
        (Decimal(100), Decimal(100), date(2019, 2, 1), "done"),
        (Decimal(99), Decimal(100), date(2019, 1, 1), "overdue"),
        (None, Decimal(100), date(2019, 1, 1), "overdue"),
        (None, Decimal(50), MID, "unreported"),
        (Decimal(40), Decimal(50), MID, "on_track"),
        (Decimal("39.9"), Decimal(50), MID, "behind"),
        (Decimal(20), Decimal(50), MID, "behind"),
        (Decimal("19.9"), Decimal(50), MID, "far_behind"),
        (Decimal(0), Decimal(5), MID, "on_track"),
    ],
)
def test_lights_are_decided_in_the_order_of_the_design(percent, schedule, on, expected):
    assert light(percent, schedule, YEAR_END, on, LIMITS) == expected


def test_thresholds_are_those_of_the_plan():
    strict = Thresholds(behind=5, far_behind=15)
    assert light(Decimal(40), Decimal(50), YEAR_END, MID, strict) == "behind"
    assert light(Decimal(30), Decimal(50), YEAR_END, MID, strict) == "far_behind"


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2017, 12, 31), Decimal(0)),
        (date(2018, 6, 30), Decimal("49.6")),
        (date(2018, 12, 31), Decimal(100)),
        (date(2020, 1, 1), Decimal(100)),
    ],
)
def test_schedule_is_the_elapsed_share_of_the_own_window(on, expected):
    assert elapsed(date(2018, 1, 1), YEAR_END, on) == expected


def test_a_window_of_one_day_is_over_on_that_day():
    assert elapsed(MID, MID, MID) == 100


def part(percent, *, weight=1, schedule=50, colour="on_track", routine=False, due=YEAR_END):
    value = None if percent is None else Decimal(percent)
    return Weighted(
        Standing(value, Decimal(schedule), colour), Decimal(weight), due, routine=routine
    )


def test_unreported_parts_stay_out_of_the_mean_and_are_counted():
    whole = roll_up([part(60), part(None, colour="unreported")], MID, LIMITS)
    assert (whole.percent, whole.reported, whole.total) == (Decimal("60.0"), 1, 2)


def test_the_mean_is_weighted():
    assert roll_up([part(60, weight=3), part(20, weight=1)], MID, LIMITS).percent == 50


def test_nothing_reported_is_unreported_and_not_zero():
    whole = roll_up([part(None), part(None)], MID, LIMITS)
    assert (whole.percent, whole.light) == (None, "unreported")


def test_nothing_reported_after_the_window_is_overdue():
    assert roll_up([part(None)], date(2019, 1, 1), LIMITS).light == "overdue"


def test_a_whole_is_done_only_when_every_part_is():
    done = part(100, colour="done")
    assert roll_up([done, done], MID, LIMITS).light == "done"
    assert roll_up([done, part(99)], MID, LIMITS).light != "done"
    assert roll_up([done, part(None)], MID, LIMITS).light != "done"


def test_routine_parts_stay_out_of_means():
    assert roll_up([part(40), part(100, routine=True)], MID, LIMITS).percent == 40


def test_a_whole_without_parts_is_unreported():
    assert roll_up([], MID, LIMITS).light == "unreported"


def test_counts_name_every_light():
    assert count_lights(["done", "done", "behind"]) == {
        "on_track": 0,
        "done": 2,
        "behind": 1,
        "far_behind": 0,
        "overdue": 0,
        "unreported": 0,
    }


@given(st.lists(st.integers(0, 100), min_size=1, max_size=20))
def test_a_mean_lies_between_its_parts(percents):
    mean = roll_up([part(one) for one in percents], MID, LIMITS).percent
    assert min(percents) - Decimal("0.05") <= mean <= max(percents) + Decimal("0.05")


@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 100))
def test_more_percent_never_gives_a_worse_light(low, high, schedule):
    order = ["done", "on_track", "behind", "far_behind"]
    low, high = sorted((low, high))
    worse = light(Decimal(low), Decimal(schedule), YEAR_END, MID, LIMITS)
    better = light(Decimal(high), Decimal(schedule), YEAR_END, MID, LIMITS)
    assert order.index(better) <= order.index(worse)
