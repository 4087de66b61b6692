"""The tidy list of values: out and back, each bad input with its row, all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from core.models import AuditEvent
from indicators.models import Indicator, Observation, ObservationSheet
from tests.cast import Cast
from tests.indicators.sheets.listed import HEAD, lines, of

At = Callable[[Any], Any]


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
