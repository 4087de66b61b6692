"""What the 汇总单位 does with other units: takes their words, and notes whom it asked."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError, ensure
from departments.models import Department
from tasks import policies
from tasks.fields import LABELS, MAX_TEXT, clean
from tasks.models import Consultation, Entry
from tasks.selectors.entries.exchange import without_account
from tasks.services.entries.reporting import keep
from tasks.services.entries.steps import locked, record_saved

WORDS = ("done", "problems", "next_steps")


@transaction.atomic
def copy_part(pk: int, part: Entry, *, by: Any, now: datetime) -> list[str]:
    """Put the words of a unit's part behind those of one's own draft, under the unit's name.

    Return the fields that grew. A part copied already adds nothing; one that would make a field
    too long is refused whole, in words.
    """
    entry = locked(pk)
    ensure(policies.can_write(by, entry, timezone.localdate(now)))
    ensure(policies.can_copy(by, entry, part))
    grown = []
    for name in WORDS:
        said = str(getattr(part.submitted, name)).strip()
        addition = f"【{part.department.name}】{said}"
        typed = entry.typed(name).rstrip()
        if not said or addition in typed:
            continue
        both = f"{typed}\n{addition}" if typed else addition
        if len(both) > MAX_TEXT:
            raise DomainError(
                _("“%(field)s”并入后会超过 %(most)s 字，请先删短，或只摘要写入。")
                % {"field": LABELS[name], "most": MAX_TEXT}
            )
        keep(entry, name, both, entry.field_version(name), by=by, now=now)
        grown.append(name)
    if not grown:
        raise DomainError(_("这一部分的文字已经并入过了。"))
    entry.save()
    record_saved(entry, grown, by=by)
    return grown


@transaction.atomic
def consult(
    pk: int, department: Department, on: date, answer: str, *, by: Any, now: datetime
) -> Consultation:
    """Note that the 汇总单位 asked a unit without an account about its part (已征求意见)."""
    entry = locked(pk)
    today = timezone.localdate(now)
    ensure(policies.can_write(by, entry, today))
    if department not in without_account(entry, today):
        raise DomainError(
            _("只登记没有账号的承办单位；有账号的单位请让它自己报送。"),
            fields={"department": [_("请选没有账号的承办单位。")]},
        )
    if not entry.task.starts <= on <= today:
        sentence = _("征求日期应在任务开始之后、今天以前。")
        raise DomainError(sentence, fields={"on": [sentence]})
    made = Consultation(
        entry=entry,
        department=department,
        on=on,
        answer=clean(answer).strip()[:500],
        by=by,
        at=now,
    )
    made.save(force_insert=True)
    audit.record(
        "tasks.entry.consult",
        entry,
        by=by,
        detail={"department": department.pk, "on": on.isoformat()},
        region_path=entry.period.region.path,
    )
    return made
