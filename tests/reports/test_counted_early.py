"""A whole year is often reported and checked before its last day: that counts at once."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from reports import facts
from reports.facts.scope import Scope
from reports.selectors.history import history
from reports.selectors.moments import Moment
from tasks.models import Period
from tasks.selectors import TaskStanding, board
from tasks.services.entries import decisions
from tests.cast import Cast
from tests.cast_story import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.services]
END = date(2024, 12, 31)


@pytest.fixture
def checked(cast: Cast) -> date:
    """Let the period last to the end of the year, check an entry, and return the day of that."""
    Period.objects.filter(pk=cast.period.pk).update(ends=END)
    decisions.approve(cast.entry_submitted.pk, by=cast.office, now=NOW)
    return timezone.localdate(NOW)


def standing_of(cast: Cast, day: date) -> TaskStanding:
    """Return how the task of the checked entry stands on a day."""
    shown = board(cast.plan, 2024, day).measures
    return next(task for one in shown for task in one.tasks if task.task == cast.task_2)


def test_what_was_checked_before_its_period_ended_counts_from_that_day(
    cast: Cast, checked: date
) -> None:
    assert standing_of(cast, checked).revision == cast.entry_submitted.submitted
    before = standing_of(cast, checked - timedelta(days=1))
    assert before.revision != cast.entry_submitted.submitted


def test_the_past_periods_say_the_same_as_the_board(cast: Cast, checked: date) -> None:
    before = checked - timedelta(days=1)
    shown = history(cast.plan, [Moment(2024, before), Moment(2024, checked)])
    assert [one.counts for one in shown] == [
        board(cast.plan, 2024, day).counts for day in (before, checked)
    ]
    assert shown[0].counts != shown[1].counts


def test_a_report_measures_on_the_day_that_is_known_and_tells_everything_checked(
    cast: Cast, checked: date
) -> None:
    frozen = facts.freeze(Scope(cast.plan, "annual", 2024))
    assert frozen["as_of"] == checked.isoformat()
    assert cast.entry_submitted.submitted is not None
    assert cast.entry_submitted.submitted.done in facts.encoded(frozen).decode()
