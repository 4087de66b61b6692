"""Multiply the cast, so that counts of queries and pages mean something."""

import datetime as dt
from decimal import Decimal

from departments.models import Department, DepartmentName, GroupMember, Region
from indicators.models import Indicator, Observation, Target
from plans.models import Action, Duty, Measure, Phase, Plan, Responsibility
from reports.models import Report, ReportVersion
from tasks.models import (
    Assignment,
    Entry,
    Event,
    EventFile,
    Evidence,
    Period,
    Revision,
    SupervisionItem,
    SupervisionStep,
    Task,
)
from tests.cast import Cast
from tests.cast_story import NOW


def _regions_and_departments(cast: Cast, n: int) -> Department:
    code = 980110 + n
    Region.objects.create(
        code=str(code),
        name=f"子{n}县",
        level="county",
        parent=cast.city_a,
        path=f"{cast.city_a.path}{code}",
    )
    unit = Department.objects.create(region=cast.city_a, name=f"单位{n}")
    for spelling in (f"单位{n}", f"某单位{n}"):
        DepartmentName.objects.create(
            region=cast.city_a, department=unit, name=spelling, normalised=spelling
        )
    GroupMember.objects.create(group=unit, member=cast.education)
    return unit


def _plan(cast: Cast, n: int, unit: Department) -> Measure:
    plan = Plan.objects.create(
        region=cast.city_a, title=f"方案{n}", start_year=2021, end_year=2025, state="active"
    )
    Phase.objects.create(
        plan=plan, name="启动", start=dt.date(2021, 1, 1), end=dt.date(2021, 2, 1), position=1
    )
    action = Action.objects.create(plan=plan, kind="action", title=f"行动{n}", position=1)
    measure = Measure.objects.create(action=action, title=f"措施{n}", position=1)
    for place in ({"action": action}, {"measure": measure}):
        Responsibility.objects.create(
            role="lead", printed_name=unit.name, department=unit, position=1, **place
        )
    Duty.objects.create(plan=plan, measure=measure, quote="每年一次。", position=1)
    indicator = Indicator.objects.create(code=f"count_{n}", name=f"指标{n}", kind="level")
    Target.objects.create(
        plan=plan,
        measure=measure,
        indicator=indicator,
        operator="gte",
        value=1,
        quote="",
        position=1,
    )
    Observation.objects.create(
        indicator=indicator, region=cast.city_a, year=2023, value=Decimal(1), state="verified"
    )
    report = Report.objects.create(plan=plan, kind="annual", year=2023, state="issued")
    ReportVersion.objects.create(
        report=report, number=1, facts={}, sha256="0" * 64, compiled_at=NOW
    )
    return measure


def _entry(cast: Cast, n: int, unit: Department, measure: Measure) -> None:
    year = 2030 + n
    days = {
        name: dt.date(year, 6, 30) for name in ("starts", "ends", "opens_on", "due_on", "closes_on")
    }
    period = Period.objects.create(
        region=cast.city_a, name=str(year), year=year, state="open", **days
    )
    task = Task.objects.create(
        plan=measure.action.plan,
        measure=measure,
        year=2024,
        title=measure.title,
        starts=dt.date(2024, 1, 1),
        due=dt.date(2024, 12, 31),
    )
    event = Event.objects.create(
        region=cast.city_a,
        department=unit,
        kind="activity",
        title=f"活动{n}",
        on=dt.date(2024, 1, 1),
        town=cast.county_a1,
        people=n,
        task=task,
        measure=measure,
        by=cast.office,
    )
    EventFile.objects.create(
        event=event, name="a.pdf", sha256="0" * 64, size=1, uploaded_by=cast.office
    )
    assignment = Assignment.objects.create(task=task, department=unit, role="lead")
    entry = Entry.objects.create(
        period=period, task=task, assignment=assignment, department=unit, kind="report"
    )
    revision = Revision.objects.create(
        entry=entry,
        number=1,
        of_version=1,
        percent=Decimal(50),
        done="已完成一半。",
        submitted_by=cast.office,
        submitted_at=NOW,
        sha256="0" * 64,
    )
    file = Evidence.objects.create(
        entry=entry, name="a.pdf", sha256="0" * 64, size=1, uploaded_by=cast.office
    )
    revision.evidence.add(file)
    Entry.objects.filter(pk=entry.pk).update(
        state="approved", submitted=revision, approved=revision, approved_at=NOW
    )


def _item(cast: Cast, n: int, unit: Department) -> None:
    item = SupervisionItem.objects.create(
        region=cast.city_a,
        year=2030 + n,
        serial=1,
        decision="纪要",
        title=f"事项{n}",
        department=unit,
        assigned_on=dt.date(2024, 1, 1),
        due=dt.date(2024, 12, 31),
        by=cast.office,
    )
    item.helpers.add(cast.finance)
    SupervisionStep(item=item, verb="feedback", to_state="reviewing", by=cast.office, at=NOW).save()


def multiply(cast: Cast, count: int) -> None:
    """Make so many more of everything that the API lists, each with all its relations."""
    for n in range(count):
        unit = _regions_and_departments(cast, n)
        _entry(cast, n, unit, _plan(cast, n, unit))
        _item(cast, n, unit)
