"""What tests of pages share: the clock of the cast, a plan that grows, and counted queries."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

NOW = dt.datetime(2024, 7, 10, 2, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pages look at the day of the cast."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def grow(cast: Any) -> Callable[[int], None]:
    """Return a function that adds measures to the plan, each with a task, units and entries."""
    from plans.models import Measure, Responsibility
    from tasks.models import Assignment, Entry, Revision, Task

    def add(count: int) -> None:
        start = Measure.objects.filter(action=cast.action_1).count()
        for number in range(start + 1, start + count + 1):
            at = cast.measure_1.span_start
            measure = Measure.objects.create(
                action=cast.action_1,
                title=f"措施{number}",
                position=number,
                span_start=at,
                span_end=at,
            )
            Responsibility.objects.create(
                measure=measure,
                role="lead",
                printed_name="市教育局",
                department=cast.education,
                position=1,
            )
            task = Task.objects.create(
                plan=cast.plan,
                measure=measure,
                year=2024,
                title=measure.title,
                starts=dt.date(2024, 1, 1),
                due=dt.date(2024, 12, 31),
                gathering="confirmed",
            )
            lead = Assignment.objects.create(task=task, department=cast.education, role="lead")
            part = Assignment.objects.create(task=task, department=cast.finance, role="responsible")
            for assignment, kind, state in (
                (lead, "report", "submitted"),
                (part, "part", "submitted"),
            ):
                entry = Entry.objects.create(
                    period=cast.period,
                    task=task,
                    assignment=assignment,
                    department=assignment.department,
                    kind=kind,
                    state=state,
                )
                revision = Revision(
                    entry=entry,
                    number=1,
                    of_version=0,
                    percent=number,
                    done="推进。",
                    problems="人手不足。",
                    submitted_by=cast.liaison,
                    submitted_at=NOW,
                    sha256="0" * 64,
                )
                revision.save(force_insert=True)
                entry.submitted = revision
                if kind == "report" and number % 2:
                    entry.state, entry.approved, entry.approved_at = "approved", revision, NOW
                entry.save()

    return add


@pytest.fixture
def queries(browse: Any) -> Callable[[Any, str], list[str]]:
    """Return a function that gives the SQL of a person's second look at a page."""

    def look(person: Any, address: str) -> list[str]:
        browser = browse(person)
        assert browser.get(address).status_code == 200
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert browser.get(address).status_code == 200
        return [one["sql"] for one in seen.captured_queries]

    return look
