"""Differences in bounded time, the same as difflib's where there is time."""

import difflib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.differences import Step, opcodes

TEXTS = st.text(alphabet="甲乙12，", max_size=30)


def applied(a: str, b: str, steps: Sequence[Step]) -> str:
    return "".join(a[i:j] if kind == "equal" else b[m:n] for kind, i, j, m, n in steps)


@given(TEXTS, TEXTS)
def test_the_steps_lead_from_one_to_the_other_without_a_gap(a: str, b: str) -> None:
    for most in (0, 1_000_000):
        steps = opcodes(a, b, most)
        assert applied(a, b, steps) == b
        assert "".join(a[i:j] for _kind, i, j, _m, _n in steps) == a
        assert all(a[i:j] == b[m:n] for kind, i, j, m, n in steps if kind == "equal")


@pytest.mark.parametrize(
    ("a", "b"), [("共12项", "共13项"), ("甲乙丙", "甲丙"), ("", "甲"), ("甲", "")]
)
def test_short_texts_are_compared_as_difflib_does(a: str, b: str) -> None:
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    assert opcodes(a, b) == matcher.get_opcodes()
