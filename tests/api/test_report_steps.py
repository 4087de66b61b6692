"""The steps of a report over REST: the same services, opinions for those whom they concern."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from reports import services
from reports.models import Report, ReportTransition
from reports.workflow import STEPS
from tests.cast import Cast
from tests.cast_story import NOW
from tests.reports.steps.given import (
    BASIS,
    TODAY,
    approved,
    consulting,
    drafted,
    issued,
)

pytestmark = pytest.mark.django_db
Call = Callable[..., Client]


def do(client: Client, report: Report, verb: str, key: str = "", **body: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    address = f"/api/v1/reports/{report.pk}/{verb}/"
    return client.post(address, body, content_type="application/json", headers=headers)


@pytest.fixture
def office(cast: Cast, call: Call) -> Client:
    return call(cast.office, scope="write")


@pytest.fixture
def unit(cast: Cast, call: Call) -> Client:
    return call(cast.liaison, scope="write")


def test_every_step_that_people_take_has_its_address(cast: Cast, office: Client) -> None:
    for verb, one in STEPS.items():
        if one.who != ("worker",) and verb != "edit":
            assert do(office, cast.report_draft, verb).status_code != 404, verb


def test_a_report_goes_its_way_from_draft_to_approval(
    cast: Cast, office: Client, unit: Client, call: Call
) -> None:
    report = drafted(cast)
    until = (timezone.localdate() + timedelta(days=7)).isoformat()
    asked = do(office, report, "consult", until=until).json()
    assert (asked["state"], asked["consult_until"]) == ("consulting", until)
    assert do(unit, report, "respond", state="commented", text="请改。").status_code == 200
    mine = unit.get(f"/api/v1/reports/{report.pk}/").json()["opinions"]
    assert [(one["department"], one["text"]) for one in mine] == [(cast.education.pk, "请改。")]
    seen = office.get(f"/api/v1/reports/{report.pk}/").json()["opinions"]
    assert len(seen) == 3
    hindered = do(office, report, "approve", basis=BASIS)
    assert (hindered.status_code, hindered.json()["code"]) == (422, "hindered")
    assert len(hindered.json()["fields"]["basis"]) == 2
    pk = mine[0]["id"]
    assert do(office, report, "answer", opinion=pk, answer="taken").status_code == 200
    for person in (cast.liaison_finance, cast.double):
        other = call(person, scope="write")
        assert do(other, report, "respond", state="agreed").status_code == 200
    leader = call(cast.leader, scope="write")
    assert do(leader, report, "approve", basis=BASIS).json()["state"] == "approved"
    assert do(leader, report, "redraft", reason="再改").json()["state"] == "draft"


def test_the_office_registers_an_opinion_that_came_on_paper(
    cast: Cast, office: Client, unit: Client
) -> None:
    report = consulting(cast)
    row = report.opinions.get(department=cast.education)
    paper = "书面回复，2024年7月12日"
    said = {"opinion": row.pk, "state": "commented", "text": "请改。", "source": paper}
    answers = [do(office, report, "record", key="paper", **said) for _turn in range(2)]
    assert [one.status_code for one in answers] == [200, 200]
    assert ReportTransition.objects.filter(report=report, verb="record").count() == 1
    (mine,) = unit.get(f"/api/v1/reports/{report.pk}/").json()["opinions"]
    assert (mine["state"], mine["text"], mine["source"]) == ("commented", "请改。", paper)
    assert do(unit, report, "record", **said).status_code == 403
    assert do(unit, report, "respond", state="agreed").status_code == 200
    (mine,) = unit.get(f"/api/v1/reports/{report.pk}/").json()["opinions"]
    assert (mine["state"], mine["source"]) == ("agreed", "")
    refused = do(office, report, "record", **said)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


def test_a_report_is_stamped_sent_up_published_and_withdrawn(cast: Cast, office: Client) -> None:
    report = issued(cast)
    day = TODAY.isoformat()
    assert do(office, report, "send_up", recipient="省纲要办", sent_on=day).status_code == 200
    review = {"reviewer": "王审查", "reviewed_on": day, "opinion": "不涉密"}
    assert do(office, report, "publish", **review).status_code == 200
    assert do(office, report, "unpublish", reason="误发").status_code == 200
    assert do(office, report, "withdraw", reason="有误").json()["state"] == "withdrawn"


def test_stamping_twice_under_one_key_is_one_stamp(cast: Cast, office: Client) -> None:
    report = approved(cast)
    answers = [
        do(
            office,
            report,
            "stamp",
            key="stamp",
            issued_on=TODAY.isoformat(),
            document_number="测科协〔2024〕1号",
        )
        for _turn in range(2)
    ]
    assert [one.status_code for one in answers] == [200, 200]
    assert answers[0].json()["document_number"] == "测科协〔2024〕1号"
    assert ReportTransition.objects.filter(report=report, verb="stamp").count() == 1


@pytest.mark.parametrize(
    ("verb", "body", "field"),
    [
        ("consult", {"until": "明天"}, "until"),
        ("consult", {"until": "2020-01-01"}, "until"),
        ("consult", {"until": "2099-01-05", "units": [999_999]}, "units"),
        ("withdraw", {}, "reason"),
        ("record", {"opinion": 1, "state": "agreed"}, "source"),
        ("record", {"opinion": 1, "state": "agreed", "source": "长" * 201}, "source"),
        ("record", {"opinion": 1, "state": "waiting", "source": "电话"}, "state"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    cast: Cast, office: Client, verb: str, body: dict[str, Any], field: str
) -> None:
    answer = do(office, drafted(cast), verb, **body)
    assert answer.status_code == 422
    assert field in answer.json()["fields"]


def test_a_unit_that_was_not_asked_and_other_places_are_refused(cast: Cast, call: Call) -> None:
    report = consulting(cast)
    report.opinions.filter(department=cast.finance).delete()
    finance = call(cast.liaison_finance, scope="write")
    assert do(finance, report, "respond", state="agreed").status_code == 403
    assert do(call(cast.liaison_b, scope="write"), report, "respond").status_code == 404
    assert do(call(cast.liaison), report, "respond", state="agreed").status_code == 403


def test_a_list_of_reports_shows_no_opinions(cast: Cast, office: Client) -> None:
    services.respond(consulting(cast), "agreed", by=cast.liaison, now=NOW)
    rows = office.get("/api/v1/reports/").json()["results"]
    assert all("opinions" not in one for one in rows)
