"""Which measure of a higher or earlier plan a measure carries out: who says so, and what may be."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import NotAllowed
from core.models import AuditEvent
from plans.comparison import ALIKE, GONE, NEW, REWORDED, choices, compare, readable
from plans.models import Action, Measure, Plan
from plans.policies import can_carry_out
from plans.services.parents import CLEARED, KEPT, REFUSED, SET, set_parents
from tests.cast import Cast

ABOVE = (
    ("青少年科学素质提升行动", ("办好科学课", "引导场馆与学校结对")),
    ("基层科普能力提升工程", ("建设社区科普馆",)),
)


def plan_of(region: Any, state: str = "active", years: tuple[int, int] = (2021, 2025)) -> Plan:
    """Make a plan with three measures of its own."""
    plan = Plan.objects.create(
        region=region, title="上级方案", start_year=years[0], end_year=years[1], state=state
    )
    for number, (title, measures) in enumerate(ABOVE, 1):
        action = Action.objects.create(plan=plan, kind="action", title=title, position=number)
        for position, name in enumerate(measures, 1):
            Measure.objects.create(action=action, title=name, position=position)
    return plan


def measures(plan: Plan) -> list[Measure]:
    return list(Measure.objects.filter(action__plan=plan).select_related("action"))


@pytest.fixture
def above(cast: Cast) -> Plan:
    """Return the plan in force of the province above city A."""
    return plan_of(cast.province)


# --- Setting them --------------------------------------------------------------------------------
def test_the_office_accepts_parents_in_one_request_with_an_answer_for_each(
    cast: Cast, above: Plan
) -> None:
    first, second, third = measures(above)
    chosen = {cast.measure_1.pk: first.pk, cast.measure_2.pk: first.pk, cast.measure_3.pk: third.pk}
    answers = set_parents(cast.plan, chosen, by=cast.office)
    assert [(one.measure, one.outcome) for one in answers] == [(pk, SET) for pk in chosen]
    assert list(first.children.order_by("pk")) == [cast.measure_1, cast.measure_2]
    assert not second.children.exists()
    event = AuditEvent.objects.get(code="plans.measure.parent")
    assert event.subject_id == cast.plan.pk
    assert event.detail["parents"] == {str(one): parent for one, parent in chosen.items()}


def test_what_is_refused_leaves_the_other_rows_as_they_are_wished(cast: Cast, above: Plan) -> None:
    first = measures(above)[0]
    own = cast.measure_4.pk
    chosen = {cast.measure_1.pk: own, 999_999: first.pk, cast.measure_2.pk: first.pk}
    answers = set_parents(cast.plan, chosen, by=cast.office)
    assert [one.outcome for one in answers] == [REFUSED, REFUSED, SET]
    assert answers[0].message == "本地区的方案中，只有更早一期的可以作为上级方案。"
    assert answers[1].message == "本方案没有这项措施。"
    cast.measure_1.refresh_from_db()
    assert cast.measure_1.parent is None


def test_a_parent_is_cleared_and_what_is_so_already_is_left_alone(cast: Cast, above: Plan) -> None:
    first = measures(above)[0]
    set_parents(cast.plan, {cast.measure_1.pk: first.pk}, by=cast.office)
    before = AuditEvent.objects.filter(code="plans.measure.parent").count()
    assert set_parents(cast.plan, {cast.measure_1.pk: first.pk}, by=cast.office)[0].outcome == KEPT
    assert AuditEvent.objects.filter(code="plans.measure.parent").count() == before
    assert set_parents(cast.plan, {cast.measure_1.pk: None}, by=cast.office)[0].outcome == CLEARED
    assert not first.children.exists()


def test_rest_clients_see_that_a_measure_changed(cast: Cast, above: Plan) -> None:
    before = cast.measure_1.updated_at
    set_parents(cast.plan, {cast.measure_1.pk: measures(above)[0].pk}, by=cast.office)
    cast.measure_1.refresh_from_db()
    assert cast.measure_1.updated_at > before


def test_only_the_plans_own_office_decides(cast: Cast, above: Plan) -> None:
    for who in (cast.liaison, cast.leader, cast.office_province, cast.office_b):
        with pytest.raises(NotAllowed, match="只有子市的纲要办"):
            set_parents(cast.plan, {cast.measure_1.pk: measures(above)[0].pk}, by=who)
    assert not AuditEvent.objects.filter(code="plans.measure.parent").exists()


def test_a_parent_that_the_person_does_not_see_does_not_exist(cast: Cast) -> None:
    hidden = measures(cast.plan_b)[0]
    (answer,) = set_parents(cast.plan, {cast.measure_1.pk: hidden.pk}, by=cast.office)
    assert answer.outcome == REFUSED
    assert "没有这项上级措施，或者您不能查看" in answer.message


def test_the_number_of_queries_does_not_depend_on_the_number_of_rows(
    cast: Cast, above: Plan
) -> None:
    first, second, third = measures(above)
    rows = measures(cast.plan)
    set_parents(cast.plan, {rows[0].pk: third.pk}, by=cast.office)  # loads whom the office acts as
    with CaptureQueriesContext(connection) as one:
        set_parents(cast.plan, {rows[0].pk: first.pk}, by=cast.office)
    with CaptureQueriesContext(connection) as many:
        set_parents(cast.plan, {row.pk: second.pk for row in rows}, by=cast.office)
    assert len(many) == len(one)
    assert {row.parent_id for row in measures(cast.plan)} == {second.pk}


# --- Which plans may be above --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("place", "state", "years", "allowed"),
    [
        ("province", "active", (2021, 2025), True),
        ("province", "closed", (2016, 2020), True),
        ("nation", "active", (2021, 2035), True),
        ("province", "draft", (2021, 2025), False),
        ("province", "active", (2026, 2030), False),
        ("city_a", "closed", (2016, 2020), True),
        ("city_a", "active", (2026, 2030), False),
        ("city_a", "active", (2021, 2025), False),
        ("city_b", "active", (2016, 2020), False),
        ("county_a1", "active", (2016, 2020), False),
    ],
)
def test_a_parent_is_of_a_region_above_or_of_an_earlier_period(
    cast: Cast, place: str, state: str, years: tuple[int, int], allowed: bool
) -> None:
    other = plan_of(getattr(cast, place), state, years)
    verdict = can_carry_out(cast.plan, other)
    assert bool(verdict) is allowed
    assert bool(verdict.reason) is not allowed


def test_an_annual_plan_carries_out_the_five_year_plan_of_its_year(cast: Cast) -> None:
    annual = plan_of(cast.city_a, years=(2021, 2021))
    Plan.objects.filter(pk=annual.pk).update(kind="annual")
    annual.refresh_from_db()
    assert can_carry_out(annual, cast.plan)
    assert not can_carry_out(cast.plan, annual)


# --- Side by side --------------------------------------------------------------------------------
def test_two_plans_are_set_side_by_side_in_the_order_of_the_first(cast: Cast, above: Plan) -> None:
    found = compare(cast.plan, above)
    assert [part.left for part in found.parts] == [cast.action_1, cast.action_2]
    assert [part.right.title for part in found.parts if part.right] == [one[0] for one in ABOVE]
    assert [row.left for row in found.rows if row.left] == measures(cast.plan)
    assert found.rows[0].right == measures(above)[0]
    assert [part.left for part in found.safeguards] == [cast.safeguard]


def test_every_measure_of_both_plans_is_counted_once(cast: Cast, above: Plan) -> None:
    found = compare(cast.plan, above)
    counts = found.counts
    assert counts[ALIKE] + counts[REWORDED] + counts[NEW] == 4
    assert counts[ALIKE] + counts[REWORDED] + counts[GONE] == 3
    assert sorted(row.right.pk for row in found.rows if row.right) == [
        one.pk for one in measures(above)
    ]


def test_an_action_that_only_the_other_plan_has_stands_at_the_end(cast: Cast, above: Plan) -> None:
    action = Action.objects.create(plan=above, kind="project", title="国际交流工程", position=3)
    Measure.objects.create(action=action, title="拓展交往渠道", position=1)
    last = compare(cast.plan, above).parts[-1]
    assert (last.left, last.right) == (None, action)
    assert [row.status for row in last.rows] == [GONE]


def test_comparing_asks_as_often_for_many_measures_as_for_few(cast: Cast, above: Plan) -> None:
    compare(cast.plan, above)  # loads the regions of the two
    with CaptureQueriesContext(connection) as few:
        compare(cast.plan, above)
    for number in range(20):
        Measure.objects.create(action=cast.action_1, title=f"措施{number}", position=10 + number)
    with CaptureQueriesContext(connection) as many:
        compare(cast.plan, above)
    assert len(many) == len(few)


def test_plans_to_compare_with_come_the_likeliest_first(cast: Cast, above: Plan) -> None:
    earlier = plan_of(cast.city_a, "closed", (2016, 2020))
    nation = plan_of(cast.nation)
    Plan.objects.filter(pk=cast.plan.pk).update(parent=nation)
    cast.plan.refresh_from_db()
    found = choices(cast.office, cast.plan)
    assert [(one.plan, one.reason) for one in found] == [
        (nation, "parent"), (above, "above"), (earlier, "earlier"),
    ]  # fmt: skip
    assert all(one.may_be_parent for one in found)


def test_what_is_open_to_everyone_may_be_compared_with(cast: Cast) -> None:
    assert cast.plan_b not in readable(cast.office)
    Plan.objects.filter(pk=cast.plan_b.pk).update(state="active", is_public=True)
    assert cast.plan_b in readable(cast.office)
    assert [
        (one.plan, one.reason, one.may_be_parent) for one in choices(cast.office, cast.plan)
    ] == [(cast.plan_b, "other", False)]


def test_the_rest_interface_shows_the_parent(cast: Cast, above: Plan, call: Any) -> None:
    first = measures(above)[0]
    set_parents(cast.plan, {cast.measure_1.pk: first.pk}, by=cast.office)
    answer = call(cast.office).get(f"/api/v1/measures/{cast.measure_1.pk}/").json()
    assert answer["parent"] == first.pk
