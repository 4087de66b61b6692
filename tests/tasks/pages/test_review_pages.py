"""Checking: the queue, an entry with what the system found, the decision and its undoing."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tasks.models import Entry, Transition
from tasks.services import entries
from tasks.services.entries import decisions


def review(browser: Client, entry: Entry) -> str:
    return browser.get(f"/review/{entry.pk}/").content.decode()


def handed_in_again(entry: Entry, by: Any, **texts: str) -> Entry:
    """Change fields of a returned entry and hand it in."""
    for name, text in texts.items():
        entry.refresh_from_db()
        version = entry.field_version(name)
        entries.save_field(entry.pk, name, text, version, by=by, now=timezone.now())
    entry.refresh_from_db()
    entries.submit(entry.pk, entry.version, by=by, now=timezone.now())
    entry.refresh_from_db()
    return entry


def test_the_queue_counts_what_waits_what_came_back_and_what_is_done(
    cast: Any, browse: Callable[..., Client]
) -> None:
    browser = browse(cast.office)
    html = browser.get("/review/").content.decode()
    assert "待核对 1</a>" in html
    assert "退回未重报 1</a>" in html
    assert "已核对 1</a>" in html
    assert f'href="/review/{cast.entry_submitted.pk}/"' in html
    assert f'href="/review/{cast.entry_returned.pk}/"' not in html
    html = browser.get("/review/?state=returned").content.decode()
    assert f'href="/review/{cast.entry_returned.pk}/"' in html


def test_what_has_waited_longest_comes_first(
    cast: Any, browse: Callable[..., Client], more: Callable[..., list[Entry]]
) -> None:
    (later,) = more(1)
    html = browse(cast.office).get("/review/").content.decode()
    first = html.index(f"/review/{cast.entry_submitted.pk}/")
    assert first < html.index(f"/review/{later.pk}/")


def test_only_the_regions_office_has_a_queue(cast: Any, browse: Callable[..., Client]) -> None:
    for person in (cast.liaison, cast.leader, cast.auditor, cast.client):
        assert browse(person).get("/review/").status_code == 404
    answer = browse(cast.office_b).get(f"/review/{cast.entry_submitted.pk}/")
    assert answer.status_code == 404


def test_an_empty_queue_says_how_long_checking_took(
    cast: Any, browse: Callable[..., Client]
) -> None:
    decisions.approve(cast.entry_submitted.pk, by=cast.office, now=timezone.now())
    html = browse(cast.office).get("/review/").content.decode()
    assert "都核对完了，用时中位数" in html
    assert "没有等您核对的项" in browse(cast.office_b).get("/review/").content.decode()


def test_the_entry_is_shown_with_its_checks_the_exchange_and_the_plans_words(
    cast: Any, browse: Callable[..., Client]
) -> None:
    html = review(browse(cast.office), cast.entry_submitted)
    assert "数值不少于上期（45，上期 20）" in html
    assert "自评与系统测算一致" in html
    assert "按时报送" in html
    assert "引导场馆与学校结对" in html
    assert "核对通过" in html
    assert html.count("btn-p") == 1


def test_a_value_below_last_period_is_flagged_in_the_queue(
    cast: Any, browse: Callable[..., Client]
) -> None:
    decisions.send_back(
        cast.entry_submitted.pk, {"percent": "请核实。"}, by=cast.office, now=timezone.now()
    )
    handed_in_again(cast.entry_submitted, cast.liaison, percent="12")
    browser = browse(cast.office)
    assert "数值比上期少" in browser.get("/review/").content.decode()
    html = review(browser, cast.entry_submitted)
    assert "数值比上期少（12，上期 20）" in html
    assert "<del>45%</del><ins>12%</ins>" in html
    assert "退回的栏都已修改" in html


def test_a_returned_field_left_as_it_was_is_flagged(
    cast: Any, browse: Callable[..., Client]
) -> None:
    handed_in_again(cast.entry_returned, cast.liaison, problems="没有了。")
    html = review(browse(cast.office), cast.entry_returned)
    assert "退回的栏没有改：进展情况" in html


def test_a_self_rating_that_the_numbers_do_not_bear_out_is_flagged(
    cast: Any, browse: Callable[..., Client]
) -> None:
    decisions.send_back(
        cast.entry_submitted.pk, {"percent": "请核实。"}, by=cast.office, now=timezone.now()
    )
    handed_in_again(cast.entry_submitted, cast.liaison, percent="21", self_rating="ahead")
    html = review(browse(cast.office), cast.entry_submitted)
    assert "自评“超进度”，系统测算“滞后”" in html


def test_passing_leads_to_the_next_one_and_offers_to_undo(
    cast: Any, browse: Callable[..., Client], more: Callable[..., list[Entry]]
) -> None:
    (following,) = more(1)
    browser = browse(cast.office)
    form = {"next": following.pk}
    answer = browser.post(f"/entries/{cast.entry_submitted.pk}/approve/", form)
    assert answer["Location"] == f"/review/{following.pk}/?undo={cast.entry_submitted.pk}"
    assert "已核对，10 秒后通知对方" in browser.get(answer["Location"]).content.decode()
    answer = browser.post(f"/entries/{cast.entry_submitted.pk}/undo/")
    assert answer["Location"] == f"/review/{cast.entry_submitted.pk}/"
    cast.entry_submitted.refresh_from_db()
    assert cast.entry_submitted.state == "submitted"


def test_after_ten_seconds_nothing_is_offered_to_undo(
    cast: Any, browse: Callable[..., Client]
) -> None:
    long_ago = timezone.now() - timedelta(seconds=11)
    decisions.approve(cast.entry_submitted.pk, by=cast.office, now=long_ago)
    browser = browse(cast.office)
    html = browser.get(f"/review/?undo={cast.entry_submitted.pk}").content.decode()
    assert "data-undo" not in html
    browser.post(f"/entries/{cast.entry_submitted.pk}/undo/")
    cast.entry_submitted.refresh_from_db()
    assert cast.entry_submitted.state == "approved"


def test_a_return_names_fields_with_ready_reasons_and_a_sentence(
    cast: Any, browse: Callable[..., Client]
) -> None:
    form = {
        "ready-done": ["没有数量", "没有时间"],
        "reason-done": "请写明覆盖几所学校。",
        "reason-problems": "",
        "reason-evidence": "请附通知。",
    }
    browse(cast.office).post(f"/entries/{cast.entry_submitted.pk}/return/", form)
    step = Transition.objects.filter(entry=cast.entry_submitted, verb="return").get()
    assert step.reasons == {
        "done": "没有数量；没有时间；请写明覆盖几所学校。",
        "evidence": "请附通知。",
    }


def test_a_return_without_any_reason_is_refused(cast: Any, browse: Callable[..., Client]) -> None:
    address = f"/entries/{cast.entry_submitted.pk}/return/"
    origin = f"http://testserver/review/{cast.entry_submitted.pk}/"
    answer = browse(cast.office).post(address, headers={"Referer": origin}, follow=True)
    assert "请至少在一栏写明退回理由" in answer.content.decode()
    cast.entry_submitted.refresh_from_db()
    assert cast.entry_submitted.state == "submitted"


def test_what_one_submitted_oneself_is_refused_in_words(
    cast: Any, browse: Callable[..., Client]
) -> None:
    draft = cast.entry_submitted.draft
    draft["done"]["by"] = cast.office.pk
    Entry.objects.filter(pk=cast.entry_submitted.pk).update(draft=draft)
    browser = browse(cast.office)
    html = review(browser, cast.entry_submitted)
    assert "本单位填报，须由他人核对" in html
    assert "data-approve" not in html
    assert "本人填报" in browser.get("/review/").content.decode()


def test_where_nobody_else_could_check_the_entry_will_be_marked(
    cast: Any, browse: Callable[..., Client]
) -> None:
    draft = cast.entry_submitted.draft
    draft["done"]["by"] = cast.office.pk
    Entry.objects.filter(pk=cast.entry_submitted.pk).update(draft=draft)
    cast.office_2.is_active = False
    cast.office_2.save()
    browser = browse(cast.office)
    assert "没有第二个人，将标记“本单位自核”" in review(browser, cast.entry_submitted)
    browser.post(f"/entries/{cast.entry_submitted.pk}/approve/")
    assert "本单位自核" in browser.get("/review/?state=approved").content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/review/?state=approved",
        "/review/{entry_approved}/",
        "/entries/{entry_approved}/",
        "/entries/{entry_approved}/history/",
        "/tasks/{task_3}/",
        "/periods/{period}/entries/?show=asked",
        "/plans/{plan}/?year=2024",
        "/plans/{plan}/?year=2024&measure={measure_3}",
        "/plans/{plan}/measures/?year=2024",
    ],
)
def test_an_own_check_is_marked_wherever_the_entry_counts(
    cast: Any, browse: Callable[..., Client], address: str
) -> None:
    names = {key: getattr(cast, key).pk for key in re.findall(r"{(\w+)}", address)}
    browser, mark = browse(cast.office), "本单位自核</span>"
    assert mark not in browser.get(address.format(**names)).content.decode()
    Entry.objects.filter(pk=cast.entry_approved.pk).update(own_check=True)
    assert mark in browser.get(address.format(**names)).content.decode()


def test_an_entry_already_decided_is_shown_with_the_reason_why_nothing_can_be_done(
    cast: Any, browse: Callable[..., Client]
) -> None:
    html = review(browse(cast.office), cast.entry_approved)
    assert "已经核对通过" in html
    assert "data-approve" not in html


def test_the_queue_groups_by_working_days_and_what_is_put_aside_comes_last(
    cast: Any, browse: Callable[..., Client], more: Callable[..., list[Entry]]
) -> None:
    (today,) = more(1)
    browser = browse(cast.office)
    html = browser.get("/review/").content.decode()
    due, rest = html.index("今天到期复核"), html.index("其余待核对")
    assert f'href="/review/{cast.entry_submitted.pk}/"' in html[due:rest]
    assert f'href="/review/{today.pk}/"' in html[rest:]
    answer = browser.post(f"/review/{cast.entry_submitted.pk}/aside/", {"next": today.pk})
    assert answer["Location"] == f"/review/{today.pk}/"
    html = browser.get("/review/").content.decode()
    assert f'href="/review/{cast.entry_submitted.pk}/"' in html[html.index("暂放</p>") :]
    browser.post(f"/review/{cast.entry_submitted.pk}/aside/")
    assert "暂放</p>" not in browser.get("/review/").content.decode()


def test_several_are_passed_at_once_answered_row_by_row_and_undone(
    cast: Any, browse: Callable[..., Client], more: Callable[..., list[Entry]]
) -> None:
    first, stale = more(2)
    form = {
        "entry": [first.pk, stale.pk, cast.entry_returned.pk],
        **{
            f"revision-{one.pk}": Entry.objects.get(pk=one.pk).submitted_id
            for one in (first, stale)
        },
    }
    entries.withdraw(stale.pk, by=cast.liaison, now=timezone.now())
    browser = browse(cast.office)
    answer = browser.post("/review/approve/", form)
    assert answer["Location"] == f"/review/?undo={first.pk}"
    html = browser.get(answer["Location"]).content.decode()
    assert f"{stale.task.title}：" in html
    assert f"{cast.entry_returned.task.title}：" in html
    assert Entry.objects.get(pk=first.pk).rating == "on_track"
    browser.post("/review/undo/", {"entry": [first.pk]})
    assert Entry.objects.get(pk=first.pk).state == "submitted"
    assert "没有选中" in browser.post("/review/approve/", follow=True).content.decode()


def test_the_checker_rates_what_was_read_and_nothing_else(
    cast: Any, browse: Callable[..., Client]
) -> None:
    browser = browse(cast.office)
    html = review(browser, cast.entry_submitted)
    assert 'name="rating" value="on_track" checked' in html
    address = f"/entries/{cast.entry_submitted.pk}/approve/"
    browser.post(address, {"rating": "behind", "revision": cast.entry_submitted.submitted_id + 1})
    assert Entry.objects.get(pk=cast.entry_submitted.pk).state == "submitted"
    browser.post(address, {"rating": "behind", "revision": cast.entry_submitted.submitted_id})
    assert "核对评定 欠进度" in review(browser, cast.entry_submitted)


def test_differences_are_marked_against_the_last_revision_or_the_last_period(
    cast: Any, browse: Callable[..., Client]
) -> None:
    handed_in_again(cast.entry_returned, cast.liaison, percent="41")
    browser = browse(cast.office)
    assert "<del>40%</del><ins>41%</ins>" in review(browser, cast.entry_returned)
    address = f"/review/{cast.entry_returned.pk}/?against="
    html = browser.get(f"{address}period").content.decode()
    assert "<ins>41%</ins>" in html
    assert "<del>40%</del>" not in html
    assert "<ins>" not in browser.get(f"{address}none").content.decode()


def test_after_the_archiving_the_old_and_the_new_are_shown(
    cast: Any, browse: Callable[..., Client]
) -> None:
    Entry.objects.filter(pk=cast.entry_approved.pk).update(rating="on_track")
    cast.period.state = "frozen"
    cast.period.save()
    now = timezone.now()
    until = timezone.localdate(now) + timedelta(days=5)
    cast.double.act_as(cast.double_liaison)
    decisions.reopen(cast.entry_approved.pk, "数字有误", until, by=cast.office, now=now)
    handed_in_again(cast.entry_approved, cast.double, percent="51")
    html = browse(cast.office).get(f"/entries/{cast.entry_approved.pk}/").content.decode()
    assert "归档后更正" in html
    assert "现在计入统计的一稿" in html
    assert "归档后的更正" in review(browse(cast.office), cast.entry_approved)
