"""What a plan promises: made from its document, changed with a reason, never overwritten."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict, DomainError, ensure
from indicators import policies
from indicators.catalogue import definition
from indicators.checking import LARGEST
from indicators.models import Indicator, Target
from indicators.numbers import split_unit
from indicators.services.catalogue import ensure_catalogue
from plans.importer.model import ParsedTarget
from plans.models import Measure, Plan
from plans.services.confirming import measure_at

# What a person may change of a target; the rest says where it stands in the document.
CHANGEABLE = (
    "operator",
    "value",
    "unit",
    "stretch_operator",
    "stretch_value",
    "year",
    "every_year",
    "scope",
    "basis",
    "quote",
)
REASON_MOST = 300


def targets_from(
    plan: Plan, parsed: Iterable[ParsedTarget], measures: list[Measure]
) -> list[Target]:
    """Make a plan's targets from what its document says, and the indicators it names first.

    Raises DomainError for a value that the column cannot hold.
    """
    items = list(parsed)
    for one in items:
        _storable(one)
    known = ensure_catalogue()
    missing = {
        one.indicator: definition(one.indicator, one.label, one.unit, one.kind)
        for one in items
        if one.indicator not in known
    }
    if missing:
        Indicator.objects.bulk_create(
            (Indicator(**one, region=plan.region) for one in missing.values()),
            ignore_conflicts=True,
        )
        known = {one.code: one for one in Indicator.objects.all()}
    return Target.objects.bulk_create(
        Target(
            plan=plan,
            measure=measure_at(measures, one.span[0]),
            indicator=known[one.indicator],
            operator=one.operator,
            **in_unit_of(
                known[one.indicator],
                {
                    "value": Decimal(one.value) if one.value is not None else None,
                    "unit": (one.unit or "")[:20],
                    "stretch_value": Decimal(one.stretch.value) if one.stretch else None,
                },
            ),
            stretch_operator=one.stretch.operator if one.stretch else "",
            year=one.year if isinstance(one.year, int) else None,
            every_year=one.year == "every",
            scope=one.scope,
            quote=one.quote,
            position=position,
            span_start=one.span[0],
            span_end=one.span[1],
        )
        for position, one in enumerate(items, 1)
    )


def _storable(one: ParsedTarget) -> None:
    values = [one.value, one.stretch.value if one.stretch else None]
    if any(value is not None and abs(Decimal(value)) >= LARGEST for value in values):
        raise DomainError(
            _("目标“%(name)s”的数值太大，请核实后改正。") % {"name": one.label or one.quote[:60]},
            code="too_large",
        )


def _reason(text: str) -> str:
    reason = text.replace("\x00", "").strip()
    if not reason:
        raise DomainError(_("请写明调整理由。"), fields={"reason": [_("请写明调整理由和依据。")]})
    if len(reason) > REASON_MOST:
        raise DomainError(
            _("理由太长。"),
            fields={"reason": [_("请控制在 %(most)s 字以内。") % {"most": REASON_MOST}]},
        )
    return reason


def in_unit_of(indicator: Indicator, fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a target in the indicator's own unit: 3 万人次 are 30000 人次.

    Values are compared with it as they are stored. Another unit that cannot be converted stays.
    """
    (given, base), (wanted, own) = split_unit(fields.get("unit") or ""), split_unit(indicator.unit)
    if not base or base != own or given == wanted:
        return fields
    numbers = {
        name: fields[name] * given / wanted
        for name in ("value", "stretch_value")
        if fields.get(name) is not None
    }
    return {**fields, **numbers, "unit": indicator.unit}


def _checked(plan: Plan, fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a target as they are stored; raises DomainError by field."""
    wrong: dict[str, list[str]] = {}
    if not str(fields.get("quote") or "").strip():
        wrong["quote"] = [_("请写明文件里的原文。")]
    year = fields.get("year")
    if fields.get("every_year") and year:
        wrong["year"] = [_("选了“每年”，就不要再填目标年。")]
    if year and not plan.start_year <= year <= plan.end_year + 15:
        wrong["year"] = [
            _("目标年不应早于方案的起始年 %(start)s 年。") % {"start": plan.start_year}
        ]
    for name in ("value", "stretch_value"):
        number = fields.get(name)
        if number is not None and abs(number) >= LARGEST:
            wrong[name] = [_("这个数太大，请核实。")]
    if bool(fields.get("stretch_operator")) != (fields.get("stretch_value") is not None):
        wrong["stretch_value"] = [_("争取的目标要同时填要求和数值。")]
    if wrong:
        raise DomainError(_("有内容不符合要求。"), fields=wrong)
    return fields


@transaction.atomic
def change_target(target: Target, fields: dict[str, Any], reason: str, *, by: Any) -> Target:
    """Replace what a target asks; the old row stays, with the reason and who gave it.

    `fields` are of `CHANGEABLE`; what is not given stays. Raises Conflict where somebody else
    changed it meanwhile, DomainError by field.
    """
    target = _standing(target)
    ensure(policies.can_change_targets(by, target.plan))
    reason = _reason(reason)
    now = {name: fields.get(name, getattr(target, name)) for name in CHANGEABLE}
    now = in_unit_of(target.indicator, now)
    _checked(target.plan, now)
    if all(now[name] == getattr(target, name) for name in CHANGEABLE):
        raise DomainError(_("内容没有变化，不用调整。"))
    fresh = Target.objects.create(
        plan=target.plan,
        measure=target.measure,
        indicator=target.indicator,
        position=target.position,
        span_start=target.span_start,
        span_end=target.span_end,
        **now,
    )
    target.replaced_by, target.reason, target.changed_by = fresh, reason, by
    target.save()
    _recorded("change", fresh, by, replaces=target.pk, reason=reason)
    return fresh


@transaction.atomic
def withdraw_target(target: Target, reason: str, *, by: Any) -> Target:
    """Take a target off the plan; its row and the reason stay. Raises DomainError, Conflict."""
    target = _standing(target)
    ensure(policies.can_change_targets(by, target.plan))
    target.reason, target.withdrawn, target.changed_by = _reason(reason), True, by
    target.save()
    _recorded("withdraw", target, by, reason=target.reason)
    return target


@transaction.atomic
def add_target(plan: Plan, indicator: Indicator, fields: dict[str, Any], *, by: Any) -> Target:
    """Add a target that the reading of the document missed, or that an amendment sets."""
    ensure(policies.can_change_targets(by, plan))
    plan = Plan.objects.select_for_update(of=("self",)).select_related("region").get(pk=plan.pk)
    fields = _checked(plan, in_unit_of(indicator, fields))
    last = Target.objects.filter(plan=plan).order_by("-position").first()
    target = Target.objects.create(
        plan=plan,
        indicator=indicator,
        position=last.position + 1 if last else 1,
        **{name: fields[name] for name in CHANGEABLE if name in fields},
    )
    _recorded("add", target, by)
    return target


def _standing(target: Target) -> Target:
    found = (
        Target.objects.select_for_update(of=("self",))
        .select_related("plan__region", "indicator", "measure")
        .get(pk=target.pk)
    )
    if found.replaced_by_id or found.withdrawn:
        raise Conflict(_("这个目标刚刚被调整过，请刷新后再看。"))
    return found


def _recorded(verb: str, target: Target, by: Any, **detail: Any) -> None:
    audit.record(
        f"indicators.target.{verb}",
        target,
        by=by,
        detail={"indicator": target.indicator_id, "value": target.value, **detail},
        region_path=target.plan.region.path,
    )
