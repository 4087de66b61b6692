"""审定 to 报送: what has to be in order first, and what each step locks."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.errors import NotAllowed
from core.models import AuditEvent, Job
from reports import facts, services
from reports.models import (
    Opinion,
    Report,
    ReportTransition,
    ReportVersion,
    SectionText,
)
from reports.selectors.concerns import newest_version
from reports.selectors.sections import sections_of
from reports.services.outlines import as_rows, chosen_parts, reset_outline, set_outline
from reports.services.requests import locked
from reports.services.texts import editable
from reports.workflow import TYPESET
from tasks.models import Period
from tasks.services import periods
from tests.cast import Cast
from tests.cast_story import NOW
from tests.reports.compile.working import YEAR
from tests.reports.steps.given import (
    AFTER,
    BASIS,
    TODAY,
    UNTIL,
    answered,
    approved,
    consulting,
    drafted,
    issued,
    last_step,
    print_files,
    refused,
    stamped,
    version_of,
)

pytestmark = pytest.mark.django_db


# --- 审定 ----------------------------------------------------------------------------------
@pytest.mark.parametrize("person", ["office", "leader"])
def test_a_report_is_approved_with_its_basis(cast: Cast, person: str) -> None:
    report = approved(cast, by=getattr(cast, person))
    step = last_step(report)
    assert (report.state, step.note, step.version.number) == (Report.State.APPROVED, BASIS, 1)
    assert AuditEvent.objects.filter(code="reports.report.approve").count() == 1
    services.approve(report, BASIS, by=getattr(cast, person), now=NOW)
    assert ReportTransition.objects.filter(report=report, verb="approve").count() == 1


@pytest.mark.parametrize("person", ["liaison", "head", "office_b", "office_province"])
def test_units_and_other_places_approve_nothing(cast: Cast, person: str) -> None:
    report = answered(cast)
    with pytest.raises(NotAllowed):
        services.approve(report, BASIS, by=getattr(cast, person), now=NOW)
    assert locked(report).state == Report.State.CONSULTING


def test_silent_units_hinder_until_their_date_has_passed(cast: Cast) -> None:
    report = consulting(cast)
    problem = refused(
        lambda: services.approve(report, BASIS, by=cast.office, now=NOW),
        "还有 3 个单位没有反馈，截止日期是 2024-07-17：市教育局、市财政局、市科协。",
    )
    assert list(problem.fields) == ["basis"]
    assert services.approve(report, BASIS, by=cast.office, now=AFTER).state == "approved"


def test_a_comment_without_an_answer_hinders_even_after_the_date(cast: Cast) -> None:
    report = consulting(cast)
    row = services.respond(report, Opinion.State.COMMENTED, "请改。", by=cast.liaison, now=NOW)
    approve = lambda: services.approve(report, BASIS, by=cast.office, now=AFTER)  # noqa: E731
    refused(approve, "还有 1 条意见没有答复：市教育局")
    services.answer(report, row.pk, Opinion.Answer.TAKEN, by=cast.office, now=AFTER)
    assert approve().state == "approved"


def test_a_report_in_a_worker_s_hands_is_not_approved(cast: Cast) -> None:
    report = answered(cast)
    services.typeset(report, by=cast.office)
    refused(lambda: services.approve(report, BASIS, by=cast.office, now=NOW), "正在生成")


def test_text_edited_after_the_newest_version_hinders(cast: Cast) -> None:
    report = answered(cast)
    SectionText.objects.create(
        report=report, key="work", blocks=[], written="0" * 64, by=cast.office
    )
    approve = lambda: services.approve(report, BASIS, by=cast.office, now=NOW)  # noqa: E731
    refused(approve, "第 1 版之后又改过正文或提纲")
    version_of(report, newest_version(report).facts)
    assert approve().state == "approved"


def test_a_section_put_back_to_the_text_by_rule_hinders(cast: Cast) -> None:
    report = drafted(cast)
    shown = editable(newest_version(report), "problems")
    services.edit_section(report, "problems", {}, "另写。", seen=shown.seen, by=cast.office)
    version_of(report, newest_version(report).facts)
    seen = editable(newest_version(report), "problems").seen
    services.restore_section(report, "problems", seen=seen, by=cast.office)
    consult = lambda: services.consult(report, UNTIL, by=cast.office, now=NOW)  # noqa: E731
    refused(consult, "第 2 版之后又改过正文或提纲")
    assert [one.key for one in sections_of(newest_version(report)) if one.waits] == ["problems"]
    version_of(report, newest_version(report).facts)
    assert consult().state == "consulting"


def test_an_outline_hinders_that_was_reset_or_changed_while_a_worker_wrote(cast: Cast) -> None:
    report = answered(cast)
    approve = lambda: services.approve(report, BASIS, by=cast.office, now=NOW)  # noqa: E731
    parts = as_rows(chosen_parts(report))
    titled = [row | {"title": row["title"] and f"{row['title']}等"} for row in parts]
    set_outline(cast.plan, "annual", titled, by=cast.office)
    # The worker had read the outline before.
    ReportVersion.objects.filter(report=report).update(compiled_at=timezone.now())
    refused(approve, "第 1 版之后又改过正文或提纲")
    version_of(report, newest_version(report).facts)
    reset_outline(cast.plan, "annual", by=cast.office)
    refused(approve, "第 2 版之后又改过正文或提纲")
    set_outline(cast.plan, "annual", titled, by=cast.office)
    assert approve().state == "approved", "it is again what the version was made with"


def test_totals_that_their_parts_do_not_bear_out_hinder(cast: Cast) -> None:
    report = answered(cast)
    version = newest_version(report)
    version.facts["figures"]["plan.measures"]["value"] = "40"
    version.sha256 = facts.sha256(version.facts)
    version.save()
    refused(
        lambda: services.approve(report, BASIS, by=cast.office, now=NOW),
        "“具体措施条数”写的是 40，按明细重新计算是 ",
    )


def test_facts_changed_behind_the_portal_s_back_hinder(cast: Cast) -> None:
    report = answered(cast)
    ReportVersion.objects.filter(report=report).update(sha256="0" * 64)
    refused(lambda: services.approve(report, BASIS, by=cast.office, now=NOW), "校验值不一致")


def test_nothing_is_approved_without_saying_by_whom(cast: Cast) -> None:
    report = answered(cast)
    problem = refused(lambda: services.approve(report, " ", by=cast.office, now=NOW), "由谁审定")
    assert list(problem.fields) == ["basis"]


# --- Number and date -----------------------------------------------------------------------
def test_number_and_date_are_registered_and_printed(cast: Cast) -> None:
    report = services.stamp(
        approved(cast), TODAY, " 测科协[2024]第08号 ", "测试市科协文件", by=cast.office, now=NOW
    )
    assert (report.document_number, report.head_mark, report.issued_on) == (
        "测科协〔2024〕8号",
        "测试市科协文件",
        TODAY,
    )
    assert Job.objects.get(kind=TYPESET).created_by == cast.office
    assert last_step(report).note == "测科协〔2024〕8号，2024-07-10，测试市科协文件"
    services.stamp(report, TODAY, "测科协〔2024〕8号", "测试市科协文件", by=cast.office, now=NOW)
    assert ReportTransition.objects.filter(verb="stamp").count() == 1
    refused(lambda: services.stamp(report, TODAY, "另一号", by=cast.office, now=NOW), "正在生成")


def test_a_report_without_a_number_has_a_date_alone(cast: Cast) -> None:
    report = services.stamp(approved(cast), TODAY, by=cast.office, now=NOW)
    assert (report.document_number, report.head_mark) == ("", "")


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"head_mark": "测试市科协文件"}, "head_mark", "红头须有发文字号"),
        ({"issued_on": TODAY + timedelta(days=1)}, "issued_on", "还没有到"),
        ({"issued_on": TODAY - timedelta(days=400)}, "issued_on", "成文日期不能更早"),
        ({"document_number": "长" * 61}, "document_number", "最多 60 字"),
        ({"document_number": "测科协2024-8"}, "document_number", "由机关代字、年份和序号组成"),
        ({"document_number": "测科协〔2024〕0号"}, "document_number", "由机关代字"),
    ],
)
def test_what_cannot_be_registered_is_told_at_its_field(
    cast: Cast, given: dict[str, Any], field: str, sentence: str
) -> None:
    report = approved(cast)
    deed = lambda: services.stamp(  # noqa: E731
        report, **{"issued_on": TODAY} | given, by=cast.office, now=NOW
    )
    assert list(refused(deed, sentence).fields) == [field]
    assert not Job.objects.filter(kind=TYPESET).exists()


def test_a_leader_registers_nothing(cast: Cast) -> None:
    report = approved(cast)
    with pytest.raises(NotAllowed, match="本地区纲要办"):
        services.stamp(report, TODAY, by=cast.leader, now=NOW)


# --- 印发 ----------------------------------------------------------------------------------
def test_issuing_locks_the_report_and_the_periods_that_it_rests_on(cast: Cast) -> None:
    report = issued(cast)
    assert report.state == Report.State.ISSUED
    states = dict(Period.objects.filter(year=YEAR).values_list("name", "state"))
    assert set(states.values()) == {"frozen"}
    event = AuditEvent.objects.get(code="reports.report.issue")
    assert event.detail["periods"] == [cast.earlier.pk, cast.period.pk]
    services.issue(report, by=cast.office, now=NOW)
    assert AuditEvent.objects.filter(code="reports.report.issue").count() == 1


def test_an_open_period_hinders_with_its_name_and_what_to_do(cast: Cast) -> None:
    report = stamped(cast)
    sentence = f"“{cast.period.name}”还是“填报中”，请先在填报期页截止，再印发。"
    refused(lambda: services.issue(report, by=cast.office, now=NOW), sentence)
    assert locked(report).state == Report.State.APPROVED
    assert not Period.objects.filter(state="frozen").exists()


def test_a_period_that_is_frozen_already_or_was_never_opened_is_no_hindrance(cast: Cast) -> None:
    report = stamped(cast)
    periods.close_period(cast.period, by=cast.office, now=NOW)
    periods.freeze(cast.earlier, "先归档", by=cast.office, now=NOW)
    Period.objects.create(
        region=cast.city_a, name="没有启动", year=YEAR, starts=TODAY - timedelta(days=90),
        ends=TODAY - timedelta(days=60), opens_on=TODAY, due_on=TODAY, closes_on=TODAY,
    )  # fmt: skip
    assert services.issue(report, by=cast.office, now=NOW).state == "issued"
    assert Period.objects.get(name="没有启动").state == "scheduled"


def test_a_report_without_its_date_in_the_files_is_not_issued(cast: Cast) -> None:
    report = approved(cast)
    periods.close_period(cast.period, by=cast.office, now=NOW)
    issue = lambda: services.issue(report, by=cast.office, now=NOW)  # noqa: E731
    refused(issue, "请先登记成文日期")
    services.stamp(report, TODAY, "测科协〔2024〕1号", by=cast.office, now=NOW)
    refused(issue, "正在按登记的文号和日期排版")
    services.cancel(report, by=cast.office)
    refused(issue, "请重新登记一次")
    services.stamp(report, TODAY, "测科协〔2024〕1号", by=cast.office, now=NOW)
    print_files(report)
    assert issue().state == "issued"


def test_only_the_office_issues(cast: Cast) -> None:
    report = stamped(cast)
    for person in (cast.leader, cast.liaison, cast.office_b):
        with pytest.raises(NotAllowed):
            services.issue(report, by=person, now=NOW)


def test_an_issued_report_is_changed_by_nobody(cast: Cast) -> None:
    report = issued(cast)
    for deed in (
        lambda: services.recompile(report, by=cast.office),
        lambda: services.typeset(report, by=cast.office),
        lambda: services.redraft(report, "改一改", by=cast.leader, now=NOW),
        lambda: services.stamp(report, TODAY, "测科协〔2024〕2号", by=cast.office, now=NOW),
        lambda: services.approve(report, "再审", by=cast.leader, now=NOW),
    ):
        with pytest.raises(NotAllowed, match="已印发"):
            deed()


# --- 报送 ----------------------------------------------------------------------------------
def test_sending_up_is_recorded_as_often_as_it_happens(cast: Cast) -> None:
    report = issued(cast)
    for whom in ("省全民科学素质纲要办", "省全民科学素质纲要办", "市委办公室"):
        services.send_up(report, whom, TODAY, by=cast.office, now=NOW)
    notes = ReportTransition.objects.filter(report=report, verb="send_up").values_list("note")
    assert [note for (note,) in notes] == [
        "2024-07-10报送省全民科学素质纲要办",
        "2024-07-10报送市委办公室",
    ]


@pytest.mark.parametrize(
    ("recipient", "days", "field"),
    [("", 0, "recipient"), ("省", 1, "sent_on"), ("省", -1, "sent_on")],
)
def test_a_sending_that_cannot_have_been_is_refused(
    cast: Cast, recipient: str, days: int, field: str
) -> None:
    report = issued(cast)
    day = TODAY + timedelta(days=days)
    problem = refused(
        lambda: services.send_up(report, recipient, day, by=cast.office, now=NOW), "."
    )
    assert list(problem.fields) == [field]
