"""The figures that a leader may speak of: which page they are on, and their words as seen there.

An address names a figure by `view` and `id`; its words are always read here, never from outside.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from core import words
from departments.models import Region
from indicators.models import Indicator, Target
from indicators.selectors import TargetView, plan_targets
from indicators.selectors.page import indicator_page, newest_year
from plans.models import Action, Measure, Plan
from reports.selectors.moments import Moment, chosen, moments, watches
from tasks import policies
from tasks.models import Entry, Task
from tasks.progress import Standing
from tasks.selectors import board
from tasks.services.supervision.instructions import Subject


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: as it is kept with what is asked about it, and the address of its page."""

    subject: Subject
    url: str


Asked = Mapping[str, str]


def figure(user: Any, view: str, pk: int, asked: Asked, today: date) -> Figure | None:
    """Return the figure that an address names, as the person sees it; None where they do not.

    `asked` may say `year` and `as_of` (of progress) or `region` (of an indicator). Raises
    ValueError for a year or day that cannot be.
    """
    find = FIGURES.get(view)
    return find(user, pk, asked, today) if find else None


def _standing(name: str, one: Standing, moment: Moment) -> str:
    """Say how something stands: 8.1 …：完成 42%，序时 50%，滞后（截至 2018-06-30）."""
    return _("%(name)s：完成 %(percent)s，序时 %(schedule)s，%(light)s（截至 %(day)s）") % {
        "name": name,
        "percent": words.percent(one.percent),
        "schedule": words.percent(one.schedule),
        "light": words.word(one.light),
        "day": moment.as_of.isoformat(),
    }


def _watched(user: Any, rows: Any, pk: int, plan: Callable[[Any], Plan]) -> Any:
    """Return a visible row of a plan whose whole progress the person reads, else None."""
    row = rows.visible_to(user).filter(pk=pk).first()
    return row if row is not None and watches(user, plan(row)) else None


def _moment(plan: Plan, asked: Asked, today: date) -> Moment:
    return chosen(plan, asked, today, moments(plan, today))


def _measure(user: Any, pk: int, asked: Asked, today: date) -> Figure | None:
    rows = Measure.objects.select_related("action__plan__region", "action__plan__settings")
    row = _watched(user, rows, pk, lambda one: one.action.plan)
    if row is None:
        return None
    plan = row.action.plan
    moment = _moment(plan, asked, today)
    name = f"{row.label} {row.title}"
    now = board(plan, moment.year, moment.as_of)
    found = next((one.standing for one in now.measures if one.measure.pk == pk), None)
    said = _standing(name, found, moment) if found else name
    url = f"{reverse('plan', args=[plan.pk])}?{moment.query}&measure={pk}#m{pk}"
    return Figure(Subject("measure", pk, said, plan.pk), url)


def _action(user: Any, pk: int, asked: Asked, today: date) -> Figure | None:
    rows = Action.objects.select_related("plan__region", "plan__settings")
    row = _watched(user, rows, pk, lambda one: one.plan)
    if row is None:
        return None
    moment = _moment(row.plan, asked, today)
    name = f"{row.number or ''}{row.title}"
    now = board(row.plan, moment.year, moment.as_of)
    found = next((one.standing for one in now.actions if one.action.pk == pk), None)
    said = _standing(name, found, moment) if found else name
    url = f"{reverse('plan', args=[row.plan_id])}?{moment.query}#a{pk}"
    return Figure(Subject("action", pk, said, row.plan_id), url)


def _target_words(view: TargetView) -> str:
    value = f"{view.figure}（{view.figure_note}）" if view.figure else _("未测")
    return _("%(name)s：目标%(target)s，现在 %(value)s，%(light)s") % {
        "name": view.indicator.name,
        "target": view.words,
        "value": value,
        "light": words.word(view.attainment.code, "indicator"),
    }


def _indicator_url(indicator: Indicator, region: Region, year: int | None = None) -> str:
    query = {"region": region.code, **({"year": year} if year else {})}
    return f"{reverse('indicator', args=[indicator.code])}?{urlencode(query)}"


def _target(user: Any, pk: int, asked: Asked, today: date) -> Figure | None:
    rows = Target.objects.select_related("plan__region", "plan__settings", "indicator")
    row = _watched(user, rows, pk, lambda one: one.plan)
    if row is None:
        return None
    year = _moment(row.plan, asked, today).year if asked.get("year") else None
    at = year or newest_year(row.plan, today)
    views = plan_targets(row.plan, at)
    said = next((_target_words(one) for one in views if one.target.pk == pk), row.indicator.name)
    url = _indicator_url(row.indicator, row.plan.region, at)
    return Figure(Subject("target", pk, said, row.plan_id), url)


def _indicator(user: Any, pk: int, asked: Asked, today: date) -> Figure | None:
    """Return an indicator as its page shows it: by its target, else by its newest value."""
    row = Indicator.objects.filter(pk=pk).first()
    acting = getattr(user, "acting", None)
    if row is None or acting is None:
        return None
    known = Region.objects.within(acting.here)
    region = known.filter(code=asked["region"]).first() if asked.get("region") else acting.here
    if region is None:
        return None
    page = indicator_page(user, row, region, today)
    if page.view is not None:
        said = _target_words(page.view)
    else:
        values = [line.row for year in page.years for line in year.lines if line.row.value]
        said = f"{row.name}：{values[0].value:f}（{values[0].year}）" if values else row.name
    plan = page.plan.pk if page.plan else None
    subject = Subject("indicator", pk, f"{region.name} {said}", plan)
    return Figure(subject, _indicator_url(row, region))


def _task(user: Any, pk: int, asked: Asked, today: date) -> Figure | None:
    rows = Task.objects.select_related("plan__region", "plan__settings")
    row = _watched(user, rows, pk, lambda one: one.plan)
    if row is None:
        return None
    moment = _moment(row.plan, {**asked, "year": str(row.year)}, today)
    now = board(row.plan, moment.year, moment.as_of)
    tasks = (task for measure in now.measures for task in measure.tasks)
    found = next((one.standing for one in tasks if one.task.pk == pk), None)
    said = _standing(row.title, found, moment) if found else row.title
    return Figure(Subject("task", pk, said, row.plan_id), reverse("task", args=[pk]))


def _entry(user: Any, pk: int, asked: Asked, today: date) -> Figure | None:
    """Return what a unit handed in, as far as the person reads it."""
    rows = Entry.objects.select_related(
        "task__plan", "period__region", "department", "submitted", "approved"
    )
    row = rows.visible_to(user).filter(pk=pk).first()
    if row is None:
        return None
    readable = policies.can_read_submitted(user, row)
    revision = row.submitted if readable and row.submitted else row.approved
    parts = [row.department.name, row.period.name]
    if revision is not None and revision.percent is not None:
        parts.append(_("完成 %(percent)s") % {"percent": words.percent(revision.percent)})
    parts.append(str(row.get_state_display()))
    said = f"{row.task.title}：{'，'.join(parts)}"
    subject = Subject("entry", pk, said, row.task.plan_id)
    return Figure(subject, reverse("entry", args=[pk]))


def place(user: Any, view: str, pk: int) -> str:
    """Return where a person who may not read the figure still sees what it is about; "" nowhere.

    A unit that has to answer for an instruction reads the plan's words, not its whole progress.
    """
    kind = PLACES.get(view)
    row = kind.objects.visible_to(user).filter(pk=pk).first() if kind else None
    if row is None:
        return ""
    match view:
        case "measure":
            return f"{reverse('plan', args=[row.action.plan_id])}?measure={pk}#m{pk}"
        case "action":
            return f"{reverse('plan', args=[row.plan_id])}#a{pk}"
        case "target":
            return _indicator_url(row.indicator, row.plan.region)
    return reverse("task", args=[pk])


PLACES: dict[str, Any] = {"measure": Measure, "action": Action, "target": Target, "task": Task}
FIGURES: dict[str, Callable[[Any, int, Asked, date], Figure | None]] = {
    "measure": _measure,
    "action": _action,
    "target": _target,
    "indicator": _indicator,
    "task": _task,
    "entry": _entry,
}
