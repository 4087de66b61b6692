"""The page of a report on its way, what each person may do on it, and the public page."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import Job
from core.work import claimed
from departments.models import Department, User
from reports import services
from reports.models import FailedAttempt, Opinion, Report, ReportTransition
from reports.selectors.concerns import newest_version
from reports.services.requests import locked
from reports.views.steps import DEEDS
from reports.workflow import PUBLIC, STEPS
from tests.cast import Cast
from tests.cast_story import NOW
from tests.reports.compile.working import add_measures
from tests.reports.steps.given import (
    BASIS,
    TODAY,
    answered,
    approved,
    consulting,
    drafted,
    issued,
    stamped,
)

pytestmark = pytest.mark.django_db
Browse = Callable[[User | None], Client]
SOON = timezone.localdate() + timedelta(days=7)  # pages live today


def send(browser: Client, report: Report, verb: str, **given: object):
    return browser.post(f"/reports/{report.pk}/steps/{verb}/", given)


def shown(browser: Client, report: Report) -> str:
    answer = browser.get(f"/reports/{report.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def one_primary(page: str) -> bool:
    return page.count('class="btn btn-p"') == 1


def test_a_draft_is_sent_out_for_opinions(cast: Cast, browse: Browse) -> None:
    report, browser = drafted(cast), browse(cast.office)
    page = shown(browser, report)
    assert "报告涉及 3 个单位" in page
    assert one_primary(page)
    answer = send(browser, report, "consult", until=SOON.isoformat())
    assert answer.url == f"/reports/{report.pk}/"
    page = shown(browser, report)
    assert "征求意见，已记录。" in page
    assert "已反馈 0／3" in page
    assert "还有 3 个单位没有反馈" in page, "what hinders is said before anyone presses"


def test_a_bad_date_is_told_at_its_field_and_what_was_typed_stays(
    cast: Cast, browse: Browse
) -> None:
    report, browser = drafted(cast), browse(cast.office)
    more = Department.objects.create(region=cast.city_a, name="市司法局", kind="government")
    answer = send(browser, report, "consult", until="2020-01-02", units=[more.pk])
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("请选今天或以后的日期。") == 2
    assert 'value="2020-01-02"' in page
    assert "checked" in page
    assert "<title>出错：" in page


@pytest.mark.parametrize("unit", ["99999999999999999999", "9" * 5000, "教育局"])
def test_a_unit_that_cannot_be_is_no_error_of_the_server(
    cast: Cast, browse: Browse, unit: str
) -> None:
    answer = send(browse(cast.office), drafted(cast), "consult", until=str(SOON), units=[unit])
    assert answer.status_code == 422
    assert "没有这个选项，请重新选择。" in answer.content.decode()


def test_a_unit_reads_what_concerns_it_and_answers(cast: Cast, browse: Browse) -> None:
    report = services.consult(drafted(cast), SOON, by=cast.office, now=NOW)
    browser = browse(cast.liaison)
    page = shown(browser, report)
    words = newest_version(report).facts["actions"][0]["measures"][0]["tasks"][0]["entries"][0]
    assert words["done"] in page
    assert "下载 Word（第 1 版）" in page
    assert "各单位的意见" not in page
    assert one_primary(page)
    refused = send(browser, report, "respond", state="commented", text="")
    assert refused.status_code == 422
    assert refused.content.decode().count("请写明意见") == 2
    send(browser, report, "respond", state="commented", text="第二段请改。")
    page = shown(browser, report)
    assert "您单位已反馈" in page
    assert "第二段请改。" in page
    assert "btn-p" not in page.split("parts/top")[0].split("<main")[1]


def test_units_do_not_read_each_other_s_opinions(cast: Cast, browse: Browse) -> None:
    report = consulting(cast)
    services.respond(report, "commented", "只给纲要办看。", by=cast.liaison, now=NOW)
    other = shown(browse(cast.liaison_finance), report)
    assert "只给纲要办看。" not in other
    assert "有意见" not in other.split("办理过程")[1], "nor who else has an opinion"
    for person in (cast.office, cast.leader, cast.head):
        assert "只给纲要办看。" in shown(browse(person), report)


def test_the_office_answers_a_comment_beside_it(cast: Cast, browse: Browse) -> None:
    report, browser = consulting(cast), browse(cast.office)
    row = services.respond(report, "commented", "请改。", by=cast.liaison, now=NOW)
    refused = send(browser, report, "answer", opinion=row.pk, answer="not_taken", text="")
    page = refused.content.decode()
    assert refused.status_code == 422
    assert page.count("请说明理由") == 2
    assert f'id="answer-{row.pk}-text"' in page
    send(browser, report, "answer", opinion=row.pk, answer="not_taken", text="依据统计口径。")
    assert "依据统计口径。" in shown(browser, report)
    assert "依据统计口径。" in shown(browse(cast.liaison), report)


def test_the_office_registers_what_a_unit_said_on_paper(cast: Cast, browse: Browse) -> None:
    report, browser = consulting(cast), browse(cast.office)
    rows = {one.department: one.pk for one in Opinion.objects.select_related("department")}
    pk = rows[cast.finance]
    page = shown(browser, report)
    assert page.count(f'action="/reports/{report.pk}/steps/record/"') == 3
    assert {page.count(f'id="record-{one}-source"') for one in rows.values()} == {1}
    assert one_primary(page), "what is folded has no primary button"
    refused = send(browser, report, "record", opinion=pk, state="commented", text="请改第三段。")
    page = refused.content.decode()
    assert refused.status_code == 422
    assert page.count("请填写这一栏。") == 2, "above, and at the field of that row"
    assert f'href="#record-{pk}-source"' in page
    assert page.count('<details class="ask" open>') == 1
    assert "请改第三段。" in page
    given = {"state": "commented", "text": "请改第三段。", "source": "书面回复，2024年7月12日"}
    assert send(browser, report, "record", opinion=pk, **given).status_code == 302
    page = shown(browser, report)
    assert "代录意见，已记录。" in page
    assert "已反馈 1／3" in page
    assert f'代录：书面回复，2024年7月12日 <span class="muted">{cast.office}' in page
    assert "修改代录…" in page
    assert 'value="书面回复，2024年7月12日"' in page, "what was registered can be put right"
    assert f'id="answer-{pk}-text"' in page, "and is answered like any other comment"


def test_a_unit_sees_how_its_opinion_was_registered_and_gives_its_own(
    cast: Cast, browse: Browse
) -> None:
    report = services.consult(drafted(cast), SOON, by=cast.office, now=NOW)
    row = Opinion.objects.get(department=cast.education)
    paper = "书面回复，2024年7月12日"
    services.record(report, row.pk, "commented", "请改第三段。", paper, by=cast.office, now=NOW)
    browser, office = browse(cast.liaison), browse(cast.office)
    page = shown(browser, report)
    assert "纲要办代录了您单位的意见" in page
    assert f"反馈方式：{paper}" in page
    assert "您单位已反馈" not in page
    assert "由本单位反馈…" in page
    assert "代录…" not in page
    assert "代录意见" not in shown(browse(cast.liaison_finance), report), "no affair of others"
    leader = shown(browse(cast.leader), report)
    assert f"代录：{paper}" in leader
    assert "steps/record/" not in leader
    send(browser, report, "respond", state="agreed", text="")
    page = shown(browser, report)
    assert "您单位已反馈" in page
    assert paper not in page
    page = shown(office, report)
    assert f"代录：{paper}" not in page
    assert f'id="record-{row.pk}-source"' not in page


def test_what_the_office_typed_is_kept_where_the_unit_was_quicker(
    cast: Cast, browse: Browse
) -> None:
    report = consulting(cast)
    row = services.respond(report, "agreed", by=cast.liaison, now=NOW)
    given = {"state": "commented", "text": "电话里说要改第三段。", "source": "电话，7月12日"}
    answer = send(browse(cast.office), report, "record", opinion=row.pk, **given)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "市教育局已经自己反馈了意见" in page
    assert "您写的内容在这里" in page
    assert "电话里说要改第三段。" in page


def test_a_leader_approves_or_sends_back(cast: Cast, browse: Browse) -> None:
    report, browser = answered(cast), browse(cast.leader)
    page = shown(browser, report)
    assert one_primary(page)
    assert "退回起草…" in page
    assert "撤回报告…" not in page
    send(browser, report, "approve", basis=BASIS)
    page = shown(browser, report)
    assert BASIS in page
    assert "登记文号和日期" not in page.split("办理过程")[0]
    send(browser, report, "redraft", reason="补充县区情况")
    assert locked(report).state == Report.State.DRAFT


def test_the_office_registers_and_issues(cast: Cast, browse: Browse) -> None:
    report, browser = approved(cast), browse(cast.office)
    refused = send(browser, report, "stamp", issued_on=TODAY, head_mark="测试市科协文件")
    assert refused.content.decode().count("红头须有发文字号") == 2
    send(browser, report, "stamp", issued_on=TODAY, document_number="测科协〔2024〕8号")
    page = shown(browser, report)
    assert "data-progress-url" in page
    assert "正在按登记的文号和日期排版" in page
    assert "测科协〔2024〕8号" in page


def test_issuing_says_what_it_locks_and_what_hinders(cast: Cast, browse: Browse) -> None:
    report, browser = stamped(cast), browse(cast.office)
    assert f"“{cast.period.name}”还是" in shown(browser, report)
    type(cast.period).objects.filter(pk=cast.period.pk).update(state="closed")
    page = shown(browser, report)
    assert f"{cast.earlier.name}、{cast.period.name}" in page
    assert one_primary(page)
    send(browser, report, "issue")
    assert locked(report).state == Report.State.ISSUED
    assert "登记报送上级…" in shown(browser, report)


def test_what_somebody_else_was_quicker_with_is_not_lost(cast: Cast, browse: Browse) -> None:
    report, browser = answered(cast), browse(cast.office)
    services.redraft(report, "再改", by=cast.leader, now=NOW)
    answer = send(browser, report, "approve", basis="七月会议纪要")
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "七月会议纪要" in page
    assert "您写的内容在这里" in page


def test_pressing_twice_does_it_once(cast: Cast, browse: Browse) -> None:
    report, browser = answered(cast), browse(cast.office)
    answers = [send(browser, report, "approve", basis=BASIS) for _press in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    assert ReportTransition.objects.filter(report=report, verb="approve").count() == 1


def test_steps_of_a_report_that_one_cannot_see_do_not_exist(cast: Cast, browse: Browse) -> None:
    report = drafted(cast)
    for verb in DEEDS:
        assert send(browse(cast.liaison), report, verb).status_code == 404
        assert send(browse(cast.office_b), report, verb).status_code == 404
    assert send(browse(cast.office), report, "finish").status_code == 404


def test_every_step_that_people_take_on_the_page_is_in_the_table() -> None:
    elsewhere = {"compile", "edit"}
    people = {verb for verb, one in STEPS.items() if one.who != ("worker",)}
    assert set(DEEDS) == people - elsewhere


# --- Work in the background ----------------------------------------------------------------
def test_files_being_made_anew_can_be_cancelled(cast: Cast, browse: Browse) -> None:
    report, browser = drafted(cast), browse(cast.office)
    send(browser, report, "typeset")
    page = shown(browser, report)
    assert "正在生成" in page
    assert f"/reports/{report.pk}/steps/cancel/" in page
    assert browser.get(f"/reports/{report.pk}/progress/").json()["state"] == "queued"
    send(browser, report, "cancel")
    assert Job.objects.get(subject_id=report.pk).state == Job.State.CANCELLED
    assert locked(report).state == Report.State.DRAFT
    assert browser.get(f"/reports/{report.pk}/progress/").json()["state"] == "done"
    assert send(browser, report, "cancel").status_code == 422


def test_a_failed_report_shows_what_was_written(cast: Cast, browse: Browse) -> None:
    report = drafted(cast)
    version = newest_version(report)
    FailedAttempt.objects.create(
        report=report, part="存在问题", facts=version.facts, text=version.text, at=NOW
    )
    Report.objects.filter(pk=report.pk).update(state="failed", error="“存在问题”没有写成。")
    page = shown(browse(cast.office), report)
    assert "“存在问题”没有写成。" in page
    assert "已写成的部分" in page
    assert "主要工作及成效" in page
    assert one_primary(page)
    assert "重试" in page


def test_a_withdrawn_report_says_what_stays(cast: Cast, browse: Browse) -> None:
    report = issued(cast)
    services.withdraw(report, "数据有误", by=cast.office, now=NOW)
    page = shown(browse(cast.office), report)
    assert "没有自动解除" in page
    assert "数据有误" in page
    assert browse(cast.leader).get(f"/reports/{report.pk}/").status_code == 404


def test_more_units_and_measures_cost_no_more_queries(cast: Cast, browse: Browse) -> None:
    counts = []
    for more in (60, 20):
        add_measures(cast, more)
        Opinion.objects.all().delete()
        ReportTransition.objects.all().delete()
        Report.objects.filter(year=2024).delete()
        units = [
            Department.objects.create(region=cast.city_a, name=f"市{more}{n}局", kind="government")
            for n in range(more)
        ]
        report = services.consult(drafted(cast), SOON, by=cast.office, now=NOW, units=units)
        Opinion.objects.update(state="commented", text="请改。", source="电话")
        browser = browse(cast.office)
        shown(browser, report)
        with CaptureQueriesContext(connection) as queries:
            shown(browser, report)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_list_is_narrowed_by_what_tells_its_reports_apart(cast: Cast, browse: Browse) -> None:
    report, browser = drafted(cast), browse(cast.office)
    assert 'name="state"' in browser.get("/reports/").content.decode()
    issued_only = browser.get("/reports/?state=issued&kind=&plan=").content.decode()
    assert f"/reports/{report.pk}/" not in issued_only
    assert f"/reports/{cast.report_issued.pk}/" in issued_only


# --- In public -----------------------------------------------------------------------------
def published(cast: Cast) -> Report:
    report = issued(cast)
    review = {"reviewer": "王审查", "reviewed_on": TODAY, "opinion": "不涉密"}
    made = services.publish(report, **review, by=cast.office, now=NOW)
    with claimed(Job.objects.get(kind=PUBLIC, subject_id=made.pk).pk) as work:
        assert work is not None
        services.print_publication(made.pk, work)
    return report


def test_everyone_reads_and_downloads_a_published_report(cast: Cast, browse: Browse) -> None:
    report, anyone = published(cast), browse(None)
    page = anyone.get(f"/public/reports/{report.pk}/").content.decode()
    assert "测科协〔2024〕8号" in page
    assert "主要工作及成效" in page
    assert f"/reports/{report.pk}/facts/" not in page, "figures lead nowhere for the public"
    persons = [str(cast.liaison), str(cast.office), str(cast.leader)]
    for private in ("王审查", "不涉密，", BASIS, "填报人", "审核人", "二维码", *persons):
        assert private not in page
    drawing = anyone.get(f"/public/reports/{report.pk}/drawings/1/")
    assert drawing["Content-Type"] == "image/svg+xml"
    assert anyone.get(f"/public/reports/{report.pk}/drawings/99/").status_code == 404
    files = {}
    for suffix in ("docx", "pdf"):
        answer = anyone.get(f"/public/reports/{report.pk}/{suffix}/")
        files[suffix] = b"".join(answer.streaming_content)
    assert files["pdf"].startswith(b"%PDF")
    words = zipfile.ZipFile(io.BytesIO(files["docx"])).read("word/document.xml").decode()
    assert "主要工作及成效" in words
    for private in ("填报人", "审核人", "数字来源索引", *persons):
        assert private not in words, private
    assert anyone.get(f"/public/reports/{report.pk}/xlsx/").status_code == 404
    listed = anyone.get(f"/public/plans/{cast.plan.pk}/").content.decode()
    assert f"/public/reports/{report.pk}/" in listed


def test_what_is_not_published_does_not_exist_in_public(cast: Cast, browse: Browse) -> None:
    anyone = browse(None)
    report = issued(cast)
    addresses = [f"/public/reports/{report.pk}/", f"/public/reports/{report.pk}/pdf/"]
    assert {anyone.get(one).status_code for one in addresses} == {404}
    review = {"reviewer": "王审查", "reviewed_on": TODAY, "opinion": "不涉密"}
    services.publish(report, **review, by=cast.office, now=NOW)
    assert [anyone.get(one).status_code for one in addresses] == [200, 404], "files come later"
    type(cast.plan).objects.filter(pk=cast.plan.pk).update(is_public=False)
    assert {anyone.get(one).status_code for one in addresses} == {404}
    type(cast.plan).objects.filter(pk=cast.plan.pk).update(is_public=True)
    services.withdraw(report, "有误", by=cast.office, now=NOW)
    assert {anyone.get(one).status_code for one in addresses} == {404}
