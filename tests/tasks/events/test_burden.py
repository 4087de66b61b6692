"""The burden of reporting: counted by the database, each unit in its place, never ranked."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import AuditEvent
from tasks.models import Entry, Period, Reminder, Revision, Task
from tasks.selectors.periods.burden import FIELDS, Row, burden_page
from tasks.services import entries
from tasks.services.entries import decisions
from tests.cast import Cast
from tests.cast_story import NOW

Browse = Callable[..., Client]


def reminded(cast: Cast, kind: str, channel: str, count: int = 1) -> None:
    for number in range(count):
        Reminder(
            kind=kind,
            channel=channel,
            period=cast.period,
            department=cast.education,
            person=cast.liaison,
            on=NOW.date() + dt.timedelta(days=number),
            at=NOW,
            by=cast.office if kind == "nudge" else None,
        ).save()


def of(cast: Cast, person: Any = None) -> dict[str, Row]:
    page = burden_page(person or cast.office, 2024)
    return {str(row.department): row for row in page.periods[0].rows}


def test_what_a_period_asked_of_each_unit(cast: Cast) -> None:
    reminded(cast, "calendar", "notice", 2)
    reminded(cast, "calendar", "mail")
    reminded(cast, "nudge", "phone")
    rows = of(cast)
    assert list(rows) == ["市教育局", "市财政局", "市科协"]  # as the plan named them
    one = rows["市教育局"]
    states = Entry.objects.filter(period=cast.period, department=cast.education)
    assert (one.asked, one.fields) == (states.count(), states.count() * FIELDS)
    assert one.handed == states.filter(submitted__isnull=False).count()
    assert one.returns == 1
    assert (one.reminded, one.reminders) == (3, {"站内通知": 2, "邮件": 1})
    assert (one.nudged, one.nudges) == (1, {"电话": 1})


def test_excused_entries_are_not_asked_for(cast: Cast) -> None:
    before = of(cast)["市财政局"].asked
    decisions.waive(cast.entry_blank.pk, "本期无任务", by=cast.office, now=NOW)
    assert of(cast)["市财政局"].asked == before - 1


def _waits(cast: Cast, days: list[float]) -> None:
    """Hand in and approve one entry for each wait, in days."""
    for number, wait in enumerate(days):
        task = Task.objects.create(
            plan=cast.plan, measure=cast.measure_1, year=2024, title=f"任务{number}",
            starts=cast.task_1.starts, due=cast.task_1.due, gathering="none",
        )  # fmt: skip
        part = task.assignments.create(department=cast.finance, role="responsible")
        entry = Entry.objects.create(
            period=cast.period, task=task, assignment=part, department=cast.finance,
            kind="report", version=1,
            draft={
                name: {"text": text, "version": 1, "by": cast.liaison_finance.pk}
                for name, text in (("percent", "5"), ("self_rating", "on_track"), ("done", "好"))
            },
        )  # fmt: skip
        start = cast.period.opened_at + dt.timedelta(days=2)
        entries.submit(entry.pk, 1, by=cast.liaison_finance, now=start)
        decisions.approve(entry.pk, by=cast.office, now=start + dt.timedelta(days=wait))


@pytest.mark.services
@pytest.mark.parametrize(
    ("days", "median"),
    [([], None), ([3], "3.0"), ([1, 4], "2.5"), ([9, 1, 2], "2.0"), ([1, 1, 2, 30], "1.5")],
)
def test_medians_are_those_of_the_middle(cast: Cast, days: list[float], median: Any) -> None:
    _waits(cast, days)
    row = of(cast)["市财政局"]
    assert row.checking == (Decimal(median) if median else None)
    if days:
        first = Revision.objects.filter(entry__department=cast.finance, number=1)
        assert row.reporting == 2 or first.count() > len(days)


def test_a_decision_taken_back_at_once_does_not_count(cast: Cast) -> None:
    pk, now = cast.entry_submitted.pk, NOW + dt.timedelta(days=1)
    before = of(cast)["市教育局"]
    decisions.send_back(pk, {"done": "细一些"}, by=cast.office, now=now)
    decisions.undo(pk, by=cast.office, now=now + dt.timedelta(seconds=5))
    after = of(cast)["市教育局"]
    assert (after.returns, after.checking) == (before.returns, before.checking)


def test_who_reads_it(cast: Cast, browse: Browse) -> None:
    reminded(cast, "calendar", "notice")
    html = browse(cast.leader).get("/burden/?year=2024").content.decode()
    assert "市财政局" in html
    assert "共请 3 个单位填报" in html
    assert "等本单位审签的时间不算在内" in html
    assert "btn-p" not in html
    html = browse(cast.liaison).get("/burden/?year=2024").content.decode()
    assert "市教育局" in html
    assert "市财政局" not in html
    for person in (cast.admin, cast.client, cast.auditor):
        assert browse(person).get("/burden/").status_code == 404


def test_it_goes_out_as_excel(cast: Cast, browse: Browse) -> None:
    answer = browse(cast.office).get("/burden/export/?year=2024")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    cells = [row for row in sheet.iter_rows(values_only=True) if row[0] == "市教育局"]
    assert cells[0][1] == of(cast)["市教育局"].asked
    assert AuditEvent.objects.filter(code="tasks.burden.export").count() == 1


def test_the_number_of_queries_is_fixed(cast: Cast) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            burden_page(cast.office, 2024)
        return len(caught)

    asked()  # the person's role is loaded once
    few = asked()
    _waits(cast, [1, 2, 3, 4])
    days = ("starts", "ends", "opens_on", "due_on", "closes_on")
    for number in range(5):
        Period.objects.create(
            region=cast.city_a, name=f"第{number}期", year=2024, state="closed",
            **dict.fromkeys(days, NOW.date() - dt.timedelta(days=number)),
        )  # fmt: skip
    reminded(cast, "nudge", "phone", 3)
    assert asked() == few == 10
