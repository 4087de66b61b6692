"""Page-shaped reads of compiled reports: the job behind one, its versions, where figures lead."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import Job
from indicators.models import Observation, Target
from plans.models import Plan
from reports import policies
from reports.models import Fact, Report, ReportVersion
from reports.workflow import JOBS
from tasks.models import Entry, Judgement, Revision, Task

SHOWN_SOURCES = 12  # of one figure; the JSON of the version holds them all
LABELS = {
    "plans.action": gettext_lazy("重点任务"),
    "plans.measure": gettext_lazy("措施"),
    "tasks.task": gettext_lazy("任务"),
    "tasks.revision": gettext_lazy("填报"),
    "tasks.judgement": gettext_lazy("综合判定"),
    "indicators.target": gettext_lazy("目标"),
    "indicators.observation": gettext_lazy("观测值"),
    "departments.department": gettext_lazy("单位"),
}


@dataclass(frozen=True, slots=True)
class SourceLink:
    """A row that a figure came from; `url` is empty where this person cannot open it."""

    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class FactRow:
    """A figure with the rows it came from; `more` are not listed."""

    fact: Fact
    sources: list[SourceLink] = field(default_factory=list)
    more: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that differs between two versions; None where one of them lacks it."""

    label: str
    before: str | None
    after: str | None


def newest_job(report: Report) -> Job | None:
    """Return the last work of a worker on a report, whatever became of it."""
    return Job.objects.filter(kind__in=JOBS, subject_id=report.pk).order_by("-id").first()


def plans_to_report_on(user: Any) -> list[Plan]:
    """Return the plans whose reports this person may ask for, newest first."""
    plans = Plan.objects.visible_to(user).select_related("region").order_by("-start_year", "id")
    return [plan for plan in plans if policies.can_request(user, plan)]


def choices(reports: Any) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return by what a list of reports can be narrowed: name, label, options (one query).

    Only what tells its reports apart: plans, kinds and states, where there are several.
    """
    rows = reports.order_by("plan_id").values_list("plan_id", "plan__title", "kind", "state")
    found = list(rows.distinct())
    kinds, states = {row[2] for row in found}, {row[3] for row in found}
    listed = [
        ("plan", _("方案"), list({pk: (str(pk), title) for pk, title, *_rest in found}.values())),
        ("kind", _("种类"), [(c, str(word)) for c, word in Report.Kind.choices if c in kinds]),
        ("state", _("状态"), [(c, str(word)) for c, word in Report.State.choices if c in states]),
    ]
    return [one for one in listed if len(one[2]) > 1]


def changes(newer: ReportVersion, older: ReportVersion) -> list[Change]:
    """Return the figures in which two versions differ, in the order of the newer one."""
    now, then = newer.facts["figures"], older.facts["figures"]
    found = []
    for key in [*now, *(key for key in then if key not in now)]:
        before, after = _shown(then.get(key)), _shown(now.get(key))
        if before != after:
            found.append(Change((now.get(key) or then[key])["label"], before, after))
    return found


def _shown(row: dict[str, Any] | None) -> str | None:
    return None if row is None else f"{row['value']}{row['unit']}"


def with_sources(facts: Iterable[Fact], user: Any) -> list[FactRow]:
    """Return figures with links to their rows, as far as this person sees them.

    A constant number of queries for a page of figures.
    """
    page = list(facts)
    wanted: dict[str, set[int]] = {}
    for fact in page:
        for name, pk in fact.sources[:SHOWN_SOURCES]:
            wanted.setdefault(name, set()).add(pk)
    known = _links(wanted, user)
    return [
        FactRow(
            fact,
            [
                known.get((name, pk), SourceLink(f"{LABELS.get(name, name)} {pk}"))
                for name, pk in fact.sources[:SHOWN_SOURCES]
            ],
            max(0, len(fact.sources) - SHOWN_SOURCES),
        )
        for fact in page
    ]


def _links(wanted: dict[str, set[int]], user: Any) -> dict[tuple[str, int], SourceLink]:
    """Return what is known of each row: a name people recognise, and where it is shown."""
    found: dict[tuple[str, int], SourceLink] = {}

    def add(name: str, pk: int, label: str, url: str) -> None:
        found[name, pk] = SourceLink(label, url)

    entries = Entry.objects.visible_to(user)
    revisions = Revision.objects.filter(
        pk__in=wanted.get("tasks.revision", ()), entry__in=entries.values("pk")
    ).select_related("entry__department", "entry__task")
    for row in revisions:
        entry = row.entry
        label = _("%(unit)s：%(task)s（第 %(number)s 稿）") % {
            "unit": entry.department.name,
            "task": entry.task.title,
            "number": row.number,
        }
        add("tasks.revision", row.pk, label, _url("entry", entry.pk))
    for row in Observation.objects.filter(
        pk__in=wanted.get("indicators.observation", ())
    ).select_related("indicator", "region"):
        label = _("%(region)s %(indicator)s（%(year)s 年）") % {
            "region": row.region.name,
            "indicator": row.indicator.name,
            "year": row.year,
        }
        url = f"{_url('indicator', row.indicator.code)}?region={row.region.code}"
        add("indicators.observation", row.pk, label, url)
    for row in Target.objects.filter(pk__in=wanted.get("indicators.target", ())).select_related(
        "indicator"
    ):
        add("indicators.target", row.pk, row.indicator.name, _url("plan", row.plan_id))
    tasks = {row.pk: row for row in Task.objects.filter(pk__in=wanted.get("tasks.task", ()))}
    for pk, row in tasks.items():
        add("tasks.task", pk, row.title, "")
    for row in Judgement.objects.filter(pk__in=wanted.get("tasks.judgement", ())).select_related(
        "task"
    ):
        add("tasks.judgement", row.pk, _("%(task)s：综合判定") % {"task": row.task.title}, "")
    return found


def _url(name: str, *args: Any) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
