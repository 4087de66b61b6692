"""A liaison lives through a reporting period on a phone: three entries, from the first to 已核对.

The plan asks for the head's sign-off; one entry comes back and is mended.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tasks.models import Entry, Revision, Transition
from tasks.services.entries import decisions
from tests.browser.story import (
    COURSES,
    FIRST_TEXT,
    MENDED,
    NEXT,
    OUTDOORS,
    PASSWORD,
    PDF,
    PERCENT,
    REASON,
    VOLUNTEERS,
)
from tests.browser.visitor import PHONE, Visitor, said, state, visitor
from tests.browser.year import BEFORE, EDUCATION, Year, ask_for_signatures, tell

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PROBLEM, OTHER_PROBLEM = "缺实验器材。", "实验员还差三名。"
WHY_PERCENT = "与台账不符，请核对。"


@dataclass(slots=True)
class Days:
    """The year, the liaison and the head, each with a phone."""

    year: Year
    liaison: Visitor
    head: Visitor


@pytest.fixture
def days(browser: Browser, live_server: Any) -> Iterator[Days]:
    """Tell the year up to the period that runs, in which nothing was typed yet."""
    year = tell()
    ask_for_signatures(year)
    people = [visitor(browser, live_server.url, PHONE) for _who in ("liaison", "head")]
    yield Days(year, *people)
    for one in people:
        one.page.context.close()
        assert not one.faults, "\n".join(one.faults)


def test_a_liaison_reports_a_period_on_a_phone(days: Days) -> None:
    home_shows_what_this_period_asks_for(days)
    last_periods_words_are_taken_over_and_changed(days)
    a_wrong_percent_is_kept_said_and_corrected(days)
    a_file_of_another_kind_is_refused_and_the_right_one_taken(days)
    the_session_ends_in_the_middle_of_a_sentence(days)
    two_tabs_on_one_field_show_both_texts(days)
    another_entry_has_not_changed(days)
    a_quantity_may_be_written_with_wan(days)
    all_three_are_checked_and_handed_in_with_one_press_of_two(days)
    the_head_signs_them(days)
    one_comes_back_and_is_mended(days)
    nothing_is_left_to_do(days)


def home_shows_what_this_period_asks_for(days: Days) -> None:
    page = days.liaison.log_in("liaison", PASSWORD)
    expect(page.locator("#blank li")).to_have_count(3)
    expect(page.locator("#blank")).to_contain_text("第二期，还有 15 天")
    days.liaison.look("待办", axe=True)
    page.locator("#blank").get_by_role("link", name=COURSES).click()
    days.liaison.look(COURSES, axe=True)


def last_periods_words_are_taken_over_and_changed(days: Days) -> None:
    page = days.liaison.page
    last = page.locator("details.last", has=page.locator("#last-done"))
    last.locator("summary").click()
    expect(page.locator("#last-done")).to_have_text(BEFORE["done"])
    last.get_by_role("button", name="带入上期").click()
    expect(page.locator("#id_done")).to_have_value(BEFORE["done"])
    expect(page.locator("[data-prefilled-of=done]")).to_be_visible()
    days.liaison.look(COURSES)
    page.fill("#id_done", FIRST_TEXT)
    page.press("#id_done", "Tab")
    expect(state(page, "done")).to_contain_text("已保存")
    expect(page.locator("[data-prefilled-of=done]")).to_be_hidden()


def a_wrong_percent_is_kept_said_and_corrected(days: Days) -> None:
    page = days.liaison.page
    page.fill("#id_percent", "120")
    page.press("#id_percent", "Tab")
    expect(state(page, "percent")).to_have_text("内容不符合要求，已按原样保存")
    expect(page.get_by_text("完成比例应在 0 到 100 之间，您填的是 120。")).to_be_visible()
    page.locator("#form .btn-p").click()
    expect(page.locator("#errors")).to_be_focused()
    expect(page.locator("#errors")).to_contain_text("请填写本单位自评")
    expect(page.locator("#error-percent")).to_contain_text("您填的是 120")
    expect(page.locator("#id_percent")).to_have_value("120")
    days.liaison.look(COURSES, axe=True)
    page.fill("#id_percent", "６４％")
    page.press("#id_percent", "Tab")
    expect(page.locator("[data-read-of=percent]")).to_contain_text(f"读作 {PERCENT}")
    expect(state(page, "percent")).to_contain_text("已保存")
    expect(page.locator("[data-progress] [aria-label^='完成 64%']")).to_be_visible()
    page.locator("label", has_text="达进度").click()
    expect(state(page, "self_rating")).to_contain_text("已保存")


def a_file_of_another_kind_is_refused_and_the_right_one_taken(days: Days) -> None:
    page = days.liaison.page
    disguised = {"name": "总结.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00"}
    page.set_input_files("#id_file", disguised)
    expect(page.locator("[data-drop-error=file]")).to_contain_text(
        "“总结.pdf”的内容与文件名不符，不是真正的 PDF 文件"
    )
    page.set_input_files("#id_file", {**disguised, "buffer": PDF})
    expect(page.locator("[data-files-of=file] .files a")).to_have_text("总结.pdf")
    expect(page.locator("[data-drop-error=file]")).to_be_hidden()
    days.liaison.look(COURSES)


def the_session_ends_in_the_middle_of_a_sentence(days: Days) -> None:
    page = days.liaison.page
    half = len(NEXT) // 2
    page.locator("#id_next_steps").press_sequentially(NEXT[:half])
    Session.objects.all().delete()
    page.locator("#id_next_steps").press_sequentially(NEXT[half:])
    dialog = page.locator("#login-dialog")
    expect(dialog).to_be_visible()  # the field saved itself, and the server no longer knew whom
    page.fill("#relogin-password", "not the password")
    page.click("[data-login-submit]")
    expect(page.locator("[data-login-error]")).to_have_text("密码不对，请再试一次。")
    days.liaison.look(COURSES)
    page.fill("#relogin-password", PASSWORD)
    page.click("[data-login-submit]")
    expect(dialog).to_be_hidden()
    expect(state(page, "next_steps")).to_contain_text("已保存")
    expect(page.locator("#id_next_steps")).to_have_value(NEXT)
    assert stored(days, COURSES).typed("next_steps") == NEXT


def two_tabs_on_one_field_show_both_texts(days: Days) -> None:
    first = days.liaison.page
    second = first.context.new_page()
    second.goto(first.url)
    second.fill("#id_problems", OTHER_PROBLEM)
    second.press("#id_problems", "Tab")
    expect(state(second, "problems")).to_contain_text("已保存")
    second.close()
    first.fill("#id_problems", PROBLEM)
    first.press("#id_problems", "Tab")
    clash = first.locator(".clash")
    expect(clash).to_contain_text(PROBLEM)
    expect(clash).to_contain_text(OTHER_PROBLEM)
    expect(first.locator("#id_problems")).to_have_value(PROBLEM)
    days.liaison.look(COURSES, axe=True)
    clash.get_by_role("button", name="用我的").click()
    expect(state(first, "problems")).to_contain_text("已保存")
    assert stored(days, COURSES).typed("problems") == PROBLEM


def another_entry_has_not_changed(days: Days) -> None:
    page = days.liaison.page
    page.locator("#form .btn-p").click()
    said(page, f"“{COURSES}”已填好")
    days.liaison.look(OUTDOORS)
    page.get_by_role("button", name="无变化，看下一项").click()
    said(page, f"“{OUTDOORS}”已按无变化填好")
    assert stored(days, OUTDOORS).ready


def a_quantity_may_be_written_with_wan(days: Days) -> None:
    page = days.liaison.page
    days.liaison.look(VOLUNTEERS)
    page.fill("#id_quantity", "１.２万")
    page.press("#id_quantity", "Tab")
    expect(page.locator("[data-read-of=quantity]")).to_contain_text("读作 12000")
    expect(page.locator("[data-progress] [aria-label^='完成 60%']")).to_be_visible()
    page.locator("label", has_text="欠进度").click()
    page.fill("#id_done", "各校组建了志愿服务队。")
    page.locator("#form .btn-p").click()
    expect(page.locator("h1")).to_have_text("检查并报送 3 项")


def all_three_are_checked_and_handed_in_with_one_press_of_two(days: Days) -> None:
    page = days.liaison.page
    days.liaison.look("检查并报送 3 项", axe=True)
    for words in (FIRST_TEXT, NEXT, "总结.pdf", "12000"):
        expect(page.locator("main")).to_contain_text(words)
    expect(page.locator("main ins").first).to_be_visible()  # marked where it differs from before
    page.get_by_role("button", name="报送 3 项").dblclick()
    days.liaison.look("已报送 3 项", axe=True)
    expect(page.locator("td[data-label=回执号]")).to_have_count(3)
    revisions = Revision.objects.filter(entry__period=days.year.period)
    assert revisions.count() == 3, "two presses are one submission"
    for one in revisions:
        expect(page.locator("main")).to_contain_text(one.sha256[:12])
    assert Transition.objects.filter(entry__period=days.year.period, verb="submit").count() == 3


def the_head_signs_them(days: Days) -> None:
    page = days.head.log_in("head", PASSWORD)
    expect(page.locator("#signoff li")).to_have_count(3)
    days.head.look("待办", axe=True)
    page.get_by_role("link", name="一起审签").click()
    days.head.look("待我审签 3 项", axe=True)
    expect(page.locator("article", has_text=OUTDOORS)).to_contain_text("无变化")
    page.get_by_role("button", name="审签选中的项").click()
    said(page, "已审签 3 项，已送纲要办核对")


def one_comes_back_and_is_mended(days: Days) -> None:
    reasons = {"done": REASON, "percent": WHY_PERCENT}
    decisions.send_back(stored(days, COURSES).pk, reasons, by=days.year.checker, now=timezone.now())
    page = days.liaison.go("/")
    expect(page.locator("#returned li")).to_have_count(1)
    days.liaison.look("待办")
    page.locator("#returned").get_by_role("link", name=COURSES).click()
    on_top = page.locator("[data-returned]")
    expect(on_top.locator("h2")).to_contain_text("请修改 2 处")
    for field, words in reasons.items():
        expect(on_top).to_contain_text(words)
        expect(page.locator(f"[data-why={field}]")).to_contain_text(words)
        expect(ticked(page, field)).to_be_hidden()
    days.liaison.look(COURSES, axe=True)
    page.fill("#id_done", MENDED)
    expect(ticked(page, "done")).to_be_visible()
    page.fill("#id_percent", "61")
    expect(ticked(page, "percent")).to_be_visible()
    page.get_by_role("button", name="重新报送").click()
    said(page, f"“{COURSES}”已报送，回执号")
    page = days.head.go("/entries/signoff/")
    expect(page.locator("article")).to_contain_text(MENDED)
    page.get_by_role("button", name="审签选中的项").click()
    said(page, "已审签 1 项")
    assert stored(days, COURSES).submitted.number == 2


def nothing_is_left_to_do(days: Days) -> None:
    for entry in Entry.objects.filter(period=days.year.period, state="submitted"):
        decisions.approve(entry.pk, by=days.year.checker, now=timezone.now())
    page = days.liaison.go("/")
    expect(page.locator("main")).to_contain_text("本期都交了")
    days.liaison.look("待办")
    page = days.liaison.go(f"/entries/{stored(days, COURSES).pk}/")
    expect(page.locator("main")).to_contain_text(MENDED)
    days.liaison.look(COURSES)


def stored(days: Days, task: str) -> Entry:
    return days.year.entry(task, EDUCATION)


def ticked(page: Page, field: str) -> Any:
    return page.locator(f"[data-tick={field}] [data-tick-word]")
