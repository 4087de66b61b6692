"""Numbers and texts as no honest keyboard sends them: a sentence at the field, never a failure."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from core.errors import DomainError
from tasks.fields import read
from tasks.models import Task
from tasks.services import entries
from tasks.services.entries.reporting import TEXT_LIMIT
from tests.cast import Cast
from tests.cast_story import NOW

pytestmark = pytest.mark.services
Browse = Callable[..., Client]
# Not numbers, or numbers that no report needs.
NUMBERS = (
    "NaN", "sNaN", "Infinity", "-Infinity", "1e400", "1e9999999", "-1e9999999", "1e999999999999",
    "1e999999万", "1e2", "1e-9999999", "9" * 20_000, "-0.0001", "1_0_0_0_0_0_0_0_0_0_0_0_0_0_0",
    "0x10", "½", "∞",
    "٣٣٣٣٣٣٣٣٣٣٣٣٣٣",
    "12\u202e34567890123456", "5\x000000000000000000", "一百", "😀", "\ud7ff",
)  # fmt: skip
TEXTS = ("a\x00b", "\u202e倒着写", "😀" * 5000, "字" * 1_000_000, "\ufffe\uffff", "<b>&amp;</b>")


@pytest.mark.parametrize("text", NUMBERS, ids=lambda text: ascii(text)[:20])
@pytest.mark.parametrize("field", ["percent", "quantity"])
def test_what_is_no_fitting_number_gets_a_sentence(field: str, text: str) -> None:
    told = read(field, text)
    assert told.problem
    assert told.value is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("５５", "55"),
        ("55%", "55"),
        ("５５％", "55"),
        (".004", "0"),
        ("-0", "0"),
        ("1,0 0.0", "100"),
    ],
)
def test_full_width_and_tiny_numbers_are_read(text: str, value: str) -> None:
    assert read("percent", text).value == Decimal(value)


@pytest.mark.parametrize("text", [*NUMBERS, *TEXTS], ids=lambda text: ascii(text)[:20])
def test_whatever_is_typed_is_kept_and_the_form_opens_again(
    text: str, cast: Cast, browse: Browse
) -> None:
    browser, pk = browse(cast.liaison), cast.entry_draft.pk
    for field in ("percent", "done"):
        sent = {"field": field, "value": text, "version": 1}
        assert browser.post(f"/entries/{pk}/save/", sent).status_code == 200
    for path in (f"/entries/{pk}/", f"/entries/{pk}/progress/", "/entries/check/", "/"):
        assert browser.get(path).status_code == 200
    cast.entry_draft.refresh_from_db()
    kept = cast.entry_draft.typed("done")
    assert "\x00" not in kept  # PostgreSQL cannot hold it
    assert len(kept) <= TEXT_LIMIT


def test_text_that_was_cut_is_not_taken_for_a_new_one(cast: Cast) -> None:
    """The same long text twice is one change: a second save finds its version as it was."""
    pk, text = cast.entry_draft.pk, "字" * 30_000
    first = entries.save_field(pk, "done", text, 1, by=cast.liaison, now=NOW)
    assert (
        entries.save_field(pk, "done", text, 1, by=cast.liaison, now=NOW).version == first.version
    )


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: ascii(text)[:20])
def test_reasons_hold_any_text(text: str, cast: Cast, browse: Browse) -> None:
    office = browse(cast.office)
    office.post(f"/entries/{cast.entry_submitted.pk}/return/", {"reason-done": text + "字"})
    cast.entry_submitted.refresh_from_db()
    assert cast.entry_submitted.state == "returned"
    step = cast.entry_submitted.transitions.order_by("-id").first()
    assert step is not None
    assert "\x00" not in str(step.reasons).replace("\\x00", "\x00")
    office.post(f"/entries/{cast.entry_blank.pk}/waive/", {"reason": text + "字"})
    office.post(f"/tasks/{cast.task_1.pk}/cancel/", {"reason": text + "字"})
    office.post(f"/observations/{cast.observed_returned.pk}/submit/")
    browse(cast.office_2).post(
        f"/observations/{cast.observed_returned.pk}/return/", {"reason": text + "字"}
    )
    for row, name in (
        (cast.entry_blank, "waive_reason"),
        (cast.task_1, "cancel_reason"),
        (cast.observed_returned, "return_reason"),
    ):
        row.refresh_from_db()
        assert getattr(row, name)
        assert "\x00" not in getattr(row, name)


@pytest.mark.parametrize(
    ("field", "value"),
    [("weight", "NaN"), ("weight", "1e400"), ("quantity", "Infinity"), ("weight", "-1"),
     ("weight", "9" * 400), ("due", "0000-00-00"), ("starts", "99999-01-01"), ("title", "a\x00")],
)  # fmt: skip
def test_a_task_refuses_what_cannot_be(field: str, value: str, cast: Cast, browse: Browse) -> None:
    data = {"title": "新", "kind": "milestone", "starts": "2024-01-01", "due": "2024-12-31"}
    answer = browse(cast.office).post(
        f"/tasks/{cast.task_1.pk}/", data | {"weight": "1", field: value}
    )
    assert answer.status_code == 422


@pytest.mark.parametrize("percent", ["NaN", "sNaN", "Infinity", "1e400", "100.01", "-1", "9" * 400])
def test_a_judgement_refuses_what_is_no_percent(percent: str, cast: Cast, browse: Browse) -> None:
    data = {"period": cast.period.pk, "percent": percent, "reason": "x"}
    answer = browse(cast.office).post(f"/tasks/{cast.task_4.pk}/judge/", data)
    assert answer.status_code == 422
    assert cast.task_4.judgements.count() == 1


def test_days_at_the_ends_of_the_calendar_break_no_page(cast: Cast, browse: Browse) -> None:
    Task.objects.filter(pk=cast.task_2.pk).update(  # no door lets them in any more
        starts=NOW.date().replace(year=1, month=1, day=1),
        due=NOW.date().replace(year=9999, month=12, day=31),
    )
    office = browse(cast.office)
    for path in (
        "/",
        f"/tasks/{cast.task_2.pk}/",
        f"/plans/{cast.plan.pk}/?measure={cast.measure_2.pk}",
        "/dashboard/",
        f"/review/{cast.entry_submitted.pk}/",
        f"/entries/{cast.entry_submitted.pk}/",
    ):
        assert office.get(path).status_code == 200


def test_a_quantity_of_many_digits_gives_a_percent(cast: Cast) -> None:
    Task.objects.filter(pk=cast.task_2.pk).update(
        kind="quantity", quantity=Decimal("0.01"), unit="人次"
    )
    entries.withdraw(cast.entry_submitted.pk, by=cast.liaison, now=NOW)
    entry = cast.entry_submitted
    entries.save_field(entry.pk, "quantity", "999999999999", 0, by=cast.liaison, now=NOW)
    entry.refresh_from_db()
    with pytest.raises(DomainError):
        entries.save_field(entry.pk, "percent", "1", 1, by=cast.liaison, now=NOW)
    entries.submit(entry.pk, entry.version, by=cast.liaison, now=NOW)


def test_an_address_with_a_null_byte_is_refused_in_words(cast: Cast, browse: Browse) -> None:
    for path in ("/audit/?code=a%00", "/departments/?region=%00", "/entries/check/?period=%00"):
        assert browse(cast.auditor).get(path).status_code == 400
    assert browse(cast.office).get("/indicators/literacy_ratio/?region=%00").status_code == 400
