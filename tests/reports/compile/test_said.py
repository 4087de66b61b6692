"""What a report says where words and states are doubtful: no change, empty fields, past due."""

import re
from datetime import date
from typing import Any

import pytest

from plans.models import Duty, Measure
from reports import facts
from reports.compose.official import progress_table
from reports.compose.tables import target_table
from reports.facts.scope import Scope
from reports.facts.totals import wrong_totals
from reports.rendering.document import plain
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
    frozen = facts.freeze(Scope(cast.plan, kind, YEAR, unit))
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
