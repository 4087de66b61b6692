"""Periods that move while others are at work, and what happens with the guard taken away."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction

from core.errors import DomainError
from core.models import AuditEvent
from core.work import Claimed
from tasks.models import Entry, Period, Revision
from tasks.services.entries import reporting as entries
from tasks.services.entries import steps
from tasks.services.periods import beat
from tasks.services.periods import steps as periods
from tasks.services.periods.waiving import waive_many
from tests.cast import Cast
from tests.cast_story import NOW
from tests.races.parallel import PATIENCE, at_once, together, without_constraint

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]
SOON = "200ms"  # how long a waiting transaction waits for a lock before it gives up


def due(cast: Cast) -> Period:
    """Return a period that the calendar opens on the day on which the cast lives."""
    Period.objects.update(by_calendar=False)
    day = NOW.date()
    return Period.objects.create(
        region=cast.city_a, name="第三期", year=2024, starts=day.replace(day=1), ends=day,
        opens_on=day, due_on=day, closes_on=day,
    )  # fmt: skip


def opened_by_two(period: Period, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Let two workers open a period at once, each with a job of its own in hand."""
    monkeypatch.setattr(Claimed, "finish", lambda self, result=None: results.append(result))
    results: list[Any] = []
    work = Claimed(0, beat.OPEN, period.pk, None)  # type: ignore[arg-type]
    at_once([lambda: beat.do("open", work, NOW) for _worker in range(2)])
    return results


def made(period: Period) -> tuple[int, int, int]:
    """Count the entries, the parts in tasks that they are of, and how often it was opened."""
    rows = Entry.objects.filter(period=period)
    deeds = AuditEvent.objects.filter(code="tasks.period.open", subject_id=period.pk)
    return rows.count(), rows.order_by().values("assignment").distinct().count(), deeds.count()


def unlocked(period: Period) -> Period:
    return Period.objects.select_related("region").get(pk=period.pk)


def test_two_workers_open_one_period_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    period = due(cast)
    results = opened_by_two(period, monkeypatch)
    assert sorted(map(str, results)) == ["{'entries': 7}", "{'skipped': True}"]
    assert made(period) == (7, 7, 1)


@pytest.mark.postgresql
def test_control_without_the_lock_it_is_opened_twice_but_the_constraint_holds(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    period = due(cast)
    monkeypatch.setattr(periods, "hindrance", together(lambda period: None, 2))
    monkeypatch.setattr(periods, "locked", unlocked)
    opened_by_two(period, monkeypatch)
    assert made(period) == (7, 7, 2)


@pytest.mark.postgresql
def test_control_without_lock_and_constraint_every_entry_is_there_twice(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    period = due(cast)
    monkeypatch.setattr(periods, "hindrance", together(lambda period: None, 2))
    monkeypatch.setattr(periods, "locked", unlocked)
    with without_constraint("tasks_entry", "tasks_entry_once"):
        opened_by_two(period, monkeypatch)
        assert made(period) == (14, 7, 2)


# --- A close running while a submission comes in -------------------------------------------------
def test_a_submission_and_a_close_at_once_end_in_words(cast: Cast) -> None:
    pk, version = cast.entry_draft.pk, Entry.objects.get(pk=cast.entry_draft.pk).version
    handed, _closed = at_once(
        [
            lambda: entries.submit(pk, version, by=cast.liaison, now=NOW),
            lambda: periods.close_period(cast.period, by=cast.office, now=NOW),
        ]
    )
    cast.period.refresh_from_db()
    assert cast.period.state == "closed"
    refused = isinstance(handed, DomainError)
    assert Revision.objects.filter(entry=pk).count() == (0 if refused else 1)
    assert not refused or "截止" in handed.message


@contextmanager
def in_the_middle(
    deed: Callable[[], Any], hold: Callable[[Callable[[], None]], None]
) -> Iterator[Any]:
    """Start a deed on a connection of its own, stop it where `hold` says, and let it end after.

    `hold` gets the function to call at the place to stop. Gives a list for what the deed answers.
    """
    there, go = threading.Event(), threading.Event()
    answers: list[Any] = []

    def stop() -> None:
        there.set()
        assert go.wait(PATIENCE)

    def run() -> None:
        try:
            answers.append(deed())
        except DomainError as refusal:
            answers.append(refusal)
        finally:
            connections.close_all()

    hold(stop)
    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert there.wait(PATIENCE)
        yield answers
    finally:
        go.set()
        thread.join(PATIENCE)


def waits(deed: Callable[[], Any]) -> bool:
    """Tell whether a deed has to wait for somebody else's lock; it is undone if so."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = '{SOON}'")
            deed()
    except OperationalError:
        return True
    return False


def stopping(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> Callable[[Any], None]:
    """Return a `hold` that stops the deed just before it calls a function of a module."""
    real = getattr(module, name)

    def hold(stop: Callable[[], None]) -> None:
        def first_stop(*args: Any, **kwargs: Any) -> Any:
            monkeypatch.setattr(module, name, real)
            stop()
            return real(*args, **kwargs)

        monkeypatch.setattr(module, name, first_stop)

    return hold


def close(cast: Cast) -> Period:
    return periods.close_period(cast.period, by=cast.office, now=NOW)


@pytest.mark.postgresql
def test_a_close_waits_for_a_submission_that_was_let_in(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    pk, version = cast.entry_draft.pk, Entry.objects.get(pk=cast.entry_draft.pk).version

    def submit() -> Any:
        return entries.submit(pk, version, by=cast.liaison, now=NOW)

    with in_the_middle(submit, stopping(monkeypatch, entries, "read_all")) as answers:
        assert waits(lambda: close(cast))
    assert not isinstance(answers[0], DomainError)
    assert close(cast).state == "closed"
    assert Entry.objects.get(pk=pk).state == "submitted"


@pytest.mark.postgresql
def test_a_submission_waits_for_a_close_and_is_refused(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    pk, version = cast.entry_draft.pk, Entry.objects.get(pk=cast.entry_draft.pk).version

    def submit() -> Any:
        return entries.submit(pk, version, by=cast.liaison, now=NOW)

    with in_the_middle(lambda: close(cast), stopping(monkeypatch, periods, "_record")):
        assert waits(submit)
    with pytest.raises(DomainError, match="截止"):
        submit()
    assert Entry.objects.get(pk=pk).state == "draft"


@pytest.mark.postgresql
def test_control_without_holding_the_period_a_submission_slips_in_after_the_close(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    pk, version = cast.entry_draft.pk, Entry.objects.get(pk=cast.entry_draft.pk).version
    monkeypatch.setattr(steps, "hold_period", lambda pk: None)

    def submit() -> Any:
        return entries.submit(pk, version, by=cast.liaison, now=NOW)

    with in_the_middle(submit, stopping(monkeypatch, entries, "read_all")) as answers:
        assert not waits(lambda: close(cast))
        assert Period.objects.get(pk=cast.period.pk).state == "closed"
        assert Entry.objects.get(pk=pk).state == "draft"
    assert not isinstance(answers[0], DomainError)
    assert Entry.objects.get(pk=pk).state == "submitted"


@pytest.mark.postgresql
def test_an_excuse_waits_for_the_archiving_and_is_refused(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    close(cast)

    def freeze() -> Period:
        return periods.freeze(cast.period, "已印发", by=cast.office, now=NOW)

    def excuse() -> int:
        units = [cast.education.pk]
        return waive_many(cast.period, "不涉及", departments=units, by=cast.office, now=NOW)

    with in_the_middle(freeze, stopping(monkeypatch, periods, "_record")):
        assert waits(excuse)
    with pytest.raises(DomainError, match="归档"):
        excuse()
