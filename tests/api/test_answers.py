"""Progress of a plan and the series of an indicator; every answer is what the schema says."""

import json
from collections.abc import Callable
from functools import cache
from io import StringIO
from typing import Any

import jsonschema
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.models import Observation
from tasks.selectors import newest_day
from tests.cast import Cast

Call = Callable[..., Client]
LISTS = (
    "regions", "departments", "plans", "actions", "measures", "duties", "tasks", "periods",
    "entries", "supervision", "indicators", "targets", "observations", "reports",
)  # fmt: skip


# --- Progress ------------------------------------------------------------------------------
def test_progress_gives_actions_and_measures_with_percents_and_lights(
    cast: Cast, call: Call
) -> None:
    address = f"/api/v1/plans/{cast.plan.pk}/progress/"
    answer = call(cast.office).get(address, {"year": 2024, "as_of": "2024-06-30"}).json()
    assert (answer["plan"], answer["year"], answer["as_of"]) == (cast.plan.pk, 2024, "2024-06-30")
    assert [one["title"] for one in answer["actions"]] == [
        cast.action_1.title,
        cast.action_2.title,
    ]
    # Task 3 was approved at 50; tasks 1 and 2 stand as approved in the first quarter; task 4
    # as the office judged it. Half of the year's 366 days are 49.7 percent.
    measures = [one for action in answer["actions"] for one in action["measures"]]
    assert [(one["label"], one["percent"], one["light"]) for one in measures] == [
        ("1.1", measures[0]["percent"], "behind"),
        ("1.2", measures[1]["percent"], "behind"),
        ("2.1", "50.0", "on_track"),
        ("2.2", "15.0", "far_behind"),
    ]
    assert {measures[0]["percent"], measures[1]["percent"]} == {"20.0", "25.0"}
    assert measures[3]["gap"] == "34.7"
    assert answer["schedule"] == "49.7"
    assert answer["counts"] == {
        "on_track": 1, "done": 0, "behind": 2, "far_behind": 1, "overdue": 0, "unreported": 0,
    }  # fmt: skip
    assert (answer["reported"], answer["total"]) == (2, 2)


def test_progress_looks_at_the_day_that_pages_show_unless_told(cast: Cast, call: Call) -> None:
    address = f"/api/v1/plans/{cast.plan.pk}/progress/"
    newest = call(cast.office).get(address).json()
    assert newest["as_of"] == newest_day(cast.plan, timezone.localdate()).isoformat()
    later = call(cast.office).get(address, {"as_of": "2024-06-30"}).json()
    earlier = call(cast.office).get(address, {"as_of": "2024-03-31"}).json()
    assert later["actions"][1]["measures"][0]["percent"] == "50.0"
    assert earlier["actions"][1]["measures"][0]["percent"] != "50.0"


def test_a_year_without_tasks_is_unreported_and_not_nought(cast: Cast, call: Call) -> None:
    address = f"/api/v1/plans/{cast.plan.pk}/progress/"
    answer = call(cast.office).get(address, {"year": 2023}).json()
    assert answer["percent"] is None
    assert answer["counts"]["unreported"] + answer["counts"]["overdue"] == 4


@pytest.mark.parametrize(
    ("parameters", "status", "field"),
    [
        ({"year": "2019"}, 422, "year"),
        ({"year": "x"}, 422, "year"),
        ({"as_of": "30.6."}, 422, "as_of"),
        ({"as_of": "2024-02-30"}, 422, "as_of"),
        ({"day": "2024-06-30"}, 400, "day"),
    ],
)
def test_wrong_parameters_of_progress_are_named(
    parameters: dict[str, str], status: int, field: str, cast: Cast, call: Call
) -> None:
    answer = call(cast.office).get(f"/api/v1/plans/{cast.plan.pk}/progress/", parameters)
    assert (answer.status_code, list(answer.json()["fields"])) == (status, [field])


def test_progress_is_for_those_who_watch_the_region(cast: Cast, call: Call) -> None:
    address = f"/api/v1/plans/{cast.plan.pk}/progress/"
    for person in (cast.leader, cast.client, cast.office_province):
        assert call(person).get(address).status_code == 200
    for person in (cast.liaison, cast.head, cast.office_b, cast.auditor, cast.admin):
        assert call(person).get(address).status_code == 404
    assert Client().get(address).status_code == 401


# --- Series --------------------------------------------------------------------------------
def test_a_series_gives_values_targets_and_how_they_stand(cast: Cast, call: Call) -> None:
    answer = call(cast.client).get(
        "/api/v1/indicators/literacy_ratio/series/", {"region": "980100", "as_of": "2024-12-31"}
    )
    body = answer.json()
    assert [(one["year"], one["value"], one["state"]) for one in body["observations"]] == [
        (2023, "11.200000", "verified")
    ]
    assert [(one["operator"], one["value"], one["quote"]) for one in body["targets"]] == [
        ("gte", "14.0000", "到2025年，全市公民具备科学素质的比例达到14%。")
    ]
    (stands,) = body["attainment"]
    assert (stands["target"], stands["as_of"], stands["code"]) == (
        cast.literacy.pk,
        2024,
        "on_track",
    )
    assert "11.2" in stands["sentence"]
    assert body["projection"] == []


def test_a_series_is_of_ones_own_region_unless_told(cast: Cast, call: Call) -> None:
    address = "/api/v1/indicators/literacy_ratio/series/"
    assert call(cast.liaison).get(address).json()["region_code"] == "980100"
    above = call(cast.liaison).get(address, {"region": "980000"}).json()
    assert [one["id"] for one in above["observations"]] == [cast.observed_above.pk]
    assert above["targets"] == []


def test_a_projection_needs_three_measured_points(cast: Cast, call: Call) -> None:
    for year, value in ((2021, 10), (2022, 11)):
        Observation.objects.create(
            indicator=cast.literacy_ratio,
            region=cast.city_a,
            year=year,
            value=value,
            state="verified",
        )
    address = "/api/v1/indicators/literacy_ratio/series/?region=980100&as_of=2024-12-31"
    (ahead,) = call(cast.client).get(address).json()["projection"]
    assert (ahead["target"], ahead["year"]) == (cast.literacy.pk, 2025)


@pytest.mark.parametrize(
    ("parameters", "status"),
    [({"region": "x"}, 422), ({"region": "123456"}, 404), ({"as_of": "x"}, 422), ({"a": "1"}, 400)],
)
def test_wrong_parameters_of_a_series_are_told(
    parameters: dict[str, str], status: int, cast: Cast, call: Call
) -> None:
    address = "/api/v1/indicators/literacy_ratio/series/"
    assert call(cast.client).get(address, parameters).status_code == status
    assert call(cast.client).get("/api/v1/indicators/nothing/series/").status_code == 404


@pytest.mark.parametrize("what", ["progress", "series"])
def test_they_ask_as_often_for_a_small_region_as_for_a_large(
    what: str, cast: Cast, call: Call
) -> None:
    address = {
        "progress": f"/api/v1/plans/{cast.plan.pk}/progress/",
        "series": "/api/v1/indicators/literacy_ratio/series/?region=980100",
    }[what]
    client, asked = call(cast.office), []
    for years in (range(0), range(2000, 2020)):
        for year in years:
            Observation.objects.create(
                indicator=cast.literacy_ratio,
                region=cast.city_a,
                year=year,
                value=5,
                state="verified",
            )
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        asked.append([query["sql"] for query in caught])
    assert len(asked[0]) == len(asked[1]), "\n".join(asked[1])
    assert len(asked[0]) <= 14, "\n".join(asked[0])


# --- Schema --------------------------------------------------------------------------------
@cache
def schema() -> dict[str, Any]:
    """Return the schema as the command writes it; any warning is an error."""
    out = StringIO()
    call_command("spectacular", format="openapi-json", validate=True, fail_on_warn=True, stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def _plain(node: Any) -> Any:
    """Turn the null of OpenAPI 3.0 into that of JSON Schema, and let no field be unknown."""
    if isinstance(node, list):
        return [_plain(one) for one in node]
    if not isinstance(node, dict):
        return node
    made = {key: _plain(value) for key, value in node.items() if key != "nullable"}
    if made.get("type") == "object" and "properties" in made:
        made["additionalProperties"] = False
    return {"anyOf": [made, {"type": "null"}]} if node.get("nullable") else made


def _check(path: str, body: Any) -> None:
    answer = schema()["paths"][path]["get"]["responses"]["200"]
    found = answer["content"]["application/json"]["schema"]
    whole = _plain({**found, "components": schema()["components"]})
    jsonschema.validate(body, whole, jsonschema.Draft202012Validator)


@pytest.mark.parametrize("name", LISTS)
def test_lists_and_rows_are_as_the_schema_says(name: str, many: Cast, call: Call) -> None:
    for person in (many.office, many.liaison):
        body = call(person).get(f"/api/v1/{name}/?page_size=1000").json()
        assert body["results"]
        _check(f"/api/v1/{name}/", body)
        pk = body["results"][0]["id"]
        _check(f"/api/v1/{name}/{{id}}/", call(person).get(f"/api/v1/{name}/{pk}/").json())


def test_progress_and_series_are_as_the_schema_says(cast: Cast, call: Call) -> None:
    client = call(cast.office)
    progress = client.get(f"/api/v1/plans/{cast.plan.pk}/progress/")
    _check("/api/v1/plans/{id}/progress/", progress.json())
    for code in ("literacy_ratio", "funding_per_capita", "venue_coverage"):
        series = client.get(f"/api/v1/indicators/{code}/series/")
        _check("/api/v1/indicators/{id}/series/", series.json())


def test_the_schema_names_every_resource(client: Client, db: None) -> None:
    served = client.get("/api/v1/schema/")
    assert served.status_code == 200
    body = served.json()
    assert set(body["paths"]) == set(schema()["paths"])
    assert {f"/api/v1/{name}/" for name in LISTS} < set(body["paths"])
    assert "not part" not in body["info"]["description"]
    assert body["components"]["securitySchemes"]["token"]["name"] == "Authorization"
