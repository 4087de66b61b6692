"""The last part of the walk: the annual report from its first draft to the signed one."""

import re
from datetime import timedelta
from io import BytesIO

import pypdfium2
from docx import Document
from playwright.sync_api import expect

from tests.browser.story import CITY, MENDED, PERCENT, UNCHECKED
from tests.browser.visitor import download, said
from tests.browser.walkers import Walk


def the_office_compiles_the_annual_report(walk: Walk) -> None:
    page = walk.office.go("/reports/")
    walk.office.look("报告")
    page.fill("#id_year", str(walk.year))
    page.get_by_role("button", name="生成报告").click()
    expect(page.locator("[role=progressbar]")).to_be_visible()
    expect(page.get_by_role("link", name="下载 Word（第 1 版）")).to_be_visible(timeout=60_000)
    walk.office.look("年度报告", axe=True)
    word = Document(BytesIO(download(page, "下载 Word")))
    body = "\n".join(one.text for one in word.paragraphs)
    cells = "\n".join(
        cell.text for table in word.tables for row in table.rows for cell in row.cells
    )
    assert f"{walk.year}年度" in body[:200], f"no title:\n{body[:300]}"
    assert word.tables, "the report has no table"
    pdf = pypdfium2.PdfDocument(download(page, "下载 PDF"))
    printed = "".join(leaf.get_textpage().get_text_bounded() for leaf in pdf)
    for name, text in (("Word", body + cells), ("PDF", re.sub(r"\s", "", printed))):
        assert f"{PERCENT}%" in text, f"the approved percent is not in the {name} file"
        assert "1.30元" in text or "1.3元" in text, f"the verified number is not in the {name} file"
        assert MENDED in text, f"the approved words are not in the {name} file"
        assert "未测" in text, f"the {name} file does not say that the survey is missing"
        assert UNCHECKED not in text, f"unchecked words are in the {name} file"
        assert "37%" not in text, f"an unchecked percent is in the {name} file"


def the_units_give_their_opinion_and_the_leader_approves(walk: Walk) -> None:
    page = walk.office.page
    page.fill("#consult-until", (walk.today + timedelta(days=7)).isoformat())
    page.locator("#consult").get_by_role("button", name="征求意见").click()
    said(page, "征求意见，已记录")
    expect(page.locator("#opinions tbody tr")).to_have_count(2)
    report = page.url.removeprefix(walk.portal.url)
    unit = walk.liaison.go(report)
    walk.liaison.look("年度报告", axe=True)
    expect(unit.locator("#respond")).to_contain_text(MENDED)
    unit.get_by_label("有意见").check()
    unit.get_by_label("意见", exact=True).fill("建议写明农村学校的缺口。")
    unit.get_by_role("button", name="提交意见").click()
    said(unit, "反馈意见，已记录")
    page.reload()
    heard, silent = (page.locator("#opinions tbody tr", has_text=one) for one in ("教育", "科协"))
    heard.get_by_text("答复…").click()
    heard.get_by_label("采纳", exact=True).check()
    heard.get_by_role("button", name="提交答复").click()
    said(page, "答复意见，已记录")
    # The association has no account: it answered on paper.
    silent.get_by_text("代录…").click()
    silent.get_by_label("无意见").check()
    silent.get_by_label("反馈方式").fill("书面回复")
    silent.get_by_role("button", name="代录意见").click()
    said(page, "代录意见，已记录")
    leader = walk.leader.go(report)
    walk.leader.look("年度报告")
    leader.fill("#approve-basis", "领导小组会议审定")
    leader.locator("#approve").get_by_role("button", name="审定").click()
    said(leader, "审定，已记录")


def the_office_signs_and_issues_it(walk: Walk) -> None:
    page = walk.office.page
    page.reload()
    number, mark = f"云科素办〔{walk.year}〕3号", f"{CITY}科学技术协会文件"
    page.fill("#stamp-issued_on", walk.today.isoformat())
    page.fill("#stamp-document_number", "三号")
    page.fill("#stamp-head_mark", mark)
    page.get_by_role("button", name="登记，重新排版").click()
    expect(page.locator("#stamp .error")).to_contain_text("机关代字、年份和序号")
    expect(page.locator("#stamp-head_mark")).to_have_value(mark)
    page.fill("#stamp-document_number", f"云科素办[{walk.year}]第03号")
    page.get_by_role("button", name="登记，重新排版").click()
    link = page.get_by_role("link", name="下载 Word（第 2 版）")
    expect(link).to_be_visible(timeout=60_000)
    head = [
        one.text for one in Document(BytesIO(download(page, "下载 Word（第 2 版）"))).paragraphs
    ]
    assert head[0] == mark
    assert number in head[:5]
    page.reload()
    page.get_by_role("link", name="打开填报期").click()
    page.get_by_text("截止…").click()
    page.get_by_role("button", name="截止填报").click()
    walk.office.go("/reports/")
    page.get_by_role("link", name=f"{walk.year} 年度报告").click()
    page.locator("#issue").get_by_role("button", name="印发").click()
    said(page, "印发，已记录")
    expect(page.locator("main")).to_contain_text(number)
    walk.office.look("年度报告", axe=True)
