"""What a report says where words and states are doubtful: no change, empty fields, past due."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from plans.models import Duty, Measure
from reports import facts
from reports.compose.ahead import experience
from reports.compose.official import progress_table
from reports.compose.safeguards import _money
from reports.compose.tables import target_table
from reports.facts.totals import wrong_totals
from reports.models import ReportVersion
from reports.rendering.document import plain
from reports.selectors.concerns import entries_in
from tasks.models import Entry, Event, Revision, Task
from tasks.selectors.entries.before import NO_CHANGE
from tests.cast import Cast
from tests.reports.compile.working import YEAR, add_measures, freeze, plain_text, written

pytestmark = pytest.mark.django_db


def entries_of(frozen: facts.Frozen, task: Task) -> list[dict[str, Any]]:
    tasks = [
        one for action in frozen["actions"] for row in action["measures"] for one in row["tasks"]
    ]
    return next(one["entries"] for one in tasks if one["id"] == task.pk)


def figure_of(frozen: facts.Frozen, target: dict[str, Any], name: str) -> str:
    return str(frozen["figures"][target[name]]["value"])


def newest_task() -> Task:
    return Task.objects.latest("pk")


def reported_before(cast: Cast, task: Task, done: str, late: bool = False) -> Revision:
    """Let the unit have reported on a task in the period before, and the office have approved."""
    entry = Entry.objects.get(task=task, period=cast.period)
    revision = entry.approved
    entry.pk, entry.period, entry.submitted, entry.approved = None, cast.earlier, None, None
    entry.state = Entry.State.DRAFT
    entry.save(force_insert=True)
    revision.pk, revision.entry, revision.done, revision.is_late = None, entry, done, late
    revision.percent = 20
    revision.save(force_insert=True)
    entry.submitted = entry.approved = revision
    entry.state = Entry.State.APPROVED
    entry.save()
    return revision


# --- 与上期相比无变化 -----------------------------------------------------------------------
def test_where_nothing_changed_the_last_account_of_the_year_stands(cast: Cast) -> None:
    add_measures(cast, 1, done=str(NO_CHANGE), problems="场地仍然不足")
    task = newest_task()
    newest = Entry.objects.get(task=task).approved
    earlier = reported_before(cast, task, "办了三场展览。", late=True)
    frozen = freeze(cast.plan)
    (entry,) = entries_of(frozen, task)
    assert (entry["done"], entry["problems"]) == ("办了三场展览。", "场地仍然不足")
    assert (entry["revision"], entry["earlier"]["revision"]) == (newest.pk, earlier.pk)
    figures = frozen["figures"]
    assert figures[f"task.{task.pk}.percent"]["value"] == "60"
    assert {newest.pk, earlier.pk} <= {pk for _kind, pk in figures["entries.used"]["sources"]}
    assert ["tasks.revision", earlier.pk] in figures["entries.late"]["sources"]
    assert wrong_totals(frozen) == []
    rests_on = entries_in(ReportVersion(facts=frozen))
    assert {newest.entry_id, earlier.entry_id} <= set(rests_on), "their periods are locked with it"
    text = plain_text(written(frozen))
    said = "办了三场展览（市教育局，2024年一季度填报，此后无变化，迟报）。"
    assert text.count(said) == 2, "in the text and in table B"
    assert "与上期相比无变化" not in text
    assert "场地仍然不足（市教育局）" in text, "the newest words bear their own marks"


def test_without_an_account_in_the_year_the_sentence_stands(cast: Cast) -> None:
    add_measures(cast, 1, done=str(NO_CHANGE))
    task = newest_task()
    reported_before(cast, task, "与上期相比无变化")
    (entry,) = entries_of(freeze(cast.plan), task)
    assert (entry["done"], "earlier" in entry) == (str(NO_CHANGE), False)


# --- Safeguards ----------------------------------------------------------------------------
def test_a_duty_without_a_measure_belongs_to_the_safeguard_whose_text_holds_it(cast: Cast) -> None:
    duty, safeguard = cast.duty, cast.safeguard
    Duty.objects.filter(pk=duty.pk).update(measure=None)
    Measure.objects.filter(action=safeguard).delete()
    Event.objects.filter(pk=cast.event.pk).update(duty=duty)
    found = {one["id"]: one["duties"] for one in freeze(cast.plan)["safeguards"]}
    assert [one["id"] for one in found[safeguard.pk]] == [duty.pk]
    assert found[None] == []
    text = plain_text(written(freeze(cast.plan)))
    assert f"1. {safeguard.title}" in text
    assert f"“{safeguard.title}”没有核对通过的填报" not in text
    Duty.objects.filter(pk=duty.pk).update(span_start=safeguard.span_start - 1)
    found = {one["id"]: one["duties"] for one in freeze(cast.plan)["safeguards"]}
    assert [one["id"] for one in found[None]] == [duty.pk], "it stands elsewhere"


# --- Table B -------------------------------------------------------------------------------
def states(frozen: facts.Frozen, year: str) -> list[str]:
    """Return the states that table B gives to the tasks due in a year."""
    rows = progress_table(frozen).rows
    return [plain(row[8]) for row in rows if plain(row[5]).startswith(year)]


@pytest.mark.parametrize(("kind", "of"), [("biennial", "span"), ("department", "plan")])
def test_a_task_past_its_time_is_short_in_table_and_text_alike(
    cast: Cast, kind: str, of: str
) -> None:
    add_measures(cast, 2)
    Task.objects.filter(title__startswith="追加措施").update(due=date(YEAR, 3, 31))
    unit = cast.education if kind == "department" else None
    frozen = freeze(cast.plan, kind=kind, department=unit)
    told = [one for one in states(frozen, str(YEAR)) if one.endswith("\n到期没有完成")]
    assert len(told) == int(frozen["figures"][f"{of}.short"]["value"]) >= 2
    assert "到期没有完成" not in "".join(states(freeze(cast.plan), str(YEAR)))


# --- Table C -------------------------------------------------------------------------------
def test_the_note_of_table_c_tells_no_number_of_one_target(cast: Cast) -> None:
    frozen = freeze(cast.plan)
    told = [one for one in frozen["targets"] if "时间已过" in figure_of(frozen, one, "sentence")]
    assert told, "the way it has come stands in the sentence of the target itself"
    note = target_table(frozen).note
    assert "时间已过" not in note
    assert "按走过的路程与已过的时间相比，落后不超过10个百分点为正常" in note
    assert not re.search(r"\d |[^\d] \d", note.split("\n")[0])


def reason_of(frozen: facts.Frozen, target: dict[str, Any]) -> str:
    rows = {plain(row[0]): plain(row[-1]) for row in target_table(frozen).rows}
    return rows[str(frozen["targets"].index(target) + 1)]


def literacy_of(frozen: facts.Frozen) -> dict[str, Any]:
    return next(one for one in frozen["targets"] if one["code"] == "literacy_ratio")


def test_only_a_target_that_falls_short_needs_a_reason(cast: Cast) -> None:
    frozen = freeze(cast.plan)
    one = literacy_of(frozen)
    assert (one["verdict"], reason_of(frozen, one)) == ("on_track", "—")
    one["verdict"] = "behind"
    assert reason_of(frozen, one) == "未填写"
    one["verdict"], one["values"][-1]["note"] = "not_measured", "当年没有调查"
    assert reason_of(frozen, one) == "当年没有调查。"


def test_the_table_and_the_text_give_the_same_reason(cast: Cast) -> None:
    frozen = freeze(cast.plan, 2025, "five_year")
    one = literacy_of(frozen)
    one["final"], said = "missed", plain_text(written(frozen))
    one["values"][-1]["note"] = "培训没有覆盖农村"
    assert "没有写明" in said or "未作说明" in said or "查不到" in said
    text = plain_text(written(frozen))
    assert "没有达到的原因，据填报：\n培训没有覆盖农村。" in text
    assert reason_of(frozen, one) == "培训没有覆盖农村。"


@pytest.mark.parametrize(
    ("before", "said"), [("8.0", "提高3.2个百分点"), ("12.7", "下降1.5个百分点"), ("11.2", "持平")]
)
def test_a_change_says_its_direction(cast: Cast, before: str, said: str) -> None:
    row = cast.observed
    row.pk, row.year, row.value = None, cast.plan.start_year - 1, Decimal(before)
    row.save(force_insert=True)
    frozen = freeze(cast.plan, 2025, "five_year")
    text = plain_text(written(frozen))
    assert said in text
    assert "-1.5" not in text
    assert "−" not in text.split("说明")[0]


def test_money_is_told_with_what_is_asked(cast: Cast) -> None:
    frozen = freeze(cast.plan)
    one = literacy_of(frozen) | {"money": True}
    told = "".join(plain(block.text) for block in _money({**frozen, "targets": [one]}))
    assert told == "经费方面，公民具备科学素质的比例的要求是2025年达到14%。2023年为11.2%。"
    venues = next(row for row in frozen["targets"] if row["of_places"]) | {"money": True}
    figures = frozen["figures"] | {"kept": {"value": "1", "unit": ""}}
    venues["values"] = [{"year": YEAR, "figure": venues["goal"], "kept": "kept"}]
    told = "".join(
        plain(block.text) for block in _money({**frozen, "figures": figures, "targets": [venues]})
    )
    assert told.endswith(f"2个县（市、区）中，{YEAR}年1个达到。")


# --- The years side by side ----------------------------------------------------------------
def test_a_mean_that_was_not_measured_at_the_end_of_a_year_says_when(cast: Cast) -> None:
    frozen = freeze(cast.plan, YEAR, "midterm")
    shown = frozen["figures"][f"year.{YEAR}.percent"]["value"]
    text = plain_text(written(frozen))
    assert f"{YEAR}年（截至6月30日）{shown}%" in text
    assert "年末" not in text
    frozen["years"][-1]["as_of"] = f"{YEAR}-12-31"
    assert f"{YEAR}年末{shown}%" in plain_text(written(frozen))


# --- 无 and what is empty ------------------------------------------------------------------
@pytest.mark.parametrize(("typed", "shown"), [("无。", "无"), ("", "未填写"), ("缺人", "缺人。")])
def test_what_a_unit_left_empty_is_not_printed_as_none(cast: Cast, typed: str, shown: str) -> None:
    add_measures(cast, 1, problems=typed)
    frozen = freeze(cast.plan)
    row = next(row for row in progress_table(frozen).rows if newest_task().title in plain(row[2]))
    assert plain(row[9]) == shown
    assert plain(row[10]) == "未填写"


def test_what_worked_is_told_and_nothing_else_is_praised(cast: Cast) -> None:
    frozen = freeze(cast.plan, cast.plan.end_year, "five_year")
    measures = [one for action in frozen["actions"] for one in action["measures"]]
    frozen["safeguards"] = []
    for one in (*measures, *frozen["targets"]):
        one |= {"outcome": "not_completed", "final": "missed"}
    told = "".join(plain(block.text) for block in experience(frozen))
    assert "还不足以归纳" in told
    measures[0]["outcome"], measures[1]["outcome"] = "completed", "partly"
    told = "".join(plain(block.text) for block in experience(frozen))
    assert f"“{measures[0]['title']}”在安排任务的各年都按要求完成" in told
    assert f"其中“{measures[1]['title']}”有的年份完成、有的年份没有完成" in told
    assert "还不足以归纳" not in told
