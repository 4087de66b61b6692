"""Read the notation cases: what each printed way of naming units must give."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plans.importer import ParsedAction, ParsedMeasure, parse_text, read_file
from plans.importer.model import Statement

CASES = Path(__file__).parent / "notations"


def _rows() -> list[Any]:
    rows = []
    for expected in sorted(CASES.glob("*.expected.json")):
        source = expected.with_name(expected.name.replace(".expected.json", ".txt"))
        for index, row in enumerate(json.loads(expected.read_text(encoding="utf-8"))):
            rows.append(pytest.param(source, index, row, id=f"{source.stem}-{row['item']}"))
    return rows


def _statements(source: Path) -> dict[str, list[Statement]]:
    """Return the statements of each item; a line of its own after the measures is 分工."""
    found: dict[str, list[Statement]] = {}
    for plan in parse_text(read_file(source)):
        for action in plan.actions:
            own = [s for s in action.statements if not plan.text.startswith("分工", s.span[0])]
            lines = [s for s in action.statements if s not in own]
            for item, statements in ((action, own), *((m, m.statements) for m in action.measures)):
                assert isinstance(item, ParsedAction | ParsedMeasure)
                found[item.number or item.title] = list(statements)
            found["分工"] = lines
    return found


@pytest.mark.parametrize(("source", "index", "row"), _rows())
def test_units_are_read_as_printed(source: Path, index: int, row: dict[str, Any]) -> None:
    statements = _statements(source)[row["item"]]
    # The open tail 等相关部门 is a group beside the units named; the cases list only these.
    units = [u for s in statements for u in (s.units[:-1] if s.open_ended else s.units)]
    assert [u.name for u in units if u.role == "lead"] == row["lead"]
    assert [u.name for u in units if u.role != "lead"] == row["support"]


def test_an_open_list_of_units_is_reported_with_its_line() -> None:
    (plan,) = parse_text(read_file(CASES / "01_responsible_units.txt"))
    warnings = [w for w in plan.warnings if w.code == "open_ended"]
    assert [w.line for w in warnings] == [6]
