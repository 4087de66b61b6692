"""Every address × every role: who is let in, who is refused, and for whom it does not exist."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.cast import Cast
from tests.permissions.table import PUBLIC, ROLES, Row, read, state

ROWS = read()


class Undo(Exception):
    """Take back what one request did before the next one is sent."""


def _answer(row: Row, client: Client, cast: Cast, before: str) -> str:
    """Return the status of what is posted, with a star when it changed anything; undo it."""
    answer = ""
    try:
        with transaction.atomic():
            answer = str(row.ask(client, cast))
            if state() != before:
                answer += "*"
            raise Undo
    except Undo:
        return answer


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.label)
def test_each_role_gets_the_answer_of_the_table(
    row: Row, cast: Cast, browse: Callable[..., Client], call: Callable[..., Client]
) -> None:
    enter = partial(call, scope="write") if row.is_api else browse
    clients = {role: enter(getattr(cast, name) if name else None) for role, name in ROLES.items()}
    before = state()
    if row.method == "GET":  # whoever looks, nothing changes: seen once, after all of them
        got = {role: str(row.ask(client, cast)) for role, client in clients.items()}
        assert state() == before
    else:
        got = {role: _answer(row, client, cast, before) for role, client in clients.items()}
    assert got == dict(zip(ROLES, row.answers, strict=True))


def test_a_person_with_two_roles_sees_what_the_chosen_one_sees(
    cast: Cast, browse: Callable[..., Client]
) -> None:
    browser, address = browse(cast.double), f"/entries/{cast.entry_approved.pk}/"
    assert browser.get(address).status_code == 200
    chosen = browser.post("/act-as/", {"membership": cast.double_office.pk})
    assert chosen.status_code == 302
    assert browser.get(address).status_code == 404


def _addresses(patterns: Any, before: str = "") -> Iterator[tuple[str, str | None]]:
    for one in patterns:
        path = f"{before}{one.pattern}"
        if isinstance(one, URLResolver):
            yield from _addresses(one.url_patterns, path)
        elif isinstance(one, URLPattern):
            yield path, one.name


def test_every_address_stands_in_the_table() -> None:
    known = {row.name for row in ROWS}
    missing = [path for path, name in _addresses(get_resolver().url_patterns) if name not in known]
    assert not missing


def test_nothing_stands_in_the_table_twice_or_for_nothing() -> None:
    existing = {name for _path, name in _addresses(get_resolver().url_patterns)}
    assert {row.name for row in ROWS} <= existing
    keys = [(row.label, row.data) for row in ROWS]
    assert sorted(set(keys)) == sorted(keys)


@pytest.mark.parametrize(
    "row",
    [one for one in ROWS if one.method == "GET" and not one.is_api],
    ids=lambda row: row.label,
)
def test_an_address_without_a_line_for_posting_refuses_to_be_posted_to(
    row: Row, cast: Cast, browse: Callable[..., Client]
) -> None:
    if any(one.name == row.name and one.method == "POST" for one in ROWS):
        return
    posted = Row(row.name, row.arguments, "POST", "", ())
    for name in ("office", "liaison", "leader"):
        client = browse(getattr(cast, name))
        assert _answer(posted, client, cast, state()) in ("403", "404", "405")


def test_without_a_log_in_only_the_open_pages_answer() -> None:
    column = list(ROLES).index(PUBLIC)
    opened = {row.name for row in ROWS if row.answers[column] not in ("302", "401")}
    opened |= {"session"}  # answers 401 by itself, for scripts
    assert opened == OPEN


# Health, the door itself, what is published, and the description of the REST interface.
OPEN = {
    "healthz", "readyz", "login", "session", "public", "public-plan", "public-report",
    "public-report-drawing", "public-report-file", "api-schema", "api-docs",
}  # fmt: skip


@pytest.mark.parametrize("row", [one for one in ROWS if one.is_api], ids=lambda row: row.label)
def test_a_token_for_reading_changes_nothing_through_the_rest_interface(
    row: Row, cast: Cast, call: Callable[..., Client]
) -> None:
    posted = Row(row.name, row.arguments, "POST", row.data, ())
    client = call(cast.office, scope="read")
    assert _answer(posted, client, cast, state()) in ("403", "405")


@pytest.mark.parametrize(
    "row",
    [one for one in ROWS if one.is_api and one.method == "GET"],
    ids=lambda row: row.label,
)
def test_an_endpoint_without_a_line_for_posting_refuses_to_be_posted_to(
    row: Row, cast: Cast, call: Callable[..., Client]
) -> None:
    if any(one.name == row.name and one.method == "POST" for one in ROWS):
        return
    posted = Row(row.name, row.arguments, "POST", "", ())
    client = call(cast.office, scope="write")
    assert _answer(posted, client, cast, state()) == "405"
