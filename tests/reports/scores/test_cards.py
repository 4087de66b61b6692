"""One unit's card: rated by the unit, checked by the office, read by the unit once it is told."""

from __future__ import annotations

import datetime as dt
import hashlib
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from core.errors import Conflict, DomainError, NotAllowed
from core.models import AuditEvent, Notice
from departments.models import Membership, User
from departments.services import appoint
from reports.models import Score, ScoreCard, ScoreEvidence, ScoreStep
from reports.services import scores
from tests.cast import Cast
from tests.cast_texts import NOW, PDF

pytestmark = pytest.mark.services
FULL = [Decimal(10), Decimal(20), Decimal(15)]


def ids(card: ScoreCard) -> list[int]:
    return list(card.scores.order_by("item__position").values_list("pk", flat=True))


def rating(card: ScoreCard, *points: Decimal | None, **more: Any) -> dict[int, scores.Rated]:
    return {pk: scores.Rated(one, **more) for pk, one in zip(ids(card), points, strict=True)}


def handed_in(cast: Cast, by: User | None = None) -> ScoreCard:
    """Return finance's card, rated in full and handed in."""
    given = rating(cast.card_draft, *FULL)
    who = by or cast.liaison_finance
    return scores.rate(cast.card_draft.pk, 0, given, hand_in=True, by=who, now=NOW)


def checks(card: ScoreCard, *given: scores.Checked) -> dict[int, scores.Checked]:
    return dict(zip(ids(card), given, strict=True))


def whole(card: ScoreCard) -> dict[int, scores.Checked]:
    """Return a check that gives full points."""
    return checks(card, *map(scores.Checked, FULL))


def test_it_works(cast: Cast) -> None:
    card = handed_in(cast)
    assert card.state == "self_rated"
    card = scores.check(card.pk, 1, whole(card), finish=True, by=cast.office, now=NOW)
    assert (card.state, card.checked_by, card.own_check) == ("checked", cast.office, False)
    card = scores.tell(card.pk, by=cast.office, now=NOW)
    assert (card.state, card.told_at) == ("told", NOW)
    verbs = list(ScoreStep.objects.filter(card=card).values_list("verb", flat=True))
    assert verbs == ["hand_in", "check", "tell"]
    codes = AuditEvent.objects.filter(code__startswith="reports.scorecard", subject_id=card.pk)
    assert codes.count() == 3
    told = Notice.objects.filter(view="scorecard", subject_id=card.pk)
    assert set(told.filter(reason="waiting").values_list("person", flat=True)) == {
        cast.office.pk,
        cast.office_2.pk,
    }
    assert told.get(reason="report").person == cast.liaison_finance


# --- The unit ------------------------------------------------------------------------------
def test_what_is_saved_may_be_half_done_and_nothing_is_handed_in_so(cast: Cast) -> None:
    type(cast.earlier).objects.update(retrospective=True)  # no basis for «in time» then
    half = rating(cast.card_draft, Decimal(8), None, None)
    card = scores.rate(cast.card_draft.pk, 0, half, by=cast.liaison_finance, now=NOW)
    assert (card.state, card.version) == ("draft", 1)
    with pytest.raises(DomainError) as refused:
        scores.rate(card.pk, 1, half, hand_in=True, by=cast.liaison_finance, now=NOW)
    first, on_time, supervision = ids(card)
    assert list(refused.value.fields) == [f"points_{supervision}"], "reporting has no basis"
    note = half | {supervision: scores.Rated(None, "今年没有督办件。")}
    card = scores.rate(card.pk, 1, note, hand_in=True, by=cast.liaison_finance, now=NOW)
    assert card.state == "self_rated"
    assert Score.objects.get(pk=on_time).self_points is None
    assert Score.objects.get(pk=first).self_points == 8


def test_pressing_twice_hands_in_once(cast: Cast) -> None:
    handed_in(cast)
    card = handed_in(cast)
    assert ScoreStep.objects.filter(card=card).count() == 1
    assert Notice.objects.filter(view="scorecard", subject_id=card.pk).count() == 2


def test_saving_the_same_twice_changes_nothing_files_included(cast: Cast) -> None:
    given = rating(cast.card_draft, *FULL, files=[("a.pdf", PDF)])
    for _press in range(2):
        card = scores.rate(cast.card_draft.pk, 0, given, by=cast.liaison_finance, now=NOW)
    assert card.version == 1
    assert ScoreEvidence.objects.filter(score__card=card).count() == 3


def test_two_people_who_fill_in_one_card_are_told(cast: Cast) -> None:
    other = User.objects.create(username="finance_head", name="财政负责人")
    appoint(other, Membership.Role.HEAD, department=cast.finance)
    scores.rate(
        cast.card_draft.pk, 0, rating(cast.card_draft, *FULL), by=cast.liaison_finance, now=NOW
    )
    with pytest.raises(Conflict, match="别人保存过"):
        scores.rate(
            cast.card_draft.pk, 0, rating(cast.card_draft, None, None, None), by=other, now=NOW
        )


@pytest.mark.parametrize("points", [Decimal("-0.01"), Decimal("10.01")])
def test_points_lie_between_0_and_those_of_the_item(points: Decimal, cast: Cast) -> None:
    first = ids(cast.card_draft)[0]
    with pytest.raises(DomainError) as refused:
        scores.rate(
            cast.card_draft.pk, 0, {first: scores.Rated(points)}, by=cast.liaison_finance, now=NOW
        )
    assert refused.value.fields == {f"points_{first}": ["应在 0 到 10 分之间。"]}


def test_the_database_itself_holds_the_limits(cast: Cast) -> None:
    row = Score.objects.filter(pk=ids(cast.card_draft)[0])
    for wrong in (
        {"self_points": Decimal("10.01")},
        {"points": Decimal(-1)},
        {"points": Decimal(9)},  # less than full, without a reason
        {"points": Decimal(10), "no_basis": True},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(**wrong)


def test_files_come_and_go_while_the_card_is_the_units(cast: Cast) -> None:
    first = ids(cast.card_draft)[0]
    many = [(f"{n}.pdf", PDF + bytes([n])) for n in range(6)]
    with pytest.raises(DomainError) as refused:
        _with_files(cast, 0, first, files=many)
    assert refused.value.fields == {f"files_{first}": ["一项最多 5 个文件。"]}
    card = _with_files(cast, 0, first, files=many[:5])
    gone = ScoreEvidence.objects.filter(score=first)[0]
    card = _with_files(cast, card.version, first, files=many[5:], remove=[gone.pk])
    names = ScoreEvidence.objects.filter(score=first).values_list("name", flat=True)
    assert list(names) == ["1.pdf", "2.pdf", "3.pdf", "4.pdf", "5.pdf"]


def _with_files(cast: Cast, version: int, score: int, **files: Any) -> ScoreCard:
    given = {score: scores.Rated(**files)}
    return scores.rate(cast.card_draft.pk, version, given, by=cast.liaison_finance, now=NOW)


def test_a_refused_upload_leaves_no_file(cast: Cast) -> None:
    content = PDF + b"nobody may keep this"
    given = {ids(cast.card_draft)[0]: scores.Rated(files=[("a.pdf", content)])}
    with pytest.raises(NotAllowed):
        scores.rate(cast.card_draft.pk, 0, given, by=cast.leader, now=NOW)
    assert not default_storage.exists(f"evidence/{hashlib.sha256(content).hexdigest()}.pdf")


def test_nobody_takes_files_off_anothers_card(cast: Cast) -> None:
    _with_files(cast, 0, ids(cast.card_draft)[0], remove=[cast.score_file.pk])
    assert ScoreEvidence.objects.filter(pk=cast.score_file.pk).exists()


def test_a_file_that_is_not_what_its_name_says_is_told_at_its_item(cast: Cast) -> None:
    first = ids(cast.card_draft)[0]
    with pytest.raises(DomainError) as refused:
        _with_files(cast, 0, first, files=[("a.pdf", b"MZ")])
    assert list(refused.value.fields) == [f"files_{first}"]


def test_a_rating_is_taken_back_until_the_office_begins(cast: Cast) -> None:
    card = handed_in(cast)
    assert scores.withdraw(card.pk, by=cast.liaison_finance, now=NOW).state == "draft"
    card = handed_in(cast)
    first = ids(card)[0]
    scores.check(card.pk, 1, {first: scores.Checked(FULL[0])}, by=cast.office, now=NOW)
    with pytest.raises(NotAllowed, match="已经开始审核"):
        scores.withdraw(card.pk, by=cast.liaison_finance, now=NOW)


# --- The office ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        (scores.Checked(Decimal(9)), "reason", "扣了分，请写明扣分原因。"),
        (scores.Checked(None), "points", "请给出审核分；没有依据的请勾选“无依据”。"),
        (scores.Checked(None, True), "reason", "勾选“无依据”请写明原因。"),
        (scores.Checked(Decimal(9), True, "都填"), "points", "勾选了“无依据”就不要再填分数。"),
        (scores.Checked(Decimal(11)), "points", "应在 0 到 10 分之间。"),
    ],
)
def test_the_check_is_whole_and_gives_its_reasons(
    given: scores.Checked, field: str, sentence: str, cast: Cast
) -> None:
    card = handed_in(cast)
    first = ids(card)[0]
    with pytest.raises(DomainError) as refused:
        scores.check(card.pk, 1, whole(card) | {first: given}, finish=True, by=cast.office, now=NOW)
    assert refused.value.fields == {f"{field}_{first}": [sentence]}
    card.refresh_from_db()
    assert card.state == "self_rated"


def test_the_office_may_differ_from_a_rule_with_a_reason(cast: Cast) -> None:
    scores.reopen(cast.card.pk, "附件有误", by=cast.office, now=NOW)
    type(cast.item_pending).objects.filter(pk=cast.item_pending.pk).update(due=dt.date(2024, 7, 1))
    supervision = ids(cast.card)[2]
    for reason, allowed in (("", False), ("因灾顺延。", True)):
        given = {supervision: scores.Checked(FULL[2], False, reason)}
        if allowed:
            scores.check(cast.card.pk, 2, given, by=cast.office, now=NOW)
            continue
        with pytest.raises(DomainError) as refused:
            scores.check(cast.card.pk, 2, given, by=cast.office, now=NOW)
        assert refused.value.fields == {
            f"reason_{supervision}": ["按规则应得 0 分，与您给的不同，请写明原因。"]
        }


def test_what_a_rule_had_found_is_frozen_with_the_check(cast: Cast) -> None:
    on_time = Score.objects.get(pk=ids(cast.card)[1])
    assert len(on_time.found["rows"]) == 4
    type(cast.earlier).objects.update(retrospective=True)
    on_time.refresh_from_db()
    assert len(on_time.found["rows"]) == 4
    scores.reopen(cast.card.pk, "重看", by=cast.office, now=NOW)
    on_time.refresh_from_db()
    assert on_time.found is None, "checked again, the rules count afresh"


def test_nobody_checks_what_they_rated_while_there_is_another(cast: Cast) -> None:
    appoint(cast.office, Membership.Role.LIAISON, department=cast.finance)
    office = User.objects.get(pk=cast.office.pk)
    office.act_as(office.memberships.get(role="liaison"))
    card = handed_in(cast, by=office)
    office.act_as(office.memberships.get(role="office"))
    with pytest.raises(NotAllowed, match="须由他人审核"):
        scores.check(card.pk, 1, whole(card), finish=True, by=office, now=NOW)
    User.objects.filter(pk=cast.office_2.pk).update(is_active=False)
    card = scores.check(card.pk, 1, whole(card), finish=True, by=office, now=NOW)
    assert card.own_check, "alone, it is marked 本单位自核"


def test_a_return_and_a_new_check_need_a_reason(cast: Cast) -> None:
    card = handed_in(cast)
    with pytest.raises(DomainError) as refused:
        scores.send_back(card.pk, "  ", by=cast.office, now=NOW)
    assert refused.value.fields == {"reason": ["请写明理由。"]}
    card = scores.send_back(card.pk, "请附依据", by=cast.office, now=NOW)
    assert card.state == "draft"
    told = Notice.objects.get(reason="returned", view="scorecard")
    assert (told.person, told.text) == (
        cast.liaison_finance,
        "2024 年度考核自评被退回：请附依据",
    )
    with pytest.raises(DomainError):
        scores.reopen(cast.card.pk, "", by=cast.office, now=NOW)


@pytest.mark.parametrize(
    "step",
    [
        lambda cast: scores.tell(cast.card_draft.pk, by=cast.office, now=NOW),
        lambda cast: scores.send_back(cast.card.pk, "x", by=cast.office, now=NOW),
        lambda cast: scores.rate(cast.card.pk, 2, {}, hand_in=True, by=cast.liaison, now=NOW),
        lambda cast: scores.check(cast.card_draft.pk, 0, {}, by=cast.office, now=NOW),
        lambda cast: scores.withdraw(cast.card.pk, by=cast.liaison, now=NOW),
        lambda cast: scores.rate(cast.card_draft.pk, 0, {}, by=cast.liaison, now=NOW),
        lambda cast: scores.tell(cast.card.pk, by=cast.leader, now=NOW),
        lambda cast: scores.tell(cast.card.pk, by=cast.office_province, now=NOW),
    ],
)
def test_what_the_table_does_not_allow_is_refused(step: Any, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        step(cast)
