"""Lists: pages, filters, following changes, ETags and CSV, the same for every resource."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import get_resolver

from core.models import AuditEvent
from core.rest import COMMON_PARAMETERS
from departments.models import Region
from plans.models import Plan
from tasks.models import Task
from tests.cast import Cast

LISTS = (
    "regions", "departments", "plans", "actions", "measures", "duties", "tasks", "periods",
    "entries", "supervision", "indicators", "targets", "observations", "reports",
)  # fmt: skip
Call = Callable[..., Client]


def view_of(name: str) -> Any:
    """Return the viewset behind a list."""
    found = get_resolver().resolve(f"/api/v1/{name}/")
    return found.func.cls  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_gives_exactly_what_is_visible(name: str, cast: Cast, call: Call) -> None:
    model: type[Model] = view_of(name).queryset.model
    for person in (cast.office, cast.liaison, cast.leader, cast.client, cast.office_b):
        visible = model._default_manager.visible_to(person)  # type: ignore[attr-defined]
        answer = call(person).get(f"/api/v1/{name}/").json()
        assert [row["id"] for row in answer["results"]] == sorted(row.pk for row in visible)
        assert (answer["next"], answer["previous"]) == (None, None)


@pytest.mark.parametrize("name", LISTS)
def test_one_row_is_shown_as_in_the_list_and_the_invisible_is_not_found(
    name: str, cast: Cast, call: Call
) -> None:
    client, stranger = call(cast.office), call(cast.office_b)
    rows = client.get(f"/api/v1/{name}/").json()["results"]
    for listed in (rows[0], rows[-1]):
        shown = client.get(f"/api/v1/{name}/{listed['id']}/").json()
        assert {key: shown[key] for key in listed} == listed
        visible = view_of(name).queryset.model._default_manager.visible_to(cast.office_b)
        seen = visible.filter(pk=listed["id"]).exists()
        hidden = stranger.get(f"/api/v1/{name}/{listed['id']}/")
        assert hidden.status_code == (200 if seen else 404)
    assert client.get(f"/api/v1/{name}/999999/").status_code == 404


def test_regions_and_departments_are_found_by_code_too(cast: Cast, call: Call) -> None:
    client = call(cast.office)
    by_code = client.get(f"/api/v1/regions/{cast.city_a.code}/").json()
    assert by_code["id"] == cast.city_a.pk
    row = client.get(f"/api/v1/departments/{cast.education.pk}/").json()
    assert row["code"] == "980100-市教育局"
    assert client.get(f"/api/v1/departments/{row['code']}/").json() == row
    assert client.get("/api/v1/departments/980100-没有/").status_code == 404
    ratio = client.get("/api/v1/indicators/literacy_ratio/").json()
    assert client.get(f"/api/v1/indicators/{ratio['id']}/").json() == ratio


# --- Parameters ----------------------------------------------------------------------------
@pytest.mark.parametrize("name", LISTS)
def test_an_unknown_parameter_is_an_error(name: str, cast: Cast, call: Call) -> None:
    answer = call(cast.office).get(f"/api/v1/{name}/?colour=red&page=2")
    assert answer.status_code == 400
    assert answer.json()["code"] == "unknown_parameter"
    assert set(answer.json()["fields"]) == {"colour", "page"}
    one = call(cast.office).get(f"/api/v1/{name}/1/?colour=red")
    assert one.status_code == 400


# What no value of the kind can look like; text accepts nearly everything.
WRONG = {"CharField": "\0", "RegexField": "x", "BooleanField": None, "NullBooleanField": None}


@pytest.mark.parametrize("name", LISTS)
def test_every_filter_refuses_an_invalid_value_by_name(name: str, cast: Cast, call: Call) -> None:
    client, tried = call(cast.office), 0
    for field, told in view_of(name).filterset_class.base_filters.items():
        wrong = WRONG.get(type(told.field).__name__, "无效")
        if wrong is None:
            continue
        answer = client.get(f"/api/v1/{name}/", {field: wrong})
        assert answer.status_code == 422, (field, answer.status_code)
        assert list(answer.json()["fields"]) == [field]
        tried += 1
    assert tried


@pytest.mark.parametrize("name", LISTS)
def test_every_filter_narrows_and_never_widens(name: str, cast: Cast, call: Call) -> None:
    client = call(cast.office)
    everything = {row["id"] for row in client.get(f"/api/v1/{name}/").json()["results"]}
    for field, told in view_of(name).filterset_class.base_filters.items():
        for value in _plausible(told, cast):
            answer = client.get(f"/api/v1/{name}/", {field: value})
            assert answer.status_code == 200, (field, value, answer.content.decode())
            assert {row["id"] for row in answer.json()["results"]} <= everything


def _plausible(told: Any, cast: Cast) -> list[str]:
    """Return values that a filter should take, from the kind of its form field."""
    match type(told.field).__name__:
        case "ChoiceField":
            return [value for value, _word in told.extra["choices"] if value]
        case "NullBooleanField" | "BooleanField":
            return ["true", "false"]
        case "DateField":
            return ["2024-06-30"]
        case "IsoDateTimeField" | "DateTimeField":
            return ["2024-06-30T08:00:00+08:00"]
        case "RegexField":
            return [cast.city_a.code, str(cast.city_a.pk), "999999"]
        case "CharField":
            return ["科", "1"]
    return ["1", "2024"]


@pytest.mark.parametrize(
    ("name", "parameter", "value", "expected"),
    [
        ("regions", "parent", "980100", ["子东县", "子西县"]),
        ("regions", "within", "980100", ["子市", "子东县", "子西县"]),
        ("regions", "level", "province", ["申省"]),
        ("plans", "year", "2024", ["子市全民科学素质行动实施方案（2021—2025年）"]),
        ("plans", "year", "2026", []),
        ("measures", "action__kind", "project", ["建设社区科普馆", "保障科普经费"]),
        ("actions", "kind", "safeguard", ["加强组织领导"]),
        ("tasks", "gathering", "none", ["保障科普经费"]),
        ("tasks", "cancelled", "true", []),
        ("periods", "state", "closed", ["2024 年一季度"]),
        ("departments", "name", "市 教育局", ["市教育局"]),
        ("departments", "kind", "group", ["各成员单位"]),
        ("indicators", "kind", "survey", ["公民具备科学素质的比例", "公民基本具备科学素质的比例"]),
    ],
)
def test_filters_answer_in_the_words_of_the_field(
    name: str, parameter: str, value: str, expected: list[str], cast: Cast, call: Call
) -> None:
    answer = call(cast.office).get(f"/api/v1/{name}/", {parameter: value})
    got = [row.get("name") or row.get("title") for row in answer.json()["results"]]
    assert got == expected


# Ends of ranges, and what looks like a value without being one.
ODD = (
    "9223372036854775807", "9223372036854775808", "1e400", "-1", "NaN", "0001-01-01", "9999-12-31",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "١٢٣", "\0", "%", "😀",
)  # fmt: skip


@pytest.mark.parametrize("name", ["entries", "observations", "departments", "indicators"])
def test_no_value_however_odd_makes_a_list_fail(name: str, cast: Cast, call: Call) -> None:
    client = call(cast.office)
    for field in (*view_of(name).filterset_class.base_filters, *COMMON_PARAMETERS):
        for value in ODD:
            answer = client.get(f"/api/v1/{name}/", {field: value})
            assert answer.status_code in (200, 404, 422), (field, value)
    for value in ODD:
        assert client.get(f"/api/v1/{name}/{quote(value, safe='')}/").status_code == 404


def test_filters_over_relations_find_the_rows_behind_them(cast: Cast, rows: Any) -> None:
    unit = cast.finance.pk
    assert [row["id"] for row in rows(cast.office, "tasks", department=unit)] == [
        cast.task_1.pk,
        cast.task_4.pk,
    ]
    assert [row["id"] for row in rows(cast.office, "tasks", lead=cast.association.pk)] == [
        cast.task_3.pk
    ]
    assert [row["id"] for row in rows(cast.office, "measures", department=unit)] == [
        cast.measure_1.pk,
        cast.measure_4.pk,
    ]
    mine = rows(cast.office, "entries", department=unit, period=cast.period.pk)
    assert [row["id"] for row in mine] == [cast.part_submitted.pk, cast.entry_blank.pk]
    literacy = rows(cast.office, "observations", indicator="literacy_ratio", region="980000")
    assert [row["id"] for row in literacy] == [cast.observed_above.pk]


# Fields that no list needs to be narrowed by: texts, numbers without classes, bookkeeping.
NO_FILTER = {
    "id", "created_at", "updated_at", "text", "warnings", "position", "span_start", "span_end",
    "weight", "quote", "proof", "deliverable", "quantity", "unit", "cancel_reason", "draft",
    "version", "waive_reason", "value", "numerator", "denominator", "sample_size", "margin",
    "source", "note", "return_reason", "superseded_by", "stretch_operator", "stretch_value",
    "replaced_by", "reason", "formula", "numerator_label", "denominator_label", "reporter",
    "decimals", "path", "valid_from", "valid_to", "part", "error", "opened_at", "cancelled_at",
    "closed_at", "frozen_at", "ends", "place", "summary", "token", "struck_at", "struck_reason",
    "requirement", "decision", "opinion",
    "submitted", "approved", "members", "office", "basis", "recipients", "copies",
    "denominator_is_population", "scale", "lowest", "highest", "jump_percent",
    "correction_reason", "denominator_year", "design_effect", "submitted_at",
    "consult_until", "head_mark",
}  # fmt: skip
# Fields of persons are neither shown nor searched.
PERSONS = {"entered_by", "submitted_by", "verified_by", "changed_by", "created_by", "by"}
REACHED = {"within", "region"}  # a region is reached by code, id or what lies below


@pytest.mark.parametrize("name", LISTS)
def test_every_other_field_has_its_filter(name: str) -> None:
    view = view_of(name)
    known = {field.partition("__")[0] for field in view.filterset_class.base_filters}
    fields = {one.name for one in view.queryset.model._meta.get_fields() if one.concrete}
    assert (
        fields - known - NO_FILTER - PERSONS - ({"parent"} if "parent" in known else set()) == set()
    )


# --- Pages ---------------------------------------------------------------------------------
def _walk(client: Client, address: str, link: str = "next") -> list[list[int]]:
    pages = []
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.content.decode()
        pages.append([row["id"] for row in answer.json()["results"]])
        address = answer.json()[link]
    return pages


def test_pages_follow_each_other_without_gap_or_double(many: Cast, call: Call) -> None:
    client = call(many.office)
    every = sorted(Task.objects.visible_to(many.office).values_list("pk", flat=True))
    pages = _walk(client, "/api/v1/tasks/?page_size=7")
    assert [len(page) for page in pages] == [7, 7, 7, 3]
    assert [pk for page in pages for pk in page] == every


def test_rows_that_changed_at_the_same_moment_are_not_lost_between_pages(
    many: Cast, call: Call
) -> None:
    moment = datetime(2024, 7, 1, tzinfo=UTC)
    Task.objects.update(updated_at=moment)
    pages = _walk(
        call(many.office), "/api/v1/tasks/?page_size=7&updated_since=2024-07-01T00:00:00Z"
    )
    found = [pk for page in pages for pk in page]
    assert found == sorted(Task.objects.visible_to(many.office).values_list("pk", flat=True))


def test_one_can_go_back_the_way_one_came(many: Cast, call: Call) -> None:
    client = call(many.office)
    first = client.get("/api/v1/tasks/?page_size=7").json()
    second = client.get(first["next"]).json()
    third = client.get(second["next"]).json()
    assert client.get(third["previous"]).json()["results"] == second["results"]
    back = client.get(client.get(third["previous"]).json()["previous"]).json()
    assert (back["results"], back["previous"]) == (first["results"], None)
    assert client.get(back["next"]).json()["results"] == second["results"]


@pytest.mark.parametrize("size", ["0", "-1", "x", "1.5", "٣", ""])
def test_a_wrong_page_size_is_told(size: str, cast: Cast, call: Call) -> None:
    answer = call(cast.office).get("/api/v1/tasks/", {"page_size": size})
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["page_size"])


def test_a_page_has_a_thousand_rows_at_most(cast: Cast, call: Call) -> None:
    Region.objects.bulk_create(
        Region(code=str(n), name=f"{n}镇", level="town", path=str(n)) for n in range(700001, 701001)
    )
    answer = call(cast.office).get("/api/v1/regions/?page_size=5000").json()
    assert len(answer["results"]) == 1000
    assert answer["next"]


@pytest.mark.parametrize(
    "cursor", ["x", "W10=", "WyJuIiwgInkiXQ==", "WyJxIiwxXQ==", "汉", "bnVsbA=="]
)
def test_a_wrong_cursor_is_told(cursor: str, cast: Cast, call: Call) -> None:
    answer = call(cast.office).get("/api/v1/tasks/", {"cursor": cursor})
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["cursor"])


# --- Changes and ETags ---------------------------------------------------------------------
def test_changes_are_followed_from_a_moment_on_that_moment_included(cast: Cast, rows: Any) -> None:
    start = datetime(2024, 7, 1, tzinfo=UTC)
    for number, task in enumerate((cast.task_3, cast.task_1, cast.task_2)):
        Task.objects.filter(pk=task.pk).update(updated_at=start + timedelta(hours=number))
    Task.objects.filter(pk=cast.task_4.pk).update(updated_at=start - timedelta(microseconds=1))
    since = rows(cast.office, "tasks", updated_since=start.isoformat())
    assert [row["id"] for row in since] == [cast.task_3.pk, cast.task_1.pk, cast.task_2.pk]
    local = rows(cast.office, "tasks", updated_since="2024-07-01T09:00:00+08:00")
    assert [row["id"] for row in local] == [cast.task_1.pk, cast.task_2.pk]


@pytest.mark.parametrize(
    "since",
    [
        "yesterday",
        "2024-07-01",
        "2024-07-01T08:00:00",
        "2024-13-01T08:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
    ],
)
def test_a_moment_needs_its_zone(since: str, cast: Cast, call: Call) -> None:
    answer = call(cast.office).get("/api/v1/tasks/", {"updated_since": since})
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["updated_since"])


def test_an_unchanged_answer_is_not_sent_again(cast: Cast, call: Call) -> None:
    client = call(cast.office)
    etag = client.get("/api/v1/plans/")["ETag"]
    for header in (etag, f'W/{etag}, "other"'):
        again = client.get("/api/v1/plans/", headers={"If-None-Match": header})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    Plan.objects.filter(pk=cast.plan.pk).update(issuer="市政府")
    assert client.get("/api/v1/plans/", headers={"If-None-Match": etag}).status_code == 200


# --- CSV -----------------------------------------------------------------------------------
def _csv(answer: Any) -> list[dict[str, str]]:
    body = b"".join(answer.streaming_content).decode("utf-8")
    assert body.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(body.removeprefix("\ufeff"))))


@pytest.mark.parametrize("name", LISTS)
def test_csv_holds_every_filtered_row_whatever_the_page_size(
    name: str, many: Cast, call: Call
) -> None:
    client = call(many.office)
    answer = client.get(f"/api/v1/{name}/?format=csv&page_size=2")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.streaming
    table = _csv(answer)
    page = client.get(f"/api/v1/{name}/?page_size=1000").json()["results"]
    assert [int(row["id"]) for row in table] == [row["id"] for row in page]
    assert list(table[0]) == list(page[0])


def test_csv_is_filtered_and_taking_it_is_recorded(cast: Cast, call: Call) -> None:
    answer = call(cast.office).get("/api/v1/actions/?format=csv&kind=safeguard")
    assert [row["title"] for row in _csv(answer)] == ["加强组织领导"]
    event = AuditEvent.objects.get(code="api.export")
    assert event.actor == cast.office
    assert event.detail == {
        "resource": "api-actions",
        "query": {"format": "csv", "kind": "safeguard"},
    }


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_no_cell_begins_like_a_formula(start: str, cast: Cast, call: Call) -> None:
    Plan.objects.filter(pk=cast.plan.pk).update(title=f"{start}1+1")
    (row,) = _csv(call(cast.office).get("/api/v1/plans/?format=csv"))
    assert row["title"] == f"'{start}1+1"


def test_an_error_is_json_even_where_csv_was_asked_for(cast: Cast, call: Call) -> None:
    answer = call(cast.office).get("/api/v1/plans/?format=csv&colour=red")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/json")
    assert answer.json()["code"] == "unknown_parameter"
    assert call(cast.office).get("/api/v1/plans/?format=xml").status_code == 404
    assert call(cast.office).get(f"/api/v1/plans/{cast.plan.pk}/?format=csv").status_code == 404


# --- Persons -------------------------------------------------------------------------------
@pytest.mark.parametrize("name", LISTS)
def test_no_answer_names_a_person_or_how_to_reach_them(name: str, cast: Cast, call: Call) -> None:
    client = call(cast.office)
    rows = client.get(f"/api/v1/{name}/").json()["results"]
    texts = [client.get(f"/api/v1/{name}/{row['id']}/").content.decode() for row in rows]
    assert texts
    for text in texts:
        for word in ("13800000000", "password", "digest", "token", "phone", '_by"', "username"):
            assert word not in text.replace("superseded_by", "").replace("replaced_by", "")


def test_common_parameters_are_no_filters() -> None:
    for name in LISTS:
        assert not COMMON_PARAMETERS & set(view_of(name).filterset_class.base_filters)
