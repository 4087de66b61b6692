"""What a year arranged: measures without tasks are no gap, routine tasks are in no mean."""

from datetime import date

import pytest

from plans.models import Measure
from reports import facts
from reports.compose import compose
from reports.compose.wording import action_sentences, lights_sentence, whole_sentence
from reports.compose.work import work
from reports.facts.totals import wrong_totals
from reports.outlines import parts_of
from reports.rendering.document import Paragraph, plain
from tasks.models import Entry, Revision, Task
from tests.cast import Cast
from tests.reports.compile.working import YEAR, add_measures, freeze

pytestmark = pytest.mark.django_db


def value(frozen: facts.Frozen, key: str) -> int:
    return int(frozen["figures"][key]["value"])


def said(frozen: facts.Frozen) -> str:
    return "\n".join(plain(one.text) for one in work(frozen) if isinstance(one, Paragraph))


def make_routine(task: Task) -> None:
    Task.objects.filter(pk=task.pk).update(kind=Task.Kind.ROUTINE)


def report_all(cast: Cast, percent: int) -> None:
    """Report the tasks of the added measures anew, all at a percent."""
    for task in Task.objects.filter(measure__action=cast.action_1, title__startswith="追加"):
        entry = Entry.objects.get(task=task)
        old = entry.approved
        new = Revision(
            entry=entry,
            number=2,
            of_version=2,
            percent=percent,
            self_rating="done",
            done=old.done,
            submitted_by=old.submitted_by,
            submitted_at=old.submitted_at,
            sha256="1" * 64,
        )
        new.save(force_insert=True)
        Entry.objects.filter(pk=entry.pk).update(submitted=new, approved=new)


@pytest.fixture
def only_added(cast: Cast) -> list[Task]:
    """Leave the first action three tasks, each reported as done."""
    add_measures(cast, 3)
    Task.objects.filter(measure__action=cast.action_1).exclude(title__startswith="追加").update(
        cancelled_at=cast.entry_approved.approved_at, cancel_reason="合并"
    )
    report_all(cast, 100)
    rows = Task.objects.standing().filter(measure__action=cast.action_1)
    return list(rows.order_by("id"))


# --- Measures without a task -----------------------------------------------------------------
def test_a_measure_without_a_task_is_neither_carried_out_nor_missing(cast: Cast) -> None:
    before = freeze(cast.plan)
    Measure.objects.create(action=cast.action_2, title="明年才安排的措施", position=99)
    after = freeze(cast.plan)
    for key in ("plan.tasked_measures", "plan.tasked_actions", "plan.light.unreported"):
        assert value(after, key) == value(before, key)
    assert value(after, "plan.measures") == value(before, "plan.measures") + 1
    assert value(after, "plan.idle_measures") == value(before, "plan.idle_measures") + 1
    lights = sum(value(after, key) for key in after["figures"] if key.startswith("plan.light."))
    assert lights == value(after, "plan.tasked_measures")
    assert wrong_totals(after) == []


def test_the_text_says_how_many_measures_have_no_task(cast: Cast) -> None:
    Measure.objects.create(action=cast.action_2, title="明年才安排的措施", position=99)
    frozen = freeze(cast.plan)
    idle, busy = value(frozen, "plan.idle_measures"), value(frozen, "plan.tasked_measures")
    text = said(frozen)
    assert f"条重点任务、{busy}条" not in text
    assert f"项重点任务、{busy}条具体措施。没有安排年度任务的具体措施有{idle}条。" in text
    assert sum(frozen["counts"].values()) == busy
    counted = plain(lights_sentence(frozen))
    assert sum(int(part) for part in "".join(c if c.isdigit() else " " for c in counted).split()) \
        == busy  # fmt: skip


def test_an_action_without_any_task_is_not_carried_out(cast: Cast) -> None:
    Task.objects.filter(measure__action=cast.action_2).update(
        cancelled_at=cast.entry_approved.approved_at, cancel_reason="推迟"
    )
    frozen = freeze(cast.plan)
    assert value(frozen, "plan.tasked_actions") == value(frozen, "plan.actions") - 1
    assert wrong_totals(frozen) == []


def test_over_years_a_measure_without_any_task_is_not_called_unfinished(cast: Cast) -> None:
    Measure.objects.create(action=cast.action_2, title="明年才安排的措施", position=99)
    frozen = freeze(cast.plan, kind="midterm")
    assert value(frozen, "action.2.span.measures") == 3
    text = said(frozen)
    assert "2条措施各有未完成的年度任务。另有1条措施没有分解为年度任务。" in text
    assert "3条措施" not in text
    assert wrong_totals(frozen) == []


# --- Routine tasks ---------------------------------------------------------------------------
def test_done_is_said_only_where_all_tasks_are(cast: Cast, only_added: list[Task]) -> None:
    frozen = freeze(cast.plan)
    assert plain(action_sentences(frozen, frozen["actions"][0], 0)) == "3项任务全部完成。"
    routine = Task.objects.create(
        plan=cast.plan,
        measure=cast.measure_1,
        year=YEAR,
        title="日常科普宣传",
        kind=Task.Kind.ROUTINE,
        starts=date(YEAR, 1, 1),
        due=date(YEAR, 12, 31),
    )
    frozen = freeze(cast.plan)
    action = frozen["actions"][0]
    assert action["light"] == "done"
    text = plain(action_sentences(frozen, action, 0))
    assert "全部完成" not in text
    assert "计入平均数的3项任务已经完成。" in text
    assert "另有常态任务1项，完成0项，不计入平均完成比例。" in text
    assert (value(frozen, "action.1.total"), value(frozen, "action.1.tasks")) == (3, 4)
    assert frozen["figures"]["action.1.routine"]["sources"] == [["tasks.task", routine.pk]]
    assert wrong_totals(frozen) == []


def test_all_tasks_count_where_the_routine_ones_are_done_too(
    cast: Cast, only_added: list[Task]
) -> None:
    make_routine(only_added[0])
    frozen = freeze(cast.plan)
    assert plain(action_sentences(frozen, frozen["actions"][0], 0)) == "3项任务全部完成。"
    assert value(frozen, "action.1.total") == 2


def test_a_year_is_not_called_done_while_a_routine_task_is_open(
    cast: Cast, only_added: list[Task]
) -> None:
    Task.objects.filter(measure__action=cast.action_2).update(kind=Task.Kind.ROUTINE)
    frozen = freeze(cast.plan)
    frozen["standing"] = {**frozen["standing"], "light": "done", "percent": "100"}
    assert "年度任务全部完成" not in plain(whole_sentence(frozen))
    assert "计入平均数的任务全部完成" in plain(whole_sentence(frozen))


def test_the_numbers_of_routine_tasks_are_recounted(cast: Cast, only_added: list[Task]) -> None:
    make_routine(only_added[0])
    frozen = freeze(cast.plan)
    for key in ("tasks", "routine", "routine_done"):
        row = frozen["figures"][f"action.1.{key}"]
        was, row["value"] = row["value"], "987"
        assert wrong_totals(frozen), key
        row["value"] = was
    assert compose({**frozen, "substituted": []}, parts_of("annual"))
