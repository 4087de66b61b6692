"""What a person may do with observed values."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.verdict import YES, Verdict, no
from departments.models import Department, Region
from departments.policies import is_office_of, oversees
from departments.selectors import with_office
from indicators.models import Indicator, Observation
from indicators.querysets import ADMINISTRATORS
from indicators.workflow import STEPS
from plans.models import Plan

May = Callable[[Region, Department | None], Verdict]


def may_observe(user: Any, regions: Iterable[Region]) -> May:
    """Return who may enter values, for many places at once (at most one query).

    A region's office enters its values, and a department those of its own work. An office above
    enters for a region that has no office of its own in the portal.
    """
    acting = getattr(user, "acting", None)
    below = [one for one in regions if oversees(user, one) and not is_office_of(user, one)]
    staffed = with_office(below, timezone.localdate()) if below else set()

    def may(region: Region, department: Department | None) -> Verdict:
        if department is not None and department.region_id != region.pk:
            return no(_("这个单位不属于该地区。"))
        if oversees(user, region):
            if region.pk in staffed:
                return no(_("该地区有自己的纲要办，数值由其填报。"))
            return YES
        if acting is not None and department is not None and acting.department_id == department.pk:
            return YES
        return no(_("指标数值由本地区纲要办或承担统计的单位填报。"))

    return may


def can_observe(user: Any, region: Region, department: Department | None = None) -> Verdict:
    """Tell whether a person may enter a value of a region or department (at most one query)."""
    return may_observe(user, [region])(region, department)


def can_take_values(user: Any) -> Verdict:
    """Tell whether a person may take values out as a file: administrators see none."""
    acting = getattr(user, "acting", None)
    if acting is None or acting.role in ADMINISTRATORS:
        return no(_("您现在的身份不看指标数值。"))
    return YES


def can_use_sheets(user: Any) -> Verdict:
    """Tell whether a person may bring in files with values; of which places, each row says."""
    acting = getattr(user, "acting", None)
    if acting is not None and (acting.is_office() or acting.department_id is not None):
        return YES
    return no(_("指标数值由本地区纲要办或承担统计的单位填报。"))


def _stands_for(user: Any, row: Observation) -> bool:
    """Tell whether the person acts as the office that stands for a value."""
    acting = getattr(user, "acting", None)
    return acting is not None and acting.is_office() and acting.region_id == row.office_id


def can_submit(user: Any, row: Observation, may: May) -> Verdict:
    """Who may enter a value hands it in, and so does the office that stands for it."""
    if row.state not in STEPS["submit"].sources:
        return no(_("这个数值已经报送，等待核对。"))
    return YES if _stands_for(user, row) else may(row.region, row.department)


def can_withdraw(user: Any, row: Observation, may: May) -> Verdict:
    if row.state not in STEPS["withdraw"].sources:
        return no(_("这个数值现在不在待核对状态。"))
    return YES if _stands_for(user, row) else may(row.region, row.department)


def can_discard(user: Any, row: Observation, may: May) -> Verdict:
    """A draft that was never handed in may go; what came back is part of the record."""
    if row.state != Observation.State.DRAFT or row.submitted_at is not None:
        return no(_("报送过的数值要留存，不能删除。"))
    return YES if _stands_for(user, row) else may(row.region, row.department)


def can_verify(user: Any, observation: Observation) -> Verdict:
    """The office that stands for a value checks it (no query).

    Who entered it checks it only where nobody else can: `services.verify` sees to that.
    """
    if observation.state not in STEPS["verify"].sources:
        return no(_("这个数值现在不在待核对状态。"))
    acting = getattr(user, "acting", None)
    office = observation.office_id or observation.region_id
    if acting is None or not acting.is_office() or acting.region_id != office:
        return no(_("指标数值由本地区纲要办核对。"))
    return YES


def can_change_targets(user: Any, plan: Plan) -> Verdict:
    """The office whose plan it is changes what it promises, with a reason."""
    if plan.state == Plan.State.CLOSED:
        return no(_("方案已结束，目标不能再改。"))
    if is_office_of(user, plan.region):
        return YES
    return no(_("目标由本地区纲要办调整。"))


def can_define(user: Any, indicator: Indicator | None = None) -> Verdict:
    """An office adds indicators, and changes those that it keeps itself."""
    acting = getattr(user, "acting", None)
    if acting is None or not acting.is_office():
        return no(_("指标由纲要办维护。"))
    if indicator is not None and indicator.region_id != acting.region_id:
        return no(_("这个指标由全国统一口径或其他地区维护，不能在这里修改。"))
    return YES
