"""What a person may do with the year's tasks, and why not."""

from typing import Any

from django.utils.translation import gettext as _

from core.verdict import YES, Verdict, no
from departments.models import Department
from departments.policies import is_office_of
from plans.models import Plan
from tasks.models import Task


def can_make_tasks(user: Any, plan: Plan) -> Verdict:
    if not is_office_of(user, plan.region):
        return no(_("年度任务由本地区纲要办分解。"))
    if plan.state != Plan.State.ACTIVE:
        return no(_("方案启用后才能分解年度任务。"))
    return YES


def can_edit_task(user: Any, task: Task) -> Verdict:
    if not is_office_of(user, task.plan.region):
        return no(_("年度任务由本地区纲要办维护。"))
    if task.cancelled_at:
        return no(_("任务已取消。"))
    return YES


def handed_to(user: Any, task: Task) -> Verdict:
    """A task is handed down to the office of a lower region through that region's 科协."""
    acting = getattr(user, "acting", None)
    if acting is None or not acting.is_office():
        return no(_("上级交办的任务由本地区纲要办分解。"))
    here, above = acting.region_path, task.plan.region.path
    if here == above or not here.startswith(above):
        return no(_("这不是上级交办的任务。"))
    given = any(
        one.department.region_id == acting.region_id
        and one.department.kind == Department.Kind.ASSOCIATION
        for one in task.assignments.all()
    )
    return YES if given else no(_("这项任务没有交办给本地区。"))


def can_break_down(user: Any, task: Task, plan: Plan | None) -> Verdict:
    """The lower office breaks a task down in its own plan, in force in the year of the task."""
    if not (verdict := handed_to(user, task)):
        return verdict
    if task.cancelled_at:
        return no(_("任务已取消。"))
    if plan is None or plan.state != Plan.State.ACTIVE or task.year not in plan.years:
        return no(
            _("本地区还没有启用的、包括 %(year)s 年的方案，请先启用方案再分解。")
            % {"year": task.year}
        )
    if not is_office_of(user, plan.region):
        return no(_("只能分解到本地区的方案里。"))
    return YES


def can_judge(user: Any, task: Task) -> Verdict:
    """The office judges tasks that no 汇总单位 reports."""
    if not is_office_of(user, task.plan.region):
        return no(_("综合判定由本地区纲要办作出。"))
    if task.gathering != Task.Gathering.NONE:
        return no(_("这项任务由汇总单位报送，不需要综合判定。"))
    return YES
