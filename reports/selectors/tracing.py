"""One figure of a report: where it stands in the text, and every row that it came from.

A row that the person may not see is named as the report's frozen facts name it, and not linked.
A constant number of queries for a page of rows.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.words import decimal_text
from departments.models import Department
from indicators.models import Observation, Target
from plans.models import Action, Measure
from reports.models import Fact, ReportVersion
from reports.naming import KINDS, OTHER, Names, names_of
from reports.rendering.draft import from_json
from reports.rendering.places import Place, places
from tasks.models import (
    Entry,
    Event,
    Evidence,
    Judgement,
    Revision,
    SupervisionItem,
    Task,
    Transition,
)

Source = tuple[str, int]
FIRST = 3  # rows that a list of figures names


@dataclass(slots=True)
class SourceRow:
    """A row behind a figure; `url` is empty and nothing else is told where it is out of sight.

    `hidden_files` counts evidence that this person may not open.
    """

    kind: str
    label: str
    url: str = ""
    says: str = ""
    reporter: str = ""
    reported_at: datetime | None = None
    checker: str = ""
    checked_at: datetime | None = None
    files: list[tuple[str, str]] = field(default_factory=list)
    hidden_files: int = 0


def places_in_text(version: ReportVersion) -> dict[str, list[Place]]:
    """Return where each figure of a version stands; none for a version without a text."""
    return places(from_json(version.text)) if version.text else {}


def source_rows(version: ReportVersion, sources: Sequence[Source], user: Any) -> list[SourceRow]:
    """Return rows as this person may see them, in the order given."""
    wanted: dict[str, list[int]] = {}
    for kind, pk in sources:
        wanted.setdefault(kind, []).append(pk)
    found: dict[Source, SourceRow] = {}
    for kind, ids in wanted.items():
        if kind in _READERS:
            found.update(((kind, pk), row) for pk, row in _READERS[kind](ids, user))
    names = names_of(version.facts)
    return [found.get((kind, pk)) or _unseen(kind, pk, names) for kind, pk in sources]


def with_first_rows(
    version: ReportVersion, facts: Iterable[Fact], user: Any
) -> list[tuple[Fact, list[SourceRow]]]:
    """Return figures with the first of their rows, as this person may see them."""
    listed = [(fact, [(kind, pk) for kind, pk in fact.sources[:FIRST]]) for fact in facts]
    rows = iter(source_rows(version, [one for _fact, some in listed for one in some], user))
    return [(fact, [next(rows) for _one in some]) for fact, some in listed]


def _unseen(kind: str, pk: int, names: Names) -> SourceRow:
    word = KINDS.get(kind, OTHER)[0]
    return SourceRow(word, names.get((kind, pk), _("编号 %(number)s") % {"number": pk}))


Found = Iterable[tuple[int, SourceRow]]


def _row(kind: str, label: str, view: str, *args: Any, **told: Any) -> SourceRow:
    return SourceRow(KINDS[kind][0], label, reverse(view, args=args), **told)


def _revisions(ids: list[int], user: Any) -> Found:
    """Yield what units reported, who checked it, and the files that belong to it."""
    entries = Entry.objects.visible_to(user).order_by().values("pk")
    rows = Revision.objects.filter(pk__in=ids, entry__in=entries).select_related(
        "entry__department", "entry__task", "entry__period", "submitted_by"
    )
    steps = Transition.objects.filter(revision__in=ids, verb="approve").select_related("by")
    checked = {step.revision_id: step for step in steps.order_by("id")}
    files = _files(ids, user)
    for one in rows:
        step = checked.get(one.pk)
        opened, hidden = files.get(one.pk, ([], 0))
        label = _("%(unit)s：%(task)s（%(period)s，第 %(number)s 稿）") % {
            "unit": one.entry.department.name,
            "task": one.entry.task.title,
            "period": one.entry.period.name,
            "number": one.number,
        }
        told = _row("tasks.revision", label, "entry", one.entry_id, says=_said(one))
        told.reporter, told.reported_at = str(one.submitted_by), one.submitted_at
        if step is not None:
            told.checker, told.checked_at = str(step.by), step.at
        if one.entry.own_check:
            told.checker += _("（本单位自核）")
        told.files, told.hidden_files = opened, hidden
        yield one.pk, told


def _said(one: Revision) -> str:
    """Return the number that a revision states, and its words."""
    parts = []
    if one.quantity is not None:
        unit = one.entry.task.unit
        parts.append(
            _("完成数量 %(n)s%(unit)s") % {"n": decimal_text(one.quantity, 2), "unit": unit}
        )
    if one.percent is not None:
        parts.append(_("完成比例 %(n)s%%") % {"n": decimal_text(one.percent, 1)})
    return "；".join([*parts, one.done])


def _files(ids: list[int], user: Any) -> dict[int, tuple[list[tuple[str, str]], int]]:
    """Return per revision the files that the person may open, and how many others there are."""
    pairs = Revision.evidence.through.objects.filter(revision__in=ids).order_by("evidence")
    rows = list(pairs.values_list("revision", "evidence", "evidence__name"))
    seen = Evidence.objects.visible_to(user).filter(pk__in={row[1] for row in rows})
    may = set(seen.order_by().values_list("pk", flat=True))
    found: dict[int, tuple[list[tuple[str, str]], int]] = {}
    for revision, pk, name in rows:
        opened, hidden = found.get(revision, ([], 0))
        if pk in may:
            opened.append((name, reverse("evidence", args=[pk])))
        found[revision] = (opened, hidden + (pk not in may))
    return found


def _judgements(ids: list[int], user: Any) -> Found:
    """Yield the office's judgements to those who supervise, as the task's page does."""
    acting = getattr(user, "acting", None)
    if acting is None or not acting.sees_below:
        return
    tasks = Task.objects.visible_to(user).order_by().values("pk")
    rows = Judgement.objects.filter(pk__in=ids, task__in=tasks)
    for one in rows.select_related("task", "period", "by"):
        says = _("完成比例 %(n)s%%") % {"n": decimal_text(one.percent, 1)}
        label = f"{one.task.title}（{one.period.name}）"
        told = _row("tasks.judgement", label, "task", one.task_id, says=f"{says}；{one.reason}")
        told.checker, told.checked_at = str(one.by), one.at
        yield one.pk, told


def _observations(ids: list[int], user: Any) -> Found:
    rows = Observation.objects.visible_to(user).filter(pk__in=ids)
    related = ("indicator", "region", "entered_by", "submitted_by", "verified_by")
    for one in rows.select_related(*related):
        label = _("%(region)s %(indicator)s（%(year)s 年）") % {
            "region": one.region.name,
            "indicator": one.indicator.name,
            "year": one.year,
        }
        value = one.get_status_display() if one.value is None else one.indicator.shown(one.value)
        told = _row("indicators.observation", label, "observation", one.pk)
        told.says = "；".join(str(part) for part in (value, one.source, one.note) if part)
        told.reporter = str(one.submitted_by or one.entered_by or "")
        told.reported_at = one.submitted_at
        told.checker = str(one.verified_by or "")
        if one.own_check:
            told.checker += _("（本单位自核）")
        told.checked_at = one.verified_at
        yield one.pk, told


def _targets(ids: list[int], user: Any) -> Found:
    rows = Target.objects.visible_to(user).filter(pk__in=ids).select_related("indicator")
    for one in rows:
        told = _row("indicators.target", one.indicator.name, "plan", one.plan_id, says=one.quote)
        yield one.pk, told


def _tasks(ids: list[int], user: Any) -> Found:
    for one in Task.objects.visible_to(user).filter(pk__in=ids):
        says = _("完成时限 %(day)s") % {"day": one.due.isoformat()}
        yield one.pk, _row("tasks.task", one.title, "task", one.pk, says=says)


def _entries(ids: list[int], user: Any) -> Found:
    """Yield what was owed of a unit in a period, and how far it is."""
    rows = Entry.objects.visible_to(user).filter(pk__in=ids)
    for one in rows.select_related("department", "task", "period", "submitted__submitted_by"):
        label = f"{one.department.name}：{one.task.title}（{one.period.name}）"
        told = _row("tasks.entry", label, "entry", one.pk, says=one.get_state_display())
        if one.submitted is not None:
            told.reporter = str(one.submitted.submitted_by)
            told.reported_at = one.submitted.submitted_at
        yield one.pk, told


def _events(ids: list[int], user: Any) -> Found:
    """Yield events of the register; who sees one may open its files."""
    rows = Event.objects.visible_to(user).filter(pk__in=ids).select_related("department", "by")
    for one in rows.prefetch_related("files"):
        label = f"{one.department.name}：{one.title}（{one.on.isoformat()}）"
        people = _("参加 %(n)s 人次") % {"n": one.people} if one.people else ""
        told = _row("tasks.event", label, "event", one.pk)
        told.says = "；".join(filter(None, (one.get_kind_display(), people, one.summary)))
        told.reporter, told.reported_at = str(one.by), one.created_at
        told.files = [
            (file.name, reverse("event-file", args=[file.pk])) for file in one.files.all()
        ]
        yield one.pk, told


def _items(ids: list[int], user: Any) -> Found:
    for one in SupervisionItem.objects.visible_to(user).filter(pk__in=ids):
        told = _row("tasks.supervisionitem", str(one), "supervision-item", one.pk)
        told.says = one.get_state_display()
        yield one.pk, told


def _measures(ids: list[int], user: Any) -> Found:
    """Yield measures of the report's plan, which whoever reads the report may see."""
    for one in Measure.objects.filter(pk__in=ids).select_related("action"):
        url = f"{reverse('plan', args=[one.action.plan_id])}?measure={one.pk}"
        yield one.pk, SourceRow(KINDS["plans.measure"][0], f"{one.label} {one.title}", url)


def _actions(ids: list[int], user: Any) -> Found:
    for one in Action.objects.filter(pk__in=ids):
        yield one.pk, _row("plans.action", one.title, "plan", one.plan_id)


def _departments(ids: list[int], user: Any) -> Found:
    for one in Department.objects.visible_to(user).filter(pk__in=ids):
        yield one.pk, _row("departments.department", one.name, "department", one.pk)


_READERS: dict[str, Callable[[list[int], Any], Found]] = {
    "tasks.revision": _revisions,
    "tasks.judgement": _judgements,
    "indicators.observation": _observations,
    "indicators.target": _targets,
    "tasks.task": _tasks,
    "tasks.entry": _entries,
    "tasks.event": _events,
    "tasks.supervisionitem": _items,
    "plans.measure": _measures,
    "plans.action": _actions,
    "departments.department": _departments,
}
