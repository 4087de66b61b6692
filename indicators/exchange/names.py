"""What the names and codes in a file mean: indicators, places and units, looked up at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from departments.models import Department, DepartmentName, Region
from departments.names import normalise
from departments.resolution import Resolution, resolve
from departments.selectors import by_id, followed
from indicators.models import Indicator
from indicators.services.sheet_changes import Entered

Titles = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """Indicators and regions by code, units by the code of their place and the name as written.

    `reach` is the path of the place for which the person acts.
    """

    indicators: Mapping[str, Indicator]
    regions: Mapping[str, Region]
    units: Mapping[tuple[str, str], Department | str]
    reach: str

    def indicator(self, one: Entered, code: str, name: str, titles: Titles) -> Indicator | None:
        """Return the indicator of a row; what cannot be one is told."""
        code, name = code.strip(), name.strip()
        found = self.indicators.get(code)
        if not code:
            one.problems.append((titles["code"], _("请填写指标代码。")))
        elif found is None:
            told = _("没有代码为“%(code)s”的指标。代码可以在“指标目录”里查。")
            one.problems.append((titles["code"], told % {"code": code[:60]}))
        elif name and normalise(name) != normalise(found.name):
            told = _("代码 %(code)s 是“%(name)s”，与这里写的“%(given)s”不符，请核实。")
            words = {"code": code, "name": found.name, "given": name[:40]}
            one.problems.append((titles["indicator"], told % words))
        return found

    def region(self, one: Entered, code: str, name: str, titles: Titles) -> Region | None:
        """Return the place of a row; one out of reach or with another name is told."""
        code, name = code.strip(), name.strip()
        found = self.regions.get(code)
        if not code:
            one.problems.append((titles["place_code"], _("请填写地区代码。")))
        elif found is None:
            told = _("没有代码为“%(code)s”的地区，请核实。")
            one.problems.append((titles["place_code"], told % {"code": code[:20]}))
        elif name and normalise(name) != normalise(found.name):
            told = _("代码 %(code)s 是“%(name)s”，与这里写的“%(given)s”不符，请核实。")
            words = {"code": code, "name": found.name, "given": name[:40]}
            one.problems.append((titles["place"], told % words))
        elif not found.path.startswith(self.reach):
            told = _("“%(name)s”不在您的职责范围之内。")
            one.problems.append((titles["place_code"], told % {"name": found.name}))
        else:
            return found
        return None

    def department(self, one: Entered, place: str, name: str, titles: Titles) -> Department | None:
        """Return the unit of a row; a name in doubt is told with those that it may mean."""
        found = self.units.get((place.strip(), name.strip()))
        if isinstance(found, Department):
            return found
        one.problems.append((titles["department"], found or _("请核实单位名称。")))
        return None


def known_of(
    by: Any,
    today: date,
    *,
    codes: Collection[str],
    places: Collection[str],
    units: Collection[tuple[str, str]],
) -> Known:
    """Look up what a file names (two queries; five more for the units of a place)."""
    regions = {one.code: one for one in Region.objects.filter(code__in=places)}
    reach = by.acting.region_path
    inside = {(code, name) for code, name in units if code in regions}
    inside = {(code, name) for code, name in inside if regions[code].path.startswith(reach)}
    return Known(
        {one.code: one for one in Indicator.objects.filter(code__in=codes)},
        regions,
        _units(regions, inside, today) if inside else {},
        reach,
    )


def _units(
    regions: Mapping[str, Region], wanted: Collection[tuple[str, str]], today: date
) -> dict[tuple[str, str], Department | str]:
    """Return the unit that each name means, or a sentence on why it is in doubt.

    Names of the register are read for all places at once; others are resolved place by place.
    """
    rows = DepartmentName.objects.filter(
        region__in={regions[code].pk for code, _name in wanted},
        normalised__in={normalise(name) for _code, name in wanted},
    ).select_related("department")
    registered = {(one.region_id, one.normalised): one.department for one in rows}
    ways = followed([one.pk for one in registered.values()], today)
    later = by_id({way.end for way in ways.values()})
    found: dict[tuple[str, str], Department | str] = {}
    others: dict[str, list[str]] = {}
    for code, name in wanted:
        there = registered.get((regions[code].pk, normalise(name)))
        if there is None or ways[there.pk].split:
            others.setdefault(code, []).append(name)
        else:
            found[code, name] = _usable(later[ways[there.pk].end], name)
    for code, names in others.items():
        for name, told in resolve(regions[code], names, today).items():
            found[code, name] = _resolved(told)
    return found


def _usable(unit: Department, name: str) -> Department | str:
    if unit.is_group:
        return _("“%(name)s”是一组单位，请写具体的单位。") % {"name": name[:40]}
    return unit


def _resolved(told: Resolution) -> Department | str:
    words = {"name": told.printed[:40]}
    if told.department is not None:
        return _usable(told.department, told.printed)
    likely = [one.name for one in told.choices] or [one.department.name for one in told.near]
    if told.choices:
        words["names"] = "、".join(likely)
        return _("“%(name)s”已经拆分，请写明是哪个单位：%(names)s。") % words
    if likely:
        words["names"] = "、".join(likely)
        return _("单位名录里没有“%(name)s”。可能是：%(names)s。请写名录里的名称。") % words
    return _("单位名录里没有“%(name)s”，请写名录里的名称。") % words
