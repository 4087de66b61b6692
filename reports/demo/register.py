"""Demo events: what units held over two years, invented and marked, counted to tasks and duties."""

import uuid
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from departments.models import Department, Region
from plans.models import Duty, Plan
from reports.demo.work import MARK, Crew
from tasks.models import Assignment, Event, Task
from tasks.services import events

SPACE = uuid.UUID("5c9a1c1e-6b0e-4c55-9a54-5d0a55a3f7a1")  # the same run makes the same tokens
# On which day, what, its name, in which county (by the order of the codes), how many people.
HELD = (
    (date(2017, 3, 16), "meeting", "年度科学素质工作部署会", None, 46),
    (date(2017, 4, 20), "training", "科学教师实验教学培训班", 0, 120),
    (date(2017, 5, 27), "activity", "科技活动周广场咨询", 1, 1500),
    (date(2017, 6, 8), "activity", "农技专家进村服务", 5, 230),
    (date(2017, 7, 12), "training", "社区科普员培训", 2, 85),
    (date(2017, 9, 16), "activity", "全国科普日主场活动", 3, 3200),
    (date(2017, 9, 22), "activity", "科普大篷车进校园", 6, 900),
    (date(2017, 10, 25), "visit", "科普场馆免费开放情况调研", 4, None),
    (date(2017, 11, 9), "training", "职工技能科普讲座", 1, 160),
    (date(2017, 12, 14), "information", "农村科普经验材料", None, None),
    (date(2018, 1, 18), "meeting", "成员单位联络员会议", None, 31),
    (date(2018, 3, 22), "activity", "气象科普开放日", 0, 420),
    (date(2018, 4, 24), "training", "新型职业农民培训", 7, 310),
    (date(2018, 5, 19), "activity", "科技活动周启动仪式", 1, 1800),
    (date(2018, 5, 30), "activity", "全国科技工作者日慰问", None, 60),
    (date(2018, 6, 13), "visit", "社区科普大学教学点督导", 2, None),
    (date(2018, 6, 27), "information", "青少年科技创新大赛获奖情况", None, None),
    (date(2018, 7, 18), "activity", "青少年暑期科学营", 3, 260),
    (date(2018, 8, 9), "training", "领导干部科学素质专题讲座", None, 180),
    (date(2018, 8, 23), "activity", "食品安全科普宣传", 4, 540),
    (date(2018, 9, 15), "activity", "全国科普日联合行动", 0, 4100),
    (date(2018, 9, 20), "activity", "科普进企业", 6, 210),
    (date(2018, 10, 11), "training", "农村妇女科技培训", 5, 140),
    (date(2018, 10, 18), "visit", "县级科普场馆建设督导", 7, 12),
    (date(2018, 11, 6), "meeting", "第四季度工作推进会", None, 38),
)
STRUCK = 14  # one line that was recorded twice and struck out


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(16), ZoneInfo("Asia/Shanghai"))


def _parts(plan: Plan, year: int) -> list[tuple[Task, Department]]:
    """Return a year's tasks with a unit that has a part in each, in the order of the plan."""
    rows = (
        Assignment.objects.filter(task__plan=plan, task__year=year)
        .exclude(role=Assignment.Role.COOPERATE)
        .exclude(department__kind=Department.Kind.GROUP)
        .select_related("task__plan", "task__measure", "task__duty", "department__region")
        .order_by("task__measure__action__position", "task__measure__position", "pk")
    )
    first: dict[int, tuple[Task, Department]] = {}
    for row in rows:
        first.setdefault(row.task_id, (row.task, row.department))
    return list(first.values())


def hold(plan: Plan, crew: Crew) -> int:
    """Put the events into the register as the liaisons of the units; return how many."""
    parts = {year: _parts(plan, year) for year in (2017, 2018)}
    counties = list(Region.objects.filter(parent=plan.region).order_by("code"))
    duties = list(Duty.objects.filter(plan=plan).select_related("plan__region", "measure"))
    for number, (day, kind, title, county, people) in enumerate(HELD):
        offered = parts[day.year]
        task, unit = offered[number * 7 % len(offered)]
        # Every fourth line shows a standing duty instead of a task of the year.
        duty = duties[number // 4 % len(duties)] if duties and number % 4 == 3 else None
        events.record(
            uuid.uuid5(SPACE, str(number)),
            events.Told(
                department=unit,
                kind=kind,
                title=f"{MARK}{title}",
                on=day,
                town=None if county is None else counties[county % len(counties)],
                people=people,
                summary=f"{MARK}活动内容为演示而编。",
                task=None if duty else task,
                duty=duty,
            ),
            by=crew.liaison(unit.pk),
            now=_noon(day),
        )
    twice = Event.objects.get(token=uuid.uuid5(SPACE, str(STRUCK)))
    events.strike(
        twice.pk,
        f"{MARK}与另一条重复。",
        by=crew.liaison(twice.department_id),
        now=_noon(twice.on),
    )
    return len(HELD)
