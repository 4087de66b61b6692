"""A 督办件 through its table: who may what, what is refused and in which words, who is told."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from core.errors import DomainError, NotAllowed
from core.models import AuditEvent, Notice
from departments.models import Membership
from tasks.models import ExtensionRequest, Reminder, SupervisionItem, SupervisionStep
from tasks.policies import supervision
from tasks.services.supervision import extensions, instructions, items, nudges
from tasks.workflow import KEEP, SUPERVISION
from tests.cast import Cast
from tests.cast_story import NOW, PDF

ITEMS = {
    "pending": "item_pending",
    "working": "item_working",
    "reviewing": "item_reviewing",
    "settled": "item_settled",
}
DEEDS: dict[str, Callable[..., Any]] = {
    "sign": items.sign,
    "feedback": lambda pk, **by: items.feedback(pk, "已办", **by),
    "withdraw": items.withdraw,
    "settle": items.settle,
    "return": lambda pk, **by: items.send_back(pk, "不具体", **by),
    "strike": lambda pk, **by: items.strike(pk, "同意", **by),
    "remark": lambda pk, **by: items.remark(pk, "说明", **by),
    "nudge": lambda pk, **by: nudges.nudge(pk, "phone", **by),
    "grant": extensions.grant,
    "refuse": lambda pk, **by: extensions.refuse(pk, "不行", **by),
    "ask_extension": lambda pk, **by: extensions.ask(pk, date(2100, 1, 1), "雨季", **by),
}
PEOPLE = ("office", "leader", "liaison", "head", "liaison_finance", "office_b", "client")
UNIT, OFFICE = {"liaison", "head"}, {"office"}
# Who may do what where the state allows it: units as of education, finance helps `item_working`.
MAY = {
    "sign": UNIT,
    "feedback": UNIT,
    "withdraw": UNIT,
    "ask_extension": UNIT,
    "settle": OFFICE,
    "return": OFFICE,
    "strike": OFFICE,
    "nudge": OFFICE,
    "grant": OFFICE,
    "refuse": OFFICE,
    "remark": UNIT | OFFICE | {"liaison_finance"},
}


def given(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {
        "title": "新事项",
        "department": cast.finance,
        "due": date(2024, 12, 1),
        "decision": "会议纪要",
        "by": cast.office,
        "now": NOW,
        **changes,
    }


def told(item: SupervisionItem, verb: str) -> set[str]:
    """Return who got a notice of an item's last step of a verb."""
    step = SupervisionStep.objects.filter(item=item, verb=verb).latest("id")
    rows = Notice.objects.filter(event=f"supervision:{item.pk}:{step.pk}")
    return set(rows.values_list("person__username", flat=True))


@pytest.mark.parametrize("verb", DEEDS)
def test_a_step_is_open_to_those_of_the_table_in_its_states_alone(verb: str, cast: Cast) -> None:
    step = SUPERVISION[verb]
    for state, name in ITEMS.items():
        item = SupervisionItem.objects.get(pk=getattr(cast, name).pk)
        for person in PEOPLE:
            verdict = supervision.can(getattr(cast, person), item, verb, NOW)
            if state == "settled":  # finance carries this one
                may = {"liaison_finance"} if MAY[verb] == UNIT else MAY[verb] - UNIT
            else:
                may = MAY[verb] - ({"liaison_finance"} if state != "working" else set())
            allowed = person in may and state in step.sources
            if verb in ("grant", "refuse"):
                allowed = allowed and state == "working"  # there a request waits
            if verb == "ask_extension":
                allowed = allowed and state == "pending"
            assert bool(verdict) == allowed, (state, person, verdict.reason)
            assert verdict or verdict.reason


@pytest.mark.parametrize("verb", DEEDS)
def test_a_step_leaves_one_step_and_one_audit_row_and_moves_as_the_table_says(
    verb: str, cast: Cast
) -> None:
    (name,) = [ITEMS[one] for one in SUPERVISION[verb].sources][:1]
    if verb in ("grant", "refuse"):
        name = "item_working"
    item = getattr(cast, name)
    who = cast.liaison if MAY[verb] == UNIT else cast.office
    steps, audits = SupervisionStep.objects.count(), AuditEvent.objects.count()
    DEEDS[verb](item.pk, by=who, now=NOW)
    after = SupervisionItem.objects.get(pk=item.pk)
    target = SUPERVISION[verb].target
    assert after.state == (item.state if target == KEEP else target)
    assert SupervisionStep.objects.count() == steps + 1
    assert AuditEvent.objects.count() == audits + 1
    last = AuditEvent.objects.latest("id")
    assert (last.code, last.subject_id) == (f"tasks.supervision.{verb}", item.pk)
    assert after.updated_at > item.updated_at, "clients that follow changes would miss it"


@pytest.mark.parametrize(
    ("verb", "name", "who", "people"),
    [
        ("sign", "item_pending", "liaison", {"office", "office_2"}),
        ("feedback", "item_working", "head", {"office", "office_2"}),
        ("settle", "item_reviewing", "office", {"liaison", "head"}),
        ("return", "item_reviewing", "office", {"liaison", "head"}),
        ("strike", "item_settled", "office", {"liaison_finance"}),
        ("remark", "item_working", "liaison_finance", {"office", "office_2", "liaison", "head"}),
        ("remark", "item_working", "office", {"office_2", "liaison", "head", "liaison_finance"}),
        ("grant", "item_working", "office", {"liaison", "head"}),
        ("ask_extension", "item_pending", "liaison", {"office", "office_2"}),
        ("nudge", "item_working", "office", set()),
    ],
)
def test_exactly_those_concerned_are_told(
    verb: str, name: str, who: str, people: set[str], cast: Cast
) -> None:
    item = getattr(cast, name)
    DEEDS[verb](item.pk, by=getattr(cast, who), now=NOW)
    assert told(item, verb) == people


def test_a_leader_is_told_what_became_of_a_requirement(cast: Cast) -> None:
    made = items.assign(cast.city_a, **given(cast, decision="", instruction=cast.demand))
    assert told(made, "assign") == {"liaison_finance", "leader"}
    assert (made.plan_id, made.number) == (cast.plan.pk, "2024-005")
    cast.demand.refresh_from_db()
    assert cast.demand.settled_at == NOW
    items.sign(made.pk, by=cast.liaison_finance, now=NOW)
    items.feedback(made.pk, "查明了", by=cast.liaison_finance, now=NOW)
    items.settle(made.pk, by=cast.office, now=NOW)
    assert told(made, "settle") == {"liaison_finance", "leader"}
    again = items.assign(cast.city_a, **given(cast, decision="", instruction=cast.demand))
    assert again.instruction_id == cast.demand.pk, "one requirement, several items"


IMPOSSIBLE: list[tuple[dict[str, Any], str, str]] = [
    ({"title": "  "}, "title", "请写明督办事项。"),
    ({"title": "长" * 301}, "title", "最多 300 字。"),
    (
        {"decision": ""},
        "decision",
        "督办要有依据：选一条领导要求，或写明会议决定、文件等依据。",
    ),
    ({"due": date(2024, 7, 9)}, "due", "办理时限不能早于今天。"),
    ({"department": "members"}, "department", "“各成员单位”是单位集合，请选具体单位。"),
    ({"department": "education_b"}, "department", "“市教育局”不是本地区的单位。"),
    ({"helpers": ["members"]}, "helpers", "“各成员单位”是单位集合，请选具体单位。"),
]


def test_an_item_that_cannot_be_is_refused_in_words(cast: Cast) -> None:
    for changes, field, sentence in IMPOSSIBLE:
        sent = dict(changes)
        if "department" in sent:
            sent["department"] = getattr(cast, sent["department"])
        if "helpers" in sent:
            sent["helpers"] = [getattr(cast, one) for one in sent["helpers"]]
        with pytest.raises(DomainError) as refused:
            items.assign(cast.city_a, **given(cast, **sent))
        assert refused.value.fields == {field: [sentence]}
    assert SupervisionItem.objects.count() == 4


def test_everything_wrong_is_said_at_once_and_a_unit_that_is_gone_carries_nothing(
    cast: Cast,
) -> None:
    cast.finance.valid_to = date(2024, 1, 1)
    with pytest.raises(DomainError) as refused:
        items.assign(cast.city_a, **given(cast, title="", decision=""))
    assert set(refused.value.fields) == {"title", "decision", "department"}


LACKING: list[tuple[Callable[[Cast], Any], str]] = [
    (lambda cast: items.feedback(cast.item_working.pk, " ", by=cast.liaison, now=NOW), "text"),
    (lambda cast: items.remark(cast.item_working.pk, "", by=cast.office, now=NOW), "text"),
    (
        lambda cast: items.send_back(cast.item_reviewing.pk, "", by=cast.office, now=NOW),
        "reason",
    ),
    (lambda cast: items.strike(cast.item_settled.pk, " ", by=cast.office, now=NOW), "opinion"),
    (lambda cast: extensions.refuse(cast.item_working.pk, "", by=cast.office, now=NOW), "note"),
    (
        lambda cast: extensions.ask(
            cast.item_pending.pk, date(2099, 12, 31), "雨季", by=cast.liaison, now=NOW
        ),
        "until",
    ),
    (
        lambda cast: extensions.ask(cast.item_pending.pk, None, "雨", by=cast.liaison, now=NOW),
        "until",
    ),
    (
        lambda cast: extensions.ask(
            cast.item_pending.pk, date(9999, 12, 31), "雨", by=cast.liaison, now=NOW
        ),
        "until",
    ),
    (
        lambda cast: extensions.ask(
            cast.item_pending.pk, date(2100, 1, 1), "", by=cast.liaison, now=NOW
        ),
        "reason",
    ),
    (
        lambda cast: items.change_unit(
            cast.item_working.pk, cast.education, "调整", by=cast.office, now=NOW
        ),
        "department",
    ),
    (
        lambda cast: items.change_unit(
            cast.item_working.pk, cast.members, "调整", by=cast.office, now=NOW
        ),
        "department",
    ),
    (
        lambda cast: items.change_unit(
            cast.item_working.pk, cast.finance, " ", by=cast.office, now=NOW
        ),
        "reason",
    ),
    (
        lambda cast: nudges.nudge(cast.item_working.pk, "mail", by=cast.office, now=NOW),
        "channel",
    ),
    (
        lambda cast: items.feedback(
            cast.item_working.pk, "已办", [("a.pdf", b"MZ")], by=cast.liaison, now=NOW
        ),
        "attachments",
    ),
    (
        lambda cast: items.feedback(cast.item_working.pk, "长" * 5001, by=cast.liaison, now=NOW),
        "text",
    ),
]


def test_a_step_without_what_it_needs_changes_nothing(cast: Cast) -> None:
    steps = SupervisionStep.objects.count()
    for deed, field in LACKING:
        with pytest.raises(DomainError) as refused:
            deed(cast)
        assert list(refused.value.fields) == [field]
    assert SupervisionStep.objects.count() == steps
    assert SupervisionItem.objects.get(pk=cast.item_working.pk).state == "working"


def test_more_time_is_asked_before_the_deadline_and_once(cast: Cast) -> None:
    item, until = cast.item_working, date(2024, 10, 1)
    with pytest.raises(NotAllowed, match="已有一份延期申请"):
        extensions.ask(item.pk, until, "再延", by=cast.liaison, now=NOW)
    extensions.refuse(item.pk, "先反馈进展。", by=cast.office, now=NOW)
    assert SupervisionItem.objects.get(pk=item.pk).due == item.due
    late = NOW + timedelta(days=30)
    with pytest.raises(NotAllowed, match="时限已过"):
        extensions.ask(item.pk, until, "再延", by=cast.liaison, now=late)
    extensions.ask(item.pk, until, "再延", by=cast.liaison, now=NOW)
    extensions.grant(item.pk, by=cast.office, now=late)
    assert SupervisionItem.objects.get(pk=item.pk).due == until
    SupervisionItem.objects.filter(pk=item.pk).update(due=None)
    with pytest.raises(NotAllowed, match="长期坚持"):
        extensions.ask(item.pk, until, "再延", by=cast.liaison, now=NOW)


def test_a_request_lapses_when_the_item_is_settled_or_goes_to_another_unit(cast: Cast) -> None:
    items.change_unit(cast.item_working.pk, cast.finance, "职责调整", by=cast.office, now=NOW)
    item = SupervisionItem.objects.get(pk=cast.item_working.pk)
    assert (item.state, item.department, list(item.helpers.all())) == ("pending", cast.finance, [])
    row = ExtensionRequest.objects.get(pk=cast.extension.pk)
    assert (row.answer, row.answer_note) == ("refused", "承办单位已变更。")
    assert told(item, "change_unit") == {"liaison", "head", "liaison_finance"}
    detail = AuditEvent.objects.latest("id").detail
    assert (detail["old"], detail["new"]) == (cast.education.pk, cast.finance.pk)
    with pytest.raises(NotAllowed):
        items.sign(item.pk, by=cast.liaison, now=NOW)


def test_nobody_reviews_their_own_feedback_while_there_is_another(cast: Cast) -> None:
    both = cast.double
    Membership.objects.create(user=both, role="office", region=cast.city_a)
    item = items.assign(cast.city_a, **given(cast, department=cast.association))
    unit = both.act_as(cast.double_liaison)
    items.sign(item.pk, by=unit, now=NOW)
    items.feedback(item.pk, "自己办的", by=unit, now=NOW)
    office = both.act_as(both.memberships.get(role="office", region=cast.city_a))
    with pytest.raises(NotAllowed, match="须由他人审核"):
        items.settle(item.pk, by=office, now=NOW)
    Membership.objects.filter(role="office", region=cast.city_a).exclude(user=both).delete()
    items.settle(item.pk, by=office, now=NOW)
    assert AuditEvent.objects.latest("id").detail["own_check"] is True


def test_a_nudge_by_notice_reaches_the_people_and_by_telephone_is_noted(cast: Cast) -> None:
    item = cast.item_working
    nudges.nudge(item.pk, "notice", "请今天反馈。", by=cast.office, now=NOW)
    assert told(item, "nudge") == {"liaison", "head"}
    nudges.nudge(item.pk, "phone", "对方答复本周报。", by=cast.office, now=NOW)
    rows = Reminder.objects.filter(item=item)
    assert sorted(rows.values_list("channel", "person__username", "stage")) == [
        ("notice", "head", 15),
        ("notice", "liaison", 15),
        ("phone", None, 15),
    ]
    Membership.objects.filter(department=cast.education).delete()
    with pytest.raises(DomainError, match="还没有账号"):
        nudges.nudge(item.pk, "notice", by=cast.office, now=NOW)


def test_a_unit_is_told_of_an_item_by_notice_once_a_day(cast: Cast) -> None:
    item = cast.item_working
    nudges.nudge(item.pk, "notice", by=cast.office, now=NOW)
    with pytest.raises(DomainError) as refused:
        nudges.nudge(item.pk, "notice", by=cast.office_2, now=NOW + timedelta(hours=1))
    assert refused.value.fields["channel"][0].startswith("市教育局今天已经催办过，明天可以再催。")
    assert item.steps.filter(verb="nudge").count() == 1
    nudges.nudge(item.pk, "phone", "答应明天报", by=cast.office, now=NOW)
    nudges.nudge(cast.item_pending.pk, "notice", by=cast.office, now=NOW)
    nudges.nudge(item.pk, "notice", by=cast.office, now=NOW + timedelta(days=1))


def test_the_database_itself_takes_one_notice_of_an_item_a_day(cast: Cast) -> None:
    nudges.nudge(cast.item_working.pk, "notice", by=cast.office, now=NOW)
    row = Reminder.objects.latest("id")
    row.pk = None
    row._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_files_come_with_their_step_and_all_wrong_ones_are_named(cast: Cast) -> None:
    bad = [("a.pdf", b"MZ"), ("b.exe", b"MZ"), ("c.pdf", PDF)]
    with pytest.raises(DomainError) as refused:
        items.feedback(cast.item_working.pk, "已办", bad, by=cast.liaison, now=NOW)
    assert len(refused.value.fields["attachments"]) == 2
    items.remark(
        cast.item_working.pk, "我们的部分", [("c.pdf", PDF)], by=cast.liaison_finance, now=NOW
    )
    (file,) = cast.item_working.files.all()
    assert (file.name, file.step.verb, file.uploaded_by) == (
        "c.pdf",
        "remark",
        cast.liaison_finance,
    )


def test_a_written_instruction_that_cannot_be_is_refused(cast: Cast) -> None:
    for field, value in (
        ("leader", " "),
        ("words", ""),
        ("on", date(2024, 7, 11)),
        ("attachments", [("批示.pdf", b"")]),
    ):
        told = {"leader": "王", "on": NOW.date(), "words": "请办", field: value}
        with pytest.raises(DomainError) as refused:
            instructions.register(cast.city_a, **told, by=cast.office, now=NOW)
        assert list(refused.value.fields) == [field]


def test_an_instruction_is_answered_once_and_only_leaders_make_demands(cast: Cast) -> None:
    instructions.note(cast.demand.pk, "已在例会部署", by=cast.office, now=NOW)
    assert Notice.objects.filter(person=cast.leader, text__contains="已在例会部署").count() == 1
    with pytest.raises(NotAllowed, match="已经处理过"):
        instructions.note(cast.demand.pk, "再答", by=cast.office, now=NOW)
    about = instructions.Subject("measure", cast.measure_1.pk, "1.1")
    with pytest.raises(NotAllowed, match="领导小组成员"):
        instructions.demand("请查", about, by=cast.office, now=NOW)
