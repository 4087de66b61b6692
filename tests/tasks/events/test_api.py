"""The register of events over REST: read, followed, and added to once for each key."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from tasks.models import Event
from tasks.services import events
from tests.cast import Cast
from tests.cast_story import NOW

Call = Callable[..., Client]
HERE = "/api/v1/events/"


def post(client: Client, key: str = "", **body: Any) -> Any:
    said = {"on": "2024-06-05", "kind": "training", "title": "教师培训"} | body
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(HERE, said, content_type="application/json", headers=headers)


def test_a_unit_adds_a_line_once_for_its_key(cast: Cast, call: Call) -> None:
    client = call(cast.liaison, scope="write")
    told = {"people": 40, "town": cast.county_a1.pk, "task": cast.task_2.pk}
    first = post(client, "k", **told)
    assert first.status_code == 201
    row = first.json()
    assert (row["department"], row["measure"]) == (cast.education.pk, cast.measure_2.pk)
    assert (row["region"], row["files"]) == (cast.city_a.pk, [])
    assert post(client, "k", **told).json() == row
    assert post(client, "k", people=41).status_code == 409
    assert Event.objects.count() == 2
    assert post(call(cast.liaison), **told).status_code == 403


def test_what_is_wrong_is_told_at_its_field(cast: Cast, call: Call) -> None:
    client = call(cast.office, scope="write")
    unit = {"department": cast.education.pk}
    for body, field in (
        ({}, "department"),
        ({"department": cast.education_b.pk}, "department"),
        ({**unit, "on": "2999-01-01"}, "on"),
        ({**unit, "kind": "party"}, "kind"),
        ({**unit, "people": -1}, "people"),
        ({**unit, "people": 10**20}, "people"),
        ({**unit, "task": 10**30}, "task"),
        ({**unit, "duty": cast.duty.pk, "on": "2019-01-01"}, "duty"),
        ({**unit, "town": cast.county_a1.pk + 999}, "town"),
    ):
        answer = post(client, **body)
        assert (answer.status_code, list(answer.json()["fields"])) == (422, [field]), body
    assert Event.objects.count() == 1


def test_a_struck_line_stays_in_the_list_with_its_reason(cast: Cast, call: Call) -> None:
    events.strike(cast.event.pk, "记重了", by=cast.liaison, now=NOW)
    client = call(cast.liaison)
    (row,) = client.get(f"{HERE}?updated_since=2020-01-01T00:00:00Z").json()["results"]
    assert row["struck_reason"] == "记重了"
    assert row["struck_at"]
    assert client.get(f"{HERE}?struck=false").json()["results"] == []
    assert client.get(f"{HERE}?town={cast.city_a.code}&year=2024").json()["results"] == [row]
    assert client.get(f"{HERE}?nobody=1").status_code == 400
