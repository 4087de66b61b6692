"""Tasks of last year continued, within a plan and across plans."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core.errors import DomainError, NotAllowed
from departments.models import Department, Succession
from departments.services import confirm_succession
from plans.models import Measure, Plan
from tasks.models import Task
from tasks.services import planning
from tests.cast import Cast
from tests.cast_story import NOW

pytestmark = pytest.mark.django_db


def test_a_task_goes_on_with_all_that_it_is(cast: Cast) -> None:
    planning.edit_task(
        cast.task_1,
        by=cast.office,
        kind="quantity",
        quantity=12,
        unit="所",
        weight=3,
        starts=dt.date(2024, 2, 29),
        due=dt.date(2024, 6, 30),
    )
    source = Task.objects.get(pk=cast.task_1.pk)
    done = planning.carry_over(cast.plan, 2025, [source], by=cast.office)
    (new,) = done.made
    assert (new.continues, new.measure, new.year) == (source, cast.measure_1, 2025)
    assert (new.kind, new.quantity, new.unit, new.weight) == ("quantity", 12, "所", 3)
    assert (new.starts, new.due) == (dt.date(2025, 2, 28), dt.date(2025, 6, 30))
    assert new.gathering == source.gathering == "confirmed"
    parts = [sorted(one.assignments.values_list("department", "role")) for one in (source, new)]
    assert parts[0] == parts[1]


def test_a_title_that_is_there_is_linked_and_not_doubled(cast: Cast) -> None:
    planning.make_year(cast.plan, 2025, by=cast.office)
    done = planning.carry_over(cast.plan, 2025, [cast.task_1, cast.task_2], by=cast.office)
    assert (done.made, len(done.linked)) == ([], 2)
    assert Task.objects.filter(year=2025).count() == 4
    assert Task.objects.get(year=2025, measure=cast.measure_1).continues == cast.task_1


def test_units_go_to_who_carries_their_work_now(cast: Cast) -> None:
    new = Department.objects.create(region=cast.city_a, name="市教育体育局")
    change = Succession.objects.create(
        old=cast.education, new=new, kind="merge", on=dt.date(2024, 9, 1)
    )
    confirm_succession(change, by=cast.office, now=NOW)
    planning.add_units(cast.task_1, "市教育体育局", "cooperate", by=cast.office)
    (made,) = planning.carry_over(cast.plan, 2025, [cast.task_1], by=cast.office).made
    assert made.assignments.get(department=new).role == "lead"
    assert not made.assignments.filter(department=cast.education).exists()


def test_another_plan_needs_a_measure_of_its_own(cast: Cast, annual: Plan) -> None:
    Plan.objects.filter(pk=annual.pk).update(start_year=2025, end_year=2025)
    annual.refresh_from_db()
    with pytest.raises(DomainError, match="对应的措施") as caught:
        planning.carry_over(annual, 2025, [cast.task_1], by=cast.office)
    assert list(caught.value.fields) == [str(cast.task_1.pk)]
    measure = Measure.objects.filter(action__plan=annual).select_related("action")[0]
    with pytest.raises(DomainError, match="对应的措施"):  # a measure of the old plan is none
        planning.carry_over(
            annual, 2025, [cast.task_1], measures={cast.task_1.pk: cast.measure_1}, by=cast.office
        )
    (made,) = planning.carry_over(
        annual, 2025, [cast.task_1], measures={cast.task_1.pk: measure}, by=cast.office
    ).made
    assert (made.plan, made.measure, made.continues) == (annual, measure, cast.task_1)


def test_who_may_not_and_what_may_not(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        planning.carry_over(cast.plan, 2025, [cast.task_1], by=cast.liaison)
    for year, tasks, sentence in (
        (2025, [], "请先选"),
        (2024, [cast.task_1], "以前年度"),
        (2026, [cast.task_1], "2021—2025"),
    ):
        with pytest.raises(DomainError, match=sentence):
            planning.carry_over(cast.plan, year, tasks, by=cast.office)


def test_the_page_offers_last_year_and_the_task_leads_back(
    cast: Any, browse: Callable[..., Client], annual: Plan
) -> None:
    Plan.objects.filter(pk=annual.pk).update(start_year=2025, end_year=2025)
    browser = browse(cast.office)
    html = browser.get(f"/tasks/carry/?plan={annual.pk}&year=2025").content.decode()
    assert "2024 年任务接续到 2025 年" in html
    sent = {"plan": annual.pk, "year": 2025, "source": f"{cast.plan.pk}-2024"}
    answer = browser.post("/tasks/carry/", {**sent, "task": [cast.task_1.pk]})
    assert answer.status_code == 422
    assert "请选它在本方案中对应的措施" in answer.content.decode()
    measure = Measure.objects.filter(action__plan=annual)[0]
    sent |= {"task": [cast.task_1.pk], f"measure-{cast.task_1.pk}": measure.pk}
    browser.post("/tasks/carry/", sent)
    made = Task.objects.get(plan=annual, continues=cast.task_1)
    html = browser.get(f"/tasks/{made.pk}/").content.decode()
    assert f'上年任务：<a href="/tasks/{cast.task_1.pk}/"' in html
    assert "最后完成" in html
