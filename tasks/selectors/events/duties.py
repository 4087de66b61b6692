"""How far the standing duties of a plan are met in a year, counted from the register of events."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from departments.models import Department, DepartmentName, GroupMember, Region
from departments.names import normalise
from departments.querysets import on_day
from plans.models import Duty, Plan
from tasks import quotas
from tasks.models import Event
from tasks.quotas import Quota, Span
from tasks.selectors.planning.year import plans_of

MET, SHORT, OPEN = "met", "short", "open"
LEVELS = {
    quotas.TOWN: gettext_lazy("镇（街道）"),
    quotas.COUNTY: gettext_lazy("县（市、区）"),
    quotas.CITY: gettext_lazy("市（州）"),
}
EVERY = {
    "year": gettext_lazy("每年"),
    "half_year": gettext_lazy("每半年"),
    "quarter": gettext_lazy("每季度"),
    "month": gettext_lazy("每月"),
    "term": gettext_lazy("每学期（按上、下半年各计一次）"),
    "two_years": gettext_lazy("每两年"),
    "three_years": gettext_lazy("每三年"),
    "five_years": gettext_lazy("每五年"),
    "week": gettext_lazy("每周（按年看有没有）"),
    "regular": gettext_lazy("定期（按年看有没有）"),
    "": gettext_lazy("没有写周期"),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """What counts for one span: how much, how much is missing, and what that means today.

    `silent` is how many events do not say their people, where people are counted.
    """

    span: Span
    count: int
    lacking: int
    state: str
    silent: int = 0


@dataclass(frozen=True, slots=True)
class Holder:
    """One for whom a duty holds (a town, a county, a unit), and each span of the year."""

    name: str
    kept: list[Kept]

    @property
    def lacking(self) -> int:
        return sum(one.lacking for one in self.kept if one.state == SHORT)

    @property
    def state(self) -> str:
        states = {one.state for one in self.kept}
        return next(one for one in (SHORT, OPEN, MET) if one in states)


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty, what its sentence asks for, and how far each one it holds for is.

    `problem` says why nobody is listed although the duty holds for several; `nowhere` counts the
    events that name none of them.
    """

    duty: Duty
    quota: Quota
    spans: list[Span]
    whole: Holder
    holders: list[Holder]
    problem: str
    nowhere: int

    @property
    def short(self) -> list[Holder]:
        return [one for one in self.holders if one.state == SHORT]

    @property
    def met(self) -> int:
        return sum(one.state == MET for one in self.holders)

    @property
    def asked(self) -> str:
        """Return the quota in words; without a printed number it says so."""
        quota, every = self.quota, str(EVERY.get(self.quota.every, ""))
        if self.duty.due and not quota.every:
            every = _("%s 前") % self.duty.due.isoformat()
        if quota.least is not None:
            return _("%(every)s至少 %(least)s %(of)s") % {
                "every": every, "least": quota.least, "of": quota.of,
            }  # fmt: skip
        if quota.unread:
            return _("%(every)s；写的是“%(amount)s”，台账不能计，只看有没有") % {
                "every": every, "amount": quota.unread,
            }  # fmt: skip
        if not (quota.every or self.duty.due):
            return _("原文没有写周期和数目，只看有没有")
        return _("%(every)s；原文没有写数目，只看有没有") % {"every": every}

    @property
    def unit(self) -> str:
        return self.quota.of or _("条")


@dataclass(frozen=True, slots=True)
class DutiesPage:
    """The duties of a plan in a year."""

    plan: Plan | None
    plans: list[Plan]
    year: int
    rows: list[DutyRow]
    own_only: bool  # only the reader's own unit is counted

    @property
    def numbered(self) -> int:
        return sum(one.quota.least is not None for one in self.rows)


@dataclass(frozen=True, slots=True)
class _Sum:
    """Events of one place, unit and month, counted by the database."""

    place: str
    department: int
    month: date
    events: int
    people: int
    silent: int


def _sums(user: Any, plan: Plan, first: date, last: date) -> dict[int, list[_Sum]]:
    """Count the events of each duty (one query); what came after a due date does not count."""
    rows = (
        Event.objects.visible_to(user)
        .standing()
        .filter(duty__plan=plan, on__gte=first, on__lte=last)
        .filter(Q(duty__due__isnull=True) | Q(duty__every__gt="") | Q(on__lte=F("duty__due")))
        .order_by()
        .annotate(month=TruncMonth("on"))
        .values_list("duty", "town__path", "region__path", "department", "month")
        .annotate(n=Count("pk"), heads=Sum("people"), silent=Count("pk", filter=Q(people=None)))
    )
    found: dict[int, list[_Sum]] = {}
    for duty, town, region, unit, month, events, heads, silent in rows:
        one = _Sum(town or region, unit, month, events, heads or 0, silent)
        found.setdefault(duty, []).append(one)
    return found


def _kept(quota: Quota, spans: list[Span], sums: Iterable[_Sum], today: date) -> list[Kept]:
    sums, made = list(sums), []
    for span in spans:
        inside = [one for one in sums if span.start <= one.month <= span.end]
        count = sum(one.people if quota.by_people else one.events for one in inside)
        lacking = max(quota.needed - count, 0)
        state = MET if not lacking else SHORT if span.end < today else OPEN
        silent = sum(one.silent for one in inside) if quota.by_people else 0
        made.append(Kept(span, count, lacking, state, silent))
    return made


class _Register:
    """Who there is: the regions below a plan's, and the members of its groups (three queries)."""

    def __init__(self, user: Any, plan: Plan, day: date) -> None:
        acting = user.acting
        self.unit = acting.department
        here = acting.region_path if acting.region_path.startswith(plan.region.path) else ""
        self.base = plan.region.path
        self.all_places = list(Region.objects.within(plan.region).exclude(pk=plan.region_id))
        # A region below the plan's sees its own part of it.
        self.places = [one for one in self.all_places if one.path.startswith(here)]
        groups = {
            name: group
            for group, name in DepartmentName.objects.filter(
                region=plan.region_id, department__kind=Department.Kind.GROUP
            ).values_list("department", "normalised")
        }
        members: dict[int, list[Department]] = {}
        for row in (
            GroupMember.objects.filter(group__in=groups.values())
            .filter(on_day(day))
            .select_related("member")
            .order_by("member")
        ):
            members.setdefault(row.group_id, []).append(row.member)
        self.members = {name: members.get(group, []) for name, group in groups.items()}

    def of(self, duty: Duty, quota: Quota) -> tuple[list[tuple[str, Any]], str]:
        """Return for whom a duty holds as (name, test of a sum); else why nobody is listed."""
        if quota.per == quotas.ONE:
            return [], ""
        if quota.per == quotas.OTHERS:
            return [], _("系统没有“%s”的名录，只能看总数。") % duty.who
        if quota.per == quotas.MEMBERS:
            return self._units(duty)
        if self.unit is not None:
            return [], _("各地的情况由纲要办掌握，这里只算本单位登记的。")
        wanted = quota.levels
        rows = [
            one
            for one in self.places
            if (one.level in wanted if wanted else len(one.path) == len(self.base) + 6)
        ]
        missing = [str(LEVELS[one]) for one in wanted if not self._knows(one)]
        problem = ""
        if missing or not rows:
            words = "、".join(missing) or _("下级地区")
            problem = _("系统还没有本地区的%s名录，不知道应有多少，没有列出。") % words
        return [
            (one.name, lambda found, path=one.path: found.place.startswith(path)) for one in rows
        ], problem

    def _knows(self, level: str) -> bool:
        return any(one.level == level for one in self.all_places)

    def _units(self, duty: Duty) -> tuple[list[tuple[str, Any]], str]:
        rows = self.members.get(normalise(duty.who or ""), [])
        if self.unit is not None:
            rows = [one for one in rows if one.pk == self.unit.pk] or [self.unit]
        problem = ""
        if not rows:
            problem = _("名册里没有“%s”的成员，不知道应有多少，没有列出。") % duty.who
        return [
            (one.name, lambda found, pk=one.pk: found.department == pk) for one in rows
        ], problem


def _row(
    duty: Duty, plan: Plan, year: int, sums: list[_Sum], who: _Register, today: date
) -> DutyRow:
    quota = quotas.quota_of(duty.who, duty.every, duty.quote)
    spans = quotas.spans(quota.every, year, plan.start_year, plan.end_year, duty.due)
    places, problem = who.of(duty, quota)
    holders = [
        Holder(name, _kept(quota, spans, filter(test, sums), today)) for name, test in places
    ]
    inside = [one for one in sums if any(span.start <= one.month <= span.end for span in spans)]
    nowhere = sum(
        one.events for one in inside if places and not any(test(one) for _name, test in places)
    )
    whole = Holder(duty.who or _("本方案"), _kept(quota, spans, sums, today))
    return DutyRow(duty, quota, spans, whole, holders, problem, nowhere)


def duties_page(user: Any, plan_id: int, year: int, today: date) -> DutiesPage:
    """Return a plan's duties and how far each is met in a year (six queries, however many)."""
    plans = plans_of(user)
    plan = next((one for one in plans if one.pk == plan_id), plans[0] if plans else None)
    if plan is None:
        return DutiesPage(None, [], year, [], False)
    if year not in plan.years:
        year = min(max(today.year, plan.start_year), plan.end_year)
    duties = list(Duty.objects.visible_to(user).filter(plan=plan).order_by("position"))
    first = date(min(plan.start_year, *(one.due.year for one in duties if one.due), 9999), 1, 1)
    sums = _sums(user, plan, first, date(plan.end_year + 5, 12, 31))
    who = _Register(user, plan, min(today, date(year, 12, 31)))
    rows = [_row(one, plan, year, sums.get(one.pk, []), who, today) for one in duties]
    return DutiesPage(plan, plans, year, rows, user.acting.department_id is not None)
