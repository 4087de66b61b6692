"""The 督办件 of a report's years for table D, as they stood when the facts were frozen."""

from datetime import date
from typing import Any

from django.db.models import Q

from reports.facts.figures import Figures
from reports.facts.scope import Scope
from tasks.exchange.supervision import line
from tasks.models import SupervisionItem
from tasks.selectors.periods.rules import rules_of
from tasks.selectors.supervision.items import storied


def frozen_supervision(scope: Scope, as_of: date, figures: Figures) -> list[dict[str, Any]]:
    """Freeze the items of the plan's region by number, lights as of a day (three queries).

    Items that belong to another plan are left out; a unit's report has those that it carries or
    helps with.
    """
    soon = rules_of(scope.plan.region).supervision_soon_days
    rows = (
        SupervisionItem.objects.filter(
            Q(plan=scope.plan) | Q(plan__isnull=True),
            region=scope.plan.region_id,
            year__in=list(scope.years),
        )
        .with_lights(as_of, soon)
        .select_related("department", "instruction")
        .prefetch_related("helpers")
        .order_by("year", "serial")
    )
    if scope.department is not None:
        unit = scope.department.pk
        helped = SupervisionItem.helpers.through.objects.filter(department=unit)
        rows = rows.filter(Q(department=unit) | Q(pk__in=helped.values("supervisionitem")))
    return [_item(one, figures) for one in storied(rows)]


def _item(item: Any, figures: Figures) -> dict[str, Any]:
    told = line(item)
    days = {name: getattr(item, name) for name in ("assigned_on", "due", "settled_on")}
    return {
        **told,
        **{name: day.isoformat() if day else "" for name, day in days.items()},
        "id": item.pk,
        "own_check": item.own_check,
        "nudges": figures.add(
            f"supervision.{item.pk}.nudges",
            item.nudges,
            f"督办件{item.number}：催办次数",
            [("tasks.supervisionitem", item.pk)],
        ),
    }
