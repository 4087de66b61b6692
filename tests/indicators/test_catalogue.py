"""The catalogue that ships with the portal: every line can become an indicator as it stands."""

import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from core.errors import DomainError
from departments.models import Region
from indicators import services
from indicators.catalogue import FUNDING, LITERACY, VENUES, built_in, definition
from indicators.models import Indicator, Observation
from indicators.services.catalogue import RESERVED
from plans.importer.subjects import COVERAGE_CODES
from tests.cast import Cast

GROUPS = {"人员", "场地", "经费", "传媒", "活动", "科学教育", "目标"}
CHOICES = {
    "kind": Indicator.Kind.values,
    "direction": Indicator.Direction.values,
    "roll_up": Indicator.RollUp.values,
    "frequency": Indicator.Frequency.values,
    "reported_at": ["", "county", "city", "province"],
}
BY_CODE = {one["code"]: one for one in built_in()}


def every_line(test: Callable[[dict[str, Any]], None]) -> Callable[[], None]:
    """Run a test for every line of the catalogue; a failure names the line."""

    def run() -> None:
        for one in built_in():
            try:
                test(one)
            except AssertionError as error:
                raise AssertionError(f"{one['code']}: {error}") from error

    run.__name__ = test.__name__
    return run


def test_codes_and_names_are_said_once() -> None:
    for field in ("code", "name"):
        twice = [value for value, n in Counter(one[field] for one in built_in()).items() if n > 1]
        assert twice == [], field


@every_line
def test_a_line_has_the_fields_of_the_model_and_fits_them(one: dict[str, Any]) -> None:
    row = Indicator(**one)
    for name, value in one.items():
        field = Indicator._meta.get_field(name)
        if isinstance(field, models.CharField):
            assert len(value) <= (field.max_length or 0), name
            assert value == value.strip(), name
    assert row.name
    assert re.fullmatch(r"[a-z][a-z0-9_]*", row.code)
    assert row.code not in RESERVED
    row.clean_fields()


@every_line
def test_a_choice_is_one_of_those_there_are(one: dict[str, Any]) -> None:
    assert one["group"] in GROUPS
    for name, allowed in CHOICES.items():
        assert one[name] in allowed, name
    assert set(CHOICES["reported_at"]) < {"", *Region.Level.values}


@every_line
def test_values_are_typed(one: dict[str, Any]) -> None:
    for name in ("denominator_is_population", "by_department", "by_group", "money"):
        assert isinstance(one[name], bool), name
    for name in ("scale", "decimals"):
        assert isinstance(one[name], int), name
    for name in ("lowest", "highest"):
        assert one[name] is None or isinstance(one[name], Decimal), name
    assert 0 <= one["decimals"] <= 4


@every_line
def test_limits_are_in_order_and_percentages_are_of_a_whole(one: dict[str, Any]) -> None:
    if one["lowest"] is not None and one["highest"] is not None:
        assert one["lowest"] < one["highest"]
    if one["unit"] == "%":
        assert (one["lowest"], one["highest"]) == (0, 100)


@every_line
def test_a_ratio_names_both_parts_and_its_scale(one: dict[str, Any]) -> None:
    parts = (bool(one["numerator_label"]), bool(one["denominator_label"]))
    assert parts[0] == parts[1]
    assert parts[0] or one["roll_up"] not in ("ratio", "share")
    assert not parts[0] or one["formula"], "what follows from two parts says how"
    assert not parts[0] or one["roll_up"] != "sum", "a ratio is never a sum of ratios"
    if parts[0] and one["unit"] == "%":
        assert one["scale"] == 100
    if one["name"].startswith("每万人"):
        assert one["scale"] == 10_000
    if not parts[0]:
        assert one["scale"] == 1
    if one["denominator_is_population"]:
        assert "人口" in one["denominator_label"]


@every_line
def test_what_rolls_up_says_from_which_level(one: dict[str, Any]) -> None:
    assert (one["roll_up"] != "none") == bool(one["reported_at"])


@every_line
def test_money_is_in_yuan(one: dict[str, Any]) -> None:
    assert one["money"] == (one["unit"] == "元")


@every_line
def test_a_survey_is_entered_in_the_years_of_the_survey(one: dict[str, Any]) -> None:
    assert (one["kind"] == "survey") == (one["frequency"] == "survey")


def test_official_codes_are_of_the_form_that_the_statistic_prints() -> None:
    coded = [one for one in built_in() if one["official_code"]]
    assert max(Counter(one["official_code"] for one in coded).values()) == 1
    letters = {"人员": "KR", "场地": "KC", "经费": "KJ", "传媒": "KM", "活动": "KH"}
    for one in coded:
        assert re.match(r"^K[A-Z]\d+$", one["official_code"])
        assert one["official_code"].startswith(letters[one["group"]])
        assert one["basis"], "a code names the form that prints it"


def test_the_statistic_is_apart_from_the_goals_of_plans() -> None:
    for one in built_in():
        assert (one["group"] != "目标") == one["code"].startswith("stat_"), one["code"]


def test_what_documents_name_by_a_known_code_is_there() -> None:
    named = {code for _, code in COVERAGE_CODES}
    named |= {LITERACY, FUNDING, VENUES, "vocational_training_access", "science_museum_opening"}
    assert named <= set(BY_CODE)


def test_a_known_code_keeps_its_definition_whatever_the_document_calls_it() -> None:
    assert definition(FUNDING, "科普经费", "元/人", "cumulative") == BY_CODE[FUNDING]
    assert BY_CODE[FUNDING]["unit"] == "元"


def test_an_unknown_code_takes_the_words_of_the_document() -> None:
    made = definition("science_base_count", "科普基地", "个", "cumulative")
    assert made == {
        "code": "science_base_count",
        "name": "科普基地",
        "unit": "个",
        "kind": "cumulative",
    }
    assert definition("x", "", None, "level")["name"] == "x"


def test_a_definition_can_be_changed_without_changing_the_catalogue() -> None:
    definition(VENUES, "", None, "coverage")["name"] = "别的"
    assert BY_CODE[VENUES]["name"] == "建成启用科普场馆的区县"


def test_a_ratio_in_percent_is_counted_in_hundredths(cast: Cast) -> None:
    fields = {
        "code": "share", "name": "比例", "unit": "%", "kind": "level",
        "numerator_label": "甲", "denominator_label": "乙",
    }  # fmt: skip
    with pytest.raises(DomainError) as caught:
        services.add_indicator(fields, by=cast.office)
    assert caught.value.fields == {"scale": ["单位是 % 的比值，倍数应填 100。"]}
    assert services.add_indicator(fields | {"scale": 100}, by=cast.office).scale == 100


def test_definitions_that_shipped_before_learn_what_the_catalogue_says_now(cast: Cast) -> None:
    filling = import_module("indicators.migrations.0002_corrections_questions_and_sheets")
    old = {"reported_at": "", "money": False, "scale": 1, "denominator_is_population": False}
    Indicator.objects.filter(code="funding_per_capita").update(**old)
    mine = Indicator.objects.get(code="school_curriculum_coverage")
    Indicator.objects.filter(pk=mine.pk).update(roll_up="none", numerator_label="", scale=1)
    Observation.objects.create(indicator=mine, region=cast.city_a, year=2020, value=80)
    filling.fill_definitions(apps, None)
    now = Indicator.objects.get(code="funding_per_capita")
    assert (now.reported_at, now.money, now.denominator_is_population) == ("county", True, True)
    mine.refresh_from_db()
    assert (mine.roll_up, mine.scale) == ("none", 1), "its values mean what they meant"
