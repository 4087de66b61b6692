"""The grid: what is typed is saved at once, or kept with its errors."""

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tasks.models import Task
from tasks.selectors.planning.rows import LABELS
from tasks.services import planning

pytestmark = pytest.mark.django_db


def fields(html: str) -> dict[str, str]:
    """Return what a browser would send of the grid as it is drawn."""
    found = {
        name: unescape(value)
        for name, value in re.findall(r'<input[^>]*? name="([^"]+)" value="([^"]*)"', html)
    }
    found |= {
        name: unescape(text)
        for name, text in re.findall(
            r'<textarea[^>]*? name="([^"]+)"[^>]*>([^<]*)</textarea>', html
        )
    }
    for name, options in re.findall(r'<select[^>]*? name="([^"]+)"[^>]*>(.*?)</select>', html):
        chosen = re.search(r"<option selected>([^<]*)", options)
        found[name] = unescape(chosen[1]) if chosen else ""
    return {key: text for key, text in found.items() if key != "csrfmiddlewaretoken"}


@pytest.fixture
def grid(cast: Any, browse: Callable[..., Client]) -> tuple[Client, dict[str, str]]:
    browser = browse(cast.office)
    html = browser.get(f"/tasks/grid/?plan={cast.plan.pk}&year=2024").content.decode()
    assert html.count("btn-p") == 1
    return browser, fields(html)


def test_a_row_has_every_field_and_sending_it_back_changes_nothing(
    cast: Any, grid: tuple[Client, dict[str, str]]
) -> None:
    browser, sent = grid
    assert {f"{name}-{cast.task_1.pk}" for name in LABELS} <= set(sent)
    before = list(Task.objects.order_by("pk").values_list("updated_at"))
    answer = browser.post("/tasks/grid/", sent, follow=True)
    assert "没有改动。" in answer.content.decode()
    assert list(Task.objects.order_by("pk").values_list("updated_at")) == before


def test_changed_rows_are_saved_at_once(cast: Any, grid: tuple[Client, dict[str, str]]) -> None:
    browser, sent = grid
    sent |= {
        f"title-{cast.task_1.pk}": "办好每一节科学课",
        f"kind-{cast.task_3.pk}": "数量",
        f"quantity-{cast.task_3.pk}": "5",
        f"cooperate-{cast.task_3.pk}": "市财政局",
    }
    answer = browser.post("/tasks/grid/", sent, follow=True)
    assert "已保存 2 项任务。" in answer.content.decode()
    assert Task.objects.get(pk=cast.task_1.pk).title == "办好每一节科学课"
    assert cast.task_3.assignments.get(department=cast.finance).role == "cooperate"


def test_errors_stand_at_their_cells_and_everything_typed_stays(
    cast: Any, grid: tuple[Client, dict[str, str]]
) -> None:
    browser, sent = grid
    sent |= {
        f"weight-{cast.task_1.pk}": "零",
        f"responsible-{cast.task_2.pk}": "市气象局",
        f"note-{cast.task_3.pk}": "好的一行",
    }
    answer = browser.post("/tasks/grid/", sent)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'<a href="#weight-{cast.task_1.pk}">' in html
    assert f'id="responsible-{cast.task_2.pk}-error"' in html
    again = fields(html)
    assert {key: again[key] for key in sent} == sent
    assert Task.objects.get(pk=cast.task_3.pk).note == ""


def test_a_change_of_somebody_else_shows_both_and_mine_counts_when_saved_again(
    cast: Any, grid: tuple[Client, dict[str, str]]
) -> None:
    browser, sent = grid
    planning.edit_task(cast.task_1, by=cast.office_2, note="别人的", deliverable="别人的成果")
    sent[f"note-{cast.task_1.pk}"] = "我的"
    html = browser.post("/tasks/grid/", sent).content.decode()
    assert "别人刚改成：别人的" in html
    again = fields(html)
    assert again[f"note-{cast.task_1.pk}"] == "我的"
    assert again[f"deliverable-{cast.task_1.pk}"] == "别人的成果"  # which nobody overwrites
    browser.post("/tasks/grid/", again)
    task = Task.objects.get(pk=cast.task_1.pk)
    assert (task.note, task.deliverable) == ("我的", "别人的成果")


def test_rows_that_are_not_of_this_year_are_told(
    cast: Any, grid: tuple[Client, dict[str, str]]
) -> None:
    browser, sent = grid
    (other, *_rest) = planning.make_year(cast.plan, 2025, by=cast.office)
    seen = json.dumps({"version": "x"})
    for pk, text in ((other.pk, seen), (999_999, seen), (cast.task_1.pk, "[")):
        answer = browser.post("/tasks/grid/", {**sent, f"seen-{pk}": text, f"note-{pk}": "改"})
        assert answer.status_code == 422
    assert not Task.objects.filter(note="改").exists()


def test_the_grid_asks_as_often_for_twenty_rows_as_for_two(
    cast: Any, browse: Callable[..., Client]
) -> None:
    browser, address = browse(cast.office), f"/tasks/grid/?plan={cast.plan.pk}&year=2025"
    tasks = planning.make_year(cast.plan, 2025, by=cast.office)

    def queries(method: str, *sent: Any) -> int:
        with CaptureQueriesContext(connection) as caught:
            answer = getattr(browser, method)(*sent)
        assert answer.status_code in (200, 302)
        return len(caught.captured_queries)

    counts = []
    for extra in (0, 18):
        planning.save_rows(
            cast.plan,
            2025,
            [
                planning.Row(
                    str(number),
                    {"title": f"另一项{number}", "lead": "市教育局", "responsible": "市财政局"},
                    measure=tasks[0].measure,
                )
                for number in range(extra)
            ],
            by=cast.office,
        )
        sent = fields(browser.get(address).content.decode())
        changed = {
            name: text + ("改" if name.startswith("title-") else "、各成员单位")
            for name, text in sent.items()
            if name.startswith(("title-", "responsible-")) and "各成员" not in text and text
        }
        counts.append(queries("get", address))
        counts.append(queries("post", "/tasks/grid/", {**sent, **changed}))
    assert counts[2] == counts[0]
    assert counts[3] <= counts[1]  # the first time, one name more is looked up
