"""Tasks of no measure: handed down from above, or of a duty. They are told, and in no mean."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.models import Plan
from reports import facts
from reports.compose import compose
from reports.facts.totals import wrong_totals
from reports.outlines import parts_of
from reports.rendering.document import Block, Paragraph, Table, plain
from reports.selectors.concerns import entries_in, units_of, words_of
from tasks.models import Entry, Task
from tests.cast import Cast
from tests.reports.compile.working import YEAR, approved_entry, freeze
from tests.reports.steps.given import TODAY, drafted, version_of

pytestmark = pytest.mark.django_db
DONE = {"handed": "省里交办的流动科技馆巡展已到两个县", "duty": "年度计划已经列入科普工作"}
PROBLEMS = {"handed": "巡展车辆不足", "duty": "计划衔接不够"}
STEPS = {"handed": "下半年再巡展两个县", "duty": "年底前逐项检查"}


def add(cast: Cast, basis: str, percent: int = 60, **values: Any) -> Task:
    """Add a task of no measure that 市财政局 alone carries, with an approved entry."""
    of = {"parent": cast.task_2} if basis == "handed" else {"duty": cast.duty}
    row = {
        "title": {"handed": "流动科技馆巡展", "duty": "把科普列入年度计划"}[basis],
        "year": YEAR,
        "starts": date(YEAR, 1, 1),
        "due": date(YEAR, 12, 31),
        "gathering": Task.Gathering.CONFIRMED,
        **values,
    }
    task = Task.objects.create(plan=cast.plan, **of, **row)
    approved_entry(
        cast, task, cast.finance, cast.liaison_finance,
        percent=percent, done=DONE[basis], problems=PROBLEMS[basis], next_steps=STEPS[basis],
    )  # fmt: skip
    return task


def body(frozen: facts.Frozen) -> str:
    """Return the text of the sections, without tables."""
    draft = compose({**frozen, "substituted": []}, parts_of(frozen["kind"]))
    return "\n".join(
        plain(block.text)
        for section in draft.sections
        for block in section.blocks
        if not isinstance(block, Table) and hasattr(block, "text")
    )


def table(frozen: facts.Frozen, key: str) -> list[list[str]]:
    parts = [one for one in parts_of(frozen["kind"]) if one.key == key]
    blocks: tuple[Block, ...] = compose({**frozen, "substituted": []}, [parts[0]]).annexes[0].blocks
    (found,) = [one for one in blocks if isinstance(one, Table)]
    return [[plain(cell) for cell in row] for row in found.rows]


def asked(cast: Cast, kind: str) -> facts.Frozen:
    part = {
        "bulletin": {"period": cast.period},
        "department": {"department": cast.finance},
    }.get(kind, {})
    return freeze(cast.plan, cast.plan.end_year if kind == "five_year" else YEAR, kind, **part)


def test_they_are_counted_and_change_no_mean(cast: Cast) -> None:
    before = freeze(cast.plan)
    assert before["others"] is None
    handed, duty = add(cast, "handed"), add(cast, "duty", kind=Task.Kind.ROUTINE)
    frozen = freeze(cast.plan)
    said = {key: row["value"] for key, row in frozen["figures"].items()}
    assert said["plan.tasks"] == str(int(before["figures"]["plan.tasks"]["value"]) + 2)
    assert said["entries.used"] == str(int(before["figures"]["entries.used"]["value"]) + 2)
    assert said["plan.percent"] == before["figures"]["plan.percent"]["value"]
    assert said["plan.measures"] == before["figures"]["plan.measures"]["value"]
    assert (said["action.other.handed"], said["action.other.duty"]) == ("1", "1")
    of_mean = frozen["figures"]["plan.percent"]["sources"]
    for task in (handed, duty):
        used = Entry.objects.get(task=task).approved_id
        assert ["tasks.revision", used] not in of_mean
    assert wrong_totals(frozen) == []


@pytest.mark.parametrize("kind", ["annual", "biennial", "midterm", "five_year", "department",
                                  "bulletin"])  # fmt: skip
def test_their_words_problems_and_steps_stand_once_in_every_kind(cast: Cast, kind: str) -> None:
    add(cast, "handed")
    add(cast, "duty")
    frozen = asked(cast, kind)
    text = body(frozen)
    for basis in ("handed", "duty"):
        assert text.count(DONE[basis]) == 1, basis
        assert text.count(PROBLEMS[basis]) == 1, basis
        assert text.count(STEPS[basis]) == 1, basis
    assert "上级交办任务1项、固定任务1项" in text
    assert ("不计入各项重点任务的平均完成比例" in text) == (kind != "department")
    assert wrong_totals(frozen) == []
    rows = [row for row in table(frozen, "table_b") if row[1].startswith("其他任务")]
    assert [row[2] for row in rows] == ["流动科技馆巡展", "把科普列入年度计划"]
    assert DONE["handed"] in rows[0][7]


def test_table_a_names_what_they_rest_on(cast: Cast) -> None:
    add(cast, "handed")
    rows = table(asked(cast, "five_year"), "table_a")
    assert rows[-1][1:5] == ["上级交办任务", "其他任务", "流动科技馆巡展", "市财政局"]


def test_the_totals_of_years_are_found_where_they_were_changed(cast: Cast) -> None:
    add(cast, "handed")
    frozen = asked(cast, "five_year")
    for key in [one for one in frozen["figures"] if one.startswith("action.other.")]:
        row = frozen["figures"][key]
        was, row["value"] = row["value"], "987"
        assert wrong_totals(frozen), key
        row["value"] = was
    frozen["others"]["measures"][0]["tasks"].pop()
    assert any("各年任务项数合计" in one for one in wrong_totals(frozen))


def test_a_unit_with_such_tasks_alone_is_heard_before_they_are_printed(cast: Cast) -> None:
    task = add(cast, "handed")
    report = drafted(cast)
    version = version_of(report, freeze(cast.plan))
    assert Entry.objects.get(task=task).pk in entries_in(version)
    assert cast.finance in units_of(report, version, TODAY)
    words = words_of(version, cast.finance.pk, TODAY)
    assert ("其他任务", task.title, True) in [(one.action, one.task, one.gathers) for one in words]


def test_what_was_not_done_in_time_is_named_among_the_problems(cast: Cast) -> None:
    add(cast, "handed", due=cast.period.ends - timedelta(days=30))
    text = body(freeze(cast.plan))
    assert "其他任务中到期没有完成的有1项：“流动科技馆巡展”。" in text


def test_a_year_with_other_tasks_alone_says_so(cast: Cast) -> None:
    add(cast, "handed")
    others = Task.objects.filter(plan=cast.plan, measure__isnull=False)
    others.update(cancelled_at=cast.entry_approved.approved_at, cancel_reason="并入上级任务")
    frozen = freeze(cast.plan)
    assert wrong_totals(frozen) == []
    first = next(
        plain(block.text)
        for block in compose({**frozen, "substituted": []}, parts_of("annual")).sections[1].blocks
        if isinstance(block, Paragraph)
    )
    assert "本年度安排任务1项，都不属于方案的具体措施：上级交办任务1项。" in first
    assert "有可以采用的完成比例的1项任务都不计入各项重点任务的平均完成比例" in first


def test_many_of_them_are_read_with_as_many_queries_as_none(cast: Cast) -> None:
    plan = Plan.objects.select_related("region", "settings").get(pk=cast.plan.pk)
    with CaptureQueriesContext(connection) as without:
        freeze(plan)
    for number in range(12):
        add(cast, "handed", title=f"交办事项{number}")
    with CaptureQueriesContext(connection) as many:
        frozen = freeze(plan)
    assert frozen["figures"]["action.other.handed"]["value"] == "12"
    assert len(many) == len(without)
