"""Parse the bundled documents once for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from plans.importer import ParsedPlan, parse_text, read_file

DOCUMENTS = Path(__file__).resolve().parents[3] / "plans" / "documents"


def _parse(name: str) -> ParsedPlan:
    (plan,) = parse_text(read_file(DOCUMENTS / f"{name}-2016.txt"))
    return plan


@pytest.fixture(scope="session")
def zibo() -> ParsedPlan:
    return _parse("zibo")


@pytest.fixture(scope="session")
def dezhou() -> ParsedPlan:
    return _parse("dezhou")


@pytest.fixture(scope="session")
def jilin() -> ParsedPlan:
    return _parse("jilin")
