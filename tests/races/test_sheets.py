"""Table B applied while others work on the same entries, and each guard taken away."""

from collections.abc import Callable
from typing import Any

import pytest

from core.errors import Conflict, DomainError
from tasks.exchange.entries import read_table
from tasks.models import Entry, Period, Sheet
from tasks.selectors.entries.sheet_changes import Given
from tasks.services.entries import reporting, sheets
from tasks.services.periods import steps as periods
from tests.cast import Cast
from tests.cast_story import NOW
from tests.races.parallel import at_once
from tests.races.test_periods import in_the_middle, stopping, waits

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]
FIELD = "problems"  # the one that the cast's table changes


def applying(cast: Cast) -> Callable[[], sheets.Applied]:
    """Return the deed of applying the cast's table, which changes one field of `part_blank`."""
    cast.liaison.acting  # noqa: B018 (asked once, here: threads share the person)
    with cast.sheet.file.open("rb") as source:
        given = read_table(source.read())
    return lambda: sheets.apply(cast.sheet.pk, given, by=cast.liaison, now=NOW)


def saving(cast: Cast, field: str = FIELD) -> Callable[[], reporting.Saved]:
    """Return the deed of an autosave by the head, who saw the entry before the table came."""
    cast.head.acting  # noqa: B018
    pk = cast.part_blank.pk
    seen = Entry.objects.get(pk=pk).field_version(field)
    return lambda: reporting.save_field(pk, field, "页面上的", seen, by=cast.head, now=NOW)


def typed(cast: Cast, field: str = FIELD) -> str:
    return Entry.objects.get(pk=cast.part_blank.pk).typed(field)


def test_of_a_table_and_an_autosave_of_one_field_the_second_is_refused_with_both_texts(
    cast: Cast,
) -> None:
    applied, saved = at_once([applying(cast), saving(cast)])
    if isinstance(saved, Conflict):
        assert saved.current["mine"] == "页面上的"
        assert saved.current["theirs"] == typed(cast) != "页面上的"
        assert Sheet.objects.get(pk=cast.sheet.pk).applied_at
    else:
        assert isinstance(applied, DomainError)
        assert typed(cast) == "页面上的"
        assert Sheet.objects.get(pk=cast.sheet.pk).applied_at is None


def test_a_table_and_an_autosave_of_another_field_are_both_kept(cast: Cast) -> None:
    answers = at_once([applying(cast), saving(cast, "next_steps")])
    assert not [one for one in answers if isinstance(one, DomainError)]
    assert typed(cast, "next_steps") == "页面上的"
    assert typed(cast)


@pytest.mark.postgresql
def test_an_autosave_waits_for_a_table_that_was_let_in(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = saving(cast)
    with in_the_middle(applying(cast), stopping(monkeypatch, sheets, "keep")) as answers:
        assert waits(save)
    assert not isinstance(answers[0], DomainError)
    with pytest.raises(Conflict):
        save()


@pytest.mark.postgresql
def test_control_without_the_lock_on_entries_an_autosave_is_lost_silently(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = sheets.stored

    def unlocked(user: Any, period: Period, given: list[Given], *, lock: bool) -> Any:
        return real(user, period, given)

    monkeypatch.setattr(sheets, "stored", unlocked)
    save = saving(cast, "next_steps")
    with in_the_middle(applying(cast), stopping(monkeypatch, sheets, "keep")) as answers:
        assert not waits(save)
        assert typed(cast, "next_steps") == "页面上的"
    assert not isinstance(answers[0], DomainError)
    assert typed(cast, "next_steps") == "", "nobody was told"


def close(cast: Cast) -> Period:
    return periods.close_period(cast.period, by=cast.office, now=NOW)


@pytest.mark.postgresql
def test_a_close_waits_for_a_table_that_was_let_in(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with in_the_middle(applying(cast), stopping(monkeypatch, sheets, "keep")) as answers:
        assert waits(lambda: close(cast))
    assert not isinstance(answers[0], DomainError)
    assert close(cast).state == "closed"


@pytest.mark.postgresql
def test_control_without_holding_the_period_a_table_slips_in_after_the_close(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "hold_whole_period", lambda pk: None)
    with in_the_middle(applying(cast), stopping(monkeypatch, sheets, "keep")) as answers:
        assert not waits(lambda: close(cast))
        assert Period.objects.get(pk=cast.period.pk).state == "closed"
    assert not isinstance(answers[0], DomainError)
