"""延期: a unit asks for more time before the deadline, the office answers."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import workdays
from core.errors import DomainError, ensure
from tasks.fields import clean
from tasks.models import ExtensionRequest, SupervisionItem
from tasks.policies import supervision
from tasks.services.sayings import said
from tasks.services.supervision import steps
from tasks.services.supervision.steps import log, tell


@transaction.atomic
def ask(pk: int, until: date | None, reason: str, *, by: Any, now: datetime) -> ExtensionRequest:
    """Ask for more time, with the reason and the new day; one request waits at a time."""
    item = steps.locked(pk)
    ensure(supervision.can(by, item, "ask_extension", now))
    before = item.due
    if until is None or before is None or until <= before:
        late = _("请填一个晚于原时限的日期。")
        raise DomainError(late, fields={"until": [late]})
    if far := workdays.beyond(until):
        raise DomainError(far, fields={"until": [far]})
    words = said(reason, "reason", _("请写明延期的理由。"))
    try:
        with transaction.atomic():
            row = ExtensionRequest.objects.create(
                item=item, before=before, until=until, reason=words, by=by, at=now
            )
    except IntegrityError:
        raise DomainError(_("已有一份延期申请在等纲要办答复。")) from None
    item.save()
    text = f"{before.isoformat()} → {until.isoformat()}：{words}"
    step = log(item, "ask_extension", item.state, by=by, now=now, text=text, until=until)
    sentence = _("%(unit)s申请把督办件 %(number)s延期至 %(day)s，请答复。")
    told = {"unit": item.department.name, "number": item.number, "day": until.isoformat()}
    tell(steps.office(item, timezone.localdate(now)), step, "waiting", sentence % told)
    return row


@transaction.atomic
def grant(pk: int, note: str = "", *, by: Any, now: datetime) -> SupervisionItem:
    """Give the time that was asked for; the deadline moves."""
    item = steps.locked(pk)
    row = _answered(item, "grant", clean(note).strip()[:300], by=by, now=now)
    item.due = row.until
    item.save()
    step = log(
        item, "grant", item.state, by=by, now=now, text=row.answer_note, due=row.until.isoformat()
    )
    text = _("督办件 %(number)s“%(title)s”同意延期至 %(day)s。")
    told = {"number": item.number, "title": item.title, "day": row.until.isoformat()}
    tell(steps.unit(item, timezone.localdate(now)), step, "instruction", text % told)
    return item


@transaction.atomic
def refuse(pk: int, note: str, *, by: Any, now: datetime) -> SupervisionItem:
    """Refuse a request for more time, with the reason; the deadline stays."""
    item = steps.locked(pk)
    ensure(supervision.can(by, item, "refuse", now))
    words = said(note, "note", _("请写明不同意延期的理由。"))
    _answered(item, "refuse", words, by=by, now=now)
    item.save()
    step = log(item, "refuse", item.state, by=by, now=now, text=words)
    text = _("督办件 %(number)s“%(title)s”不同意延期：%(why)s")
    told = {"number": item.number, "title": item.title, "why": words}
    tell(steps.unit(item, timezone.localdate(now)), step, "instruction", text % told)
    return item


def _answered(
    item: SupervisionItem, verb: str, note: str, *, by: Any, now: datetime
) -> ExtensionRequest:
    """Write the answer into the request that waits."""
    ensure(supervision.can(by, item, verb, now))
    row = ExtensionRequest.objects.select_for_update().get(item=item, answer="")
    granted = verb == "grant"
    row.answer = ExtensionRequest.Answer.GRANTED if granted else ExtensionRequest.Answer.REFUSED
    row.answer_note, row.answered_by, row.answered_at = note, by, now
    row.save()
    return row
