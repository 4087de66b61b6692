"""Numbers as people type them: read exactly, converted aloud, or asked about."""

from decimal import Decimal

import pytest

from indicators.numbers import part_unit, read_number, typed


@pytest.mark.parametrize(
    ("text", "unit", "given", "value", "said"),
    [
        ("8.47", "%", "", "8.47", ""),
        ("8.47%", "%", "", "8.47", ""),
        ("105", "%", "‰", "10.5", "已按‰换算为%"),
        ("１２，０００", "元", "", "12000", ""),
        ("12", "元", "万元", "120000", "已按万元换算为元"),
        ("12 万", "元", "", "120000", "已按万元换算为元"),
        ("3000", "万人", "人", "0.3", "已按人换算为万人"),
        ("2.5千人", "人", "", "2500", "已按千人换算为人"),
        ("1.2亿元", "万元", "", "12000", "已按亿元换算为万元"),
        ("12万元", "元", "亿元", "120000", "已按万元换算为元"),
        ("5", "万元", "万元", "5", ""),
    ],
)
def test_a_number_is_read_in_the_wanted_unit(
    text: str, unit: str, given: str, value: str, said: str
) -> None:
    reading = read_number(text, unit, given_unit=given)
    assert (reading.value, reading.said) == (Decimal(value), said)


@pytest.mark.parametrize("text", ["12公里", "12元/人", "12万亿元"])
def test_another_unit_is_no_multiple(text: str) -> None:
    reading = read_number(text, "元")
    assert reading.value is None
    assert "对不上" in reading.problem


@pytest.mark.parametrize(
    ("text", "choices"),
    [("0.105", ("0.105", "10.5")), ("1", ("1", "100")), ("-0.2", ("-0.2", "-20"))],
)
def test_what_could_be_a_share_or_a_percentage_has_two_readings(
    text: str, choices: tuple[str, str]
) -> None:
    assert read_number(text, "%").choices == tuple(map(Decimal, choices))


def test_what_cannot_be_a_share_is_no_question() -> None:
    assert read_number("0.5", "%", highest=Decimal(20)).value == Decimal("0.5")
    assert read_number("0", "%").value == 0


@pytest.mark.parametrize(
    ("label", "unit"),
    [
        ("常住人口（人）", "人"),
        ("经费(万元)", "万元"),
        ("人数", ""),
        ("县（市、区）总数（个）", "个"),
    ],
)
def test_the_unit_of_a_part_stands_behind_its_label(label: str, unit: str) -> None:
    assert part_unit(label) == unit


def test_a_number_is_typed_without_needless_noughts() -> None:
    assert [typed(one) for one in (Decimal("11.200000"), Decimal("1E+3"), 0, None)] == [
        "11.2",
        "1000",
        "0",
        "",
    ]
