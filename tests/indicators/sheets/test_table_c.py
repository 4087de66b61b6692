"""Table C of a plan: out with what is known, back with what was filled in."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import Indicator, Observation, Target
from tests.cast import Cast

At = Callable[[Any], Any]
SURVEY, MONEY, VENUES = "公民具备科学素质的比例", "人均科普专项经费", "建成启用科普场馆的区县"


@pytest.fixture
def training(cast: Cast) -> Target:
    """A target of a count that every year adds to."""
    indicator = Indicator.objects.create(
        code="training", name="培训人次", unit="人次", kind="cumulative", region=cast.city_a
    )
    return Target.objects.create(
        plan=cast.plan, indicator=indicator, operator="gte", value=1000, year=2025,
        quote="五年培训1000人次。", position=9,
    )  # fmt: skip


def of(cast: Cast, year: int, indicator: Any = None) -> Observation:
    return Observation.objects.get(
        indicator=indicator or cast.literacy_ratio, region=cast.city_a, year=year, department=None
    )


def test_the_table_holds_each_target_with_base_values_and_units(
    cast: Cast, desk: At, verified: Callable[..., Any], training: Target
) -> None:
    verified(cast.literacy_ratio, cast.city_a, 2015, "6.2")
    verified(cast.literacy_ratio, cast.city_a, 2020, "8.47")
    verified(training.indicator, cast.city_a, 2022, "250")
    verified(training.indicator, cast.city_a, 2023, "400")
    table = desk(cast.office).table_c(cast.plan)
    first = "序号 指标 单位 属性（预期性/约束性） 基期值（年） 目标值（年） 2021年实际值"
    assert " ".join(table.at).startswith(first)
    survey = table.row(指标=SURVEY)
    shown = {title: table.cell(survey, title).value for title in table.at}
    assert shown["基期值（年）"] == "8.47%（2020年）"
    assert shown["目标值（年）"] == "2025 年达到 14%"
    assert (shown["2023年实际值"], shown["2022年实际值"]) == (11.2, None)
    assert shown["完成率"] == "—"
    assert shown["属性（预期性/约束性）"] == "预期性"
    count = table.row(指标="培训人次")
    assert table.cell(count, "完成率").value == "40%"
    assert not table.cell(count, "2024年实际值").protection.locked


def test_ratios_and_counts_of_places_are_locked_and_it_says_where_to_fill_them(
    cast: Cast, desk: At, verified: Callable[..., Any]
) -> None:
    verified(cast.venue_coverage, cast.county_a1, 2023, "100")
    table = desk(cast.office).table_c(cast.plan)
    for name in (MONEY, VENUES):
        assert table.cell(table.row(指标=name), "2024年实际值").protection.locked
    notes = " ".join(str(table.sheet.cell(row, 1).value) for row in range(1, table.header))
    assert f"“{MONEY}”不在本表填：由分子、分母算出" in notes
    assert f"{MONEY} 2024 年（草稿）" in notes
    Target.objects.filter(pk=cast.venues.pk).update(scope="self")
    table = desk(cast.office).table_c(cast.plan)
    assert table.cell(table.row(指标=VENUES), "2023年实际值").value == "50.0（汇总，缺 1）"
    Target.objects.filter(pk=cast.venues.pk).update(scope="each_child", value=100, operator="gte")
    table = desk(cast.office).table_c(cast.plan)
    assert table.cell(table.row(指标=VENUES), "2023年实际值").value == "1 / 2"


def test_who_does_not_fill_it_in_gets_it_locked(cast: Cast, desk: At) -> None:
    table = desk(cast.leader).table_c(cast.plan)
    assert table.cell(table.row(指标=SURVEY), "2024年实际值").protection.locked
    assert table.cell(table.row(指标=MONEY), "2024年实际值").value is None, "a draft of the office"


def test_what_was_filled_in_becomes_drafts(cast: Cast, desk: At, training: Target) -> None:
    office = desk(cast.office)
    table = office.table_c(cast.plan)
    survey, count = table.row(指标=SURVEY), table.row(指标="培训人次")
    table.put(survey, **{"2024年实际值": "12.5%", "2022年实际值": "未测"})
    table.put(survey, 未完成原因="当年没有调查")
    table.put(count, **{"2023年实际值": "1.2万", "2024年实际值": 15_000}, 数据来源="台账")
    page = office.page(table.saved(), plan=cast.plan.pk)
    assert "新增 4 个数值，改动 0 个" in page
    assert "已按万人次换算为人次" in page
    office.apply()
    assert of(cast, 2024).value == Decimal("12.5")
    assert (of(cast, 2022).status, of(cast, 2022).note) == ("not_measured", "当年没有调查")
    assert of(cast, 2023, training.indicator).value == 12_000
    assert of(cast, 2024, training.indicator).source == "台账"
    filled = office.table_c(cast.plan)
    assert filled.cell(filled.row(指标=SURVEY), "2022年实际值").value == "未测"
    assert "没有改动" in office.page(filled.saved(), plan=cast.plan.pk)


@pytest.mark.parametrize(
    ("name", "cells", "told"),
    [
        (SURVEY, {"2024年实际值": "很多"}, "2024年实际值：“很多”不是数字"),
        (SURVEY, {"2025年实际值": 13}, "2025年实际值：2025 年还没有到，不能填。"),
        (SURVEY, {"2022年实际值": "未测"}, "“未测”或“不适用”请写明原因。"),
        (SURVEY, {"2023年实际值": None}, "2023年实际值：已有的数值不能在表里清空"),
        (SURVEY, {"2023年实际值": 11.3}, "这一年已有核对过的数值，更正请写明理由。"),
        (SURVEY, {"2024年实际值": "=1+1"}, "（L5）是公式"),
        (MONEY, {"2021年实际值": 2}, "2021年实际值：由分子、分母算出"),
        (VENUES, {"未完成原因": "还在建"}, "本行还没有数值"),
        (SURVEY, {"编号（请勿改动）": "7777"}, "这一行隐藏的编号或版本被改动了"),
        (SURVEY, {"版本（请勿改动）": None}, "这一行隐藏的编号或版本被改动了"),
    ],
)
def test_each_bad_cell_is_told_and_nothing_is_written(
    cast: Cast, desk: At, name: str, cells: dict[str, Any], told: str
) -> None:
    office = desk(cast.office)
    table = office.table_c(cast.plan)
    row = table.put(table.row(指标=name), **cells)
    told = told.replace("L5", f"{table.cell(row, '2024年实际值').coordinate}")
    before = list(Observation.objects.order_by("pk").values())
    page = office.page(table.saved(), plan=cast.plan.pk)
    assert f"第 {row} 行" in page
    assert told in page
    assert office.apply().status_code == 422
    assert list(Observation.objects.order_by("pk").values()) == before


def test_a_percentage_that_could_be_two_is_asked(cast: Cast, desk: At) -> None:
    office = desk(cast.office)
    table = office.table_c(cast.plan)
    row = table.put(table.row(指标=SURVEY), **{"2024年实际值": 0.125})
    assert "请您决定" in office.page(table.saved(), plan=cast.plan.pk)
    assert office.apply().status_code == 422
    office.apply(**{f"{row}-y2024": "12.5"})
    assert of(cast, 2024).value == Decimal("12.5")


def test_a_target_stated_twice_is_filled_in_once_or_alike(cast: Cast, desk: At) -> None:
    Target.objects.create(
        plan=cast.plan, indicator=cast.literacy_ratio, operator="gt", value=14, year=2025,
        quote="超过14%。", position=10,
    )  # fmt: skip
    office = desk(cast.office)
    table = office.table_c(cast.plan)
    goals = [{"目标值（年）": f"2025 年{words} 14%"} for words in ("达到", "超过")]
    rows = [table.row(**goal) for goal in goals]
    for row in rows:
        table.put(row, **{"2024年实际值": 12})
    assert "新增 1 个数值" in office.page(table.saved(), plan=cast.plan.pk)
    table.put(rows[1], **{"2024年实际值": 13})
    page = office.page(table.saved(), plan=cast.plan.pk)
    assert f"2024年实际值：与第 {rows[0]} 行重复" in page


def test_a_cell_changed_since_the_download_is_told(cast: Cast, desk: At) -> None:
    office = desk(cast.office)
    table = office.table_c(cast.plan)
    Observation.objects.create(
        indicator=cast.literacy_ratio, region=cast.city_a, year=2024, value=13, office=cast.city_a
    )
    table.put(table.row(指标=SURVEY), **{"2024年实际值": 12})
    page = office.page(table.saved(), plan=cast.plan.pk)
    assert "下载之后这个数值被别人改动过，系统里现在是：13.00%" in page


def test_a_table_is_for_the_office_of_the_plan(cast: Cast, desk: At) -> None:
    content = desk(cast.office).table_c(cast.plan).saved()
    to = f"/indicators/table-c/?plan={cast.plan.pk}"
    assert desk(cast.office).upload(content, to=to).status_code == 200
    assert desk(cast.liaison).upload(content, to=to).status_code == 403
    assert desk(cast.leader).upload(content, to=to).status_code == 403
    assert desk(cast.office_b).upload(content, to=to).status_code == 404
    assert desk(cast.office_b).browser.get(to).status_code == 404
    assert desk(cast.office).upload(content, to="/indicators/table-c/").status_code == 422


def test_many_targets_ask_the_database_as_often_as_few(
    cast: Cast, desk: At, verified: Callable[..., Any]
) -> None:
    office = desk(cast.office)

    def asked() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as out:
            table = office.table_c(cast.plan)
        for row in range(table.header + 1, table.sheet.max_row):
            if not table.cell(row, "2024年实际值").protection.locked:
                table.put(row, **{"2024年实际值": 12})
        with CaptureQueriesContext(connection) as back:
            office.page(table.saved(), plan=cast.plan.pk)
        return len(out), len(back)

    few = asked()
    for number in range(40):
        indicator = Indicator.objects.create(code=f"i{number}", name=f"指标{number}", kind="level")
        verified(indicator, cast.city_a, 2023, "5")
        Target.objects.create(
            plan=cast.plan, indicator=indicator, operator="gte", value=10, year=2025,
            quote="目标。", position=20 + number,
        )  # fmt: skip
    assert asked() == few


@pytest.mark.parametrize("code", ["sheets", "tidy", "table-c", "catalogue"])
def test_an_address_of_a_page_is_no_code_of_an_indicator(cast: Cast, code: str) -> None:
    from core.errors import DomainError
    from indicators.services import add_indicator

    with pytest.raises(DomainError, match="系统页面的地址"):
        add_indicator({"code": code, "name": "甲", "kind": "level"}, by=cast.office)
