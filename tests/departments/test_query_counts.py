"""Pages of people and of the audit record ask the database as often for twenty rows as for two."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import audit, notices
from departments.models import User
from departments.services import appoint
from tasks.services import entries
from tests.cast import Cast
from tests.cast_story import NOW


def more_people(cast: Cast, count: int) -> None:
    start = User.objects.count()
    for number in range(start, start + count):
        user = User.objects.create(username=f"more{number}", name=f"某{number}")
        appoint(user, "liaison", department=cast.education if number % 2 else cast.finance)


def more_notices(cast: Cast, count: int) -> None:
    for number in range(count):
        notices.tell(
            [cast.liaison.pk], event=f"test:{count}:{number}", reason="due", text="将到期",
            view="entry", subject=cast.entry_draft.pk, after=NOW,
        )  # fmt: skip


def more_events(cast: Cast, count: int) -> None:
    for number in range(count):
        person = (cast.office, cast.liaison, cast.head)[number % 3]
        audit.record("tests.deed", cast.plan, by=person, region_path=cast.city_a.path)


def more_history(cast: Cast, count: int) -> None:
    entry = cast.entry_draft
    for number in range(count):
        entry.refresh_from_db()
        entries.save_field(
            entry.pk, "done", f"第{count}-{number}稿", entry.field_version("done"),
            by=cast.liaison, now=NOW,
        )  # fmt: skip
        entry.refresh_from_db()
        entries.submit(entry.pk, entry.version, by=cast.liaison, now=NOW)
        entries.withdraw(entry.pk, by=cast.liaison, now=NOW)


PAGES = {
    "people": ("admin", "/people/", more_people),
    "notices": ("liaison", "/notices/", more_notices),
    "audit": ("auditor", "/audit/", more_events),
    "history": ("liaison", "/entries/{entry}/history/", more_history),
}


@pytest.mark.parametrize("name", PAGES)
def test_the_number_of_queries_does_not_depend_on_the_rows(
    cast: Cast, browse: Callable[..., Client], name: str
) -> None:
    who, address, more = PAGES[name]
    browser = browse(getattr(cast, who))

    def queries() -> list[str]:
        with CaptureQueriesContext(connection) as caught:
            answer = browser.get(address.format(entry=cast.entry_draft.pk))
        assert answer.status_code == 200
        return [one["sql"] for one in caught.captured_queries]

    more(cast, 2)
    queries()  # the first page of a session also stores it
    few = queries()
    more(cast, 18)
    many = queries()
    assert len(many) == len(few), "\n".join(many)
