"""What waits for a person, by reason: a department's entries, or the office's decisions."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from core.models import Notice
from plans.models import Draft, Plan
from reports.selectors import home_reports, home_scores, home_values
from reports.selectors import home_supervision as supervision
from reports.selectors.handover import Taken, taken_over
from reports.selectors.todo import SHOWN, Group, Item, group
from tasks.models import Assignment, Entry, Period, Task
from tasks.policies import deadline
from tasks.selectors.periods.clock import OfficeClock, office_clock

SOON = 7  # days before a deadline from which an entry is 将到期
NOTICES = 5


@dataclass(frozen=True, slots=True)
class Home:
    """The page: groups with something in them, unread notices, and what comes next if none."""

    groups: list[Group] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    unread: int = 0
    reporting: bool = False
    next_period: Period | None = None
    clock: OfficeClock | None = None
    taken: Taken | None = None

    @property
    def first(self) -> Item | None:
        return self.groups[0].items[0] if self.groups else None

    @property
    def verb(self) -> str:
        return self.groups[0].verb if self.groups else ""


def home(user: Any, now: datetime, today: date) -> Home:
    """Return what waits for a person as whom they act (a constant number of queries)."""
    acting = user.acting
    unread = Notice.objects.visible_to(user).filter(read_at__isnull=True, deliver_after__lte=now)
    groups = _office(user, today) if acting.is_office() else _department(user, today)
    upcoming = Period.objects.filter(
        region=acting.here, state=Period.State.SCHEDULED, opens_on__gte=today
    )
    return Home(
        groups=[one for one in groups if one.items],
        notices=list(unread[:NOTICES]),
        unread=unread.count(),
        reporting=Period.objects.accepting().filter(region=acting.here).exists(),
        clock=office_clock(acting.here, today),
        next_period=upcoming.order_by("opens_on").first(),
        taken=taken_over(user, now, today),
    )


# --- Departments ---------------------------------------------------------------------------
def _department(user: Any, today: date) -> list[Group]:
    """Sort what a unit owes, what its head signs, and what other units gave it to gather."""
    unit = user.acting.department_id
    late_ok = (
        Q(period__state__in=("open", "grace"))
        | Q(open_until__gte=today)
        | Q(period__extensions__department=unit, period__extensions__until__gte=today)
    )
    owed = list(
        Entry.objects.visible_to(user)
        .owed()
        .filter(late_ok, department=unit)
        .select_related("period", "task")
        .prefetch_related("period__extensions")
        .order_by("period__due_on", "id")
        .distinct()
    )
    returned = [one for one in owed if one.state == Entry.State.RETURNED]
    drafts = [one for one in owed if one.state == Entry.State.DRAFT]
    soon = [one for one in drafts if (_until(one) - today).days <= SOON]
    later = [one for one in drafts if (_until(one) - today).days > SOON]
    groups = [
        group("returned", _("已退回"), _("改下一项"), _entries(returned, today)),
        group("due", _("将到期"), _("填下一项"), _entries(soon, today)),
        *home_reports.of_department(user),
        group("blank", _("待填报"), _("填下一项"), _entries(later, today)),
    ]
    if user.acting.role == "head":
        waiting = [one for one in owed if one.state == Entry.State.AWAITING]
        sign = group("signoff", _("待我审签"), _("审签下一项"), _entries(waiting, today))
        groups.insert(1, sign)
    return [
        *groups,
        *home_values.of_department(user),
        *supervision.of_department(user, today),
        *home_scores.of_department(user, today),
        _parts(user, unit, today),
    ]


def _parts(user: Any, unit: int, today: date) -> Group:
    parts = (
        Entry.objects.visible_to(user)
        .filter(
            kind=Entry.Kind.PART,
            state=Entry.State.SUBMITTED,
            task__assignments__department=unit,
            task__assignments__role=Assignment.Role.LEAD,
        )
        .exclude(department=unit)
        .select_related("period", "task", "department")
        .order_by("submitted__submitted_at", "id")
    )
    items = [
        Item(
            "entry",
            one.pk,
            one.task.title,
            _("%(unit)s报来，%(period)s")
            % {"unit": one.department.name, "period": one.period.name},
            one.state,
        )
        for one in parts
    ]
    return group("parts", _("待汇总的部分"), _("看下一项"), items)


def _until(entry: Entry) -> date:
    """Return the day until which an entry is in time; a reopened one has a day of its own."""
    return max([deadline(entry), *([entry.open_until] if entry.open_until else [])])


def _entries(entries: list[Entry], today: date) -> list[Item]:
    return [
        Item(
            "entry",
            one.pk,
            one.task.title,
            f"{one.period.name}，{_when(one, today)}",
            one.shown_state,
        )
        for one in entries
    ]


def _when(entry: Entry, today: date) -> str:
    if entry.period.retrospective:
        return _("补录，不计迟报")
    left = (_until(entry) - today).days
    if left < 0:
        return _("已过期 %(days)s 天，将记为迟报") % {"days": -left}
    if left == 0:
        return _("今天到期")
    return _("还有 %(days)s 天") % {"days": left}


# --- The office ----------------------------------------------------------------------------
def _office(user: Any, today: date) -> list[Group]:
    """List what the office decides: entries, values, leads to settle, periods, draft plans."""
    region = user.acting.here
    return [
        _review(user, region.pk, today),
        *home_values.of_office(user, region.pk),
        *home_reports.of_office(user, region.pk, today),
        *supervision.of_office(user, today),
        *home_scores.of_office(user),
        _unsettled(user, region.pk),
        _periods(region.pk, today),
        _documents(user),
        _drafts(user, region.pk),
    ]


def _review(user: Any, region: int, today: date) -> Group:
    rows = (
        Entry.objects.visible_to(user)
        .filter(kind=Entry.Kind.REPORT, state=Entry.State.SUBMITTED, period__region=region)
        .select_related("period", "task", "department", "submitted")
        .order_by("submitted__submitted_at", "id")
    )
    items = [
        Item(
            "review-entry",
            one.pk,
            one.task.title,
            f"{one.department.name}，{one.period.name}，{_waited(one, today)}",
            one.state,
        )
        for one in rows[:SHOWN]
    ]
    return group("review", _("待核对"), _("核对下一项"), items, rows.count())


def _waited(entry: Entry, today: date) -> str:
    days = (today - entry.submitted.submitted_at.date()).days if entry.submitted else 0
    return _("已等 %(days)s 天") % {"days": days} if days > 0 else _("今天报送")


def _unsettled(user: Any, region: int) -> Group:
    rows = (
        Task.objects.visible_to(user)
        .standing()
        .filter(plan__region=region, plan__state="active", gathering=Task.Gathering.PROPOSED)
        .values("plan", "plan__title", "year")
        .annotate(count=Count("pk"))
        .order_by("-year", "plan")
    )
    items = [
        Item(
            "tasks",
            None,
            _("%(year)s 年任务：%(count)s 项没有确认汇总单位")
            % {"year": row["year"], "count": row["count"]},
            row["plan__title"],
            query=f"?plan={row['plan']}&year={row['year']}",
        )
        for row in rows
    ]
    return group("unsettled", _("待确认汇总单位"), _("去确认"), items)


def _periods(region: int, today: date) -> Group:
    rows = Period.objects.filter(
        region=region,
        state=Period.State.SCHEDULED,
        opens_on__lte=today + timedelta(days=SOON),
    ).order_by("opens_on")
    items = [
        Item(
            "period",
            one.pk,
            one.name,
            _("计划 %(day)s 启动") % {"day": one.opens_on.isoformat()},
        )
        for one in rows
    ]
    return group("periods", _("待启动的填报期"), _("打开下一项"), items)


def _documents(user: Any) -> Group:
    rows = Draft.objects.visible_to(user).waiting()
    items = [Item("draft", one.pk, str(one), _("已读取，请对照原文核对")) for one in rows]
    return group("documents", _("待核对的文件"), _("核对下一项"), items)


def _drafts(user: Any, region: int) -> Group:
    rows = Plan.objects.visible_to(user).filter(region=region, state=Plan.State.DRAFT)
    items = [Item("plan", one.pk, one.title, _("草稿，核对后启用")) for one in rows]
    return group("drafts", _("待启用的方案"), _("打开下一项"), items)
