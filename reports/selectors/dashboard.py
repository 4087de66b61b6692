"""What the leaders' dashboard shows, block by block; the number of queries is constant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from django.db.models import Q

from indicators.selectors import TargetView, plan_targets
from plans.models import Plan, Responsibility
from reports.selectors.history import Snapshot, history
from reports.selectors.moments import Moment, chosen, moments
from tasks.models import Assignment, Entry, Period, Transition
from tasks.progress import DONE, FAR_BEHIND, OVERDUE, TROUBLE, UNREPORTED
from tasks.selectors import ActionStanding, Board, MeasureStanding, TaskStanding, board

SHOWN_TARGETS = 3
SHOWN_CONCERNS = 5
SHOWN_PERIODS = 8
OWED = ("draft", "awaiting_signoff", "returned")


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action with its printed leads and its change since the period before, in points.

    `change` is None where the year has no earlier period or one of the two is unreported.
    """

    standing: ActionStanding
    leads: list[str]
    change: Decimal | None


@dataclass(frozen=True, slots=True)
class Concern:
    """A measure that needs a word from the leaders: which task is worst, why, and who carries it.

    `why` are the unit's own approved words on problems; `late_by` the days since it was due.
    """

    measure: MeasureStanding
    task: TaskStanding | None
    why: str
    who: list[str]
    late_by: int = 0

    @property
    def gap(self) -> Decimal | None:
        return self.measure.standing.gap


@dataclass(frozen=True, slots=True)
class Reporting:
    """How a period's reporting went: units and entries, and how long checking took (days)."""

    period: Period
    units: int
    reported: int
    missing: list[str]
    entries: int
    handed_in: int
    late: int
    own_checks: int
    checked: int
    median_days: Decimal | None
    longest_days: Decimal | None


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Everything on the page; `shown_instead` is the period that has nothing approved yet."""

    plan: Plan
    moment: Moment
    choices: list[Moment]
    board: Board
    targets: list[TargetView]
    all_targets: list[TargetView]
    actions: list[ActionRow]
    concerns: list[Concern]
    trouble: int
    history: list[Snapshot]
    reporting: Reporting | None
    shown_instead: Moment | None
    stale: bool

    @property
    def schedule(self) -> Decimal:
        return self.board.standing.schedule


def dashboard(plan: Plan, asked: dict[str, str], today: date, *, inside: bool) -> Dashboard:
    """Return the dashboard of a plan; raises ValueError for a year or day that cannot be.

    Where the newest period has nothing approved yet, the one before is shown, and said so.
    `inside` says that the person belongs to the plan's region: who has not reported, and what
    is under way, is no affair of the regions above.
    """
    known = moments(plan, today)
    moment = chosen(plan, asked, today, known)
    past = history(plan, known)
    shown_instead = None
    if not asked.get("as_of") and not asked.get("year"):
        moment, shown_instead = _with_words(moment, past)
    now = board(plan, moment.year, moment.as_of)
    targets = plan_targets(plan, moment.year)
    rows = _rows(now, _before(moment, past))
    return Dashboard(
        plan=plan,
        moment=moment,
        choices=known[-4:],
        board=now,
        targets=leading(targets),
        all_targets=targets,
        actions=rows,
        concerns=_concerns(now, moment.as_of),
        trouble=sum(one.standing.light in TROUBLE for one in now.measures),
        history=[one for one in past if one.moment.as_of <= moment.as_of][-SHOWN_PERIODS:],
        reporting=_reporting(moment.period, plan) if moment.period and inside else None,
        shown_instead=shown_instead,
        stale=_stale(plan, moment, known, today),
    )


def _with_words(moment: Moment, past: list[Snapshot]) -> tuple[Moment, Moment | None]:
    """Return the newest moment at which something was approved, and the empty one it replaces."""
    newest = next((one for one in past if one.moment == moment), None)
    if newest is None or newest.reported:
        return moment, None
    earlier = [one.moment for one in past if one.reported and one.moment.as_of < moment.as_of]
    return (earlier[-1], moment) if earlier else (moment, None)


def _before(moment: Moment, past: list[Snapshot]) -> Snapshot | None:
    """Return the snapshot before a moment, of the same year: percents are of a year."""
    earlier = [
        one for one in past if one.moment.as_of < moment.as_of and one.moment.year == moment.year
    ]
    return earlier[-1] if earlier else None


def _stale(plan: Plan, moment: Moment, known: list[Moment], today: date) -> bool:
    """Tell whether the newest data are older than one period, in a plan that still runs."""
    newest = known[-1] if known else None
    if newest is None or newest.period is None or moment != newest:
        return False
    length = newest.period.ends - newest.period.starts
    end = min(today, date(plan.end_year, 12, 31))
    return end - newest.period.ends > length + timedelta(days=1)


def leading(targets: Iterable[TargetView]) -> list[TargetView]:
    """Return the first targets of different indicators that have a value to reach."""
    found: dict[int, TargetView] = {}
    for one in targets:
        if one.target.value is not None:
            found.setdefault(one.indicator.pk, one)
    return list(found.values())[:SHOWN_TARGETS]


def action_leads(standing: ActionStanding) -> list[str]:
    """Return the names printed as leads of an action, else those printed as responsible."""
    named = list(standing.action.responsibilities.all())
    for role in (Responsibility.Role.LEAD, Responsibility.Role.RESPONSIBLE):
        if found := [one.printed_name for one in named if one.role == role]:
            return found
    return []


def _rows(now: Board, before: Snapshot | None) -> list[ActionRow]:
    rows = []
    for one in now.actions:
        old = before.actions.get(one.action.pk) if before else None
        percent, earlier = one.standing.percent, old.percent if old else None
        change = percent - earlier if percent is not None and earlier is not None else None
        rows.append(ActionRow(one, action_leads(one), change))
    return rows


# --- What needs a word ---------------------------------------------------------------------
def _urgency(one: MeasureStanding) -> tuple[int, Decimal]:
    order = {FAR_BEHIND: 0, OVERDUE: 1, UNREPORTED: 2}
    return order[one.standing.light], -(one.standing.gap or Decimal(0))


def _concerns(now: Board, on: date) -> list[Concern]:
    """Return at most five measures in trouble; unreported ones once others have reported."""
    wanted = {*TROUBLE, UNREPORTED} if now.standing.reported else set(TROUBLE)
    worst = sorted(
        (one for one in now.measures if one.standing.light in wanted and one.tasks), key=_urgency
    )[:SHOWN_CONCERNS]
    picked = [(one, _worst_task(one)) for one in worst]
    who = carriers(task.task.pk for _one, task in picked if task)
    return [
        Concern(
            one,
            task,
            task.revision.problems if task and task.revision else "",
            who.get(task.task.pk, []) if task else [],
            max(0, (on - task.task.due).days) if task else 0,
        )
        for one, task in picked
    ]


def _worst_task(measure: MeasureStanding) -> TaskStanding | None:
    def gap(one: TaskStanding) -> Decimal:
        return one.standing.gap if one.standing.gap is not None else Decimal(100)

    unfinished = [one for one in measure.tasks if one.standing.light != DONE]
    return max(unfinished or measure.tasks, key=gap, default=None)


def carriers(tasks: Iterable[int]) -> dict[int, list[str]]:
    """Return, per task, its 汇总单位, else the units that each report their part (one query)."""
    rows = (
        Assignment.objects.filter(task__in=list(tasks))
        .exclude(role=Assignment.Role.COOPERATE)
        .order_by("id")
        .values_list("task", "role", "department__name")
    )
    leads: dict[int, list[str]] = {}
    others: dict[int, list[str]] = {}
    for task, role, name in rows:
        (leads if role == Assignment.Role.LEAD else others).setdefault(task, []).append(name)
    return {**others, **leads}


# --- Reporting -----------------------------------------------------------------------------
def _reporting(period: Period, plan: Plan) -> Reporting:
    """Count what a period asked for and got on a plan; names in the order of the unit list."""
    entries = list(
        Entry.objects.expected()
        .filter(period=period, task__plan=plan)
        .order_by("department_id")
        .values_list("department__name", "state", "submitted__is_late", "own_check")
    )
    owing = dict.fromkeys(name for name, state, _late, _own in entries if state in OWED)
    units = dict.fromkeys(name for name, *_rest in entries)
    days = _days(period, plan)
    return Reporting(
        period=period,
        units=len(units),
        reported=len(units) - len(owing),
        missing=list(owing),
        entries=len(entries),
        handed_in=sum(state not in OWED for _name, state, _late, _own in entries),
        late=sum(bool(late) for _name, state, late, _own in entries if state not in OWED),
        own_checks=sum(own for _name, state, _late, own in entries if state == "approved"),
        checked=len(days),
        median_days=round(median(days), 1) if days else None,
        longest_days=round(max(days), 1) if days else None,
    )


def _days(period: Period, plan: Plan) -> list[Decimal]:
    """Return how many days each check took, from handing in to the decision."""
    steps: Any = (
        Transition.objects.filter(
            Q(verb="approve") | Q(verb="return"),
            entry__period=period,
            entry__task__plan=plan,
            entry__kind=Entry.Kind.REPORT,
            revision__isnull=False,
        )
        .order_by("id")
        .values_list("at", "revision__submitted_at")
    )
    return [Decimal((at - handed).total_seconds()) / 86400 for at, handed in steps]
