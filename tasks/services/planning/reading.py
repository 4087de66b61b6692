"""Rows of typed texts read into values and units, or sentences that say what is wrong."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core import workdays
from departments.models import Department, Region
from departments.resolution import PROPOSED, SPLIT, Resolution, resolve
from plans.models import Plan
from tasks.fields import clean, read
from tasks.models import Task
from tasks.selectors.planning.rows import NO, SEPARATE, UNITS, YES, label_of
from tasks.services.planning.proposals import split_names

LONGEST = {"title": 300, "unit": 20, "deliverable": 300, "note": 300}
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:\s+00:00(?::00)?)?")
_MOST_WEIGHT = Decimal(10_000)


@dataclass(slots=True)
class Meant:
    """What a row's texts mean: values of fields, units by role (None: not asked), what is wrong.

    `separate` says that each unit reports for itself; without it and without a lead the 汇总单位
    stays open.
    """

    values: dict[str, Any] = field(default_factory=dict)
    units: dict[str, list[Department]] = field(default_factory=dict)
    separate: bool = False
    wrong: dict[str, list[str]] = field(default_factory=dict)


def _line(name: str, text: str) -> str:
    """Return a text of one line; raises ValueError with a sentence where it is too long."""
    plain = " ".join(clean(text).split())
    if len(plain) > LONGEST[name]:
        raise ValueError(
            _("最多 %(most)s 字，现有 %(now)s 字。") % {"most": LONGEST[name], "now": len(plain)}
        )
    if name == "title" and not plain:
        raise ValueError(_("请填写任务名称。"))
    return plain


def _kind(text: str) -> str:
    for value, label in Task.Kind.choices:
        if text.strip() in (value, str(label)):
            return str(value)
    kinds = "、".join(map(str, Task.Kind.labels))
    raise ValueError(_("类型只能是：%(kinds)s。") % {"kinds": kinds})


def _amount(text: str) -> Decimal:
    found = read("quantity", text)
    if found.problem or not isinstance(found.value, Decimal):
        raise ValueError(_("请只填数字，例如 12 或 1.5 万。"))
    return found.value


def _quantity(text: str) -> Decimal | None:
    if not text.strip():
        return None
    amount = _amount(text)
    if not amount:
        raise ValueError(_("目标数量应大于 0。"))
    return amount


def _weight(text: str) -> Decimal:
    amount = _amount(text) if text.strip() else Decimal(0)
    if not 0 < amount < _MOST_WEIGHT:
        raise ValueError(_("权重应大于 0，一般为 1。"))
    return amount


def _day(text: str) -> date:
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    try:
        if found:
            return date(*(int(part) for part in found.groups()))
    except ValueError:
        pass  # 2024-02-30 looks like a day and is none
    raise ValueError(_("请填日期，例如 2024-06-30。"))


def _yes(text: str) -> bool:
    if text.strip() not in (YES, NO, ""):
        raise ValueError(_("只能填“是”或“否”。"))
    return text.strip() == YES


def _value(name: str, text: str) -> Any:
    match name:
        case "kind":
            return _kind(text)
        case "quantity":
            return _quantity(text)
        case "weight":
            return _weight(text)
        case "starts" | "due":
            return _day(text)
        case "evidence_required":
            return _yes(text)
    return _line(name, text)


class Names:
    """The units that the texts of many rows name, read once (a fixed number of queries)."""

    def __init__(
        self, plan: Plan, year: int, texts: Iterable[str], known: Iterable[Department]
    ) -> None:
        self.plan = plan
        self.found = {label_of(one, plan): one for one in known}
        names = {name for text in texts for name in split_names(text)} - {SEPARATE}
        unknown = sorted(names - set(self.found))
        placed = {name: name.split("·", 1) for name in unknown if "·" in name}
        self._below(placed)
        rest = [name for name in unknown if name not in self.found]
        self.meant: dict[str, Resolution] = resolve(plan.region, rest, date(year, 12, 31))
        open_ones = [name for name, one in self.meant.items() if one.kind == PROPOSED]
        rows = Department.objects.filter(region=plan.region, name__in=open_ones)
        self.found.update({one.name: one for one in rows.select_related("region").order_by("-id")})

    def _below(self, placed: Mapping[str, list[str]]) -> None:
        """Find 子东县·县科协: a unit named with its place."""
        if not placed:
            return
        rows = Department.objects.filter(
            region__path__startswith=self.plan.region.path,
            region__name__in={place for place, _unit in placed.values()},
            name__in={unit for _place, unit in placed.values()},
        ).select_related("region")
        units = {(one.region.name, one.name): one for one in rows.order_by("-id")}
        for name, (place, unit) in placed.items():
            if (place, unit) in units:
                self.found[name] = units[place, unit]

    def of(self, text: str) -> list[Department]:
        """Return the units of a list; raises ValueError that names each unknown one."""
        units, wrong = [], []
        for name in split_names(text):
            unit = self.found.get(name) or self.meant[name].department
            if unit is None:
                wrong.append(self._unknown(name, self.meant[name]))
            elif not may_carry(unit, self.plan.region):
                wrong.append(_("“%(name)s”不是本地区的单位，也不是下级科协。") % {"name": name})
            elif unit not in units:
                units.append(unit)
        if wrong:
            raise ValueError("".join(wrong))
        return units

    @staticmethod
    def _unknown(name: str, meant: Resolution) -> str:
        if meant.kind == SPLIT:
            return _("“%(name)s”已拆分为%(units)s，请写明是哪一个。") % {
                "name": name,
                "units": "、".join(one.name for one in meant.choices),
            }
        if meant.near:
            return _("没有“%(name)s”这个单位，是不是%(units)s？") % {
                "name": name,
                "units": "、".join(f"“{one.department.name}”" for one in meant.near),
            }
        return _("没有“%(name)s”这个单位，请先在单位名录里添加。") % {"name": name}


def may_carry(unit: Department, region: Region) -> bool:
    """Tell whether a region's task may be given to a unit: its own, or a 科协 below."""
    return unit.region_id == region.pk or (
        unit.kind == Department.Kind.ASSOCIATION and unit.region.path.startswith(region.path)
    )


def meaning(texts: Mapping[str, str], names: Names) -> Meant:
    """Read the texts of one row, field by field; nothing stops at the first mistake."""
    meant = Meant()
    for name, text in texts.items():
        try:
            if name not in UNITS:
                meant.values[name] = _value(name, text)
            elif name == "lead" and text.strip() == SEPARATE:
                meant.separate, meant.units[name] = True, []
            else:
                meant.units[name] = names.of(text)
        except ValueError as error:
            meant.wrong[name] = [str(error)]
    lead = meant.units.get("lead", [])
    if len(lead) > 1:
        meant.wrong["lead"] = [_("汇总单位只能有一个。")]
    elif lead and lead[0].is_group:
        meant.wrong["lead"] = [_("“%(name)s”是单位集合，不能作汇总单位。") % {"name": lead[0]}]
    return meant


def window_problems(values: Mapping[str, Any], year: int | None = None) -> dict[str, list[str]]:
    """Return what is wrong with a task's values taken together, by field."""
    wrong: dict[str, list[str]] = {}
    starts, due = values["starts"], values["due"]
    far = {name: [said] for name in ("starts", "due") if (said := workdays.beyond(values[name]))}
    if far:
        wrong |= far
    elif due < starts:
        wrong["due"] = [_("完成时限不能早于开始日期。")]
    elif year and not (starts.year <= year <= due.year):
        wrong["due"] = [_("起止日期不在 %(year)s 年内。") % {"year": year}]
    if values["weight"] <= 0:
        wrong["weight"] = [_("权重应大于 0。")]
    if values["kind"] == Task.Kind.QUANTITY and not (values["quantity"] and values["quantity"] > 0):
        wrong["quantity"] = [_("数量型任务须填写大于 0 的目标数量。")]
    return wrong
