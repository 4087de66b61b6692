"""Pages of indicators: what is known, what is not, and entering a value with nothing lost."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from departments.models import Region
from indicators.models import Indicator, Observation, Target
from tests.cast import Cast

Browse = Callable[[Any], Client]
Verified = Callable[..., Any]
SURVEY = "/indicators/literacy_ratio/"
MONEY = "/indicators/funding_per_capita/"
GOOD = {"year": "2024", "status": "measured", "value": "12.3", "source": "抽样调查"}


def text_of(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_targets_are_listed_with_verdict_arithmetic_and_rule(cast: Cast, browse: Browse) -> None:
    page = text_of(browse(cast.leader), "/indicators/?year=2024")
    assert page.count('<details class="quote">') == 3
    assert "2025 年达到 14%" in page
    assert "11.2%" in page
    assert "规则：" in page
    assert "到2025年，全市公民具备科学素质的比例达到14%" in page


def test_a_year_outside_the_plan_is_not_found(cast: Cast, browse: Browse) -> None:
    for query in ("year=2019", "year=x", "plan=999999", f"plan={cast.plan_b.pk}"):
        assert browse(cast.leader).get(f"/indicators/?{query}").status_code == 404


def test_who_sees_no_plan_is_told_so(cast: Cast, browse: Browse) -> None:
    assert "还没有启用的方案" in text_of(browse(cast.office_b), "/indicators/")


def test_years_without_a_survey_read_unmeasured(cast: Cast, browse: Browse) -> None:
    page = text_of(browse(cast.leader), SURVEY)
    assert "11.20" in page
    table = page.split("<h2>数值</h2>")[1]
    assert table.count("没有录入调查值") == 4, "2021, 2022, 2024 and 2025 of 2021–2025"


def test_drafts_and_returns_stay_with_the_office_and_the_unit(cast: Cast, browse: Browse) -> None:
    office = text_of(browse(cast.office), MONEY)
    assert "退回理由：请核对人口数。" in office
    assert office.count("/submit/") == 3, "its draft, the returned value, and the draft of a unit"
    leader = text_of(browse(cast.leader), MONEY)
    assert "请核对人口数" not in leader
    assert "1.80" not in leader
    unit = text_of(browse(cast.liaison_finance), MONEY)
    assert f"/observations/{cast.observed_by_unit.pk}/submit/" in unit
    assert f"/observations/{cast.observed_draft.pk}/" not in unit


def test_only_who_may_enter_values_gets_the_form(cast: Cast, browse: Browse) -> None:
    assert "填报观测值" in text_of(browse(cast.office), SURVEY)
    assert "填报观测值" not in text_of(browse(cast.leader), SURVEY)
    assert "填报观测值" not in text_of(browse(cast.office), f"{SURVEY}?region=980000")
    assert browse(cast.office).get(f"{SURVEY}?region=nowhere").status_code == 404
    assert browse(cast.office).get("/indicators/unknown/").status_code == 404


def test_children_one_by_one_are_for_the_region_and_above(
    cast: Cast, browse: Browse, verified: Verified
) -> None:
    Target.objects.filter(pk=cast.funding.pk).update(scope="each_child")
    verified(cast.funding_per_capita, cast.county_a1, 2024, "2.5")
    inside = text_of(browse(cast.liaison), f"{MONEY}?region=980100")
    assert "子东县" in inside
    county = browse(cast.double)
    county.post("/act-as/", {"membership": cast.double_office.pk})
    below = text_of(county, f"{MONEY}?region=980100")
    assert "子西县" not in below


def test_a_value_becomes_a_draft_of_the_region(cast: Cast, browse: Browse) -> None:
    answer = browse(cast.office).post(f"{SURVEY}observe/?region=980100", GOOD, follow=True)
    assert "已存为草稿" in answer.content.decode()
    row = Observation.objects.get(indicator=cast.literacy_ratio, year=2024)
    assert (row.region, row.value, row.state) == (cast.city_a, Decimal("12.3"), "draft")


def test_a_ratio_is_computed_from_its_parts(cast: Cast, browse: Browse) -> None:
    parts = {"year": "2021", "status": "measured", "numerator": "3000", "denominator": "1000"}
    browse(cast.office).post(f"{MONEY}observe/", parts)
    assert Observation.objects.get(indicator=cast.funding_per_capita, year=2021).value == 3


def test_a_department_enters_a_value_as_its_own(cast: Cast, browse: Browse) -> None:
    data = {"year": "2021", "status": "measured", "numerator": "2000", "denominator": "1000"}
    browse(cast.liaison_finance).post(f"{MONEY}observe/", data)
    row = Observation.objects.get(indicator=cast.funding_per_capita, year=2021)
    assert row.department == cast.finance


def test_an_unmeasured_year_is_written_down_as_such(cast: Cast, browse: Browse) -> None:
    blank = {"year": "2022", "status": "not_measured", "note": "当年没有调查"}
    browse(cast.office).post(f"{SURVEY}observe/", blank)
    row = Observation.objects.get(indicator=cast.literacy_ratio, year=2022)
    assert (row.status, row.value) == ("not_measured", None)


@pytest.mark.parametrize(
    ("address", "change", "field", "sentence"),
    [
        (SURVEY, {"value": ""}, "value", "请填写数值；没有调查的年份请选“未测”。"),
        (SURVEY, {"value": "0.105"}, "value", "可以是 0.105%，也可以是 10.5%，请写上百分号。"),
        (SURVEY, {"value": "很多"}, "value", "“很多”不是数字。请只填数字，例如 8.47。"),
        (SURVEY, {"value": "12 万元"}, "value", "单位“万元”与指标的单位 % 对不上。"),
        (SURVEY, {"design_effect": "1.5"}, "sample_size", "填了设计效应，就要填样本量。"),
        (SURVEY, {"status": "not_measured", "value": ""}, "note", "“未测”或“不适用”请写明原因。"),
        (SURVEY, {"year": "202"}, "year", "年份应在 1990 到 2100 之间。"),
        (SURVEY, {"year": ""}, "year", "请填写年份。"),
        (SURVEY, {"status": "not_measured"}, "value", "就不要填数值"),
        (SURVEY, {"sample_size": "多"}, "sample_size", "请只填整数。"),
        (MONEY, {"value": "", "numerator": "5"}, "denominator", "分子和分母要同时填写。"),
        (
            MONEY,
            {"value": "", "numerator": "5", "denominator": "0"},
            "denominator",
            "分母应大于 0。",
        ),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_everything_typed_is_kept(
    cast: Cast,
    browse: Browse,
    address: str,
    change: dict[str, str],
    field: str,
    sentence: str,
) -> None:
    before = Observation.objects.count()
    typed = GOOD | change
    answer = browse(cast.office).post(f"{address}observe/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count(sentence) == 2, "in the summary and at the field"
    assert f'<a href="#id_{field}">' in page
    assert 'value="抽样调查"' in page
    for name, value in typed.items():
        if value and name != "status":
            assert f'value="{value}"' in page
    assert Observation.objects.count() == before


def test_a_leader_cannot_enter_a_value(cast: Cast, browse: Browse) -> None:
    assert browse(cast.leader).post(f"{SURVEY}observe/", GOOD).status_code == 403
    assert not Observation.objects.filter(year=2024, indicator=cast.literacy_ratio).exists()


def test_a_value_goes_from_draft_to_verified_by_two_people(cast: Cast, browse: Browse) -> None:
    row = cast.observed_draft
    browse(cast.office).post(f"/observations/{row.pk}/submit/")
    own = browse(cast.office).post(f"/observations/{row.pk}/verify/")
    assert own.status_code == 403
    assert "您填报的数值须由他人核对" in own.content.decode()
    told = browse(cast.office_2).post(f"/observations/{row.pk}/verify/", follow=True)
    assert "已核对" in told.content.decode()
    row.refresh_from_db()
    assert row.state == "verified"


def test_a_return_needs_a_reason(cast: Cast, browse: Browse) -> None:
    row = cast.observed_submitted
    address = f"/observations/{row.pk}/return/"
    assert browse(cast.office_2).post(address).status_code == 422
    browse(cast.office_2).post(address, {"reason": "请附文件。"})
    row.refresh_from_db()
    assert (row.state, row.return_reason) == ("returned", "请附文件。")


def test_what_one_may_not_see_cannot_be_moved(cast: Cast, browse: Browse) -> None:
    for who in (cast.leader, cast.office_b, cast.liaison):
        assert (
            browse(who).post(f"/observations/{cast.observed_draft.pk}/submit/").status_code == 404
        )
    assert browse(cast.office).post(f"/observations/{cast.observed.pk}/erase/").status_code == 404


def test_a_page_asks_as_often_for_many_values_as_for_few(
    cast: Cast, browse: Browse, verified: Verified
) -> None:
    def asked(address: str) -> int:
        browser = browse(cast.office)
        text_of(browser, address)
        with CaptureQueriesContext(connection) as seen:
            text_of(browser, address)
        return len(seen)

    addresses = (SURVEY, "/indicators/?year=2024")
    few = [asked(address) for address in addresses]
    for number in range(20):
        verified(cast.literacy_ratio, cast.city_a, 2000 + number, "5")
        verified(cast.literacy_ratio, cast.province, 2000 + number, "6", series="甲")
        Target.objects.create(
            plan=cast.plan,
            indicator=cast.venue_coverage,
            operator="gte",
            value=number,
            quote="目标。",
            position=10 + number,
            scope="each_child",
        )
    assert [asked(address) for address in addresses] == few


# --- Of a unit, a group of people, a part of the year ------------------------------------------
def test_a_value_of_a_group_and_a_quarter_is_entered_and_never_counts_as_the_whole(
    cast: Cast, browse: Browse
) -> None:
    Indicator.objects.filter(pk=cast.funding_per_capita.pk).update(
        by_group=True, by_department=True, frequency="quarter"
    )
    sent = {
        "year": "2021", "status": "measured", "numerator": "30", "denominator": "10", "part": "Q2",
        "population_group": "rural", "department": str(cast.education.pk),
    }  # fmt: skip
    browse(cast.office).post(f"{MONEY}observe/", sent)
    row = Observation.objects.get(indicator=cast.funding_per_capita, year=2021)
    assert (row.part, row.population_group, row.department) == ("Q2", "rural", cast.education)
    assert "二季度" in row.subject
    assert "农村居民" in row.subject
    assert not row.counts


def test_the_sum_of_the_places_below_stands_beside_the_regions_own(
    cast: Cast, browse: Browse, verified: Verified
) -> None:
    one, other = cast.county_a1, Region.objects.get(name="子西县")
    for place, top in ((one, 100), (other, 300)):
        verified(
            cast.funding_per_capita, place, 2024, str(top / 100), numerator=top, denominator=100
        )
    Target.objects.filter(pk=cast.funding.pk).update(scope="self")
    page = text_of(browse(cast.leader), f"{MONEY}?year=2024")
    assert "年下级汇总" in page
    assert "2 个地区中 2 个有数值" in page
    assert "2024 年由各县（市、区）汇总" in page
    Observation.objects.filter(region=other, year=2024).delete()
    page = text_of(browse(cast.leader), f"{MONEY}?year=2024")
    assert "缺 1 个，不按 0 计" in page
    assert "2024 年由各县（市、区）汇总" not in page, "an incomplete sum is never judged"


def test_a_promise_for_each_place_shows_how_many_keep_it(
    cast: Cast, browse: Browse, verified: Verified
) -> None:
    Target.objects.filter(pk=cast.funding.pk).update(scope="each_child", value=2)
    verified(cast.funding_per_capita, cast.city_a, 2024, "9")
    verified(cast.funding_per_capita, cast.county_a1, 2024, "2.5")
    page = text_of(browse(cast.leader), f"{MONEY}?year=2024")
    assert "<b>1 / 2</b>" in page, "the city's own 9 yuan say nothing about its counties"
    assert "已达标" not in page.split('aria-labelledby="t')[1].split("</div>")[0]


def test_a_draft_of_somebody_else_is_not_written_over_unseen(cast: Cast, browse: Browse) -> None:
    row = cast.observed_draft
    sent = {
        "year": "2024", "status": "measured", "numerator": "30", "denominator": "10",
        "basis": "budget",
    }  # fmt: skip
    answer = browse(cast.office_2).post(f"{MONEY}observe/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "刚刚被改动过" in page
    seen = f"{row.version}--2024---budget-"
    assert f'name="seen" value="{seen}"' in page, "saving once more means it"
    row.refresh_from_db()
    assert row.numerator == 5_400_000
    begun = text_of(browse(cast.office), f"{MONEY}?from={row.pk}")
    assert f'name="seen" value="{seen}"' in begun
    browse(cast.office).post(f"{MONEY}observe/", sent | {"seen": seen})
    row.refresh_from_db()
    assert row.numerator == 30
    seen = f"{row.version}--2024---budget-"
    for more in ({"year": "2020"}, {"series": "普查修订数"}):
        answer = browse(cast.office).post(f"{MONEY}observe/", sent | {"seen": seen} | more)
        assert answer.status_code == 302, f"another value: {more}"


def test_the_draft_of_another_series_is_not_taken_for_the_one_seen(
    cast: Cast, browse: Browse
) -> None:
    row = cast.observed_draft
    sent = {
        "year": "2024", "status": "measured", "numerator": "30", "denominator": "10",
        "basis": "budget", "series": "普查修订数",
    }  # fmt: skip
    assert browse(cast.office).post(f"{MONEY}observe/", sent).status_code == 302
    # Its version is the same as that of the draft beside, which is what this person looked at.
    mine = sent | {"numerator": "40", "seen": f"{row.version}--2024---budget-"}
    answer = browse(cast.office_2).post(f"{MONEY}observe/", mine)
    assert answer.status_code == 422
    assert Observation.objects.get(series="普查修订数").numerator == 30


def test_a_unit_is_offered_only_what_it_may_use(cast: Cast, browse: Browse) -> None:
    unit = browse(cast.liaison_finance)
    assert "填报观测值" in text_of(unit, MONEY)
    assert "填报观测值" not in text_of(unit, SURVEY), "no unit reports it"
    assert "/grid/" not in text_of(unit, MONEY), "which would refuse the unit"
    assert "/grid/" in text_of(browse(cast.office), MONEY)


def test_only_money_asks_for_budget_or_actual(cast: Cast, browse: Browse) -> None:
    office = browse(cast.office)
    assert 'name="basis"' in text_of(office, MONEY)
    assert 'name="basis"' not in text_of(office, "/indicators/venue_coverage/")


def test_parts_of_a_ratio_are_typed_in_any_unit(cast: Cast, browse: Browse) -> None:
    parts = {"year": "2021", "status": "measured", "numerator": "12 万元", "denominator": "4 万人"}
    browse(cast.office).post(f"{MONEY}observe/", parts)
    assert Observation.objects.get(indicator=cast.funding_per_capita, year=2021).value == 3


def test_a_yes_or_no_is_not_drawn_as_a_quantity(
    cast: Cast, browse: Browse, verified: Verified
) -> None:
    venues = Indicator.objects.get(code="venue_coverage")
    verified(venues, cast.county_a1, 2024, "100")
    page = text_of(browse(cast.office), "/indicators/venue_coverage/?region=980101")
    assert "已核对" in page
    assert "看数据" not in page


def test_an_administrator_is_told_that_the_role_sees_no_values(cast: Cast, browse: Browse) -> None:
    auditor = browse(cast.auditor)
    page = text_of(auditor, SURVEY)
    assert "您现在的身份只看指标的口径" in page
    assert "没有对这个指标提出目标" not in page
    assert "还没有数值" not in page
    assert "您现在的身份只看指标的口径" in text_of(auditor, "/indicators/")
    assert auditor.get("/indicators/sheets/").status_code == 403


def test_a_county_says_yes_or_no_and_a_city_how_many_of_its_counties(
    cast: Cast, browse: Browse
) -> None:
    office = browse(cast.office)
    county = text_of(office, "/indicators/venue_coverage/?region=980102")
    assert 'name="value"' in county
    assert 'name="numerator"' not in county
    city = text_of(office, "/indicators/venue_coverage/")
    assert 'name="value"' not in city
    assert 'name="numerator"' in city
