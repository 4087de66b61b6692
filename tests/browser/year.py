"""The middle of a year in the small city of the walks: one period is over, the next one runs.

Told through the services, for the tests that live a day of it in a browser. 市教育局 reports on
courses, outdoor activities and volunteers; every unit recruits its own share of volunteers, a
quantity. What was said of the first period stands in `BEFORE`.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from departments.models import Department, Region, User
from departments.services import appoint, region_named
from plans.models import Plan, PlanSettings
from plans.services import imports, lifecycle
from tasks.models import Assignment, Entry, Period, Task
from tasks.services import entries, periods, planning
from tasks.services.entries import decisions
from tests.browser.story import CITY, OUTDOORS, PASSWORD, PLAN, TITLE, VOLUNTEERS

BUS = "用好流动科普馆"
EDUCATION, FINANCE, ASSOCIATION = "市教育局", "市财政局", "市科协"
BEFORE = {
    "percent": "30",
    "quantity": "8000",
    "self_rating": "on_track",
    "done": "上半年按计划推进。",
    "problems": "乡镇学校缺专职教师。",
    "next_steps": "秋季学期前配齐。",
}
DAY = timedelta(days=1)


@dataclass(slots=True)
class Year:
    """The city, who works there, and the period that runs."""

    city: Region
    office: User
    checker: User
    people: dict[str, User]
    plan: Plan
    earlier: Period
    period: Period
    now: datetime

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    def entry(self, task: str, unit: str) -> Entry:
        """Return what a unit reports on a task in this period, as it is now."""
        return Entry.objects.get(
            period=self.period, task__title=task, department__name=unit, kind=Entry.Kind.REPORT
        )

    def unit(self, name: str) -> Department:
        return Department.objects.get(region=self.city, name=name)


def person(username: str, role: str, **where: Any) -> User:
    """Make an account that logs in with the password of the walks."""
    user = User.objects.create_user(username, password=PASSWORD, name=username)
    appoint(user, role, **where)
    return user


def tell() -> Year:
    """Import the plan, hand out its tasks, let one period pass, open the next."""
    now = timezone.now()
    city = region_named(CITY)
    office, checker = (person(name, "office", region=city) for name in ("office-1", "office-2"))
    plan = _plan(city, timezone.localdate(now).year, office)
    people = {
        unit: person(name, "liaison", department=Department.objects.get(region=city, name=unit))
        for unit, name in ((EDUCATION, "liaison"), (FINANCE, "finance"), (ASSOCIATION, "museum"))
    }
    _tasks(plan, office)
    earlier = _opened(city, "第一期", 6, now - 60 * DAY, office)
    for entry in Entry.objects.filter(period=earlier).order_by("id"):
        hand_in(entry, people[entry.department.name], now - 50 * DAY, **BEFORE)
        if entry.kind == Entry.Kind.REPORT:
            decisions.approve(entry.pk, by=checker, now=now - 48 * DAY)
        else:
            decisions.take_over(entry.pk, by=people[EDUCATION], now=now - 48 * DAY)
    periods.close_period(earlier, by=office, now=now - 30 * DAY)
    period = _opened(city, "第二期", 12, now - 10 * DAY, office)
    return Year(city, office, checker, people, plan, earlier, period, now)


def hand_in(entry: Entry, by: User, now: datetime, **texts: str) -> Entry:
    """Type what the form of an entry asks for, each field on its own, and hand it in."""
    asked = {"quantity": "percent", "percent": "quantity"}
    left_out = asked["quantity" if entry.task.kind == Task.Kind.QUANTITY else "percent"]
    for name, text in texts.items():
        if name != left_out:
            entry.refresh_from_db()
            version = entry.field_version(name)
            entries.save_field(entry.pk, name, text, version, by=by, now=now)
    entry.refresh_from_db()
    entries.submit(entry.pk, entry.version, by=by, now=now)
    entry.refresh_from_db()
    return entry


def ask_for_signatures(year: Year) -> User:
    """Let the plan ask for the heads' sign-off; return the head of 市教育局."""
    PlanSettings.objects.filter(plan=year.plan).update(needs_signoff=True)
    return person("head", "head", department=year.unit(EDUCATION))


def _plan(city: Region, year: int, office: User) -> Plan:
    years = {"year": year, "last": year + 4, "before": year - 1}
    title = TITLE.format(city=CITY, **years)
    text = PLAN.format(city=CITY, title=title, **years)
    (plan,) = imports.import_document("方案.txt", text.encode(), text, by=office, region=city)
    return lifecycle.activate(plan, by=office)


def _tasks(plan: Plan, office: User) -> None:
    year = plan.start_year
    planning.make_year(plan, year, by=office)
    planning.confirm_proposals(plan, year, by=office)
    task = {one.title: one for one in Task.objects.filter(plan=plan)}
    education = Department.objects.get(region=plan.region, name=EDUCATION)
    planning.settle_lead(task[OUTDOORS], education, by=office)
    planning.settle_lead(task[VOLUNTEERS], None, by=office)
    planning.edit_task(
        task[VOLUNTEERS], kind=Task.Kind.QUANTITY, quantity=Decimal(20_000), unit="人", by=office
    )
    assert Assignment.objects.filter(task__plan=plan, role="lead").count() == 3


def _opened(city: Region, name: str, month: int, opens: datetime, office: User) -> Period:
    """Open a period that covers the months of the year up to one, for thirty days."""
    year, day = timezone.localdate().year, timezone.localdate(opens)
    period = periods.schedule(
        city,
        name,
        year=year,
        starts=date(year, month - 5, 1),
        ends=date(year, month, 30),
        opens_on=day,
        due_on=day + 25 * DAY,
        closes_on=day + 30 * DAY,
        days_off=True,
        by=office,
    )
    periods.open_period(period, by=office, now=opens)
    period.refresh_from_db()
    return period
