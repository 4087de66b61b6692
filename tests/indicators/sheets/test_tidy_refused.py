"""What a tidy list is refused for, row by row; who may send it; what it costs."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from departments.models import Region
from indicators.models import Observation, ObservationSheet
from tests.cast import Cast
from tests.indicators.sheets.listed import HEAD, lines, of

At = Callable[[Any], Any]


# --- Bad input -----------------------------------------------------------------------------
WIDE = "指标代码,指标,地区代码,地区,年份,时段,部门,人群,数值,分子,分母,单位,样本量,来源"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("nothing,,980100,,2024,,,,1,,,,,", "指标代码：没有代码为“nothing”的指标"),
        (",,980100,,2024,,,,1,,,,,", "指标代码：请填写指标代码。"),
        ("literacy_ratio,人均经费,980100,,2024,,,,1,,,,,", "指标：代码 literacy_ratio 是"),
        ("literacy_ratio,,999999,,2024,,,,12,,,,,", "地区代码：没有代码为“999999”的地区"),
        ("literacy_ratio,,980100,丑市,2024,,,,12,,,,,", "地区：代码 980100 是“子市”"),
        ("literacy_ratio,,980200,,2024,,,,12,,,,,", "不在您的职责范围之内"),
        ("literacy_ratio,,980100,,明年,,,,12,,,,,", "年份：“明年”不是年份"),
        ("literacy_ratio,,980100,,,,,,12,,,,,", "年份：请填写年份。"),
        ("literacy_ratio,,980100,,2030,,,,12,,,,,", "年份：2030 年还没有到，不能填。"),
        ("literacy_ratio,,980100,,2010,,,,12,,,,,", "2010 年不在方案的年份之内（2016—2025）"),
        ("literacy_ratio,,980100,,2024,,市财政国资局,,12,,,,,", "可能是：市财政局"),
        ("literacy_ratio,,980100,,2024,,气象台,,12,,,,,", "单位名录里没有“气象台”"),
        (
            "literacy_ratio,,980100,,2024,,,外星人,12,,,,,",
            "人群：不认识“外星人”。可以填：全体、城镇居民",
        ),
        ("literacy_ratio,,980100,,2024,第五季,,,12,,,,,", "时段：不认识“第五季”"),
        ("literacy_ratio,,980100,,2024,上半年,,,12,,,,,", "时段：这个指标不按这个时段填报。"),
        ("literacy_ratio,,980100,,2024,,,,很多,,,,,", "数值：“很多”不是数字"),
        ("literacy_ratio,,980100,,2024,,,,12,,,公斤,,", "单位“公斤”与指标的单位 % 对不上"),
        ("literacy_ratio,,980100,,2024,,,,,,,,,", "请填写数值；没有调查的年份请选“未测”。"),
        ("literacy_ratio,,980100,,2024,,,,12,,,,1.5,", "样本量：请只填大于 0 的整数。"),
        ("funding_per_capita,,980100,,2024,,,,2,,,,,", "比值由系统算出，请填分子和分母。"),
        ("funding_per_capita,,980100,,2024,,,,3,200,100,,,", "与分子、分母算出的 2 不一致"),
        ("funding_per_capita,,980100,,2024,,,,,200,,,,", "分母：分子和分母要同时填写。"),
        ("funding_per_capita,,980100,,2024,,,,,200,0,,,", "分母：分母应大于 0。"),
        ("funding_per_capita,,980100,,2024,,,,,200,100,万元,,", "这个指标的单位是“元”"),
        (f"literacy_ratio,,980100,,2024,,,,12,,,,,{'长' * 301}", "来源：有 301 字"),
    ],
)
def test_each_bad_input_is_told_with_its_row_and_nothing_is_written(
    cast: Cast, desk: At, row: str, told: str
) -> None:
    office = desk(cast.office)
    before = list(Observation.objects.order_by("pk").values())
    good = "literacy_ratio,,980100,,2022,,,,10.5,,,,,"
    page = office.page(lines(good, row, head=WIDE), "表.csv", plan=cast.plan.pk)
    assert "第 3 行" in page
    assert "第 2 行" not in page
    assert told in page
    answer = office.apply()
    assert answer.status_code == 422
    assert "没有保存任何内容" in answer.content.decode()
    assert list(Observation.objects.order_by("pk").values()) == before
    assert ObservationSheet.objects.latest("pk").file, "nothing is lost: the file is kept"


def test_all_that_is_wrong_is_told_at_once(cast: Cast, desk: At) -> None:
    rows = ["nothing,980100,2030,1", "literacy_ratio,980100,2024,x", "literacy_ratio,1,2024,2"]
    page = desk(cast.office).page(lines(*rows), "表.csv")
    assert page.count("第 2 行") == 2
    assert "第 3 行" in page
    assert "第 4 行" in page


def test_years_outside_the_plan_come_in_where_the_box_says_so(cast: Cast, desk: At) -> None:
    office = desk(cast.office)
    rows = lines("literacy_ratio,980100,2010,3.2")
    office.page(rows, "表.csv", plan=cast.plan.pk, any_year="1")
    office.apply()
    assert of(cast, 2010).value == Decimal("3.2")


def test_a_row_that_stands_twice_names_the_other(cast: Cast, desk: At) -> None:
    rows = ["literacy_ratio,980100,2024,12", "literacy_ratio,980100,2024,13"]
    page = desk(cast.office).page(lines(*rows), "表.csv")
    assert "第 3 行“公民具备科学素质的比例 子市 2024 年”：与第 2 行重复" in page


def test_a_place_with_an_office_of_its_own_is_not_filled_in_from_above(
    cast: Cast, desk: At
) -> None:
    page = desk(cast.office_province).page(lines("literacy_ratio,980100,2024,12"), "表.csv")
    assert "该地区有自己的纲要办，数值由其填报。" in page


def test_a_draft_changed_since_the_download_is_told(cast: Cast, desk: At) -> None:
    office = desk(cast.office)
    filled = office.tidy()
    Observation.objects.filter(pk=cast.observed_draft.pk).update(version=7)
    filled.put(filled.row(指标代码="funding_per_capita", 年份="2024", 部门="None"), 来源="预算")
    assert "下载之后这个数值被别人改动过，系统里现在是：1.80 元" in office.page(filled.saved())


def test_a_draft_changed_since_the_preview_is_a_conflict(cast: Cast, desk: At) -> None:
    office = desk(cast.office)
    page = office.upload(lines("literacy_ratio,980100,2024,12"), "表.csv")
    seen = page.context["told"].mark
    Observation.objects.create(
        indicator=cast.literacy_ratio, region=cast.city_a, year=2024, value=13, office=cast.city_a
    )
    answer = office.apply(seen)
    assert answer.status_code == 409
    assert "有数值被别人改动过" in answer.content.decode()
    assert "<del>13</del> <ins>12</ins>" in answer.content.decode()
    assert of(cast, 2024).value == 13
    office.apply()
    assert of(cast, 2024).value == 12


def test_what_is_no_table_is_refused_and_not_kept(cast: Cast, desk: At) -> None:
    office = desk(cast.office)
    for content, name in (
        (b"", "表.csv"),
        (b"%PDF-1.4", "表.pdf"),
        ("甲,乙\n1,2\n".encode(), "表.csv"),
        (lines("literacy_ratio,980100,2024,12"), "表.xlsx"),
        (b"PK\x03\x04....", "表.xlsx"),
    ):
        assert office.upload(content, name).status_code == 422
    assert office.browser.post("/indicators/tidy/").status_code == 422
    assert ObservationSheet.objects.get() == cast.value_sheet


def test_the_lost_file_of_a_preview_is_told(cast: Cast, desk: At) -> None:
    office = desk(cast.office)
    office.page(lines("literacy_ratio,980100,2024,12"), "表.csv")
    sheet = ObservationSheet.objects.latest("pk")
    sheet.file.storage.delete(sheet.file.name)
    answer = office.browser.get(f"/indicators/sheets/{sheet.pk}/")
    assert answer.status_code == 422
    assert "上传的文件不在了" in answer.content.decode()


# --- Who -----------------------------------------------------------------------------------
def test_a_file_is_its_uploaders_affair(cast: Cast, desk: At) -> None:
    desk(cast.office).page(lines("literacy_ratio,980100,2024,12"), "表.csv")
    address = f"/indicators/sheets/{ObservationSheet.objects.latest('pk').pk}/"
    for who in (cast.office_2, cast.liaison, cast.office_b, cast.leader):
        assert desk(who).browser.get(address).status_code == 404
        assert desk(who).browser.post(f"{address}apply/").status_code == 404
    assert desk(cast.leader).upload(lines("literacy_ratio,980100,2024,12")).status_code == 403
    assert desk(cast.office_b).browser.get("/indicators/tidy/?region=980100").status_code == 404


def test_a_unit_cannot_write_for_another(cast: Cast, desk: At) -> None:
    liaison = desk(cast.liaison)
    head = f"{HEAD},部门"
    for unit in ("市财政局", ""):
        page = liaison.page(lines(f"literacy_ratio,980100,2024,12,{unit}", head=head), "表.csv")
        assert "指标数值由本地区纲要办或承担统计的单位填报。" in page
        assert liaison.apply().status_code == 422


# --- Cost ----------------------------------------------------------------------------------
@pytest.mark.parametrize("step", ["out", "preview", "apply"])
def test_many_rows_ask_the_database_as_often_as_few(cast: Cast, desk: At, step: str) -> None:
    office = desk(cast.office)
    counties = [
        Region.objects.create(
            code=f"9811{n:02}", name=f"县{n}", level="county", parent=cast.city_a,
            path=f"{cast.city_a.path}9811{n:02}",
        )
        for n in range(40)
    ]  # fmt: skip

    def asked(count: int, first: int) -> int:
        rows = [f"literacy_ratio,{counties[n % 40].code},{first + n // 40},5" for n in range(count)]
        if step == "out":
            office.page(lines(*rows), "表.csv")
            office.apply()
        else:
            office.page(lines(*rows), "表.csv")
            seen = office.browser.get(
                f"/indicators/sheets/{ObservationSheet.objects.latest('pk').pk}/"
            )
        with CaptureQueriesContext(connection) as caught:
            if step == "out":
                office.tidy()
            elif step == "preview":
                office.page(lines(*rows), "表.csv")
            else:
                office.apply(seen.context["told"].mark)
        # SQLite takes only so many values in a statement, and so new rows in several.
        sql = [one["sql"] for one in caught.captured_queries]
        return sum(not one.startswith('INSERT INTO "indicators_observation"') for one in sql)

    assert asked(20, 2023) == asked(200, 2010)


def test_of_a_value_that_one_may_not_fill_in_nothing_is_told(cast: Cast, desk: At) -> None:
    kept = Observation.objects.create(
        indicator=cast.literacy_ratio, region=cast.city_a, year=2021, value="10.1",
        state="verified",
    )  # fmt: skip
    above = desk(cast.office_province)
    filled = above.tidy()
    draft = Observation.objects.create(
        indicator=cast.literacy_ratio, region=cast.city_a, year=2021, value="17.77",
        office=cast.city_a, correction_reason="原表有误",
    )  # fmt: skip
    filled.put(filled.row(指标代码="literacy_ratio", 年份="2021", 地区代码="980100"), 数值=9.9)
    page = above.page(filled.saved())
    assert "该地区有自己的纲要办，数值由其填报。" in page
    assert "17.77" not in page
    assert {kept.state, draft.state} == {"verified", "draft"}
