"""代录: the office registers what a unit said outside the portal, until the unit speaks itself."""

import pytest
from django.db import IntegrityError, transaction

from core.errors import DomainError, NotAllowed
from core.models import AuditEvent, Notice
from departments.models import Department
from reports import services
from reports.models import Opinion, Report, ReportTransition
from tests.cast import Cast
from tests.cast_story import NOW
from tests.reports.steps.given import (
    AFTER,
    BASIS,
    UNTIL,
    answered,
    approved,
    consulting,
)

pytestmark = pytest.mark.django_db
State, Answer = Opinion.State, Opinion.Answer
PAPER = "书面回复，2024年7月12日"
WORDS = "第二段请改为在建。"


def told(person: object) -> list[str]:
    """Return what a person was told of reports, oldest first."""
    rows = Notice.objects.filter(person=person, view="report").order_by("id")
    return list(rows.values_list("text", flat=True))


def of(report: Report, unit: Department) -> Opinion:
    """Return what a unit said in the last round, as it is now."""
    return Opinion.objects.filter(report=report, department=unit).latest("round")


def taken(report: Report, verb: str) -> int:
    return ReportTransition.objects.filter(report=report, verb=verb).count()


@pytest.fixture
def report(cast: Cast) -> Report:
    return consulting(cast)


@pytest.fixture
def commented(cast: Cast, report: Report) -> Opinion:
    """Return the comment of 市教育局 that the office registered."""
    pk = of(report, cast.education).pk
    return services.record(report, pk, State.COMMENTED, WORDS, PAPER, by=cast.office, now=NOW)


def test_the_office_registers_what_a_unit_said_and_how(cast: Cast, commented: Opinion) -> None:
    row = of(commented.report, cast.education)
    assert (row.state, row.text, row.source) == (State.COMMENTED, WORDS, PAPER)
    assert (row.by, row.at, row.version.number) == (cast.office, NOW, 1)
    step = ReportTransition.objects.get(verb="record")
    assert (step.source, step.target, step.by) == ("consulting", "consulting", cast.office)
    assert step.note == f"市教育局：有意见（{PAPER}）"
    event = AuditEvent.objects.get(code="reports.report.record")
    assert (event.detail["opinion"], event.detail["source"]) == (row.pk, PAPER)


def test_the_people_of_the_unit_and_the_other_staff_of_the_office_hear(
    cast: Cast, commented: Opinion
) -> None:
    sentence = f"纲要办代录了您单位的意见：2024 年度报告，有意见（{PAPER}）。"
    assert told(cast.liaison)[-1] == told(cast.head)[-1] == sentence
    assert told(cast.office_2) == ["市教育局对2024 年度报告有意见，请研究答复。"]
    assert told(cast.office) == []
    assert sentence not in told(cast.liaison_finance)


def test_a_report_is_approved_where_no_unit_has_an_account(cast: Cast, report: Report) -> None:
    for row in Opinion.objects.filter(report=report):
        services.record(report, row.pk, State.AGREED, "", PAPER, by=cast.office, now=NOW)
    assert told(cast.leader)[-1] == "2024 年度报告征求意见，各单位都已反馈。"
    assert told(cast.office_2) == ["2024 年度报告征求意见，各单位都已反馈。"]
    assert services.approve(report, BASIS, by=cast.leader, now=NOW).state == "approved"


def test_a_registered_comment_wants_an_answer_like_any_other(
    cast: Cast, commented: Opinion
) -> None:
    report = commented.report
    with pytest.raises(DomainError, match=r"还有 1 条意见没有答复：市教育局"):
        services.approve(report, BASIS, by=cast.leader, now=AFTER)
    services.answer(report, commented.pk, Answer.TAKEN, by=cast.office, now=NOW)
    assert services.approve(report, BASIS, by=cast.leader, now=AFTER).state == "approved"


def test_a_letter_that_comes_after_the_date_is_registered(cast: Cast, report: Report) -> None:
    pk = of(report, cast.finance).pk
    services.record(report, pk, State.AGREED, "", PAPER, by=cast.office, now=AFTER)
    assert of(report, cast.finance).state == State.AGREED


def test_registering_the_same_twice_is_one_step(cast: Cast, commented: Opinion) -> None:
    report = commented.report
    again = (State.COMMENTED, f" {WORDS} ", f"{PAPER} ")
    services.record(report, commented.pk, *again, by=cast.office_2, now=AFTER)
    row = of(report, cast.education)
    assert (taken(report, "record"), row.by, row.at) == (1, cast.office, NOW)
    assert len(told(cast.liaison)) == 2, "the invitation, and one word of what was registered"


def test_what_was_registered_is_put_right(cast: Cast, commented: Opinion) -> None:
    report = commented.report
    services.answer(report, commented.pk, Answer.TAKEN, by=cast.office, now=NOW)
    call = "电话，2024年7月12日"
    services.record(report, commented.pk, State.COMMENTED, WORDS, call, by=cast.office_2, now=NOW)
    row = of(report, cast.education)
    assert (row.source, row.by, row.answer) == (call, cast.office_2, "taken")
    assert told(cast.office) == [], "the same comment is not told as a new one"
    services.record(report, row.pk, State.COMMENTED, "第三段。", call, by=cast.office_2, now=NOW)
    row = of(report, cast.education)
    assert (row.text, row.answer, row.answered_by) == ("第三段。", "", None)
    assert told(cast.office) == ["市教育局对2024 年度报告有意见，请研究答复。"]


# --- The unit's own word -------------------------------------------------------------------
def test_the_unit_s_own_answer_takes_the_place_of_the_registered_one(
    cast: Cast, commented: Opinion
) -> None:
    report = commented.report
    services.answer(report, commented.pk, Answer.TAKEN, by=cast.office, now=NOW)
    services.respond(report, State.AGREED, by=cast.liaison, now=NOW)
    row = of(report, cast.education)
    assert (row.state, row.text, row.source) == (State.AGREED, "", "")
    assert (row.by, row.answer) == (cast.liaison, "")


def test_a_unit_that_says_the_same_makes_it_its_own_and_keeps_the_answer(
    cast: Cast, commented: Opinion
) -> None:
    report = commented.report
    services.answer(report, commented.pk, Answer.TAKEN, by=cast.office, now=NOW)
    services.respond(report, State.COMMENTED, WORDS, by=cast.head, now=NOW)
    row = of(report, cast.education)
    assert (row.source, row.by, row.answer) == ("", cast.head, "taken")
    assert taken(report, "respond") == 1


def test_a_unit_corrects_what_was_registered_even_after_the_date(
    cast: Cast, commented: Opinion
) -> None:
    report = commented.report
    services.respond(report, State.AGREED, by=cast.liaison, now=AFTER)
    assert of(report, cast.education).by_unit
    with pytest.raises(NotAllowed, match="截止日期已过"):
        services.respond(report, State.COMMENTED, WORDS, by=cast.liaison, now=AFTER)


def test_the_office_does_not_write_over_what_a_unit_said_itself(cast: Cast, report: Report) -> None:
    services.respond(report, State.AGREED, by=cast.liaison, now=NOW)
    pk = of(report, cast.education).pk
    with pytest.raises(NotAllowed, match="市教育局已经自己反馈了意见，不能代录"):
        services.record(report, pk, State.COMMENTED, WORDS, PAPER, by=cast.office, now=NOW)
    row = of(report, cast.education)
    assert (row.state, row.by, taken(report, "record")) == (State.AGREED, cast.liaison, 0)


def test_a_changed_comment_is_told_after_all_have_answered_too(cast: Cast) -> None:
    report = answered(cast)
    services.respond(report, State.COMMENTED, WORDS, by=cast.liaison, now=NOW)
    assert told(cast.office)[-1] == "市教育局对2024 年度报告有意见，请研究答复。"
    assert told(cast.leader).count("2024 年度报告征求意见，各单位都已反馈。") == 1


# --- What is refused -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "text", "source", "field", "sentence"),
    [
        (State.AGREED, "", " ", "source", "请写明反馈方式"),
        (State.AGREED, "", "长" * 201, "source", "最多 200 字，现有 201 字"),
        (State.COMMENTED, "", PAPER, "text", "请写明意见"),
        (State.AGREED, WORDS, PAPER, "text", "选“无意见”时不用写意见"),
        ("waiting", "", PAPER, "state", "请选"),
    ],
)
def test_a_record_without_sense_is_told_at_its_field(
    cast: Cast, report: Report, state: str, text: str, source: str, field: str, sentence: str
) -> None:
    pk = of(report, cast.education).pk
    with pytest.raises(DomainError, match=sentence) as refused:
        services.record(report, pk, state, text, source, by=cast.office, now=NOW)
    assert list(refused.value.fields) == [field]
    assert of(report, cast.education).state == State.WAITING


@pytest.mark.parametrize(
    "person", ["liaison", "head", "liaison_finance", "leader", "office_b", "office_province"]
)
def test_only_the_office_of_the_region_registers(cast: Cast, report: Report, person: str) -> None:
    pk = of(report, cast.education).pk
    with pytest.raises(NotAllowed):
        services.record(report, pk, State.AGREED, "", PAPER, by=getattr(cast, person), now=NOW)
    assert of(report, cast.education).state == State.WAITING


def test_only_a_unit_that_was_asked_in_this_round(cast: Cast, report: Report) -> None:
    old = of(report, cast.education).pk
    services.redraft(report, "补充县区情况。", by=cast.office, now=NOW)
    services.consult(report, UNTIL, by=cast.office, now=NOW)
    for pk in (old, 10**6):
        with pytest.raises(DomainError, match="这一轮没有征求这个单位的意见") as refused:
            services.record(report, pk, State.AGREED, "", PAPER, by=cast.office, now=NOW)
        assert list(refused.value.fields) == ["opinion"]
    assert Opinion.objects.exclude(state=State.WAITING).count() == 0


def test_nothing_is_registered_before_or_after_the_consultation(cast: Cast) -> None:
    report = approved(cast)
    pk = of(report, cast.education).pk
    with pytest.raises(NotAllowed, match="已审定"):
        services.record(report, pk, State.AGREED, "", PAPER, by=cast.office, now=NOW)
    services.redraft(report, "再改", by=cast.office, now=NOW)
    with pytest.raises(NotAllowed, match="起草"):
        services.record(report, pk, State.AGREED, "", PAPER, by=cast.office, now=NOW)


def test_the_database_knows_no_way_of_an_answer_that_has_not_come(
    cast: Cast, report: Report
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Opinion.objects.filter(report=report).update(source=PAPER)
