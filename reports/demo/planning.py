"""What the office does with a year's tasks beside making them: continued, handed down, duties.

The county's plan and all that happens in it are invented for the demo.
"""

from departments.models import Department, Membership, Region, User
from plans.models import Plan
from plans.services.imports import import_document
from plans.services.lifecycle import activate
from reports.demo.work import MARK, Crew
from tasks.models import Task
from tasks.services import planning

NAME = "演示：区县实施方案.txt"
TEXT = """{county}全民科学素质行动计划实施方案（2016—2020年）
本方案为演示而编，不是正式文件。
一、重点任务
（一）青少年科学素质行动
1.办好区青少年科技节。（区教育局负责）
（二）社区居民科学素质行动
1.建设社区科普益民服务站。（区科协、区民政局负责）
"""


def happen(plan: Plan, year: int, crew: Crew) -> None:
    """Continue last year's tasks, take in the plan's duties, and hand one task to a county."""
    before = Task.objects.standing().filter(plan=plan, year=year - 1).select_related("plan", "duty")
    planning.carry_over(plan, year, before, by=crew.office)
    planning.make_year(plan, year, by=crew.office, duties=True)
    for duty in Task.objects.filter(plan=plan, year=year, duty__isnull=False):
        planning.settle_lead(duty, None, by=crew.office)
    seat = Membership.objects.filter(user__username="county-office").select_related("region").get()
    if seat.region is not None:
        _handed_down(plan, year, crew, seat.user.act_as(seat), seat.region)


def _handed_down(plan: Plan, year: int, crew: Crew, office: User, county: Region) -> None:
    text = TEXT.format(county=county.name)
    (lower,) = import_document(NAME, text.encode(), text, by=office, region=county)
    lower = activate(lower, by=office)
    association = Department.objects.get(region=county, kind=Department.Kind.ASSOCIATION)
    task = Task.objects.filter(plan=plan, year=year, measure__isnull=False).order_by("id")[0]
    name = f"{county.name}·{association.name}"
    planning.add_units(task, name, "responsible", by=crew.office)
    task = Task.objects.select_related("plan__region").get(pk=task.pk)
    texts = {
        "title": f"{MARK}各小学开齐科学课",
        "lead": "区教育局",
        "kind": Task.Kind.MILESTONE,
        "due": f"{year}-11-30",
    }
    planning.break_down(task, lower, texts, by=office)
