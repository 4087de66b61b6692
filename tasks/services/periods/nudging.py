"""催办 by hand: the office reminds units that owe, or notes that it did so by other means."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, notices
from core.errors import DomainError, ensure
from core.mail import Message
from tasks import policies
from tasks.fields import clean
from tasks.models import Period, Reminder
from tasks.policies.nudging import CHANNELS, can_chase_again, chased_on
from tasks.selectors.periods.nudging import told_of
from tasks.selectors.periods.reminders import Debt, owed_in_periods, unit_people


@dataclass(frozen=True, slots=True)
class Nudged:
    """What came of it: the units that were told, and why others were not."""

    told: list[str]
    left_out: list[str]


@transaction.atomic
def nudge(
    pk: int,
    departments: Iterable[int],
    channel: str,
    *,
    by: Any,
    now: datetime,
    whom: str = "",
    words: str = "",
) -> Nudged:
    """Chase units that owe in a period: by notice and mail, or noted as 电话 or 当面.

    The period's row is locked, so that two people of the office who press at once send a unit one
    notice a day (the constraint `tasks_reminder_nudge_once_a_day` stands behind that). Units that
    owe nothing, have nobody, or were told today are left out and named. Raises DomainError.
    """
    period = Period.objects.select_for_update(of=("self",)).select_related("region").get(pk=pk)
    ensure(policies.can_nudge(by, period))
    whom, words = clean(whom).strip(), clean(words).strip()
    chosen = list(dict.fromkeys(departments))
    _ensure_complete(chosen, channel, whom, words)
    day = timezone.localdate(now)
    owed = {one.department_id: one for one in owed_in_periods(day, period)}
    told = [owed[unit] for unit in chosen if unit in owed]
    left_out = []
    if len(told) < len(chosen):
        left_out.append(_("%s 个单位没有欠报的，未催办") % (len(chosen) - len(told)))
    if channel == Reminder.Channel.NOTICE:
        told, refused = _by_notice(period, told, words, by=by, now=now)
        left_out += refused
        said = words
    else:
        said = _("%(whom)s：%(words)s") % {"whom": whom, "words": words}
    Reminder.objects.bulk_create(
        Reminder(
            kind=Reminder.Kind.NUDGE,
            channel=channel,
            period=period,
            department_id=one.department_id,
            on=day,
            at=now,
            stage=one.left,
            entries=one.todo + one.awaiting,
            words=said[:300],
            by=by,
        )
        for one in told
    )
    audit.record(
        "tasks.period.nudge",
        period,
        by=by,
        detail={"channel": channel, "units": [one.department_id for one in told]},
        region_path=period.region.path,
    )
    return Nudged([one.department for one in told], left_out)


def _ensure_complete(chosen: list[int], channel: str, whom: str, words: str) -> None:
    wrong: dict[str, list[str]] = {}
    if not chosen:
        wrong["unit"] = [_("请至少选一个单位。")]
    if channel not in CHANNELS:
        wrong["channel"] = [_("请选一种方式。")]
    elif channel != Reminder.Channel.NOTICE:
        if not whom:
            wrong["whom"] = [_("请写明联系了谁。")]
        if not words:
            wrong["words"] = [_("请写明说了什么、对方怎么答复。")]
    for field, text, most in (("whom", whom, 60), ("words", words, 200)):
        if len(text) > most:
            wrong[field] = [
                _("最多 %(most)s 个字，现在 %(n)s 个。") % {"most": most, "n": len(text)}
            ]
    if wrong:
        raise DomainError(_("有内容不符合要求。"), fields=wrong)


def _by_notice(
    period: Period, owed: list[Debt], words: str, *, by: Any, now: datetime
) -> tuple[list[Debt], list[str]]:
    """Leave the notices; return who was told, and the sentences of who was not."""
    day = timezone.localdate(now)
    chased = chased_on(day, period)
    people = unit_people([one.department_id for one in owed], day)
    told, messages, left_out = [], [], []
    for one in owed:
        persons = told_of(people.get(one.department_id, {}))
        if not (again := can_chase_again(one.department_id, one.department, chased)):
            left_out.append(again.reason)
        elif not persons:
            left_out.append(_("%s没有账号，请复制文字另行联系，再记为电话或当面") % one.department)
        else:
            told.append(one)
            event = f"nudge:{period.pk}:{one.department_id}:{day.isoformat()}"
            text = _text(period, one, words)
            messages += [
                Message(person, event=event, text=text, view="period", subject=period.pk)
                for person in persons
            ]
    notices.tell_each(messages, reason="nudge", after=now)
    return told, left_out


def _text(period: Period, debt: Debt, words: str) -> str:
    told = _(
        "纲要办催办：%(unit)s%(period)s填报还有 %(count)s 项未报送，时限 %(due)s，请尽快报送。"
    ) % {
        "unit": debt.department,
        "period": period.name,
        "count": debt.todo + debt.awaiting,
        "due": debt.due.isoformat(),
    }
    return told + words
