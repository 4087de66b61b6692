"""Who has not reported: every number of the matrix is the length of the list behind it."""

import datetime as dt
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from departments.models import Department
from tasks.models import Entry, Extension, Period, Revision
from tasks.selectors.periods import clock, matrix
from tasks.services import entries
from tasks.services.entries import decisions
from tests.cast import Cast
from tests.cast_story import NOW

pytestmark = pytest.mark.django_db
LINK = re.compile(r'<a [^>]*href="(/periods/\d+/entries/[^"]*)" data-count="(\d+)"')
MATRIX = "/periods/matrix/?year=2024"


def page(cast: Cast, on: dt.date = NOW.date()) -> matrix.Matrix:
    found = matrix.counted(cast.office, cast.city_a)
    assert found is not None
    return matrix.matrix(found, Period.objects.filter(region=cast.city_a), 2024, on)


def kinds(found: matrix.Matrix, cast: Cast) -> dict[str, list[str]]:
    return {row.name: [cell.kind for cell in row.cells] for row in found.rows}


def handed_in_late(cast: Cast) -> None:
    """Let finance hand in its entry after the due date."""
    late = NOW + dt.timedelta(days=6)
    entry = cast.entry_blank
    for field, text in (("percent", "30"), ("self_rating", "behind"), ("done", "已拨付。")):
        entries.save_field(entry.pk, field, text, 0, by=cast.liaison_finance, now=late)
    entry.refresh_from_db()
    entries.submit(entry.pk, entry.version, by=cast.liaison_finance, now=late)


def test_each_cell_says_in_words_how_far_a_unit_is(cast: Cast) -> None:
    Period.objects.create(
        region=cast.city_a,
        name="2024 年下半年",
        year=2024,
        starts=dt.date(2024, 7, 1),
        ends=dt.date(2024, 12, 31),
        opens_on=dt.date(2024, 12, 20),
        due_on=dt.date(2025, 1, 10),
        closes_on=dt.date(2025, 1, 31),
    )
    decisions.waive(cast.entry_blank.pk, "本期没有任务", by=cast.office, now=NOW)
    Entry.objects.filter(pk=cast.part_submitted.pk).update(state="waived", waive_reason="并入")
    assert kinds(page(cast), cast) == {
        "市教育局": ["done", "owed", "scheduled"],
        "市财政局": ["done", "waived", "scheduled"],
        "市科协": ["done", "done", "scheduled"],
    }
    assert kinds(page(cast, dt.date(2024, 7, 16)), cast)["市教育局"][1] == "overdue"
    assert page(cast).owing == {cast.period.pk: 1}


def test_an_extension_keeps_its_unit_from_being_overdue(cast: Cast) -> None:
    until = dt.date(2024, 7, 20)
    Extension.objects.create(
        period=cast.period, department=cast.education, until=until, reason="换人", by=cast.office
    )
    found = kinds(page(cast, dt.date(2024, 7, 16)), cast)
    assert (found["市教育局"][1], found["市财政局"][1]) == ("owed", "overdue")


def test_units_stand_in_the_order_of_the_register_however_far_they_are(cast: Cast) -> None:
    units = [row.department_id for row in page(cast).rows]
    assert units == sorted(units)


def test_every_number_is_the_length_of_the_list_behind_it(
    cast: Cast, browse: Callable[..., Client]
) -> None:
    handed_in_late(cast)
    decisions.waive(cast.part_blank.pk, "不需要", by=cast.office, now=NOW)
    browser = browse(cast.office)
    html = browser.get(MATRIX).content.decode()
    links = LINK.findall(html)
    assert len(links) >= 6
    assert "迟报 1" in html
    assert "免报 1" in html
    for address, count in links:
        listed = browser.get(unescape(address)).context["page"].paginator.count
        assert listed == int(count), address


def test_what_came_late_is_marked_in_the_list_and_where_it_is_checked(
    cast: Cast, browse: Callable[..., Client]
) -> None:
    handed_in_late(cast)
    assert Revision.objects.get(entry=cast.entry_blank).is_late
    browser = browse(cast.office)
    for address in (
        f"/periods/{cast.period.pk}/entries/?show=late",
        f"/review/{cast.entry_blank.pk}/",
        f"/entries/{cast.entry_blank.pk}/",
        f"/entries/{cast.entry_blank.pk}/history/",
    ):
        assert "迟报" in browser.get(address).content.decode(), address


def test_a_unit_sees_its_own_row_only(cast: Cast, browse: Callable[..., Client]) -> None:
    browser = browse(cast.liaison_finance)
    html = browser.get(MATRIX).content.decode()
    assert "市财政局" in html
    assert "市教育局" not in html
    assert "催办" not in html
    listed = browser.get(f"/periods/{cast.period.pk}/entries/?unit={cast.education.pk}&show=owed")
    assert listed.context["page"].paginator.count == 0


@pytest.mark.parametrize("query", ["?year=abc", "?year=99999999999", "?show=all&unit=x"])
def test_what_makes_no_sense_is_read_as_nothing(
    cast: Cast, browse: Callable[..., Client], query: str
) -> None:
    browser = browse(cast.office)
    assert browser.get(f"/periods/matrix/{query}").status_code == 200
    assert browser.get(f"/periods/{cast.period.pk}/entries/{query}").status_code == 200


def test_the_number_of_queries_does_not_grow(
    cast: Cast, browse: Callable[..., Client], crowd: Callable[[int], list[Department]]
) -> None:
    browser = browse(cast.office)
    for address in (MATRIX, f"/periods/{cast.period.pk}/nudge/"):
        counts = []
        for more in (2, 20):
            crowd(more)
            with CaptureQueriesContext(connection) as asked:
                assert browser.get(address).status_code == 200
            counts.append(len(asked))
        assert counts[0] == counts[1], address
    assert cast.office.acting  # known to every page before it begins
    with CaptureQueriesContext(connection) as asked:
        assert len(page(cast).rows) == 47
    assert len(asked) == 4


class TestOfficeClock:
    """The office is measured in working days, as the units are."""

    def test_what_waits_is_counted_against_the_rule(self, cast: Cast) -> None:
        found = clock.office_clock(cast.city_a, dt.date(2024, 7, 18))  # six working days later
        assert (found.waiting, found.longest, found.over, found.check_days) == (1, 6, 1, 5)
        assert clock.office_clock(cast.city_a, dt.date(2024, 7, 15)).over == 0

    def test_the_median_is_of_working_days(self, cast: Cast) -> None:
        found = clock.office_clock(cast.city_a, dt.date(2024, 7, 15))
        assert found.usual == 0
        assert clock.office_clock(cast.city_b, dt.date(2024, 7, 15)).usual is None

    @pytest.mark.parametrize("address", ["/", "/review/", MATRIX])
    def test_it_stands_beside_the_units_deadlines(
        self, cast: Cast, browse: Callable[..., Client], address: str
    ) -> None:
        html = browse(cast.office).get(address).content.decode()
        assert "纲要办待核对 1 项，最长已等" in html
        assert "规定 5 个" in html

    def test_a_unit_sees_it_too(self, cast: Cast, browse: Callable[..., Client]) -> None:
        assert "纲要办待核对 1 项" in browse(cast.liaison).get("/").content.decode()


def test_a_day_and_a_region_without_anything_are_no_error(cast: Cast) -> None:
    found = matrix.counted(cast.office_b, cast.city_b)
    empty: Any = matrix.matrix(found, Period.objects.none(), 2024, NOW.date())
    assert (empty.rows, empty.chase) == ([], [])
