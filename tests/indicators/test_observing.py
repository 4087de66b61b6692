"""Values are written in sets, corrected and refused row by row; nothing is lost."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import Conflict, NotAllowed
from core.models import AuditEvent
from indicators import services
from indicators.models import Indicator, Observation
from indicators.policies import can_observe
from indicators.services import Given, RowErrors, write
from tests.cast import Cast
from tests.cast_story import NOW
from tests.indicators.given import funding, handed_in, literacy, wrong

Verified = Callable[..., Any]


# --- Writing -------------------------------------------------------------------------------
def test_values_are_written_as_drafts(cast: Cast) -> None:
    done = write([literacy(cast, 2020), funding(cast, 2021)], by=cast.office)
    rows = [Observation.objects.get(pk=one.row.pk) for one in done]
    assert [(row.state, row.version, row.entered_by) for row in rows] == [
        ("draft", 1, cast.office)
    ] * 2
    assert [row.value for row in rows] == [Decimal("9.1"), Decimal("1.8")]
    assert {row.office_id for row in rows} == {cast.city_a.pk}
    assert all(row.created_at and row.updated_at for row in rows)


def test_the_row_in_hand_is_the_row_that_is_stored(cast: Cast) -> None:
    (done,) = write([funding(cast, 2021, note=" 说明\x00 ")], by=cast.office)
    stored = Observation.objects.get(pk=done.row.pk)
    for field in Observation._meta.concrete_fields:
        assert getattr(done.row, field.attname) == getattr(stored, field.attname), field.name
    assert stored.note == "说明"
    assert (done.row.indicator, done.row.region) == (cast.funding_per_capita, cast.city_a)


def test_the_same_thing_twice_in_a_call_is_told(cast: Cast) -> None:
    told = wrong(cast, literacy(cast, 2020), funding(cast, 2020), literacy(cast, 2020, "9.2"))
    assert told == {2: ["year"]}


def test_nothing_is_written_outside_ones_region(cast: Cast) -> None:
    assert wrong(cast, literacy(cast, 2020), literacy(cast, 2020, region=cast.city_b)) == {
        1: ["region"]
    }
    with pytest.raises(NotAllowed):
        write([literacy(cast, 2020, region=cast.city_b)], by=cast.office)


def test_an_office_above_enters_for_a_county_without_an_office(cast: Cast) -> None:
    (done,) = write([literacy(cast, 2020, region=cast.county_a2)], by=cast.office)
    assert done.row.office_id == cast.city_a.pk, "and stands for it"
    assert wrong(cast, literacy(cast, 2020), literacy(cast, 2020, region=cast.county_a1)) == {
        1: ["region"]  # which has an office of its own
    }


@pytest.mark.parametrize(("days", "theirs"), [(30, True), (-1, False)])
def test_an_office_below_counts_until_its_last_day(cast: Cast, days: int, theirs: bool) -> None:
    cast.double_office.valid_to = timezone.localdate() + timedelta(days=days)
    cast.double_office.save()
    assert bool(can_observe(cast.office, cast.county_a1)) is not theirs


def test_a_department_enters_its_own_part_only(cast: Cast) -> None:
    own = funding(cast, 2021, department=cast.finance)
    (done,) = write([own], by=cast.liaison_finance)
    assert done.row.department == cast.finance
    with pytest.raises(NotAllowed):
        write([funding(cast, 2021)], by=cast.liaison_finance)


def test_what_waits_to_be_checked_cannot_be_changed(cast: Cast) -> None:
    handed_in(cast, literacy(cast, 2020))
    assert wrong(cast, literacy(cast, 2020, "9.5")) == {0: ["year"]}


def test_an_indicator_out_of_use_takes_no_values(cast: Cast) -> None:
    Indicator.objects.filter(pk=cast.literacy_ratio.pk).update(is_active=False)
    cast.literacy_ratio.refresh_from_db()
    assert wrong(cast, literacy(cast, 2020)) == {0: ["indicator"]}


def test_a_correction_needs_a_reason_and_counts_once_it_is_checked(cast: Cast) -> None:
    assert wrong(cast, literacy(cast, 2023, "11.5")) == {0: ["correction_reason"]}
    row = handed_in(cast, literacy(cast, 2023, "11.5", correction_reason="复核抽样权重"))
    here = Observation.objects.counting().filter(indicator=cast.literacy_ratio, region=cast.city_a)
    assert here.get() == cast.observed, "until then the old one counts"
    services.verify(row, by=cast.office_2, now=NOW)
    assert here.get() == row
    cast.observed.refresh_from_db()
    assert cast.observed.superseded_by == row


def test_the_same_value_again_changes_nothing(cast: Cast) -> None:
    for _time in range(2):
        done = write([literacy(cast, 2020)], by=cast.office)
    assert [(one.changed, one.row.version) for one in done] == [(False, 1)]
    same = literacy(cast, 2023, "11.2", sample_size=1200, source="抽样调查")
    (done_,) = write([same], by=cast.office)
    assert (done_.changed, done_.row.pk) == (False, cast.observed.pk)
    assert (
        AuditEvent.objects.filter(code="indicators.observation.observe").latest("pk").detail["made"]
        == 1
    )


def test_a_draft_is_changed_in_place_and_a_returned_row_is_a_draft_again(cast: Cast) -> None:
    given_ = funding(cast, 2022, top=6_000_000)
    given_ = Given(given_.indicator, given_.region, 2022, given_.fields, basis="budget")
    (done,) = write([given_], by=cast.office_2)
    assert (done.row.pk, done.row.state) == (cast.observed_returned.pk, "draft")
    assert done.row.version == cast.observed_returned.version + 1
    assert Observation.objects.get(pk=done.row.pk).value == 2


def test_a_stale_version_gives_both_texts(cast: Cast) -> None:
    write([literacy(cast, 2020)], by=cast.office)
    write([literacy(cast, 2020, "9.2", version=1)], by=cast.office)
    with pytest.raises(Conflict) as caught:
        write([literacy(cast, 2020, "9.3", version=1)], by=cast.office_2)
    assert caught.value.current == {
        "version": 2,
        "value": {"mine": Decimal("9.3"), "theirs": Decimal("9.2")},
    }


def test_rows_that_could_not_be_read_are_told_with_the_others(cast: Cast) -> None:
    with pytest.raises(RowErrors) as caught:
        write(
            [literacy(cast, 2020), literacy(cast, 1900)],
            by=cast.office,
            unread={1: {"value": ["看不懂"]}},
        )
    assert {number: list(told) for number, told in caught.value.rows.items()} == {
        1: ["value"],
        2: ["year"],
    }


def test_many_values_leave_one_audit_row(cast: Cast) -> None:
    before = AuditEvent.objects.count()
    write([literacy(cast, year) for year in range(2000, 2020)], by=cast.office)
    event = AuditEvent.objects.latest("pk")
    assert AuditEvent.objects.count() == before + 1
    assert event.detail["made"] == 20
    assert sum(last - first + 1 for first, last in event.detail["rows"]) == 20


def test_writing_asks_as_often_for_twenty_rows_as_for_two(cast: Cast) -> None:
    write([literacy(cast, 1999)], by=cast.office)  # whom one acts for is known from now on
    asked = []
    for years in (range(2000, 2002), range(2002, 2012)):
        rows = [make(cast, year) for year in years for make in (literacy, funding)]
        with CaptureQueriesContext(connection) as caught:
            services.submit_many([one.row for one in write(rows, by=cast.office)], by=cast.office)
        asked.append([one["sql"] for one in caught.captured_queries])
    assert len(asked[0]) == len(asked[1]), "\n".join(one[:200] for one in asked[1])


YEARS = st.lists(
    st.tuples(st.integers(2000, 2006), st.integers(-5, 120)),
    min_size=1,
    max_size=6,
    unique_by=lambda one: one[0],
)
QUIET = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


class Undo(Exception):
    """Take back what one example wrote."""


def written(cast: Cast, rows: list[Given]) -> list[Any]:
    """Return what a call would write and ask, and take it back."""
    found: list[Any] = []
    try:
        with transaction.atomic():
            done = write(rows, by=cast.office)
            found = sorted(
                (one.row.year, one.row.value, sorted((ask.code, ask.told) for ask in one.questions))
                for one in done
            )
            raise Undo
    except Undo:
        return found


@QUIET
@given(YEARS)
def test_the_order_of_rows_does_not_matter(cast: Cast, years: list[tuple[int, int]]) -> None:
    rows = [literacy(cast, year, value) for year, value in years]
    first = written(cast, rows)
    assert all(written(cast, list(other)) == first for other in list(permutations(rows))[:6])


@QUIET
@given(YEARS, st.data())
def test_all_or_none(cast: Cast, years: list[tuple[int, int]], data: st.DataObject) -> None:
    rows = [literacy(cast, year, value) for year, value in years]
    at = data.draw(st.integers(0, len(rows)))
    rows.insert(at, literacy(cast, 2010, None))
    assert wrong(cast, *rows) == {at: ["value"]}
