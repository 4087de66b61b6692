"""Steps out of order, sent twice, sent by the wrong person or too late."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.utils import timezone

from core.errors import DomainError, NotAllowed
from core.models import AuditEvent
from departments.models import Membership, User
from departments.services import appoint
from indicators import services as indicators
from indicators.models import Observation
from tasks import policies
from tasks.models import Entry, Period, Revision, Transition
from tasks.services import entries, periods
from tasks.services.entries import decisions, evidence
from tasks.workflow import ENTRY, PART
from tests.cast import Cast
from tests.cast_story import NOW, PDF

Browse = Callable[..., Client]
DAY = timedelta(days=1)
GIVEN = {
    "reason": "x",
    "reason-done": "x",
    "until": (timezone.localdate() + timedelta(days=10)).isoformat(),
    "version": "0",
}


def step(browser: Client, entry: Entry, verb: str, **data: Any) -> int:
    return browser.post(f"/entries/{entry.pk}/{verb}/", GIVEN | data).status_code


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    with patch("django.utils.timezone.now", return_value=moment):
        yield


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("entry_draft", ENTRY),
        ("entry_submitted", ENTRY),
        ("entry_approved", ENTRY),
        ("entry_returned", ENTRY),
        ("part_submitted", PART),
        ("part_blank", PART),
    ],
)
def test_a_step_from_a_state_that_the_table_does_not_name_changes_nothing(
    name: str, table: dict[str, Any], cast: Cast, browse: Browse
) -> None:
    entry: Entry = getattr(cast, name)
    people = [browse(one) for one in (cast.office, cast.office_2, cast.head, cast.double)]
    verbs = [verb for verb in {*ENTRY, *PART} if verb not in table or (
        entry.state not in table[verb].sources)]  # fmt: skip
    for browser in people:
        for verb in verbs:
            assert step(browser, entry, verb) in (403, 404)
    entry.refresh_from_db()
    assert entry.state == getattr(cast, name).state
    refused = AuditEvent.objects.filter(result="refused", code="page.entry-step")
    assert refused.count() >= len(verbs)


def test_a_step_sent_twice_is_taken_once(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.office)
    assert step(browser, cast.entry_submitted, "approve") == 302
    assert step(browser, cast.entry_submitted, "approve") == 403
    assert Transition.objects.filter(entry=cast.entry_submitted, verb="approve").count() == 1


def test_a_submission_sent_twice_is_one(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.liaison)
    version = str(cast.entry_draft.version)
    for _click in range(2):
        assert step(browser, cast.entry_draft, "submit", version=version) == 302
    assert Revision.objects.filter(entry=cast.entry_draft).count() == 1


@pytest.mark.parametrize("version", ["", "0", "-1", "4", "6", "²", "９", "9" * 20, "1e1", "5\x00"])
def test_only_the_version_that_was_seen_is_handed_in(
    version: str, cast: Cast, browse: Browse
) -> None:
    assert step(browse(cast.liaison), cast.entry_draft, "submit", version=version) == 409
    cast.entry_draft.refresh_from_db()
    assert cast.entry_draft.state == "draft"


def test_nothing_is_handed_in_after_the_office_closed_the_period(cast: Cast) -> None:
    """Closing counts at once, even before the day that was announced."""
    periods.close_period(cast.period, by=cast.office)
    with pytest.raises(NotAllowed):
        entries.submit(cast.entry_draft.pk, 5, by=cast.liaison, now=NOW)
    with pytest.raises(NotAllowed):
        entries.save_field(cast.entry_draft.pk, "done", "x", 1, by=cast.liaison, now=NOW)


def test_an_extended_unit_may_still_hand_in_and_no_other(cast: Cast) -> None:
    periods.close_period(cast.period, by=cast.office)
    cast.period.extensions.create(
        department=cast.education, until=NOW.date(), reason="x", by=cast.office
    )
    entries.submit(cast.entry_draft.pk, 5, by=cast.liaison, now=NOW)
    with pytest.raises(NotAllowed):
        entries.save_field(cast.entry_blank.pk, "done", "x", 0, by=cast.liaison_finance, now=NOW)


# --- Who checks ----------------------------------------------------------------------------
@pytest.fixture
def both(cast: Cast) -> User:
    """Return the liaison of 市教育局, who also works in the 纲要办, acting as the latter."""
    office = appoint(cast.liaison, "office", region=cast.city_a)
    return cast.liaison.act_as(office)


def test_nobody_checks_what_they_handed_in_themselves(cast: Cast, both: User) -> None:
    with pytest.raises(NotAllowed, match="须由他人核对"):
        decisions.approve(cast.entry_submitted.pk, by=both, now=NOW)
    with pytest.raises(NotAllowed, match="须由他人核对"):
        decisions.send_back(cast.entry_submitted.pk, {"done": "x"}, by=both, now=NOW)


def test_nobody_checks_what_they_typed_and_another_handed_in(cast: Cast, both: User) -> None:
    unit = both.memberships.get(role="liaison")
    entries.withdraw(cast.entry_submitted.pk, by=both.act_as(unit), now=NOW)
    cast.entry_submitted.refresh_from_db()
    entries.submit(cast.entry_submitted.pk, cast.entry_submitted.version, by=cast.head, now=NOW)
    office = both.act_as(both.memberships.get(role="office"))
    with pytest.raises(NotAllowed, match="须由他人核对"):
        decisions.approve(cast.entry_submitted.pk, by=office, now=NOW)


def test_nobody_checks_what_they_signed_for_their_unit(cast: Cast) -> None:
    settings = cast.plan.settings
    settings.needs_signoff = True
    settings.save()
    entries.submit(cast.entry_draft.pk, 5, by=cast.liaison, now=NOW)
    entries.sign(cast.entry_draft.pk, by=cast.head, now=NOW)
    office = appoint(cast.head, "office", region=cast.city_a)
    with pytest.raises(NotAllowed, match="须由他人核对"):
        decisions.approve(cast.entry_draft.pk, by=cast.head.act_as(office), now=NOW)
    decisions.approve(cast.entry_draft.pk, by=cast.office, now=NOW)


def test_a_decision_is_taken_back_within_ten_seconds_by_the_same_person_only(cast: Cast) -> None:
    pk, second = cast.entry_submitted.pk, timedelta(seconds=1)
    decisions.approve(pk, by=cast.office, now=NOW)
    with pytest.raises(NotAllowed):
        decisions.undo(pk, by=cast.office_2, now=NOW + second)
    with pytest.raises(NotAllowed):
        decisions.undo(pk, by=cast.office, now=NOW + 11 * second)
    decisions.undo(pk, by=cast.office, now=NOW + 9 * second)
    with pytest.raises(NotAllowed):
        decisions.undo(pk, by=cast.office, now=NOW + 9 * second)


def test_a_decision_is_taken_back_as_the_office_that_took_it(cast: Cast, both: User) -> None:
    entries.withdraw(
        cast.entry_submitted.pk, by=both.act_as(both.memberships.get(role="liaison")), now=NOW
    )
    done = cast.entry_approved
    decisions.reopen(done.pk, "x", NOW.date(), by=cast.office, now=NOW)
    done.refresh_from_db()
    unit = cast.double.act_as(cast.double_liaison)
    entries.submit(done.pk, done.version, by=unit, now=NOW)
    office = both.act_as(both.memberships.get(role="office"))
    decisions.approve(done.pk, by=office, now=NOW)
    Membership.objects.filter(user=both, role="office").delete()
    with pytest.raises(NotAllowed):
        decisions.undo(done.pk, by=both.act_as(both.memberships.get()), now=NOW)


def test_a_gatherer_decides_on_parts_of_its_own_tasks_only(cast: Cast) -> None:
    for by in (cast.liaison_finance, cast.liaison_b, cast.double.act_as(cast.double_liaison)):
        with pytest.raises(NotAllowed):
            decisions.take_over(cast.part_submitted.pk, by=by, now=NOW)


# --- Before the head has signed --------------------------------------------------------------
@pytest.fixture
def unsigned(cast: Cast) -> Entry:
    """Return an entry that its liaison finished and its head has not signed."""
    settings = cast.plan.settings
    settings.needs_signoff = True
    settings.save()
    entries.save_field(cast.entry_draft.pk, "done", "只给本单位看的话", 1, by=cast.liaison, now=NOW)
    cast.entry_draft.refresh_from_db()
    entries.submit(cast.entry_draft.pk, cast.entry_draft.version, by=cast.liaison, now=NOW)
    cast.entry_draft.refresh_from_db()
    return cast.entry_draft


def test_the_office_reads_nothing_that_the_head_has_not_signed(
    unsigned: Entry, cast: Cast, browse: Browse, call: Browse
) -> None:
    assert unsigned.state == "awaiting_signoff"
    for path in (f"/entries/{unsigned.pk}/", f"/entries/{unsigned.pk}/history/"):
        assert "只给本单位看的话" not in browse(cast.office).get(path).content.decode()
        assert "只给本单位看的话" in browse(cast.head).get(path).content.decode()
    office = call(cast.office).get(f"/api/v1/entries/{unsigned.pk}/").json()
    assert (office["state"], office["submitted"]) == ("awaiting_signoff", None)
    assert browse(cast.office).get(f"/review/{unsigned.pk}/").status_code == 404


# --- Observed values -------------------------------------------------------------------------
def observe(cast: Cast, **fields: Any) -> Observation:
    return indicators.observe(
        cast.funding_per_capita, cast.city_a, 2020, by=cast.office, basis="budget", **fields
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"numerator": Decimal("9" * 16), "denominator": Decimal("0.0001")},
        {"numerator": Decimal(5), "denominator": Decimal(-1)},
        {"numerator": Decimal(5)},
        {"value": Decimal(2)},
        {"numerator": Decimal("1e30"), "denominator": Decimal(1)},
    ],
)
def test_a_value_that_cannot_be_is_refused_at_its_field(fields: dict[str, Any], cast: Cast) -> None:
    with pytest.raises(DomainError) as refusal:
        observe(cast, **fields)
    assert refusal.value.fields


def test_a_share_of_more_than_all_is_not_handed_in_before_it_is_mended(cast: Cast) -> None:
    row = indicators.observe(
        cast.venue_coverage, cast.city_a, 2020, by=cast.office,
        numerator=Decimal(9), denominator=Decimal(2),
    )  # fmt: skip
    with pytest.raises(DomainError, match="要先改正"):
        indicators.submit(row, by=cast.office)


def test_an_observed_value_is_checked_by_another_and_once(cast: Cast) -> None:
    draft = observe(cast, numerator=Decimal(2000), denominator=Decimal(1000))
    row = indicators.submit(draft, by=cast.office)
    with pytest.raises(NotAllowed):
        indicators.verify(row, by=cast.office, now=NOW)
    with pytest.raises(NotAllowed):
        indicators.verify(row, by=cast.office_b, now=NOW)
    indicators.verify(row, by=cast.office_2, now=NOW)
    for deed in (indicators.verify, indicators.submit):
        with pytest.raises(NotAllowed):
            deed(row, by=cast.office_2, **({"now": NOW} if deed is indicators.verify else {}))


def test_a_draft_value_is_not_verified_without_being_handed_in(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        indicators.verify(cast.observed_draft, by=cast.office_2, now=NOW)


def test_a_period_is_opened_and_closed_once(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        periods.open_period(cast.period, by=cast.office, now=NOW)
    periods.close_period(cast.period, by=cast.office)
    with pytest.raises(NotAllowed):
        periods.close_period(cast.period, by=cast.office)
    for foreign in (cast.office_b, cast.office_province, cast.leader, cast.admin):
        with pytest.raises(NotAllowed):
            periods.close_period(cast.period, by=foreign)
    assert Period.objects.get(pk=cast.period.pk).state == "closed"


def test_the_deadline_stays_the_announced_day_when_a_period_is_closed(cast: Cast) -> None:
    assert policies.deadline(cast.entry_draft) == cast.period.due_on
    assert timezone.localdate(NOW) < cast.period.due_on + DAY


def test_a_file_is_read_by_whoever_reads_the_words_it_came_with(cast: Cast, browse: Browse) -> None:
    """A correction that was returned stays between the unit and its office, files included."""
    row, unit = cast.entry_approved, cast.double.act_as(cast.double_liaison)
    decisions.reopen(row.pk, "x", NOW.date(), by=cast.office, now=NOW)
    file = evidence.attach(row.pk, "补充.pdf", PDF + b"2", by=unit, now=NOW)
    row.refresh_from_db()
    path = f"/evidence/{file.pk}/"
    assert browse(cast.office).get(path).status_code == 404
    entries.submit(row.pk, row.version, by=unit, now=NOW)
    assert [browse(one).get(path).status_code for one in (cast.office, cast.leader)] == [200, 200]
    decisions.send_back(row.pk, {"done": "x"}, by=cast.office, now=NOW)
    assert browse(cast.office).get(path).status_code == 200
    for person in (cast.leader, cast.client, cast.office_province, cast.liaison):
        assert browse(person).get(path).status_code == 404


def test_what_was_taken_back_unsigned_never_reaches_the_office(
    unsigned: Entry, cast: Cast, browse: Browse, call: Browse
) -> None:
    entries.withdraw(unsigned.pk, by=cast.liaison, now=NOW)
    for path in (f"/entries/{unsigned.pk}/", f"/entries/{unsigned.pk}/history/"):
        assert "只给本单位看的话" not in browse(cast.office).get(path).content.decode()
    row = call(cast.office).get(f"/api/v1/entries/{unsigned.pk}/").json()
    assert row["submitted"] is None
