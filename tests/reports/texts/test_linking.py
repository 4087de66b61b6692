"""Figures stay tied to their facts while the text around them is rewritten."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.rendering.document import Run
from reports.rendering.linking import Linked, linked

OLD = (
    Run("截至2024年6月30日，"),
    Run("38", "plan.reported"),
    Run("项任务平均完成"),
    Run("57.2%", "plan.percent"),
    Run("，覆盖 3015 人次。"),
)


def facts(found: Linked) -> dict[str, str]:
    return {run.fact: run.text for run in found.runs if run.fact}


@pytest.mark.parametrize(
    "text",
    [
        "截至2024年6月30日，38项任务平均完成57.2%，覆盖 3015 人次。",
        "平均完成57.2%的任务有38项，覆盖 3015 人次。",
        "上半年，全市38项任务平均完成比例达到57.2%，比去年有进步。",
    ],
)
def test_a_figure_left_in_the_text_keeps_its_fact(text: str) -> None:
    found = linked(OLD, text)
    assert facts(found) == {"plan.reported": "38", "plan.percent": "57.2%"}
    assert "".join(run.text for run in found.runs) == text
    assert (found.lost, found.loose) == ((), ())


def test_a_changed_figure_is_lost_and_the_new_number_is_loose() -> None:
    found = linked(OLD, "截至2024年6月30日，38项任务平均完成97.2%，覆盖 3015 人次。")
    assert facts(found) == {"plan.reported": "38"}
    assert [run.fact for run in found.lost] == ["plan.percent"]
    assert found.loose == ("97.2%",)


def test_a_part_of_a_longer_number_is_no_figure() -> None:
    found = linked(OLD, "138项任务平均完成57.25%，覆盖 3015 人次。")
    assert facts(found) == {}
    assert {run.fact for run in found.lost} == {"plan.reported", "plan.percent"}
    assert found.loose == ("138", "57.25%")


def test_years_numbering_and_document_numbers_are_no_loose_numbers() -> None:
    text = "1. 2025年按淄政办发〔2016〕12号，2026年3月1日前完成，见图2、表3和附件1。"
    assert linked((), text).loose == ()
    assert linked((), "完成12项，占30.5%").loose == ("12", "30.5%")


def test_two_figures_of_one_value_are_not_one() -> None:
    old = (Run("3", "a"), Run("项，其中"), Run("3", "b"), Run("项完成"))
    assert facts(linked(old, "3项，其中3项完成")) == {"a": "3", "b": "3"}
    assert len(linked(old, "完成3项").lost) == 1


# A busy machine is no fault of the property.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text("1234567.%−，。项年第\n", max_size=30),
    st.lists(st.sampled_from(["12", "3.5%", "7"]), max_size=4),
)
def test_no_sign_is_lost_whatever_is_written(text: str, values: list[str]) -> None:
    old = tuple(Run(value, f"key.{at}") for at, value in enumerate(values))
    found = linked(old, text)
    again = linked(found.runs, "".join(run.text for run in found.runs))
    assert again.runs == found.runs
    assert len(found.lost) + sum(run.fact is not None for run in found.runs) == len(old)


def test_a_long_text_of_one_sign_costs_no_time() -> None:
    began = time.perf_counter()
    kept = linked((Run("甲" * 9_000 + "共"), Run("12", "a"), Run("乙" * 9_000)), "丙" * 20_000)
    assert time.perf_counter() - began < 5
    assert [one.fact for one in kept.lost] == ["a"]


def test_figures_at_both_ends_stay_linked_in_a_text_too_long_to_compare() -> None:
    old = (Run("1", "a"), Run("甲乙" * 5_000), Run("2", "b"))
    kept = linked(old, "1" + "丙丁" * 5_000 + "2")
    assert [run.fact for run in kept.runs if run.fact] == ["a", "b"]
