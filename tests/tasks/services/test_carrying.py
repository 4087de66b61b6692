"""Last period's values, 无变化, signatures, time to mend, corrections after the archiving."""

from datetime import date, timedelta

import pytest

from core.errors import Conflict, DomainError, NotAllowed
from core.models import Notice
from plans.models import PlanSettings
from tasks.models import Consultation, Entry, Evidence, Period, Task
from tasks.services import entries, periods
from tasks.services.entries import carrying, decisions, evidence, gathering
from tests.cast import Cast
from tests.cast_story import NOW, PDF

pytestmark = pytest.mark.django_db
FIELDS = ("percent", "self_rating", "done", "problems", "next_steps")


def fresh(entry: Entry) -> Entry:
    return Entry.objects.get(pk=entry.pk)


def type_in(entry: Entry, field: str, text: str, by) -> None:
    version = fresh(entry).field_version(field)
    entries.save_field(entry.pk, field, text, version, by=by, now=NOW)


def submit(entry: Entry, by, now=NOW):
    return entries.submit(entry.pk, fresh(entry).version, by=by, now=now).revision


class TestCarryingForward:
    """`part_blank` (education, task 3) was reported in the earlier period, with 25 percent."""

    def test_the_whole_form_takes_over_what_is_empty_and_leaves_what_is_typed(self, cast: Cast):
        type_in(cast.part_blank, "done", "本期新写的。", cast.liaison)
        filled = carrying.carry_forward(cast.part_blank.pk, FIELDS, by=cast.liaison, now=NOW)
        entry = fresh(cast.part_blank)
        assert entry.typed("percent") == "25"
        assert entry.typed("done") == "本期新写的。"
        assert "done" not in filled
        assert entry.draft["percent"]["prefilled"]

    def test_one_field_puts_last_periods_words_behind_those_typed(self, cast: Cast):
        type_in(cast.part_blank, "done", "本期新写的。", cast.liaison)
        carrying.carry_forward(cast.part_blank.pk, ["done"], by=cast.liaison, now=NOW)
        entry = fresh(cast.part_blank)
        assert entry.typed("done").startswith("本期新写的。\n")
        assert not entry.draft["done"].get("prefilled")

    def test_a_changed_text_is_no_longer_carried(self, cast: Cast):
        carrying.carry_forward(cast.part_blank.pk, FIELDS, by=cast.liaison, now=NOW)
        carried = sum(bool(one.get("prefilled")) for one in fresh(cast.part_blank).draft.values())
        type_in(cast.part_blank, "percent", "35", cast.liaison)
        revision = submit(cast.part_blank, cast.liaison)
        assert revision.prefilled == carried - 1
        assert not revision.unchanged

    def test_without_a_period_before_it_says_so(self, cast: Cast):
        first = cast.entry_earlier
        decisions.reopen(first.pk, "更正", NOW.date(), by=cast.office, now=NOW)
        with pytest.raises(DomainError, match="没有可以带入"):
            carrying.carry_forward(first.pk, FIELDS, by=cast.liaison, now=NOW)

    def test_no_change_fills_the_form_and_is_recorded(self, cast: Cast):
        entry = carrying.no_change(cast.part_blank.pk, by=cast.liaison, now=NOW)
        assert entry.ready
        revision = submit(cast.part_blank, cast.liaison)
        assert revision.unchanged
        assert (revision.done, revision.percent) == ("与上期相比无变化。", 25)

    def test_no_change_never_writes_over_what_somebody_typed(self, cast: Cast):
        type_in(cast.part_blank, "problems", "缺经费。", cast.liaison)
        with pytest.raises(DomainError, match="已经填写了内容"):
            carrying.no_change(cast.part_blank.pk, by=cast.liaison, now=NOW)
        assert fresh(cast.part_blank).typed("problems") == "缺经费。"


class TestFiles:
    def test_a_task_that_asks_for_evidence_is_not_handed_in_without(self, cast: Cast):
        Task.objects.filter(pk=cast.task_1.pk).update(evidence_required=True)
        stamped = Evidence.Purpose.STAMPED
        pk = cast.entry_draft.pk
        evidence.attach(pk, "盖章.pdf", PDF, purpose=stamped, by=cast.liaison, now=NOW)
        with pytest.raises(DomainError) as caught:
            submit(cast.entry_draft, cast.liaison)
        assert list(caught.value.fields) == ["evidence"]
        evidence.attach(pk, "通知.pdf", PDF + b"%", by=cast.liaison, now=NOW)
        assert submit(cast.entry_draft, cast.liaison).evidence.count() == 2

    def test_a_stamped_scan_is_a_pdf_or_a_picture(self, cast: Cast):
        with pytest.raises(DomainError, match="盖章件"):
            evidence.attach(
                cast.entry_draft.pk,
                "表.doc",
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
                purpose="stamped",
                by=cast.liaison,
                now=NOW,
            )


class TestSigning:
    @pytest.fixture
    def waiting(self, cast: Cast) -> Entry:
        PlanSettings.objects.filter(plan=cast.plan).update(needs_signoff=True)
        submit(cast.entry_draft, cast.liaison)
        return fresh(cast.entry_draft)

    def test_the_head_gives_it_back_with_a_reason_that_reaches_the_liaison(
        self, cast: Cast, waiting: Entry
    ):
        with pytest.raises(DomainError, match="理由"):
            entries.hand_back(waiting.pk, " ", by=cast.head, now=NOW)
        asked = Notice.objects.filter(person=cast.head, subject_id=waiting.pk, read_at=None)
        assert asked.filter(reason="waiting").exists()
        entries.hand_back(waiting.pk, "数字要核实", by=cast.head, now=NOW)
        entry = fresh(waiting)
        assert (entry.state, entry.ready, entry.submitted) == ("draft", False, None)
        told = Notice.objects.filter(person=cast.liaison).latest("id")
        assert "数字要核实" in told.text
        assert not asked.filter(reason="waiting").exists(), "it waits for the head no longer"
        submit(entry, cast.liaison)

    def test_only_what_the_head_read_is_signed(self, cast: Cast, waiting: Entry):
        seen = waiting.submitted_id
        entries.withdraw(waiting.pk, by=cast.liaison, now=NOW)
        submit(waiting, cast.liaison)
        with pytest.raises(Conflict):
            entries.sign(waiting.pk, seen=seen, by=cast.head, now=NOW)
        entries.sign(waiting.pk, seen=fresh(waiting).submitted_id, by=cast.head, now=NOW)

    def test_a_liaison_gives_nothing_back(self, cast: Cast, waiting: Entry):
        with pytest.raises(NotAllowed, match="负责人"):
            entries.hand_back(waiting.pk, "不妥", by=cast.liaison, now=NOW)


class TestTimeToMend:
    def test_what_is_returned_after_the_closing_can_still_be_mended(self, cast: Cast):
        late = NOW + timedelta(days=30)
        Period.objects.filter(pk=cast.period.pk).update(state="closed")
        decisions.send_back(cast.entry_submitted.pk, {"done": "细些"}, by=cast.office, now=late)
        with_time = late + timedelta(days=3)
        assert not submit(cast.entry_submitted, cast.liaison, with_time).is_late
        too_late = late + timedelta(days=15)
        decisions.send_back(cast.entry_submitted.pk, {"done": "再细"}, by=cast.office, now=late)
        with pytest.raises(NotAllowed, match="已截止"):
            submit(cast.entry_submitted, cast.liaison, too_late)

    def test_what_came_late_stays_late_however_often_it_is_mended(self, cast: Cast):
        late = NOW + timedelta(days=20)
        periods.turn_grace(late.date())
        assert submit(cast.entry_draft, cast.liaison, late).is_late
        decisions.send_back(cast.entry_draft.pk, {"done": "细些"}, by=cast.office, now=late)
        assert submit(cast.entry_draft, cast.liaison, late).is_late

    def test_after_the_archiving_only_corrections_are_taken(self, cast: Cast):
        Period.objects.filter(pk=cast.period.pk).update(state="frozen")
        with pytest.raises(NotAllowed, match="已归档"):
            submit(cast.entry_draft, cast.liaison)
        with pytest.raises(NotAllowed, match="已归档"):
            decisions.waive(cast.entry_blank.pk, "无任务", by=cast.office, now=NOW)
        old = cast.entry_approved.approved
        until = NOW.date() + timedelta(days=5)
        decisions.reopen(cast.entry_approved.pk, "数字有误", until, by=cast.office, now=NOW)
        cast.double.act_as(cast.double_liaison)
        new = submit(cast.entry_approved, cast.double)
        assert new.is_correction
        assert fresh(cast.entry_approved).approved == old
        decisions.approve(cast.entry_approved.pk, by=cast.office, now=NOW)
        assert fresh(cast.entry_approved).approved == new


class TestRating:
    def test_the_checkers_rating_stands_beside_the_units_own_and_goes_with_an_undo(
        self, cast: Cast
    ):
        with pytest.raises(DomainError, match="四项评定"):
            decisions.approve(cast.entry_submitted.pk, rating="优", by=cast.office, now=NOW)
        decisions.approve(cast.entry_submitted.pk, rating="behind", by=cast.office, now=NOW)
        entry = fresh(cast.entry_submitted)
        assert (entry.rating, entry.submitted.self_rating) == ("behind", "on_track")
        assert entry.transitions.latest("id").rating == "behind"
        decisions.undo(entry.pk, by=cast.office, now=NOW)
        assert fresh(entry).rating == ""

    def test_of_several_each_is_answered_for_itself(self, cast: Cast):
        seen = {
            cast.entry_submitted.pk: fresh(cast.entry_submitted).submitted_id,
            cast.entry_returned.pk: fresh(cast.entry_returned).submitted_id,
        }
        told = decisions.approve_many(seen, by=cast.office, now=NOW)
        assert [one.refusal is None for one in told] == [True, False]
        assert fresh(cast.entry_submitted).rating == "on_track"
        stale = {cast.entry_submitted.pk: 0}
        decisions.undo(cast.entry_submitted.pk, by=cast.office, now=NOW)
        (one,) = decisions.approve_many(stale, by=cast.office, now=NOW)
        assert isinstance(one.refusal, Conflict)


class TestGathering:
    def test_a_parts_words_come_behind_ones_own_once(self, cast: Cast):
        part = fresh(cast.part_submitted)
        own = fresh(cast.entry_draft).typed("done")
        gathering.copy_part(cast.entry_draft.pk, part, by=cast.liaison, now=NOW)
        assert fresh(cast.entry_draft).typed("done").startswith(f"{own}\n【市财政局】")
        with pytest.raises(DomainError, match="已经并入"):
            gathering.copy_part(cast.entry_draft.pk, part, by=cast.liaison, now=NOW)
        with pytest.raises(NotAllowed):
            gathering.copy_part(cast.entry_returned.pk, part, by=cast.liaison, now=NOW)

    def test_units_without_an_account_are_asked_and_the_answer_is_kept(self, cast: Cast):
        day = date(2024, 7, 1)
        asked = (cast.entry_draft.pk, cast.members, day)
        gathering.consult(*asked, "没有意见。", by=cast.liaison, now=NOW)
        assert Consultation.objects.get().answer == "没有意见。"
        with pytest.raises(DomainError, match="没有账号"):
            gathering.consult(cast.entry_draft.pk, cast.finance, day, "", by=cast.liaison, now=NOW)
        with pytest.raises(DomainError, match="征求日期"):
            gathering.consult(*asked[:2], date(2024, 8, 1), "", by=cast.liaison, now=NOW)
