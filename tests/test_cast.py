"""The cast is what its description says, first told and then restored."""

import pytest

from departments.models import User
from plans.models import Plan
from tests.cast import Cast


@pytest.mark.parametrize("time", ["first told", "restored"])
def test_the_cast_is_as_described(time: str, cast: Cast) -> None:
    assert [cast.plan.state, cast.plan_b.state] == ["active", "draft"]
    assert {
        name: (getattr(cast, name).kind, getattr(cast, name).state)
        for name in (
            "entry_draft", "part_submitted", "entry_submitted", "entry_approved", "part_blank",
            "entry_returned", "entry_blank", "entry_earlier",
        )
    } == {
        "entry_draft": ("report", "draft"),
        "part_submitted": ("part", "submitted"),
        "entry_submitted": ("report", "submitted"),
        "entry_approved": ("report", "approved"),
        "part_blank": ("part", "draft"),
        "entry_returned": ("report", "returned"),
        "entry_blank": ("report", "draft"),
        "entry_earlier": ("report", "approved"),
    }  # fmt: skip
    assert [cast.entry_draft.shown_state, cast.entry_blank.shown_state] == ["draft", "not_started"]
    assert [cast.earlier.state, cast.period.state] == ["closed", "open"]
    assert [
        getattr(cast, name).state
        for name in (
            "observed", "observed_draft", "observed_submitted", "observed_returned",
            "observed_above", "observed_b",
        )
    ] == ["verified", "draft", "submitted", "returned", "verified", "submitted"]  # fmt: skip
    assert cast.entry_submitted.submitted.evidence.get() == cast.evidence


def test_a_test_may_change_the_cast_without_touching_the_next(cast: Cast) -> None:
    Plan.objects.filter(pk=cast.plan.pk).update(title="变了")
    fresh = User.objects.create(username="new")
    assert fresh.pk > cast.double.pk


def test_the_next_test_finds_it_unchanged(cast: Cast) -> None:
    assert cast.plan.title == "子市全民科学素质行动实施方案（2021—2025年）"
    assert not User.objects.filter(username="new").exists()
