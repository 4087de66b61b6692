"""Numbers, dates and states as people read them."""

from datetime import date
from decimal import Decimal

import pytest

from core import words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (58, "58%"),
        (Decimal("87.3"), "87.3%"),
        (Decimal("87.25"), "87.3%"),
        (0, "0%"),
        (100.0, "100%"),
        (-3.04, "−3%"),
        (None, "未填报"),
    ],
)
def test_a_percentage_is_rounded_half_up_and_unknown_is_a_word(value: object, text: str) -> None:
    assert words.percent(value) == text  # type: ignore[arg-type]


def test_a_page_may_give_its_own_word_for_unknown() -> None:
    assert words.percent(None, "未测") == "未测"
    assert words.money(None, "未报") == "未报"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (4, "+4"),
        (-3, "−3"),
        (0, "持平"),
        (Decimal("0.04"), "持平"),
        (-0.01, "持平"),
        (None, "无上期"),
    ],
)
def test_a_change_has_its_sign_and_nought_is_a_word(value: object, text: str) -> None:
    assert words.signed(value) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1.08", "1.08 元"),
        ("1", "1.00 元"),
        ("-0.5", "−0.50 元"),
        ("9999.99", "9999.99 元"),
        ("9999.996", "1 万元"),
        ("125000", "12.5 万元"),
        ("120000000", "1.2 亿元"),
    ],
)
def test_money_is_read_in_yuan_then_ten_thousands_then_hundred_millions(
    value: str, text: str
) -> None:
    assert words.money(Decimal(value)) == text


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (date(2018, 1, 1), date(2018, 12, 31), "2018 年"),
        (date(2018, 1, 1), date(2018, 6, 30), "2018 年上半年"),
        (date(2018, 7, 1), date(2018, 12, 31), "2018 年下半年"),
        (date(2018, 7, 1), date(2018, 9, 30), "2018 年第三季度"),
        (date(2016, 2, 1), date(2016, 2, 29), "2016 年 2 月"),
        (date(2016, 1, 1), date(2020, 12, 31), "2016—2020 年"),
        (date(2018, 2, 1), date(2018, 4, 30), "2018 年 2 月 1 日—4 月 30 日"),
        (date(2018, 12, 1), date(2019, 2, 28), "2018 年 12 月 1 日—2019 年 2 月 28 日"),
        (date(2018, 7, 1), date(2018, 9, 15), "2018 年 7 月 1 日—9 月 15 日"),
    ],
)
def test_a_stretch_of_days_has_the_name_that_offices_use(start: date, end: date, text: str) -> None:
    assert words.span(start, end) == text


def test_every_light_differs_by_word_and_icon_and_only_done_has_the_filled_check() -> None:
    lights = list(words.STATUS.values())
    assert len({str(one) for one in lights}) == len({one.icon for one in lights}) == len(lights)
    assert [code for code, one in words.STATUS.items() if one.filled] == ["done"]


def test_workflow_states_wear_no_traffic_light() -> None:
    assert {one.tone for one in words.WORKFLOW.values()} == {""}


def test_on_track_reads_differently_for_a_task_and_for_an_indicator() -> None:
    assert str(words.word("on_track")) == "达到序时"
    assert str(words.word("on_track", "indicator")) == "正常"
    assert str(words.word("not_measured")) == "未测"
    with pytest.raises(KeyError):
        words.word("green")
