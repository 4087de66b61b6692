"""How a plan's targets stand: by scope, from verified values only, never from guesses."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from core.charts import Chart
from indicators.attainment import Point, Promise, judge_share
from indicators.models import Observation, Target
from indicators.selectors import TargetView, plan_targets, target_chart, target_words
from tests.cast import Cast
from tests.indicators.given import view_of

Verified = Callable[..., Any]
HALF = Promise("approx", Decimal(50), 2020, False, "coverage", 2016)


def series(*values: tuple[int, str]) -> list[Point]:
    return [Point(year, Decimal(value)) for year, value in values]


def test_a_target_of_the_region_is_judged_by_the_regions_own_values(cast: Cast) -> None:
    view = view_of(cast, "literacy", 2024)
    assert view.newest == Point(2023, Decimal("11.2"))
    assert view.figure == "11.2%"
    assert view.figure_note == "2023 年调查"


def test_values_of_later_years_are_not_known_yet(cast: Cast) -> None:
    view = view_of(cast, "literacy", 2022)
    assert view.attainment.code == "not_measured"
    assert view.figure == ""


def test_only_verified_values_of_the_whole_region_count(cast: Cast, verified: Verified) -> None:
    assert view_of(cast, "funding", 2024).points == []
    verified(cast.funding_per_capita, cast.city_a, 2024, "3", department=cast.finance)
    verified(cast.funding_per_capita, cast.city_a, 2024, "3", population_group="农民")
    assert view_of(cast, "funding", 2024).points == []


def test_spent_money_goes_before_planned_money(cast: Cast, verified: Verified) -> None:
    verified(cast.funding_per_capita, cast.city_a, 2023, "2.4", basis="budget")
    verified(cast.funding_per_capita, cast.city_a, 2023, "1.9", basis="actual")
    view = view_of(cast, "funding", 2024)
    assert [one.value for one in view.points] == [Decimal("1.9")]
    assert view.figure_note == "2023 年决算数"


def test_a_published_margin_makes_an_interval(cast: Cast) -> None:
    Observation.objects.filter(pk=cast.observed.pk).update(margin=Decimal("1.3"))
    view = view_of(cast, "literacy", 2024)
    assert view.newest == Point(
        2023, Decimal("11.2"), Decimal("9.9"), Decimal("12.5"), interval="margin"
    )
    assert view.figure_note == "2023 年调查，区间 9.9—12.5%"


def test_a_sample_with_its_design_effect_makes_an_interval_and_says_so(cast: Cast) -> None:
    row = Observation.objects.filter(pk=cast.observed.pk)
    row.update(sample_size=2000)
    view = view_of(cast, "literacy", 2024)
    assert view.newest is not None
    assert view.newest.low is None, "a sample without its design effect tells nothing"
    row.update(design_effect=Decimal("1.5"))
    view = view_of(cast, "literacy", 2024)
    assert view.newest is not None
    assert view.newest.interval == "wilson"
    assert view.figure_note == "2023 年调查，区间 9.62—13.01%（样本量 2000，设计效应 1.5）"


def test_targets_that_contradict_each_other_are_shown_side_by_side(cast: Cast) -> None:
    other = Target.objects.create(
        plan=cast.plan,
        indicator=cast.literacy_ratio,
        operator="gt",
        value=15,
        unit="%",
        year=2025,
        quote="到2025年，公民具备科学素质的比例超过15%。",
        position=99,
    )
    views = {one.target: one for one in plan_targets(cast.plan, 2024)}
    assert views[cast.literacy].conflicts == [other]
    assert views[other].conflicts == [cast.literacy]
    assert views[cast.literacy].conflict_words == [
        "方案对同一指标另有要求：2025 年超过 15%。两处并列，请核对原文。"
    ]
    assert views[cast.funding].conflicts == []


def test_three_surveys_are_projected_and_two_say_why_not(cast: Cast, verified: Verified) -> None:
    verified(cast.literacy_ratio, cast.city_a, 2021, "9.8")
    view = view_of(cast, "literacy", 2024)
    assert view.outlook is None
    assert view.no_outlook == "只有 2 个实测年份，不足 3 个，不作推算。"
    verified(cast.literacy_ratio, cast.city_a, 2022, "10.6")
    view = view_of(cast, "literacy", 2024)
    assert view.outlook is not None
    assert view.outlook.year == 2025
    assert view.outlook.low < view.outlook.value < view.outlook.high
    assert view.outlook.method == "一元线性回归，3 个实测点，95% 预测区间"
    assert view.no_outlook == ""
    assert view.outlook_words.startswith("推算 2025 年为 ")
    assert view.outlook_words.endswith("（一元线性回归，3 个实测点，95% 预测区间）。")
    drawn = chart(view)
    assert "推算 2025 年约" in drawn.sentence


def test_a_yearly_norm_has_no_outlook_and_no_reason(cast: Cast) -> None:
    view = view_of(cast, "funding", 2024)
    assert (view.projection, view.no_outlook) == (None, "")


def test_the_plans_limits_judge_its_targets(cast: Cast) -> None:
    settings = cast.plan.settings
    settings.behind_points, settings.far_behind_points = 1, 2
    settings.save()
    assert "不超过 1 个百分点" in view_of(cast, "literacy", 2024).attainment.rule


def test_regions_above_are_shown_beside_and_never_judged(cast: Cast, verified: Verified) -> None:
    Observation.objects.filter(pk=cast.observed.pk).delete()
    verified(cast.literacy_ratio, cast.nation, 2023, "14.14")
    view = view_of(cast, "literacy", 2024)
    assert [one.region for one in view.comparison] == [cast.province, cast.nation]
    assert view.attainment.code == "not_measured"


def test_a_year_written_down_as_unmeasured_is_no_point(cast: Cast, verified: Verified) -> None:
    verified(cast.literacy_ratio, cast.city_a, 2024, None)
    view = view_of(cast, "literacy", 2024)
    assert view.unmeasured == [2024]
    assert [one.year for one in view.points] == [2023]


def test_a_promise_for_each_child_counts_children(cast: Cast, verified: Verified) -> None:
    Target.objects.filter(pk=cast.funding.pk).update(scope="each_child", operator="gt")
    for region, value in ((cast.county_a1, "2.5"), (cast.county_a2, "1.4")):
        verified(cast.funding_per_capita, region, 2024, value)
    view = view_of(cast, "funding", 2024)
    assert (view.met, view.measured, view.total) == (1, 2, 2)
    assert view.attainment.code == "behind"
    assert {one.region: one.attainment.code for one in view.children if one.attainment} == {
        cast.county_a1: "met",
        cast.county_a2: "behind",
    }
    assert view.figure == "1 / 2"


def test_a_promise_for_a_share_counts_children_with_a_yes(cast: Cast, verified: Verified) -> None:
    Target.objects.filter(pk=cast.venues.pk).update(
        scope="share_of_children", operator="approx", value=50
    )
    verified(cast.venue_coverage, cast.county_a1, 2023, "1")
    verified(cast.venue_coverage, cast.county_a2, 2024, "0")
    view = view_of(cast, "venues", 2024)
    assert view.figure == "1 / 2"
    assert view.attainment.code == "met"
    assert [one.attainment for one in view.children] == [None, None]


def test_without_children_a_promise_for_them_is_not_judged(cast: Cast) -> None:
    Target.objects.filter(pk=cast.funding.pk).update(scope="each_child", plan=cast.plan_b)
    (view,) = [one for one in plan_targets(cast.plan_b, 2024) if one.target == cast.funding]
    assert view.attainment.code == "not_measured"
    assert view.attainment.sentence == "还没有录入县（市、区），无法判断。"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"operator": "gt", "value": "10.5", "unit": "%", "year": 2020}, "2020 年超过 10.5%"),
        ({"operator": "gte", "value": "2", "unit": "元", "every_year": True}, "每年达到 2 元"),
        ({"operator": "eq", "value": "100", "unit": "%"}, "全覆盖"),
        ({"operator": "approx", "value": "50", "unit": "%", "scope": "share_of_children"},
         "约 50% 的县（市、区）"),
        ({"operator": "gt", "value": "1", "unit": "元", "year": 2020, "scope": "each_child"},
         "各县（市、区） 2020 年超过 1 元"),
        ({"operator": "approx", "value": None, "year": 2020}, "2020 年，原文没有给出数值"),
        ({"operator": "gte", "value": "12", "unit": "%", "stretch_operator": "gt",
          "stretch_value": "13"}, "达到 12%，力争超过 13%"),
    ],
)  # fmt: skip
def test_what_is_asked_is_said_in_words(cast: Cast, fields: dict[str, Any], words: str) -> None:
    for name in ("value", "stretch_value"):
        if fields.get(name) is not None:
            fields[name] = Decimal(fields[name])
    unit = fields.pop("unit", "")
    target = Target(plan=cast.plan, indicator=cast.venue_coverage, unit=unit, **fields)
    assert target_words(target) == words


def chart(view: TargetView) -> Chart:
    found = target_chart(view)
    assert found is not None
    return found


def test_a_survey_chart_names_the_regions_above_at_their_points(cast: Cast) -> None:
    drawn = chart(view_of(cast, "literacy", 2024))
    above = next(one for one in drawn.option["series"] if one.get("name") == "申省")
    labels = [one["label"]["formatter"] for one in above["data"] if one is not None]
    assert labels == ["申省 13.1%"]
    assert above["connectNulls"] is False


def test_years_without_a_value_are_words_in_the_table_of_a_chart(
    cast: Cast, verified: Verified
) -> None:
    Target.objects.filter(pk=cast.funding.pk).update(value=2, operator="gte")
    verified(cast.funding_per_capita, cast.city_a, 2022, "2.2")
    rows = chart(view_of(cast, "funding", 2024)).rows
    assert [list(row[:2]) for row in rows][:3] == [
        ["2021", "尚无数值"],
        ["2022", "2.20"],
        ["2023", "尚无数值"],
    ]


def test_where_nothing_was_ever_measured_there_is_no_chart(cast: Cast) -> None:
    assert target_chart(view_of(cast, "funding", 2024)) is None


def test_a_share_keeps_a_childs_last_word_until_its_next() -> None:
    values = {1: series((2016, "1")), 2: series((2016, "0"), (2018, "1")), 3: []}
    verdict, met, measured, total = judge_share(HALF, values, 2018, "%")
    assert (met, measured, total) == (2, 2, 3)
    assert verdict.code == "met"
    assert verdict.sentence == "3 个下级地区中 2 个做到，1 个没有可用数值。"


def test_a_share_without_any_value_is_not_measured() -> None:
    verdict, *counts = judge_share(HALF, {1: [], 2: []}, 2018, "%")
    assert (verdict.code, counts) == ("not_measured", [0, 0, 2])


@pytest.mark.parametrize(
    ("operator", "asked", "yes", "total", "code"),
    [
        ("gt", "33.3", 1, 3, "met"),  # 33.33…, shown as 33.3
        ("gte", "66.7", 2, 3, "far_behind"),  # 66.66…, shown as 66.7
        ("eq", "100", 2500, 2501, "far_behind"),  # all but one are not 全覆盖
    ],
)
def test_a_share_is_compared_as_it_is_and_not_as_it_is_shown(
    operator: str, asked: str, yes: int, total: int, code: str
) -> None:
    promise = Promise(operator, Decimal(asked), 2020, False, "coverage", 2016)
    values = {one: series((2020, "100" if one < yes else "0")) for one in range(total)}
    assert judge_share(promise, values, 2020, "%")[0].code == code
