"""What is frozen: only what was checked, every figure with its rows, the same bytes every time."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import Observation
from plans.models import Plan
from reports import facts
from reports.models import ReportVersion
from tasks.models import Entry, Revision
from tests.cast import Cast
from tests.reports.compile.working import YEAR, add_measures, freeze

pytestmark = [pytest.mark.django_db, pytest.mark.services]


def entries_of(frozen: facts.Frozen) -> list[dict]:
    return [
        entry
        for action in frozen["actions"]
        for measure in action["measures"]
        for task in measure["tasks"]
        for entry in task["entries"]
    ]


def test_only_the_newest_approved_revisions_are_used(cast: Cast) -> None:
    used = {one["entry"]: one["revision"] for one in entries_of(freeze(cast.plan))}
    approved = Entry.objects.filter(task__plan=cast.plan, kind="report", approved__isnull=False)
    assert used.items() <= dict(approved.values_list("pk", "approved")).items()
    assert cast.entry_approved.pk in used
    assert cast.entry_submitted.pk not in used
    assert cast.entry_returned.pk not in used
    (older,) = approved.filter(task=cast.task_3, period=cast.earlier)
    assert older.pk not in used


def test_the_newest_approved_words_of_each_unit_count(cast: Cast) -> None:
    task_1 = next(
        task
        for action in freeze(cast.plan)["actions"]
        for measure in action["measures"]
        for task in measure["tasks"]
        if task["id"] == cast.task_1.pk
    )
    assert [one["entry"] for one in task_1["entries"]] == [cast.entry_earlier.pk]
    assert task_1["figure"] == f"task.{cast.task_1.pk}.percent"


def test_only_verified_values_are_used(cast: Cast) -> None:
    sources = {
        pk
        for row in freeze(cast.plan)["figures"].values()
        for name, pk in row["sources"]
        if name == "indicators.observation"
    }
    states = Observation.objects.filter(pk__in=sources).values_list("state", flat=True)
    assert set(states) == {"verified"}
    assert cast.observed.pk in sources
    assert cast.observed_above.pk not in sources


def test_an_unmeasured_year_has_a_word_and_no_figure(cast: Cast) -> None:
    literacy = freeze(cast.plan)["targets"][0]
    blank = [one for one in literacy["values"] if one["year"] != cast.observed.year]
    assert blank
    assert {(one["text"], one["figure"]) for one in blank} == {("未测", None)}


def test_every_figure_leads_to_its_rows(cast: Cast) -> None:
    figures = freeze(cast.plan)["figures"]
    without = {key for key, row in figures.items() if not row["sources"] and row["value"] != "0"}
    assert without == set()
    percent = figures[f"task.{cast.task_3.pk}.percent"]
    assert percent["sources"] == [["tasks.revision", cast.entry_approved.approved_id]]
    judged = figures[f"task.{cast.task_4.pk}.percent"]
    assert judged["sources"] == [["tasks.judgement", cast.judgement.pk]]


def test_the_day_of_the_report_comes_from_the_data_and_not_from_the_clock(cast: Cast) -> None:
    assert freeze(cast.plan)["as_of"] == cast.period.ends.isoformat()
    Entry.objects.filter(pk=cast.entry_approved.pk).update(approved=None, state="draft")
    assert freeze(cast.plan)["as_of"] == cast.earlier.ends.isoformat()


def test_the_same_data_give_the_same_bytes(cast: Cast) -> None:
    first = facts.encoded(freeze(cast.plan))
    assert facts.encoded(freeze(cast.plan)) == first


def test_the_hash_covers_what_the_database_gives_back(
    compiled: Callable[[], ReportVersion],
) -> None:
    version = compiled()
    version.refresh_from_db()
    assert facts.sha256(version.facts) == version.sha256


def test_late_and_own_checked_entries_are_counted_with_their_rows(cast: Cast) -> None:
    Entry.objects.filter(pk=cast.entry_approved.pk).update(own_check=True)
    figures = freeze(cast.plan)["figures"]
    assert figures["entries.own_check"]["value"] == "1"
    assert figures["entries.own_check"]["sources"] == [
        ["tasks.revision", cast.entry_approved.approved_id]
    ]
    late = Revision.objects.filter(
        pk__in=[one["revision"] for one in entries_of(freeze(cast.plan))], is_late=True
    ).count()
    assert figures["entries.late"]["value"] == str(late)


def test_a_large_plan_is_read_with_as_many_queries_as_a_small_one(cast: Cast) -> None:
    plan = Plan.objects.select_related("region", "settings").get(pk=cast.plan.pk)
    with CaptureQueriesContext(connection) as small:
        freeze(plan)
    add_measures(cast, 20)
    with CaptureQueriesContext(connection) as large:
        freeze(plan)
    assert len(large) == len(small), "\n".join(query["sql"][:300] for query in large)


def test_a_cancelled_task_is_left_out(cast: Cast) -> None:
    from tasks.services.planning import cancel_task

    cancel_task(cast.task_3, "合并到别的任务", by=cast.office)
    frozen = freeze(cast.plan)
    assert cast.entry_approved.pk not in [one["entry"] for one in entries_of(frozen)]
    assert frozen["figures"]["plan.tasks"]["value"] == "3"


@pytest.mark.parametrize("text", ["无", "无。", " 暂无 ", ""])
def test_a_plain_none_is_no_problem(cast: Cast, text: str) -> None:
    add_measures(cast, 1, problems=text)
    newest = max(entries_of(freeze(cast.plan)), key=lambda one: one["entry"])
    assert newest["problems"] == ""


def test_values_of_regions_below_are_counted_and_bear_no_unit(cast: Cast) -> None:
    cast.funding.scope = "each_child"
    cast.funding.save()
    for region, value in ((cast.county_a1, "2.5"), (cast.county_a2, "1.5")):
        Observation.objects.create(
            indicator=cast.funding_per_capita,
            region=region,
            year=YEAR,
            value=Decimal(value),
            state="verified",
            source="决算",
            is_demo=True,
        )
    frozen = freeze(cast.plan)
    funding = frozen["targets"][1]
    newest = funding["values"][-1]
    assert (newest["year"], newest["text"], newest["is_demo"]) == (YEAR, "1/2个", True)
    assert frozen["figures"][newest["figure"]]["unit"] == ""
    assert len(frozen["figures"][newest["figure"]]["sources"]) == 2
    assert frozen["demo"] is True
