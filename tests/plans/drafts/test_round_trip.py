"""What was read is what is stored: a document survives the way through a draft unchanged."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from indicators.models import Target
from plans.importer import ParsedPlan, parse_text, read_file
from plans.importer.result import plan_json
from plans.models import Draft, Duty, Measure, Phase, Plan, Responsibility, SourceDocument
from plans.services.confirming import confirm
from plans.services.drafting import parsed_of
from plans.services.imports import import_document, open_document
from tests.plans.drafts.conftest import TEXT

DOCUMENTS = sorted((Path(__file__).parents[3] / "plans" / "documents").glob("*.txt"))
pytestmark = [pytest.mark.django_db, pytest.mark.services]


def places(plan: ParsedPlan) -> dict[str, Any]:
    """Return where everything stands."""
    return {
        "actions": [one.span for one in plan.actions],
        "measures": [one.span for action in plan.actions for one in action.measures],
        "targets": [one.span for one in plan.targets],
        "phases": [one.span for one in plan.phases],
        "duties": sorted(one.span for one in plan.duties),
    }


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_draft_holds_all_that_was_read(path: Path) -> None:
    text = read_file(path)
    parsed = parse_text(text)
    drafts = open_document(path.name, path.read_bytes(), text)
    for draft, plan in zip(drafts, parsed, strict=True):
        again = parsed_of(Draft.objects.get(pk=draft.pk))
        in_order = replace(plan, duties=tuple(sorted(plan.duties, key=lambda one: one.span)))
        assert plan_json(again) == plan_json(in_order)
        assert places(again) == places(plan)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_confirmed_plan_holds_all_that_was_read(path: Path) -> None:
    text = read_file(path)
    (parsed,) = parse_text(text)
    (plan,) = import_document(path.name, path.read_bytes(), text)
    units = {
        (measure.span, unit.role, unit.name)
        for action in parsed.actions
        for measure in action.measures
        for statement in measure.statements
        for unit in statement.units
    }
    rows = Responsibility.objects.filter(measure__action__plan=plan).select_related("measure")
    stored = {
        ((row.measure.span_start, row.measure.span_end), row.role, row.printed_name) for row in rows
    }
    assert stored == units
    for row in rows:
        printed = plan.text[row.span_start : row.span_end]
        assert "".join(printed.split()) == row.printed_name
    assert Target.objects.filter(plan=plan).count() == len(parsed.targets)
    assert Duty.objects.filter(plan=plan).count() == len(parsed.duties)
    assert Phase.objects.filter(plan=plan).count() == len(parsed.phases)


def test_confirming_makes_everything_or_nothing(draft: Draft, monkeypatch: Any) -> None:
    def broken(*_args: Any, **_fields: Any) -> None:
        raise RuntimeError("the floor above failed")

    monkeypatch.setattr("indicators.receivers.targets_from", broken)
    before = Plan.objects.count()
    with pytest.raises(RuntimeError):
        confirm(draft, as_read=True)
    assert Plan.objects.count() == before
    draft.refresh_from_db()
    assert draft.plan_id is None


def test_an_annual_list_of_tasks_becomes_a_plan_of_its_kind(draft: Draft) -> None:
    draft.kind, draft.start_year, draft.end_year = "annual", 2026, 2026
    draft.save()
    plan = confirm(draft, as_read=True)
    assert (plan.kind, plan.start_year, plan.end_year) == ("annual", 2026, 2026)
    assert Measure.objects.filter(action__plan=plan).count() == 3


def test_the_same_file_opens_the_same_draft(draft: Draft) -> None:
    (again,) = open_document("other name.txt", TEXT.encode(), TEXT)
    assert again.pk == draft.pk
    assert SourceDocument.objects.filter(sha256=draft.source.sha256).count() == 1
