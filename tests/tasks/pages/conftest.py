"""What the tests of the working pages share: forms as a browser sends them, and many rows."""

from __future__ import annotations  # the models are loaded after this file

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

if TYPE_CHECKING:
    from plans.models import Measure
    from tasks.models import Entry, Task
    from tests.cast import Cast

TEXTS = {
    "percent": "60",
    "self_rating": "on_track",
    "done": "新开两门课，覆盖三所学校。",
    "problems": "无",
    "next_steps": "",
}


@pytest.fixture
def sent() -> Callable[..., dict[str, Any]]:
    """Return what the form of an entry sends, with the versions of the entry as it is now."""

    def build(entry: Entry, act: str = "ready", **texts: str) -> dict[str, Any]:
        entry.refresh_from_db()
        fields = {**{name: entry.typed(name) for name in TEXTS}, **texts}
        versions = {f"version-{name}": str(entry.field_version(name)) for name in TEXTS}
        files = list(entry.evidence.filter(removed_at=None).values_list("pk", flat=True))
        return {**fields, **versions, "act": act, "seen-evidence": files}

    return build


@pytest.fixture
def filled() -> Callable[..., Entry]:
    """Return a function that types an entry through the service, ready to be handed in."""
    from tasks.services import entries

    def fill(entry: Entry, by: Any, **texts: str) -> Entry:
        for name, text in {**TEXTS, **texts}.items():
            entry.refresh_from_db()
            version = entry.field_version(name)
            entries.save_field(entry.pk, name, text, version, by=by, now=timezone.now())
        return entries.mark_ready(entry.pk, by=by, now=timezone.now())

    return fill


@pytest.fixture
def more(cast: Cast) -> Callable[..., list[Entry]]:
    """Return a function that adds tasks of the education unit, each with an entry and a part.

    The entries are handed in (`state` submitted), finished (ready) or untouched (draft).
    """
    from plans.models import Measure
    from tasks.models import Assignment, Entry, Task
    from tasks.services import entries

    typed = {
        name: {"text": text, "version": 1, "by": cast.liaison.pk, "at": timezone.now().isoformat()}
        for name, text in TEXTS.items()
    }

    def measure(number: int) -> Measure:
        position = cast.action_1.measures.count() + 1
        return Measure.objects.create(
            action=cast.action_1, title=f"另一项措施{number}", position=position
        )

    def task(number: int) -> Task:
        return Task.objects.create(
            plan=cast.plan,
            measure=measure(number),
            year=2024,
            title=f"另一项任务{number}",
            starts=cast.task_1.starts,
            due=cast.task_1.due,
            gathering=Task.Gathering.CONFIRMED,
        )

    def entry(of: Task, unit: Any, role: str, kind: str) -> Entry:
        assignment = Assignment.objects.create(task=of, department=unit, role=role)
        return Entry.objects.create(
            period=cast.period, task=of, assignment=assignment, department=unit, kind=kind
        )

    def add(count: int, state: str = "submitted") -> list[Entry]:
        made = []
        for number in range(count):
            of = task(number)
            own = entry(of, cast.education, "lead", "report")
            entry(of, cast.finance, "responsible", "part")
            if state != "draft":
                own.draft, own.version, own.ready = typed, len(typed), True
                own.save()
            if state == "submitted":
                entries.submit(own.pk, own.version, by=cast.liaison, now=timezone.now())
            made.append(own)
        return made

    return add
