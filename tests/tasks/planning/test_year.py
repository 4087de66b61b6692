"""A year's tasks from measures, duties and items of an annual plan; windows read from words."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from plans.models import Duty, Plan
from tasks.models import Assignment, Task
from tasks.services import planning
from tasks.services.planning.windows import falls_due, window
from tests.cast import Cast

pytestmark = pytest.mark.django_db
WHOLE = (date(2024, 1, 1), date(2024, 12, 31))


@pytest.mark.parametrize(
    ("text", "of_year", "expected"),
    [
        ("6月底前举办科技节", True, (date(2024, 1, 1), date(2024, 6, 30))),
        ("6月底前举办科技节", False, WHOLE),  # whose year's June nobody knows
        ("2024年9月底前建成", False, (date(2024, 1, 1), date(2024, 9, 30))),
        ("2023年9月底前建成", False, WHOLE),
        ("每年5月15日前报送", False, (date(2024, 1, 1), date(2024, 5, 15))),
        ("3—5月集中开展", True, (date(2024, 3, 1), date(2024, 5, 31))),
        ("第三季度组织督查", True, (date(2024, 7, 1), date(2024, 9, 30))),
        ("上半年完成", True, (date(2024, 1, 1), date(2024, 6, 30))),
        ("6月底前初评，11月底前终评", True, WHOLE),  # two times: a person decides
        ("2月31日前报送", True, WHOLE),
        ("开展10个月培训", True, WHOLE),
    ],
)
def test_a_window_is_read_only_where_it_is_printed(
    text: str, of_year: bool, expected: tuple[date, date]
) -> None:
    assert window(text, 2024, of_year=of_year) == expected


@pytest.mark.parametrize(
    ("every", "due", "years"),
    [
        ("year", None, [2021, 2022, 2023, 2024, 2025]),
        ("two_years", None, [2022, 2024]),
        ("five_years", None, [2025]),
        (None, date(2023, 6, 1), [2023]),
        (None, None, [2021, 2022, 2023, 2024, 2025]),
    ],
)
def test_a_duty_falls_due_in_the_years_of_its_rhythm(
    every: str | None, due: date | None, years: list[int]
) -> None:
    duty: Any = SimpleNamespace(every=every, due=due)
    assert [one for one in range(2021, 2026) if falls_due(duty, one, 2021)] == years


def test_duties_become_routine_tasks_once(cast: Cast) -> None:
    made = planning.make_year(cast.plan, 2025, by=cast.office, duties=True)
    task = Task.objects.get(year=2025, duty=cast.duty)
    assert task in made
    assert (task.kind, task.measure, task.gathering) == ("routine", None, "proposed")
    assert list(task.assignments.values_list("department", "role")) == [
        (cast.members.pk, "responsible")
    ]
    assert planning.make_year(cast.plan, 2025, by=cast.office, duties=True) == []


def test_a_duty_of_whom_nobody_knows_has_no_units(cast: Cast) -> None:
    Duty.objects.filter(pk=cast.duty.pk).update(who="市领导小组、市科协")
    planning.make_year(cast.plan, 2025, by=cast.office, duties=True)
    assert not Assignment.objects.filter(task__duty=cast.duty).exists()


def test_a_duty_of_one_known_unit_proposes_it(cast: Cast) -> None:
    Duty.objects.filter(pk=cast.duty.pk).update(who="市科协")
    planning.make_year(cast.plan, 2025, by=cast.office, duties=True)
    part = Assignment.objects.get(task__duty=cast.duty)
    assert (part.department, part.role) == (cast.association, "lead")


def test_a_duty_inside_a_measure_that_names_nobody_is_part_of_its_task(cast: Cast) -> None:
    Duty.objects.filter(pk=cast.duty.pk).update(who=None, measure=cast.measure_1)
    planning.make_year(cast.plan, 2025, by=cast.office, duties=True)
    assert not Task.objects.filter(duty=cast.duty).exists()


def test_an_annual_plan_gives_its_items_and_their_times(cast: Cast, annual: Plan) -> None:
    planning.make_year(annual, 2024, by=cast.office, duties=True)
    first, second = Task.objects.filter(plan=annual, measure__isnull=False).order_by("id")
    assert (first.due, second.due) == (date(2024, 6, 30), date(2024, 12, 31))
    assert first.assignments.get(role="lead").department == cast.education
    duty = Task.objects.get(plan=annual, duty__isnull=False)
    assert duty.assignments.get().department == cast.association
