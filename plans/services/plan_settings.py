"""What a plan's office decides for it: names, thresholds, signature, what may be shown."""

import re
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError, ensure
from plans import policies
from plans.models import Plan, PlanSettings

FIELDS = (
    "group_name", "office_name", "signature_name", "behind_points", "far_behind_points",
    "schedule_from", "needs_signoff", "ranking", "units_on_screen", "annual_draft_on",
)  # fmt: skip
NAMES = ("group_name", "office_name", "signature_name")

TEXTS = (*NAMES, "annual_draft_on")


def _wrong(plan: Plan, values: dict[str, Any]) -> dict[str, list[str]]:
    wrong = {name: [_("请填写名称。")] for name in NAMES if not values[name].strip()}
    for name in ("behind_points", "far_behind_points"):
        if not 1 <= values[name] <= 100:
            wrong[name] = [_("请填 1 到 100 之间的整数。")]
    if not wrong.keys() & {"behind_points", "far_behind_points"} and (
        values["far_behind_points"] <= values["behind_points"]
    ):
        wrong["far_behind_points"] = [_("严重滞后的界限须大于滞后的界限。")]
    if values["schedule_from"] not in PlanSettings.Schedule.values:
        wrong["schedule_from"] = [_("请选择五年序时的起点。")]
    elif values["schedule_from"] == PlanSettings.Schedule.ISSUED and plan.issued_on is None:
        wrong["schedule_from"] = [_("方案没有印发日期，不能自印发之日起算。")]
    if values["annual_draft_on"] and not _is_day(values["annual_draft_on"]):
        wrong["annual_draft_on"] = [
            _("请按“月-日”填写每年都有的一天，例如 01-15；不自动生成就留空。")
        ]
    return wrong


def _is_day(text: str) -> bool:
    """Tell whether a text is a day that every year has, as MM-DD."""
    try:
        return bool(re.fullmatch("[0-9]{2}-[0-9]{2}", text)) and bool(
            date.fromisoformat(f"2001-{text}")
        )
    except ValueError:
        return False


@transaction.atomic
def set_settings(plan: Plan, values: dict[str, Any], *, by: Any) -> PlanSettings:
    """Change a plan's settings; raises DomainError per field. The audit row has before and after.

    A changed threshold or start of the schedule counts at once, for earlier dates too.
    """
    plan = Plan.objects.select_for_update(of=("self",)).select_related("region").get(pk=plan.pk)
    ensure(policies.can_set(by, plan))
    given = {name: values[name].strip() if name in TEXTS else values[name] for name in FIELDS}
    if wrong := _wrong(plan, given):
        raise DomainError(_("有内容不符合要求。"), fields=wrong)
    row, _made = PlanSettings.objects.get_or_create(plan=plan)
    before = {name: getattr(row, name) for name in FIELDS}
    changed = [name for name in FIELDS if before[name] != given[name]]
    for name in changed:
        setattr(row, name, given[name])
    row.save()
    audit.record(
        "plans.settings.set",
        plan,
        by=by,
        detail={
            "before": {name: before[name] for name in changed},
            "after": {name: given[name] for name in changed},
        },
        region_path=plan.region.path,
    )
    return row
