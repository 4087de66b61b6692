"""Who may call: holders of a valid token, as the role that it was made for."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.errors import DomainError, NotAllowed
from core.models import AuditEvent
from departments.services import issue_token
from tests.cast import Cast

LISTS = (
    "regions", "departments", "plans", "actions", "measures", "duties", "tasks", "periods",
    "entries", "indicators", "targets", "observations", "reports",
)  # fmt: skip
JSON = "application/json"


def test_it_works(cast: Cast, call: Callable[..., Client]) -> None:
    answer = call(cast.office).get("/api/v1/plans/")
    assert answer.status_code == 200
    assert [row["title"] for row in answer.json()["results"]] == [cast.plan.title]


@pytest.mark.parametrize("name", LISTS)
def test_without_a_token_nothing_is_given(name: str, db: None) -> None:
    answer = Client().get(f"/api/v1/{name}/")
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_authenticated"
    assert answer["WWW-Authenticate"] == "Token"


def test_a_log_in_is_no_token(cast: Cast, browse: Callable[..., Client]) -> None:
    assert browse(cast.office).get("/api/v1/plans/").status_code == 401


@pytest.mark.parametrize("header", ["Token", "Token x", "Token a b", "Token \xff", "Basic eDp5"])
def test_a_wrong_token_is_refused_in_the_common_form(header: str, db: None) -> None:
    answer = Client(headers={"Authorization": header}).get("/api/v1/plans/")
    assert answer.status_code == 401
    assert set(answer.json()) == {"code", "message", "fields"}


def test_a_token_ends_with_the_role_it_was_made_for(
    cast: Cast, call: Callable[..., Client]
) -> None:
    client = call(cast.double, membership=cast.double_office)
    assert client.get("/api/v1/regions/").status_code == 200
    cast.double_office.valid_to = timezone.localdate() - timedelta(days=1)
    cast.double_office.save()
    assert client.get("/api/v1/regions/").status_code == 401


def test_a_token_acts_as_its_membership_and_no_other(
    cast: Cast, call: Callable[..., Client]
) -> None:
    entries = "/api/v1/entries/"
    as_liaison = call(cast.double, membership=cast.double_liaison).get(entries).json()["results"]
    as_office = call(cast.double, membership=cast.double_office).get(entries).json()["results"]
    assert {row["department"] for row in as_liaison if row["kind"] == "report"} == {
        cast.association.pk
    }
    assert as_office == []


def test_a_reading_token_cannot_write(cast: Cast, call: Callable[..., Client]) -> None:
    answer = call(cast.office, scope="read").post("/api/v1/plans/", {}, content_type=JSON)
    assert answer.status_code == 403
    assert answer.json()["code"] == "not_allowed"
    refused = AuditEvent.objects.get(result="refused")
    assert (refused.code, refused.actor) == ("api.api-plans.post", cast.office)


def test_a_writing_token_finds_nothing_to_write_yet(
    cast: Cast, call: Callable[..., Client]
) -> None:
    answer = call(cast.office, scope="write").post("/api/v1/plans/", {}, content_type=JSON)
    assert answer.status_code == 405


def test_an_unknown_address_is_told_as_json(cast: Cast, call: Callable[..., Client]) -> None:
    answer = call(cast.office).get("/api/v1/nothing/here/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert Client().get("/api/v1/nothing/").status_code == 401


def test_a_token_is_issued_by_its_owner_or_an_administrator_and_recorded(cast: Cast) -> None:
    membership = cast.liaison.memberships.get()
    for who in (cast.liaison, cast.admin):
        token, text = issue_token(membership, "报表", "read", by=who)
        assert text.startswith(token.token_key)
        assert text not in token.digest
    with pytest.raises(NotAllowed):
        issue_token(membership, "报表", "read", by=cast.head)
    with pytest.raises(DomainError):
        issue_token(membership, "报表", "everything", by=cast.liaison)
    recorded = AuditEvent.objects.filter(code="departments.token.issue")
    assert [row.actor for row in recorded.order_by("id")] == [cast.liaison, cast.admin]
    assert all(text not in str(row.detail) for row in recorded)
