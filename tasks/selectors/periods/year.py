"""The year's periods as the region's rhythm has them, proposed on working days."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from core import workdays
from departments.models import Region
from plans.models import Plan
from tasks.models import Period, ReportingRules
from tasks.selectors.periods.rules import rules_of

MONTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A period that could be scheduled; `there` is the one that reports on these days already."""

    name: str
    starts: date
    ends: date
    opens_on: date
    due_on: date
    closes_on: date
    there: Period | None = None


def _name(year: int, rhythm: str, number: int) -> str:
    """Return what offices call the part of a year (2025 年上半年)."""
    match rhythm:
        case "monthly":
            return _("%(year)s 年 %(month)s 月") % {"year": year, "month": number}
        case "quarterly":
            part = (_("一季度"), _("二季度"), _("三季度"), _("四季度"))[number - 1]
        case "half_yearly":
            part = (_("上半年"), _("下半年"))[number - 1]
        case _other:
            part = _("全年")
    return _("%(year)s 年%(part)s") % {"year": year, "part": part}


def proposals(region: Region, year: int, rhythm: str) -> list[Proposal]:
    """Return the year's periods: each opens on the first working day after it ended.

    `fill_days` working days lie between the opening and the due date, `grace_days` more until it
    closes. Two queries.
    """
    rules = rules_of(region)
    there = {(one.starts, one.ends): one for one in Period.objects.filter(region=region, year=year)}
    length = MONTHS[rhythm]
    found = []
    for number, month in enumerate(range(length, 13, length), 1):
        starts = date(year, month - length + 1, 1)
        ends = date(year, month, monthrange(year, month)[1])
        opens_on = workdays.add(ends, 1)
        due_on = workdays.add(opens_on, rules.fill_days)
        closes_on = workdays.add(due_on, rules.grace_days)
        found.append(
            Proposal(
                _name(year, rhythm, number),
                starts,
                ends,
                opens_on,
                due_on,
                closes_on,
                there.get((starts, ends)),
            )
        )
    return found


def years_of(region: Region) -> list[int]:
    """Return the years that the region's active plans cover, in order."""
    plans = Plan.objects.filter(region=region, state=Plan.State.ACTIVE)
    return sorted({year for plan in plans for year in plan.years})


def rhythm_of(region: Region, asked: str) -> str:
    """Return the rhythm that was asked for, else the region's own."""
    return asked if asked in ReportingRules.Rhythm.values else rules_of(region).rhythm
