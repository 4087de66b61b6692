"""A worker killed in the middle of opening a period leaves what an undisturbed run leaves."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from core.models import AuditEvent, Job, Notice
from tasks.models import Entry, Period
from tasks.services import periods
from tasks.services.periods import beat
from tests.cast import Cast
from tests.jobs.conftest import Worker, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]
Start = Callable[..., Worker]


def scheduled(cast: Cast, number: int) -> Period:
    """Return a period that the calendar opens today."""
    today = timezone.localdate()
    return Period.objects.create(
        region=cast.city_a,
        name=f"第{number}期",
        year=2024,
        starts=date(2024, 7, number),
        ends=date(2024, 12, 31),
        opens_on=today,
        due_on=today,
        closes_on=today,
    )


def left(period: Period) -> dict[str, Any]:
    """Return everything that opening leaves, without times and ids of its own."""
    period.refresh_from_db()
    event = f"period:{period.pk}:open"
    return {
        "state": period.state,
        "entries": sorted(
            Entry.objects.filter(period=period).values_list(
                "task", "assignment", "department", "kind", "state", "version", "ready"
            )
        ),
        "told": sorted(Notice.objects.filter(event=event).values_list("person", "reason")),
        "audit": AuditEvent.objects.filter(code="tasks.period.open", subject_id=period.pk).count(),
    }


def state_of(period: Period) -> tuple[str, int]:
    return Job.objects.values_list("state", "attempts").get(kind=beat.OPEN, subject_id=period.pk)


def test_a_worker_killed_while_it_opens_a_period_ends_with_the_same_rows(
    cast: Cast, start_worker: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Period.objects.update(by_calendar=False)  # those of the cast are over long since
    # What an undisturbed run leaves.
    model = scheduled(cast, 1)
    periods.open_period(model, by=None, now=timezone.now())
    wanted = left(model)
    assert wanted["entries"]
    assert wanted["told"]

    # The entries are made and nobody is told yet: there the worker stops, and is killed.
    note = tmp_path / "held"
    with monkeypatch.context() as held:
        held.setenv("TEST_HOLD", "tasks.services.periods.steps:_tell_opened")
        held.setenv("TEST_HOLD_NOTE", str(note))
        first = start_worker()
    period = scheduled(cast, 2)
    assert beat.move_due(timezone.now()) == 1
    wait_for("the worker is in the middle of opening", note.exists)
    first.kill()
    assert state_of(period) == (Job.State.RUNNING, 1)
    assert left(period) == {"state": "scheduled", "entries": [], "told": [], "audit": 0}

    start_worker(beat=True)
    wait_for("the period is open", lambda: state_of(period)[0] == Job.State.DONE)
    assert state_of(period)[1] == 2
    assert left(period) == wanted
