"""The dates of reporting periods: what is wrong with them, in words, and how they are stored."""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import workdays
from core.errors import DomainError
from departments.models import Region
from plans.models import Plan
from tasks.models import Period

DAYS = ("starts", "ends", "opens_on", "due_on", "closes_on")
WORKDAYS = ("opens_on", "due_on", "closes_on")


@dataclass(frozen=True, slots=True)
class Dates:
    """A period as it stands in the calendar: its name, what it covers, when units report."""

    name: str
    starts: date
    ends: date
    opens_on: date
    due_on: date
    closes_on: date


Wrong = dict[str, list[str]]


def faults(dates: Dates, *, days_off: bool) -> Wrong:
    """Return what is wrong with a period's dates, in words per field.

    Days on which nobody works are named, with the next working day; `days_off` accepts them.
    """
    wrong: Wrong = {}
    if not dates.name.strip():
        wrong["name"] = [_("请填写名称，例如“2018 年上半年”。")]
    far = {name: [said] for name in DAYS if (said := workdays.beyond(getattr(dates, name)))}
    if far:
        return wrong | far
    if dates.ends < dates.starts:
        wrong["ends"] = [_("报告期止日不能早于始日。")]
    if dates.due_on < dates.opens_on:
        wrong["due_on"] = [_("报送时限不能早于启动日期。")]
    if dates.closes_on < dates.due_on:
        wrong["closes_on"] = [_("截止日期不能早于报送时限。")]
    for name in WORKDAYS:
        if name not in wrong and not days_off and (said := day_off(getattr(dates, name))):
            wrong[name] = [said]
    return wrong


def day_off(day: date) -> str:
    """Say that nobody works on a day, and which working day comes next; "" on a working day."""
    why = workdays.why_off(day)
    if not why:
        return ""
    return _("%(day)s 是%(why)s，不上班；下一个工作日是 %(next)s。") % {
        "day": day.isoformat(),
        "why": why,
        "next": workdays.on_or_after(day).isoformat(),
    }


def refuse(wrong: Wrong) -> None:
    if wrong:
        raise DomainError(_("有内容不符合要求。"), fields=wrong)


def is_covered(region: Region, year: int) -> bool:
    """Tell whether an active plan of the region covers a year: else there is nothing to report."""
    return Plan.objects.filter(
        region=region, state=Plan.State.ACTIVE, start_year__lte=year, end_year__gte=year
    ).exists()


def uncovered(year: int) -> str:
    return _("没有实施中的方案覆盖 %s 年，请核对年度，或先启用方案。") % year


def taken(region: Region, dates: Dates) -> Wrong:
    """Return in words what another period of the region has already: the name, the days."""
    others = Period.objects.filter(region=region)
    wrong: Wrong = {}
    if others.filter(name=dates.name.strip()).exists():
        wrong["name"] = [_("已有同名的填报期。")]
    same = others.filter(starts=dates.starts, ends=dates.ends).first()
    if same is not None:
        wrong["ends"] = [_("“%s”报告的就是这一段时间，不能重复。") % same.name]
    return wrong


def stored(rows: list[Period]) -> list[Period]:
    """Write new periods; the constraints decide where somebody else was quicker."""
    try:
        with transaction.atomic():
            for row in rows:
                row.save(force_insert=True)
    except IntegrityError as clash:
        raise DomainError(
            _("同名或同一报告期的填报期刚被别人排进了日历，请刷新后再看。"), code="conflict"
        ) from clash
    return rows
