"""Whose words are whose: drafts stay with their unit, what was handed in is read as agreed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tasks.services import entries
from tasks.services.entries import decisions
from tests.cast import Cast
from tests.cast_story import NOW

Call = Callable[..., Client]


def entry(client: Client, pk: int) -> dict[str, Any]:
    answer = client.get(f"/api/v1/entries/{pk}/")
    assert answer.status_code == 200, answer.content.decode()
    found: dict[str, Any] = answer.json()
    return found


def test_the_text_of_a_draft_is_read_by_its_own_unit_only(cast: Cast, call: Call) -> None:
    for person in (cast.liaison, cast.head):
        own = entry(call(person), cast.entry_draft.pk)
        assert own["draft"]["percent"] == {"text": "55", "version": 1}
    office = entry(call(cast.office), cast.entry_draft.pk)
    assert (office["state"], office["draft"], office["submitted"]) == ("draft", None, None)
    for person in (cast.leader, cast.client, cast.office_b, cast.office_province, cast.auditor):
        assert call(person).get(f"/api/v1/entries/{cast.entry_draft.pk}/").status_code == 404


def test_what_was_handed_in_is_read_by_those_who_supervise(cast: Cast, call: Call) -> None:
    for person in (cast.office, cast.leader, cast.client, cast.office_province):
        row = entry(call(person), cast.entry_submitted.pk)
        assert row["draft"] is None
        assert row["submitted"]["percent"] == "45.00"
        assert [file["name"] for file in row["submitted"]["evidence"]] == ["通知.pdf"]
        assert row["approved"] is None


def test_the_unit_that_gathers_reads_the_part_given_to_it(cast: Cast, call: Call) -> None:
    row = entry(call(cast.liaison), cast.part_submitted.pk)
    assert (row["draft"], row["submitted"]["percent"]) == (None, "50.00")
    assert (
        call(cast.liaison_finance).get(f"/api/v1/entries/{cast.entry_draft.pk}/").status_code == 404
    )


def test_a_return_is_between_the_unit_and_its_office(cast: Cast, call: Call) -> None:
    pk = cast.entry_returned.pk
    assert entry(call(cast.office), pk)["submitted"]["percent"] == "40.00"
    for person in (cast.leader, cast.client, cast.office_province):
        assert call(person).get(f"/api/v1/entries/{pk}/").status_code == 404


def test_those_above_keep_to_what_counts_while_a_correction_is_under_way(
    cast: Cast, call: Call
) -> None:
    pk, liaison = cast.entry_approved.pk, cast.double.act_as(cast.double_liaison)
    decisions.reopen(pk, "更正", NOW.date(), by=cast.office, now=NOW)
    entries.save_field(pk, "percent", "70", 1, by=liaison, now=NOW)
    cast.entry_approved.refresh_from_db()
    entries.submit(pk, cast.entry_approved.version, by=liaison, now=NOW)
    assert entry(call(cast.leader), pk)["submitted"]["percent"] == "70.00"
    decisions.send_back(pk, {"percent": "请核实。"}, by=cast.office, now=NOW)
    leader = entry(call(cast.leader), pk)
    assert (leader["submitted"], leader["approved"]["percent"]) == (None, "50.00")
    assert entry(call(cast.office), pk)["submitted"]["percent"] == "70.00"


@pytest.mark.parametrize(
    ("person", "seen"),
    [
        ("office", {"observed", "observed_draft", "observed_submitted", "observed_returned",
                    "observed_by_unit", "observed_above"}),
        ("liaison_finance", {"observed", "observed_by_unit", "observed_above"}),
        ("liaison", {"observed", "observed_above"}),
        ("client", {"observed", "observed_above"}),
        ("office_b", {"observed_b", "observed_above"}),
        ("office_province", {"observed", "observed_submitted", "observed_above", "observed_b"}),
    ],
)  # fmt: skip
def test_unchecked_values_stay_where_they_are_made(
    person: str, seen: set[str], cast: Cast, rows: Callable[..., list[dict[str, Any]]]
) -> None:
    names = {getattr(cast, name).pk: name for name in Cast.__slots__ if name.startswith("observed")}
    found = rows(getattr(cast, person), "observations")
    assert {names[row["id"]] for row in found} == seen


def test_a_draft_plan_is_read_by_its_own_office_only(cast: Cast, call: Call) -> None:
    address = f"/api/v1/plans/{cast.plan_b.pk}/"
    assert call(cast.office_b).get(address).json()["state"] == "draft"
    for person in (cast.office, cast.liaison_b, cast.office_province, cast.client):
        assert call(person).get(address).status_code == 404
