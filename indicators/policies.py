"""What a person may do with observed values."""

from typing import Any

from django.utils.translation import gettext as _

from core.verdict import YES, Verdict, no
from departments.models import Department, Region
from departments.policies import is_office_of, oversees
from departments.selectors import has_office
from indicators.models import Observation
from indicators.workflow import STEPS


def can_observe(user: Any, region: Region, department: Department | None = None) -> Verdict:
    """A region's office enters its values, and a department those of its own work.

    An office above enters for a region that has no office of its own in the portal (one query).
    """
    acting = getattr(user, "acting", None)
    if is_office_of(user, region) or (oversees(user, region) and not has_office(region)):
        return YES
    if (
        acting is not None
        and department is not None
        and acting.department_id == department.pk
        and department.region_id == region.pk
    ):
        return YES
    return no(_("指标数值由本地区纲要办或承担统计的单位填报。"))


def can_submit(user: Any, observation: Observation) -> Verdict:
    if observation.state not in STEPS["submit"].sources:
        return no(_("这个数值已经报送，等待核对。"))
    acting = getattr(user, "acting", None)
    if acting is not None and acting.is_office() and acting.region_id == observation.office_id:
        return YES
    return can_observe(user, observation.region, observation.department)


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
