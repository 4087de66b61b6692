"""催办 of a 督办件 by the office: a notice in the portal, or a note of a call or a visit."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import workdays
from core.errors import DomainError, ensure
from tasks.fields import clean
from tasks.models import Reminder, SupervisionItem
from tasks.policies import supervision
from tasks.policies.nudging import CHANNELS, can_chase_again, chased_on
from tasks.services.supervision import steps
from tasks.services.supervision.items import until
from tasks.services.supervision.steps import log, tell


def text_of(item: SupervisionItem) -> str:
    """Return what a unit is told, ready to be read out or copied."""
    asked = _("请尽快签收办理") if item.state == item.State.PENDING else _("请按时反馈办理情况")
    return _("%(unit)s：督办件 %(number)s“%(title)s”，%(until)s，%(asked)s。") % {
        "unit": item.department.name,
        "number": item.number,
        "title": item.title,
        "until": until(item),
        "asked": asked,
    }


def _told_by_notice(item: SupervisionItem, on: date) -> list[int | None]:
    """Return whom a notice to the unit of a locked item reaches; raises DomainError for nobody."""
    unit = item.department
    people: list[int | None] = list(steps.unit(item, on))
    again = can_chase_again(unit.pk, unit.name, chased_on(on, item))
    stop = ""
    if not people:
        stop = _("承办单位还没有账号，收不到通知。请电话或当面催办后记在这里。")
    elif not again:
        stop = _("%s。打过电话、当面催过的，可以记在这里。") % again.reason
    if stop:
        raise DomainError(stop, fields={"channel": [stop]})
    return people


@transaction.atomic
def nudge(pk: int, channel: str, words: str = "", *, by: Any, now: datetime) -> SupervisionItem:
    """Chase the unit of an item: by a notice to its people, once a day, or noted as 电话 or 当面.

    Each person reached (or the unit as a whole) leaves a `Reminder`; the deed itself is one step.
    """
    item = steps.locked(pk)
    ensure(supervision.can(by, item, "nudge", now))
    on, said = timezone.localdate(now), clean(words).strip()
    if channel not in CHANNELS:
        raise DomainError(_("请选催办方式。"), fields={"channel": [_("请选催办方式。")]})
    people: list[int | None] = [None]
    if channel == Reminder.Channel.NOTICE:
        people = _told_by_notice(item, on)
    Reminder.objects.bulk_create(
        Reminder(
            kind=Reminder.Kind.NUDGE,
            channel=channel,
            item=item,
            department=item.department,
            person_id=person,
            on=on,
            at=now,
            stage=workdays.between(on, item.due) if item.due else None,
            words=said[:300],
            by=by,
        )
        for person in people
    )
    item.save()
    word = str(Reminder.Channel(channel).label)
    text = f"{word}：{said}" if said else word
    step = log(item, "nudge", item.state, by=by, now=now, text=text, channel=channel)
    if channel == Reminder.Channel.NOTICE:
        tell(steps.unit(item, on), step, "nudge", f"{text_of(item)}{said}")
    return item
