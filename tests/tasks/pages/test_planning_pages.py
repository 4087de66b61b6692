"""The year's tasks: made, their gathering units settled, each edited, cancelled or judged."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from tasks.models import Judgement, Task
from tasks.services import planning


def form(task: Task, **changes: str) -> dict[str, str]:
    return {
        "title": task.title,
        "deliverable": task.deliverable,
        "kind": task.kind,
        "quantity": "",
        "unit": task.unit,
        "starts": task.starts.isoformat(),
        "due": task.due.isoformat(),
        "weight": "1",
        **changes,
    }


def test_the_years_tasks_stand_under_their_actions_with_their_units(
    cast: Any, browse: Callable[..., Client]
) -> None:
    html = browse(cast.office).get("/tasks/").content.decode()
    assert "<h1>2024 年任务</h1>" in html
    assert cast.action_1.title in html
    assert f'href="/tasks/{cast.task_1.pk}/"' in html
    assert "各单位分别报送" in html
    assert "汇总单位都已确认" in html


def test_a_year_without_tasks_offers_to_make_them(cast: Any, browse: Callable[..., Client]) -> None:
    browser = browse(cast.office)
    html = browser.get(f"/tasks/?plan={cast.plan.pk}&year=2025").content.decode()
    assert "分解 2025 年任务" in html
    answer = browser.post("/tasks/year/", {"plan": cast.plan.pk, "year": 2025}, follow=True)
    assert "已分解 2025 年任务 4 项" in answer.content.decode()
    assert Task.objects.filter(year=2025).count() == 4


def test_proposals_are_confirmed_at_once_and_the_rest_row_by_row(
    cast: Any, browse: Callable[..., Client]
) -> None:
    planning.make_year(cast.plan, 2025, by=cast.office)
    browser = browse(cast.office)
    year = {"plan": cast.plan.pk, "year": 2025}
    assert "按建议全部确认（3 项）" in browser.get("/tasks/?year=2025").content.decode()
    browser.post("/tasks/confirm/", year)
    left = Task.objects.get(year=2025, gathering="proposed")
    html = browser.get("/tasks/?year=2025").content.decode()
    assert "1 项的汇总单位待确认" in html
    assert html.count("btn-p") == 1
    browser.post("/tasks/leads/", {**year, f"lead-{left.pk}": cast.finance.pk})
    left.refresh_from_db()
    assert left.gathering == "confirmed"
    assert left.assignments.get(role="lead").department == cast.finance


def test_each_unit_for_itself_is_a_choice_too(cast: Any, browse: Callable[..., Client]) -> None:
    planning.make_year(cast.plan, 2025, by=cast.office)
    task = Task.objects.get(year=2025, measure=cast.measure_4)
    year = {"plan": cast.plan.pk, "year": 2025}
    browse(cast.office).post("/tasks/leads/", {**year, f"lead-{task.pk}": "none"})
    task.refresh_from_db()
    assert task.gathering == "none"


def test_a_liaison_sees_the_own_tasks_and_no_button(
    cast: Any, browse: Callable[..., Client]
) -> None:
    html = browse(cast.liaison_finance).get("/tasks/?year=2024").content.decode()
    assert f'href="/tasks/{cast.task_1.pk}/"' in html
    assert f'href="/tasks/{cast.task_2.pk}/"' not in html
    assert "btn-p" not in html
    browse(cast.liaison_finance).post("/tasks/year/", {"plan": cast.plan.pk, "year": 2025})
    assert not Task.objects.filter(year=2025).exists()


def test_a_task_is_changed_and_errors_stand_at_the_fields(
    cast: Any, browse: Callable[..., Client]
) -> None:
    browser = browse(cast.office)
    address = f"/tasks/{cast.task_1.pk}/"
    browser.post(address, form(cast.task_1, kind="quantity", quantity="12", unit="所"))
    cast.task_1.refresh_from_db()
    assert (cast.task_1.kind, cast.task_1.quantity, cast.task_1.unit) == ("quantity", 12, "所")
    answer = browser.post(address, form(cast.task_1, due="2023-12-31", kind="quantity"))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert '<a href="#id_due">' in html
    assert '<a href="#id_quantity">' in html
    cast.task_1.refresh_from_db()
    assert cast.task_1.due.year == 2024


def test_a_task_cannot_take_the_title_of_another_of_its_measure(
    cast: Any, browse: Callable[..., Client]
) -> None:
    Task.objects.filter(pk=cast.task_2.pk).update(measure=cast.measure_1)
    answer = browse(cast.office).post(
        f"/tasks/{cast.task_2.pk}/", form(cast.task_2, title=cast.task_1.title)
    )
    assert "这条措施下已有同名的任务" in answer.content.decode()


def test_a_task_is_cancelled_with_a_reason_only(cast: Any, browse: Callable[..., Client]) -> None:
    browser = browse(cast.office)
    address = f"/tasks/{cast.task_2.pk}/cancel/"
    browser.post(address, {"reason": " "})
    cast.task_2.refresh_from_db()
    assert cast.task_2.cancelled_at is None
    browser.post(address, {"reason": "并入另一项任务。"})
    html = browser.get(f"/tasks/{cast.task_2.pk}/").content.decode()
    assert "已取消：并入另一项任务。" in html
    assert "保存修改" not in html


def test_the_office_judges_a_task_that_nobody_gathers(
    cast: Any, browse: Callable[..., Client]
) -> None:
    browser = browse(cast.office)
    address = f"/tasks/{cast.task_4.pk}/judge/"
    sent = {"period": cast.period.pk, "percent": "35", "reason": "两家都已过半。"}
    browser.post(address, sent)
    assert Judgement.objects.filter(task=cast.task_4, percent=35).count() == 1
    html = browser.post(address, {**sent, "percent": "135"}).content.decode()
    assert "完成比例应在 0 到 100 之间" in html
    assert "综合判定" not in browser.get(f"/tasks/{cast.task_1.pk}/").content.decode()


def test_units_change_their_part_in_a_task(cast: Any, browse: Callable[..., Client]) -> None:
    form = {f"role-{cast.finance.pk}": "cooperate"}
    browse(cast.office).post(f"/tasks/{cast.task_1.pk}/units/", form)
    assert cast.task_1.assignments.get(department=cast.finance).role == "cooperate"


def test_judgements_are_read_by_those_who_supervise(
    cast: Any, browse: Callable[..., Client]
) -> None:
    address = f"/tasks/{cast.task_4.pk}/"
    assert "两家单位各自推进。" in browse(cast.leader).get(address).content.decode()
    assert "两家单位各自推进。" not in browse(cast.liaison).get(address).content.decode()


def test_the_invisible_is_not_found(cast: Any, browse: Callable[..., Client]) -> None:
    for person in (cast.liaison_b, cast.office_b, cast.auditor):
        assert browse(person).get(f"/tasks/{cast.task_1.pk}/").status_code == 404
    answer = browse(cast.office_b).post("/tasks/year/", {"plan": cast.plan_b.pk + 99, "year": 2025})
    assert answer.status_code == 404
