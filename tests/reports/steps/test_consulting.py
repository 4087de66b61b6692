"""征求意见: who is asked, who may answer, what the office says to it, and sending back."""

from datetime import timedelta

import pytest

from core.errors import DomainError, NotAllowed
from core.models import AuditEvent, Notice
from departments.models import Department
from reports import services
from reports.models import Opinion, Outline, Report, ReportTransition, SectionText
from reports.selectors.concerns import newest_version, words_of
from reports.services.outlines import as_rows, chosen_parts
from reports.services.requests import locked
from tests.cast import Cast
from tests.cast_story import NOW
from tests.reports.steps.given import (
    AFTER,
    TODAY,
    UNTIL,
    answered,
    approved,
    association,
    consulting,
    drafted,
    version_of,
)

pytestmark = pytest.mark.django_db
State, Answer = Opinion.State, Opinion.Answer


def told(person: object) -> list[str]:
    """Return what a person was told of reports, oldest first."""
    rows = Notice.objects.filter(person=person, view="report").order_by("id")
    return list(rows.values_list("text", flat=True))


def steps(report: Report) -> list[tuple[str, str, str]]:
    rows = ReportTransition.objects.filter(report=report).order_by("id")
    return list(rows.values_list("verb", "source", "target"))


def test_every_unit_that_the_draft_rests_on_is_asked_and_told(cast: Cast) -> None:
    report = consulting(cast)
    opinions = Opinion.objects.filter(report=report)
    asked = [cast.education, cast.finance, cast.association]
    assert [one.department for one in opinions] == asked
    assert {one.state for one in opinions} == {State.WAITING}
    assert (report.state, report.consult_until) == (Report.State.CONSULTING, UNTIL)
    for person in (cast.liaison, cast.head, cast.liaison_finance, cast.double):
        assert told(person) == ["2024 年度报告征求意见，请于 2024-07-17前反馈。"]
    assert told(cast.leader) == ["2024 年度报告正在征求成员单位意见，2024-07-17截止。"]
    assert told(cast.liaison_b) == told(cast.client) == []
    assert steps(report) == [("consult", "draft", "consulting")]
    event = AuditEvent.objects.get(code="reports.report.consult")
    assert event.detail["units"] == [one.pk for one in asked]


def test_the_office_may_ask_further_units_of_its_region_only(cast: Cast) -> None:
    report = drafted(cast)
    with pytest.raises(DomainError, match="不是本地区现有的单位") as refused:
        services.consult(report, UNTIL, by=cast.office, now=NOW, units=[cast.education_b])
    assert list(refused.value.fields) == ["units"]
    assert not Opinion.objects.exists()
    more = Department.objects.create(region=cast.city_a, name="市司法局", kind="government")
    services.consult(report, UNTIL, by=cast.office, now=NOW, units=[more, cast.education])
    assert Opinion.objects.filter(report=report).count() == 4


def test_the_summary_of_a_unit_is_shown_to_that_unit_alone(cast: Cast) -> None:
    report = drafted(cast)
    Report.objects.filter(pk=report.pk).update(kind="department", department=cast.finance)
    version_of(locked(report), newest_version(report).facts)
    services.consult(locked(report), UNTIL, by=cast.office, now=NOW)
    assert [one.department for one in Opinion.objects.all()] == [cast.finance]


@pytest.mark.parametrize("person", ["liaison", "head", "leader", "office_b", "office_province"])
def test_only_the_office_opens_a_consultation(cast: Cast, person: str) -> None:
    report = drafted(cast)
    with pytest.raises(NotAllowed):
        services.consult(report, UNTIL, by=getattr(cast, person), now=NOW)
    assert not steps(report)


def test_a_day_gone_by_is_refused_at_its_field(cast: Cast) -> None:
    with pytest.raises(DomainError, match="今天或以后") as refused:
        services.consult(drafted(cast), TODAY - timedelta(days=1), by=cast.office, now=NOW)
    assert list(refused.value.fields) == ["until"]


def test_a_draft_without_a_version_or_with_newer_text_is_not_sent_out(cast: Cast) -> None:
    with pytest.raises(DomainError, match="还没有生成过"):
        services.consult(cast.report_draft, UNTIL, by=cast.office, now=NOW)
    report = drafted(cast)
    SectionText.objects.create(
        report=report, key="work", blocks=[], written="0" * 64, by=cast.office
    )
    with pytest.raises(DomainError, match="请先重新排版"):
        services.consult(report, UNTIL, by=cast.office, now=NOW)
    SectionText.objects.all().delete()
    rows = as_rows(chosen_parts(report))[::-1]
    Outline.objects.create(plan=cast.plan, kind="annual", sections=rows, by=cast.office)
    with pytest.raises(DomainError, match="请先重新排版"):
        services.consult(report, UNTIL, by=cast.office, now=NOW)


def test_pressing_twice_asks_once(cast: Cast) -> None:
    report = consulting(cast)
    services.consult(report, UNTIL, by=cast.office, now=NOW)
    assert Opinion.objects.count() == 3
    assert len(steps(report)) == 1
    with pytest.raises(NotAllowed, match="征求意见"):
        services.consult(report, UNTIL + timedelta(days=1), by=cast.office, now=NOW)


# --- Answering -----------------------------------------------------------------------------
def test_a_unit_agrees_and_the_office_hears_when_all_have_answered(cast: Cast) -> None:
    report = consulting(cast)
    services.respond(report, State.AGREED, by=cast.head, now=NOW)
    services.respond(report, State.AGREED, by=cast.liaison_finance, now=NOW)
    assert told(cast.office) == []
    services.respond(report, State.AGREED, by=association(cast), now=NOW)
    assert told(cast.office) == ["2024 年度报告征求意见，各单位都已反馈。"]
    assert told(cast.leader)[-1] == "2024 年度报告征求意见，各单位都已反馈。"
    row = Opinion.objects.get(department=cast.education)
    assert (row.state, row.by, row.version.number) == (State.AGREED, cast.head, 1)


def test_a_comment_is_told_to_the_office_and_may_be_changed_until_the_date(cast: Cast) -> None:
    report = consulting(cast)
    services.respond(report, State.COMMENTED, "第二段请改为已建成。", by=cast.liaison, now=NOW)
    assert told(cast.office) == ["市教育局对2024 年度报告有意见，请研究答复。"]
    services.respond(report, State.COMMENTED, "第二段请改为在建。", by=cast.head, now=NOW)
    row = Opinion.objects.get(department=cast.education)
    assert (row.text, row.by) == ("第二段请改为在建。", cast.head)
    with pytest.raises(NotAllowed, match="截止日期已过"):
        services.respond(report, State.AGREED, by=cast.liaison, now=AFTER)


def test_a_first_answer_that_comes_late_is_still_heard(cast: Cast) -> None:
    services.respond(consulting(cast), State.AGREED, by=cast.liaison, now=AFTER)
    assert Opinion.objects.get(department=cast.education).state == State.AGREED


def test_answering_twice_is_one_answer(cast: Cast) -> None:
    report = consulting(cast)
    for _press in range(2):
        services.respond(report, State.COMMENTED, "请改。", by=cast.liaison, now=NOW)
    assert [verb for verb, *_rest in steps(report)] == ["consult", "respond"]


@pytest.mark.parametrize(
    ("state", "text", "field", "sentence"),
    [
        (State.COMMENTED, " ", "text", "请写明意见"),
        (State.COMMENTED, "长" * 5001, "text", "最多 5000 字，现有 5001 字"),
        (State.AGREED, "有一处要改", "text", "选“无意见”时不用写意见"),
        ("waiting", "", "state", "请选"),
    ],
)
def test_an_opinion_without_sense_is_told_at_its_field(
    cast: Cast, state: str, text: str, field: str, sentence: str
) -> None:
    report = consulting(cast)
    with pytest.raises(DomainError, match=sentence) as refused:
        services.respond(report, state, text, by=cast.liaison, now=NOW)
    assert list(refused.value.fields) == [field]
    assert Opinion.objects.filter(state=State.WAITING).count() == 3


@pytest.mark.parametrize("person", ["liaison_finance", "liaison_b", "office", "leader"])
def test_who_was_not_asked_has_no_say(cast: Cast, person: str) -> None:
    report = consulting(cast)
    Opinion.objects.filter(department=cast.finance).delete()
    with pytest.raises(NotAllowed):
        services.respond(report, State.AGREED, by=getattr(cast, person), now=NOW)
    assert Opinion.objects.filter(state=State.WAITING).count() == 2


def test_nobody_answers_a_draft_or_an_approved_report(cast: Cast) -> None:
    report = approved(cast)
    with pytest.raises(NotAllowed, match="已审定"):
        services.respond(report, State.COMMENTED, "晚了", by=cast.liaison, now=NOW)


# --- The office's answers ------------------------------------------------------------------
def commented(cast: Cast) -> Opinion:
    report = consulting(cast)
    return services.respond(report, State.COMMENTED, "请改第二段。", by=cast.liaison, now=NOW)


def test_the_office_answers_a_comment_and_the_unit_hears(cast: Cast) -> None:
    row = commented(cast)
    services.answer(row.report, row.pk, Answer.PARTLY, "数字不变。", by=cast.office, now=NOW)
    row.refresh_from_db()
    assert (row.answer, row.answer_text, row.answered_by) == ("partly", "数字不变。", cast.office)
    assert told(cast.liaison)[-1] == "您单位对2024 年度报告的意见：部分采纳。"
    services.answer(row.report, row.pk, Answer.PARTLY, "数字不变。", by=cast.office_2, now=NOW)
    assert ReportTransition.objects.filter(verb="answer").count() == 1


def test_a_comment_that_changes_wants_a_new_answer(cast: Cast) -> None:
    row = commented(cast)
    services.answer(row.report, row.pk, Answer.TAKEN, by=cast.office, now=NOW)
    services.respond(row.report, State.COMMENTED, "还有第三段。", by=cast.liaison, now=NOW)
    row.refresh_from_db()
    assert (row.answer, row.answered_by) == ("", None)


@pytest.mark.parametrize(
    ("answer", "text", "field"),
    [(Answer.NOT_TAKEN, "", "text"), (Answer.PARTLY, " ", "text"), ("maybe", "x", "answer")],
)
def test_an_answer_says_what_and_why(cast: Cast, answer: str, text: str, field: str) -> None:
    row = commented(cast)
    with pytest.raises(DomainError) as refused:
        services.answer(row.report, row.pk, answer, text, by=cast.office, now=NOW)
    assert list(refused.value.fields) == [field]


def test_only_a_comment_on_this_report_is_answered_and_only_by_the_office(cast: Cast) -> None:
    row = commented(cast)
    silent = Opinion.objects.get(department=cast.association)
    for pk in (silent.pk, 10**6):
        with pytest.raises(DomainError, match="没有这条意见"):
            services.answer(row.report, pk, Answer.TAKEN, by=cast.office, now=NOW)
    for person in (cast.liaison, cast.leader, cast.office_b):
        with pytest.raises(NotAllowed):
            services.answer(row.report, row.pk, Answer.TAKEN, by=person, now=NOW)


# --- Sending back --------------------------------------------------------------------------
def test_a_report_is_sent_back_with_a_reason_and_asked_about_again(cast: Cast) -> None:
    report = answered(cast)
    services.redraft(report, "补充县区情况。", by=cast.leader, now=NOW)
    assert locked(report).state == Report.State.DRAFT
    assert told(cast.office)[-1] == "2024 年度报告退回起草：补充县区情况。"
    services.consult(report, UNTIL, by=cast.office, now=NOW)
    assert sorted(Opinion.objects.values_list("round", "state")) == [
        *[(1, "agreed")] * 3,
        *[(2, "waiting")] * 3,
    ]


def test_invitations_that_nobody_read_are_taken_back(cast: Cast) -> None:
    report = consulting(cast)
    Notice.objects.filter(person=cast.head).update(read_at=NOW)
    services.redraft(report, "补充县区情况。", by=cast.office, now=NOW)
    assert told(cast.liaison) == []
    assert told(cast.head)[-1] == "2024 年度报告退回起草或撤回，这一轮不用再反馈。"


def test_what_was_registered_falls_away_with_an_approval(cast: Cast) -> None:
    report = approved(cast)
    Report.objects.filter(pk=report.pk).update(
        issued_on=TODAY, document_number="测科协〔2024〕8号", head_mark="测试市科协文件"
    )
    services.redraft(report, "会议要求重写。", by=cast.office, now=NOW)
    now = locked(report)
    assert (now.issued_on, now.document_number, now.head_mark) == (None, "", "")
    event = AuditEvent.objects.get(code="reports.report.redraft")
    assert event.detail["document_number"] == "测科协〔2024〕8号"


@pytest.mark.parametrize("person", ["liaison", "office_b"])
def test_units_and_other_offices_send_nothing_back(cast: Cast, person: str) -> None:
    report = consulting(cast)
    with pytest.raises(NotAllowed):
        services.redraft(report, "不同意。", by=getattr(cast, person), now=NOW)
    with pytest.raises(DomainError, match="请写明理由"):
        services.redraft(report, " ", by=cast.office, now=NOW)


# --- What concerns a unit ------------------------------------------------------------------
def test_a_unit_reads_its_own_words_in_the_order_of_the_plan(cast: Cast) -> None:
    report = drafted(cast)
    version = newest_version(report)
    mine = words_of(version, cast.education.pk, TODAY)
    assert {one.entry["unit"] for one in mine if one.entry} == {"市教育局"}
    assert [one.task for one in mine if one.gathers] == [cast.task_1.title, cast.task_2.title]
    (other,) = words_of(version, cast.finance.pk, TODAY)
    assert (other.entry["unit"], other.gathers) == ("市财政局", False)


def test_the_bearer_of_a_unit_s_work_is_asked_in_its_place(cast: Cast) -> None:
    report = drafted(cast)
    heir = Department.objects.create(
        region=cast.city_a, name="市教育体育局", kind="government", valid_from=TODAY
    )
    cast.education.successions.create(
        new=heir, kind="rename", on=TODAY, confirmed_at=NOW, confirmed_by=cast.office
    )
    services.consult(report, UNTIL, by=cast.office, now=NOW)
    assert {one.department for one in Opinion.objects.all()} == {
        cast.association,
        cast.finance,
        heir,
    }
    assert words_of(newest_version(report), heir.pk, TODAY)
