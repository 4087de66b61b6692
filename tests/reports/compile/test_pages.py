"""The pages of reports: asking, waiting, reading, downloading."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import AuditEvent, Job
from departments.models import User
from reports import services
from reports.models import Outline, Report, ReportVersion
from tests.cast import Cast
from tests.reports.compile.working import YEAR, add_measures, work_off

pytestmark = pytest.mark.django_db
Browse = Callable[[User | None], Client]
Compiled = Callable[[], ReportVersion]


def ask(cast: Cast, browser: Client, **changed: object):
    return browser.post(
        "/reports/", {"plan": cast.plan.pk, "year": YEAR, "kind": "annual"} | changed
    )


def test_the_office_asks_for_a_report_and_is_led_to_it(cast: Cast, browse: Browse) -> None:
    answer = ask(cast, browse(cast.office))
    report = Report.objects.get(year=YEAR)
    assert answer.url == f"/reports/{report.pk}/"
    assert Job.objects.get(kind=services.JOB).subject_id == report.pk


def test_a_choice_that_leaves_no_report_says_so(cast: Cast, browse: Browse) -> None:
    ask(cast, browse(cast.office))
    for chosen in ("plan=99999", "state=withdrawn&kind=annual"):
        answer = browse(cast.office).get(f"/reports/?{chosen}")
        assert answer.status_code == 200, chosen
        assert "没有符合条件的报告" in answer.content.decode()


def test_the_outline_of_a_plan_out_of_reach_is_not_changed_for_another(
    cast: Cast, browse: Browse
) -> None:
    sent = {"plan": "987654", "kind": "annual"}
    assert browse(cast.office).post("/reports/outline/", sent).status_code == 404
    assert not Outline.objects.exists()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"year": 2026}, "2026 年不在方案的实施年份"),
        ({"year": 2021}, "还没有核对通过的填报"),
        ({"year": "明年"}, "请填写整数"),
        ({"kind": "nothing"}, "请选报告种类"),
    ],
)
def test_a_bad_request_is_told_at_its_field(
    cast: Cast, browse: Browse, changed: dict[str, object], sentence: str
) -> None:
    answer = ask(cast, browse(cast.office), **changed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert page.count(sentence) == 2, "in the summary and at the field"
    assert "<title>出错：" in page
    assert not Job.objects.exists()


def test_nobody_else_is_offered_the_form(cast: Cast, browse: Browse) -> None:
    for person in (cast.liaison, cast.leader, cast.office_province):
        browser = browse(person)
        assert "生成报告" not in browser.get("/reports/").content.decode()
        ask(cast, browser)
    assert not Job.objects.exists()


def test_each_sees_the_reports_that_concern_them(cast: Cast, browse: Browse) -> None:
    draft, issued = f"/reports/{cast.report_draft.pk}/", f"/reports/{cast.report_issued.pk}/"
    seen = {
        name: [browse(getattr(cast, name)).get(url).status_code for url in (draft, issued)]
        for name in ("office", "leader", "liaison", "liaison_b", "auditor")
    }
    assert seen == {
        "office": [200, 200],
        "leader": [200, 200],
        "liaison": [404, 200],
        "liaison_b": [404, 404],
        "auditor": [404, 404],
    }


def test_progress_is_told_to_scripts_until_the_report_is_there(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.office)
    ask(cast, browser)
    report = Report.objects.get(year=YEAR)
    url = f"/reports/{report.pk}/progress/"
    assert browser.get(url).json() == {
        "state": "queued",
        "progress": 0,
        "message": "正在排队",
        "url": f"/reports/{report.pk}/",
    }
    Job.objects.update(state=Job.State.RUNNING, progress=45, message="正在生成 Word 文件")
    running = browser.get(url).json()
    assert (running["state"], running["progress"]) == ("running", 45)
    page = browser.get(f"/reports/{report.pk}/").content.decode()
    assert f'data-progress-url="{url}"' in page
    assert "刷新" in page
    Job.objects.update(state=Job.State.QUEUED)
    work_off(report)
    assert browser.get(url).json()["state"] == "done"
    assert browse(cast.liaison).get(url).status_code == 404


def test_a_failed_report_says_why_and_can_be_tried_again(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.office)
    ask(cast, browser)
    report = Report.objects.get(year=YEAR)
    Job.objects.update(state=Job.State.FAILED)
    services.compile_failed(report.pk, "服务器上缺少排版用的字体，请联系管理员。")
    page = browser.get(f"/reports/{report.pk}/").content.decode()
    assert "缺少排版用的字体" in page
    assert page.count("btn-p") == 1
    answer = browser.get(f"/reports/{report.pk}/progress/").json()
    assert (answer["state"], answer["message"][:5]) == ("failed", "服务器上缺")
    browser.post(f"/reports/{report.pk}/recompile/")
    assert Job.objects.filter(state=Job.State.QUEUED).count() == 1


def test_files_are_attachments_and_taking_one_is_recorded(
    cast: Cast, browse: Browse, compiled: Compiled
) -> None:
    version = compiled()
    for suffix, begins in (("docx", b"PK"), ("pdf", b"%PDF"), ("xlsx", b"PK")):
        answer = browse(cast.office).get(f"/reports/{version.report_id}/files/1/{suffix}/")
        assert b"".join(answer.streaming_content).startswith(begins)
        assert answer["Content-Disposition"].startswith("attachment")
    events = AuditEvent.objects.filter(code="reports.report.download", actor=cast.office)
    assert sorted(event.detail["file"] for event in events) == ["docx", "pdf", "xlsx"]


def test_files_of_a_draft_are_not_for_departments(
    cast: Cast, browse: Browse, compiled: Compiled
) -> None:
    version = compiled()
    url = f"/reports/{version.report_id}/files/1/pdf/"
    assert browse(cast.liaison).get(url).status_code == 404
    assert browse(cast.office).get(url.replace("pdf", "exe")).status_code == 404
    assert browse(cast.office).get(url.replace("files/1", "files/2")).status_code == 404
    assert not AuditEvent.objects.filter(code="reports.report.download").exists()


def test_a_figure_leads_to_the_entry_it_came_from(
    cast: Cast, browse: Browse, compiled: Compiled
) -> None:
    version = compiled()
    page = browse(cast.office).get(f"/reports/{version.report_id}/").content.decode()
    assert "下载 Word（第 1 版）" in page
    assert "下载 Excel 附表（第 1 版）" in page
    assert f'href="/reports/{version.report_id}/facts/?version=1"' in page
    page = browse(cast.office).get(f"/reports/{version.report_id}/facts/").content.decode()
    assert f'<a href="/entries/{cast.entry_approved.pk}/">市科协：' in page


def test_a_new_version_says_what_changed(cast: Cast, browse: Browse, compiled: Compiled) -> None:
    compiled()
    add_measures(cast, 1)
    version = compiled()
    page = browse(cast.office).get(f"/reports/{version.report_id}/").content.decode()
    assert "与第 1 版相比" in page
    assert "年度任务项数" in page
    old = browse(cast.office).get(f"/reports/{version.report_id}/?version=1").content.decode()
    assert "第 1 版的数字和来源" in old
    assert browse(cast.office).get(f"/reports/{version.report_id}/?version=9").status_code == 404


def test_a_page_of_many_figures_costs_as_many_queries_as_one_of_few(
    cast: Cast, browse: Browse, compiled: Compiled
) -> None:
    counts = []
    for more in (60, 20):
        add_measures(cast, more)
        Report.objects.filter(year=YEAR).delete()
        version = compiled()
        browser = browse(cast.office)
        browser.get("/reports/")
        with CaptureQueriesContext(connection) as queries:
            browser.get(f"/reports/{version.report_id}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
