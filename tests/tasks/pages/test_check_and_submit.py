"""Check and submit: everything finished on one page, a receipt for each."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tasks.models import Entry, Revision


def form(*entries: Entry, period: Any) -> dict[str, Any]:
    sent: dict[str, Any] = {"entry": [one.pk for one in entries], "period": period.pk}
    for one in entries:
        one.refresh_from_db()
        sent[f"version-{one.pk}"] = one.version
        sent[f"title-{one.pk}"] = one.task.title
    return sent


def test_the_page_shows_finished_entries_and_lists_the_others(
    cast: Any, browse: Callable[..., Client], filled: Callable[..., Entry]
) -> None:
    filled(cast.entry_draft, cast.liaison)
    html = browse(cast.liaison).get("/entries/check/").content.decode()
    assert "<h1>检查并报送 1 项</h1>" in html
    assert "新开两门课" in html
    assert "还没填好的 2 项" in html
    assert "报送 1 项" in html
    assert html.count("btn-p") == 1


@pytest.mark.parametrize("typed", ["60", "６０％"])
def test_what_differs_from_last_period_is_marked_as_it_is_understood(
    cast: Any, browse: Callable[..., Client], filled: Callable[..., Entry], typed: str
) -> None:
    filled(cast.entry_draft, cast.liaison, percent=typed)
    html = browse(cast.liaison).get("/entries/check/").content.decode()
    assert "<del>25%</del>" in html
    assert "<ins>60%</ins>" in html


def test_after_a_change_one_comes_back_to_the_check(
    cast: Any,
    browse: Callable[..., Client],
    filled: Callable[..., Entry],
    sent: Callable[..., dict[str, Any]],
) -> None:
    filled(cast.entry_draft, cast.liaison)
    browser = browse(cast.liaison)
    address = f"/entries/{cast.entry_draft.pk}/?back=check"
    assert address in browser.get("/entries/check/").content.decode()
    assert "填好，回到检查" in browser.get(address).content.decode()
    form = {**sent(cast.entry_draft, done="改过了。"), "back": "check"}
    answer = browser.post(f"/entries/{cast.entry_draft.pk}/", form)
    assert answer["Location"].startswith("/entries/check/")


def test_handing_in_gives_a_receipt_for_each_entry(
    cast: Any, browse: Callable[..., Client], filled: Callable[..., Entry]
) -> None:
    first, second = filled(cast.entry_draft, cast.liaison), filled(cast.part_blank, cast.liaison)
    browser = browse(cast.liaison)
    answer = browser.post("/entries/check/", form(first, second, period=cast.period))
    html = browser.get(answer["Location"]).content.decode()
    assert "<h1>已报送 2 项</h1>" in html
    revision = Revision.objects.get(entry=first)
    assert f"{first.pk}-1" in html
    assert revision.sha256[:12] in html
    assert "等纲要办核对" in html
    assert "等汇总单位采纳" in html


def test_one_that_moved_on_meanwhile_stays_behind_and_the_others_go(
    cast: Any, browse: Callable[..., Client], filled: Callable[..., Entry]
) -> None:
    first, second = filled(cast.entry_draft, cast.liaison), filled(cast.part_blank, cast.liaison)
    sent = form(first, second, period=cast.period)
    filled(second, cast.head, done="负责人又改了。")
    browser = browse(cast.liaison)
    html = browser.post("/entries/check/", sent, follow=True).content.decode()
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.state == "submitted"
    assert second.state == "draft"
    assert "内容在您打开之后又有改动" in html


def test_sending_twice_is_one_submission(
    cast: Any, browse: Callable[..., Client], filled: Callable[..., Entry]
) -> None:
    entry = filled(cast.entry_draft, cast.liaison)
    sent = form(entry, period=cast.period)
    browser = browse(cast.liaison)
    first = browser.post("/entries/check/", sent)
    second = browser.post("/entries/check/", sent)
    assert first["Location"] == second["Location"]
    assert Revision.objects.filter(entry=entry).count() == 1


def test_another_units_entry_cannot_be_handed_in(
    cast: Any, browse: Callable[..., Client], filled: Callable[..., Entry]
) -> None:
    entry = filled(cast.entry_blank, cast.liaison_finance)
    browse(cast.liaison).post("/entries/check/", form(entry, period=cast.period))
    entry.refresh_from_db()
    assert entry.state == "draft"


def test_receipts_are_for_the_unit_only(cast: Any, browse: Callable[..., Client]) -> None:
    cast.entry_submitted.refresh_from_db()
    address = f"/entries/receipts/?of={cast.entry_submitted.submitted_id}"
    assert "已报送 1 项" in browse(cast.liaison).get(address).content.decode()
    assert "没有可以显示的回执" in browse(cast.liaison_finance).get(address).content.decode()


def test_nothing_finished_is_said_plainly(cast: Any, browse: Callable[..., Client]) -> None:
    html = browse(cast.liaison).get("/entries/check/").content.decode()
    assert "还没有填好的项" in html
    html = browse(cast.office).get("/entries/check/").content.decode()
    assert "还没有填报期" in html
