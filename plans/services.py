"""What is done to plans: read from a document, activated, opened to the public."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError, ensure
from core.files import store
from departments.models import Department, Region
from departments.services import departments_named, region_named
from plans import policies, signals
from plans.importer import ParsedPlan, parse_text
from plans.importer.model import ParsedAction, ParsedMeasure
from plans.models import (
    Action,
    Duty,
    Measure,
    Phase,
    Plan,
    PlanSettings,
    Responsibility,
    SourceDocument,
)

ROLES = (
    (Responsibility.Role.LEAD, "leads"),
    (Responsibility.Role.RESPONSIBLE, "responsible"),
    (Responsibility.Role.COOPERATE, "cooperators"),
)


def _source(name: str, content: bytes, text: str, by: Any) -> SourceDocument:
    """Store an official document; the file lies under its own hash."""
    sha256 = hashlib.sha256(content).hexdigest()
    source = SourceDocument(
        name=name[:200], sha256=sha256, size=len(content), text=text, uploaded_by=by
    )
    suffix = name.rsplit(".", 1)[-1].lower() if "." in name else "txt"
    source.file.name = store("documents", sha256, suffix, content)
    source.save()
    return source


def existing_import(content: bytes) -> list[Plan]:
    """Return the plans that this very file already gave, if any."""
    sha256 = hashlib.sha256(content).hexdigest()
    return list(Plan.objects.filter(source__sha256=sha256).order_by("part"))


def import_document(
    name: str, content: bytes, text: str, *, by: Any = None, region: Region | None = None
) -> list[Plan]:
    """Read a document into draft plans, each with everything that was found in it.

    The same file again gives the plans it gave the first time. `region` overrides what the
    document says; without both a DomainError asks for it. All or nothing.
    """
    if found := existing_import(content):
        return found
    parsed = parse_text(text)
    try:
        return _import(name, content, text, parsed, by=by, region=region)
    except IntegrityError:
        if found := existing_import(content):  # somebody was quicker with the same file
            return found
        raise


def _import(
    name: str,
    content: bytes,
    text: str,
    parsed: list[ParsedPlan],
    *,
    by: Any,
    region: Region | None,
) -> list[Plan]:
    with transaction.atomic():
        source = _source(name, content, text, by)
        plans = [_store(one, part, source, region, by=by) for part, one in enumerate(parsed)]
        for plan in plans:
            audit.record(
                "plans.plan.import",
                plan,
                by=by,
                detail={"file": name, "sha256": source.sha256},
                region_path=plan.region.path,
            )
    return plans


def _store(
    parsed: ParsedPlan, part: int, source: SourceDocument, region: Region | None, *, by: Any
) -> Plan:
    """Write one parsed plan into its tables and tell the floors above."""
    place = region or (region_named(parsed.region) if parsed.region else None)
    if place is None:
        raise DomainError(_("文件里没有写明是哪个地区的方案，请指定地区。"), code="no_region")
    if by is not None:
        ensure(policies.can_import(by, place))
    if parsed.start_year is None or parsed.end_year is None:
        raise DomainError(_("文件里没有写明方案的起止年份，请补充后再导入。"), code="no_years")
    plan = Plan.objects.create(
        region=place,
        title=(parsed.title or source.name)[:200],
        document_number=parsed.document_number,
        issuer=parsed.issuer,
        issued_on=parsed.issued_on,
        start_year=parsed.start_year,
        end_year=parsed.end_year,
        source=source,
        part=part,
        text=parsed.text,
        warnings=[
            {"code": one.code, "message": one.message, "line": one.line} for one in parsed.warnings
        ],
    )
    PlanSettings.objects.create(plan=plan)
    measures = _store_actions(plan, parsed.actions)
    _store_duties(plan, parsed, measures)
    Phase.objects.bulk_create(
        Phase(
            plan=plan,
            name=one.name[:200],
            start=one.start,
            end=one.end,
            position=position,
            span_start=one.span[0],
            span_end=one.span[1],
        )
        for position, one in enumerate(parsed.phases, 1)
    )
    signals.plan_imported.send(sender=Plan, plan=plan, parsed=parsed, measures=measures)
    return plan


def _store_actions(plan: Plan, parsed: Iterable[ParsedAction]) -> list[Measure]:
    """Write actions, measures and responsibilities; return the measures in document order."""
    items = list(parsed)
    actions = Action.objects.bulk_create(
        Action(
            plan=plan,
            kind=one.kind,
            number=one.number,
            title=one.title[:200],
            text=one.text,
            position=position,
            span_start=one.span[0],
            span_end=one.span[1],
        )
        for position, one in enumerate(items, 1)
    )
    pairs = [
        (
            one,
            Measure(
                action=action,
                number=one.number,
                title=one.title[:300],
                text=one.text,
                position=position,
                span_start=one.span[0],
                span_end=one.span[1],
            ),
        )
        for action, item in zip(actions, items, strict=True)
        for position, one in enumerate(item.measures, 1)
    ]
    Measure.objects.bulk_create(measure for _one, measure in pairs)
    names = [
        name
        for item in items
        for holder in (item, *item.measures)
        for _role, attribute in ROLES
        for name in getattr(holder, attribute)
    ]
    departments = departments_named(plan.region, names)
    rows = [
        row
        for action, item in zip(actions, items, strict=True)
        for row in _responsibilities(item, departments, action=action)
    ]
    rows += [
        row
        for one, measure in pairs
        for row in _responsibilities(one, departments, measure=measure)
    ]
    Responsibility.objects.bulk_create(rows)
    return [measure for _one, measure in pairs]


def _responsibilities(
    holder: ParsedAction | ParsedMeasure, departments: dict[str, Department], **place: Any
) -> list[Responsibility]:
    return [
        Responsibility(
            role=role, printed_name=name, department=departments[name], position=position, **place
        )
        for position, (role, name) in enumerate(
            ((role, name) for role, attribute in ROLES for name in getattr(holder, attribute)), 1
        )
    ]


def measure_at(measures: Iterable[Measure], place: int) -> Measure | None:
    """Return the measure whose span covers an offset of the text."""
    for measure in measures:
        if (measure.span_start or 0) <= place < (measure.span_end or 0):
            return measure
    return None


def _store_duties(plan: Plan, parsed: ParsedPlan, measures: list[Measure]) -> None:
    Duty.objects.bulk_create(
        Duty(
            plan=plan,
            measure=measure_at(measures, one.span[0]),
            who=one.who,
            every=one.every,
            quote=one.quote,
            position=position,
            span_start=one.span[0],
            span_end=one.span[1],
        )
        for position, one in enumerate(parsed.duties, 1)
    )


@transaction.atomic
def activate(plan: Plan, *, by: Any) -> Plan:
    """Put a checked draft in force; from then on its text is locked."""
    plan = Plan.objects.select_for_update().select_related("region").get(pk=plan.pk)
    ensure(policies.can_activate(by, plan))
    plan.state = Plan.State.ACTIVE
    plan.save()
    Department.objects.filter(responsibilities__in=_all_responsibilities(plan)).update(
        confirmed=True
    )
    audit.record("plans.plan.activate", plan, by=by, region_path=plan.region.path)
    return plan


def _all_responsibilities(plan: Plan) -> Any:
    return Responsibility.objects.filter(action__plan=plan) | Responsibility.objects.filter(
        measure__action__plan=plan
    )


@transaction.atomic
def set_public(plan: Plan, public: bool, *, by: Any) -> Plan:
    """Open a plan to the public, or close it again."""
    plan = Plan.objects.select_for_update().select_related("region").get(pk=plan.pk)
    ensure(policies.can_publish(by, plan))
    plan.is_public = public
    plan.save()
    audit.record(
        "plans.plan.publish",
        plan,
        by=by,
        detail={"public": public},
        region_path=plan.region.path,
    )
    return plan
