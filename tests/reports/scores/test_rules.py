"""What the rules count: checked rows only, unreported is never 0, and all of it in few queries."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import DomainError
from indicators.models import Observation, Target
from reports.models import ScoreScheme
from reports.scoring import COMPUTED, RULES, Found, Ref, from_json, read_points, to_json
from reports.selectors.scoring import findings
from tasks.models import Entry, SupervisionItem, Task, Transition
from tasks.services.entries import decisions
from tests.cast import Cast
from tests.cast_texts import NOW

pytestmark = pytest.mark.services
TODAY = NOW.date()


def found(cast: Cast, rule: str, unit: str = "education") -> Found:
    department = getattr(cast, unit).pk
    return findings(cast.scheme, [department], [rule], TODAY)[department][rule]


def notes(one: Found) -> list[tuple[str, bool]]:
    return [(row.note, row.good) for row in one.rows]


def test_what_is_checked_and_not_late_is_in_time(cast: Cast) -> None:
    one = found(cast, "on_time")
    assert notes(one) == [("按时", True)] * 4
    assert (one.rows[0].view, one.rows[0].key) == ("entry", cast.entry_earlier.pk)
    assert one.sentence == "4 项中有 4 项符合；另有 4 项填报还没有核对通过或采纳，没有计入。"


def test_a_part_counts_once_the_gathering_unit_has_taken_it_over(cast: Cast) -> None:
    before, tasks = (found(cast, rule, "finance").total for rule in ("on_time", "tasks_done"))
    decisions.take_over(cast.part_submitted.pk, by=cast.liaison, now=NOW)
    assert found(cast, "on_time", "finance").total == before + 1
    assert found(cast, "tasks_done", "finance").total == tasks, "it is not the whole task"


def test_a_late_entry_counts_against_the_unit_once_it_is_checked(cast: Cast) -> None:
    decisions.approve(cast.entry_submitted.pk, by=cast.office, now=NOW)
    # Revisions are written once: a late one is another row.
    entry = Entry.objects.select_related("approved").get(pk=cast.entry_submitted.pk)
    late = type(entry.approved).objects.get(pk=entry.approved_id)
    late.pk, late.number, late.of_version, late.is_late = None, 9, 99, True
    late._state.adding = True
    late.save(force_insert=True)
    Entry.objects.filter(pk=entry.pk).update(approved=late)
    one = found(cast, "on_time")
    assert (one.good, one.total) == (4, 5)
    assert ("迟报", False) in notes(one)
    assert one.points(Decimal(20)) == Decimal("16.0")


def test_years_entered_after_the_fact_are_not_late_and_not_in_time(cast: Cast) -> None:
    type(cast.earlier).objects.update(retrospective=True)
    assert found(cast, "on_time").total == 0


def test_an_entry_that_was_returned_did_not_pass_at_once(cast: Cast) -> None:
    pk = cast.entry_earlier.pk
    assert notes(found(cast, "no_return")) == [("一次通过", True)] * 4
    decisions.send_back(cast.entry_submitted.pk, {"done": "请写明数量"}, by=cast.office, now=NOW)
    assert found(cast, "no_return").total == 4, "what is not checked yet is not counted"
    Transition(
        entry_id=pk, verb="return", from_state="submitted", to_state="returned",
        by=cast.office, at=NOW,
    ).save()  # fmt: skip
    assert notes(found(cast, "no_return"))[0] == ("退回过", False)


def test_a_return_taken_back_at_once_does_not_count(cast: Cast) -> None:
    pk, later = cast.entry_submitted.pk, NOW + dt.timedelta(seconds=5)
    decisions.send_back(pk, {"done": "请写明数量"}, by=cast.office, now=NOW)
    decisions.undo(pk, by=cast.office, now=later)
    decisions.approve(pk, by=cast.office, now=later)
    assert notes(found(cast, "no_return")) == [("一次通过", True)] * 5


def test_a_task_is_done_by_its_newest_checked_entry(cast: Cast) -> None:
    one = found(cast, "tasks_done")
    assert notes(one) == [("还没有完成", False)] * 3
    assert one.points(Decimal(10)) == 0, "checked and not done is 0, and that is a fact"
    Task.objects.update(kind="routine")
    assert found(cast, "tasks_done").total == 0, "routine work is no share of anything"


def test_a_unit_that_nobody_asked_anything_has_no_basis_and_not_0(cast: Cast) -> None:
    for rule in COMPUTED:
        one = found(cast, rule, "members")
        assert one.points(Decimal(10)) is None, rule
        assert one.sentence == "无依据：本年没有可以计算的已核对记录。", rule


def test_an_item_in_its_time_is_not_judged_and_an_overdue_one_is(cast: Cast) -> None:
    assert found(cast, "supervision").total == 0
    assert "还在时限内" in found(cast, "supervision").aside
    SupervisionItem.objects.filter(pk=cast.item_pending.pk).update(due=TODAY - dt.timedelta(1))
    assert notes(found(cast, "supervision")) == [("已过时限，没有办结", False)]
    assert notes(found(cast, "supervision", "finance")) == [("按时办结", True)]
    # Feedback after the due day, settled or not, is not in time.
    SupervisionItem.objects.filter(pk=cast.item_settled.pk).update(due=dt.date(2024, 1, 1))
    assert notes(found(cast, "supervision", "finance")) == [("超过时限办结", False)]


def test_values_of_the_unit_count_once_the_office_has_answered(cast: Cast) -> None:
    row = cast.observed_by_unit
    assert found(cast, "indicators", "finance").total == 0, "a draft is nothing yet"
    for state, expected in (
        ("submitted", []),
        ("returned", [("已退回", False)]),
        ("verified", [("已核对", True)]),
    ):
        Observation.objects.filter(pk=row.pk).update(state=state)
        assert notes(found(cast, "indicators", "finance")) == expected, state


def test_a_value_that_nobody_asked_the_unit_for_is_not_missing(cast: Cast) -> None:
    Observation.objects.filter(pk=cast.observed_by_unit.pk).update(state="verified")
    promised = Target.objects.filter(plan=cast.plan).exclude(
        indicator=cast.observed_by_unit.indicator_id
    )
    measure = cast.measure_1
    measure.responsibilities.create(
        role="lead", printed_name="市财政局", department=cast.finance, position=90
    )
    assert promised.update(measure=measure, every_year=True, year=None)
    assert notes(found(cast, "indicators", "finance")) == [("已核对", True)]


def test_the_rule_of_values_says_what_it_leaves_out() -> None:
    words = str(RULES["indicators"].words)
    for said in ("已核对或已退回的才算", "等待核对的和没有报来的都不算", "没有登记各单位应报"):
        assert said in words, said


def test_queries_do_not_grow_with_units_and_rows(cast: Cast) -> None:
    def cost(units: list[int]) -> int:
        scheme = ScoreScheme.objects.select_related("plan").get(pk=cast.scheme.pk)
        with CaptureQueriesContext(connection) as caught:
            findings(scheme, units, COMPUTED, TODAY)
        return len(caught)

    every = [cast.association.pk, cast.education.pk, cast.finance.pk]
    assert cost(every[:1]) == cost(every) <= 4


# --- Arithmetic ----------------------------------------------------------------------------
def of(good: int, total: int) -> Found:
    return Found(tuple(Ref("entry", n, "", "", n < good) for n in range(total)))


@pytest.mark.parametrize(
    ("good", "total", "full", "points"),
    [
        (0, 3, "10", "0"),
        (1, 3, "10", "3.3"),
        (2, 3, "10", "6.7"),
        (3, 3, "2.25", "2.25"),
        (1, 2, "2.25", "1.1"),
        (1, 4, "1", "0.3"),
    ],
)
def test_points_are_the_share_to_a_tenth(good: int, total: int, full: str, points: str) -> None:
    assert of(good, total).points(Decimal(full)) == Decimal(points)


def test_what_is_frozen_comes_back_as_it_was() -> None:
    one = Found((Ref("entry", 3, "任务（一季度）", "迟报", False),), "另有 1 项")
    assert from_json(to_json(one)) == one


@pytest.mark.parametrize(
    ("typed", "points"),
    [("8", "8"), (" 8.5 分", "8.5"), ("８．５", "8.5"), ("0", "0"), ("10.00", "10")],
)
def test_points_are_read_as_people_type_them(typed: str, points: str) -> None:
    assert read_points(typed, Decimal(10)) == Decimal(points)


@pytest.mark.parametrize(
    "typed", ["-1", "10.01", "1e1", "八", "1.234", "NaN", "9" * 30, "１０．１"]
)
def test_no_points_are_told_in_a_sentence(typed: str) -> None:
    with pytest.raises(DomainError, match="分"):
        read_points(typed, Decimal(10))
