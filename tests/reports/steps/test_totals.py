"""Totals are recounted from the frozen parts: a figure that was tampered with is found."""

from copy import deepcopy

import pytest

from reports.facts import Frozen
from reports.facts.totals import wrong_totals
from tests.cast import Cast
from tests.reports.compile.working import add_measures, freeze

pytestmark = pytest.mark.django_db


@pytest.fixture
def frozen(cast: Cast) -> Frozen:
    add_measures(cast, 3)
    return freeze(cast.plan)


def test_the_figures_of_a_report_follow_from_its_parts(frozen: Frozen) -> None:
    assert wrong_totals(frozen) == []


def test_every_total_is_found_where_it_was_changed(frozen: Frozen) -> None:
    counted = (
        "plan.", "units.", "returns.", "entries.", "targets.", "action.", "duty.", "event.",
    )  # fmt: skip
    left = []
    for key in frozen["figures"]:
        if not key.startswith(counted):
            continue
        changed = deepcopy(frozen)
        changed["figures"][key]["value"] = "987"
        if not wrong_totals(changed):
            left.append(key)
    assert left == []


def test_every_total_of_five_years_is_found_too(cast: Cast) -> None:
    add_measures(cast, 3)
    frozen = freeze(cast.plan, cast.plan.end_year, "five_year")
    assert wrong_totals(frozen) == []
    left = []
    for key in frozen["figures"]:
        own = key.startswith(("year.", "span.")) or ".span." in key
        if own and not key.endswith("schedule"):
            changed = deepcopy(frozen)
            changed["figures"][key]["value"] = "987"
            left += [] if wrong_totals(changed) else [key]
    assert left == []


@pytest.mark.parametrize("name", ["returns.asked", "returns.heard", "plan.gap", "plan.schedule",
                                  "action.1.gap", "event.activity.people"])  # fmt: skip
def test_these_totals_are_recounted_too(frozen: Frozen, name: str) -> None:
    frozen["figures"][name]["value"] = "987"
    assert len(wrong_totals(frozen)) == 1


def test_what_the_register_holds_of_a_duty_is_recounted(frozen: Frozen) -> None:
    (key,) = [one for one in frozen["figures"] if one.startswith("duty.")]
    frozen["figures"][key]["value"] = "987"
    assert len(wrong_totals(frozen)) == 1


def test_entries_of_a_unit_that_were_changed_are_missed_in_their_total(frozen: Frozen) -> None:
    frozen["units"][0]["heard"] += 1
    assert any("核对通过的填报件数" in one for one in wrong_totals(frozen))


def test_a_sentence_says_what_is_written_and_what_was_counted(frozen: Frozen) -> None:
    frozen["figures"]["plan.tasks"]["value"] = "99"
    assert wrong_totals(frozen) == ["“年度任务项数”写的是 99，按明细重新计算是 7。"]


def test_a_task_taken_out_of_the_parts_is_missed(frozen: Frozen) -> None:
    next(one for one in frozen["actions"][0]["measures"] if one["tasks"])["tasks"].pop()
    assert any("年度任务项数" in one for one in wrong_totals(frozen))


def test_a_mean_is_counted_anew_with_the_weights_of_its_tasks(frozen: Frozen) -> None:
    action = next(one for one in frozen["actions"] if one["percent"])
    action["percent"] = frozen["figures"][f"{action['key']}.percent"]["value"] = "100"
    assert any("平均完成比例”写的是 100" in one for one in wrong_totals(frozen))


def test_a_weight_that_was_changed_is_missed_in_the_means(frozen: Frozen) -> None:
    tasks = [
        task
        for action in frozen["actions"]
        for measure in action["measures"]
        for task in measure["tasks"]
        if task["percent"] is not None
    ]
    assert len({task["percent"] for task in tasks}) > 1
    tasks[0]["weight"] = "97"
    assert any("平均完成比例”写的是" in one for one in wrong_totals(frozen))


def test_keys_that_are_not_known_are_no_error(frozen: Frozen) -> None:
    frozen["figures"]["other.tasks"] = {"value": "1", "unit": "", "label": "另", "sources": []}
    frozen["events"] = []
    assert wrong_totals(frozen) == []
