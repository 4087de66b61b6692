"""A scheme that was confirmed by mistake goes back to its office: when, why, and what stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from core.errors import Conflict, DomainError, NotAllowed
from core.models import AuditEvent, Notice
from reports.models import ScoreCard, ScoreEvidence, ScoreScheme
from reports.selectors import home_scores
from reports.services import scores
from tests.cast import Cast
from tests.cast_scores import ITEMS, UNTIL
from tests.cast_texts import NOW, PDF

pytestmark = [pytest.mark.services, pytest.mark.usefixtures("clock")]
Browse = Callable[..., Client]
Read = Callable[..., str]
LATER = NOW + dt.timedelta(hours=1)
WHY = "分值录错了"


@pytest.fixture
def scheme(cast: Cast) -> ScoreScheme:
    """Return the scheme of the cast, under which no unit has handed anything in any more."""
    scores.reopen(cast.card.pk, "重看", by=cast.office, now=NOW)
    scores.send_back(cast.card.pk, "请补充", by=cast.office, now=NOW)
    return cast.scheme


@pytest.fixture
def typed(cast: Cast, scheme: ScoreScheme) -> ScoreCard:
    """Return finance's card with something at every item, not handed in."""
    given = {
        pk: scores.Rated(Decimal(9), f"说明{number}", [(f"{number}.pdf", PDF + bytes([number]))])
        for number, pk in enumerate(ids(cast.card_draft))
    }
    return scores.rate(cast.card_draft.pk, 0, given, by=cast.liaison_finance, now=NOW)


def ids(card: ScoreCard) -> list[int]:
    return list(card.scores.order_by("item__position").values_list("pk", flat=True))


def back(cast: Cast, reason: str = WHY, by: Any = None) -> ScoreScheme:
    return scores.send_back_scheme(cast.scheme, reason, by=by or cast.office, now=NOW)


def written(card: ScoreCard) -> list[tuple[Any, ...]]:
    """Return what stands on a card: item, full points, the unit's points and note."""
    rows = card.scores.order_by("item__position")
    return list(rows.values_list("item__level2", "full", "self_points", "self_note"))


def test_it_works(cast: Cast, scheme: ScoreScheme) -> None:
    one = back(cast)
    assert (one.state, one.rate_until, one.confirmed_by) == ("draft", None, None)
    assert (one.sent_back_reason, one.sent_back_by, one.sent_back_at) == (WHY, cast.office, NOW)
    event = AuditEvent.objects.get(code="reports.scheme.send_back")
    units = [cast.association.pk, cast.education.pk, cast.finance.pk]
    assert event.detail["reason"] == WHY
    assert event.detail["units"] == sorted(units)
    assert event.detail["until"] == UNTIL.isoformat()
    scores.set_items(one, ITEMS[:2], by=cast.office)
    one = scores.confirm_scheme(one, by=cast.office, now=LATER)
    assert (one.state, one.sent_back_at) == ("approved", None)
    assert scores.ask_for_rating(one, UNTIL, by=cast.office, now=LATER) == 0
    assert ScoreScheme.objects.get(pk=one.pk).rate_until == UNTIL


# --- When ----------------------------------------------------------------------------------
@pytest.mark.parametrize("steps", [[], ["reopen"], ["tell"]])
def test_it_stays_while_a_rating_lies_with_the_office_and_the_way_out_is_told(
    steps: list[str], cast: Cast
) -> None:
    for step in steps:
        reason = ["x"] if step == "reopen" else []
        getattr(scores, step)(cast.card.pk, *reason, by=cast.office, now=NOW)
    with pytest.raises(NotAllowed) as refused:
        back(cast)
    assert "已有 1 个单位报来自评" in refused.value.message
    assert "先重新审核，再退回" in refused.value.message
    cast.scheme.refresh_from_db()
    assert cast.scheme.state == "approved"


def test_before_anybody_was_asked_it_goes_back_and_nobody_is_told(cast: Cast) -> None:
    one = scores.make_scheme(cast.plan, 2023, "细则", by=cast.office)
    scores.set_items(one, ITEMS, by=cast.office)
    told = scores.Approval("细则", "甲〔2023〕1号", "组", dt.date(2023, 2, 1), [("a.pdf", PDF)])
    scores.change_scheme(one, told, by=cast.office, now=NOW)
    scores.confirm_scheme(one, by=cast.office, now=NOW)
    before = Notice.objects.count()
    one = scores.send_back_scheme(one, WHY, by=cast.office, now=NOW)
    assert (one.state, Notice.objects.count()) == ("draft", before)
    scores.drop_scheme(one, by=cast.office)
    assert not ScoreScheme.objects.filter(year=2023).exists()


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_it_needs_a_reason(reason: str, cast: Cast, scheme: ScoreScheme) -> None:
    with pytest.raises(DomainError) as refused:
        back(cast, reason)
    assert refused.value.fields == {"reason": ["请写明理由。"]}
    with pytest.raises(IntegrityError), transaction.atomic():
        ScoreScheme.objects.filter(pk=scheme.pk).update(sent_back_at=NOW)


def test_only_the_office_of_the_region_sends_it_back(cast: Cast, scheme: ScoreScheme) -> None:
    for who in (cast.leader, cast.liaison, cast.office_province, cast.office_b):
        with pytest.raises(NotAllowed):
            back(cast, by=who)


def test_pressing_twice_sends_back_once(cast: Cast, scheme: ScoreScheme) -> None:
    back(cast)
    again = back(cast, "又按一次")
    assert again.sent_back_reason == WHY
    assert AuditEvent.objects.filter(code="reports.scheme.send_back").count() == 1
    with pytest.raises(NotAllowed, match="没有确认"):
        back(cast, by=cast.office_2)


# --- Units ---------------------------------------------------------------------------------
def test_units_that_were_asked_are_told_to_wait_and_asked_again_later(
    cast: Cast, scheme: ScoreScheme
) -> None:
    liaison = cast.liaison_finance
    asking = Notice.objects.filter(view="score-scheme", person=liaison)
    assert asking.count() == 1
    one = back(cast)
    assert asking.count() == 0, "what asks for a rating and leads nowhere is taken back"
    told = Notice.objects.get(person=liaison, event__startswith=f"scores:{scheme.pk}:back:")
    assert told.text == (
        "2024 年度考核细则退回修改，请暂停自评；已填的先保留，改好后另行通知。原因：分值录错了"
    )
    assert told.url == ""
    scores.confirm_scheme(one, by=cast.office, now=LATER)
    scores.ask_for_rating(one, UNTIL, by=cast.office, now=LATER)
    assert asking.get().text == "请在 2024-07-31 前完成 2024 年度考核自评。"


def test_who_had_read_that_they_were_asked_is_asked_again(cast: Cast, scheme: ScoreScheme) -> None:
    asking = Notice.objects.filter(view="score-scheme", person=cast.liaison_finance)
    asking.update(read_at=NOW)
    one = scores.confirm_scheme(back(cast), by=cast.office, now=LATER)
    scores.ask_for_rating(one, UNTIL, by=cast.office, now=LATER)
    assert asking.filter(read_at__isnull=True).count() == 1


def test_until_they_are_asked_again_cards_wait_for_nobody(
    cast: Cast, scheme: ScoreScheme, browse: Browse, read: Read
) -> None:
    page = f"/reports/scores/cards/{cast.card_draft.pk}/"
    unit = cast.finance.pk
    assert page in read(cast.liaison_finance, "/")
    assert home_scores.counted([], [unit])[1] == {unit: 1}
    one = back(cast)
    for confirmed in (False, True):
        if confirmed:
            scores.confirm_scheme(one, by=cast.office, now=LATER)
        assert browse(cast.liaison_finance).get(page).status_code == 404
        assert page not in read(cast.liaison_finance, "/")
        assert not home_scores.counted([], [unit])[1]
        assert "没有发起" in read(cast.office, "/reports/scores/")
        with pytest.raises(NotAllowed, match="还没有重新请各单位自评"):
            scores.rate(cast.card_draft.pk, 1, {}, hand_in=True, by=cast.liaison_finance, now=LATER)
    assert "请各单位自评" in read(cast.office, f"/reports/scores/{scheme.pk}/")
    scores.ask_for_rating(one, UNTIL, by=cast.office, now=LATER)
    assert page in read(cast.liaison_finance, "/")


def test_a_page_opened_before_does_not_write_over_the_new_card(
    cast: Cast, typed: ScoreCard
) -> None:
    one = back(cast)
    scores.confirm_scheme(one, by=cast.office, now=LATER)
    scores.ask_for_rating(one, UNTIL, by=cast.office, now=LATER)
    given = {ids(typed)[0]: scores.Rated(Decimal(1))}
    with pytest.raises(Conflict):
        scores.rate(typed.pk, typed.version, given, by=cast.liaison_finance, now=LATER)


# --- What stays ----------------------------------------------------------------------------
def test_what_was_typed_stays_where_its_item_stays(cast: Cast, typed: ScoreCard) -> None:
    one = back(cast)
    first, second, _gone = ITEMS
    new = first | {"level2": "经费保障", "standard": "列入预算。", "points": Decimal(5)}
    # Their order changes, one goes, one comes.
    items = scores.set_items(one, [second, new, first], by=cast.office)
    assert [item.level2 for item in items] == ["按时报送", "经费保障", "分工落实"]
    assert [item.position for item in one.items.order_by("position")] == [1, 2, 3]
    assert written(typed) == [
        ("按时报送", Decimal(20), Decimal(9), "说明1"),
        ("经费保障", Decimal(5), None, ""),
        ("分工落实", Decimal(10), Decimal(9), "说明0"),
    ]
    files = ScoreEvidence.objects.filter(score__card=typed).order_by("name")
    assert list(files.values_list("name", flat=True)) == ["0.pdf", "1.pdf"]
    event = AuditEvent.objects.filter(code="reports.scheme.set_items").latest("id")
    assert (event.detail["items"], event.detail["removed"], event.detail["changed"]) == (3, 1, 0)


@pytest.mark.parametrize("other", [{"points": Decimal(5)}, {"standard": "改正了一个字。"}])
def test_points_given_for_something_else_are_asked_again_and_the_words_stay(
    other: dict[str, Any], cast: Cast, typed: ScoreCard
) -> None:
    one = back(cast)
    scores.set_items(one, [ITEMS[0] | other, *ITEMS[1:]], by=cast.office)
    full = other.get("points", Decimal(10))
    assert written(typed)[0] == ("分工落实", full, None, "说明0")
    assert written(typed)[1] == ("按时报送", Decimal(20), Decimal(9), "说明1")
    assert ScoreEvidence.objects.filter(score__card=typed).count() == 3
    # What the office had half done on a card that it returned goes the same way.
    assert list(cast.card.scores.order_by("item__position").values_list("points", "reason")) == [
        (None, ""),
        (Decimal(20), ""),
        (None, ""),
    ]


def test_of_two_alike_with_new_standards_none_is_taken_for_the_other(
    cast: Cast, typed: ScoreCard
) -> None:
    one = back(cast)
    twins = [ITEMS[0] | {"standard": words} for words in ("甲。", "乙。")]
    scores.set_items(one, [*twins, *ITEMS[1:]], by=cast.office)
    assert [row[3] for row in written(typed)] == ["", "", "说明1", "说明2"]


def test_a_unit_that_comes_in_later_gets_a_whole_card(cast: Cast, typed: ScoreCard) -> None:
    ScoreCard.objects.filter(department=cast.association).delete()
    one = back(cast)
    scores.set_items(one, ITEMS[1:], by=cast.office)
    scores.confirm_scheme(one, by=cast.office, now=LATER)
    assert scores.ask_for_rating(one, UNTIL, by=cast.office, now=LATER) == 1
    for card in ScoreCard.objects.filter(scheme=one):
        assert [row[0] for row in written(card)] == ["按时报送", "督办办结"]


def test_with_something_written_the_scheme_is_not_deleted(
    cast: Cast, typed: ScoreCard, read: Read
) -> None:
    one = back(cast)
    with pytest.raises(NotAllowed, match="已有单位填写过自评"):
        scores.drop_scheme(one, by=cast.office)
    assert "删除这份细则" not in read(cast.office, f"/reports/scores/{one.pk}/")


def test_with_empty_cards_it_is(cast: Cast) -> None:
    one = scores.make_scheme(cast.plan, 2025, "细则", by=cast.office)
    scores.set_items(one, ITEMS, by=cast.office)
    card = ScoreCard.objects.create(scheme=one, department=cast.finance)
    card.scores.create(item=one.items.first(), full=ITEMS[0]["points"])
    scores.drop_scheme(one, by=cast.office)
    assert not ScoreCard.objects.filter(pk=card.pk).exists()


# --- The page ------------------------------------------------------------------------------
def test_the_office_sends_it_back_on_its_page_and_everybody_there_reads_why(
    cast: Cast, scheme: ScoreScheme, browse: Browse, read: Read
) -> None:
    page = f"/reports/scores/{scheme.pk}/"
    assert "确认错了，退回修改…" in read(cast.office, page)
    assert "退回修改" not in read(cast.leader, page)
    answer = browse(cast.office).post(f"{page}back/", {"reason": " "})
    assert answer.status_code == 422
    assert answer.context["forms"]["back"].errors["reason"]
    assert '<details class="ask" open>' in answer.content.decode()
    answer = browse(cast.office).post(f"{page}back/", {"reason": WHY})
    assert (answer.status_code, answer["Location"]) == (302, page)
    shown = read(cast.office_2, page)
    assert WHY in shown
    assert "3 个单位的评分表还在" in shown
    assert "保存并确认细则" in shown
    assert browse(cast.leader).get(page).status_code == 404


def test_where_it_cannot_be_the_page_says_why(cast: Cast, read: Read) -> None:
    page = read(cast.office, f"/reports/scores/{cast.scheme.pk}/")
    assert "已有 1 个单位报来自评，考核细则不能退回修改。" in page
    assert "确认错了，退回修改…" not in page
