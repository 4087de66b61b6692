"""Write parsed plans as the JSON that `import_plan --dry-run --json` prints."""

from __future__ import annotations

from typing import Any

from plans.importer.model import ParsedAction, ParsedMeasure, ParsedPlan, ParsedTarget

Json = dict[str, Any]


def to_json(plans: list[ParsedPlan]) -> Json | list[Json]:
    """Return one plan as an object, several as a list of them."""
    written = [plan_json(plan) for plan in plans]
    return written[0] if len(written) == 1 else written


def plan_json(plan: ParsedPlan) -> Json:
    """Return one plan as plain values; dates are ISO, what is unknown is null."""
    return {
        "title": plan.title,
        "region": plan.region,
        "document_number": plan.document_number,
        "issuer": plan.issuer,
        "issued_on": plan.issued_on.isoformat() if plan.issued_on else None,
        "start_year": plan.start_year,
        "end_year": plan.end_year,
        "actions": [_action(action) for action in plan.actions],
        "targets": [_target(target) for target in plan.targets],
        "duties": [
            {"who": duty.who, "every": duty.every, "quote": duty.quote} for duty in plan.duties
        ],
        "phases": [
            {"name": p.name, "start": p.start.isoformat(), "end": p.end.isoformat()}
            for p in plan.phases
        ],
        "warnings": [{"code": w.code, "message": w.message, "line": w.line} for w in plan.warnings],
    }


def _charged(item: ParsedAction | ParsedMeasure) -> Json:
    return {
        "number": item.number,
        "title": item.title,
        "leads": list(item.leads),
        "cooperators": list(item.cooperators),
        "responsible": list(item.responsible),
    }


def _action(action: ParsedAction) -> Json:
    measures = [{**_charged(measure), "text": measure.text} for measure in action.measures]
    return {"kind": action.kind, **_charged(action), "measures": measures}


def _target(target: ParsedTarget) -> Json:
    stretch = target.stretch
    return {
        "indicator": target.indicator,
        "operator": target.operator,
        "value": target.value,
        "unit": target.unit,
        "year": target.year,
        "scope": target.scope,
        "stretch": {"operator": stretch.operator, "value": stretch.value} if stretch else None,
        "quote": target.quote,
    }
