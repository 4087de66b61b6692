"""The leaders' dashboard: each number leads to the rows that make it, nothing is guessed."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core.words import STATUS
from reports.selectors.dashboard import dashboard
from reports.selectors.history import history
from reports.selectors.moments import moments
from tasks.models import Period
from tasks.selectors import board
from tests.cast import Cast

TODAY = dt.date(2024, 7, 10)
MARCH = "year=2024&as_of=2024-03-31"


def text_of(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def links(page: str) -> list[str]:
    return [one.replace("&amp;", "&") for one in re.findall(r'href="([^"]+)"', page)]


@pytest.mark.parametrize("day", ["2024-03-31", "2024-06-30"])
def test_every_count_leads_to_a_list_of_that_length(
    cast: Cast, browse: Callable[[Any], Client], grow: Callable[[int], None], day: str
) -> None:
    grow(9)
    leader = browse(cast.leader)
    page = text_of(leader, f"/dashboard/?year=2024&as_of={day}")
    counts = board(cast.plan, 2024, dt.date.fromisoformat(day)).counts
    seen = 0
    for code, number in counts.items():
        address = f"/plans/{cast.plan.pk}/measures/?year=2024&as_of={day}&light={code}"
        if not number:
            assert address not in links(page)
            continue
        assert address in links(page)
        listed = text_of(leader, address)
        assert listed.count("data-measure=") == number
        assert re.search(rf"{STATUS[code].word}</a>|{STATUS[code].word} <b>{number}</b>", page)
        seen += number
    whole = f"/plans/{cast.plan.pk}/measures/?year=2024&as_of={day}"
    assert whole in links(page)
    assert text_of(leader, whole).count("data-measure=") == seen == 13


def test_the_button_leads_to_as_many_measures_as_it_says(
    cast: Cast, browse: Callable[[Any], Client], grow: Callable[[int], None]
) -> None:
    grow(9)
    leader = browse(cast.leader)
    page = text_of(leader, "/dashboard/?as_of=2024-06-30")
    found = re.search(r'<a class="btn btn-p" href="([^"]+)">看 (\d+) 项', page)
    assert found is not None
    listed = text_of(leader, found[1].replace("&amp;", "&"))
    assert listed.count("data-measure=") == int(found[2]) > 0
    assert page.count("btn-p") == 1


def test_a_light_that_nothing_shows_gives_an_empty_list_with_a_way_back(
    cast: Cast, browse: Callable[[Any], Client]
) -> None:
    address = f"/plans/{cast.plan.pk}/measures/?{MARCH}&light=done"
    page = text_of(browse(cast.leader), address)
    assert "没有这种状态的措施" in page
    assert f"/plans/{cast.plan.pk}/measures/?{MARCH}" in links(page)


def test_history_agrees_with_the_board_of_each_period(
    cast: Cast, grow: Callable[[int], None]
) -> None:
    grow(6)
    known = moments(cast.plan, TODAY)
    assert len(known) == 2
    for one in history(cast.plan, known):
        now = board(cast.plan, one.moment.year, one.moment.as_of)
        assert one.counts == now.counts
        assert one.actions == {row.action.pk: row.standing for row in now.actions}


def test_the_change_is_against_the_period_before_in_the_same_year(cast: Cast) -> None:
    asked = {"year": "2024", "as_of": "2024-06-30"}
    shown = dashboard(cast.plan, asked, TODAY, inside=True)
    first, second = shown.actions
    assert first.change == 0, "task_1 and task_2 keep what was approved in the first quarter"
    assert second.change is not None
    assert second.change > 0, "task_3 was approved at 50 percent in June"
    march = dashboard(cast.plan, {"as_of": "2024-03-31"}, TODAY, inside=True)
    assert [one.change for one in march.actions] == [None, None]


def test_a_period_without_anything_approved_shows_the_one_before_and_says_so(
    cast: Cast, browse: Callable[[Any], Client]
) -> None:
    Period.objects.filter(pk=cast.period.pk).update(
        year=2025, starts="2025-01-01", ends="2025-06-30", state="grace"
    )
    shown = dashboard(cast.plan, {}, dt.date(2025, 7, 10), inside=True)
    assert shown.moment.period == cast.earlier
    assert shown.shown_instead is not None
    assert shown.shown_instead.period == cast.period
    page = text_of(browse(cast.leader), "/dashboard/")
    assert "本期还没有核对过的填报" not in page


def test_an_unmeasured_target_reads_so_and_shows_published_values_above_for_orientation(
    cast: Cast, browse: Callable[[Any], Client]
) -> None:
    cast.observed.__class__.objects.filter(pk=cast.observed.pk).update(state="draft")
    cast.observed_above.__class__.objects.filter(pk=cast.observed_above.pk).update(year=2022)
    page = text_of(browse(cast.leader), f"/dashboard/?{MARCH}")
    card = page.split("公民具备科学素质的比例</a>")[1].split("</article>")[0]
    assert "<b>未测</b>" in card
    assert "申省 13.1%" in card
    assert "上级地区公布的数值，供参考" in card


def test_reporting_names_the_units_that_still_owe_something(cast: Cast) -> None:
    shown = dashboard(cast.plan, {"as_of": "2024-06-30"}, TODAY, inside=True)
    assert shown.reporting is not None
    assert (shown.reporting.reported, shown.reporting.units) == (1, 3)
    assert shown.reporting.missing == ["市教育局", "市财政局"]
    assert shown.reporting.checked == 2


def test_who_has_not_reported_is_no_affair_of_the_region_above(
    cast: Cast, browse: Callable[[Any], Client]
) -> None:
    address = f"/dashboard/?plan={cast.plan.pk}&as_of=2024-06-30"
    assert "未报齐" in text_of(browse(cast.leader), address)
    above = text_of(browse(cast.office_province), address)
    assert "未报齐" not in above
    assert "各项措施" in above


def test_what_needs_a_word_carries_the_units_own_approved_words(
    cast: Cast, browse: Callable[[Any], Client], grow: Callable[[int], None]
) -> None:
    grow(6)
    page = text_of(browse(cast.leader), "/dashboard/?as_of=2024-06-30")
    concerns = page.split('id="concerns"')[1].split("</section>")[0]
    assert concerns.count('class="ex"') == 5
    assert "人手不足。" in concerns
    assert "市教育局" in concerns


@pytest.mark.parametrize("who", ["liaison", "head", "auditor", "security", "admin"])
def test_others_than_leaders_and_the_office_are_told_whose_page_it_is(
    cast: Cast, browse: Callable[[Any], Client], who: str
) -> None:
    page = text_of(browse(getattr(cast, who)), "/dashboard/")
    assert "总览由纲要办和领导小组查看" in page
    assert "measures/?" not in page


@pytest.mark.parametrize(
    "query", ["plan=999999", "plan=x", "year=1999", "year=x", "as_of=2024-13-01", "as_of=soon"]
)
def test_what_cannot_be_asked_for_is_not_found(
    cast: Cast, browse: Callable[[Any], Client], query: str
) -> None:
    assert browse(cast.leader).get(f"/dashboard/?{query}").status_code == 404


def test_another_citys_plan_is_not_found(cast: Cast, browse: Callable[[Any], Client]) -> None:
    other = browse(cast.office_b)
    assert other.get(f"/dashboard/?plan={cast.plan.pk}").status_code == 404
    assert other.get(f"/plans/{cast.plan.pk}/measures/").status_code == 404
    assert "还没有启用的方案" in text_of(other, "/dashboard/"), "its own plan is a draft"


def test_a_chart_that_cannot_be_drawn_leaves_its_numbers_and_the_rest(
    cast: Cast, browse: Callable[[Any], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.charts import ChartError
    from indicators.views import pages as views

    def broken(*args: Any, **kwargs: Any) -> None:
        raise ChartError("no engine")

    monkeypatch.setattr(views, "draw", broken)
    page = text_of(browse(cast.leader), "/dashboard/")
    assert "图暂时不能显示" in page
    assert "看数据" in page
    assert "需要您过问" in page


def test_no_page_of_leaders_holds_inline_style_or_script(
    cast: Cast, browse: Callable[[Any], Client]
) -> None:
    page = text_of(browse(cast.leader), "/dashboard/")
    assert " style=" not in page
    assert re.findall(r"<script(?![^>]*(?:src=|application/json))", page) == []
