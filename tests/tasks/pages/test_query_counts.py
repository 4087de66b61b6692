"""Each working page asks the database as often for twenty rows as for two."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tasks.models import Entry, Period

PAGES = {
    "the entry form": ("liaison", "/entries/{entry_draft}/"),
    "an entry to read": ("liaison", "/entries/{entry_submitted}/"),
    "check and submit": ("liaison", "/entries/check/"),
    "the queue": ("office", "/review/"),
    "an entry to check": ("office", "/review/{entry_submitted}/"),
    "the year's tasks": ("office", "/tasks/"),
    "a task": ("office", "/tasks/{task_1}/"),
    "the periods": ("office", "/periods/"),
    "a period": ("office", "/periods/{period}/"),
}


def queries(browser: Client, address: str) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert browser.get(address).status_code == 200
    return [one["sql"] for one in caught.captured_queries]


@pytest.mark.parametrize("name", PAGES)
def test_the_number_of_queries_does_not_depend_on_the_rows(
    cast: Any, browse: Callable[..., Client], more: Callable[..., list[Entry]], name: str
) -> None:
    who, address = PAGES[name]
    address = address.format(
        **{
            key: getattr(cast, key).pk
            for key in ("entry_draft", "entry_submitted", "period", "task_1")
        }
    )
    state = "ready" if name == "check and submit" else "submitted"
    more(2, state)
    browser = browse(getattr(cast, who))
    queries(browser, address)  # the first page of a session also stores it
    few = queries(browser, address)
    more(18, state)
    for number in range(10):
        day = cast.period.starts + timedelta(days=number)
        period = Period.objects.create(
            region=cast.city_a,
            name=f"补充填报期{number}",
            year=2024,
            starts=day,
            ends=day,
            opens_on=day,
            due_on=day,
            closes_on=day,
            state="closed",
        )
        Entry.objects.create(
            period=period,
            task=cast.task_1,
            assignment=cast.entry_draft.assignment,
            department=cast.education,
            kind="report",
        )
    many = queries(browser, address)
    assert len(many) == len(few), "\n".join(many)
