"""Values typed as a table: only what was changed is saved, all or none, and nothing is lost."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from departments.models import Membership, Region
from indicators.models import Observation, Population
from tests.cast import Cast

Browse = Callable[[Any], Client]
MONEY = "/indicators/funding_per_capita/grid/?basis=budget&to=2024"
VENUES = "/indicators/venue_coverage/grid/?to=2024"
SURVEY = "/indicators/literacy_ratio/grid/?to=2024"


@pytest.fixture(autouse=True)
def county_without_people(cast: Cast) -> None:
    """Leave the county without an office of its own, so that the city's enters for it."""
    Membership.objects.filter(region=cast.county_a1).delete()


def cell(place: Region, year: int, *texts: str, seen: str = "0|") -> dict[str, str]:
    names = ("numerator", "denominator") if len(texts) == 2 else ("value",)
    key = f"{place.pk}-{year}"
    shown = "|" if len(texts) == 2 and seen == "0|" else ""
    return {f"seen-{key}": seen + shown} | {
        f"{name}-{key}": text for name, text in zip(names, texts, strict=True)
    }


def test_it_works(cast: Cast, browse: Browse) -> None:
    sent = cell(cast.city_a, 2021, "3000", "1000") | cell(cast.county_a1, 2021, "1 万", "2,000")
    answer = browse(cast.office).post(MONEY, sent | {"source": "财政预算"}, follow=True)
    assert "已存为草稿：2 个数值" in answer.content.decode()
    rows = Observation.objects.filter(year=2021, indicator=cast.funding_per_capita)
    assert {(one.region, one.value, one.source, one.basis) for one in rows} == {
        (cast.city_a, Decimal(3), "财政预算", "budget"),
        (cast.county_a1, Decimal(5), "财政预算", "budget"),
    }


def test_cells_that_were_not_touched_are_left_alone(cast: Cast, browse: Browse) -> None:
    before = Observation.objects.count()
    sent = cell(cast.city_a, 2021, "", "") | cell(cast.county_a1, 2021, "", "")
    answer = browse(cast.office).post(MONEY, sent, follow=True)
    assert "没有改动" in answer.content.decode()
    assert Observation.objects.count() == before


def test_one_wrong_cell_saves_none_and_keeps_everything_typed(cast: Cast, browse: Browse) -> None:
    before = Observation.objects.count()
    sent = cell(cast.city_a, 2021, "3000", "1000") | cell(cast.county_a1, 2021, "很多", "1000")
    answer = browse(cast.office).post(MONEY, sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("“很多”不是数字") == 2, "in the summary and at the cell"
    assert f'href="#numerator-{cast.county_a1.pk}-2021"' in page
    assert all(f'value="{text}"' in page for text in ("3000", "1000", "很多"))
    assert Observation.objects.count() == before


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("0.105", "可以是 0.105%，也可以是 10.5%，请写上百分号。"),
        ("1", "可以是 1%，也可以是 100%，请写上百分号。"),
        ("12 万", "单位“万”与指标的单位 % 对不上。"),
        ("1e5", "看不出是哪个数"),
        ("未测", "“未测”或“不适用”请写明原因。"),
    ],
)
def test_what_could_be_two_numbers_is_asked(
    cast: Cast, browse: Browse, text: str, sentence: str
) -> None:
    answer = browse(cast.office).post(SURVEY, cell(cast.city_a, 2021, text))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Observation.objects.filter(year=2021, indicator=cast.literacy_ratio).exists()


def test_unmeasured_is_written_with_its_reason(cast: Cast, browse: Browse) -> None:
    sent = cell(cast.city_a, 2021, "未测") | {"note": "当年没有调查"}
    browse(cast.office).post(SURVEY, sent)
    row = Observation.objects.get(year=2021, indicator=cast.literacy_ratio)
    assert (row.status, row.value, row.note) == ("not_measured", None, "当年没有调查")


def test_a_place_says_yes_or_no_where_a_share_is_counted(cast: Cast, browse: Browse) -> None:
    page = browse(cast.office).get(VENUES).content.decode()
    assert f"value-{cast.county_a1.pk}-2021" in page
    assert f"value-{cast.city_a.pk}-2021" not in page, "a city's share follows from its counties"
    browse(cast.office).post(VENUES, cell(cast.county_a1, 2021, "是"))
    assert Observation.objects.get(year=2021, indicator=cast.venue_coverage).value == 100
    answer = browse(cast.office).post(VENUES, cell(cast.county_a1, 2022, "一部分"))
    assert "不是数字" in answer.content.decode() or "请填“是”或“否”" in answer.content.decode()


def test_correcting_a_verified_value_asks_for_the_reason(cast: Cast, browse: Browse) -> None:
    sent = cell(cast.city_a, 2023, "11.4%", seen="0|11.2")
    page = browse(cast.office).post(SURVEY, sent)
    assert "更正请写明理由" in page.content.decode()
    browse(cast.office).post(SURVEY, sent | {"correction_reason": "公布数有更正"})
    row = Observation.objects.get(year=2023, indicator=cast.literacy_ratio, region=cast.city_a,
                                  state="draft")  # fmt: skip
    assert (row.value, row.correction_reason) == (Decimal("11.4"), "公布数有更正")
    assert row.sample_size == 1200, "what the table does not show stays as it was"


def test_a_value_that_waits_to_be_checked_is_locked(cast: Cast, browse: Browse) -> None:
    page = browse(cast.office).get(MONEY).content.decode()
    assert f"numerator-{cast.city_a.pk}-2023" not in page
    browse(cast.office).post(MONEY, cell(cast.city_a, 2023, "1", "1"))
    cast.observed_submitted.refresh_from_db()
    assert cast.observed_submitted.numerator == 5_400_000


def test_a_draft_changed_meanwhile_is_told_and_what_was_typed_is_kept(
    cast: Cast, browse: Browse
) -> None:
    Observation.objects.filter(pk=cast.observed_draft.pk).update(version=5)
    sent = cell(cast.city_a, 2024, "7", "7", seen="1|5400000|3000000")
    answer = browse(cast.office).post(MONEY, sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "刚刚被改动过" in page
    assert 'value="7"' in page


def test_who_may_not_enter_values_is_refused(cast: Cast, browse: Browse) -> None:
    for who in (cast.leader, cast.office_b, cast.auditor):
        answer = browse(who).get(f"{MONEY}&region=980100")
        assert answer.status_code == 403, who
    assert browse(cast.office).get("/indicators/none/grid/").status_code == 404


def test_a_known_population_is_not_asked_for_again(cast: Cast, browse: Browse) -> None:
    Population.objects.create(region=cast.city_a, year=2021, basis="resident", persons=2000)
    page = browse(cast.office).get(MONEY).content.decode()
    assert "常住人口取自核对过的数" in page
    browse(cast.office).post(MONEY, cell(cast.city_a, 2021, "3000", "2000", seen="0||2000"))
    row = Observation.objects.get(indicator=cast.funding_per_capita, year=2021)
    assert (row.value, row.denominator_basis) == (Decimal("1.5"), "resident")
    untouched = browse(cast.office).post(
        MONEY, cell(cast.county_a1, 2021, "", "2000", seen="0||2000"), follow=True
    )
    assert "没有改动" in untouched.content.decode()


def test_many_places_cost_as_many_queries_as_few(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.office)

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(MONEY).status_code == 200
        return len(seen)

    asked()
    few = asked()
    Region.objects.bulk_create(
        Region(
            code=f"98{number}", name=f"县{number}", level="county", parent=cast.city_a,
            path=f"{cast.city_a.path}98{number}",
        )
        for number in range(1000, 1020)
    )  # fmt: skip
    assert asked() == few


def test_a_cell_that_somebody_else_filled_meanwhile_is_not_overwritten(
    cast: Cast, browse: Browse
) -> None:
    empty = cell(cast.city_a, 2021, "3000", "1000")
    browse(cast.office).post(MONEY, empty)
    answer = browse(cast.office_2).post(MONEY, cell(cast.city_a, 2021, "9000", "1000"))
    page = answer.content.decode()
    assert (answer.status_code, 'value="9000"' in page) == (422, True), "what was typed stands"
    assert "刚刚被改动过" in page
    row = Observation.objects.get(year=2021, indicator=cast.funding_per_capita)
    assert (row.numerator, row.entered_by) == (3000, cast.office)


def test_every_wrong_cell_is_told_at_once(cast: Cast, browse: Browse) -> None:
    sent = cell(cast.city_a, 2021, "3000", "0") | cell(cast.county_a1, 2021, "很多", "1000")
    page = browse(cast.office).post(MONEY, sent).content.decode()
    assert "分母应大于 0。" in page
    assert "“很多”不是数字" in page
    assert page.index("分母应大于 0。") < page.index("“很多”不是数字"), "each at its own cell"


def test_a_part_of_a_ratio_may_bear_its_unit_as_in_a_file(cast: Cast, browse: Browse) -> None:
    sent = cell(cast.city_a, 2021, "120万元", "60 万人")
    assert browse(cast.office).post(MONEY, sent).status_code == 302
    row = Observation.objects.get(year=2021, indicator=cast.funding_per_capita)
    assert (row.numerator, row.denominator) == (1_200_000, 600_000)


def test_parts_are_typed_in_any_unit_of_theirs(cast: Cast, browse: Browse) -> None:
    browse(cast.office).post(MONEY, cell(cast.city_a, 2021, "12 万元", "4 万人"))
    row = Observation.objects.get(year=2021, indicator=cast.funding_per_capita)
    assert (row.numerator, row.denominator, row.value) == (120000, 40000, 3)


def test_what_was_typed_over_a_value_handed_in_meanwhile_is_refused_and_shown(
    cast: Cast, browse: Browse
) -> None:
    draft = Observation.objects.filter(pk=cast.observed_draft.pk)
    draft.update(basis="budget", state="submitted")
    row = draft.get()
    seen = f"{row.version}|{row.numerator}|{row.denominator}"
    answer = browse(cast.office).post(MONEY, cell(row.region, row.year, "7654", "32", seen=seen))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "已经报送，等待核对，现在不能改" in page
    assert "您填的：7654 32" in page


def test_a_cell_filled_meanwhile_shows_both_values(cast: Cast, browse: Browse) -> None:
    sent = cell(cast.city_a, 2021, "3000", "1000")
    browse(cast.office).post(MONEY, sent)
    page = browse(cast.office_2).post(MONEY, cell(cast.city_a, 2021, "8888", "1000"))
    words = page.content.decode()
    assert "现在存的是 3000，1000。再保存就改成您填的。" in words
    assert 'value="8888"' in words


def test_money_opens_with_budgets_where_the_newest_values_are_budgets(
    cast: Cast, browse: Browse
) -> None:
    browse(cast.office).post(MONEY, cell(cast.city_a, 2024, "3000", "1000"))
    where = "/indicators/funding_per_capita/grid/?to=2024"
    page = browse(cast.office).get(where).content.decode()
    assert 'name="basis" value="budget"' in page
    plain = browse(cast.office).get(f"{where}&basis=").content.decode()
    assert 'name="basis" value=""' in plain, "unless asked otherwise"
