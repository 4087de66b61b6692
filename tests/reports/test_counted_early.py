"""A whole year is often reported and checked before its last day: that counts at once."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from reports import facts
from reports.facts.scope import Scope
from reports.selectors.history import history
from reports.selectors.moments import Moment
from tasks.models import Period, Task
from tasks.selectors import TaskStanding, board
from tasks.services.entries import decisions
from tasks.services.planning import cancel_task
from tasks.services.planning.judgements import judge
from tests.cast import Cast
from tests.cast_story import NOW
from tests.reports.compile.working import freeze

pytestmark = [pytest.mark.django_db, pytest.mark.services]
END = date(2024, 12, 31)


@pytest.fixture
def checked(cast: Cast) -> date:
    """Let the period last to the end of the year, check an entry, and return the day of that."""
    Period.objects.filter(pk=cast.period.pk).update(ends=END)
    cast.period.refresh_from_db()
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
    frozen = facts.freeze(Scope(cast.plan, "annual", 2024), END)
    assert frozen["as_of"] == checked.isoformat()
    assert cast.entry_submitted.submitted is not None
    assert cast.entry_submitted.submitted.done in facts.encoded(frozen).decode()


@pytest.fixture
def judged(cast: Cast, checked: date) -> date:
    """Let the office judge a task days after all was checked, before the period ends."""
    at = NOW + timedelta(days=4)
    judge(cast.task_4, cast.period, Decimal(73), "两家都过半", by=cast.office, now=at)
    return timezone.localdate(at)


@pytest.mark.parametrize("kind", ["annual", "bulletin", "department", "five_year"])
def test_a_judgement_made_after_the_last_approval_counts_before_the_period_ends(
    cast: Cast, judged: date, kind: str
) -> None:
    part = {
        "bulletin": {"period": cast.period},
        "department": {"department": cast.finance},
    }.get(kind, {})
    frozen = freeze(cast.plan, 2025 if kind == "five_year" else 2024, kind, **part)
    row = frozen["figures"][f"task.{cast.task_4.pk}.percent"]
    assert row["value"] == "73"
    if kind != "five_year":
        assert frozen["as_of"] == judged.isoformat()


def test_a_judgement_on_a_task_of_others_moves_no_day_of_a_unit(cast: Cast, judged: date) -> None:
    frozen = freeze(cast.plan, kind="department", department=cast.association)
    assert frozen["as_of"] < judged.isoformat()


def test_a_judgement_on_a_cancelled_task_moves_no_day(
    cast: Cast, checked: date, judged: date
) -> None:
    cancel_task(cast.task_4, "合并到别的任务", by=cast.office)
    assert freeze(cast.plan)["as_of"] == checked.isoformat()


def test_a_year_that_is_not_over_is_not_measured_at_its_end(cast: Cast) -> None:
    year, march = 2025, date(2025, 3, 10)  # of which nothing was reported or judged
    Task.objects.create(
        plan=cast.plan,
        measure=cast.measure_1,
        year=year,
        title="下一年的任务",
        starts=date(year, 1, 1),
        due=date(year, 12, 31),
        gathering=Task.Gathering.CONFIRMED,
    )
    frozen = freeze(cast.plan, year, today=march)
    assert frozen["as_of"] == march.isoformat()
    assert frozen["counts"]["overdue"] == 0
    assert frozen["standing"]["schedule"] != "100"
    assert facts.encoded(frozen) == facts.encoded(freeze(cast.plan, year, today=march))
    later = freeze(cast.plan, year, today=date(2026, 3, 1))
    assert later["as_of"] == date(year, 12, 31).isoformat()
