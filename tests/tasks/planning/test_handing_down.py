"""Tasks handed down to a county, broken down there, and seen again above; plans side by side."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from core.errors import DomainError, NotAllowed
from plans.models import Measure, Plan
from tasks.models import Entry, Judgement, Task
from tasks.selectors.planning.handing import given_to, handed_down
from tasks.services import planning
from tests.cast import Cast
from tests.cast_story import NOW

pytestmark = pytest.mark.django_db
TEXTS = {"title": "办好县科技节", "lead": "县教育局", "kind": "milestone"}
AS_OF = date(2024, 7, 10)


@pytest.fixture
def handed(cast: Cast, county: Any) -> Task:
    """Return task_2, given to the county's 科协 too."""
    planning.add_units(cast.task_2, "子东县·子东县科协", "responsible", by=cast.office)
    return Task.objects.get(pk=cast.task_2.pk)


def child(handed: Task, county: Any, **texts: str) -> Task:
    return planning.break_down(handed, county.plan, {**TEXTS, **texts}, by=county.office)


def test_the_county_breaks_it_down_with_units_of_its_own(
    cast: Cast, county: Any, handed: Task
) -> None:
    made = child(handed, county)
    assert (made.parent, made.plan, made.year) == (handed, county.plan, 2024)
    assert made.assignments.get().department == county.education
    assert [one.children for one in given_to(county.office, 2024)] == [[made]]
    assert cast.office.notices.filter(event=f"task:{made.pk}:broken_down").exists()


@pytest.mark.parametrize(
    ("texts", "field"),
    [
        ({"title": ""}, "title"),
        ({"lead": "县气象局"}, "lead"),
        ({"kind": "quantity"}, "quantity"),
        ({"starts": "2024-09-01", "due": "2024-06-30"}, "due"),
    ],
)
def test_bad_input_is_told_at_its_field(
    county: Any, handed: Task, texts: dict[str, str], field: str
) -> None:
    with pytest.raises(DomainError) as caught:
        child(handed, county, **texts)
    assert field in caught.value.fields
    assert not Task.objects.filter(parent=handed).exists()


def test_the_same_part_is_made_once(county: Any, handed: Task) -> None:
    child(handed, county)
    with pytest.raises(DomainError, match="已有同名的任务"):
        child(handed, county)


def test_only_who_was_given_the_task_breaks_it_down(cast: Cast, county: Any, handed: Task) -> None:
    for task, plan, person in (
        (cast.task_1, county.plan, county.office),  # not handed to this county
        (handed, cast.plan, cast.office),
        (handed, county.plan, cast.office),
        (handed, cast.plan, county.office),
    ):
        with pytest.raises(NotAllowed):
            planning.break_down(task, plan, TEXTS, by=person)


def test_without_a_plan_in_force_the_sentence_says_so(
    cast: Any, browse: Callable[..., Client], county: Any, handed: Task
) -> None:
    Plan.objects.filter(pk=county.plan.pk).update(state="closed")
    browser = browse(cast.double)
    browser.post("/act-as/", {"membership": cast.double_office.pk})
    html = browser.get(f"/tasks/{handed.pk}/down/").content.decode()
    assert "还没有启用的、包括 2024 年的方案" in html
    assert browser.post(f"/tasks/{handed.pk}/down/", TEXTS).status_code == 403


def test_those_above_see_titles_and_approved_figures_only(
    cast: Cast, county: Any, handed: Task
) -> None:
    made = child(handed, county)
    Entry.objects.create(
        period=cast.period,
        task=made,
        assignment=made.assignments.get(),
        department=county.education,
        kind="report",
        draft={"percent": {"text": "77", "version": 1}},
    )
    (below,) = handed_down(handed, cast.office, AS_OF)
    assert (below.region, below.children[0].task) == (cast.county_a1, made)
    assert below.children[0].standing.percent is None
    Judgement.objects.create(
        task=made, period=cast.earlier, percent=40, reason="过半", by=county.office, at=NOW
    )
    (below,) = handed_down(handed, cast.leader, AS_OF)
    assert below.children[0].standing.percent == 40
    assert handed_down(handed, cast.liaison, AS_OF) == []  # a unit of the city itself


def test_its_page_lists_it_and_breaks_it_down(
    cast: Any, browse: Callable[..., Client], county: Any, handed: Task
) -> None:
    browser = browse(cast.double)
    browser.post("/act-as/", {"membership": cast.double_office.pk})
    html = browser.get("/tasks/?year=2024").content.decode()
    assert "上级交办" in html
    assert f'href="/tasks/{handed.pk}/down/"' in html
    address = f"/tasks/{handed.pk}/down/"
    sent = {**TEXTS, "plan": county.plan.pk, "starts": "2024-01-01", "due": "2024-10-31"}
    answer = browser.post(address, {**sent, "lead": "县气象局"})
    assert "没有“县气象局”这个单位" in answer.content.decode()
    assert "办好县科技节" in answer.content.decode()
    browser.post(address, sent)
    made = Task.objects.get(parent=handed)
    assert (made.title, made.due) == ("办好县科技节", date(2024, 10, 31))
    above = browse(cast.office).get(f"/tasks/{handed.pk}/").content.decode()
    assert "下级分解和进展" in above
    assert "办好县科技节" in above
    assert browse(cast.office).get(address).status_code == 404


def test_groups_of_counties_offer_their_offices(
    cast: Any, browse: Callable[..., Client], county: Any
) -> None:
    html = browse(cast.office).get(f"/tasks/{cast.task_1.pk}/").content.decode()
    assert "把“各成员单位”列出单位" in html
    assert "子东县·子东县科协" in html.replace("\n", "")
    sent = {"group": cast.members.pk, "member": [county.association.pk]}
    browser = browse(cast.office)
    browser.post(f"/tasks/{cast.task_1.pk}/units/members/", sent)
    part = cast.task_1.assignments.get(department=county.association)
    assert part.group == cast.members
    assert "原文：各成员单位" in browser.get(f"/tasks/{cast.task_1.pk}/").content.decode()


class TestSideBySide:
    @pytest.fixture
    def linked(self, cast: Cast, annual: Plan) -> Task:
        """Return a task of the annual plan whose item carries out measure_1."""
        item = Measure.objects.filter(action__plan=annual).order_by("id")[0]
        Measure.objects.filter(pk=item.pk).update(parent=cast.measure_1)
        planning.make_year(annual, 2024, by=cast.office)
        return Task.objects.get(measure=item)

    def test_each_year_names_the_other_plans(
        self, cast: Any, browse: Callable[..., Client], annual: Plan, linked: Task
    ) -> None:
        browser = browse(cast.office)
        for plan, other in ((cast.plan, annual), (annual, cast.plan)):
            html = browser.get(f"/tasks/?plan={plan.pk}&year=2024").content.decode()
            assert f'href="/tasks/?plan={other.pk}&amp;year=2024"' in html

    def test_doubled_work_is_warned_of_and_cancelled_with_its_reason(
        self, cast: Any, browse: Callable[..., Client], annual: Plan, linked: Task
    ) -> None:
        browser = browse(cast.office)
        for plan, twin in ((annual, cast.task_1), (cast.plan, linked)):
            html = browser.get(f"/tasks/?plan={plan.pk}&year=2024").content.decode()
            assert "有 1 项工作在别的方案里也有任务" in html
            assert f'href="/tasks/{twin.pk}/"' in html
            assert "重复，只在那里填报。" in html
        browser.post(f"/tasks/{linked.pk}/cancel/", {"reason": "重复"})
        html = browser.get(f"/tasks/?plan={cast.plan.pk}&year=2024").content.decode()
        assert "在别的方案里也有任务" not in html
