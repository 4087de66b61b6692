"""From what the importer read to the rows of a draft, and from checked rows back to a plan's parts.

Both ways keep the places in the text, so that a confirmed plan points to the same words.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from departments.names import MAX_LENGTH
from plans.importer.model import (
    ImportWarning,
    ParsedAction,
    ParsedDuty,
    ParsedMeasure,
    ParsedPhase,
    ParsedPlan,
    ParsedTarget,
    PrintedUnit,
    Span,
    Statement,
    Stretch,
)
from plans.models import Draft, DraftItem, DraftWarning, SourceDocument

GAP = 1000  # between positions, so that an item can be put between two others
NOWHERE: Span = (0, 0)  # the place of what a person added
Kind = DraftItem.Kind


def header_of(parsed: ParsedPlan) -> dict[str, Any]:
    """Return the fields of a Draft that the document's header gives."""
    return {
        "kind": parsed.kind,
        "title": parsed.title[:200] if parsed.title else None,
        "region_name": parsed.region,
        "document_number": parsed.document_number,
        "issuer": parsed.issuer,
        "issued_on": parsed.issued_on,
        "start_year": parsed.start_year,
        "end_year": parsed.end_year,
        "basis": [one.words for one in parsed.basis],
        "recipients": [one.words for one in parsed.recipients],
        "copies": [one.words for one in parsed.copies],
        "header_spans": {name: list(span) for name, span in parsed.header_spans.items()},
    }


def write(source: SourceDocument, part: int, home: Any, parsed: ParsedPlan) -> Draft:
    """Store one parsed plan as a draft with its items and warnings."""
    draft = Draft.objects.create(
        source=source, part=part, home=home, text=parsed.text, **header_of(parsed)
    )
    actions = _save(draft, [(None, Kind.ACTION, one.span, _action(one)) for one in parsed.actions])
    rows = [
        (action, Kind.MEASURE, measure.span, _titled(measure))
        for action, one in zip(actions, parsed.actions, strict=True)
        for measure in one.measures
    ]
    measures = _save(draft, rows)
    read = [measure for one in parsed.actions for measure in one.measures]
    holders: list[tuple[DraftItem, ParsedAction | ParsedMeasure]] = [
        *zip(actions, parsed.actions, strict=True),
        *zip(measures, read, strict=True),
    ]
    _save(
        draft,
        [
            (item, Kind.UNIT, span, {"role": role, "name": name})
            for item, one in holders
            for role, name, span in _units(one)
        ],
    )
    _save(draft, [(None, Kind.TARGET, one.span, target_data(one)) for one in parsed.targets])
    duties = [
        (_at(measures, one.span[0]), Kind.DUTY, one.span, _duty(one)) for one in parsed.duties
    ]
    _save(draft, duties)
    _save(draft, [(None, Kind.PHASE, one.span, _phase(one)) for one in parsed.phases])
    DraftWarning.objects.bulk_create(
        DraftWarning(
            draft=draft, code=one.code, message=one.message, line=one.line, **place(one.span)
        )
        for one in parsed.warnings
    )
    return draft


def _save(
    draft: Draft, rows: Iterable[tuple[DraftItem | None, str, Span, dict[str, Any]]]
) -> list[DraftItem]:
    return DraftItem.objects.bulk_create(
        DraftItem(
            draft=draft, parent=parent, kind=kind, position=at * GAP, data=data, **place(span)
        )
        for at, (parent, kind, span, data) in enumerate(rows, 1)
    )


def place(span: Span | None) -> dict[str, int | None]:
    """Return the columns of a place in the text; none for what stands nowhere."""
    if span is None or span[0] >= span[1]:
        return {"span_start": None, "span_end": None}
    return {"span_start": span[0], "span_end": span[1]}


def _at(measures: Iterable[DraftItem], offset: int) -> DraftItem | None:
    for one in measures:
        if (one.span_start or 0) <= offset < (one.span_end or 0):
            return one
    return None


def _titled(one: ParsedAction | ParsedMeasure) -> dict[str, Any]:
    return {"number": one.number, "title": one.title, "text": one.text}


def _action(one: ParsedAction) -> dict[str, Any]:
    return {"kind": one.kind, **_titled(one)}


def _units(one: ParsedAction | ParsedMeasure) -> Iterator[tuple[str, str, Span]]:
    """Yield each printed unit once per role, with the place of its first mention.

    Of a name that no department can bear as long as it is, its beginning.
    """
    seen: set[tuple[str, str]] = set()
    for statement in one.statements:
        for unit in statement.units:
            name = unit.name[:MAX_LENGTH]
            if (unit.role, name) not in seen:
                seen.add((unit.role, name))
                yield unit.role, name, unit.span


def target_data(one: ParsedTarget) -> dict[str, Any]:
    """Return a target's fields as plain values."""
    return {
        "indicator": one.indicator,
        "label": one.label,
        "kind": one.kind,
        "operator": one.operator,
        "value": one.value,
        "unit": one.unit,
        "year": one.year,
        "scope": one.scope,
        "stretch_operator": one.stretch.operator if one.stretch else None,
        "stretch_value": one.stretch.value if one.stretch else None,
        "quote": one.quote,
    }


def _duty(one: ParsedDuty) -> dict[str, Any]:
    return {
        "who": one.who,
        "every": one.every,
        "due": one.due.isoformat() if one.due else None,
        "proof": one.proof,
        "quote": one.quote,
    }


def _phase(one: ParsedPhase) -> dict[str, Any]:
    return {"name": one.name, "start": one.start.isoformat(), "end": one.end.isoformat()}


# --- And back ------------------------------------------------------------------------------------


def parsed_of(draft: Draft) -> ParsedPlan:
    """Return a checked draft in the shape that the importer gives: one way to store a plan.

    What was dropped is left out; places of added items are `NOWHERE`. Two queries.
    """
    below: dict[int | None, list[DraftItem]] = {}
    for item in DraftItem.objects.filter(draft=draft).kept():
        below.setdefault(item.parent_id, []).append(item)
    top = below.get(None, [])
    duties = [
        _parsed_duty(item)
        for items in below.values()
        for item in sorted(items, key=lambda one: one.position)
        if item.kind == Kind.DUTY
    ]
    return ParsedPlan(
        title=draft.title,
        region=draft.region_name,
        document_number=draft.document_number or None,
        issuer=draft.issuer or None,
        issued_on=draft.issued_on,
        start_year=draft.start_year,
        end_year=draft.end_year,
        actions=tuple(_parsed_action(one, below) for one in top if one.kind == Kind.ACTION),
        targets=tuple(_parsed_target(one) for one in top if one.kind == Kind.TARGET),
        duties=tuple(sorted(duties, key=lambda one: (one.span == NOWHERE, one.span))),
        phases=tuple(_parsed_phase(one) for one in top if one.kind == Kind.PHASE),
        warnings=tuple(
            ImportWarning(one.code, one.message, one.line, span_of(one))
            for one in draft.warnings.all()
        ),
        blocks=(),
        text=draft.text,
        kind=draft.kind,  # type: ignore[arg-type]  # the choices are those of PlanKind
    )


def span_of(row: DraftItem | DraftWarning) -> Span:
    """Return where a row stands in the text, NOWHERE if a person added it."""
    if row.span_start is None or row.span_end is None:
        return NOWHERE
    return row.span_start, row.span_end


def _statements(item: DraftItem, below: dict[int | None, list[DraftItem]]) -> tuple[Statement, ...]:
    units = tuple(
        PrintedUnit(one.data["name"], one.data["role"], span_of(one))
        for one in below.get(item.pk, [])
        if one.kind == Kind.UNIT
    )
    return (Statement(units, NOWHERE),) if units else ()


def _charged(item: DraftItem, below: dict[int | None, list[DraftItem]]) -> dict[str, Any]:
    return {
        "number": item.data.get("number") or None,
        "title": item.data.get("title") or "",
        "text": item.data.get("text") or "",
        "span": span_of(item),
        "title_span": NOWHERE,
        "statements": _statements(item, below),
    }


def _parsed_action(item: DraftItem, below: dict[int | None, list[DraftItem]]) -> ParsedAction:
    measures = tuple(
        ParsedMeasure(**_charged(one, below))
        for one in below.get(item.pk, [])
        if one.kind == Kind.MEASURE
    )
    return ParsedAction(**_charged(item, below), kind=item.data["kind"], measures=measures)


def _parsed_target(item: DraftItem) -> ParsedTarget:
    data = item.data
    stretch = data.get("stretch_operator") and data.get("stretch_value")
    return ParsedTarget(
        indicator=data["indicator"],
        operator=data["operator"],
        value=data.get("value"),
        unit=data.get("unit"),
        year=data.get("year"),
        scope=data["scope"],
        quote=data.get("quote") or "",
        span=span_of(item),
        stretch=Stretch(data["stretch_operator"], data["stretch_value"]) if stretch else None,
        label=data.get("label") or "",
        kind=data.get("kind") or "level",
    )


def _day(words: str | None) -> date | None:
    return date.fromisoformat(words) if words else None


def _parsed_duty(item: DraftItem) -> ParsedDuty:
    data = item.data
    return ParsedDuty(
        who=data.get("who") or None,
        every=data.get("every") or None,
        quote=data.get("quote") or "",
        span=span_of(item),
        due=_day(data.get("due")),
        proof=data.get("proof") or "",
    )


def _parsed_phase(item: DraftItem) -> ParsedPhase:
    data = item.data
    return ParsedPhase(
        data["name"],
        date.fromisoformat(data["start"]),
        date.fromisoformat(data["end"]),
        span_of(item),
    )
