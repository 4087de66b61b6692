"""Numbers as people type them: read exactly, or asked about, never guessed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.models import Indicator
from indicators.numbers import part_unit, read_number, read_yes_no, split_unit, typed

NUMBERS = st.decimals(
    min_value=-(10**13), max_value=10**13, places=6, allow_nan=False, allow_infinity=False
)


@given(NUMBERS)
def test_what_is_written_out_is_read_back(number: Decimal) -> None:
    assert read_number(f"{number:f}").value == number
    assert read_number(typed(number)).value == number
    assert read_number(f" {number:,f} ".replace("-", "−")).value == number


@given(NUMBERS)
def test_a_percent_sign_settles_what_a_number_is(number: Decimal) -> None:
    assert read_number(f"{number:f}%", "%", highest=Decimal(100)).value == number
    assert read_number(f"{number:f}％", "%").value == number, "the wide sign as well"


@given(NUMBERS)
def test_a_bare_share_is_asked_about_and_nothing_else_is(number: Decimal) -> None:
    reading = read_number(f"{number:f}", "%", highest=Decimal(100))
    if number != 0 and abs(number) <= 1:
        assert reading.choices == (number, number * 100)
        assert reading.value is None
    else:
        assert reading.value == number


@given(NUMBERS, st.sampled_from(["元", "万元", "亿元", "百万元", "千元"]))
def test_money_keeps_its_amount_whatever_its_unit(number: Decimal, unit: str) -> None:
    times, _base = split_unit(unit)
    assert read_number(f"{number:f}{unit}", "元").value == number * times
    if abs(number * times) < 10**14:  # more is told to be too large
        assert read_number(f"{number * times:f} 元", unit).value == number


@given(st.text(max_size=30))
def test_no_text_is_both_a_number_and_a_problem(text: str) -> None:
    reading = read_number(text, "元")
    assert sum(map(bool, (reading.value is not None, reading.problem, reading.choices))) <= 1


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("10.5", "%", "10.5"),
        ("10.5%", "%", "10.5"),
        ("0.105%", "%", "0.105"),
        ("105‰", "%", "10.5"),
        ("0", "%", "0"),
        ("１２．５", "", "12.5"),
        ("1,234.5", "", "1234.5"),
        ("12万", "元", "120000"),
        ("12万元", "元", "120000"),
        ("120000", "元", "120000"),
        ("120000元", "万元", "12"),
        ("+3", "", "3"),
        (".5", "元", "0.5"),
    ],
)
def test_a_number_is_read(text: str, unit: str, value: str) -> None:
    assert read_number(text, unit).value == Decimal(value)


@pytest.mark.parametrize("text", ["0.105", "1", "-0.5", "0.9"])
def test_0_105_of_a_percentage_has_two_readings(text: str) -> None:
    number = Decimal(text)
    assert read_number(text, "%", highest=Decimal(100)).choices == (number, number * 100)


@pytest.mark.parametrize(
    "text", ["许多", "1.2.3", "12,34", "3场5次", "1e5", "10%", "12美元", "9" * 15, "--3"]
)
def test_what_is_no_number_of_money_is_told(text: str) -> None:
    reading = read_number(text, "元")
    assert reading.problem
    assert reading.value is None


@pytest.mark.parametrize(
    ("text", "word"),
    [("未测", "not_measured"), ("未调查", "not_measured"), ("不适用", "not_applicable")],
)
def test_a_word_is_no_number_and_no_nought(text: str, word: str) -> None:
    reading = read_number(text, "%")
    assert (reading.word, reading.value) == (word, None)


@pytest.mark.parametrize("text", ["", " ", "-", "—", "/"])
def test_nothing_is_nothing(text: str) -> None:
    assert read_number(text, "元") == read_number("")


@pytest.mark.parametrize(("text", "value"), [("是", 100), ("已建成", 100), ("否", 0), ("0", 0)])
def test_yes_and_no_are_read(text: str, value: int) -> None:
    assert read_yes_no(text).value == value
    assert read_yes_no("7").problem


def test_a_label_ends_with_its_unit() -> None:
    assert part_unit("常住人口（人）") == "人"
    assert part_unit("常住人口") == ""


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("1.2", "1.20"),
        ("1.234567", "1.23"),
        ("1.2003", "1.20"),
        ("1", "1.00"),
        ("0.996", "0.996"),
        ("0.999996", "0.999996"),
        ("10.49996", "10.49996"),
        ("10.5", "10.50"),
        ("0.001", "0.001"),
        ("49.9999999", "50.000000"),  # more than is stored
    ],
)
def test_a_computed_value_never_reads_like_the_target_that_it_misses(
    value: str, shown: str
) -> None:
    assert Indicator(decimals=2).shown(Decimal(value)) == shown
