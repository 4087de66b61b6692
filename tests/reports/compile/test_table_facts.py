"""What the official tables need of the facts: who reported, who carries, the 督办件 of the year."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.models import Plan
from reports.facts.figures import Figures
from reports.facts.scope import Scope
from reports.facts.supervision import frozen_supervision
from tasks.models import Entry, SupervisionItem
from tests.cast import Cast
from tests.reports.compile.working import YEAR, freeze

pytestmark = [pytest.mark.django_db, pytest.mark.services]


def task_of(frozen: dict, pk: int) -> dict:
    return next(
        task
        for action in frozen["actions"]
        for measure in action["measures"]
        for task in measure["tasks"]
        if task["id"] == pk
    )


def test_an_entry_names_its_reporter_its_day_and_its_files_and_no_phone(cast: Cast) -> None:
    frozen = freeze(cast.plan)
    (entry,) = task_of(frozen, cast.task_3.pk)["entries"]
    revision = Entry.objects.get(pk=entry["entry"]).approved
    assert entry["reporter"] == str(revision.submitted_by)
    assert entry["submitted_on"] == revision.submitted_at.date().isoformat()
    assert (entry["evidence"], entry["signer"]) == (revision.evidence.count(), "")
    assert "phone" not in str(frozen)


def test_a_task_names_its_units_by_their_parts(cast: Cast) -> None:
    frozen = freeze(cast.plan)
    first, last = task_of(frozen, cast.task_1.pk), task_of(frozen, cast.task_4.pk)
    assert (first["gatherer"], first["responsible"], first["cooperate"]) == (
        "市教育局",
        ["市财政局"],
        ["各成员单位"],
    )
    assert (last["gatherer"], sorted(last["responsible"])) == ("", ["市教育局", "市财政局"])


def test_a_target_names_the_units_that_answer_for_it(cast: Cast) -> None:
    units = {one["name"]: one["units"] for one in freeze(cast.plan)["targets"]}
    assert len(units) == 3
    assert all(isinstance(one, str) for one in units.values())


def test_the_register_has_the_items_of_the_region_and_year_in_order(cast: Cast) -> None:
    frozen = freeze(cast.plan)
    rows = frozen["supervision"]
    assert [one["number"] for one in rows] == ["2024-001", "2024-002", "2024-003", "2024-004"]
    assert rows[1]["helpers"] == "市财政局"
    assert rows[1]["extension"] == "待答复"
    assert rows[3]["settled_on"] == cast.item_settled.settled_on.isoformat()
    figure = frozen["figures"][rows[0]["nudges"]]
    assert figure["sources"] == [["tasks.supervisionitem", cast.item_pending.pk]]
    assert freeze(cast.plan, 2023)["supervision"] == []


def test_a_units_report_has_only_its_own_items(cast: Cast) -> None:
    scope = Scope(cast.plan, "department", YEAR, department=cast.finance)
    rows = frozen_supervision(scope, cast.period.ends, Figures())
    assert [one["id"] for one in rows] == [cast.item_working.pk, cast.item_settled.pk]


def test_more_items_need_no_more_queries(cast: Cast) -> None:
    scope = Scope(Plan.objects.select_related("region").get(pk=cast.plan.pk), "annual", YEAR)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            frozen_supervision(scope, cast.period.ends, Figures())
        return len(queries)

    before = count()
    for serial in range(100, 120):
        item = SupervisionItem.objects.get(pk=cast.item_working.pk)
        item.pk, item.token, item.serial, item._state.adding = None, None, serial, True
        item.save()
        item.helpers.set([cast.finance])
    assert count() == before
