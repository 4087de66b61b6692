"""What a person may do with compiled reports."""

from typing import Any

from django.utils.translation import gettext as _

from core.verdict import YES, Verdict, no
from departments.policies import is_office_of
from plans.models import Plan
from reports.models import Report
from reports.workflow import STEPS


def can_request(user: Any, plan: Plan) -> Verdict:
    """Reports are compiled by the office of the plan's own region, once the plan is in force."""
    if not is_office_of(user, plan.region):
        return no(_("报告由本地区纲要办生成。"))
    if plan.state == Plan.State.DRAFT:
        return no(_("方案启用后才能生成报告。"))
    return YES


def can_recompile(user: Any, report: Report) -> Verdict:
    """A draft is compiled anew while nobody has been consulted; a failed one is tried again."""
    verdict = can_request(user, report.plan)
    if not verdict:
        return verdict
    if report.state in STEPS["begin"].sources:
        return no(_("报告正在生成，请稍候。"))
    if report.state not in STEPS["compile"].sources:
        return no(
            _("报告现在是“%(state)s”，不能重新生成。") % {"state": report.get_state_display()}
        )
    return YES
