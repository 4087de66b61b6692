"""How a region reports: its rhythm, how much time is given, when and how often it reminds."""

import re
import unicodedata
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError, NotAllowed
from departments.models import Region
from departments.policies import is_office_of
from tasks.models import ReportingRules

LIMITS = {
    "fill_days": (1, 60),
    "grace_days": (0, 120),
    "check_days": (1, 60),
    "most_reminders": (0, 20),
    "supervision_soon_days": (0, 60),
}
MOST_STAGES = 5
FIELDS = ("rhythm", *LIMITS, "remind_days")


def read_days(text: str) -> tuple[list[int], str]:
    """Read “7、3、1”: the days, the farthest first, and what is wrong with the text, if anything.

    Full-width digits and any separator will do; 0 alone means that nobody is reminded.
    """
    parts = [one for one in re.split(r"[、,，;；/\s]+", unicodedata.normalize("NFKC", text)) if one]
    if not parts or not all(one.isascii() and one.isdigit() and len(one) < 4 for one in parts):
        return [], _("请写工作日数，用顿号隔开，例如“7、3、1”；不提醒就写 0。")
    days = sorted({int(one) for one in parts}, reverse=True)
    if days == [0]:
        return [], ""
    if days[-1] == 0:
        return [], _("0 表示不提醒，不能和别的天数写在一起。")
    if len(days) > MOST_STAGES:
        return [], _("提前提醒最多 %s 次。") % MOST_STAGES
    return days, ""


def _wrong(values: dict[str, Any], days: list[int], said: str) -> dict[str, list[str]]:
    wrong = {
        name: [_("请填 %(least)s 到 %(most)s 之间的整数。") % {"least": least, "most": most}]
        for name, (least, most) in LIMITS.items()
        if not least <= values[name] <= most
    }
    if values["rhythm"] not in ReportingRules.Rhythm.values:
        wrong["rhythm"] = [_("请选择填报周期。")]
    if said:
        wrong["remind_days"] = [said]
    elif days and "fill_days" not in wrong and days[0] >= values["fill_days"]:
        wrong["remind_days"] = [
            _("填报时间只有 %(fill)s 个工作日，提前 %(day)s 个工作日提醒时还没有启动。")
            % {"fill": values["fill_days"], "day": days[0]}
        ]
    return wrong


@transaction.atomic
def set_rules(region: Region, values: dict[str, Any], *, by: Any) -> ReportingRules:
    """Set how a region reports; `remind_days` as typed. Counts for what is scheduled from now on.

    Raises DomainError per field. The audit row has what was and what is.
    """
    if not is_office_of(by, region):
        raise NotAllowed(_("填报规则由本地区纲要办设定。"))
    days, said = read_days(str(values["remind_days"]))
    if wrong := _wrong(values, days, said):
        raise DomainError(_("有内容不符合要求。"), fields=wrong)
    given = {name: values[name] for name in FIELDS} | {"remind_days": days}
    rules, _made = ReportingRules.objects.select_for_update().get_or_create(region=region)
    before = {name: getattr(rules, name) for name in FIELDS}
    changed = {name for name in FIELDS if before[name] != given[name]}
    for name in changed:
        setattr(rules, name, given[name])
    rules.save()
    audit.record(
        "tasks.rules.set",
        rules,
        by=by,
        detail={
            "before": {name: before[name] for name in sorted(changed)},
            "after": {name: given[name] for name in sorted(changed)},
        },
        region_path=region.path,
    )
    return rules
