"""What a person may do with plans."""

from typing import Any

from django.utils.translation import gettext as _

from core.verdict import YES, Verdict, no
from departments.models import Region
from departments.policies import is_office_of
from plans.models import Draft, Plan


def can_import(user: Any, region: Region) -> Verdict:
    """Only the region's own office enters its plan."""
    if is_office_of(user, region):
        return YES
    return no(_("只有%(region)s的纲要办可以录入本地区的方案。") % {"region": region.name})


def can_activate(user: Any, plan: Plan) -> Verdict:
    if not is_office_of(user, plan.region):
        return no(_("只有本地区纲要办可以启用方案。"))
    if plan.state != Plan.State.DRAFT:
        return no(_("方案已经启用，无须再次启用。"))
    if not plan.actions.exists():
        return no(_("方案还没有重点任务，不能启用。"))
    return YES


def can_publish(user: Any, plan: Plan) -> Verdict:
    """A plan is opened to the public by its office, once it is in force."""
    if not is_office_of(user, plan.region):
        return no(_("只有本地区纲要办可以公开方案。"))
    if plan.state == Plan.State.DRAFT:
        return no(_("草稿不能公开，请先启用方案。"))
    return YES


def can_set(user: Any, plan: Plan) -> Verdict:
    """A plan's settings are its office's, as long as the plan is not over."""
    if not is_office_of(user, plan.region):
        return no(_("方案设置由本地区纲要办维护。"))
    if plan.state == Plan.State.CLOSED:
        return no(_("方案已经结束，设置不再改动。"))
    return YES


def can_review(user: Any, draft: Draft) -> Verdict:
    """A draft is checked by the office it was read for, until it has become a plan."""
    if not is_office_of(user, draft.home):
        return no(_("只有本地区纲要办可以核对这份草稿。"))
    if draft.plan_id is not None:
        return no(_("这份草稿已经确认，方案已建立，不能再改。"))
    return YES


def can_set_parents(user: Any, plan: Plan) -> Verdict:
    """Whose plan it is decides which measures of a higher plan its own ones carry out."""
    if is_office_of(user, plan.region):
        return YES
    return no(_("只有%(region)s的纲要办可以确定本方案的上级措施。") % {"region": plan.region.name})


def can_carry_out(plan: Plan, other: Plan) -> Verdict:
    """Measures carry out those of a region above, or of their own region's earlier period.

    An annual plan also carries out the five-year plan in which its year lies. Whether the person
    sees the other plan is not asked here.
    """
    if other.state == Plan.State.DRAFT:
        return no(_("对方方案还是草稿，启用后才能作为上级方案。"))
    if other.region_id == plan.region_id:
        within = plan.kind == Plan.Kind.ANNUAL and other.kind == Plan.Kind.FIVE_YEAR
        if other.start_year < plan.start_year or (within and plan.start_year in other.years):
            return YES
        return no(_("本地区的方案中，只有更早一期的可以作为上级方案。"))
    if not plan.region.path.startswith(other.region.path):
        return no(_("只有上级地区的方案和本地区更早一期的方案可以作为上级方案。"))
    if other.start_year > plan.end_year:
        return no(_("上级方案在本方案结束之后才开始，不能作为上级方案。"))
    return YES
