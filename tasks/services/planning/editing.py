"""A task's own fields changed, and a task taken out of the year."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError, ensure
from tasks import policies
from tasks.models import Task
from tasks.services.planning.reading import window_problems
from tasks.services.planning.units import locked
from tasks.services.sayings import with_reason

TOGETHER = ("starts", "due", "weight", "kind", "quantity")


@transaction.atomic
def edit_task(task: Task, *, by: Any, **fields: Any) -> Task:
    """Change a task's title, deliverable, window, weight, kind, quantity or unit.

    Raises DomainError with sentences at the fields for what does not go together.
    """
    task = locked(task)
    ensure(policies.can_edit_task(by, task))
    before = {name: getattr(task, name) for name in fields}
    for name, value in fields.items():
        setattr(task, name, value)
    moved = any(before[name] != fields[name] for name in ("starts", "due") if name in fields)
    values = {name: getattr(task, name) for name in TOGETHER}
    wrong = window_problems(values, task.year if moved else None)
    if wrong:
        raise DomainError(_("有内容不符合要求。"), fields=wrong)
    task.save()
    audit.record(
        "tasks.task.edit",
        task,
        by=by,
        detail={"before": before, "after": fields},
        region_path=task.plan.region.path,
    )
    return task


@transaction.atomic
def cancel_task(task: Task, reason: str, *, by: Any) -> Task:
    """Take a task out of the year, with the reason; what was reported on it stays."""
    task = locked(task)
    ensure(policies.can_edit_task(by, task))
    reason = with_reason(reason, _("请写明取消理由。"))
    task.cancelled_at, task.cancel_reason = timezone.now(), reason
    task.save()
    audit.record(
        "tasks.task.cancel",
        task,
        by=by,
        detail={"reason": task.cancel_reason},
        region_path=task.plan.region.path,
    )
    return task
