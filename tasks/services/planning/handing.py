"""Tasks handed down to lower regions: their offices break them down in a plan of their own."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError, ensure
from core.notices import tell
from departments.selectors import office_people
from plans.models import Plan
from tasks import policies
from tasks.models import Task
from tasks.selectors.planning.rows import UNITS
from tasks.services.planning.assigning import Carried, assign
from tasks.services.planning.reading import Names, meaning, window_problems


def break_down(parent: Task, plan: Plan, texts: Mapping[str, str], *, by: Any) -> Task:
    """Make a task of a lower region's own plan that carries out one handed down from above.

    `texts` are those of a row (title, kind, quantity, unit, starts, due, units as people write
    them); raises DomainError per field.
    """
    try:
        return _break_down(parent, plan, texts, by=by)
    except IntegrityError as error:
        sentence = _("这项上级任务下已有同名的任务。")
        raise DomainError(sentence, fields={"title": [sentence]}) from error


@transaction.atomic
def _break_down(parent: Task, plan: Plan, texts: Mapping[str, str], *, by: Any) -> Task:
    ensure(policies.can_break_down(by, parent, plan))
    typed = {name: text for name, text in texts.items() if name in UNITS or text.strip()}
    typed.setdefault("title", "")
    listed = [typed.get(name, "") for name in UNITS]
    meant = meaning(typed, Names(plan, parent.year, listed, []))
    values = {
        "kind": Task.Kind.MILESTONE,
        "quantity": None,
        "weight": 1,
        "starts": date(parent.year, 1, 1),
        "due": parent.due,
        **meant.values,
    }
    wrong = {**window_problems(values, parent.year), **meant.wrong}
    if wrong:
        raise DomainError(_("有内容不符合要求。"), fields=wrong)
    lead = meant.units.get("lead", [])
    gathering = Task.Gathering.CONFIRMED if lead else Task.Gathering.PROPOSED
    if meant.separate:
        gathering = Task.Gathering.NONE
    task = Task.objects.create(
        plan=plan, year=parent.year, parent=parent, gathering=gathering, **values
    )
    roles: dict[int, str] = {}
    for role in UNITS:
        for unit in meant.units.get(role, []):
            roles.setdefault(unit.pk, role)
    assign([Carried(task, roles, gathering)])
    audit.record(
        "tasks.task.break_down",
        task,
        by=by,
        detail={"parent": parent.pk, "year": parent.year},
        region_path=plan.region.path,
    )
    tell(
        office_people(parent.plan.region, timezone.localdate()),
        event=f"task:{task.pk}:broken_down",
        reason="waiting",
        text=_("%(region)s已分解“%(task)s”。") % {"region": plan.region.name, "task": parent.title},
        view="task",
        subject=parent.pk,
    )
    return task
