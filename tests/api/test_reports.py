"""Reports asked for over REST: one for each plan, kind and year, and one job."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core.models import Job
from reports import services
from reports.models import Report
from tests.cast import Cast

Call = Callable[..., Client]
LIST = "/api/v1/reports/"


@pytest.fixture
def office(cast: Cast, call: Call) -> Client:
    return call(cast.office, scope="write")


def asked(client: Client, body: Any, key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(LIST, body, content_type="application/json", headers=headers)


@pytest.mark.parametrize("key", ["", "annual 2024"])
def test_asking_twice_is_one_report_and_one_job(cast: Cast, office: Client, key: str) -> None:
    body = {"plan": cast.plan.pk, "kind": "annual", "year": 2024}
    first, second = (asked(office, body, key) for _turn in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]
    assert (first.json()["state"], first.json()["versions"]) == ("queued", [])
    jobs = Job.objects.filter(kind=services.JOB, subject_id=first.json()["id"])
    assert [one.state for one in jobs] == ["queued"]
    shown = office.get(f"{LIST}{first.json()['id']}/").json()
    assert (shown["plan"], shown["year"], shown["facts"]) == (cast.plan.pk, 2024, [])


@pytest.mark.parametrize(
    ("fields", "wrong", "sentence"),
    [
        ({"year": 2019}, "year", "不在方案的实施年份"),
        ({"year": 2025}, "year", "还没有核对通过的填报"),
        ({"year": "明年"}, "year", ""),
        ({"kind": "weekly"}, "kind", ""),
        ({"kind": "five_year"}, "year", "请填 2025 年"),
        ({"plan": 0}, "plan", ""),
        ({"plan": 999_999}, "plan", "没有这个方案"),
        ({"plan": None}, "plan", ""),
    ],
)
def test_what_cannot_be_compiled_is_told_at_its_field(
    cast: Cast, office: Client, fields: dict[str, Any], wrong: str, sentence: str
) -> None:
    before = Report.objects.count()
    answer = asked(office, {"plan": cast.plan.pk, "kind": "annual", "year": 2024} | fields)
    assert answer.status_code == 422
    (said,) = answer.json()["fields"][wrong]
    assert sentence in said
    assert Report.objects.count() == before


def test_a_failed_report_says_why_and_is_compiled_again(cast: Cast, office: Client) -> None:
    Report.objects.filter(pk=cast.report_draft.pk).update(state="failed", error="缺少字体")
    here = f"{LIST}{cast.report_draft.pk}/"
    assert office.get(here).json()["error"] == "缺少字体"
    again = office.post(f"{here}compile/", {}, content_type="application/json").json()
    assert (again["state"], again["error"]) == ("queued", "")
    busy = office.post(f"{here}compile/", {}, content_type="application/json")
    assert (busy.status_code, busy.json()["code"]) == (403, "not_allowed")


def test_a_plan_of_another_region_is_unknown_and_a_reader_asks_for_nothing(
    cast: Cast, call: Call
) -> None:
    body = {"plan": cast.plan.pk, "kind": "annual", "year": 2024}
    other = asked(call(cast.office_b, scope="write"), body)
    assert (other.status_code, list(other.json()["fields"])) == (422, ["plan"])
    assert asked(call(cast.office), body).status_code == 403
