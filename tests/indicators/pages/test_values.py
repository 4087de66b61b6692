"""Values on their way: lists, questions and answers, steps, many at once, and the history."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators import services
from indicators.models import Observation, Question
from tests.cast import Cast
from tests.cast_texts import NOW

Browse = Callable[[Any], Client]
Verified = Callable[..., Any]


def page_of(browser: Client, address: str, **data: Any) -> str:
    answer = browser.post(address, data, follow=True) if data else browser.get(address)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


@pytest.fixture
def doubtful(cast: Cast) -> Observation:
    """A draft that jumps: 30 yuan a head after 1.8 in the year before."""
    services.verify(cast.observed_submitted, by=cast.office_2, now=NOW)
    services.discard(cast.observed_draft, by=cast.office)
    return services.observe(
        cast.funding_per_capita, cast.city_a, 2024, by=cast.office, basis="budget",
        numerator=Decimal(90_000_000), denominator=Decimal(3_000_000),
    )  # fmt: skip


def test_the_list_opens_with_what_waits_to_be_checked(cast: Cast, browse: Browse) -> None:
    page = page_of(browse(cast.office_2), "/observations/")
    assert f'name="row" value="{cast.observed_submitted.pk}"' in page
    assert f'value="{cast.observed_draft.pk}"' not in page
    drafts = page_of(browse(cast.office_2), "/observations/?kind=drafts")
    assert f'value="{cast.observed_draft.pk}"' in drafts
    assert "请核对人口数" in drafts, "the reason stands where the returned value is"
    assert browse(cast.office).get("/observations/?kind=all").status_code == 404


def test_a_unit_sees_its_own_values_only(cast: Cast, browse: Browse) -> None:
    page = page_of(browse(cast.liaison_finance), "/observations/")
    assert f'value="{cast.observed_by_unit.pk}"' in page
    assert f'value="{cast.observed_draft.pk}"' not in page


def test_a_question_is_answered_before_a_value_is_handed_in(
    cast: Cast, browse: Browse, doubtful: Observation
) -> None:
    question = Question.objects.get(observation=doubtful)
    assert question.code == "jump"
    office = browse(cast.office)
    refused = office.post(f"/observations/{doubtful.pk}/submit/")
    assert refused.status_code == 422
    assert f'href="#question-{question.pk}"' in refused.content.decode()
    told = page_of(
        office,
        f"/observations/{doubtful.pk}/answer/",
        **{f"answer-{question.pk}": "市科技馆当年开工建设", "then": "submit"},
    )
    assert "已报送" in told
    checker = page_of(browse(cast.office_2), f"/observations/{doubtful.pk}/")
    assert "市科技馆当年开工建设" in checker


def test_a_value_that_cannot_be_is_mended_not_explained(cast: Cast, browse: Browse) -> None:
    row = services.observe(
        cast.literacy_ratio, cast.city_a, 2021, by=cast.office, value=Decimal(120)
    )
    question = Question.objects.get(observation=row)
    office = browse(cast.office)
    page = page_of(office, f"/observations/{row.pk}/")
    assert "超出可能的范围" in page
    assert f"answer-{question.pk}" not in page
    office.post(
        f"/observations/{row.pk}/answer/", {f"answer-{question.pk}": "就是这样", "then": "submit"}
    )
    row.refresh_from_db()
    assert row.state == "draft"


def test_many_are_handed_in_and_checked_at_once_and_each_refusal_is_told(
    cast: Cast, browse: Browse, doubtful: Observation
) -> None:
    good = services.observe(
        cast.literacy_ratio, cast.city_a, 2021, by=cast.office, value=Decimal("10.1")
    )
    told = page_of(browse(cast.office), "/observations/many/submit/", row=[good.pk, doubtful.pk])
    assert "已报送 1 个数值" in told
    assert "有 1 个疑问还没有答复" in told
    own = page_of(browse(cast.office), "/observations/many/verify/", row=[good.pk])
    assert "您填报的数值须由他人核对" in own
    done = page_of(browse(cast.office_2), "/observations/many/verify/", row=[good.pk])
    assert "已核对 1 个数值" in done
    none = browse(cast.office).post("/observations/many/verify/", {"row": cast.observed_b.pk})
    assert none.status_code == 422
    assert "请先勾选数值" in none.content.decode()


def test_ones_own_value_waits_for_a_colleague(cast: Cast, browse: Browse) -> None:
    address = f"/observations/{cast.observed_submitted.pk}/"
    own = browse(cast.observed_submitted.submitted_by).get(address).content.decode()
    assert "您填报的数值须由他人核对。" in own
    assert "/verify/" not in own
    assert "撤回再改" in own
    other = cast.office_2 if cast.observed_submitted.submitted_by == cast.office else cast.office
    assert "/verify/" in browse(other).get(address).content.decode()


def test_a_value_is_taken_back_and_a_draft_thrown_away(cast: Cast, browse: Browse) -> None:
    office = browse(cast.office)
    row = cast.observed_submitted
    assert "已撤回" in page_of(office, f"/observations/{row.pk}/withdraw/", back="/observations/")
    kept = office.post(f"/observations/{row.pk}/discard/")
    assert kept.status_code == 403, "what was handed in once stays"
    assert "草稿已删除" in page_of(office, f"/observations/{cast.observed_draft.pk}/discard/", x=1)
    assert not Observation.objects.filter(pk=cast.observed_draft.pk).exists()


def test_a_correction_leaves_the_old_row_to_be_seen(cast: Cast, browse: Browse) -> None:
    office, second = browse(cast.office), browse(cast.office_2)
    row = cast.observed
    form = page_of(office, f"/indicators/literacy_ratio/?from={row.pk}")
    assert 'value="11.2"' in form
    page_of(
        office,
        "/indicators/literacy_ratio/observe/",
        year=2023, status="measured", value="11.4%", correction_reason="公布数有更正",
    )  # fmt: skip
    fresh = Observation.objects.get(
        indicator=cast.literacy_ratio, year=2023, region=cast.city_a, state="draft"
    )
    page_of(office, f"/observations/{fresh.pk}/submit/", x=1)
    page_of(second, f"/observations/{fresh.pk}/verify/", x=1)
    history = page_of(browse(cast.leader), f"/observations/{fresh.pk}/")
    assert "公布数有更正" in history
    assert "11.20%" in history
    assert "已被更正" in page_of(browse(cast.leader), f"/observations/{row.pk}/")


def test_an_address_to_go_back_to_is_one_of_ours(cast: Cast, browse: Browse) -> None:
    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:x"):
        row = services.observe(
            cast.literacy_ratio, cast.city_a, 2021, by=cast.office, value=Decimal("10.1")
        )
        answer = browse(cast.office).post(f"/observations/{row.pk}/submit/", {"back": elsewhere})
        assert answer["Location"].startswith("/indicators/"), elsewhere
        services.withdraw(Observation.objects.get(pk=row.pk), by=cast.office)


def test_what_one_may_not_see_is_not_there(cast: Cast, browse: Browse) -> None:
    for who in (cast.leader, cast.office_b, cast.liaison):
        assert browse(who).get(f"/observations/{cast.observed_draft.pk}/").status_code == 404


def test_a_long_list_costs_as_many_queries_as_a_short_one(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.office)

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            page_of(browser, "/observations/?kind=drafts")
        return len(seen)

    asked()
    few = asked()
    services.write(
        [
            services.Given(cast.literacy_ratio, cast.city_a, year, {"value": Decimal(year - 1990)})
            for year in range(1991, 2012)
        ],
        by=cast.office,
    )
    assert asked() == few


def test_only_the_value_that_stood_on_the_page_is_handed_in_or_checked(
    cast: Cast, browse: Browse
) -> None:
    row = services.observe(
        cast.literacy_ratio, cast.city_a, 2021, by=cast.office, value=Decimal("11.4")
    )
    page = page_of(browse(cast.office), f"/observations/{row.pk}/")
    assert f'name="version" value="{row.version}"' in page
    services.change(row, {"value": Decimal("11.5")}, version=row.version, by=cast.office_2)
    stale = {"version": row.version}
    assert browse(cast.office).post(f"/observations/{row.pk}/submit/", stale).status_code == 409
    many = {"row": row.pk, f"version-{row.pk}": row.version}
    assert "刚刚被改动过" in page_of(browse(cast.office), "/observations/many/submit/", **many)
    assert Observation.objects.get(pk=row.pk).state == "draft"
    page_of(browse(cast.office), f"/observations/{row.pk}/submit/", version=row.version + 1)
    assert browse(cast.office_2).post(f"/observations/{row.pk}/verify/", stale).status_code == 409
    assert Observation.objects.get(pk=row.pk).state == "submitted"
