"""The year's tasks and the periods in which they report."""

from datetime import date

import pytest

from core.errors import DomainError, NotAllowed
from core.models import Notice
from departments.models import Department, Succession
from departments.services import confirm_succession
from plans.models import Plan, Responsibility
from tasks.models import Assignment, Entry, Period, Task
from tasks.selectors.periods.opening import preview
from tasks.services import periods, planning
from tasks.services.planning import Named, propose_lead
from tests.cast import Cast
from tests.cast_story import NOW

pytestmark = pytest.mark.django_db
LEAD, DOES, HELPS = "lead", "responsible", "cooperate"


def named(*pairs: tuple[int, str]) -> list[Named]:
    return [Named(department, role) for department, role in pairs]


class TestProposals:
    def test_the_printed_lead_of_the_measure_is_proposed(self):
        assert propose_lead(named((1, DOES), (2, LEAD)), named((3, LEAD)), set()) == 2

    def test_two_printed_leads_leave_it_to_a_person(self):
        assert propose_lead(named((1, LEAD), (2, LEAD)), [], set()) is None

    def test_an_action_lead_among_the_units_is_proposed(self):
        assert propose_lead(named((1, DOES), (2, DOES)), named((2, LEAD), (9, LEAD)), set()) == 2

    def test_an_action_lead_who_is_not_among_the_units_is_not(self):
        assert propose_lead(named((1, DOES), (2, DOES)), named((9, LEAD)), set()) is None

    def test_two_action_leads_among_the_units_leave_it_to_a_person(self):
        assert propose_lead(named((1, DOES), (2, DOES)), named((1, LEAD), (2, LEAD)), set()) is None

    def test_the_only_unit_is_proposed(self):
        assert propose_lead(named((1, DOES)), [], set()) == 1

    def test_the_first_of_several_is_never_proposed(self):
        assert propose_lead(named((1, DOES), (2, DOES), (3, DOES)), [], set()) is None

    def test_a_group_is_never_proposed(self):
        assert propose_lead(named((1, LEAD)), [], {1}) is None

    def test_who_only_cooperates_is_never_proposed(self):
        assert propose_lead(named((1, HELPS)), [], set()) is None


class TestTheYear:
    def test_making_the_year_twice_makes_nothing_twice(self, cast: Cast):
        assert planning.make_year(cast.plan, 2024, by=cast.office) == []
        assert Task.objects.filter(plan=cast.plan, year=2024).count() == 4

    def test_safeguards_become_no_tasks(self, cast: Cast):
        assert not Task.objects.filter(measure__action=cast.safeguard).exists()

    def test_a_year_outside_the_plan_is_told(self, cast: Cast):
        with pytest.raises(DomainError, match="2021—2025"):
            planning.make_year(cast.plan, 2026, by=cast.office)

    def test_a_draft_plan_has_no_tasks_yet(self, cast: Cast):
        with pytest.raises(NotAllowed, match="启用"):
            planning.make_year(cast.plan_b, 2024, by=cast.office_b)

    def test_only_the_own_office_makes_tasks(self, cast: Cast):
        for person in (cast.office_b, cast.leader, cast.liaison, cast.office_province):
            with pytest.raises(NotAllowed):
                planning.make_year(cast.plan, 2025, by=person)

    def test_units_go_to_their_confirmed_successors(self, cast: Cast):
        new = Department.objects.create(region=cast.city_a, name="市教育体育局")
        change = Succession.objects.create(
            old=cast.education, new=new, kind="rename", on=date(2024, 3, 1)
        )
        planning.make_year(cast.plan, 2025, by=cast.office)
        assert not Assignment.objects.filter(task__year=2025, department=new).exists()
        Task.objects.filter(year=2025).delete()
        confirm_succession(change, by=cast.office, now=NOW)
        planning.make_year(cast.plan, 2025, by=cast.office)
        assert Assignment.objects.filter(task__year=2025, department=new).count() == 4
        assert Responsibility.objects.filter(printed_name="市教育局").exists()

    def test_a_split_is_left_to_a_person(self, cast: Cast):
        for name in ("市文化和旅游局", "市新闻出版局"):
            new = Department.objects.create(region=cast.city_a, name=name)
            change = Succession.objects.create(
                old=cast.education, new=new, kind="split", on=date(2024, 3, 1)
            )
            confirm_succession(change, by=cast.office, now=NOW)
        planning.make_year(cast.plan, 2025, by=cast.office)
        assert Assignment.objects.filter(task__year=2025, department=cast.education).count() == 4

    def test_a_group_cannot_gather(self, cast: Cast):
        task = planning.make_year(cast.plan, 2025, by=cast.office)[0]
        with pytest.raises(DomainError, match="单位集合"):
            planning.settle_lead(task, cast.members, by=cast.office)

    def test_a_gatherer_stays_once_somebody_reported(self, cast: Cast):
        with pytest.raises(DomainError, match="已有单位报送"):
            planning.settle_lead(cast.task_2, cast.finance, by=cast.office)

    def test_a_task_has_at_most_one_gatherer(self, cast: Cast):
        task = planning.make_year(cast.plan, 2025, by=cast.office)[0]
        for unit in (cast.education, cast.finance):
            planning.settle_lead(task, unit, by=cast.office)
        assert list(task.assignments.filter(role=LEAD).values_list("department", flat=True)) == [
            cast.finance.pk
        ]


def next_period(cast: Cast, year: int = 2025) -> Period:
    return periods.schedule(
        cast.city_a,
        f"{year} 年上半年",
        year=year,
        starts=date(year, 1, 1),
        ends=date(year, 6, 30),
        opens_on=date(year, 6, 20),
        due_on=date(year, 7, 10),
        closes_on=date(year, 7, 31),
        by=cast.office,
    )


class TestPeriods:
    def test_the_preview_counts_what_opening_makes(self, cast: Cast):
        planning.make_year(cast.plan, 2025, by=cast.office)
        planning.confirm_proposals(cast.plan, 2025, by=cast.office)
        for task in Task.objects.filter(year=2025, gathering="proposed"):
            planning.settle_lead(task, None, by=cast.office)
        period = next_period(cast)
        expected = preview(period, NOW.date())
        assert periods.open_period(period, by=cast.office, now=NOW) == expected.entries
        assert Entry.objects.filter(period=period).count() == expected.entries
        for unit in expected.units:
            mine = Entry.objects.filter(period=period, department=unit.department_id)
            assert mine.filter(kind="report").count() == unit.reports
            assert mine.filter(kind="part").count() == unit.parts

    def test_unsettled_tasks_keep_a_period_shut(self, cast: Cast):
        planning.make_year(cast.plan, 2025, by=cast.office)
        Task.objects.filter(year=2025).update(gathering="proposed")
        period = next_period(cast)
        with pytest.raises(DomainError, match="没有确认汇总单位"):
            periods.open_period(period, by=cast.office, now=NOW)
        assert not Entry.objects.filter(period=period).exists()

    def test_a_period_without_tasks_is_not_opened(self, cast: Cast):
        with pytest.raises(DomainError, match="没有需要填报的任务"):
            periods.open_period(next_period(cast), by=cast.office, now=NOW)

    def test_opening_twice_is_refused_in_words(self, cast: Cast):
        with pytest.raises(NotAllowed, match="填报中"):
            periods.open_period(cast.period, by=cast.office, now=NOW)

    def test_groups_and_cooperating_units_are_asked_for_nothing(self, cast: Cast):
        assert not Entry.objects.filter(assignment__role="cooperate").exists()
        assert not Entry.objects.filter(department__kind="group").exists()

    def test_everyone_concerned_is_told_once(self, cast: Cast):
        told = Notice.objects.filter(event=f"period:{cast.period.pk}:open")
        assert set(told.values_list("person", flat=True)) == {
            cast.liaison.pk,
            cast.head.pk,
            cast.liaison_finance.pk,
            cast.double.pk,
        }

    def test_wrong_dates_are_told_at_their_fields(self, cast: Cast):
        with pytest.raises(DomainError) as caught:
            periods.schedule(
                cast.city_a,
                " ",
                year=2025,
                starts=date(2025, 6, 30),
                ends=date(2025, 1, 1),
                opens_on=date(2025, 7, 1),
                due_on=date(2025, 6, 1),
                closes_on=date(2025, 5, 1),
                by=cast.office,
            )
        assert set(caught.value.fields) == {"name", "ends", "due_on", "closes_on"}

    def test_a_name_is_used_once(self, cast: Cast):
        next_period(cast)
        with pytest.raises(DomainError) as caught:
            next_period(cast)
        assert "name" in caught.value.fields


def test_plans_of_other_regions_do_not_join_a_period(cast: Cast):
    assert not Entry.objects.filter(task__plan__in=Plan.objects.exclude(pk=cast.plan.pk)).exists()
