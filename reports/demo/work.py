"""Demo work: the year's tasks and reporting periods of a plan, lived through by demo people.

All progress is invented and says so in its first words. Percents and numbers follow from the
place of a measure in the plan, so that every run gives the same.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone

from core import workdays
from departments.models import Department, User
from plans.models import Plan
from tasks.models import Assignment, Entry, Period, Task
from tasks.selectors.entries.before import earlier, last_revision, last_words
from tasks.services import entries, periods, planning
from tasks.services.entries import carrying, decisions, filling
from tasks.services.periods import nudging, reminding
from tasks.services.periods.waiving import waive_many
from tasks.services.planning import judgements

MARK = "（演示）"
PARTS = 2  # units beside the 汇总单位 that report a part of their own; the others cooperate
HISTORY = (
    # name, year, starts, ends: periods that are over
    ("2017 年上半年", 2017, date(2017, 1, 1), date(2017, 6, 30)),
    ("2017 年下半年", 2017, date(2017, 7, 1), date(2017, 12, 31)),
    ("2018 年上半年", 2018, date(2018, 1, 1), date(2018, 6, 30)),
)
PRESENT = ("2018 年下半年", 2018, date(2018, 7, 1), date(2018, 12, 31))


@dataclass(frozen=True, slots=True)
class Crew:
    """Who acts in the demo: two people of the office, and a liaison for each department id."""

    office: User
    checker: User
    liaison: Callable[[int], User]


def _at(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo("Asia/Shanghai"))


def _choose_lead(task: Task) -> Department | None:
    """Choose a 汇总单位 as the demo's office does where the text leaves it open.

    The first action lead among the units, else none. That is a demo person's choice; the rule of
    the portal proposes nothing here.
    """
    assignments = list(task.assignments.select_related("department"))
    units = {one.department_id: one.department for one in assignments}
    if task.measure is None:
        return None
    for row in task.measure.action.responsibilities.filter(role="lead").order_by("position"):
        if row.department_id in units and not units[row.department_id].is_group:
            return units[row.department_id]
    return None


def make_year(plan: Plan, year: int, crew: Crew) -> None:
    """Make a year's tasks and settle who gathers and who reports a part."""
    if Task.objects.filter(plan=plan, year=year).exists():
        return
    planning.make_year(plan, year, by=crew.office)
    planning.confirm_proposals(plan, year, by=crew.office)
    for task in Task.objects.filter(plan=plan, year=year).select_related("measure__action"):
        if task.gathering == Task.Gathering.PROPOSED:
            planning.settle_lead(task, _choose_lead(task), by=crew.office)
        others = list(
            task.assignments.exclude(role=Assignment.Role.LEAD).values_list("department", flat=True)
        )
        planning.set_roles(
            task,
            {
                department: "responsible" if place < PARTS else "cooperate"
                for place, department in enumerate(others)
            },
            by=crew.office,
        )


def _percent(task: Task, period: Period) -> Decimal | None:
    """Return an invented percent for a task at the end of a period; None: not reported."""
    assert task.measure is not None  # noqa: S101 (demo tasks come from measures)
    key = task.measure.action.position * 7 + task.measure.position * 3 + period.year
    schedule = 50 if period.ends.month == 6 else 100
    if key % 19 == 0:
        return None
    shift = (-34, -14, -6, 2, 4, 6, 3, 8, 1, 5, -3, 50)[key % 12]
    ceiling = 100 if schedule == 100 or shift == 50 else 96
    return Decimal(max(4, min(ceiling, schedule + shift)))


def _words(task: Task, percent: Decimal, number: int) -> dict[str, str]:
    """Return invented text for an entry, marked as such."""
    behind = percent < 45
    return {
        "percent": str(percent),
        "self_rating": "done" if percent >= 100 else "behind" if behind else "on_track",
        "done": f"{MARK}围绕“{task.title}”开展活动 {6 + number % 9} 场，"
        f"覆盖 {240 + number * 37} 人次，完成全年任务的 {percent}%。",
        "problems": f"{MARK}专职人员不足，部分区县进展偏慢。" if behind else "无",
        "next_steps": f"{MARK}下一期再安排 {3 + number % 5} 场活动，并对进展偏慢的区县逐一跟进。",
    }


def _fill(entry: Entry, fields: dict[str, str], by: User, now: datetime) -> int:
    """Type the fields of an entry; return the draft's version."""
    typed = {field: filling.Typed(text, 0) for field, text in fields.items()}
    return filling.save_all(entry.pk, typed, by=by, now=now).version


def _fill_in(entry: Entry, fields: dict[str, str], number: int, by: User, now: datetime) -> int:
    """Fill an entry in as its liaison does; return the draft's version.

    One in four takes problems and next steps over from the last period, where there is one; one
    in twelve says 无变化 and nothing else.
    """
    if number % 4 == 3 and last_words(earlier(entry)) is not None:
        if number % 12 == 11 and last_revision(entry, earlier(entry)) is not None:
            return carrying.no_change(entry.pk, by=by, now=now).version
        kept = carrying.carry_forward(entry.pk, ("problems", "next_steps"), by=by, now=now)
        fields = {name: text for name, text in fields.items() if name not in kept}
    return _fill(entry, fields, by, now)


def _reports(period: Period) -> Iterable[Entry]:
    return (
        Entry.objects.filter(period=period)
        .select_related("task__measure__action", "department")
        .order_by("kind", "task", "id")
    )


def live_through(plan: Plan, spec: tuple[str, int, date, date], crew: Crew) -> Period | None:
    """Let a past period happen: opened, reported, checked and closed at its own time."""
    name, year, starts, ends = spec
    if Period.objects.filter(region=plan.region, name=name).exists():
        return None
    due = ends + timedelta(days=10)
    period = periods.schedule(
        plan.region,
        name,
        year=year,
        starts=starts,
        ends=ends,
        opens_on=ends - timedelta(days=14),
        due_on=due,
        closes_on=due + timedelta(days=20),
        by=crew.office,
        days_off=True,
    )
    periods.open_period(period, by=crew.office, now=_at(period.opens_on))
    asked = list(enumerate(_reports(period)))
    late = [one for one in asked if one[0] % 17 == 0]
    rest = [one for one in asked if one[0] % 17]
    _report(rest, period, crew, lambda number: _at(ends + timedelta(days=number % 9)))
    # Who has not reported is reminded on the last working day before the due date, and after it.
    for days in (-1, 1):
        reminding.remind(_at(workdays.add(due, days)))
    _report(late, period, crew, lambda number: _at(due + timedelta(days=3)))
    for task in Task.objects.filter(plan=plan, year=year, gathering=Task.Gathering.NONE):
        judgements.judge(
            task,
            period,
            Decimal(45 if ends.month == 6 else 96),
            f"{MARK}根据各单位分别报送的情况综合判定。",
            by=crew.office,
            now=_at(due + timedelta(days=5)),
        )
    return periods.close_period(period, by=crew.office)


def _report(
    rows: Iterable[tuple[int, Entry]],
    period: Period,
    crew: Crew,
    when: Callable[[int], datetime],
) -> None:
    """Let units report and the office check, each entry at its own time."""
    for number, entry in rows:
        percent = _percent(entry.task, period)
        if percent is None:
            continue
        liaison, now = crew.liaison(entry.department_id), when(number)
        version = _fill_in(entry, _words(entry.task, percent, number), number, liaison, now)
        entries.submit(entry.pk, version, by=liaison, now=now)
        later = now + timedelta(days=1 + number % 3)
        if entry.kind == Entry.Kind.REPORT:
            decisions.approve(entry.pk, by=crew.checker, now=later)
            continue
        lead = entry.task.assignments.get(role=Assignment.Role.LEAD)
        decisions.take_over(entry.pk, by=crew.liaison(lead.department_id), now=later)


def begin_present(plan: Plan, crew: Crew) -> Period | None:
    """Open the present period and leave it half-way: drafts, submissions, a return, a check."""
    name, year, starts, ends = PRESENT
    if Period.objects.filter(region=plan.region, name=name).exists():
        return None
    now = timezone.now()
    today = timezone.localdate(now)
    period = periods.schedule(
        plan.region,
        name,
        year=year,
        starts=starts,
        ends=ends,
        opens_on=today,
        due_on=today + timedelta(days=21),
        closes_on=today + timedelta(days=45),
        by=crew.office,
        days_off=True,
    )
    periods.open_period(period, by=crew.office, now=now)
    for number, entry in enumerate(_reports(period)):
        if entry.kind == Entry.Kind.PART and number % 4:
            continue
        _one_present(entry, number, crew, now)
    _chase(period, crew, now)
    _coming(plan, year, today, crew)
    return period


def _coming(plan: Plan, year: int, today: date, crew: Crew) -> None:
    """Plan what comes next, the summary of the year: it shows what opening it will ask for."""
    opens = workdays.on_or_after(today + timedelta(days=60))
    due = workdays.add(opens, 15)
    periods.schedule(
        plan.region,
        f"{year} 年全年总结",
        year=year,
        starts=date(year, 1, 1),
        ends=date(year, 12, 31),
        opens_on=opens,
        due_on=due,
        closes_on=workdays.add(due, 10),
        by=crew.office,
    )


def enter_past(plan: Plan, year: int, crew: Crew) -> Period | None:
    """Enter a year before the portal afterwards (补录): one unit says how it was.

    The others are excused: their papers of that year are gone.
    """
    name = f"{year} 年"
    if Period.objects.filter(region=plan.region, name=name).exists():
        return None
    make_year(plan, year, crew)
    began = timezone.now() - timedelta(days=60)
    today = timezone.localdate(began)
    period = periods.schedule(
        plan.region,
        name,
        year=year,
        starts=date(year, 1, 1),
        ends=date(year, 12, 31),
        opens_on=today,
        due_on=today + timedelta(days=30),
        closes_on=today + timedelta(days=60),
        by=crew.office,
        retrospective=True,
    )
    periods.open_period(period, by=crew.office, now=began)
    rows = list(enumerate(_reports(period)))
    known = {entry.department_id for _number, entry in rows[:1]}
    gone = {entry.department_id for _number, entry in rows} - known
    reason = f"{MARK}当年的材料没有留存，不再补录。"
    waive_many(period, reason, departments=sorted(gone), by=crew.office, now=began)
    kept = [(number, entry) for number, entry in rows if entry.department_id in known]
    _report(kept, period, crew, lambda number: began + timedelta(days=1))
    return periods.close_period(period, by=crew.office)


def _chase(period: Period, crew: Crew, now: datetime) -> None:
    """Chase two units, one by notice and one by telephone."""
    owing = Entry.objects.owed().filter(period=period).order_by("department")
    units = list(owing.values_list("department", flat=True).distinct()[:2])
    nudging.nudge(
        period.pk, units[:1], "notice", words=f"{MARK}月底前报齐。", by=crew.office, now=now
    )
    nudging.nudge(
        period.pk,
        units[1:],
        "phone",
        whom=f"{MARK}办公室",
        words="已提醒，答复本周内报。",
        by=crew.office,
        now=now,
    )


def _one_present(entry: Entry, number: int, crew: Crew, now: datetime) -> None:
    """Take one entry of the present period to one of the places where entries stand."""
    fate = number % 6
    if fate == 0:
        return
    liaison = crew.liaison(entry.department_id)
    percent = Decimal(72 + number % 24)
    fields = _words(entry.task, percent, number)
    if fate == 1:
        fields = {"percent": fields["percent"], "done": fields["done"]}
    version = _fill_in(entry, fields, number, liaison, now)
    if fate == 1:
        return
    entries.submit(entry.pk, version, by=liaison, now=now)
    if entry.kind == Entry.Kind.PART or fate in (2, 3):
        return
    if fate == 4:
        decisions.send_back(
            entry.pk,
            {"done": "请写明覆盖到哪些区县。", "problems": "请写明困难在哪一环。"},
            by=crew.checker,
            now=now,
        )
        return
    decisions.approve(entry.pk, by=crew.checker, now=now)
