"""The office's 综合判定 of tasks that no 汇总单位 reports."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError, ensure
from tasks import policies
from tasks.models import Judgement, Period, Task


@transaction.atomic
def judge(
    task: Task, period: Period, percent: Decimal, reason: str, *, by: Any, now: datetime
) -> Judgement:
    """Record how far a task is (percent of its year), and why; the newest one counts."""
    ensure(policies.can_judge(by, task))
    wrong: dict[str, list[str]] = {}
    if not 0 <= percent <= 100:
        wrong["percent"] = [_("完成比例应在 0 到 100 之间。")]
    if not reason.strip():
        wrong["reason"] = [_("请写明判定理由。")]
    if wrong:
        raise DomainError(_("有内容不符合要求。"), fields=wrong)
    judgement = Judgement(
        task=task, period=period, percent=percent, reason=reason.strip()[:500], by=by, at=now
    )
    judgement.save(force_insert=True)
    audit.record(
        "tasks.task.judge",
        task,
        by=by,
        detail={"period": period.pk, "percent": percent, "reason": judgement.reason},
        region_path=task.plan.region.path,
    )
    return judgement
