"""An entry's life: each test tells one sentence of the rules."""

from datetime import date, timedelta

import pytest

from core.errors import Conflict, DomainError, NotAllowed
from core.models import AuditEvent, Notice
from departments.models import Membership
from tasks.models import Entry, Extension, Period, Revision, Transition
from tasks.services import entries, periods
from tasks.services.entries import decisions
from tests.cast import Cast
from tests.cast_story import NOW

SOON = NOW + timedelta(seconds=5)
LATER = NOW + timedelta(days=1)
pytestmark = pytest.mark.django_db


def fresh(entry: Entry) -> Entry:
    return Entry.objects.get(pk=entry.pk)


@pytest.fixture(autouse=True)
def _at_the_association(cast: Cast) -> None:
    """The person with two memberships acts for 市科协 here."""
    cast.double.act_as(cast.double_liaison)


def submit(entry: Entry, by, now=NOW):
    return entries.submit(entry.pk, fresh(entry).version, by=by, now=now)


def type_in(entry: Entry, field: str, text: str, by, version: int | None = None, now=NOW):
    seen = fresh(entry).field_version(field) if version is None else version
    return entries.save_field(entry.pk, field, text, seen, by=by, now=now)


class TestTyping:
    def test_text_is_kept_as_typed_even_when_it_is_wrong(self, cast: Cast):
        saved = type_in(cast.entry_draft, "percent", "一百二", cast.liaison)
        assert "0 到 100" in saved.problem
        assert fresh(cast.entry_draft).typed("percent") == "一百二"

    def test_two_people_on_one_field_get_both_texts(self, cast: Cast):
        seen = fresh(cast.entry_draft).field_version("done")
        type_in(cast.entry_draft, "done", "甲写的", cast.liaison, version=seen)
        with pytest.raises(Conflict) as caught:
            type_in(cast.entry_draft, "done", "乙写的", cast.head, version=seen)
        assert caught.value.current["mine"] == "乙写的"
        assert caught.value.current["theirs"] == "甲写的"
        assert fresh(cast.entry_draft).typed("done") == "甲写的"

    def test_two_people_on_two_fields_do_not_disturb_each_other(self, cast: Cast):
        type_in(cast.entry_draft, "done", "甲写的", cast.liaison)
        type_in(cast.entry_draft, "problems", "乙写的", cast.head)
        entry = fresh(cast.entry_draft)
        assert (entry.typed("done"), entry.typed("problems")) == ("甲写的", "乙写的")

    def test_the_same_text_sent_twice_is_no_conflict(self, cast: Cast):
        seen = fresh(cast.entry_draft).field_version("done")
        first = type_in(cast.entry_draft, "done", "同样的话", cast.liaison, version=seen)
        again = type_in(cast.entry_draft, "done", "同样的话", cast.liaison, version=seen)
        assert again.version == first.version

    def test_a_stranger_cannot_type(self, cast: Cast):
        with pytest.raises(NotAllowed, match="由承办单位填报"):
            type_in(cast.entry_draft, "done", "别人的", cast.liaison_finance)

    def test_a_submitted_entry_says_how_it_can_be_changed(self, cast: Cast):
        with pytest.raises(NotAllowed, match="先撤回"):
            type_in(cast.entry_submitted, "done", "改一改", cast.liaison)

    def test_an_approved_entry_says_who_can_reopen_it(self, cast: Cast):
        with pytest.raises(NotAllowed, match="联系纲要办重新开放"):
            type_in(cast.entry_approved, "done", "改一改", cast.double)

    def test_an_unknown_field_is_refused(self, cast: Cast):
        with pytest.raises(DomainError, match="没有这一栏"):
            type_in(cast.entry_draft, "state", "approved", cast.liaison)


class TestSubmitting:
    def test_a_submission_becomes_a_revision_that_cannot_change(self, cast: Cast):
        receipt = submit(cast.entry_draft, cast.liaison)
        assert fresh(cast.entry_draft).state == Entry.State.SUBMITTED
        revision = Revision.objects.get(pk=receipt.revision.pk)
        revision.done = "偷偷改"
        with pytest.raises(TypeError):
            revision.save()

    def test_every_wrong_field_is_told_at_once(self, cast: Cast):
        type_in(cast.entry_draft, "percent", "120", cast.liaison)
        type_in(cast.entry_draft, "done", "  ", cast.liaison)
        with pytest.raises(DomainError) as caught:
            submit(cast.entry_draft, cast.liaison)
        assert set(caught.value.fields) == {"percent", "done"}
        assert fresh(cast.entry_draft).typed("percent") == "120"

    def test_clicking_twice_is_one_submission(self, cast: Cast):
        version = fresh(cast.entry_draft).version
        first = entries.submit(cast.entry_draft.pk, version, by=cast.liaison, now=NOW)
        second = entries.submit(cast.entry_draft.pk, version, by=cast.liaison, now=NOW)
        assert (first.repeated, second.repeated) == (False, True)
        assert first.revision.pk == second.revision.pk
        assert Revision.objects.filter(entry=cast.entry_draft).count() == 1

    def test_what_is_submitted_is_what_the_person_saw(self, cast: Cast):
        version = fresh(cast.entry_draft).version
        type_in(cast.entry_draft, "done", "后来改的", cast.head)
        with pytest.raises(Conflict):
            entries.submit(cast.entry_draft.pk, version, by=cast.liaison, now=NOW)
        assert fresh(cast.entry_draft).state == Entry.State.DRAFT

    def test_after_the_due_date_it_is_late_but_accepted(self, cast: Cast):
        late = NOW + timedelta(days=20)
        periods.turn_grace(late.date())
        assert submit(cast.entry_draft, cast.liaison, late).revision.is_late

    def test_an_extension_makes_it_in_time(self, cast: Cast):
        late = NOW + timedelta(days=20)
        Extension.objects.create(
            period=cast.period,
            department=cast.education,
            until=late.date(),
            reason="校庆",
            by=cast.office,
        )
        assert not submit(cast.entry_draft, cast.liaison, late).revision.is_late

    def test_a_closed_period_says_whom_to_ask(self, cast: Cast):
        periods.close_period(cast.period, by=cast.office)
        with pytest.raises(NotAllowed, match="已截止"):
            submit(cast.entry_draft, cast.liaison, NOW + timedelta(days=60))

    def test_a_period_not_yet_open_says_when_it_opens(self, cast: Cast):
        Period.objects.filter(pk=cast.period.pk).update(state="scheduled")
        with pytest.raises(NotAllowed, match="还没有启动"):
            submit(cast.entry_draft, cast.liaison)

    def test_the_head_signs_first_where_the_plan_asks(self, cast: Cast):
        cast.plan.settings.needs_signoff = True
        cast.plan.settings.save()
        submit(cast.entry_draft, cast.liaison)
        assert fresh(cast.entry_draft).state == Entry.State.AWAITING
        with pytest.raises(NotAllowed):
            decisions.approve(cast.entry_draft.pk, by=cast.office, now=NOW)
        with pytest.raises(NotAllowed, match="负责人审签"):
            entries.sign(cast.entry_draft.pk, by=cast.liaison, now=NOW)
        entries.sign(cast.entry_draft.pk, by=cast.head, now=NOW)
        assert fresh(cast.entry_draft).state == Entry.State.SUBMITTED

    def test_a_submission_can_be_withdrawn_and_the_revision_stays(self, cast: Cast):
        submit(cast.entry_draft, cast.liaison)
        entries.withdraw(cast.entry_draft.pk, by=cast.liaison, now=NOW)
        assert fresh(cast.entry_draft).state == Entry.State.DRAFT
        submit(cast.entry_draft, cast.liaison)
        assert Revision.objects.filter(entry=cast.entry_draft).count() == 2

    def test_what_could_not_be_handed_in_again_is_not_withdrawn(self, cast: Cast):
        periods.close_period(cast.period, by=cast.office)
        with pytest.raises(NotAllowed, match="撤回后就不能再报送"):
            entries.withdraw(cast.entry_submitted.pk, by=cast.liaison, now=NOW)
        assert fresh(cast.entry_submitted).state == Entry.State.SUBMITTED


class TestChecking:
    def test_a_return_names_a_reason_per_field(self, cast: Cast):
        reasons = {"done": "写明覆盖多少", "problems": "写明卡在哪"}
        decisions.send_back(cast.entry_submitted.pk, reasons, by=cast.office, now=NOW)
        assert Transition.objects.filter(entry=cast.entry_submitted).last().reasons == reasons

    def test_a_return_without_a_reason_is_refused(self, cast: Cast):
        with pytest.raises(DomainError, match="退回理由"):
            decisions.send_back(cast.entry_submitted.pk, {"done": " "}, by=cast.office, now=NOW)
        assert fresh(cast.entry_submitted).state == Entry.State.SUBMITTED

    def test_a_returned_entry_can_be_mended_and_submitted_again(self, cast: Cast):
        type_in(cast.entry_returned, "done", "在三个县开展 12 场。", cast.liaison)
        submit(cast.entry_returned, cast.liaison)
        decisions.approve(cast.entry_returned.pk, by=cast.office, now=NOW)
        entry = fresh(cast.entry_returned)
        assert (entry.state, entry.approved.number) == (Entry.State.APPROVED, 2)

    def test_only_the_regions_own_office_checks(self, cast: Cast):
        for person in (cast.leader, cast.office_b, cast.office_province, cast.head):
            with pytest.raises(NotAllowed):
                decisions.approve(cast.entry_submitted.pk, by=person, now=NOW)

    def test_nobody_checks_what_they_submitted(self, cast: Cast):
        own = Membership.objects.create(user=cast.liaison, role="office", region=cast.city_a)
        cast.liaison.act_as(own)
        with pytest.raises(NotAllowed, match="须由他人核对"):
            decisions.approve(cast.entry_submitted.pk, by=cast.liaison, now=NOW)

    def test_an_office_of_one_marks_its_own_check(self, cast: Cast):
        Membership.objects.filter(role="office", region=cast.city_a).delete()
        own = Membership.objects.create(user=cast.liaison, role="office", region=cast.city_a)
        cast.liaison.act_as(own)
        decisions.approve(cast.entry_submitted.pk, by=cast.liaison, now=NOW)
        assert fresh(cast.entry_submitted).own_check is True

    def test_an_approval_can_be_undone_for_ten_seconds(self, cast: Cast):
        decisions.approve(cast.entry_submitted.pk, by=cast.office, now=NOW)
        decisions.undo(cast.entry_submitted.pk, by=cast.office, now=SOON)
        entry = fresh(cast.entry_submitted)
        assert (entry.state, entry.approved) == (Entry.State.SUBMITTED, None)
        told = Notice.objects.filter(reason="approved", event__startswith=f"entry:{entry.pk}:")
        assert not told.exists()

    def test_after_ten_seconds_it_stands(self, cast: Cast):
        decisions.approve(cast.entry_submitted.pk, by=cast.office, now=NOW)
        with pytest.raises(NotAllowed, match="10 秒"):
            decisions.undo(cast.entry_submitted.pk, by=cast.office, now=LATER)

    def test_only_the_same_person_undoes(self, cast: Cast):
        decisions.approve(cast.entry_submitted.pk, by=cast.office, now=NOW)
        with pytest.raises(NotAllowed, match="本人"):
            decisions.undo(cast.entry_submitted.pk, by=cast.office_2, now=SOON)

    def test_the_notice_of_a_return_leaves_after_the_time_to_undo(self, cast: Cast):
        decisions.send_back(cast.entry_submitted.pk, {"done": "细一些"}, by=cast.office, now=NOW)
        notice = Notice.objects.filter(person=cast.liaison, reason="returned").latest("id")
        assert notice.deliver_after == NOW + timedelta(seconds=10)

    def test_a_reopened_entry_counts_until_it_is_replaced(self, cast: Cast):
        before = fresh(cast.entry_approved).approved
        decisions.reopen(cast.entry_approved.pk, "数字有误", LATER.date(), by=cast.office, now=NOW)
        assert fresh(cast.entry_approved).approved == before
        type_in(cast.entry_approved, "percent", "52", cast.double)
        submit(cast.entry_approved, cast.double)
        assert fresh(cast.entry_approved).approved == before
        decisions.approve(cast.entry_approved.pk, by=cast.office, now=NOW)
        assert fresh(cast.entry_approved).approved.percent == 52

    def test_undoing_an_approval_brings_back_what_counted_before(self, cast: Cast):
        before = fresh(cast.entry_approved).approved
        decisions.reopen(cast.entry_approved.pk, "更正", LATER.date(), by=cast.office, now=NOW)
        submit(cast.entry_approved, cast.double)
        decisions.approve(cast.entry_approved.pk, by=cast.office, now=NOW)
        decisions.undo(cast.entry_approved.pk, by=cast.office, now=SOON)
        after = fresh(cast.entry_approved)
        assert (after.approved, after.approved_at) == (before, cast.entry_approved.approved_at)

    def test_reopening_needs_a_reason_and_a_day_to_come(self, cast: Cast):
        with pytest.raises(DomainError, match="理由"):
            decisions.reopen(cast.entry_approved.pk, " ", LATER.date(), by=cast.office, now=NOW)
        for day in (date(2024, 7, 9), date(2024, 9, 9)):
            with pytest.raises(DomainError, match="从今天起，最长 60 天"):
                decisions.reopen(cast.entry_approved.pk, "更正", day, by=cast.office, now=NOW)
        assert fresh(cast.entry_approved).state == Entry.State.APPROVED

    def test_a_waiver_needs_a_reason(self, cast: Cast):
        with pytest.raises(DomainError, match="理由"):
            decisions.waive(cast.entry_blank.pk, "", by=cast.office, now=NOW)
        decisions.waive(cast.entry_blank.pk, "本期无任务", by=cast.office, now=NOW)
        assert fresh(cast.entry_blank).state == Entry.State.WAIVED


class TestParts:
    def test_the_gathering_unit_takes_a_part_over(self, cast: Cast):
        decisions.take_over(cast.part_submitted.pk, by=cast.liaison, now=NOW)
        assert fresh(cast.part_submitted).state == Entry.State.TAKEN_OVER

    def test_the_gathering_unit_sends_a_part_back_with_reasons(self, cast: Cast):
        decisions.send_back(cast.part_submitted.pk, {"done": "补数字"}, by=cast.head, now=NOW)
        assert fresh(cast.part_submitted).state == Entry.State.RETURNED

    def test_the_office_does_not_take_parts_over(self, cast: Cast):
        with pytest.raises(NotAllowed, match="由汇总单位办理"):
            decisions.take_over(cast.part_submitted.pk, by=cast.office, now=NOW)

    def test_a_part_is_not_approved(self, cast: Cast):
        with pytest.raises(NotAllowed):
            decisions.approve(cast.part_submitted.pk, by=cast.office, now=NOW)

    def test_a_missing_part_does_not_block_the_report(self, cast: Cast):
        assert fresh(cast.part_submitted).state == Entry.State.SUBMITTED
        submit(cast.entry_draft, cast.liaison)
        decisions.approve(cast.entry_draft.pk, by=cast.office, now=NOW)
        assert fresh(cast.entry_draft).state == Entry.State.APPROVED


STEPS = {
    "submit": lambda c: submit(c.entry_draft, c.liaison),
    "withdraw": lambda c: entries.withdraw(c.entry_submitted.pk, by=c.liaison, now=NOW),
    "approve": lambda c: decisions.approve(c.entry_submitted.pk, by=c.office, now=NOW),
    "return": lambda c: decisions.send_back(
        c.entry_submitted.pk, {"done": "细一些"}, by=c.office, now=NOW
    ),
    "take_over": lambda c: decisions.take_over(c.part_submitted.pk, by=c.liaison, now=NOW),
    "waive": lambda c: decisions.waive(c.entry_blank.pk, "无任务", by=c.office, now=NOW),
    "reopen": lambda c: decisions.reopen(
        c.entry_approved.pk, "更正", LATER.date(), by=c.office, now=NOW
    ),
}


@pytest.mark.parametrize("verb", STEPS)
def test_each_step_leaves_one_transition_and_one_audit_row(cast: Cast, verb: str):
    steps, rows = Transition.objects.count(), AuditEvent.objects.count()
    STEPS[verb](cast)
    assert Transition.objects.count() == steps + 1
    assert AuditEvent.objects.count() == rows + 1
    assert AuditEvent.objects.latest("id").code == f"tasks.entry.{verb}"


@pytest.mark.parametrize("verb", STEPS)
def test_nobody_is_told_of_their_own_deed(cast: Cast, verb: str):
    told = set(Notice.objects.values_list("pk", flat=True))
    STEPS[verb](cast)
    last = Transition.objects.latest("id")
    new = Notice.objects.exclude(pk__in=told)
    assert all(one.person_id != last.by_id for one in new)
