"""Values over REST: one and many, read exactly or asked about, done once, told row by row."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import AuditEvent
from indicators.api.needs import ObservationNeeds
from indicators.api.reading import _PLACES, _SUBJECT, readers_of
from indicators.models import Indicator, Observation, Question, Target
from indicators.workflow import STEPS
from tests.cast import Cast

Call = Callable[..., Client]
LIST = "/api/v1/observations/"
BULK = f"{LIST}bulk/"


def send(client: Client, address: str, body: Any, key: str = "", method: str = "post") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return getattr(client, method)(address, body, content_type="application/json", headers=headers)


def literacy(year: int, value: Any = "9.1", **more: Any) -> dict[str, Any]:
    return {"indicator": "literacy_ratio", "year": year, "value": value, **more}


def funding(year: int, top: Any = "540万", bottom: Any = 3_000_000, **more: Any) -> dict[str, Any]:
    return {
        "indicator": "funding_per_capita",
        "year": year,
        "numerator": top,
        "denominator": bottom,
        "basis": "actual",
        **more,
    }


@pytest.fixture
def office(cast: Cast, call: Call) -> Client:
    return call(cast.office, scope="write")


@pytest.fixture
def jump(office: Client) -> Any:
    """A draft that is three times the verified value of 2023, as the client reads it."""
    return send(office, LIST, literacy(2024, "33.6")).json()


# --- One value -----------------------------------------------------------------------------
def test_a_value_is_written_handed_in_and_checked(cast: Cast, call: Call, office: Client) -> None:
    made = send(office, LIST, literacy(2021, 9.4, source="抽样调查"))
    assert made.status_code == 201, made.content.decode()
    row = made.json()
    assert (row["value"], row["state"], row["region_code"]) == ("9.400000", "draft", "980100")
    here = f"{LIST}{row['id']}/"
    assert send(office, f"{here}submit/", {"version": 1}).json()["state"] == "submitted"
    assert send(office, f"{here}verify/", {}).status_code == 403, "who entered it does not check"
    checked = send(call(cast.office_2, scope="write"), f"{here}verify/", {"version": 1})
    assert (checked.status_code, checked.json()["state"]) == (200, "verified")


def test_what_came_in_goes_back_with_a_reason_and_is_changed(
    cast: Cast, call: Call, office: Client
) -> None:
    here = f"{LIST}{cast.observed_submitted.pk}/"
    other = call(cast.office_2, scope="write")
    assert send(other, f"{here}return/", {}).status_code == 422
    back = send(other, f"{here}return/", {"reason": "人口数有误"}).json()
    assert (back["state"], back["return_reason"]) == ("returned", "人口数有误")
    body = {"denominator": "310万人", "version": back["version"]}
    changed = send(office, here, body, method="patch").json()
    assert (changed["state"], changed["denominator"]) == ("draft", "3100000.0000")
    assert changed["numerator"] == "5400000.0000", "what is not given stays"
    assert Decimal(changed["value"]) == round(Decimal(540) / 310, 6)


def test_a_stale_version_is_409_with_both_texts(cast: Cast, office: Client) -> None:
    here = f"{LIST}{cast.observed_draft.pk}/"
    assert send(office, here, {"note": "先来的", "version": 1}, method="patch").status_code == 200
    answer = send(office, here, {"note": "后到的", "version": 1}, method="patch")
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert answer.json()["current"] == {
        "version": 2,
        "note": {"mine": "后到的", "theirs": "先来的"},
    }
    assert send(office, f"{here}submit/", {"version": 1}).status_code == 409


def test_a_change_to_not_measured_drops_the_numbers(cast: Cast, office: Client) -> None:
    body = {"status": "not_measured", "note": "财政没有单列", "version": 1}
    row = send(office, f"{LIST}{cast.observed_draft.pk}/", body, method="patch").json()
    assert (row["status"], row["value"], row["numerator"]) == ("not_measured", None, None)


@pytest.mark.parametrize("name", ["observed", "observed_submitted"])
def test_what_was_handed_in_is_not_changed_in_place(cast: Cast, office: Client, name: str) -> None:
    here = f"{LIST}{getattr(cast, name).pk}/"
    answer = send(office, here, {"note": "新", "version": 1}, method="patch")
    assert answer.status_code == 403
    assert "不能直接改" in answer.json()["message"]


def test_a_question_is_answered_before_a_value_is_handed_in(office: Client, jump: Any) -> None:
    (question,) = jump["questions"]
    assert (question["code"], question["must_mend"], question["answer"]) == ("jump", False, "")
    here = f"{LIST}{jump['id']}/"
    refused = send(office, f"{here}submit/", {})
    assert (refused.status_code, refused.json()["code"]) == (422, "questions")
    body = {"question": question["id"], "answer": "抽样口径已核实"}
    answered = send(office, f"{here}answer/", body).json()
    assert answered["questions"][0]["answer"] == "抽样口径已核实"
    assert send(office, f"{here}submit/", {}).json()["state"] == "submitted"


def test_questions_that_came_up_since_stay_where_a_key_is_refused(
    cast: Cast, office: Client
) -> None:
    row = send(office, LIST, literacy(2024, "11.9")).json()
    assert row["questions"] == []
    Observation.objects.filter(pk=cast.observed.pk).update(value=1)  # now it is a jump
    for _again in range(2):
        refused = send(office, f"{LIST}{row['id']}/submit/", {}, key="hand-in")
        assert refused.status_code == 422
        (question,) = office.get(f"{LIST}{row['id']}/").json()["questions"]
        assert refused.json()["fields"] == {f"question-{question['id']}": [question["told"]]}
    answer = {"question": question["id"], "answer": "抽样口径已核实"}
    assert send(office, f"{LIST}{row['id']}/answer/", answer).status_code == 200
    done = send(office, f"{LIST}{row['id']}/submit/", {}, key="hand-in")
    assert (done.status_code, done.json()["state"]) == (200, "submitted")


def test_a_question_of_another_value_is_not_found(cast: Cast, office: Client, jump: Any) -> None:
    body = {"question": jump["questions"][0]["id"], "answer": "x"}
    address = f"{LIST}{cast.observed_draft.pk}/answer/"
    assert send(office, address, body).status_code == 404


def test_a_draft_is_thrown_away_and_what_was_handed_in_is_not(cast: Cast, office: Client) -> None:
    here = f"{LIST}{cast.observed_draft.pk}/"
    assert send(office, here, {}, "k", "delete").status_code == 204
    assert send(office, here, {}, "k", "delete").status_code == 204, "the same answer again"
    assert send(office, here, {}, method="delete").status_code == 404
    kept = f"{LIST}{cast.observed_returned.pk}/"
    assert send(office, kept, {}, method="delete").status_code == 403


def test_a_department_writes_its_own_and_no_whole(cast: Cast, call: Call) -> None:
    unit = call(cast.liaison_finance, scope="write")
    made = send(unit, LIST, funding(2021))
    assert (made.status_code, made.json()["department"]) == (201, cast.finance.pk)
    assert send(unit, LIST, funding(2020, department=None)).status_code == 403
    by_code = funding(2019, department=f"980100-{cast.finance.name}", region=cast.city_a.pk)
    assert send(unit, LIST, by_code).json()["department"] == cast.finance.pk


def test_another_regions_token_writes_nothing(cast: Cast, call: Call) -> None:
    other = call(cast.office_b, scope="write")
    assert send(other, LIST, literacy(2021, region="980100")).status_code == 403
    here = f"{LIST}{cast.observed_draft.pk}/"
    assert send(other, here, {"note": "x", "version": 1}, method="patch").status_code == 404
    reader = call(cast.office)
    assert send(reader, LIST, literacy(2021)).status_code == 403


# --- Numbers -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "stored"),
    [("10.5%", "10.5"), ("10.5", "10.5"), (10.5, "10.5"), (10, "10"), ("0.5%", "0.5"), (0, "0")],
)
def test_a_percentage_is_read_exactly(office: Client, value: Any, stored: str) -> None:
    row = send(office, LIST, literacy(2015, value)).json()
    assert Decimal(row["value"]) == Decimal(stored)


@pytest.mark.parametrize("value", ["0.105", 0.105])
def test_a_number_that_could_be_two_is_asked_about(office: Client, value: Any) -> None:
    answer = send(office, LIST, literacy(2015, value))
    assert (answer.status_code, answer.json()["code"]) == (422, "ambiguous")
    (sentence,) = answer.json()["fields"]["value"]
    assert "0.105%" in sentence
    assert "10.5%" in sentence


def test_money_in_another_unit_is_converted(office: Client) -> None:
    row = send(office, LIST, funding(2021, "540万元", "300万人")).json()
    assert (row["numerator"], row["value"]) == ("5400000.0000", "1.800000")
    assert "对不上" in send(office, LIST, funding(2020, "540%")).json()["fields"]["numerator"][0]


def test_a_ratio_is_never_typed(office: Client) -> None:
    both = {**funding(2021), "value": "1.8"}
    assert "由系统算出" in send(office, LIST, both).json()["fields"]["value"][0]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[(name, {}) for name in ("indicator", "region", "department", "year", "value", "note")],
        *[(name, []) for name in ("part", "basis", "status", "series", "version")],
        *[(name, True) for name in ("year", "indicator", "region", "department", "value")],
        *[(name, "\ud800") for name in ("indicator", "series", "note", "value", "department")],
        ("indicator", "nothing"), ("region", "123456"), ("department", "没有的局"),
        ("department", "9" * 30), ("region", 2**63), ("indicator", None), ("year", None),
        ("year", 10**30), ("year", 2024.5), ("year", "二〇二四"), ("version", 0),
        ("value", "许多"), ("value", 1e300), ("value", "9" * 50), ("value", -(10**14)),
        ("sample_size", 0), ("sample_size", 10**10), ("margin", -1), ("margin", 10_000),
        ("design_effect", 1), ("denominator_year", 1800), ("denominator_basis", "all"),
        ("note", "长" * 301), ("series", "长" * 41), ("part", "Q1"), ("population_group", "cats"),
        ("valeu", 1), ("numerator", 1),
    ],
)  # fmt: skip
def test_a_wrong_field_is_told_at_its_name(office: Client, field: str, value: Any) -> None:
    body = json.dumps({**literacy(2015), field: value})
    answer = send(office, LIST, body)
    assert answer.status_code == 422, answer.content.decode()
    named = set(answer.json()["fields"])
    assert field in named or {field, *named} <= {"design_effect", "sample_size", "value"} | {
        "numerator", "denominator"
    }  # fmt: skip
    assert not Observation.objects.filter(year=2015).exists()


@pytest.mark.parametrize("body", [[], None, "text", 5, {}])
def test_a_body_that_is_no_value_is_422(office: Client, body: Any) -> None:
    assert send(office, LIST, json.dumps(body)).status_code == 422
    assert send(office, BULK, json.dumps(body)).status_code == 422


def test_the_description_names_every_field_that_is_read(cast: Cast) -> None:
    read = {*readers_of(cast.literacy_ratio), *_SUBJECT, *_PLACES}
    assert set(ObservationNeeds().fields) == read


# --- Many ----------------------------------------------------------------------------------
def test_many_are_written_and_each_is_told(cast: Cast, office: Client) -> None:
    rows = [
        literacy(2021),
        funding(2021),
        literacy(2023, "11.2", sample_size=1200, source="抽样调查"),
    ]
    answer = send(office, BULK, {"rows": rows})
    assert answer.status_code == 201, answer.content.decode()
    results = answer.json()["results"]
    assert [(one["index"], one["state"], one["changed"]) for one in results] == [
        (0, "draft", True),
        (1, "draft", True),
        (2, "verified", False),  # the same value was there already
    ]
    assert results[2]["id"] == cast.observed.pk


def test_those_with_an_open_question_stay_drafts(office: Client) -> None:
    rows = [literacy(2021, "10.4"), literacy(2024, "33.6"), literacy(2025, "120")]
    answer = send(office, BULK, {"rows": rows, "submit": True}).json()["results"]
    assert [one["state"] for one in answer] == ["submitted", "draft", "draft"]
    asked = [[(ask["code"], ask["must_mend"]) for ask in one["questions"]] for one in answer]
    assert asked[0] == []
    assert ("jump", False) in asked[1]
    assert ("impossible", True) in asked[2]


def test_one_wrong_row_and_nothing_is_written(cast: Cast, office: Client) -> None:
    rows = [
        literacy(2021),
        literacy(2020, 0.105),
        literacy(2021, "9.2"),
        funding(2021, bottom=0),
        literacy(2019, region="980200"),
        "no row",
    ]
    before = Observation.objects.count()
    answer = send(office, BULK, {"rows": rows, "submit": True}, "k")
    assert (answer.status_code, answer.json()["code"]) == (422, "rows")
    told = answer.json()["results"]
    assert answer.json()["fields"] == {}
    assert [(one["index"], one["status"], one["code"], list(one["fields"])) for one in told] == [
        (1, "error", "ambiguous", ["value"]),
        (2, "error", "invalid", ["year"]),
        (3, "error", "invalid", ["denominator"]),
        (4, "error", "invalid", ["region"]),
        (5, "error", "invalid", ["non_field_errors"]),
    ]
    assert "第 1 行" in told[1]["fields"]["year"][0], "counted as the client counts, from one"
    assert Observation.objects.count() == before


def test_a_repeat_under_its_key_gives_the_same_answer_and_one_set_of_rows(office: Client) -> None:
    body = {"rows": [literacy(2021), literacy(2020)], "submit": True}
    first, again = send(office, BULK, body, "k"), send(office, BULK, body, "k")
    assert (again.status_code, again.json()) == (201, first.json())
    assert Observation.objects.filter(year__in=(2020, 2021)).count() == 2
    assert AuditEvent.objects.filter(code="indicators.observation.observe").count() >= 1
    other = send(office, BULK, {"rows": [literacy(2019)]}, "k")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


def test_more_than_ten_thousand_rows_are_refused_in_a_sentence(office: Client) -> None:
    answer = send(office, BULK, {"rows": [{}] * 10_001})
    assert answer.status_code == 422
    assert "10001 行" in answer.json()["fields"]["rows"][0]


def test_the_number_of_queries_does_not_depend_on_the_number_of_rows(
    office: Client,
) -> None:
    asked = []
    for years in (range(2010, 2012), range(1990, 2010)):
        rows = [{**funding(year), "denominator_basis": "resident"} for year in years]
        with CaptureQueriesContext(connection) as caught:
            answer = send(office, BULK, {"rows": rows, "submit": True})
        assert answer.status_code == 201, answer.content.decode()
        asked.append([one["sql"] for one in caught.captured_queries])
    assert len(asked[0]) == len(asked[1]), "\n".join(asked[1])


# --- Targets and definitions ---------------------------------------------------------------
def test_a_target_is_added_changed_and_withdrawn(cast: Cast, office: Client) -> None:
    body = {
        "plan": cast.plan.pk,
        "indicator": "literacy_ratio",
        "operator": "gte",
        "value": 15.5,
        "year": 2025,
        "quote": "达到15.5%。",
    }
    made = send(office, "/api/v1/targets/", body, "k")
    assert (made.status_code, made.json()["value"]) == (201, "15.5000")
    assert send(office, "/api/v1/targets/", body, "k").json() == made.json()
    here = f"/api/v1/targets/{made.json()['id']}/"
    assert send(office, f"{here}change/", {"value": "16"}).status_code == 422, "no reason"
    changed = send(office, f"{here}change/", {"value": "16", "reason": "中期调整"}).json()
    assert (changed["value"], changed["year"]) == ("16.0000", 2025)
    assert office.get(here).json()["replaced_by"] == changed["id"]
    gone = send(office, f"/api/v1/targets/{changed['id']}/withdraw/", {"reason": "取消"}).json()
    assert gone["withdrawn"] is True
    assert send(office, f"{here}change/", {"value": "17", "reason": "又改"}).status_code == 409


@pytest.mark.parametrize("field", ["plan", "indicator"])
def test_a_target_of_what_is_not_there_is_told(cast: Cast, office: Client, field: str) -> None:
    body = {"plan": cast.plan.pk, "indicator": "literacy_ratio", "operator": "gte", "quote": "x"}
    body[field] = 99_999 if field == "plan" else "nothing"
    answer = send(office, "/api/v1/targets/", body)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])
    assert not Target.objects.filter(quote="x").exists()


def test_an_office_adds_a_definition_and_changes_its_own(cast: Cast, office: Client) -> None:
    body = {"code": "lectures", "name": "科普讲座", "unit": "场", "kind": "increment"}
    made = send(office, "/api/v1/indicators/", body)
    assert (made.status_code, made.json()["region"]) == (201, cast.city_a.pk)
    here = "/api/v1/indicators/lectures/"
    assert send(office, here, {"name": "讲座"}, method="patch").json()["name"] == "讲座"
    again = send(office, "/api/v1/indicators/", body)
    assert (again.status_code, list(again.json()["fields"])) == (422, ["code"])
    theirs = send(office, "/api/v1/indicators/literacy_ratio/", {"name": "x"}, method="patch")
    assert theirs.status_code == 403
    assert Indicator.objects.get(code="literacy_ratio").name != "x"


@pytest.mark.parametrize("code", ["", "12345", "有字", "a b"])
def test_a_code_is_a_word(office: Client, code: str) -> None:
    body = {"code": code, "name": "科普讲座", "kind": "increment"}
    answer = send(office, "/api/v1/indicators/", body)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["code"])


def test_questions_of_what_counts_are_shown_to_nobody(cast: Cast, office: Client) -> None:
    Question.objects.create(observation=cast.observed, code="jump", told="为何？")
    assert office.get(f"{LIST}{cast.observed.pk}/").json()["questions"] == []


def test_every_verb_of_the_transition_table_has_its_address() -> None:
    assert all(reverse(f"api-observations-{verb}", kwargs={"pk": 1}) for verb in STEPS)
