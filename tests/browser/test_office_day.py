"""A day of the office at its desk: what waits, checking, chasing, an event, a 督办件."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Browser, Locator, expect

from core import workdays
from core.models import Notice
from tasks.models import Entry, Event, SupervisionItem
from tasks.services.entries import decisions
from tasks.services.supervision import items
from tests.browser.story import COURSES, MENDED, PASSWORD, REASON, VOLUNTEERS
from tests.browser.visitor import DESK, Visitor, said, visitor
from tests.browser.year import (
    ASSOCIATION,
    BEFORE,
    BUS,
    DAY,
    EDUCATION,
    FINANCE,
    Year,
    hand_in,
    tell,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAID = {
    **BEFORE,
    "percent": "64",
    "quantity": "12000",
    "self_rating": "ahead",
    "done": "全市学校开齐了科学课。",
}
WHY_NUMBER, WHY_DONE = "与台账不符，请核对。", "请写明三次活动的时间和地点。"
# In the order in which they reached the office; the first came back mended.
WAITING = ((COURSES, EDUCATION), (VOLUNTEERS, FINANCE), (VOLUNTEERS, EDUCATION), (BUS, ASSOCIATION))


@dataclass(slots=True)
class Desk:
    """The year, and the person of the office who checks."""

    year: Year
    office: Visitor

    def entry(self, number: int) -> Entry:
        return self.year.entry(*WAITING[number])


@pytest.fixture
def desk(browser: Browser, live_server: Any) -> Iterator[Desk]:
    """Tell the year up to a day on which four entries wait and two are owed."""
    year = tell()
    for ago, (task, unit) in zip((8, 6, 4, 0), WAITING, strict=True):
        at = year.now - ago * DAY
        hand_in(year.entry(task, unit), year.people[unit], at, **SAID)
        if task == COURSES:
            reasons = {"done": REASON}
            decisions.send_back(year.entry(task, unit).pk, reasons, by=year.checker, now=at)
            hand_in(year.entry(task, unit), year.people[unit], at + DAY / 2, done=MENDED)
    one = visitor(browser, live_server.url, DESK)
    yield Desk(year, one)
    one.page.context.close()
    assert not one.faults, "\n".join(one.faults)


def test_the_office_lives_through_a_day(desk: Desk) -> None:
    home_says_what_waits_and_how_long(desk)
    the_queue_begins_with_what_waits_longest(desk)
    what_changed_is_seen_at_a_glance(desk)
    keys_are_letters_while_one_types(desk)
    a_reason_outlives_the_session(desk)
    it_is_returned_with_a_reason_for_each_field(desk)
    an_approval_is_taken_back_at_once(desk)
    several_are_passed_together(desk)
    the_matrix_shows_who_owes(desk)
    those_who_owe_are_chased(desk)
    one_unit_gets_more_time(desk)
    an_event_is_recorded_in_a_few_fields(desk)
    a_supervision_item_is_handed_out_and_its_feedback_reviewed(desk)


# --- Checking --------------------------------------------------------------------------------
def home_says_what_waits_and_how_long(desk: Desk) -> None:
    page = desk.office.log_in("office-1", PASSWORD)
    expect(page.locator("#review li")).to_have_count(4)
    expect(page.locator("#review li").first).to_contain_text(COURSES)
    longest = workdays.between(timezone.localdate(desk.year.now - 7.5 * DAY), desk.year.today)
    expect(page.locator(".phead")).to_contain_text(
        f"纲要办待核对 4 项，最长已等 {longest} 个工作日（规定 5 个）"
    )
    desk.office.look("待办", axe=True)


def the_queue_begins_with_what_waits_longest(desk: Desk) -> None:
    page = desk.office.page
    page.get_by_role("link", name="核对", exact=True).first.click()
    desk.office.look("核对", axe=True)
    rows = page.locator(".q-item")
    expect(rows.locator(".t")).to_have_text([task for task, _unit in WAITING])
    expect(rows.first).to_contain_text("重报，改了 1 处")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(rows.first).to_be_focused()
    page.keyboard.press("Enter")
    desk.office.look(COURSES, axe=True)


def what_changed_is_seen_at_a_glance(desk: Desk) -> None:
    page = desk.office.page
    expect(page.locator("#check")).to_contain_text("第 2 次")
    expect(page.locator("#check ins").first).to_contain_text("212所学校")
    expect(field(desk, "percent").locator("ins")).to_have_count(0)  # the same as last time
    expect(page.locator("#check fieldset")).to_contain_text("本单位自评：超进度")
    expect(page.locator("input[name=rating]:checked")).to_have_value("ahead")
    page.get_by_role("link", name="与上期比").click()
    expect(field(desk, "percent").locator("del")).to_have_text("30%")
    expect(field(desk, "percent").locator("ins")).to_have_text("64%")
    desk.office.look(COURSES)


def keys_are_letters_while_one_types(desk: Desk) -> None:
    page = desk.office.page
    page.keyboard.press("r")
    expect(page.locator("#reason-percent")).to_be_focused()
    page.keyboard.type("jkars")
    expect(page.locator("#reason-percent")).to_have_value("jkars")
    expect(page.locator("[data-return-word]")).to_have_text("退回 1 栏，看下一项")
    assert desk.entry(0).state == "submitted"
    page.locator("[data-ret-of=percent] [data-ret-close]").click()
    expect(page.locator("#main .btn-p:visible")).to_contain_text("核对通过")


def a_reason_outlives_the_session(desk: Desk) -> None:
    """The log-in is put off and the page left; the words are there when the page comes back."""
    page = desk.office.page
    write_reason(desk, "percent", WHY_NUMBER[:4])
    Session.objects.all().delete()
    page.keyboard.type(WHY_NUMBER[4:])
    page.locator("[data-return]").click()
    expect(page.locator("#login-dialog")).to_be_visible()
    page.get_by_role("button", name="稍后再说").click()
    expect(page.locator("#reason-percent")).to_have_value(WHY_NUMBER)
    page.reload()
    page.fill("#id_username", "office-1")
    page.fill("#id_password", PASSWORD)
    page.click("main .btn-p")
    expect(page.locator("h1")).to_contain_text(COURSES)
    expect(page.locator("#reason-percent")).to_be_visible()
    expect(page.locator("#reason-percent")).to_have_value(WHY_NUMBER)
    expect(page.locator("[data-return-word]")).to_have_text("退回 1 栏，看下一项")
    desk.office.look(COURSES, axe=True)


def it_is_returned_with_a_reason_for_each_field(desk: Desk) -> None:
    """The session ends once more, and the dialog carries the return through."""
    page = desk.office.page
    write_reason(desk, "done", WHY_DONE[:6])
    Session.objects.all().delete()
    page.keyboard.type(WHY_DONE[6:])
    page.locator("[data-return]").click()
    page.fill("#relogin-password", PASSWORD)
    page.click("[data-login-submit]")
    expect(page.locator("[data-undo]")).to_contain_text(f"“{COURSES}”已退回")
    expect(page.locator("#check h2")).to_have_text(FINANCE)  # the one that waits next
    back = desk.entry(0)
    assert back.state == "returned"
    reasons = back.transitions.filter(verb="return").latest("id").reasons
    assert reasons == {"percent": WHY_NUMBER, "done": WHY_DONE}
    assert kept_here(desk) == []
    desk.office.look(VOLUNTEERS)


def an_approval_is_taken_back_at_once(desk: Desk) -> None:
    page = desk.office.go(f"/review/{desk.entry(1).pk}/")
    page.locator("label", has_text="达进度").click()
    page.locator("h1").click()
    page.keyboard.press("a")
    expect(page.locator("[data-undo]")).to_contain_text(f"“{VOLUNTEERS}”已核对")
    expect(page.locator("#check h2")).to_have_text(EDUCATION)
    approved = desk.entry(1)
    assert (approved.state, approved.rating) == ("approved", "on_track")
    page.locator("[data-undo]").get_by_role("button", name="撤销").click()
    said(page, f"已撤销对“{VOLUNTEERS}”的处理")
    expect(page.locator("#check h2")).to_have_text(FINANCE)  # back at what was taken back
    assert desk.entry(1).state == "submitted"
    assert not Notice.objects.filter(
        person=desk.year.people[FINANCE], reason="approved", deliver_after__gt=desk.year.now
    ).exists(), "nobody is told of what was taken back"


def several_are_passed_together(desk: Desk) -> None:
    page = desk.office.go("/review/")
    expect(page.locator(".q-item")).to_have_count(3)
    for unit in (FINANCE, EDUCATION):
        page.get_by_label(f"选中 {unit}“{VOLUNTEERS}”").check()
    page.get_by_role("button", name="核对通过选中的项").click()
    expect(page.locator("[data-undo]")).to_contain_text("已核对 2 项")
    expect(page.locator(".q-item .t")).to_have_text([BUS])
    assert [desk.entry(n).state for n in (1, 2)] == ["approved", "approved"]
    desk.office.look("核对")


# --- Chasing ---------------------------------------------------------------------------------
def the_matrix_shows_who_owes(desk: Desk) -> None:
    page = desk.office.go("/periods/matrix/")
    desk.office.look("年报送情况", axe=True)
    owed = {EDUCATION: "欠 2", FINANCE: "欠 1", ASSOCIATION: "欠 2"}
    for unit, words in owed.items():
        row = page.get_by_role("row", name=unit)
        expect(row.locator("td").first).to_contain_text("全部已报")
        expect(row.locator("td").last).to_contain_text(words)
    for unit in (EDUCATION, ASSOCIATION):
        page.get_by_role("row", name=unit).get_by_role("checkbox").check()
    page.get_by_role("button", name="催办第二期").click()
    desk.office.look("催办第二期", axe=True)


def those_who_owe_are_chased(desk: Desk) -> None:
    page = desk.office.page
    expect(page.locator("input[name=unit]:checked")).to_have_count(2)
    row = page.locator("tr[data-row]", has_text=ASSOCIATION)
    row.locator("summary", has_text="可复制的文字").click()
    expect(row.locator("textarea")).to_have_value(
        re.compile(f"{ASSOCIATION}：您好！第二期填报还有 2 项未报送")
    )
    row.locator("[data-copy]").click()
    expect(row.locator("[data-copy-said]")).to_have_text(re.compile("已复制|已选中"))
    page.fill("#id_words", "请本周内报送。")
    page.get_by_role("button", name="催办所选单位").click()
    said(page, "已催办 2 个单位")
    expect(page.locator("tr[data-row]", has_text=ASSOCIATION)).to_contain_text("1 次")
    expect(page.locator("tr[data-row]", has_text=FINANCE)).to_contain_text("还没有")
    chased = Notice.objects.filter(text__contains="请本周内报送。").values_list("person__username")
    assert {name for (name,) in chased} == {"liaison", "museum"}


def one_unit_gets_more_time(desk: Desk) -> None:
    page = desk.office.go(f"/periods/{desk.year.period.pk}/")
    desk.office.look("第二期填报", axe=True)
    page.get_by_role("link", name="单位延期").click()
    desk.office.look("延期")
    until = workdays.on_or_after(desk.year.today + 40 * DAY)
    page.select_option("#id_department", label=ASSOCIATION)
    page.fill("#id_until", until.isoformat())
    page.fill("#id_reason", "流动科普馆车辆大修。")
    page.locator("main .btn-p").click()
    given = page.locator("main section", has_text="已给予的延期")
    expect(given).to_contain_text(ASSOCIATION)
    expect(given).to_contain_text("流动科普馆车辆大修。")
    desk.office.look("第二期填报")


# --- What else happens -------------------------------------------------------------------------
def an_event_is_recorded_in_a_few_fields(desk: Desk) -> None:
    page = desk.office.go("/events/")
    page.get_by_role("link", name="记一条").first.click()
    desk.office.look("记一条活动", axe=True)
    page.locator("label", has_text="会议").click()
    page.fill("#id_title", "成员单位联席会议")
    page.fill("#id_people", "３０余人")
    page.select_option("#id_department", label=ASSOCIATION)
    page.get_by_role("button", name="记下").dblclick()
    expect(page.locator("#after")).to_contain_text("成员单位联席会议")
    event = Event.objects.get()  # pressed twice, it is one line
    assert (event.kind, event.people, event.on) == ("meeting", 30, desk.year.today)
    desk.office.look("记一条活动")


def a_supervision_item_is_handed_out_and_its_feedback_reviewed(desk: Desk) -> None:
    page = desk.office.go("/supervision/new/")
    desk.office.look("立项交办", axe=True)
    page.fill("#id_decision", "领导小组会议纪要")
    page.fill("#id_title", "补齐农村学校的专职科学教师")
    page.select_option("#id_department", label=EDUCATION)
    page.fill("#id_due", (desk.year.today + 30 * DAY).isoformat())
    page.get_by_role("button", name="编号并交办").click()
    said(page, f"已交办给{EDUCATION}")
    item = SupervisionItem.objects.get()
    expect(page.locator(".crumb")).to_contain_text(item.number)
    desk.office.look(item.title, axe=True)
    unit = desk.year.people[EDUCATION]
    items.sign(item.pk, by=unit, now=timezone.now())
    items.feedback(item.pk, "已招聘科学教师 48 名。", by=unit, now=timezone.now())
    page = desk.office.go("/")
    page.locator("#supervision-review").get_by_role("link", name=item.title).click()
    expect(page.locator("#history")).to_contain_text("已招聘科学教师 48 名。")
    desk.office.look(item.title, axe=True)
    page.get_by_role("button", name="审核通过，办结").click()
    said(page, f"督办件 {item.number}")
    item.refresh_from_db()
    assert item.state == "settled"
    desk.office.look(item.title)


# --- Helpers -------------------------------------------------------------------------------------
def field(desk: Desk, name: str) -> Locator:
    """Return the field of an entry under check, its value and the box for its return."""
    return desk.office.page.locator("dl.sum dd", has=desk.office.page.locator(f"#ret-{name}"))


def write_reason(desk: Desk, name: str, words: str) -> None:
    box = desk.office.page.locator(f"[data-ret-of={name}]")
    box.locator("summary").click()
    box.locator("textarea").press_sequentially(words)


def kept_here(desk: Desk) -> Any:
    """Return the names of the words that this browser still keeps."""
    return desk.office.page.evaluate(
        "Object.keys(localStorage).filter(key => key.startsWith('gy-draft:'))"
    )
