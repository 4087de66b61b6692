"""Values are written in sets, asked about, handed in, checked and corrected; nothing is lost."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import Conflict, DomainError, NotAllowed
from core.models import AuditEvent
from departments.models import Membership
from indicators import services
from indicators.models import Indicator, Observation, Population, Question
from indicators.services import Given, RowErrors, Unanswered, write
from tests.cast import Cast
from tests.cast_story import NOW

Verified = Callable[..., Any]


def literacy(cast: Cast, year: int, value: Any = "9.1", **more: Any) -> Given:
    place = more.pop("region", cast.city_a)
    named = {key: more.pop(key) for key in ("version", "department", "part") if key in more}
    fields = {"value": None if value is None else Decimal(str(value)), **more}
    return Given(cast.literacy_ratio, place, year, fields, **named)


def funding(
    cast: Cast, year: int, top: int = 5_400_000, bottom: int = 3_000_000, **more: Any
) -> Given:
    named = {key: more.pop(key) for key in ("department",) if key in more}
    fields = {
        "numerator": Decimal(top),
        "denominator": Decimal(bottom),
        "denominator_basis": "resident",
        **more,
    }
    return Given(cast.funding_per_capita, cast.city_a, year, fields, basis="actual", **named)


def wrong(cast: Cast, *rows: Given, by: Any = None) -> dict[int, list[str]]:
    """Return which fields of which rows are told to be wrong."""
    before = Observation.objects.count()
    with pytest.raises(RowErrors) as caught:
        write(rows, by=by or cast.office)
    assert Observation.objects.count() == before, "all or none"
    return {number: list(fields) for number, fields in caught.value.rows.items()}


def handed_in(cast: Cast, one: Given) -> Observation:
    (done,) = write([one], by=cast.office)
    return services.submit(done.row, by=cast.office)


def checked(cast: Cast, one: Given) -> Observation:
    return services.verify(handed_in(cast, one), by=cast.office_2, now=NOW)


# --- Writing -------------------------------------------------------------------------------
def test_values_are_written_as_drafts(cast: Cast) -> None:
    done = write([literacy(cast, 2020), funding(cast, 2021)], by=cast.office)
    rows = [Observation.objects.get(pk=one.row.pk) for one in done]
    assert [(row.state, row.version, row.entered_by) for row in rows] == [
        ("draft", 1, cast.office)
    ] * 2
    assert [row.value for row in rows] == [Decimal("9.1"), Decimal("1.8")]
    assert {row.office_id for row in rows} == {cast.city_a.pk}
    assert all(row.created_at and row.updated_at for row in rows)


def test_the_row_in_hand_is_the_row_that_is_stored(cast: Cast) -> None:
    (done,) = write([funding(cast, 2021, note=" 说明\x00 ")], by=cast.office)
    stored = Observation.objects.get(pk=done.row.pk)
    for field in Observation._meta.concrete_fields:
        assert getattr(done.row, field.attname) == getattr(stored, field.attname), field.name
    assert stored.note == "说明"
    assert (done.row.indicator, done.row.region) == (cast.funding_per_capita, cast.city_a)


def test_the_same_thing_twice_in_a_call_is_told(cast: Cast) -> None:
    told = wrong(cast, literacy(cast, 2020), funding(cast, 2020), literacy(cast, 2020, "9.2"))
    assert told == {2: ["year"]}


def test_nothing_is_written_outside_ones_region(cast: Cast) -> None:
    assert wrong(cast, literacy(cast, 2020), literacy(cast, 2020, region=cast.city_b)) == {
        1: ["region"]
    }
    with pytest.raises(NotAllowed):
        write([literacy(cast, 2020, region=cast.city_b)], by=cast.office)


def test_an_office_above_enters_for_a_county_without_an_office(cast: Cast) -> None:
    (done,) = write([literacy(cast, 2020, region=cast.county_a2)], by=cast.office)
    assert done.row.office_id == cast.city_a.pk, "and stands for it"
    assert wrong(cast, literacy(cast, 2020), literacy(cast, 2020, region=cast.county_a1)) == {
        1: ["region"]  # which has an office of its own
    }


def test_a_department_enters_its_own_part_only(cast: Cast) -> None:
    own = funding(cast, 2021, department=cast.finance)
    (done,) = write([own], by=cast.liaison_finance)
    assert done.row.department == cast.finance
    with pytest.raises(NotAllowed):
        write([funding(cast, 2021)], by=cast.liaison_finance)


def test_what_waits_to_be_checked_cannot_be_changed(cast: Cast) -> None:
    handed_in(cast, literacy(cast, 2020))
    assert wrong(cast, literacy(cast, 2020, "9.5")) == {0: ["year"]}


def test_an_indicator_out_of_use_takes_no_values(cast: Cast) -> None:
    Indicator.objects.filter(pk=cast.literacy_ratio.pk).update(is_active=False)
    cast.literacy_ratio.refresh_from_db()
    assert wrong(cast, literacy(cast, 2020)) == {0: ["indicator"]}


def test_a_correction_needs_a_reason_and_counts_once_it_is_checked(cast: Cast) -> None:
    assert wrong(cast, literacy(cast, 2023, "11.5")) == {0: ["correction_reason"]}
    row = handed_in(cast, literacy(cast, 2023, "11.5", correction_reason="复核抽样权重"))
    here = Observation.objects.counting().filter(indicator=cast.literacy_ratio, region=cast.city_a)
    assert here.get() == cast.observed, "until then the old one counts"
    services.verify(row, by=cast.office_2, now=NOW)
    assert here.get() == row
    cast.observed.refresh_from_db()
    assert cast.observed.superseded_by == row


def test_the_same_value_again_changes_nothing(cast: Cast) -> None:
    for _time in range(2):
        done = write([literacy(cast, 2020)], by=cast.office)
    assert [(one.changed, one.row.version) for one in done] == [(False, 1)]
    same = literacy(cast, 2023, "11.2", sample_size=1200, source="抽样调查")
    (done_,) = write([same], by=cast.office)
    assert (done_.changed, done_.row.pk) == (False, cast.observed.pk)
    assert (
        AuditEvent.objects.filter(code="indicators.observation.observe").latest("pk").detail["made"]
        == 1
    )


def test_a_draft_is_changed_in_place_and_a_returned_row_is_a_draft_again(cast: Cast) -> None:
    given_ = funding(cast, 2022, top=6_000_000)
    given_ = Given(given_.indicator, given_.region, 2022, given_.fields, basis="budget")
    (done,) = write([given_], by=cast.office_2)
    assert (done.row.pk, done.row.state) == (cast.observed_returned.pk, "draft")
    assert done.row.version == cast.observed_returned.version + 1
    assert Observation.objects.get(pk=done.row.pk).value == 2


def test_a_stale_version_gives_both_texts(cast: Cast) -> None:
    write([literacy(cast, 2020)], by=cast.office)
    write([literacy(cast, 2020, "9.2", version=1)], by=cast.office)
    with pytest.raises(Conflict) as caught:
        write([literacy(cast, 2020, "9.3", version=1)], by=cast.office_2)
    assert caught.value.current == {
        "version": 2,
        "value": {"mine": Decimal("9.3"), "theirs": Decimal("9.2")},
    }


def test_rows_that_could_not_be_read_are_told_with_the_others(cast: Cast) -> None:
    with pytest.raises(RowErrors) as caught:
        write(
            [literacy(cast, 2020), literacy(cast, 1900)],
            by=cast.office,
            unread={1: {"value": ["看不懂"]}},
        )
    assert {number: list(told) for number, told in caught.value.rows.items()} == {
        1: ["value"],
        2: ["year"],
    }


def test_many_values_leave_one_audit_row(cast: Cast) -> None:
    before = AuditEvent.objects.count()
    write([literacy(cast, year) for year in range(2000, 2020)], by=cast.office)
    event = AuditEvent.objects.latest("pk")
    assert AuditEvent.objects.count() == before + 1
    assert event.detail["made"] == 20
    assert sum(last - first + 1 for first, last in event.detail["rows"]) == 20


def test_writing_asks_as_often_for_twenty_rows_as_for_two(cast: Cast) -> None:
    write([literacy(cast, 1999)], by=cast.office)  # whom one acts for is known from now on
    asked = []
    for years in (range(2000, 2002), range(2002, 2012)):
        rows = [make(cast, year) for year in years for make in (literacy, funding)]
        with CaptureQueriesContext(connection) as caught:
            services.submit_many([one.row for one in write(rows, by=cast.office)], by=cast.office)
        asked.append([one["sql"] for one in caught.captured_queries])
    assert len(asked[0]) == len(asked[1]), "\n".join(one[:200] for one in asked[1])


YEARS = st.lists(
    st.tuples(st.integers(2000, 2006), st.integers(-5, 120)),
    min_size=1,
    max_size=6,
    unique_by=lambda one: one[0],
)
QUIET = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


class Undo(Exception):
    """Take back what one example wrote."""


def written(cast: Cast, rows: list[Given]) -> list[Any]:
    """Return what a call would write and ask, and take it back."""
    found: list[Any] = []
    try:
        with transaction.atomic():
            done = write(rows, by=cast.office)
            found = sorted(
                (one.row.year, one.row.value, sorted((ask.code, ask.told) for ask in one.questions))
                for one in done
            )
            raise Undo
    except Undo:
        return found


@QUIET
@given(YEARS)
def test_the_order_of_rows_does_not_matter(cast: Cast, years: list[tuple[int, int]]) -> None:
    rows = [literacy(cast, year, value) for year, value in years]
    first = written(cast, rows)
    assert all(written(cast, list(other)) == first for other in list(permutations(rows))[:6])


@QUIET
@given(YEARS, st.data())
def test_all_or_none(cast: Cast, years: list[tuple[int, int]], data: st.DataObject) -> None:
    rows = [literacy(cast, year, value) for year, value in years]
    at = data.draw(st.integers(0, len(rows)))
    rows.insert(at, literacy(cast, 2010, None))
    assert wrong(cast, *rows) == {at: ["value"]}


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
