"""What the rules of a scorecard find in checked rows, for any number of units at once."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from indicators.models import Observation
from reports.models import ScoreScheme
from reports.scoring import Found, Ref
from tasks.models import Assignment, Entry, Revision, SupervisionItem, Task, Transition
from tasks.progress import HUNDRED
from tasks.selectors.standings import percent_of

Findings = dict[int, dict[str, Found]]  # department → rule → what was found
_OF_ENTRIES = {"on_time", "no_return", "tasks_done"}


def findings(
    scheme: ScoreScheme, departments: Iterable[int], rules: Iterable[str], on: date
) -> Findings:
    """Return what each rule finds for each unit in the scheme's year, as of a day.

    At most four queries, however many units and rows. Only what the office has checked counts.
    """
    units, asked = list(departments), set(rules)
    found: Findings = {unit: {rule: Found() for rule in asked} for unit in units}
    entries = _entries(scheme, units) if asked & _OF_ENTRIES else {}
    returned = _returned(entries) if "no_return" in asked else set()
    for unit, rows in entries.items():
        if "on_time" in asked:
            found[unit]["on_time"] = _on_time(rows)
        if "no_return" in asked:
            found[unit]["no_return"] = _no_return(rows, returned)
        if "tasks_done" in asked:
            found[unit]["tasks_done"] = _tasks_done(rows)
    if "supervision" in asked:
        for unit, items in _supervised(scheme, units, on).items():
            found[unit]["supervision"] = _settled(items, on)
    if "indicators" in asked:
        for unit, values in _values(scheme, units).items():
            found[unit]["indicators"] = _verified(values)
    return found


def _by_unit(rows: Iterable[Any]) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.department_id, []).append(row)
    return grouped


# --- Entries -------------------------------------------------------------------------------
def _entries(scheme: ScoreScheme, units: list[int]) -> dict[int, list[Entry]]:
    """Return the year's entries by unit, the waived ones left out; parts for a 汇总单位 too."""
    rows = (
        Entry.objects.expected()
        .filter(
            department__in=units,
            task__plan=scheme.plan_id,
            task__year=scheme.year,
            task__cancelled_at__isnull=True,
        )
        .select_related("period", "task", "approved", "submitted", "assignment")
        .order_by("period__ends", "period", "task", "id")
    )
    return _by_unit(rows)


def _returned(entries: dict[int, list[Entry]]) -> set[int]:
    """Return the ids of entries that were returned, returns taken back at once left out."""
    ids = [one.pk for rows in entries.values() for one in rows]
    counts: dict[int, int] = {}
    steps = Transition.objects.filter(entry__in=ids).filter(
        Q(verb="return") | Q(verb="undo", from_state="returned")
    )
    for entry, verb in steps.values_list("entry", "verb"):
        counts[entry] = counts.get(entry, 0) + (1 if verb == "return" else -1)
    return {entry for entry, count in counts.items() if count > 0}


def _ref(entry: Entry, good: bool, note: str) -> Ref:
    label = f"{entry.task.title}（{entry.period.name}）"
    own = _("（本单位自核）") if entry.own_check else ""
    return Ref("entry", entry.pk, label, f"{note}{own}", good)


def _checked(entry: Entry) -> Revision | None:
    """Return what counts of an entry: approved by the office, or taken over by the 汇总单位."""
    if entry.state == Entry.State.TAKEN_OVER:
        return entry.submitted
    return entry.approved


def _open(rows: list[Entry]) -> str:
    """Say how many entries have nothing checked yet: they are no zeros, and no good ones."""
    count = sum(1 for one in rows if _checked(one) is None)
    return _("另有 %(n)s 项填报还没有核对通过或采纳，没有计入") % {"n": count} if count else ""


def _on_time(rows: list[Entry]) -> Found:
    counted = [one for one in rows if not one.period.retrospective]
    refs = []
    for one in counted:
        if (checked := _checked(one)) is not None:
            late = checked.is_late
            refs.append(_ref(one, not late, _("迟报") if late else _("按时")))
    return Found(tuple(refs), _open(counted))


def _no_return(rows: list[Entry], returned: set[int]) -> Found:
    refs = []
    for one in rows:
        if _checked(one) is not None:
            back = one.pk in returned
            refs.append(_ref(one, not back, _("退回过") if back else _("一次通过")))
    return Found(tuple(refs), _open(rows))


def _tasks_done(rows: list[Entry]) -> Found:
    """Judge each task by its newest checked entry; rows come in the order of their periods.

    Only what goes to the office speaks of the task as a whole.
    """
    newest: dict[int, Entry | None] = {}
    for one in rows:
        if one.kind == Entry.Kind.REPORT and one.task.kind != Task.Kind.ROUTINE:
            newest[one.task_id] = one if one.approved_id else newest.get(one.task_id)
    refs = []
    for entry in filter(None, newest.values()):
        percent = _percent(entry)
        done = percent is not None and percent >= HUNDRED
        refs.append(_ref(entry, done, _("已完成") if done else _("还没有完成")))
    open_tasks = sum(1 for one in newest.values() if one is None)
    aside = _("另有 %(n)s 项任务还没有核对通过的填报，没有计入") % {"n": open_tasks}
    return Found(tuple(refs), aside if open_tasks else "")


def _percent(entry: Entry) -> Any:
    """Return how far the task is; the quantity of a task is that of its 汇总单位 alone."""
    if entry.assignment.role == Assignment.Role.LEAD:
        return percent_of(entry.task, entry.approved)
    return entry.approved.percent if entry.approved else None


# --- 督办件 and values -----------------------------------------------------------------------
def _supervised(scheme: ScoreScheme, units: list[int], on: date) -> dict[int, list[Any]]:
    """Return the year's items with a due day by unit; those of no plan are the region's own."""
    rows = (
        SupervisionItem.objects.with_lights(on, 0)
        .filter(
            Q(plan=scheme.plan_id) | Q(plan__isnull=True),
            region=scheme.plan.region_id,
            year=scheme.year,
            department__in=units,
            due__isnull=False,
        )
        .order_by("serial")
    )
    return _by_unit(rows)


def _settled(rows: list[Any], on: date) -> Found:
    """An item is in time when its last feedback came by the due day, and it was settled."""
    refs, running = [], 0
    for one in rows:
        done = one.state in ("settled", "struck")
        answered = one.handed_in_on or one.settled_on
        in_time = answered is not None and answered <= one.due
        if not done and (one.due >= on or in_time):
            running += 1
            continue
        good = done and in_time
        note = _("按时办结") if good else _("超过时限办结") if done else _("已过时限，没有办结")
        refs.append(Ref("supervision-item", one.pk, f"{one.number} {one.title}", note, good))
    aside = _("另有 %(n)s 件还在时限内或待审核，没有计入") % {"n": running} if running else ""
    return Found(tuple(refs), aside)


def _values(scheme: ScoreScheme, units: list[int]) -> dict[int, list[Observation]]:
    rows = (
        Observation.objects.filter(
            department__in=units,
            region=scheme.plan.region_id,
            year=scheme.year,
            superseded_by__isnull=True,
        )
        .exclude(state=Observation.State.DRAFT)
        .select_related("indicator")
        .order_by("id")
    )
    return _by_unit(rows)


def _verified(rows: list[Observation]) -> Found:
    """Judge the values that came and were answered; what was asked for is not on record."""
    waiting = Observation.State.SUBMITTED
    refs = [
        Ref(
            "observation",
            one.pk,
            one.indicator.name,
            str(one.get_state_display()),
            one.state == Observation.State.VERIFIED,
        )
        for one in rows
        if one.state != waiting
    ]
    count = sum(1 for one in rows if one.state == waiting)
    return Found(
        tuple(refs), _("另有 %(n)s 个数值还没有核对，没有计入") % {"n": count} if count else ""
    )
