"""Typed text becomes a value, or a sentence that says what is wrong."""

from decimal import Decimal

import pytest

from tasks.fields import clean, read


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("55", 55),
        ("５５", 55),
        ("55%", 55),
        ("55 ％", 55),
        (" 0 ", 0),
        ("100", 100),
        ("33.335", "33.34"),
        ("７.5", "7.5"),
    ],
)
def test_percents_are_read_as_people_type_them(text, value):
    assert read("percent", text).value == Decimal(str(value))


@pytest.mark.parametrize("text", ["120", "-1", "100.1", "五十", "1/2", "nan", "Infinity", "5 5 %%"])
def test_an_impossible_percent_is_told_in_a_sentence(text):
    told = read("percent", text)
    assert told.value is None
    assert told.problem.endswith("。")


def test_the_sentence_names_what_was_typed():
    assert "120" in read("percent", "120").problem


@pytest.mark.parametrize(
    ("text", "value"),
    [("262", 262), ("1,200", 1200), ("１２００", 1200), ("1.2万", 12000), ("3 万", 30000)],
)
def test_quantities_know_thousands_and_wan(text, value):
    assert read("quantity", text).value == Decimal(value)


@pytest.mark.parametrize("text", ["-5", "262所", "1e30", "万"])
def test_an_impossible_quantity_is_told(text):
    assert read("quantity", text).problem


@pytest.mark.parametrize("field", ["percent", "quantity", "self_rating", "done"])
def test_required_fields_are_asked_for(field):
    assert read(field, "  ").problem.startswith("请填写")


@pytest.mark.parametrize("field", ["problems", "next_steps"])
def test_optional_fields_may_stay_empty(field):
    assert read(field, "").problem == ""


def test_a_text_that_is_too_long_says_by_how_much():
    assert "5001" in read("done", "字" * 5001).problem


def test_control_characters_are_dropped_and_line_ends_made_one_kind():
    assert clean("a\x00b\x0bc\r\nd\re\tf") == "abc\nd\ne\tf"


def test_only_the_four_self_ratings_are_known():
    assert read("self_rating", "ahead").value == "ahead"
    assert read("self_rating", "excellent").problem
