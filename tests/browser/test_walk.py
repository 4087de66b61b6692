"""One plan lived through in a browser by the people who share it, from the document to the report.

A real server, worker and beat; nothing is prepared but the region and four accounts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from core import workdays
from tests.browser.portal import portal
from tests.browser.story import (
    CITY,
    COURSES,
    FIRST_TEXT,
    MENDED,
    NEXT,
    OTHER_DUTIES,
    OUTDOORS,
    OWN_PASSWORD,
    PART,
    PASSWORD,
    PDF,
    PEOPLE,
    PERCENT,
    PLAN,
    REASON,
    SEED,
    TITLE,
    UNCHECKED,
    VOLUNTEERS,
)
from tests.browser.visitor import DESK, PHONE, menu, said, state, visitor
from tests.browser.walk_report import (
    the_office_compiles_the_annual_report,
    the_office_signs_and_issues_it,
    the_units_give_their_opinion_and_the_leader_approves,
)
from tests.browser.walkers import Walk

pytestmark = [pytest.mark.browser, pytest.mark.services]


@pytest.fixture
def walk(browser: Browser, static: Path, tmp_path: Path) -> Iterator[Walk]:
    """Start a portal that knows a region and four people, none of them of a department."""
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    with portal(tmp_path, static) as running:
        seed = SEED.format(city=CITY, people=PEOPLE, password=PASSWORD)
        running.manage("shell", "-v", "0", "-c", seed)
        people = [
            visitor(browser, running.url, size) for size in (DESK, DESK, PHONE, DESK, DESK, DESK)
        ]
        yield Walk(running, today.year, today, *people)
        for one in people:
            one.page.context.close()


def test_a_plan_is_carried_from_its_document_to_the_annual_report(walk: Walk) -> None:
    the_office_imports_the_document_and_puts_it_in_force(walk)
    the_office_hands_out_the_tasks(walk)
    the_office_opens_a_period_knowing_what_it_causes(walk)
    the_administrator_makes_accounts_for_two_units(walk)
    the_liaison_fills_in_on_a_phone(walk)
    what_was_typed_outlives_the_session(walk)
    the_liaison_checks_and_submits(walk)
    a_part_is_reported_and_taken_over(walk)
    the_office_returns_it_with_a_reason(walk)
    the_liaison_mends_it(walk)
    the_office_approves_after_having_taken_it_back_once(walk)
    a_number_is_entered_by_one_and_verified_by_another(walk)
    the_leader_sees_where_it_stands(walk)
    the_office_compiles_the_annual_report(walk)
    the_units_give_their_opinion_and_the_leader_approves(walk)
    the_office_signs_and_issues_it(walk)


# --- The office begins the year --------------------------------------------------------------
def the_office_imports_the_document_and_puts_it_in_force(walk: Walk) -> None:
    page = walk.office.log_in("office-1", PASSWORD)
    walk.office.look("待办", axe=True)
    menu(page, "实施方案")
    page.click("main .btn-p")
    walk.office.look("录入方案")
    years = {"year": walk.year, "last": walk.year + 4, "before": walk.year - 1}
    title = TITLE.format(city=CITY, **years)
    text = PLAN.format(city=CITY, title=title, **years)
    page.set_input_files(
        "#id_file", {"name": "方案.txt", "mimeType": "text/plain", "buffer": text.encode()}
    )
    page.click("main .btn-p")
    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator(".dr-say")).to_contain_text("4 条措施")
    walk.office.look(title, axe=True)
    page.get_by_role("button", name="确认并建立方案").click()
    said(page, "方案已建立")
    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator(".banner")).to_contain_text("这是草稿")
    expect(page.locator("#warnings h2")).to_have_text("请核对 1 处")
    expect(page.locator("#warnings")).to_contain_text("没有列完")
    expect(page.locator(".paper")).to_contain_text("每校配一名专职科学教师")
    walk.office.look(CITY)
    page.get_by_role("button", name="启用方案").click()
    said(page, "方案已启用")
    walk.office.look(CITY, axe=True)


def the_office_hands_out_the_tasks(walk: Walk) -> None:
    page = walk.office.page
    page.get_by_role("link", name=f"分解 {walk.year} 年任务").click()
    page.get_by_role("button", name=f"分解 {walk.year} 年任务").click()
    said(page, f"已分解 {walk.year} 年任务 6 项")
    walk.office.look(f"{walk.year} 年任务")
    page.get_by_role("button", name="按建议全部确认（2 项）").click()
    said(page, "已按建议确认 2 项")
    page.get_by_label(f"汇总单位：{OUTDOORS}").select_option(label="市教育局")
    page.get_by_label(f"汇总单位：{VOLUNTEERS}").select_option(label="各单位分别报送")
    page.get_by_role("button", name="确认表中所选的").click()
    said(page, "已确认 2 项任务的汇总单位")
    for title, why in OTHER_DUTIES.items():
        row = page.locator("tr", has_text=title)
        expect(row.locator("select")).to_have_count(0)  # nobody to choose from
        row.get_by_role("link", name="填写承办单位").click()
        page.get_by_text("取消这项任务…").click()
        page.get_by_label("取消理由").fill(why)
        page.get_by_role("button", name="取消任务").click()
        expect(page.locator(".phead")).to_contain_text(f"已取消：{why}")
        walk.office.go(f"/tasks/?year={walk.year}")
    expect(page.locator(".phead")).to_contain_text("汇总单位都已确认")
    walk.office.look(f"{walk.year} 年任务")
    page.get_by_role("link", name=COURSES).click()
    walk.office.look(COURSES)


def the_office_opens_a_period_knowing_what_it_causes(walk: Walk) -> None:
    page = walk.office.go("/periods/")
    walk.office.look("填报期")
    opens = workdays.on_or_after(walk.today)  # on a day off the office opens it ahead by hand
    days = {
        "starts": date(walk.year, 1, 1),
        "ends": date(walk.year, 12, 31),
        "opens_on": opens,
        "due_on": workdays.add(opens, 10),
        "closes_on": workdays.add(opens, 20),
    }
    page.fill("#id_name", f"{walk.year} 年全年")
    page.fill("#id_year", str(walk.year))
    for name, day in days.items():
        page.fill(f"#id_{name}", day.isoformat())
    page.get_by_role("button", name="排入日历").click()
    said(page, "已排入日历")
    # A lead and a part for each of the first two, one lead, three that report for themselves.
    expect(page.locator("main")).to_contain_text("4 项任务，3 个单位，共 8 项填报")
    walk.office.look(f"{walk.year} 年全年")
    page.get_by_role("button", name="启动填报（8 项）").click()
    said(page, "填报已启动，共 8 项")
    walk.office.look(f"{walk.year} 年全年")


def the_administrator_makes_accounts_for_two_units(walk: Walk) -> None:
    page = walk.admin.log_in("admin", PASSWORD)
    walk.admin.look("人员")
    for one, username, unit in (
        (walk.liaison, "liaison", "市教育局"),
        (walk.finance, "finance", "市财政局"),
    ):
        page.fill("#id_username", username)
        page.fill("#id_name", f"{unit}联络员")
        page.select_option("#id_role", "liaison")
        page.select_option("#id_department", label=unit)
        page.get_by_role("button", name="建立账号").click()
        said(page, f"已建立账号 {username}")
        told = re.search(r"初始密码 (\S+) 只显示这一次", page.inner_text(".messages"))
        assert told, f"no first password was shown for {username}"
        one.log_in_for_the_first_time(username, told.group(1), OWN_PASSWORD)


# --- The units report ------------------------------------------------------------------------
def the_liaison_fills_in_on_a_phone(walk: Walk) -> None:
    page = walk.liaison.page
    expect(page.locator("#blank li")).to_have_count(3)
    walk.liaison.look("待办", axe=True)
    page.get_by_role("link", name=COURSES).click()
    page.fill("#id_percent", "120")
    page.fill("#id_done", FIRST_TEXT)
    expect(state(page, "percent")).to_have_text("内容不符合要求，已按原样保存")
    expect(page.get_by_text("完成比例应在 0 到 100 之间，您填的是 120。")).to_be_visible()
    page.locator("#id_problems").focus()
    expect(state(page, "done")).to_contain_text("已保存")
    page.reload()
    expect(page.locator("#id_percent")).to_have_value("120")
    expect(page.locator("#id_done")).to_have_value(FIRST_TEXT)
    page.locator("#form .btn-p").click()
    expect(page.locator("#error-percent")).to_contain_text("完成比例应在 0 到 100 之间")
    expect(page.locator("#id_done")).to_have_value(FIRST_TEXT)
    page.fill("#id_percent", PERCENT)
    page.locator("label", has_text="达进度").click()
    expect(state(page, "self_rating")).to_contain_text("已保存")
    walk.liaison.look(COURSES, axe=True)
    disguised = {"name": "总结.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00"}
    page.set_input_files("#id_file", disguised)
    expect(page.locator("[data-drop-error=file]")).to_contain_text(
        "“总结.pdf”的内容与文件名不符，不是真正的 PDF 文件"
    )
    page.set_input_files("#id_file", {**disguised, "buffer": PDF})
    expect(page.locator(".files a")).to_have_text("总结.pdf")


def what_was_typed_outlives_the_session(walk: Walk) -> None:
    page = walk.liaison.page
    page.context.clear_cookies(name="sessionid")
    page.fill("#id_next_steps", NEXT)
    page.locator("#id_problems").focus()
    expect(page.locator("#login-dialog")).to_be_visible()
    page.fill("#relogin-password", OWN_PASSWORD)
    page.click("[data-login-submit]")
    expect(page.locator("#login-dialog")).to_be_hidden()
    expect(state(page, "next_steps")).to_contain_text("已保存")
    expect(page.locator("#id_next_steps")).to_have_value(NEXT)


def the_liaison_checks_and_submits(walk: Walk) -> None:
    page = walk.liaison.page
    page.locator("#form .btn-p").click()
    expect(page.locator("h1")).to_have_text(OUTDOORS)
    page.fill("#id_percent", "37")
    page.locator("label", has_text="欠进度").click()
    page.fill("#id_done", UNCHECKED)
    page.locator("#form .btn-p").click()
    expect(page.locator("h1")).to_have_text(VOLUNTEERS)
    page.locator(".rail summary").click()
    page.locator(".rail details").get_by_role("link", name="检查并报送已填好的 2 项").click()
    walk.liaison.look("检查并报送 2 项")
    expect(page.locator("main")).to_contain_text(NEXT)
    page.get_by_role("button", name="报送 2 项").click()
    walk.liaison.look("已报送 2 项")
    expect(page.locator("td[data-label=回执号]").first).to_have_text(re.compile(r"\d"))


def a_part_is_reported_and_taken_over(walk: Walk) -> None:
    page = walk.finance.page
    page.get_by_role("link", name=COURSES).click()
    page.fill("#id_percent", "80")
    page.locator("label", has_text="达进度").click()
    page.fill("#id_done", PART)
    page.locator("#form .btn-p").click()
    expect(page.locator("h1")).to_have_text(VOLUNTEERS)
    walk.finance.go("/entries/check/")
    page.get_by_role("button", name="报送 1 项").click()
    expect(page.locator("h1")).to_have_text("已报送 1 项")
    page = walk.liaison.go("/")
    page.locator("#parts").get_by_role("link", name=COURSES).click()
    expect(page.locator("main")).to_contain_text(PART)
    walk.liaison.look(COURSES)
    page.get_by_role("button", name="采纳").click()
    said(page, f"已采纳“{COURSES}”的这一部分")
    expect(page.locator("main .wf").first).to_contain_text("已采纳")


# --- The office checks -----------------------------------------------------------------------
def the_office_returns_it_with_a_reason(walk: Walk) -> None:
    page = walk.checker.log_in("office-2", PASSWORD)
    expect(page.locator("#review li")).to_have_count(2)
    menu(page, "核对")
    walk.checker.look("核对", axe=True)
    page.get_by_role("link", name=COURSES).click()
    walk.checker.look(COURSES)
    page.locator('[data-ret-of="done"] summary').click()
    page.fill("#reason-done", REASON)
    walk.checker.look(COURSES, axe=True)
    page.get_by_role("button", name="退回 1 栏").click()
    expect(page.locator("[data-undo]")).to_contain_text(f"“{COURSES}”已退回")


def the_liaison_mends_it(walk: Walk) -> None:
    page = walk.liaison.go("/")
    page.locator("#returned").get_by_role("link", name=COURSES).click()
    expect(page.locator("[data-returned]")).to_contain_text(REASON)
    expect(page.locator("[data-why=done]")).to_contain_text(REASON)
    walk.liaison.look(COURSES, axe=True)
    page.fill("#id_done", MENDED)
    expect(page.locator("[data-tick=done] [data-tick-word]")).to_be_visible()
    page.get_by_role("button", name="重新报送").click()
    said(page, f"“{COURSES}”已报送，回执号")


def the_office_approves_after_having_taken_it_back_once(walk: Walk) -> None:
    page = walk.checker.go("/review/")
    page.get_by_role("link", name=COURSES).click()
    expect(page.locator("#check")).to_contain_text("第 2 次")
    expect(page.locator("#check ins").first).to_be_visible()
    _approve(page)
    page.locator("[data-undo]").get_by_role("button", name="撤销").click()
    said(page, f"已撤销对“{COURSES}”的处理")
    expect(page.locator("#check")).to_contain_text("待核对")
    _approve(page)
    walk.checker.look(OUTDOORS)
    page = walk.liaison.go("/")
    expect(page.locator("#returned")).to_have_count(0)


def _approve(page: Page) -> None:
    page.locator("[data-approve]").click()
    expect(page.locator("[data-undo]")).to_contain_text(f"“{COURSES}”已核对")


def a_number_is_entered_by_one_and_verified_by_another(walk: Walk) -> None:
    page = walk.office.go("/indicators/")
    walk.office.look("目标指标完成情况")
    page.get_by_role("link", name="人均科普专项经费", exact=True).click()
    page.fill("#id_year", str(walk.year))
    page.fill("#id_numerator", "5200000")
    page.fill("#id_denominator", "4000000")
    page.locator("label", has_text="预算").click()
    page.fill("#id_source", "市级预算")
    page.get_by_role("button", name="存为草稿").click()
    said(page, "已存为草稿")
    page.get_by_role("button", name=f"报送 {walk.year} 年的数值").click()
    said(page, "已报送，等待核对")
    expect(page.locator(".tgt .st")).to_have_text("未测")  # nothing counts before it is checked
    page = walk.checker.go("/")
    page.locator("#values").get_by_role("link", name="人均科普专项经费").click()
    page.get_by_role("button", name="核对通过").click()
    said(page, "已核对")
    page.get_by_label("位置").get_by_role("link", name="人均科普专项经费").click()
    expect(page.locator(".tgt .st")).to_have_text("已达标")
    expect(page.locator(".tgt .v")).to_contain_text("1.3 元")
    walk.checker.look("人均科普专项经费", axe=True)
    menu(page, "指标")
    page.get_by_role("link", name="公民具备科学素质的比例", exact=True).click()
    expect(page.locator(".tgt .v")).to_have_text("未测")
    walk.checker.look("公民具备科学素质的比例")


# --- The leadership looks ----------------------------------------------------------------------
def the_leader_sees_where_it_stands(walk: Walk) -> None:
    page = walk.leader.log_in("leader", PASSWORD)
    expect(page.locator("h1")).to_have_text("总览")
    expect(page.locator("#verdict")).to_contain_text("。")
    expect(page.locator(".verdict .big").first).to_have_text(f"{PERCENT}%")
    expect(page.locator(".g-3 .tgt").first).to_contain_text("未测")
    row = page.locator("#actions tbody tr").first
    _the_light_follows_from_the_figures(row)
    walk.leader.look("总览", axe=True)
    page.locator("[data-theme-toggle]:visible").first.click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    walk.leader.look("总览", axe=True)
    counts = page.locator(".verdict .legend a").all_inner_texts()
    assert counts, "the dashboard counts no measures"
    for text in counts:
        number = re.search(r"\d+$", text.strip())
        assert number, f"«{text}» has no count"
        page.locator(".verdict .legend a", has_text=text.strip()).click()
        expect(page.locator("tbody tr[data-measure]")).to_have_count(int(number.group()))
        walk.leader.look("措施")
        page.go_back()


def _the_light_follows_from_the_figures(row: Locator) -> None:
    """Hold the word of a row against its percent and schedule, by the thresholds of every plan."""
    label = row.locator(".pb").get_attribute("aria-label") or ""
    figures = [float(one) for one in re.findall(r"([\d.]+)%", label)]
    assert len(figures) == 2, f"the bar says «{label}»"
    gap = figures[1] - figures[0]
    expected = "达到序时" if gap <= 10 else "滞后" if gap <= 30 else "严重滞后"
    expect(row.locator(".st")).to_have_text(expected)
