"""Values are asked about, answered, handed in, checked, returned and taken back."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from core.errors import Conflict, DomainError, NotAllowed
from core.models import AuditEvent
from departments.models import Membership
from indicators import services
from indicators.models import Indicator, Observation, Population, Question
from indicators.services import Given, RowErrors, Unanswered, write
from tests.cast import Cast
from tests.cast_story import NOW
from tests.indicators.given import checked, funding, handed_in, literacy, wrong

Verified = Callable[..., Any]


# --- Questions -----------------------------------------------------------------------------
@pytest.fixture
def jump(cast: Cast) -> Observation:
    """A draft three times as large as the verified value of the year before."""
    (done,) = write([literacy(cast, 2024, "33.6")], by=cast.office)
    return done.row


def test_a_value_with_an_open_question_is_not_handed_in(cast: Cast, jump: Observation) -> None:
    with pytest.raises(Unanswered) as caught:
        services.submit(jump, by=cast.office)
    assert "1 个疑问" in caught.value.message


def test_an_answered_question_lets_it_pass(cast: Cast, jump: Observation) -> None:
    services.answer(jump.questions.get(), "样本扩大到各县", by=cast.office, now=NOW)
    assert services.submit(jump, by=cast.office).state == "submitted"


def test_what_has_to_be_mended_is_not_answered_away(cast: Cast) -> None:
    (done,) = write([literacy(cast, 2020, "120")], by=cast.office)
    with pytest.raises(DomainError, match="请改正数值"):
        services.answer(done.questions[0], "就是这样", by=cast.office, now=NOW)
    with pytest.raises(Unanswered, match="先改正"):
        services.submit(done.row, by=cast.office)


def test_an_answer_survives_an_unrelated_edit_and_not_another_question(
    cast: Cast, jump: Observation
) -> None:
    services.answer(jump.questions.get(), "样本扩大到各县", by=cast.office, now=NOW)
    write([literacy(cast, 2024, "33.6", source="年鉴")], by=cast.office)
    assert jump.questions.get().answer == "样本扩大到各县"
    write([literacy(cast, 2024, "44.8")], by=cast.office)
    assert jump.questions.get().answer == ""


def test_a_question_goes_with_what_was_asked_about(cast: Cast, jump: Observation) -> None:
    write([literacy(cast, 2024, "11.6")], by=cast.office)
    assert not Question.objects.filter(observation=jump).exists()


def test_of_many_those_without_a_question_are_handed_in(cast: Cast, jump: Observation) -> None:
    (done,) = write([literacy(cast, 2020)], by=cast.office)
    outcome = services.submit_many([jump, done.row], by=cast.office)
    assert [one.pk for one in outcome.done] == [done.row.pk]
    assert list(outcome.refused) == [jump.pk]


def test_a_year_counted_in_another_way_hides_no_jump(cast: Cast, verified: Verified) -> None:
    verified(cast.literacy_ratio, cast.city_a, 2024, "30", series="新口径")
    (done,) = write([literacy(cast, 2025, "33.6")], by=cast.office)
    assert [one.code for one in done.questions] == ["jump"], "against 11.2 of 2023"


def test_parts_of_departments_are_held_against_the_whole(cast: Cast) -> None:
    checked(cast, funding(cast, 2021, top=6_000_000, department=cast.finance))
    (done,) = write([funding(cast, 2021, top=5_400_000)], by=cast.office)
    assert [one.code for one in done.questions] == ["parts_departments"]


# --- Steps ---------------------------------------------------------------------------------
def test_who_entered_a_value_does_not_check_it(cast: Cast) -> None:
    row = handed_in(cast, literacy(cast, 2020))
    with pytest.raises(NotAllowed):
        services.verify(row, by=cast.office, now=NOW)
    assert services.verify(row, by=cast.office_2, now=NOW).own_check is False


def test_without_a_second_person_it_is_marked(cast: Cast) -> None:
    Membership.objects.filter(user=cast.office_2).update(valid_to=NOW.date() - timedelta(days=1))
    row = services.verify(handed_in(cast, literacy(cast, 2020)), by=cast.office, now=NOW)
    assert (row.state, row.own_check) == ("verified", True)


def test_what_was_withdrawn_is_a_draft_again_and_may_be_changed(cast: Cast) -> None:
    row = handed_in(cast, literacy(cast, 2020))
    assert services.withdraw(row, by=cast.office).state == "draft"
    (done,) = write([literacy(cast, 2020, "9.4")], by=cast.office)
    assert (done.row.pk, done.row.version) == (row.pk, 2)


def test_a_checked_value_is_not_withdrawn(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        services.withdraw(cast.observed, by=cast.office)


def test_what_was_seen_in_another_version_is_not_handed_in_or_checked(cast: Cast) -> None:
    (done,) = write([literacy(cast, 2020)], by=cast.office)
    write([literacy(cast, 2020, "9.4")], by=cast.office)
    with pytest.raises(Conflict):
        services.submit(done.row, by=cast.office, version=1)
    row = services.submit(done.row, by=cast.office, version=2)
    with pytest.raises(Conflict):
        services.verify(row, by=cast.office_2, now=NOW, version=1)


def test_a_superseded_row_never_counts_again(cast: Cast) -> None:
    first = checked(cast, literacy(cast, 2020))
    second = checked(cast, literacy(cast, 2020, "9.3", correction_reason="笔误"))
    third = checked(cast, literacy(cast, 2020, "9.1", correction_reason="原数无误"))
    rows = Observation.objects.filter(indicator=cast.literacy_ratio, year=2020)
    assert list(rows.counting()) == [third]
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.superseded_by, second.superseded_by) == (second, third)


def test_populations_are_learnt_from_what_was_checked(cast: Cast) -> None:
    checked(cast, funding(cast, 2021))
    known = Population.objects.get(region=cast.city_a, year=2021, basis="resident")
    assert known.persons == 3_000_000
    Population.objects.all().delete()
    handed_in(cast, funding(cast, 2020))
    assert not Population.objects.exists(), "not from what waits"


def test_a_draft_goes_and_what_was_handed_in_once_stays(cast: Cast) -> None:
    (done,) = write([literacy(cast, 2020)], by=cast.office)
    services.discard(done.row, by=cast.office)
    row = services.withdraw(handed_in(cast, literacy(cast, 2020)), by=cast.office)
    with pytest.raises(NotAllowed):
        services.discard(row, by=cast.office)


def test_a_return_needs_a_reason(cast: Cast) -> None:
    row = handed_in(cast, literacy(cast, 2020))
    with pytest.raises(DomainError):
        services.send_back(row, " \x00", by=cast.office_2)
    back = services.send_back(row, "样本量没有填", by=cast.office_2)
    assert (back.state, back.return_reason) == ("returned", "样本量没有填")


def test_what_was_asked_of_a_checked_value_stays_whoever_tries_to_hand_it_in_again(
    cast: Cast,
) -> None:
    checked(cast, literacy(cast, 2019, "5"))
    (done,) = write([literacy(cast, 2020, "20")], by=cast.office)
    (question,) = done.questions
    services.answer(question, "口径没有变", by=cast.office, now=NOW)
    row = services.submit(done.row, by=cast.office)
    services.verify(row, by=cast.office_2, now=NOW)
    checked(cast, literacy(cast, 2019, "19.5", correction_reason="原表有误"))
    for person in (cast.office, cast.liaison_finance):
        with pytest.raises(DomainError):
            services.submit(row, by=person)
    assert [one.answer for one in Question.objects.filter(observation=row)] == ["口径没有变"]


def test_who_may_not_write_a_value_learns_nothing_of_what_stands_there(cast: Cast) -> None:
    checked(cast, literacy(cast, 2019, "9.1"))
    handed_in(cast, literacy(cast, 2020, "9.2"))
    mine = Given(cast.literacy_ratio, cast.city_b, 2021, {"value": Decimal(9)})
    tries = [literacy(cast, 2019, "9.0"), literacy(cast, 2019, "9.1"), literacy(cast, 2020)]
    for one in tries:
        assert wrong(cast, mine, one, by=cast.office_b) == {1: ["region"]}


@pytest.mark.parametrize(
    ("more", "field"),
    [({"population_group": "farmers"}, "population_group"), ({"basis": "budget"}, "basis")],
)
def test_what_an_indicator_does_not_ask_for_is_refused_at_every_door(
    cast: Cast, more: dict[str, str], field: str
) -> None:
    Indicator.objects.filter(pk=cast.venue_coverage.pk).update(by_group=False, money=False)
    cast.venue_coverage.refresh_from_db()
    one = Given(cast.venue_coverage, cast.city_a, 2021, {"value": Decimal(100)}, **more)
    assert wrong(cast, one) == {0: [field]}


def test_a_year_that_has_not_begun_takes_no_values(cast: Cast) -> None:
    later = timezone.localdate().year + 1
    assert wrong(cast, literacy(cast, later)) == {0: ["year"]}


def test_a_unit_enters_only_what_units_report(cast: Cast) -> None:
    own = literacy(cast, 2020, department=cast.finance)
    with pytest.raises(RowErrors) as refused:
        write([own], by=cast.liaison_finance)
    assert list(refused.value.rows[0]) == ["department"]


def test_what_is_sent_twice_is_done_once_and_said_twice(cast: Cast) -> None:
    (done,) = write([literacy(cast, 2020)], by=cast.office)
    version = done.row.version
    for _press in range(2):
        assert services.submit(done.row, by=cast.office, version=version).state == "submitted"
    with pytest.raises(NotAllowed):  # a colleague did not hand it in
        services.submit(done.row, by=cast.office_2, version=version)
    for _press in range(2):
        row = services.verify(done.row, by=cast.office_2, now=NOW, version=version)
        assert row.state == "verified"
    deeds = AuditEvent.objects.filter(subject_id=done.row.pk).values_list("code", flat=True)
    for verb in ("submit", "verify"):
        assert list(deeds).count(f"indicators.observation.{verb}") == 1
