"""Page-shaped reads of compiled reports: the job behind one, its versions."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.models import Job
from plans.models import Plan
from reports import policies
from reports.models import Fact, Report, ReportVersion
from reports.workflow import JOBS


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
    """Return the figures in which two versions differ, in the order of the newer one.

    Those that either lists, that is: what it keeps to itself is not told here either.
    """
    listed = set(Fact.objects.filter(version__in=(newer, older)).values_list("key", flat=True))
    now, then = (
        {key: row for key, row in one.facts["figures"].items() if key in listed}
        for one in (newer, older)
    )
    found = []
    for key in [*now, *(key for key in then if key not in now)]:
        before, after = _shown(then.get(key)), _shown(now.get(key))
        if before != after:
            found.append(Change((now.get(key) or then[key])["label"], before, after))
    return found


def _shown(row: dict[str, Any] | None) -> str | None:
    return None if row is None else f"{row['value']}{row['unit']}"
