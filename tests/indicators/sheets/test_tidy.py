"""The tidy list of values: out and back, each bad input with its row, all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import AuditEvent
from departments.models import Region
from indicators.models import Indicator, Observation, ObservationSheet
from tests.cast import Cast

HEAD = "指标代码,地区代码,年份,数值"
At = Callable[[Any], Any]


def lines(*rows: str, head: str = HEAD, encoding: str = "utf-8") -> bytes:
    return "\r\n".join((head, *rows)).encode(encoding)


def of(cast: Cast, year: int, indicator: Any = None) -> Observation:
    return Observation.objects.get(
        indicator=indicator or cast.literacy_ratio, region=cast.city_a, year=year, department=None
    )


@pytest.fixture
def money(cast: Cast) -> Indicator:
    """An amount in yuan that is filled in as a number."""
    return Indicator.objects.create(
        code="budget", name="科普经费", unit="元", kind="level", money=True, region=cast.city_a
    )


# --- Out and back --------------------------------------------------------------------------
def test_the_list_holds_what_the_person_may_see_below_the_region(cast: Cast, desk: At) -> None:
    before = AuditEvent.objects.filter(code="indicators.sheet.export").count()
    office = desk(cast.office).tidy(region=cast.city_a.code)
    assert AuditEvent.objects.filter(code="indicators.sheet.export").count() == before + 1
    survey = office.row(指标代码="literacy_ratio", 年份="2023")
    assert office.cell(survey, "数值").value == 11.2
    assert office.cell(survey, "样本量").value == 1200
    assert office.cell(survey, "状态").value == "已核对"
    assert not office.cell(survey, "数值").protection.locked
    waits = office.row(指标代码="funding_per_capita", 年份="2023")
    assert office.cell(waits, "数值").protection.locked, "it waits to be checked"
    leader = desk(cast.leader).tidy(region=cast.city_a.code)
    assert leader.row(指标代码="literacy_ratio")
    with pytest.raises(AssertionError):
        leader.row(指标代码="funding_per_capita")


def test_years_and_an_indicator_choose(cast: Cast, desk: At) -> None:
    office = desk(cast.office)
    some = office.tidy(indicator="funding_per_capita", year_from=2023, year_to=2023)
    assert some.cell(some.row(年份="2023"), "指标代码").value == "funding_per_capita"
    assert some.cell(some.blank() - 1, "年份").value == 2023
    assert office.browser.get("/indicators/tidy/?indicator=none").status_code == 404


def test_a_file_that_nobody_touched_changes_nothing(cast: Cast, desk: At) -> None:
    office = desk(cast.office)
    page = office.page(office.tidy().saved())
    assert "没有改动" in page
    answer = office.apply()
    assert answer.status_code == 422
    assert "没有需要保存的改动" in answer.content.decode()
    csv = b"".join(office.browser.get("/indicators/tidy/?format=csv").streaming_content)
    assert csv.startswith(b"\xef\xbb\xbf")
    assert "表格与系统里的内容一样" in office.page(csv, "表.csv")


def test_what_was_filled_in_is_shown_and_becomes_drafts_once(cast: Cast, desk: At) -> None:
    office = desk(cast.office)
    filled = office.tidy()
    row = filled.row(指标代码="funding_per_capita", 年份="2024", 部门="None")
    filled.put(row, 分子=6_000_000)
    filled.put(
        filled.blank(),
        指标代码="literacy_ratio",
        地区代码="980100",
        年份=2024,
        数值="12.5",
        来源="调查",
    )
    page = office.page(filled.saved())
    assert "新增 1 个数值，改动 1 个" in page
    assert "<del>5400000</del> <ins>6000000</ins>" in page
    assert "<del>1.8</del> <ins>2</ins>" in page
    assert of(cast, 2024, cast.funding_per_capita).numerator == 5_400_000, "only shown"
    answer = office.apply()
    assert "新增 1 个数值，改动 1 个" in answer.content.decode()
    assert "kind=drafts" in answer.content.decode()
    draft = of(cast, 2024, cast.funding_per_capita)
    assert (draft.value, draft.denominator, draft.state) == (2, 3_000_000, "draft")
    assert (of(cast, 2024).value, of(cast, 2024).source) == (Decimal("12.5"), "调查")
    assert AuditEvent.objects.filter(code="indicators.sheet.apply").count() == 1
    again = office.apply()
    assert "已经应用过" in again.content.decode()
    assert AuditEvent.objects.filter(code="indicators.sheet.apply").count() == 1
    assert of(cast, 2024).version == 1


def test_a_correction_keeps_what_the_file_does_not_speak_of(cast: Cast, desk: At) -> None:
    office = desk(cast.office)
    head = f"{HEAD},更正理由"
    told = office.page(lines("literacy_ratio,980100,2023,11.4,", head=head), "表.csv")
    assert "第 2 行“公民具备科学素质的比例 子市 2023 年”，更正理由：这一年已有核对过的数值" in told
    office.page(lines("literacy_ratio,980100,2023,11.4,公报修订", head=head), "表.csv")
    office.apply()
    draft = Observation.objects.get(state="draft", indicator=cast.literacy_ratio)
    assert (draft.value, draft.sample_size, draft.source) == (Decimal("11.4"), 1200, "抽样调查")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_the_encodings_of_offices(cast: Cast, desk: At, encoding: str) -> None:
    office = desk(cast.office)
    rows = lines(
        "literacy_ratio,980100,2022,10.1%,中国科协第十二次", head=f"{HEAD},来源", encoding=encoding
    )
    office.page(rows, "表.csv", to="/indicators/tidy/")
    office.apply()
    assert of(cast, 2022).source == "中国科协第十二次"


def test_an_unmeasured_year_asks_for_its_reason(cast: Cast, desk: At) -> None:
    office = desk(cast.office)
    told = office.page(lines("literacy_ratio,980100,2022,未测"), "表.csv")
    assert "“未测”或“不适用”请写明原因。" in told
    office.page(
        lines("literacy_ratio,980100,2022,未测,当年没有调查", head=f"{HEAD},说明"), "表.csv"
    )
    office.apply()
    assert (of(cast, 2022).status, of(cast, 2022).value) == ("not_measured", None)


def test_a_unit_enters_its_own_values(cast: Cast, desk: At) -> None:
    finance = desk(cast.liaison_finance)
    head = "指标代码,地区代码,年份,数值,分子,分母,部门"
    finance.page(lines("funding_per_capita,980100,2021,,300,100,市财政局", head=head), "表.csv")
    assert finance.apply().status_code == 200
    row = Observation.objects.get(year=2021)
    assert (row.department, row.value) == (cast.finance, 3)


# --- Numbers -------------------------------------------------------------------------------
def test_a_percentage_that_could_be_two_is_asked_and_the_answer_kept(cast: Cast, desk: At) -> None:
    office = desk(cast.office)
    page = office.page(lines("literacy_ratio,980100,2024,0.125"), "表.csv")
    assert 'value="0.125"' in page
    assert 'value="12.5"' in page
    refused = office.apply()
    assert refused.status_code == 422
    assert "还有 1 行要请您决定" in refused.content.decode()
    wrong = office.apply(**{"2-value": "99"})
    assert wrong.status_code == 422
    assert not Observation.objects.filter(year=2024, indicator=cast.literacy_ratio).exists()
    assert office.apply(**{"2-value": "12.5"}).status_code == 200
    assert of(cast, 2024).value == Decimal("12.5")
    assert ObservationSheet.objects.latest("pk").answers["cells"] == {"2-value": "12.5"}


def test_an_answer_stays_where_another_is_missing(cast: Cast, desk: At) -> None:
    office = desk(cast.office)
    rows = ("literacy_ratio,980100,2024,0.125", "literacy_ratio,980100,2022,0.101")
    office.page(lines(*rows), "表.csv")
    refused = office.apply(**{"2-value": "12.5"})
    assert refused.status_code == 422
    assert 'value="12.5" checked' in refused.content.decode()
    assert office.apply(**{"3-value": "10.1"}).status_code == 200


def test_a_cell_shown_as_a_percentage_is_certain(cast: Cast, desk: At) -> None:
    office = desk(cast.office)
    filled = office.tidy()
    row = filled.put(
        filled.blank(), 指标代码="literacy_ratio", 地区代码="980100", 年份=2024, 数值=0.125
    )
    filled.cell(row, "数值").number_format = "0.0%"
    assert "请您决定" not in office.page(filled.saved())
    office.apply()
    assert of(cast, 2024).value == Decimal("12.5")


@pytest.mark.parametrize(
    ("value", "unit", "stored", "said"),
    [
        ("12", "万元", 120_000, "已按万元换算为元"),
        ("0.3", "亿元", 30_000_000, "已按亿元换算为元"),
        ("12万", "", 120_000, "已按万元换算为元"),
        ("120,000", "元", 120_000, ""),
        ("１２０００", "", 12_000, ""),
    ],
)
def test_a_unit_that_is_a_multiple_is_converted_and_said(
    cast: Cast, desk: At, money: Indicator, value: str, unit: str, stored: int, said: str
) -> None:
    office = desk(cast.office)
    row = f'budget,980100,2024,"{value}",{unit}'
    page = office.page(lines(row, head=f"{HEAD},单位"), "表.csv")
    assert ("换算过的数" in page) == bool(said)
    assert said in page
    office.apply()
    assert of(cast, 2024, money).value == stored


def test_people_are_counted_in_any_multiple(cast: Cast, desk: At) -> None:
    office = desk(cast.office)
    head = "指标代码,地区代码,年份,数值,分子,分母,预算或决算"
    office.page(
        lines("funding_per_capita,980100,2021,2,600万元,300 万人,决算", head=head), "表.csv"
    )
    office.apply()
    row = of(cast, 2021, cast.funding_per_capita)
    assert (row.numerator, row.denominator, row.basis) == (6_000_000, 3_000_000, "actual")


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
