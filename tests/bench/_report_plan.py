"""A plan with years of approved work behind it, for the benchmark of reports.

Every third task has no 汇总单位: its units report their parts to the office, which judges it. The
others have one, which took over what the responsible units gave it. Everything by bulk_create.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tests.bench._country import BATCH, YEAR
from tests.bench._report_around import observed, recorded
from tests.bench._report_words import FIRST, at, words

if TYPE_CHECKING:
    from departments.models import Department, Region, User
    from plans.models import Duty, Measure, Plan
    from tasks.models import Assignment, Entry, Period, Task

APPROVED = """
UPDATE tasks_entry e SET submitted_id = r.id, approved_at = p.ends + interval '20 days',
    approved_id = CASE e.kind WHEN 'report' THEN r.id END,
    state = CASE e.kind WHEN 'report' THEN 'approved' ELSE 'taken_over' END
FROM tasks_revision r, tasks_period p
WHERE r.entry_id = e.id AND p.id = e.period_id AND p.region_id = %s
"""
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything; `units` of a task, `events` and `items` (督办件) of a year."""

    actions: int
    measures: int
    departments: int
    counties: int
    duties: int
    units: int
    events: int
    items: int
    years: int = 5


FULL = Size(10, 39, 60, counties=10, duties=12, units=6, events=240, items=24)
THIRD = Size(3, 13, 20, counties=3, duties=4, units=6, events=80, items=8)
# A county's plan, of which one year is written up.
SMALL = Size(6, 14, 12, counties=3, duties=3, units=3, events=30, items=3, years=1)


class Place:
    """A city with its office, its plan and everything that was reported on it."""

    def __init__(self, size: Size) -> None:
        from departments.models import Department, Membership, Region, User

        self.size = size
        self.code = 800_000 + 20 * next(_numbers)
        code = str(self.code)
        self.region: Region = Region.objects.create(
            code=code, name=f"第{code}市（测速）", level="city", path=code
        )
        self.counties: list[Region] = Region.objects.bulk_create(
            Region(
                code=str(self.code + one),
                name=f"第{one}区",
                level="county",
                parent=self.region,
                path=f"{code}{self.code + one}",
            )
            for one in range(1, size.counties + 1)
        )
        self.departments: list[Department] = Department.objects.bulk_create(
            Department(region=self.region, name=f"市第{one + 1}局")
            for one in range(size.departments)
        )
        self.office: User = User.objects.create(username=f"bench-{code}", name="王纲要")
        self.office.act_as(
            Membership.objects.create(user=self.office, role="office", region=self.region)
        )
        self.plan: Plan = self._plan()
        self._reported(self._tasks())
        observed(self)
        recorded(self)

    @property
    def years(self) -> range:
        """Return the years of which something was reported."""
        return range(YEAR + 1 - self.size.years, YEAR + 1)

    # --- The plan --------------------------------------------------------------------------
    def _plan(self) -> Plan:
        from plans.models import Action, Duty, Measure, Plan, PlanSettings, Responsibility

        size = self.size
        plan = Plan.objects.create(
            region=self.region,
            title=f"{self.region.name}全民科学素质行动规划纲要实施方案（{FIRST}—{YEAR}年）",
            start_year=FIRST,
            end_year=YEAR,
            state="active",
        )
        PlanSettings.objects.create(plan=plan)
        actions = Action.objects.bulk_create(
            Action(plan=plan, kind=kind, title=title, position=position)
            for position, (kind, title) in enumerate(
                [
                    *(
                        ("action", f"第{one + 1}类人群科学素质提升行动")
                        for one in range(size.actions)
                    ),
                    *(("safeguard", f"{word}保障") for word in ("组织", "制度", "条件")),
                ],
                1,
            )
        )
        working, safeguards = actions[: size.actions], actions[size.actions :]
        measures = Measure.objects.bulk_create(
            Measure(
                action=action,
                position=number + 1,
                title=f"推进第{number + 1}项科普工作，扩大优质科普资源向基层覆盖",
            )
            for number, action in [
                *((one, working[one % size.actions]) for one in range(size.measures)),
                *((one, action) for one, action in enumerate(safeguards)),
            ]
        )
        self.measures: list[Measure] = measures[: size.measures]
        Responsibility.objects.bulk_create(
            Responsibility(
                measure=measure,
                role="responsible",
                printed_name=unit.name,
                department=unit,
                position=position,
            )
            for number, measure in enumerate(self.measures)
            for position, unit in enumerate(self._units(number))
        )
        self.duties: list[Duty] = Duty.objects.bulk_create(
            Duty(
                plan=plan,
                measure=measures[size.measures + one % len(safeguards)],
                who="各成员单位",
                every="year",
                quote=f"各成员单位每年组织开展第{one + 1}类科普活动不少于2次，年底前报送总结。",
                position=one + 1,
            )
            for one in range(size.duties)
        )
        return Plan.objects.select_related("region", "settings").get(pk=plan.pk)

    def _units(self, number: int) -> list[Department]:
        """Return the units of a measure or duty, the one that gathers first."""
        count, first = len(self.departments), number * 7
        return [self.departments[(first + one) % count] for one in range(self.size.units)]

    # --- Work ------------------------------------------------------------------------------
    def _tasks(self) -> list[Task]:
        from tasks.models import Assignment, Task

        bases: list[tuple[Measure | None, Duty | None]] = [
            *((one, None) for one in self.measures),
            *((None, one) for one in self.duties),
        ]
        tasks = Task.objects.bulk_create(
            (
                Task(
                    plan=self.plan,
                    measure=measure,
                    duty=duty,
                    year=year,
                    title=f"{year}年完成第{number + 1}项年度任务",
                    deliverable="总结报告",
                    kind="quantity" if number % 4 == 3 else "milestone",
                    quantity=40 if number % 4 == 3 else None,
                    unit="场" if number % 4 == 3 else "",
                    starts=date(year, 1, 1),
                    due=date(year, 12, 31),
                    gathering="none" if number % 3 == 2 else "confirmed",
                )
                for year in self.years
                for number, (measure, duty) in enumerate(bases)
            ),
            BATCH,
        )
        numbers = itertools.cycle(range(len(bases)))
        Assignment.objects.bulk_create(
            (
                Assignment(
                    task=task,
                    department=unit,
                    role="responsible" if place or task.gathering == "none" else "lead",
                )
                for task, number in zip(tasks, numbers, strict=False)
                for place, unit in enumerate(self._units(number))
            ),
            BATCH,
        )
        return tasks

    def _periods(self) -> list[Period]:
        from tasks.models import Period

        halves = [
            (year, f"{year} 年{name}", date(year, *first), date(year, *last))
            for year in self.years
            for name, first, last in (("上半年", (1, 1), (6, 30)), ("下半年", (7, 1), (12, 31)))
        ]
        return Period.objects.bulk_create(
            Period(
                region=self.region,
                name=name,
                year=year,
                starts=starts,
                ends=ends,
                opens_on=ends - timedelta(14),
                due_on=ends + timedelta(10),
                closes_on=ends + timedelta(25),
                state="closed",
            )
            for year, name, starts, ends in halves
        )

    def _reported(self, tasks: list[Task]) -> None:
        """Let every unit report each half-year, and the office judge what is its to judge."""
        from tasks.models import Assignment, Entry, Judgement

        periods = self._periods()
        parts = Assignment.objects.filter(task__plan=self.plan).select_related("task")
        listed = list(parts.order_by("id"))
        self._approved(
            Entry.objects.bulk_create(
                (
                    Entry(
                        period=period,
                        task=one.task,
                        assignment=one,
                        department_id=one.department_id,
                        kind="report" if _to_the_office(one) else "part",
                    )
                    for period in periods
                    for one in listed
                    if one.task.year == period.year
                ),
                BATCH,
            )
        )
        Judgement.objects.bulk_create(
            Judgement(
                task=task,
                period=period,
                percent=45 if period.ends.month == 6 else 97,
                reason="根据各单位分别报送的情况综合判定。",
                by=self.office,
                at=at(period.ends + timedelta(20)),
            )
            for period in periods
            for task in tasks
            if task.year == period.year and task.gathering == "none"
        )

    def _approved(self, entries: list[Entry]) -> None:
        """Hand the entries in, with a signature, and let them be approved or taken over."""
        from django.db import connection

        from tasks.models import Revision, Transition

        revisions = Revision.objects.bulk_create(
            (
                Revision(entry=entry, submitted_by=self.office, **words(number, entry))
                for number, entry in enumerate(entries)
            ),
            BATCH,
        )
        with connection.cursor() as cursor:
            cursor.execute(APPROVED, [self.region.pk])
        Transition.objects.bulk_create(
            (
                Transition(
                    entry_id=one.entry_id,
                    verb=verb,
                    from_state="draft",
                    to_state="submitted",
                    revision=one,
                    by=self.office,
                    at=one.submitted_at,
                )
                for one in revisions
                for verb in ("submit", "sign", "approve")
            ),
            BATCH,
        )


def _to_the_office(part: Assignment) -> bool:
    """Tell whether a unit reports to the office itself, not to the one that gathers."""
    return part.role == "lead" or part.task.gathering == "none"
