"""Values written, answered, handed in, checked and taken back by several people at once."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from core.errors import Conflict, DomainError
from departments.models import Region
from indicators import services
from indicators.exchange.reading import Asked
from indicators.exchange.tidy import read_tidy
from indicators.models import Indicator, Observation, Question
from indicators.services import Given, sheets, steps, write
from tests.cast import Cast
from tests.cast_story import NOW
from tests.races.parallel import at_once
from tests.races.test_periods import in_the_middle, stopping, waits

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]
YEAR = 2019
HEAD = "指标代码,地区代码,年份,数值"


def survey(cast: Cast, value: str, year: int = YEAR, **more: Any) -> Given:
    return Given(cast.literacy_ratio, cast.city_a, year, {"value": Decimal(value), **more})


def handed_in(cast: Cast, value: str, **more: Any) -> Observation:
    (done,) = write([survey(cast, value, **more)], by=cast.office)
    return services.submit(done.row, by=cast.office)


def correction(cast: Cast) -> tuple[Observation, Observation]:
    """Return a value that counts and a correction of it that waits to be checked."""
    counts = services.verify(handed_in(cast, "9.1"), by=cast.office_2, now=NOW)
    return counts, handed_in(cast, "9.2", correction_reason="原表有误")


def acting(*people: Any) -> None:
    for one in people:
        one.acting  # noqa: B018 (asked once, here: threads share the person)


# --- Questions -----------------------------------------------------------------------------
def asked(cast: Cast) -> Question:
    """Return what is asked about a draft that is far above the year before."""
    services.verify(handed_in(cast, "5"), by=cast.office_2, now=NOW)
    (done,) = write([survey(cast, "20", YEAR + 1)], by=cast.office)
    return Question.objects.select_related("observation").get(observation=done.row)


def test_an_answer_to_what_is_not_asked_any_more_is_refused(cast: Cast) -> None:
    question = asked(cast)
    write([survey(cast, "30", YEAR + 1)], by=cast.office_2)
    with pytest.raises(Conflict):
        services.answer(question, "口径没有变", by=cast.office, now=NOW)
    (left,) = Question.objects.filter(observation=question.observation)
    assert (left.pk != question.pk, left.answer) == (True, "")


def test_an_answer_about_a_value_that_is_gone_is_refused(cast: Cast) -> None:
    question = asked(cast)
    services.discard(question.observation, by=cast.office_2)
    with pytest.raises(DomainError):
        services.answer(question, "口径没有变", by=cast.office, now=NOW)
    assert not Question.objects.filter(pk=question.pk).exists()


def test_of_an_answer_and_a_change_at_once_no_stale_question_is_left(cast: Cast) -> None:
    question = asked(cast)
    acting(cast.office, cast.office_2)
    _answered, written = at_once(
        [
            lambda: services.answer(question, "口径没有变", by=cast.office, now=NOW),
            lambda: write([survey(cast, "30", YEAR + 1)], by=cast.office_2),
        ]
    )
    assert not isinstance(written, DomainError)
    (left,) = Question.objects.filter(observation=question.observation)
    assert (left.pk != question.pk, left.answer) == (True, "")


# --- Steps ---------------------------------------------------------------------------------
def test_of_a_check_a_withdrawal_and_a_change_at_once_the_order_is_one_that_is_allowed(
    cast: Cast,
) -> None:
    row = handed_in(cast, "9.1")
    acting(cast.office, cast.office_2)
    checked, withdrawn, changed = at_once(
        [
            lambda: services.verify(row, by=cast.office_2, now=NOW, version=row.version),
            lambda: services.withdraw(row, by=cast.office),
            lambda: write([survey(cast, "9.5")], by=cast.office),
        ]
    )
    stored = Observation.objects.get(pk=row.pk)
    if stored.state == "verified":
        assert isinstance(withdrawn, DomainError)
        assert (stored.value, isinstance(changed, DomainError)) == (Decimal("9.1"), True)
    else:
        assert isinstance(checked, DomainError)
        assert stored.value == (Decimal("9.1") if isinstance(changed, DomainError) else 9.5)
    assert Observation.objects.open().filter(year=YEAR, region=cast.city_a).count() <= 1


def test_a_draft_thrown_away_while_it_is_handed_in_is_one_or_the_other(cast: Cast) -> None:
    (done,) = write([survey(cast, "9.1")], by=cast.office)
    acting(cast.office, cast.office_2)
    handed, gone = at_once(
        [
            lambda: services.submit(done.row, by=cast.office),
            lambda: services.discard(done.row, by=cast.office_2),
        ]
    )
    assert isinstance(handed, DomainError) != isinstance(gone, DomainError)
    assert Observation.objects.filter(pk=done.row.pk).exists() == isinstance(gone, DomainError)


@pytest.mark.postgresql
def test_a_check_locks_what_it_corrects_before_it_looks_at_anything(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts, row = correction(cast)
    acting(cast.office_2)

    def check() -> Observation:
        return services.verify(row, by=cast.office_2, now=NOW)

    def take(pk: int) -> Callable[[], Any]:
        return lambda: Observation.objects.select_for_update().get(pk=pk)

    with in_the_middle(check, stopping(monkeypatch, steps, "_verify")) as answers:
        # Writers lock both in the order of their ids: with one of them left, each waits for ever.
        assert waits(take(counts.pk))
        assert waits(take(row.pk))
    assert not isinstance(answers[0], DomainError)
    assert Observation.objects.get(pk=counts.pk).superseded_by_id == row.pk


def test_checks_of_a_correction_and_writes_over_it_do_not_block_each_other(cast: Cast) -> None:
    counts, row = correction(cast)
    acting(cast.office, cast.office_2)
    deeds: list[Callable[[], Any]] = [
        lambda: services.verify(row, by=cast.office_2, now=NOW),
        lambda: write([survey(cast, "9.4", correction_reason="再核")], by=cast.office),
    ]
    at_once(deeds * 4)
    counting = Observation.objects.counting().filter(year=YEAR, region=cast.city_a)
    assert [one.pk for one in counting.filter(indicator=cast.literacy_ratio)] == [row.pk]
    assert Observation.objects.get(pk=counts.pk).superseded_by_id == row.pk


# --- Many at once --------------------------------------------------------------------------
def test_clients_that_send_the_same_new_values_in_other_orders_do_not_block_each_other(
    cast: Cast,
) -> None:
    rows = [survey(cast, "9.1", year) for year in range(1990, 2010)] + [
        Given(cast.literacy_ratio, place, year, {"value": Decimal(9)})
        for place in (cast.county_a2,)
        for year in range(1990, 2010)
    ]
    acting(cast.office, cast.office_2)
    for _round in range(3):
        answers = at_once(
            [
                lambda: write(rows, by=cast.office),
                lambda: write(rows[::-1], by=cast.office_2),
            ]
            * 2
        )
        assert all(isinstance(one, list | Conflict) for one in answers)
        drafts = Observation.objects.filter(state="draft", year__lt=2010)
        assert drafts.count() == len(rows)
        drafts.delete()


def test_a_file_applied_twice_at_once_is_applied_once(cast: Cast) -> None:
    lines = [f"literacy_ratio,{cast.city_a.code},{year},9.{year % 10}" for year in (2011, 2012)]
    sheet = sheets.take_in(
        "tidy", "表.csv", "\r\n".join((HEAD, *lines)).encode(), by=cast.office, any_year=True
    )
    today = timezone.localdate(NOW)
    with sheet.file.open("rb") as source:
        content = source.read()
    seen = sheets.preview(read_tidy(content, Asked(today), by=cast.office).rows, 0, by=cast.office)
    acting(cast.office)

    def apply() -> sheets.Applied:
        rows = read_tidy(content, Asked(today), by=cast.office).rows
        return sheets.apply(sheet.pk, rows, seen.mark, by=cast.office, now=NOW)

    answers = at_once([apply] * 4)
    assert sorted(one.again for one in answers) == [False, True, True, True]
    assert {(one.new, one.changed) for one in answers} == {(2, 0)}
    place = Region.objects.get(pk=cast.city_a.pk)
    drafts = Observation.objects.filter(region=place, year__in=(2011, 2012), state="draft")
    assert [one.version for one in drafts] == [1, 1]


def test_of_two_definitions_of_one_code_at_once_one_is_told_that_it_is_taken(cast: Cast) -> None:
    acting(cast.office, cast.office_2)
    fields = {"code": "lectures", "name": "科普讲座", "unit": "场", "kind": "increment"}
    answers = at_once(
        [lambda by=by: services.add_indicator(fields, by=by) for by in (cast.office, cast.office_2)]
        * 3
    )
    refused = [one for one in answers if isinstance(one, DomainError)]
    assert len(refused) == len(answers) - 1
    assert {tuple(one.fields) for one in refused} == {("code",)}
    assert Indicator.objects.filter(code="lectures").count() == 1
