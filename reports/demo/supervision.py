"""Demo supervision: what the leader asked for, a 批示, and 督办件 in every state but the last.

All of it is invented and says so in its first words.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from departments.models import Department, User
from plans.models import Plan
from reports.demo.work import MARK, Crew
from reports.selectors.moments import chosen, moments
from reports.selectors.subjects import figure
from tasks.models import Instruction, SupervisionItem
from tasks.progress import TROUBLE
from tasks.selectors import board
from tasks.services.supervision import extensions, instructions, items, nudges


def happen(plan: Plan, leader: User, crew: Crew, now: datetime) -> None:
    """Let leader, office and three units do what they would have done in the last weeks."""
    if SupervisionItem.objects.filter(region=plan.region).exists():
        return
    units = list(
        Department.objects.filter(region=plan.region)
        .exclude(kind=Department.Kind.GROUP)
        .order_by("id")[:3]
    )
    stage = _Stage(plan, crew, units, now)
    stage.settled()
    stage.overdue(_demand(plan, leader, now - timedelta(days=40)))
    stage.reviewing(_written(plan, crew, now - timedelta(days=20)))
    stage.soon()
    stage.pending()
    stage.standing()
    _demand(plan, leader, now - timedelta(days=1), place=1)


def _demand(plan: Plan, leader: User, at: datetime, place: int = 0) -> Instruction:
    """Let the leader ask about a measure in trouble (any, where none is)."""
    today = timezone.localdate(at)
    moment = chosen(plan, {}, today, moments(plan, today))
    known = board(plan, moment.year, moment.as_of).measures
    behind = [one for one in known if one.standing.light in TROUBLE] or known
    measure = behind[place % len(behind)].measure
    about = figure(leader, "measure", measure.pk, {}, today)
    assert about is not None  # noqa: S101 (the leader watches the plan)
    words = ("请查明进度慢的原因，提出办法。", "请在下次会议上汇报这项工作。")[place]
    return instructions.demand(MARK + words, about.subject, by=leader, now=at)


def _written(plan: Plan, crew: Crew, at: datetime) -> Instruction:
    return instructions.register(
        plan.region,
        leader=f"{MARK}某副市长",
        on=timezone.localdate(at),
        words=f"{MARK}请有关单位落实基层科普场地，月底前报结果。",
        by=crew.office,
        now=at,
    )


class _Stage:
    """The plan's region with its office and three units, and a moment to count days from."""

    def __init__(self, plan: Plan, crew: Crew, units: Sequence[Department], now: datetime) -> None:
        self.plan, self.crew, self.units, self.now = plan, crew, units, now

    def ago(self, days: int) -> datetime:
        return self.now - timedelta(days=days)

    def due(self, days: int) -> date:
        return timezone.localdate(self.now) + timedelta(days=days)

    def assign(self, title: str, unit: int, ago: int, due: date | None, **more: Any) -> Any:
        given = {"decision": f"{MARK}领导小组全体会议纪要", **more}
        return items.assign(
            self.plan.region,
            title=MARK + title,
            department=self.units[unit],
            due=due,
            by=self.crew.office,
            now=self.ago(ago),
            **given,
        )

    def signed(self, item: Any, unit: int, ago: int) -> User:
        liaison = self.crew.liaison(self.units[unit].pk)
        items.sign(item.pk, by=liaison, now=self.ago(ago))
        return liaison

    def settled(self) -> None:
        one = self.assign("落实年度科普经费", 1, 70, self.due(-30))
        liaison = self.signed(one, 1, 69)
        items.feedback(one.pk, f"{MARK}经费已列入预算并拨付。", by=liaison, now=self.ago(40))
        items.settle(one.pk, by=self.crew.checker, now=self.ago(38))

    def overdue(self, asked: Instruction) -> None:
        one = self.assign("查明进度滞后的原因", 0, 39, self.due(-4), instruction=asked, decision="")
        self.signed(one, 0, 38)
        nudges.nudge(
            one.pk, "phone", f"{MARK}对方答复本周反馈。", by=self.crew.office, now=self.now
        )

    def reviewing(self, asked: Instruction) -> None:
        one = self.assign("落实基层科普场地", 1, 19, self.due(10), instruction=asked, decision="")
        liaison = self.signed(one, 1, 18)
        text = f"{MARK}已协调场地 12 处，其中 9 处投入使用，其余 3 处正在改造。"
        items.feedback(one.pk, text, by=liaison, now=self.ago(1))

    def soon(self) -> None:
        one = self.assign("编制下一年度工作要点", 0, 12, self.due(3))
        liaison = self.signed(one, 0, 11)
        reason = f"{MARK}还需征求三个单位的意见。"
        extensions.ask(one.pk, self.due(17), reason, by=liaison, now=self.ago(1))

    def pending(self) -> None:
        self.assign("报送科普统计数据", 0, 1, self.due(30), helpers=[self.units[2]])

    def standing(self) -> None:
        one = self.assign("坚持开展科普进社区", 2, 15, None)
        self.signed(one, 2, 14)
