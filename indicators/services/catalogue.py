"""The catalogue: what ships with the portal, and what offices add to it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict, DomainError, ensure
from indicators import policies
from indicators.catalogue import built_in
from indicators.models import Indicator, Observation
from indicators.services.given import RowErrors

# Once values are there, these would change what the values mean.
FROZEN_WITH_VALUES = ("unit", "kind", "scale", "roll_up", "numerator_label", "denominator_label")

# Addresses below /indicators/ that are pages of their own, not an indicator's.
RESERVED = frozenset({"catalogue", "sheets", "tidy", "table-c"})


def ensure_catalogue() -> dict[str, Indicator]:
    """Make the built-in indicators that are missing; return all of them by code."""
    Indicator.objects.bulk_create((Indicator(**one) for one in built_in()), ignore_conflicts=True)
    return {one.code: one for one in Indicator.objects.all()}


def _checked(indicator: Indicator) -> Indicator:
    wrong: dict[str, list[str]] = {}
    if not indicator.name.strip():
        wrong["name"] = [_("请填写名称。")]
    if bool(indicator.numerator_label) != bool(indicator.denominator_label):
        wrong["denominator_label"] = [_("分子和分母的名称要同时填写。")]
    if indicator.roll_up == Indicator.RollUp.RATIO and not indicator.numerator_label:
        wrong["numerator_label"] = [_("按“分子之和 ÷ 分母之和”汇总的指标要写明分子和分母。")]
    if indicator.roll_up != Indicator.RollUp.NONE and not indicator.reported_at:
        wrong["reported_at"] = [_("要汇总的指标请选择从哪一级汇总。")]
    low, high = indicator.lowest, indicator.highest
    if low is not None and high is not None and low > high:
        wrong["highest"] = [_("可能的最大值不能小于最小值。")]
    if indicator.scale < 1:
        wrong["scale"] = [_("倍数应是 1 以上的整数；百分比填 100。")]
    elif indicator.unit == "%" and indicator.numerator_label and indicator.scale != 100:
        wrong["scale"] = [_("单位是 % 的比值，倍数应填 100。")]
    if wrong:
        raise DomainError(_("有内容不符合要求。"), fields=wrong)
    return indicator


def _new(fields: Mapping[str, Any], taken: Collection[str], by: Any) -> Indicator:
    """Return a new definition, not stored yet; raises DomainError by field."""
    code = str(fields.get("code", ""))
    if not code or code.isdigit():  # a number in an address is an id
        words = _("代码由字母、数字、下划线组成，不能只有数字。")
        raise DomainError(words, fields={"code": [words]})
    if code in taken:
        raise _taken(code)
    if code in RESERVED:
        words = _("“%(code)s”是系统页面的地址，请换一个代码。") % {"code": code}
        raise DomainError(words, fields={"code": [words]})
    return _checked(Indicator(**fields, region=by.acting.region))


def _known(codes: Iterable[str]) -> set[str]:
    return set(Indicator.objects.filter(code__in=list(codes)).values_list("code", flat=True))


@transaction.atomic
def add_indicator(fields: dict[str, Any], *, by: Any) -> Indicator:
    """Add an indicator that the person's office keeps. Raises DomainError by field."""
    ensure(policies.can_define(by))
    code = fields.get("code", "")
    indicator = _new(fields, _known([code]), by)
    try:
        with transaction.atomic():
            indicator.save()
    except IntegrityError:  # somebody else took it at this moment
        raise _taken(code) from None
    _recorded("add", indicator, by)
    return indicator


@transaction.atomic
def add_indicators(
    rows: Sequence[Mapping[str, Any]],
    *,
    by: Any,
    unread: Mapping[int, dict[str, list[str]]] | None = None,
) -> list[Indicator]:
    """Add definitions that the person's office keeps, all or none; queries do not grow.

    `unread` tells what is wrong with rows that could not be read, by number; `rows` are those
    around them. Raises RowErrors by the number of the row, counted from nought, NotAllowed,
    Conflict where somebody else took a code at this moment.
    """
    ensure(policies.can_define(by))
    taken = _known(str(one.get("code", "")) for one in rows)
    wrong: dict[int, dict[str, list[str]]] = dict(unread or {})
    numbers = [one for one in range(len(rows) + len(wrong)) if one not in wrong]
    made = []
    for number, fields in zip(numbers, rows, strict=True):
        try:
            made.append(_new(fields, taken, by))
            taken.add(made[-1].code)
        except DomainError as problem:
            wrong[number] = problem.fields
    if wrong:
        raise RowErrors(dict(sorted(wrong.items())))
    try:
        with transaction.atomic():
            Indicator.objects.bulk_create(made)
    except IntegrityError:
        raise Conflict(_("有代码刚刚被别人用了，请再上传一次。")) from None
    if made:
        audit.record(
            "indicators.indicator.add",
            None,
            by=by,
            detail={"codes": [one.code for one in made]},
            region_path=by.acting.region_path,
        )
    return made


def _taken(code: str) -> DomainError:
    words = _("代码 %(code)s 已经有了，请换一个。") % {"code": code}
    return DomainError(words, fields={"code": [words]})


@transaction.atomic
def change_indicator(indicator: Indicator, fields: dict[str, Any], *, by: Any) -> Indicator:
    """Change a definition; what gives values their meaning stays once there are values."""
    ensure(policies.can_define(by, indicator))
    indicator = Indicator.objects.select_for_update(of=("self",)).get(pk=indicator.pk)
    changed = {
        name: value
        for name, value in fields.items()
        if name != "code" and getattr(indicator, name) != value
    }
    frozen = [name for name in FROZEN_WITH_VALUES if name in changed]
    if frozen and Observation.objects.filter(indicator=indicator).exists():
        words = _("已有数值的指标不能改单位、类型、倍数和汇总方式；请停用后另建一个。")
        raise DomainError(words, fields={name: [words] for name in frozen})
    before = {name: getattr(indicator, name) for name in changed}
    for name, value in changed.items():
        setattr(indicator, name, value)
    _checked(indicator).save()
    if changed:
        _recorded("change", indicator, by, before=before, after=changed)
    return indicator


def _recorded(verb: str, indicator: Indicator, by: Any, **detail: Any) -> None:
    audit.record(
        f"indicators.indicator.{verb}",
        indicator,
        by=by,
        detail={"code": indicator.code, **detail},
        region_path=by.acting.region_path,
    )
