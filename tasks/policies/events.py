"""What a person may do with the register of events, and why not."""

from typing import Any

from django.utils.translation import gettext as _

from core.verdict import YES, Verdict, no
from departments.models import Department
from departments.policies import is_office_of
from tasks.models import Event


def can_record_event(user: Any, department: Department) -> Verdict:
    """A unit records what it held; the office records for the units of its region."""
    acting = getattr(user, "acting", None)
    if acting is None or not (acting.department_id or acting.is_office()):
        return no(_("活动台账由各单位和本地区纲要办登记。"))
    if department.is_group:
        return no(_("“%(name)s”是单位集合，请选具体的单位。") % {"name": department})
    if acting.department_id is not None:
        mine = acting.department_id == department.pk
        return YES if mine else no(_("只能登记本单位的活动。"))
    if acting.region_id != department.region_id:
        return no(_("只能登记本地区各单位的活动。"))
    return YES


def can_edit_event(user: Any, event: Event) -> Verdict:
    acting = getattr(user, "acting", None)
    mine = acting is not None and acting.department_id == event.department_id
    if not mine and not is_office_of(user, event.region):
        return no(_("由登记的单位或本地区纲要办修改。"))
    if event.struck_at:
        return no(_("这条记录已删除，不能再改。"))
    return YES
