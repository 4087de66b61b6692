"""A checked draft becomes a plan, with its departments, duties and targets, in one transaction."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError, ensure
from departments.models import Department, Region
from departments.names import is_group, kind_of
from departments.resolution import Decision, Proposal, Resolution, resolve
from departments.services import region_named
from departments.services.units import default_decision, establish
from plans import policies, signals
from plans.importer.model import ParsedAction, ParsedMeasure, ParsedPlan
from plans.models import (
    Action,
    Draft,
    DraftItem,
    DraftName,
    Duty,
    Measure,
    Phase,
    Plan,
    PlanSettings,
    Responsibility,
)
from plans.services.drafting import parsed_of, place
from plans.services.drafts import held

ROLES = ("lead", "responsible", "cooperate")


@transaction.atomic
def confirm(draft: Draft, *, by: Any = None, as_read: bool = False) -> Plan:
    """Make the plan of a checked draft: actions, units, duties, phases, and targets by signal.

    All or nothing. A DomainError names each field of the header that is missing or cannot be,
    and the names on which a person has to decide; `as_read` takes those as they are printed.
    """
    draft = held(draft.pk)
    if draft.plan_id is not None:
        raise DomainError(_("这份草稿已经确认，方案已建立。"), code="confirmed")
    if by is not None:
        ensure(policies.can_review(by, draft))
    region = _checked_region(draft, by)
    parsed = parsed_of(draft)
    if not parsed.actions:
        raise DomainError(_("草稿里没有重点任务，请先添加。"), code="no_actions")
    if not as_read:
        _refuse_incomplete(draft)
    departments = _departments(draft, region, parsed, by, as_read=as_read)
    plan = _store(draft, region, parsed, departments)
    draft.plan = plan
    draft.save()
    audit.record(
        "plans.plan.import",
        plan,
        by=by,
        detail={"file": draft.source.name, "sha256": draft.source.sha256},
        region_path=region.path,
    )
    return plan


def _refuse_incomplete(draft: Draft) -> None:
    rows = DraftItem.objects.filter(draft=draft).kept()
    lacking = [one.get_kind_display() for one in rows if not one.complete]
    if lacking:
        raise DomainError(
            _("还有 %(n)s 项没有填完整（%(kinds)s），请补填，或者去掉。")
            % {"n": len(lacking), "kinds": "、".join(dict.fromkeys(map(str, lacking)))},
            code="incomplete",
        )


def _checked_region(draft: Draft, by: Any) -> Region:
    """Return the region of the plan; refuse a header with which no plan can be."""
    wrong: dict[str, list[str]] = {}
    if not draft.region_name:
        wrong["region_name"] = [_("没有写明是哪个地区的方案，请填写地区全称。")]
    if not draft.title:
        wrong["title"] = [_("没有读出标题，请填写。")]
    if draft.start_year is None or draft.end_year is None:
        wrong["start_year"] = [_("没有写明起止年份，请填写。")]
    elif draft.end_year < draft.start_year:
        wrong["end_year"] = [_("结束年不能早于起始年。")]
    if wrong:
        raise DomainError(
            " ".join(one for each in wrong.values() for one in each), fields=wrong, code="header"
        )
    # Several places may bear the name of the region whose office checks the draft.
    home = draft.home if draft.region_name == draft.home.name else None
    region = home or region_named(str(draft.region_name))
    if by is not None:
        ensure(policies.can_import(by, region))
    return region


def _store(
    draft: Draft, region: Region, parsed: ParsedPlan, departments: dict[str, Department]
) -> Plan:
    """Write a parsed plan into its tables and tell the floors above."""
    plan = Plan.objects.create(
        region=region,
        kind=draft.kind,
        title=str(draft.title),
        document_number=parsed.document_number,
        issuer=parsed.issuer,
        issued_on=parsed.issued_on,
        start_year=int(draft.start_year or 0),
        end_year=int(draft.end_year or 0),
        basis=draft.basis,
        recipients=draft.recipients,
        copies=draft.copies,
        source=draft.source,
        part=draft.part,
        text=parsed.text,
        warnings=[
            {"code": one.code, "message": one.message, "line": one.line} for one in parsed.warnings
        ],
    )
    PlanSettings.objects.create(plan=plan)
    measures = _store_actions(plan, parsed.actions, departments)
    _store_duties(plan, parsed, measures)
    Phase.objects.bulk_create(
        Phase(
            plan=plan,
            name=one.name[:200],
            start=one.start,
            end=one.end,
            position=position,
            **place(one.span),
        )
        for position, one in enumerate(parsed.phases, 1)
    )
    signals.plan_imported.send(sender=Plan, plan=plan, parsed=parsed, measures=measures)
    return plan


def _store_actions(
    plan: Plan, parsed: Iterable[ParsedAction], departments: dict[str, Department]
) -> list[Measure]:
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
            **place(one.span),
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
                **place(one.span),
            ),
        )
        for action, item in zip(actions, items, strict=True)
        for position, one in enumerate(item.measures, 1)
    ]
    Measure.objects.bulk_create(measure for _one, measure in pairs)
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


def _departments(
    draft: Draft, region: Region, parsed: ParsedPlan, by: Any, *, as_read: bool
) -> dict[str, Department]:
    """Return the department of each printed name: as a person decided, else as it reads.

    Raises DomainError with the names that only a person can tell, unless `as_read`.
    """
    printed = dict.fromkeys(
        unit.name
        for item in parsed.actions
        for holder in (item, *item.measures)
        for statement in holder.statements
        for unit in statement.units
    )
    resolved = resolve(region, printed, timezone.localdate())
    decided = {row.printed: row for row in draft.names.select_related("department__region")}
    unknown = [name for name, one in resolved.items() if one.uncertain and name not in decided]
    if unknown and not as_read:
        raise DomainError(
            _("还有 %(n)s 个单位名称要您决定：%(names)s。")
            % {"n": len(unknown), "names": "、".join(unknown[:5])},
            fields={"names": unknown},
            code="names",
        )
    decisions = {name: _decision(one, decided.get(name), region) for name, one in resolved.items()}
    return establish(region, decisions, by=by)


def _decision(read: Resolution, row: DraftName | None, region: Region) -> Decision:
    if row is None:
        return default_decision(read)
    if row.department is not None:
        return Decision(department=row.department)
    home = row.new_region or (read.proposal.region if read.proposal else region)
    kind = row.new_kind or kind_of(row.new_name)
    return Decision(new=Proposal(row.new_name, home, kind, is_group(row.new_name)))


def _responsibilities(
    holder: ParsedAction | ParsedMeasure, departments: dict[str, Department], **owner: Any
) -> list[Responsibility]:
    units = [unit for statement in holder.statements for unit in statement.units]
    first = {(unit.role, unit.name): unit for unit in reversed(units)}
    order = sorted(first.values(), key=lambda unit: (ROLES.index(unit.role), units.index(unit)))
    return [
        Responsibility(
            role=unit.role,
            printed_name=unit.name,
            department=departments[unit.name],
            position=position,
            **place(unit.span),
            **owner,
        )
        for position, unit in enumerate(order, 1)
    ]


def measure_at(measures: Iterable[Measure], place: int) -> Measure | None:
    """Return the measure whose span covers an offset of the text."""
    for measure in measures:
        if measure.span_start is None or measure.span_end is None:
            continue
        if measure.span_start <= place < measure.span_end:
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
            due=one.due,
            proof=one.proof,
            position=position,
            **place(one.span),
        )
        for position, one in enumerate(parsed.duties, 1)
    )
