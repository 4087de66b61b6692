"""Read the project's own cases: a text beside the part of the JSON that it is about."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plans.importer import parse_text, read_file, to_json

CASES = sorted((Path(__file__).parent / "cases").glob("*.txt"))
SAMPLES = sorted((Path(__file__).resolve().parents[3] / "plans" / "documents").glob("*.txt"))
TEXTS = [*CASES, *SAMPLES]
# A case is a fragment: what a whole document would also print is not its matter.
MISSING_HEADER = {"no_title", "no_region", "no_years"}


def _differences(expected: Any, actual: Any, path: str = "$") -> list[str]:
    """List where the actual value lacks or changes something that is expected."""
    if isinstance(expected, dict):
        return [
            line
            for key, value in expected.items()
            for line in _differences(value, actual.get(key, "(missing)"), f"{path}.{key}")
        ]
    if isinstance(expected, list):
        if path.endswith(".warnings"):
            actual = [each for each in actual if each["code"] not in MISSING_HEADER]
        if not isinstance(actual, list) or len(expected) != len(actual):
            return [f"{path}: {expected!r} is not {actual!r}"]
        return [
            line
            for at, (one, other) in enumerate(zip(expected, actual, strict=True))
            for line in _differences(one, other, f"{path}[{at}]")
        ]
    return [] if expected == actual else [f"{path}: {expected!r} is not {actual!r}"]


@pytest.mark.parametrize("source", CASES, ids=lambda path: path.stem)
def test_the_case_is_read_as_expected(source: Path) -> None:
    expected = json.loads(source.with_suffix(".expected.json").read_text(encoding="utf-8"))
    assert _differences(expected, to_json(parse_text(read_file(source)))) == []


def test_every_text_has_its_expectation() -> None:
    folder = Path(__file__).parent / "cases"
    texts = {path.stem for path in CASES}
    assert texts == {path.name.split(".")[0] for path in folder.glob("*.expected.json")}
    assert len(texts) >= 70


@pytest.mark.parametrize("source", TEXTS, ids=lambda path: path.stem)
def test_nothing_is_without_a_title(source: Path) -> None:
    for plan in parse_text(read_file(source)):
        named = [plan.title, *(each.title for each in plan.actions)]
        charged = [each for action in plan.actions for each in (action, *action.measures)]
        assert all(each.title.strip() for each in charged), named
