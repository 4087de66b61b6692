"""What is done to targets and observed values: one verb each, checked and recorded."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError, NotAllowed, ensure
from departments.models import Department, Region
from departments.selectors import second_person
from departments.services import region_of_code
from indicators import policies
from indicators.catalogue import BUILT_IN, LITERACY, definition
from indicators.models import Indicator, Observation, Target
from indicators.published import SOURCE, literacy
from plans.importer.model import ParsedTarget
from plans.models import Measure, Plan
from plans.services.confirming import measure_at

YEARS = range(1990, 2101)
LARGEST = Decimal(10) ** 14  # what the column holds before the point


def ensure_catalogue() -> dict[str, Indicator]:
    """Make the built-in indicators that are missing; return all of them by code."""
    Indicator.objects.bulk_create((Indicator(**one) for one in BUILT_IN), ignore_conflicts=True)
    return {one.code: one for one in Indicator.objects.all()}


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
            (Indicator(**one) for one in missing.values()), ignore_conflicts=True
        )
        known = {one.code: one for one in Indicator.objects.all()}
    return Target.objects.bulk_create(
        Target(
            plan=plan,
            measure=measure_at(measures, one.span[0]),
            indicator=known[one.indicator],
            operator=one.operator,
            value=Decimal(one.value) if one.value is not None else None,
            unit=(one.unit or "")[:20],
            stretch_operator=one.stretch.operator if one.stretch else "",
            stretch_value=Decimal(one.stretch.value) if one.stretch else None,
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


def _checked(indicator: Indicator, year: int, fields: dict[str, Any]) -> None:
    """Refuse a value that cannot be, field by field."""
    wrong: dict[str, list[str]] = {}
    if year not in YEARS:
        wrong["year"] = [_("年份应在 1990 到 2100 之间。")]
    value, top, bottom = (fields.get(name) for name in ("value", "numerator", "denominator"))
    if (top is None) != (bottom is None):
        wrong["numerator"] = [_("分子和分母要同时填写。")]
    if bottom is not None and bottom <= 0:
        wrong["denominator"] = [_("分母应大于 0。")]
    if fields.get("status") == Observation.Status.MEASURED and value is None and top is None:
        wrong["value"] = [_("请填写数值；没有调查的年份请选“未测”。")]
    place, value = ("value", value) if top is None else ("numerator", _ratio(indicator, fields))
    if value is not None and value < 0:
        wrong[place] = [_("数值不能小于 0。")]
    elif indicator.unit == "%" and value is not None and value > 100:
        wrong[place] = [_("比例应在 0 到 100 之间，单位是 %。")]
    elif value is not None and value >= LARGEST:
        wrong[place] = [_("这个数太大，请核实。")]
    if wrong:
        raise DomainError(_("有内容不符合要求。"), fields=wrong)


def _ratio(indicator: Indicator, fields: dict[str, Any]) -> Decimal | None:
    """Return numerator by denominator (percent: times 100), None without a usable pair."""
    top, bottom = fields.get("numerator"), fields.get("denominator")
    if top is None or bottom is None or bottom <= 0:
        return None
    return Decimal(top) / Decimal(bottom) * (100 if indicator.unit == "%" else 1)


@transaction.atomic
def observe(
    indicator: Indicator,
    region: Region,
    year: int,
    *,
    by: Any,
    department: Department | None = None,
    **fields: Any,
) -> Observation:
    """Enter a value as a draft: `value`, or `numerator` and `denominator`, or a `status`.

    A ratio is computed here and never typed: percent indicators times 100, others as they are.
    """
    ensure(policies.can_observe(by, region, department))
    fields.setdefault("status", Observation.Status.MEASURED)
    _checked(indicator, year, fields)
    ratio = _ratio(indicator, fields)
    if ratio is not None:
        fields["value"] = round(ratio, 6)
    observation = Observation.objects.create(
        indicator=indicator,
        region=region,
        year=year,
        department=department,
        office=by.acting.region if by.acting.is_office() else region,
        entered_by=by,
        **fields,
    )
    _recorded("observe", observation, by)
    return observation


def _recorded(verb: str, observation: Observation, by: Any, **detail: Any) -> None:
    audit.record(
        f"indicators.observation.{verb}",
        observation,
        by=by,
        detail={
            "indicator": observation.indicator_id,
            "year": observation.year,
            "value": observation.value,
            **detail,
        },
        region_path=observation.region.path,
    )


def _locked(observation: Observation) -> Observation:
    return (
        Observation.objects.select_for_update(of=("self",))
        .select_related("region", "indicator")
        .get(pk=observation.pk)
    )


@transaction.atomic
def submit(observation: Observation, *, by: Any) -> Observation:
    """Hand a value in for checking."""
    observation = _locked(observation)
    ensure(policies.can_submit(by, observation))
    observation.state = Observation.State.SUBMITTED
    observation.return_reason = ""
    observation.save()
    _recorded("submit", observation, by)
    return observation


def verify(observation: Observation, *, by: Any, now: datetime) -> Observation:
    """Check a value; from then on it counts, and what it corrects no longer does.

    Who entered it checks it only where the office has no second person, and it is marked so.
    """
    try:
        with transaction.atomic():
            return _verify(_locked(observation), by=by, now=now)
    except IntegrityError:
        raise DomainError(_("同一年已有另一个刚刚核对的数值，请刷新后再看。")) from None


def _verify(observation: Observation, *, by: Any, now: datetime) -> Observation:
    ensure(policies.can_verify(by, observation))
    own = observation.entered_by_id == by.pk
    if own and second_person(by.acting.here, by, timezone.localdate(now)):
        raise NotAllowed(_("您填报的数值须由他人核对。"))
    previous = (
        Observation.objects.counting()
        .select_for_update()
        .filter(
            indicator=observation.indicator_id,
            region=observation.region_id,
            year=observation.year,
            department=observation.department_id,
            population_group=observation.population_group,
            basis=observation.basis,
            series=observation.series,
        )
        .first()
    )
    if previous is not None:
        previous.superseded_by = observation
        previous.save()
    observation.state = Observation.State.VERIFIED
    observation.verified_by, observation.verified_at = by, now
    observation.own_check = own
    observation.save()
    _recorded("verify", observation, by, corrects=previous.pk if previous else None)
    return observation


@transaction.atomic
def send_back(observation: Observation, reason: str, *, by: Any) -> Observation:
    """Return a value with the reason."""
    reason = reason.replace("\x00", "").strip()  # PostgreSQL holds no such character
    if not reason:
        raise DomainError(_("请写明退回理由。"), fields={"reason": [_("请写明退回理由。")]})
    observation = _locked(observation)
    ensure(policies.can_verify(by, observation))
    observation.state = Observation.State.RETURNED
    observation.return_reason = reason[:300]
    observation.save()
    _recorded("return", observation, by, reason=observation.return_reason)
    return observation


@transaction.atomic
def load_published(now: datetime) -> int:
    """Store the published survey values that are missing, as verified; return how many.

    They come with the portal and its source, so no person enters or checks them.
    """
    indicator = ensure_catalogue()[LITERACY]
    regions = {code: region_of_code(code) for code in {one.code for one in literacy()}}
    have = set(
        Observation.objects.counting()
        .of_whole_region()
        .filter(indicator=indicator)
        .values_list("region__code", "year")
    )
    rows = Observation.objects.bulk_create(
        Observation(
            indicator=indicator,
            region=regions[one.code],
            year=one.year,
            value=one.percent,
            source=SOURCE,
            note=one.note,
            state=Observation.State.VERIFIED,
            verified_at=now,
        )
        for one in literacy()
        if (one.code, one.year) not in have
    )
    if rows:
        audit.record("indicators.observation.publish", indicator, detail={"rows": len(rows)})
    return len(rows)
