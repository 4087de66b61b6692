"""An office checks a document in a browser, the draft beside the text, until it is a plan."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.portal import portal
from tests.browser.story import CITY, PASSWORD, PEOPLE, SEED
from tests.browser.visitor import Visitor, said, visitor

pytestmark = pytest.mark.browser

TITLE = f"{CITY}全民科学素质行动规划纲要实施方案（2026—2030年）"
TEXT = f"""{TITLE}
一、目标任务
到2030年，全市公民具备科学素质的比例超过18%。
二、重点任务
（一）青少年科学素质提升行动
1.开好科学课程。每校配一名专职科学教师。建好校园实验室。每年举办不少于2次科技节。（市教育局牵头，市财政局配合）
2.办好校外活动。建一处校外科技活动场所。（市教育体育局、市科协等相关部门负责）
3.整理旧材料。清点往年的展板。（市科协负责）
（二）老年人科学素质提升行动
1.普及智能技术。办好老年课堂。（市民政局负责）
2.推广健康知识。巡回讲座进社区。（市卫生健康委负责）
三、保障措施
（一）加强督查。市科协每年通报一次进展。
"""


@pytest.fixture
def office(browser: Browser, static: Path, tmp_path: Path) -> Iterator[Visitor]:
    """The office of a city of which nothing is known yet, logged in."""
    with portal(tmp_path, static) as running:
        seed = SEED.format(city=CITY, people=PEOPLE, password=PASSWORD)
        running.manage("shell", "-v", "0", "-c", seed)
        one = visitor(browser, running.url)
        one.log_in("office-1", PASSWORD)
        yield one
        one.page.context.close()
        assert not one.faults, "\n".join(one.faults)


def test_a_document_is_checked_beside_its_text_and_becomes_a_plan(office: Visitor) -> None:
    page = office.go("/plans/import/")
    file = {"name": "方案.txt", "mimeType": "text/plain", "buffer": TEXT.encode()}
    page.set_input_files("#id_file", file)
    page.click("main .btn-p")
    expect(page.locator(".dr-say")).to_contain_text("5 条措施")
    office.look(TITLE, axe=True)
    text_and_draft_follow_each_other(page)
    keys_lead_from_row_to_row(page)
    an_item_is_corrected_and_what_was_typed_outlives_the_next_click(page)
    a_measure_is_split_and_one_is_left_out(page)
    two_measures_are_joined(page)
    office.look(TITLE, axe=True)
    confirming_says_which_names_are_in_doubt(page)
    office.look(TITLE, axe=True)
    names_are_decided(page)
    a_warning_is_worked_off(page)
    the_plan_is_there_with_its_units_targets_and_duties(office)


def run(page: Page, words: str) -> Locator:
    """Return the piece of the document with these words."""
    return page.locator("#doc .dr-run", has_text=words)


def row(page: Page, title: str) -> Locator:
    return page.locator("#panel .dr-link", has_text=title)


def open_row(page: Page, title: str) -> None:
    """Open a row of the tree and wait for its form, which takes the focus."""
    page.locator(".dr-tabs a", has_text="结构").click()
    expect(page.locator("#form")).to_have_count(0)
    row(page, title).click()
    expect(row(page, title)).to_have_attribute("aria-current", "true")
    expect(page.locator("#form h3")).to_be_focused()


def text_and_draft_follow_each_other(page: Page) -> None:
    page.evaluate("document.body.dataset.same = 'yes'")
    run(page, "办好老年课堂").click()
    expect(row(page, "普及智能技术")).to_have_attribute("aria-current", "true")
    expect(page.locator("#id_title")).to_have_value("普及智能技术")
    expect(run(page, "办好老年课堂")).to_have_class(re.compile("dr-here"))
    row(page, "开好科学课程").click()
    expect(run(page, "每校配一名专职科学教师")).to_have_class(re.compile("dr-here"))
    expect(run(page, "办好老年课堂")).not_to_have_class(re.compile("dr-here"))
    run(page, "超过18%").click()
    expect(page.locator("#id_indicator")).to_have_value("literacy_ratio")
    page.locator("#doc .unit", has_text="市民政局").click()
    expect(page.locator("#id_name")).to_have_value("市民政局")
    expect(page.locator("#doc .unit.dr-on")).to_have_text("市民政局")
    expect(page).to_have_url(re.compile(r"\?item=\d+#form$"))
    same = page.evaluate("document.body.dataset.same")
    assert same == "yes", "the page was loaded anew, and the reader lost the place in the text"


def keys_lead_from_row_to_row(page: Page) -> None:
    open_row(page, "开好科学课程")
    page.keyboard.press("j")
    expect(row(page, "办好校外活动")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(row(page, "办好校外活动")).to_have_attribute("aria-current", "true")


def an_item_is_corrected_and_what_was_typed_outlives_the_next_click(page: Page) -> None:
    open_row(page, "办好校外活动")
    page.fill("#id_title", "")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#errors")).to_contain_text("名称：请填写名称。")
    page.fill("#id_title", "办好校外科技活动")
    page.keyboard.press("Control+Enter")
    said(page, "已保存")
    expect(row(page, "办好校外科技活动")).to_contain_text("改过")
    page.fill("#id_number", "二")
    run(page, "办好老年课堂").click()
    expect(page.locator("#id_title")).to_have_value("普及智能技术")
    expect(row(page, "办好校外科技活动")).to_contain_text("二 办好校外科技活动")


def a_measure_is_split_and_one_is_left_out(page: Page) -> None:
    open_row(page, "开好科学课程")
    page.locator("summary", has_text="分成两条").click()
    page.locator("label", has_text="建好校园实验室").click()
    page.get_by_role("button", name="分开").click()
    expect(page.locator("#id_title")).to_have_value("建好校园实验室")
    expect(page.locator(".dr-say")).to_contain_text("6 条措施")
    open_row(page, "整理旧材料")
    page.get_by_role("button", name="不要这一条").click()
    expect(page.locator(".dr-say")).to_contain_text("5 条措施")
    expect(page.locator(".dr-gone > .dr-link")).to_contain_text("整理旧材料")


def two_measures_are_joined(page: Page) -> None:
    open_row(page, "推广健康知识")
    page.get_by_role("button", name="与上一条合并").click()
    expect(page.locator(".dr-say")).to_contain_text("4 条措施")
    expect(page.locator("#id_text")).to_have_value(re.compile("老年课堂.*巡回讲座", re.S))


def confirming_says_which_names_are_in_doubt(page: Page) -> None:
    page.get_by_role("button", name="确认并建立方案").click()
    expect(page.locator("#errors")).to_be_focused()
    expect(page.locator("#errors a", has_text="市教育体育局：请选择是哪个单位。")).to_be_visible()


def names_are_decided(page: Page) -> None:
    page.locator("#errors a", has_text="市教育体育局").click()
    expect(page.locator("#form h3")).to_have_text("“市教育体育局”是哪个单位")
    expect(page.locator("#doc .unit.dr-on")).to_have_text("市教育体育局")
    page.fill("#id_new_name", "市教育局")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#panel")).to_contain_text("新建“市教育局”")
    page.get_by_role("button", name="其余都按新单位建立").click()
    said(page, "按新单位建立")
    expect(page.get_by_role("button", name="其余都按新单位建立")).to_have_count(0)


def a_warning_is_worked_off(page: Page) -> None:
    page.locator(".dr-tabs a", has_text="待核对").click()
    expect(page.locator("#panel")).to_contain_text("没有列完")
    while page.get_by_role("button", name="已核对").count():
        page.get_by_role("button", name="已核对").first.click()
    expect(page.locator(".dr-say")).to_contain_text("没有要核对的了，可以确认。")


def the_plan_is_there_with_its_units_targets_and_duties(office: Visitor) -> None:
    page = office.page
    page.get_by_role("button", name="确认并建立方案").click()
    said(page, "方案已建立")
    expect(page.locator(".meta").first).to_contain_text("2 项重点任务，4 项措施")
    expect(page.locator("mark.t")).to_have_count(1)
    office.look(TITLE)
    units = page.locator("#doc, .paper").first
    expect(units.locator("a.unit", has_text="市教育体育局")).to_be_visible()
    office.go("/departments/")
    expect(page.locator("main")).to_contain_text("市教育局")
    expect(page.locator("main")).not_to_contain_text("市教育体育局")
