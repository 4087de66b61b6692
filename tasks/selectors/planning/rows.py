"""A year's tasks as rows of texts, as the grid and table A show them and take them back."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.querysets import BaseQuerySet
from departments.models import Department
from plans.models import Plan
from tasks.models import Assignment, Task

# In the order of the table; the last three are units.
LABELS = {
    "title": gettext_lazy("具体措施"),
    "kind": gettext_lazy("类型"),
    "quantity": gettext_lazy("目标数量"),
    "unit": gettext_lazy("计量单位"),
    "starts": gettext_lazy("开始日期"),
    "due": gettext_lazy("完成时限"),
    "weight": gettext_lazy("权重"),
    "deliverable": gettext_lazy("成果形式"),
    "evidence_required": gettext_lazy("须附佐证"),
    "note": gettext_lazy("备注"),
    "lead": gettext_lazy("牵头单位"),
    "responsible": gettext_lazy("负责单位"),
    "cooperate": gettext_lazy("配合单位"),
}
UNITS = ("lead", "responsible", "cooperate")
SEPARATE = "各单位分别报送"
YES, NO = "是", "否"


def rows_of(plan: Plan, year: int) -> BaseQuerySet:
    """Return the standing tasks of a year in the order of the plan, duties and the rest last."""
    return in_order(Task.objects.standing().filter(plan=plan, year=year))


def in_order(tasks: BaseQuerySet) -> BaseQuerySet:
    """Order tasks as their plan does, with what a row of them shows (two queries)."""
    last = {"nulls_last": True}
    return (
        tasks.select_related("measure__action", "duty", "plan__region")
        .prefetch_related("assignments__department__region")
        .order_by(
            F("measure__action__position").asc(**last),
            F("measure__position").asc(**last),
            F("duty__position").asc(**last),
            "id",
        )
    )


def group_title(task: Task) -> str:
    """Return what a task hangs on: its action, the plan's duties, or the region above."""
    if task.measure:
        return task.measure.action.title
    return _("固定任务") if task.duty_id else _("上级交办")


def label_of(department: Department, plan: Plan) -> str:
    """Return a unit's name as it can be typed: one of another region with its place before it."""
    if department.region_id == plan.region_id:
        return department.name
    return f"{department.region.name}·{department.name}"


def plain_number(value: Any) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _names(parts: Iterable[Assignment], role: str, plan: Plan) -> str:
    return "、".join(label_of(one.department, plan) for one in parts if one.role == role)


def texts_of(task: Task) -> dict[str, str]:
    """Return a task (loaded by `in_order`) as the texts of its row."""
    parts = list(task.assignments.all())
    lead = _names(parts, Assignment.Role.LEAD, task.plan)
    return {
        "title": task.title,
        "kind": str(task.get_kind_display()),
        "quantity": "" if task.quantity is None else plain_number(task.quantity),
        "unit": task.unit,
        "starts": task.starts.isoformat(),
        "due": task.due.isoformat(),
        "weight": plain_number(task.weight),
        "deliverable": task.deliverable,
        "evidence_required": YES if task.evidence_required else NO,
        "note": task.note,
        "lead": SEPARATE if task.gathering == Task.Gathering.NONE else lead,
        "responsible": _names(parts, Assignment.Role.RESPONSIBLE, task.plan),
        "cooperate": _names(parts, Assignment.Role.COOPERATE, task.plan),
    }


def version_of(task: Task) -> str:
    """Return what changes whenever a task or its units change."""
    return task.updated_at.isoformat()
