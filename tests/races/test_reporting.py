"""Reporting at the same moment, and the negative control of each race: the guard taken away."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core import audit, idempotency
from core.errors import Conflict
from core.models import AuditEvent, IdempotencyKey
from tasks.models import Entry, Revision, Transition
from tasks.services.entries import reporting as entries
from tests.cast import Cast
from tests.cast_story import NOW
from tests.races.parallel import at_once, together, without_constraint

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]
FIFTY = 50


def post(client: Client, address: str, body: Any, key: str) -> Any:
    return client.post(
        address, body, content_type="application/json", headers={"Idempotency-Key": key}
    )


def test_fifty_submissions_under_one_key_are_one_revision(
    cast: Cast, call: Callable[..., Client]
) -> None:
    entry = Entry.objects.get(pk=cast.entry_draft.pk)
    client, address = call(cast.liaison, scope="write"), f"/api/v1/entries/{entry.pk}/submit/"
    body = {"version": entry.version}
    answers = at_once([lambda: post(client, address, body, "one") for _ in range(FIFTY)])
    assert {one.status_code for one in answers} == {200}
    assert all(one.json() == answers[0].json() for one in answers)
    assert Revision.objects.filter(entry=entry).count() == 1
    assert Transition.objects.filter(entry=entry, verb="submit").count() == 1
    other = post(client, address, {"version": entry.version + 1}, "one")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    assert Revision.objects.filter(entry=entry).count() == 1


def deed(cast: Cast) -> tuple[int, Any]:
    """Do something that would be there as often as it is done."""
    audit.record("tests.deed", cast.plan, by=cast.office)
    return 200, {"done": True}


def under_one_key(cast: Cast, times: int) -> int:
    """Do the deed so many times at once under one key; return how often it was done."""
    cast.office.acting  # noqa: B018 (asked once, here: threads share the person)
    at_once(
        [
            lambda: idempotency.once(cast.office, "/r/", "k", b"body", lambda: deed(cast), NOW)
            for _ in range(times)
        ]
    )
    return AuditEvent.objects.filter(code="tests.deed").count()


def test_a_deed_under_one_key_is_done_once(cast: Cast) -> None:
    assert under_one_key(cast, 8) == 1


@pytest.mark.postgresql
def test_control_without_the_constraint_on_keys_it_is_done_each_time(cast: Cast) -> None:
    with without_constraint(IdempotencyKey._meta.db_table, "core_idempotency_once"):
        assert under_one_key(cast, 8) == 8


def two_texts(cast: Cast) -> tuple[list[Any], str]:
    """Let two people save the same field at once; return the answers and what is stored."""
    pk = cast.entry_draft.pk
    seen = Entry.objects.get(pk=pk).field_version("done")
    answers = at_once(
        [
            lambda who=who, text=text: entries.save_field(pk, "done", text, seen, by=who, now=NOW)
            for who, text in ((cast.liaison, "甲的文字"), (cast.head, "乙的文字"))
        ]
    )
    return answers, Entry.objects.get(pk=pk).typed("done")


def test_of_two_people_in_one_field_the_second_is_shown_both_texts(cast: Cast) -> None:
    answers, stored = two_texts(cast)
    (clash,) = [one for one in answers if isinstance(one, Conflict)]
    assert {clash.current["mine"], clash.current["theirs"]} == {"甲的文字", "乙的文字"}
    assert clash.current["theirs"] == stored


@pytest.mark.postgresql
def test_control_without_the_lock_one_text_is_lost_silently(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unlocked(pk: int) -> Entry:
        return Entry.objects.select_related("period__region", "task", "department").get(pk=pk)

    monkeypatch.setattr(entries, "locked", together(unlocked, 2))
    answers, stored = two_texts(cast)
    assert not [one for one in answers if isinstance(one, Conflict)]
    assert stored in ("甲的文字", "乙的文字")


@pytest.mark.postgresql
def test_control_without_lock_and_constraint_one_draft_is_handed_in_twice(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    pk = cast.entry_draft.pk
    version = Entry.objects.get(pk=pk).version

    def unlocked(pk: int) -> Entry:
        return Entry.objects.select_related(
            "period__region", "task__plan__settings", "department"
        ).get(pk=pk)

    monkeypatch.setattr(entries, "locked", together(unlocked, 2))
    monkeypatch.setattr(Revision.objects.filter(entry=pk).__class__, "first", lambda rows: None)
    with (
        without_constraint("tasks_revision", "tasks_revision_once"),
        without_constraint("tasks_revision", "tasks_revision_number"),
    ):
        at_once([lambda: entries.submit(pk, version, by=cast.liaison, now=NOW) for _ in range(2)])
        assert Revision.objects.filter(entry=pk).count() == 2
