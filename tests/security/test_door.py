"""The door: who gets in, for how long, and what is remembered of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from core.models import AuditEvent
from departments.models import Membership, User
from departments.services import create_person, issue_token
from tests.cast import Cast

PASSWORD = "long enough, and odd: 7q"
NEW = "another one, quite odd: 8w"

Browse = Callable[..., Client]


@pytest.fixture
def person(cast: Cast) -> User:
    """Return the liaison of 市教育局 with a password."""
    cast.liaison.set_password(PASSWORD)
    cast.liaison.save()
    return cast.liaison


def log_in(client: Client, username: str, password: str, **more: Any) -> Any:
    return client.post("/login/", {"username": username, "password": password}, **more)


def test_it_works(person: User, client: Client) -> None:
    assert log_in(client, person.username, PASSWORD).status_code == 302
    assert client.get("/session/").status_code == 204


def test_the_account_is_locked_for_an_address_after_five_wrong_passwords(
    person: User, client: Client
) -> None:
    for number in range(5):
        # Neither another spelling in full width nor an invented proxy makes it a new attempt.
        name = "ｌｉａｉｓｏｎ" if number % 2 else "liaison"
        answer = log_in(client, name, "wrong", headers={"X-Forwarded-For": f"10.0.0.{number}"})
    assert answer.status_code == 429
    assert log_in(client, person.username, PASSWORD).status_code == 429
    assert client.get("/session/").status_code == 401
    elsewhere = Client(REMOTE_ADDR="10.9.9.9")
    assert log_in(elsewhere, person.username, PASSWORD).status_code == 302


def test_a_log_in_begins_a_new_session_and_a_log_out_ends_it(person: User, client: Client) -> None:
    client.get("/public/")
    session = client.session
    session["planted"] = "x"
    session.save()
    planted = client.cookies["sessionid"].value
    log_in(client, person.username, PASSWORD)
    inside = client.cookies["sessionid"].value
    assert inside != planted
    client.post("/logout/")
    assert not Session.objects.filter(session_key__in=[planted, inside]).exists()
    stolen = Client()
    stolen.cookies["sessionid"] = inside
    assert stolen.get("/session/").status_code == 401


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_a_log_in_leads_nowhere_else(target: str, person: User, client: Client) -> None:
    answer = log_in(client, person.username, PASSWORD, query_params={"next": target})
    assert answer["Location"] == "/"


def test_a_refused_deed_leads_back_to_our_own_pages_only(cast: Cast, browse: Browse) -> None:
    path = f"/plans/{cast.plan.pk}/activate/"
    for referer in ("https://evil.example/x", "//evil.example", "http://testserver.evil/"):
        answer = browse(cast.office).post(path, headers={"Referer": referer})
        assert answer.status_code == 403
    answer = browse(cast.office).post(path, headers={"Referer": "http://testserver/plans/"})
    assert answer["Location"] == "http://testserver/plans/"


# --- The first password --------------------------------------------------------------------
def test_a_first_password_opens_nothing_but_its_change(person: User, browse: Browse) -> None:
    User.objects.filter(pk=person.pk).update(must_change_password=True)
    browser = browse(person)
    for path in ("/", "/plans/", "/reports/", "/audit/", "/entries/check/"):
        assert browser.get(path)["Location"] == "/password/"
    assert browser.get("/password/").status_code == 200


def test_a_first_password_cannot_be_passed_by_with_a_token(person: User) -> None:
    membership = person.memberships.get()
    _token, text = issue_token(membership, "x", by=person)
    client = Client(headers={"Authorization": f"Token {text}"})
    assert client.get("/api/v1/plans/").status_code == 200
    User.objects.filter(pk=person.pk).update(must_change_password=True)
    assert client.get("/api/v1/plans/").status_code == 401


def test_a_first_password_is_not_changed_into_itself(person: User, browse: Browse) -> None:
    User.objects.filter(pk=person.pk).update(must_change_password=True)
    browser = browse(person)
    same = {"old_password": PASSWORD, "new_password1": PASSWORD, "new_password2": PASSWORD}
    browser.post("/password/", same)
    person.refresh_from_db()
    assert person.must_change_password
    browser.post("/password/", same | {"new_password1": NEW, "new_password2": NEW})
    person.refresh_from_db()
    assert not person.must_change_password
    assert person.check_password(NEW)


def test_a_changed_password_is_recorded_but_not_told(person: User, browse: Browse) -> None:
    data = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    browse(person).post("/password/", data)
    row = AuditEvent.objects.get(code="departments.user.change_password")
    assert (row.actor, row.result) == (person, "ok")
    assert NEW not in str(row.detail)
    assert PASSWORD not in str(row.detail)


def test_a_first_password_is_told_once_and_written_nowhere(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.admin)
    data = {"username": "newcomer", "name": "新", "role": "liaison"}
    answer = browser.post("/people/", data | {"department": cast.education.pk}, follow=True)
    told = answer.content.decode().partition("初始密码 ")[2].partition(" ")[0]
    made = User.objects.get(username="newcomer")
    assert made.check_password(told)
    assert made.must_change_password
    assert told not in browser.get("/people/").content.decode()
    assert not [row for row in AuditEvent.objects.all() if told in str(row.detail)]


# --- Roles that end ------------------------------------------------------------------------
def test_a_role_that_ends_takes_its_open_session_and_token_along(
    cast: Cast, browse: Browse, call: Browse
) -> None:
    browser, client = browse(cast.liaison), call(cast.liaison)
    path = f"/entries/{cast.entry_draft.pk}/"
    assert browser.get(path).status_code == 200
    browse(cast.security).post(f"/people/{cast.liaison.memberships.get().pk}/end/")
    assert browser.get(path).status_code == 404
    assert client.get("/api/v1/plans/").status_code == 401


def test_a_role_that_begins_today_can_be_ended_today(cast: Cast, browse: Browse) -> None:
    today = timezone.localdate()
    cast.liaison.memberships.update(valid_from=today)
    browse(cast.security).post(f"/people/{cast.liaison.memberships.get().pk}/end/")
    assert not Membership.objects.filter(user=cast.liaison).valid_on(today).exists()


def test_an_account_that_is_closed_ends_its_session_and_its_token(
    cast: Cast, browse: Browse, call: Browse
) -> None:
    browser, client = browse(cast.liaison), call(cast.liaison)
    User.objects.filter(pk=cast.liaison.pk).update(is_active=False)
    assert browser.get("/session/").status_code == 401
    assert client.get("/api/v1/plans/").status_code == 401


def test_a_former_liaison_sees_and_does_nothing(cast: Cast, former: User, browse: Browse) -> None:
    browser = browse(former)
    for path in (
        f"/entries/{cast.entry_draft.pk}/",
        f"/plans/{cast.plan.pk}/",
        f"/tasks/{cast.task_1.pk}/",
        f"/evidence/{cast.evidence.pk}/",
        f"/departments/{cast.education.pk}/",
    ):
        assert browser.get(path).status_code == 404
    ended = former.memberships.get().pk
    assert browser.post("/act-as/", {"membership": ended}).status_code == 404


@pytest.mark.parametrize("membership", ["", "0", "-1", "²", "٣", "9" * 20, "9" * 5000, "a\x00"])
def test_only_ones_own_roles_can_be_chosen(membership: str, cast: Cast, browse: Browse) -> None:
    browser = browse(cast.double)
    assert browser.post("/act-as/", {"membership": membership}).status_code == 404
    foreign = cast.office.memberships.get().pk
    assert browser.post("/act-as/", {"membership": foreign}).status_code == 404
    assert browser.get("/review/").status_code == 404


def test_a_planted_choice_of_a_foreign_role_is_not_taken(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.liaison)
    session = browser.session
    session["acting"] = cast.office.memberships.get().pk
    session.save()
    assert browser.get("/review/").status_code == 404


# --- What is remembered --------------------------------------------------------------------
def test_the_auditor_sees_log_ins_of_people_with_two_roles_and_of_unknown_names(
    cast: Cast, browse: Browse, client: Client
) -> None:
    cast.double.set_password(PASSWORD)
    cast.double.save()
    log_in(client, "double", PASSWORD)
    log_in(Client(), "double", "wrong")
    log_in(Client(), "nobody-at-all", "wrong")
    seen = AuditEvent.objects.visible_to(cast.auditor).filter(code="departments.user.log_in")
    assert sorted((row.result, str(row.actor or row.detail["username"])) for row in seen) == [
        ("failed", "double"),
        ("failed", "nobody-at-all"),
        ("ok", "卯"),
    ]
    page = browse(cast.auditor).get("/audit/", {"result": "failed"}).content.decode()
    assert page.count("departments.user.log_in") >= 2


def test_no_password_gets_into_the_record(person: User, client: Client) -> None:
    log_in(client, person.username, "secret-as-typed")
    log_in(client, person.username, PASSWORD)
    text = str(list(AuditEvent.objects.values_list("detail", flat=True)))
    assert "secret-as-typed" not in text
    assert PASSWORD not in text


@pytest.mark.parametrize("path", ["/", "/plans/", "/session/", "/entries/{entry}/",
                                  "/evidence/{file}/",
                                  "/reports/{report}/progress/", "/nothing/here/"])  # fmt: skip
def test_private_answers_are_kept_by_nobody(path: str, cast: Cast, browse: Browse) -> None:
    row = {"entry": cast.entry_draft.pk, "file": cast.evidence.pk, "report": cast.report_issued.pk}
    answer = browse(cast.liaison).get(path.format(**row))
    assert "no-store" in answer["Cache-Control"]


def test_rest_answers_are_kept_by_nobody(cast: Cast, call: Browse) -> None:
    for query in ("", "?format=csv", "?page_size=x"):
        assert "no-store" in call(cast.office).get(f"/api/v1/entries/{query}")["Cache-Control"]


def test_an_administrator_ends_no_role_of_another_region(cast: Cast, browse: Browse) -> None:
    before = Membership.objects.get(user=cast.liaison_b)
    assert browse(cast.admin).post(f"/people/{before.pk}/end/").status_code == 404
    before.refresh_from_db()
    assert before.valid_to is None


def test_an_administrator_makes_no_account_in_another_region(cast: Cast, browse: Browse) -> None:
    data = {"username": "spy", "name": "新", "role": "liaison", "department": cast.education_b.pk}
    assert browse(cast.admin).post("/people/", data).status_code == 422
    data |= {"role": "office", "department": "", "region": cast.province.pk}
    assert browse(cast.admin).post("/people/", data).status_code == 422
    assert not User.objects.filter(username="spy").exists()


def test_a_refused_account_is_recorded_as_refused(cast: Cast, browse: Browse) -> None:
    data = {"username": "spy", "name": "新", "role": "office", "region": cast.city_a.pk}
    browse(cast.security).post("/people/", data)
    assert not User.objects.filter(username="spy").exists()
    row = AuditEvent.objects.get(result="refused")
    assert row.actor == cast.security


def test_a_token_of_a_new_account_waits_for_its_own_password(cast: Cast) -> None:
    made, _password = create_person(
        "newcomer", "新", "", "client", region=cast.city_a, department=None, by=cast.admin
    )
    _token, text = issue_token(made.memberships.get(), "x", by=cast.admin)
    client = Client(headers={"Authorization": f"Token {text}"})
    assert client.get("/api/v1/plans/").status_code == 401


def test_a_yesterdays_token_is_refused_after_its_role(cast: Cast, call: Browse) -> None:
    client = call(cast.client)
    cast.client.memberships.update(valid_to=timezone.localdate() - timedelta(days=1))
    assert client.get("/api/v1/plans/").status_code == 401
