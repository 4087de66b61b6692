"""POST: every verb has its address; keys, stale versions and wrong bodies are answered in words."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from core import idempotency
from core.models import AuditEvent, IdempotencyKey
from tasks import workflow
from tasks.models import Entry, Revision
from tests.cast import Cast

Call = Callable[..., Client]


def post(client: Client, address: str, body: Any = None, key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(address, body or {}, content_type="application/json", headers=headers)


@pytest.mark.parametrize(
    ("resource", "table"),
    [
        ("entries", "ENTRY"),
        ("entries", "PART"),
        ("periods", "PERIOD"),
        ("supervision", "SUPERVISION"),
    ],
)
def test_every_verb_of_a_transition_table_has_its_address(resource: str, table: str) -> None:
    missing = []
    for verb, step in getattr(workflow, table).items():
        if not step.sources or step.who == ("calendar",):
            continue  # it makes a row, or no person does it
        try:
            reverse(f"api-{resource}-{verb}", kwargs={"pk": 1})
        except NoReverseMatch:
            missing.append(verb)
    assert not missing


def test_an_entry_is_filled_in_handed_in_and_checked(cast: Cast, call: Call) -> None:
    unit, office = call(cast.liaison, scope="write"), call(cast.office, scope="write")
    here = f"/api/v1/entries/{cast.entry_draft.pk}/"
    seen = unit.get(here).json()
    told = {"done": {"text": "新写的进展", "version": seen["draft"]["done"]["version"]}}
    saved = post(unit, f"{here}save/", {"draft": told})
    assert saved.status_code == 200
    assert saved.json()["draft"]["done"]["text"] == "新写的进展"
    handed = post(unit, f"{here}submit/", {"version": saved.json()["version"]})
    assert (handed.status_code, handed.json()["state"]) == (200, "submitted")
    checked = post(office, f"{here}approve/")
    assert (checked.status_code, checked.json()["state"]) == (200, "approved")
    assert checked.json()["approved"]["done"] == "新写的进展"


def test_a_stale_version_of_a_field_is_409_with_both_texts_and_nothing_kept(
    cast: Cast, call: Call
) -> None:
    unit = call(cast.liaison, scope="write")
    here = f"/api/v1/entries/{cast.entry_draft.pk}/"
    before = unit.get(here).json()["draft"]
    draft = {
        "done": {"text": "我的", "version": before["done"]["version"] + 1},
        "problems": {"text": "另一栏", "version": before["problems"]["version"]},
    }
    answer = post(unit, f"{here}save/", {"draft": draft})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    clash = answer.json()["current"]["done"]
    assert (clash["mine"], clash["theirs"]) == ("我的", before["done"]["text"])
    assert unit.get(here).json()["draft"] == before


@pytest.mark.parametrize(
    ("verb", "body", "field"),
    [
        ("submit", {}, "version"),
        ("submit", {"version": "x"}, "version"),
        ("save", {"draft": {}}, "draft"),
        ("save", {"draft": {"done": "文字"}}, "draft"),
        ("save", [], "non_field_errors"),
    ],
)
def test_a_wrong_body_is_422_at_its_field(
    cast: Cast, call: Call, verb: str, body: Any, field: str
) -> None:
    client = call(cast.liaison, scope="write")
    address = f"/api/v1/entries/{cast.entry_draft.pk}/{verb}/"
    answer = client.post(address, body, content_type="application/json")
    assert answer.status_code == 422
    assert field in answer.json()["fields"]


def test_a_repeat_under_its_key_gives_the_first_answer_and_does_nothing(
    cast: Cast, call: Call
) -> None:
    client = call(cast.office, scope="write")
    address = f"/api/v1/entries/{cast.entry_submitted.pk}/approve/"
    first = post(client, address, key="k")
    deeds = AuditEvent.objects.filter(code="tasks.entry.approve").count()
    again = post(client, address, key="k")
    assert (again.status_code, again.json()) == (200, first.json())
    assert AuditEvent.objects.filter(code="tasks.entry.approve").count() == deeds
    assert post(client, address).status_code == 403, "without the key it is a second approval"


def test_a_refused_deed_leaves_its_key_free(cast: Cast, call: Call) -> None:
    client = call(cast.liaison, scope="write")
    entry = Entry.objects.get(pk=cast.entry_draft.pk)
    address = f"/api/v1/entries/{entry.pk}/submit/"
    assert post(client, address, {"version": entry.version - 1}, "k").status_code == 409
    assert not IdempotencyKey.objects.exists()
    assert post(client, address, {"version": entry.version}, "k").status_code == 200
    assert Revision.objects.filter(entry=entry).count() == 1


def test_a_key_too_long_is_refused_in_words(cast: Cast, call: Call) -> None:
    client = call(cast.liaison, scope="write")
    address = f"/api/v1/entries/{cast.entry_draft.pk}/submit/"
    answer = post(client, address, {"version": 1}, "k" * 101)
    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.json()["fields"]


def test_a_key_is_forgotten_after_a_day(cast: Cast) -> None:
    now = timezone.now()
    done: list[int] = []

    def deed() -> tuple[int, Any]:
        done.append(1)
        return 200, {}

    person = cast.office
    idempotency.once(person, "/r/", "k", b"", deed, now)
    idempotency.once(person, "/r/", "k", b"", deed, now + timedelta(hours=23))
    assert len(done) == 1
    idempotency.once(person, "/r/", "k", b"other", deed, now + timedelta(hours=25))
    assert len(done) == 2
    assert idempotency.forget(now + timedelta(hours=49)) == 1
