"""Bodies of requests to REST as no honest program sends them: JSON and words, never a failure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core.models import IdempotencyKey
from tasks.models import Entry
from tests.cast import Cast

pytestmark = pytest.mark.services
Call = Callable[..., Client]
HUGE = "1" + "0" * 30  # more than a machine word holds, and valid JSON
DEEP = "[" * 100_000 + "]" * 100_000


def send(client: Client, address: str, body: str, key: str = "") -> Any:
    client.raise_request_exception = False
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(address, body, content_type="application/json", headers=headers)


@pytest.mark.parametrize("key", ["", "a key"])
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (f'{{"version": {HUGE}}}', 409),
        ('{"version": 1, "more": "\\ud800"}', 409),
        ('{"version": 1, "\\ud800": 1}', 409),
        (f'{{"version": 1, "more": {DEEP}}}', 400),
        ('{"version": ' + "9" * 5000 + "}", 400),
        ('{"version": NaN}', 400),
        ('{"version": 1e400}', 422),
        ('{"version": true}', 422),
        ("null", 422),
        ("[1]", 422),
    ],
    ids=range(10),
)
def test_whatever_a_body_holds_it_is_answered_in_words(
    body: str, status: int, key: str, cast: Cast, call: Call
) -> None:
    client = call(cast.liaison, scope="write")
    answer = send(client, f"/api/v1/entries/{cast.entry_draft.pk}/submit/", body, key)
    assert answer.status_code == status
    assert answer.json()["message"]
    assert not IdempotencyKey.objects.exists()
    assert Entry.objects.get(pk=cast.entry_draft.pk).state == "draft"


def test_a_body_too_large_is_answered_as_json(cast: Cast, call: Call, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    client = call(cast.liaison, scope="write")
    body = '{"draft": {"done": {"version": 1, "text": "%s"}}}' % ("长" * 1000)
    answer = send(client, f"/api/v1/entries/{cast.entry_draft.pk}/save/", body)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_what_is_wrong_within_a_field_is_said_with_its_place(cast: Cast, call: Call) -> None:
    client = call(cast.liaison, scope="write")
    here = f"/api/v1/entries/{cast.entry_draft.pk}/save/"
    answer = send(client, here, '{"draft": {"done": {"version": "x", "text": "a"}}}')
    (sentence,) = answer.json()["fields"]["draft"]
    assert sentence.startswith("done.version：")
    assert "ErrorDetail" not in sentence


def test_a_field_is_emptied_and_a_text_kept_as_typed(cast: Cast, call: Call) -> None:
    client, entry = call(cast.liaison, scope="write"), cast.entry_draft
    for text in (" 前后的空格 ", ""):
        entry.refresh_from_db()
        version = entry.field_version("done")
        body = f'{{"draft": {{"done": {{"version": {version}, "text": "{text}"}}}}}}'
        assert send(client, f"/api/v1/entries/{entry.pk}/save/", body).status_code == 200
        entry.refresh_from_db()
        assert entry.typed("done") == text
