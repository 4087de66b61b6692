"""督办件 over REST: every verb has its address, one key is one item, nothing of persons."""

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from tasks.models import SupervisionItem
from tasks.workflow import SUPERVISION
from tests.cast import Cast

Call = Callable[..., Client]


def post(client: Client, address: str, body: Any = None, key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(address, body or {}, content_type="application/json", headers=headers)


def test_every_verb_of_the_table_has_its_address() -> None:
    for verb in set(SUPERVISION) - {"assign"}:  # a new item is POST to the list
        assert reverse(f"api-supervision-{verb}", kwargs={"pk": 1})


def test_an_item_is_assigned_once_for_its_key_and_answered(cast: Cast, call: Call) -> None:
    office, unit = call(cast.office, scope="write"), call(cast.liaison_finance, scope="write")
    body = {
        "title": "拨付经费",
        "decision": "纪要",
        "department": cast.finance.pk,
        "helpers": [cast.education.pk],
        "due": "2099-01-01",
    }
    made = post(office, "/api/v1/supervision/", body, "one")
    assert made.status_code == 201, made.content.decode()
    row = made.json()
    assert post(office, "/api/v1/supervision/", body, "one").json() == row
    assert SupervisionItem.objects.count() == 5
    assert (row["state"], row["light"], row["helpers"]) == (
        "pending",
        "normal",
        [cast.education.pk],
    )
    here = f"/api/v1/supervision/{row['id']}/"
    assert post(unit, f"{here}sign/").json()["state"] == "working"
    assert post(unit, f"{here}feedback/", {"text": ""}).status_code == 422
    told = post(unit, f"{here}feedback/", {"text": "已拨付"}).json()
    assert (told["state"], told["feedback"]) == ("reviewing", "已拨付")
    assert post(unit, f"{here}settle/").status_code == 403
    assert post(office, f"{here}settle/").json()["light"] == "settled"


def test_an_item_that_cannot_be_is_422_at_its_fields(cast: Cast, call: Call) -> None:
    office = call(cast.office, scope="write")
    good = {"title": "新", "decision": "纪要", "department": cast.finance.pk, "due": "2099-01-01"}
    for changes, field in (
        ({"due": "2020-01-01"}, "due"),
        ({"due": None}, "due"),
        ({"long_term": True}, "due"),
        ({"department": cast.education_b.pk}, "department"),
        ({"department": cast.members.pk}, "department"),
        ({"helpers": [0]}, "helpers"),
        ({"instruction": 999999}, "instruction"),
        ({"decision": ""}, "decision"),
        ({"title": ""}, "title"),
    ):
        answer = post(office, "/api/v1/supervision/", {**good, **changes})
        assert answer.status_code == 422, changes
        assert field in answer.json()["fields"], (changes, answer.json())
    assert SupervisionItem.objects.count() == 4


def test_lists_are_narrowed_by_light(cast: Cast, call: Call) -> None:
    rows = call(cast.office).get("/api/v1/supervision/?light=overdue").json()["results"]
    assert [row["id"] for row in rows] == [cast.item_working.pk]
    assert not {"by", "leader", "token"} & set(rows[0])
    assert call(cast.office).get("/api/v1/supervision/?light=red").status_code == 422
