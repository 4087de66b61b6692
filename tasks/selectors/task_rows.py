"""A year's tasks as rows of texts, as the grid and table A show them and take them back."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from core.querysets import BaseQuerySet
from departments.models import Department
from plans.models import Plan
from tasks.models import Assignment, Task

# In the order of the table; the last three are units.
LABELS = {
    "title": _("具体措施"),
    "kind": _("类型"),
    "quantity": _("目标数量"),
    "unit": _("计量单位"),
    "starts": _("开始日期"),
    "due": _("完成时限"),
    "weight": _("权重"),
    "deliverable": _("成果形式"),
    "evidence_required": _("须附佐证"),
    "note": _("备注"),
    "lead": _("牵头单位"),
    "responsible": _("负责单位"),
    "cooperate": _("配合单位"),
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
