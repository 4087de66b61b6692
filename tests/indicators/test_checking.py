"""What cannot be right about a value, and what somebody is asked about it."""

from decimal import Decimal
from typing import Any

import pytest

from indicators.checking import Around, Asked, Neighbour, problems, questions
from indicators.models import Indicator, Observation

RATE = Indicator(code="rate", name="比例", unit="%", kind="survey", highest=Decimal(100))
COUNT = Indicator(code="count", name="讲座", unit="场", kind="increment", roll_up="sum")
TOTAL = Indicator(code="total", name="累计", unit="场", kind="cumulative", jump_percent=500)
MONEY = Indicator(code="money", name="经费", unit="元", kind="level", money=True)
PER_HEAD = Indicator(
    code="per_head",
    name="人均经费",
    unit="元",
    kind="level",
    roll_up="ratio",
    reported_at="county",
    numerator_label="经费（元）",
    denominator_label="常住人口（人）",
    denominator_is_population=True,
    money=True,
)
SHARE = Indicator(code="share", name="覆盖率", unit="%", kind="coverage", scale=100,
                  numerator_label="有的", denominator_label="全部")  # fmt: skip


def row(value: Any, year: int = 2024, **more: Any) -> Observation:
    return Observation(year=year, value=Decimal(str(value)), **more)


def per_head(top: int, bottom: int, year: int = 2024, **more: Any) -> Observation:
    value = Decimal(top) / bottom
    more.setdefault("denominator_basis", "resident")
    return Observation(
        year=year, value=value, numerator=Decimal(top), denominator=Decimal(bottom), **more
    )


def beside(value: Any, year: int = 2023, **more: Any) -> Neighbour:
    return Neighbour(year, Decimal(str(value)), **more)


def people(bottom: int, year: int = 2023, **more: Any) -> Neighbour:
    more.setdefault("denominator_basis", "resident")
    return Neighbour(year, Decimal(2), Decimal(2) * bottom, Decimal(bottom), **more)


def codes(found: list[Asked]) -> list[str]:
    return [one.code for one in found]


# --- Questions -----------------------------------------------------------------------------
def test_a_value_like_the_last_one_asks_nothing() -> None:
    assert questions(RATE, row(10.5), Around(before=beside(10.1))) == []


@pytest.mark.parametrize(
    ("value", "year", "asked"), [(15.1, 2024, []), (15.2, 2024, ["jump"]), (20.2, 2025, [])]
)
def test_a_jump_is_asked_about_by_the_years_between(
    value: float, year: int, asked: list[str]
) -> None:
    around = Around(before=beside(10.1))
    assert codes(questions(RATE, row(value, year), around)) == asked


def test_what_cannot_be_has_to_be_mended() -> None:
    (asked,) = questions(RATE, row(105), Around(before=beside(100)))
    assert (asked.code, asked.must_mend) == ("impossible", True)
    assert "0 到 100" in asked.told


def test_a_numerator_above_its_whole_is_asked_about() -> None:
    value = Observation(year=2024, value=Decimal(50), numerator=Decimal(3), denominator=Decimal(2))
    assert codes(questions(SHARE, value, Around())) == ["above_whole"]
    assert codes(questions(PER_HEAD, per_head(3, 2), Around())) == [], "money is no part of people"


@pytest.mark.parametrize(("value", "asked"), [("12.5", ["not_whole"]), ("12", [])])
def test_half_a_lecture_is_asked_about(value: str, asked: list[str]) -> None:
    lectures = Indicator(code="count", name="讲座", unit="场", kind="increment", decimals=0)
    assert codes(questions(lectures, row(value), Around())) == asked


def test_a_cumulative_count_does_not_fall() -> None:
    around = Around(before=beside(90), after=beside(80, 2025))
    assert codes(questions(TOTAL, row(85), around)) == ["falls", "falls_after"]
    assert codes(questions(COUNT, row(85), around)) == [], "an increment may"


def test_yuan_for_ten_thousand_yuan_is_asked_about_instead_of_a_jump() -> None:
    (asked,) = questions(MONEY, row(54), Around(before=beside(520_000)))
    assert asked.code == "unit"
    assert "万元" in asked.told


def test_values_of_two_series_are_never_compared() -> None:
    around = Around(before=beside(10.1, series="新口径"))
    assert questions(RATE, row(50), around) == []


def test_a_known_population_is_held_against_the_one_typed() -> None:
    around = Around(population=Decimal(3_000_000))
    assert codes(questions(PER_HEAD, per_head(6, 3_000_000), around)) == []
    assert codes(questions(PER_HEAD, per_head(6, 3_000_001), around)) == ["population"]


def test_resident_and_registered_people_are_not_compared() -> None:
    around = Around(before=people(3_000_000))
    value = per_head(6_000_000, 3_000_000, denominator_basis="registered")
    assert codes(questions(PER_HEAD, value, around)) == ["population_basis"]


@pytest.mark.parametrize(
    ("before", "year", "bottom", "asked"),
    [
        (2023, 2024, 3_100_000, []),
        (2023, 2024, 3_200_000, ["census"]),
        (2019, 2020, 3_100_000, ["census"]),  # the census of 2020 revised what was before
        (2018, 2019, 3_100_000, []),
        (2014, 2019, 3_600_000, []),
    ],
)
def test_a_break_in_the_population_is_asked_about(
    before: int, year: int, bottom: int, asked: list[str]
) -> None:
    around = Around(before=people(3_000_000, before))
    value = per_head(2 * bottom, bottom, year)
    assert codes(questions(PER_HEAD, value, around)) == asked


@pytest.mark.parametrize(
    ("parts", "complete", "asked"),
    [(9, False, []), (11, False, ["x"]), (9, True, ["x"]), (10, True, [])],
)
def test_parts_are_held_against_their_whole(parts: int, complete: bool, asked: list[str]) -> None:
    around = Around(parts={"below": (Decimal(parts), None, None, complete)})
    found = questions(COUNT, row(10), around)
    assert codes(found) == ["parts_below"] * len(asked)
    assert questions(RATE, row(10), around) == [], "what does not add up is not added up"


def test_parts_of_a_ratio_are_its_numerators_and_denominators() -> None:
    sums = (Decimal(2), Decimal(7_000_000), Decimal(3_000_000), False)
    (asked,) = questions(
        PER_HEAD, per_head(6_000_000, 3_000_000), Around(parts={"departments": sums})
    )
    assert asked.code == "parts_departments"
    assert "分子" in asked.told


# --- Problems ------------------------------------------------------------------------------
VALUE = {"value": Decimal(10)}


@pytest.mark.parametrize(
    ("indicator", "fields", "year", "part", "field"),
    [
        (RATE, VALUE, 2024, "", None),
        (RATE, VALUE, 1989, "", "year"),
        (RATE, VALUE, 2024, "H1", "part"),
        (RATE, {}, 2024, "", "value"),
        (RATE, {"value": Decimal(10) ** 14}, 2024, "", "value"),
        (RATE, {**VALUE, "margin": Decimal(-1)}, 2024, "", "margin"),
        (RATE, {**VALUE, "margin": Decimal(10_000)}, 2024, "", "margin"),
        (RATE, {**VALUE, "design_effect": Decimal(2)}, 2024, "", "sample_size"),
        (RATE, {"status": "not_measured"}, 2024, "", "note"),
        (RATE, {"status": "not_measured", "note": "无调查", **VALUE}, 2024, "", "value"),
        (RATE, {"status": "not_measured", "note": "无调查"}, 2024, "", None),
        (PER_HEAD, VALUE, 2024, "", "value"),
        (PER_HEAD, {"numerator": Decimal(1)}, 2024, "", "denominator"),
        (PER_HEAD, {"numerator": Decimal(1), "denominator": Decimal(0)}, 2024, "", "denominator"),
        (
            PER_HEAD,
            {"numerator": Decimal(10) ** 13, "denominator": Decimal("0.0001")},
            2024,
            "",
            "numerator",
        ),
    ],
)
def test_what_cannot_be_stored_is_told_at_its_field(
    indicator: Indicator, fields: dict[str, Any], year: int, part: str, field: str | None
) -> None:
    assert list(problems(indicator, year, fields, part)) == ([field] if field else [])
