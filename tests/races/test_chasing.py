"""催办 of one unit by two people of the office at the same moment, and its negative control."""

from collections.abc import Callable
from typing import Any

import pytest

from core.errors import DomainError
from core.models import Delivery, Notice
from tasks.models import Period, Reminder, SupervisionItem
from tasks.services.periods import nudging
from tasks.services.supervision import nudges, steps
from tests.cast import Cast
from tests.cast_story import NOW
from tests.races.parallel import at_once, together, without_index

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]


def both(cast: Cast, deed: Callable[[Any], Any]) -> list[Any]:
    """Let two people of the office do a deed at once."""
    for person in (cast.office, cast.office_2):
        person.acting  # noqa: B018 (asked once, here: threads share the person)
    Notice.objects.all().delete()
    Delivery.objects.all().delete()
    return at_once([lambda who=who: deed(who) for who in (cast.office, cast.office_2)])


def of_period(cast: Cast) -> list[Any]:
    unit, pk = cast.finance.pk, cast.period.pk
    return both(cast, lambda who: nudging.nudge(pk, [unit], "notice", by=who, now=NOW))


def of_item(cast: Cast) -> list[Any]:
    pk = cast.item_pending.pk
    return both(cast, lambda who: nudges.nudge(pk, "notice", by=who, now=NOW))


def test_of_two_who_chase_a_unit_at_once_one_is_told_that_it_was_done(cast: Cast) -> None:
    answers = of_period(cast)
    assert sorted(len(one.told) for one in answers) == [0, 1]
    (late,) = [one for one in answers if not one.told]
    assert "今天已经催办过" in late.left_out[0]
    assert Reminder.objects.filter(kind="nudge").count() == 1
    assert Notice.objects.filter(person=cast.liaison_finance).count() == 1


def test_of_two_who_chase_an_item_at_once_one_is_told_that_it_was_done(cast: Cast) -> None:
    answers = of_item(cast)
    (late,) = [one for one in answers if isinstance(one, DomainError)]
    assert "今天已经催办过" in late.fields["channel"][0]
    assert cast.item_pending.steps.filter(verb="nudge").count() == 1
    assert Notice.objects.filter(person=cast.liaison).count() == 1


@pytest.mark.postgresql
def test_control_without_lock_and_constraint_a_unit_is_chased_twice(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Period.objects.all().__class__, "select_for_update", _unlocked)
    monkeypatch.setattr(nudging, "chased_on", together(nudging.chased_on, 2))
    with without_index("tasks_reminder", "tasks_reminder_nudge_once_a_day"):
        assert [len(one.told) for one in of_period(cast)] == [1, 1]
        assert Reminder.objects.filter(kind="nudge").count() == 2


@pytest.mark.postgresql
def test_control_without_lock_and_constraint_an_item_is_chased_twice(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unlocked(pk: int) -> SupervisionItem:
        return SupervisionItem.objects.select_related("region", "department").get(pk=pk)

    monkeypatch.setattr(steps, "locked", unlocked)
    monkeypatch.setattr(nudges, "chased_on", together(nudges.chased_on, 2))
    with without_index("tasks_reminder", "tasks_reminder_item_nudge_once_a_day"):
        answers = of_item(cast)
        assert not [one for one in answers if isinstance(one, DomainError)]
        assert cast.item_pending.steps.filter(verb="nudge").count() == 2


def _unlocked(rows: Any, **_how: Any) -> Any:
    return rows
