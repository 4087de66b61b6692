"""What leaders ask for, on screen or on paper, and what the office does about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, notices, workdays
from core.errors import DomainError, ensure
from departments.models import Region
from departments.selectors import office_people
from tasks.fields import clean
from tasks.models import Instruction
from tasks.policies import supervision
from tasks.services.sayings import said
from tasks.services.supervision import steps
from tasks.services.supervision.steps import MOST_WORDS, File


@dataclass(frozen=True, slots=True)
class Subject:
    """The figure that a leader speaks of: which page and row it is on, and its words as seen."""

    view: str
    pk: int
    words: str
    plan: int | None = None


@transaction.atomic
def demand(
    words: str, subject: Subject, *, token: UUID | None = None, by: Any, now: datetime
) -> Instruction:
    """Record what a leader asks for about a figure (提出要求), and tell the office.

    `token` comes with the form: sent twice, it is one requirement.
    """
    ensure(supervision.can_demand(by))
    asked = said(words, "words", _("请写明您的要求。"), MOST_WORDS)
    region, on = by.acting.here, timezone.localdate(now)
    try:
        with transaction.atomic():
            row = Instruction.objects.create(
                region=region,
                plan_id=subject.plan,
                kind=Instruction.Kind.DEMAND,
                leader=str(by)[:60],
                on=on,
                words=asked,
                subject=subject.words[:300],
                subject_view=subject.view,
                subject_id=subject.pk,
                token=token,
                by=by,
            )
    except IntegrityError:
        return Instruction.objects.get(token=token, by=by)
    audit.record(
        "tasks.instruction.demand",
        row,
        by=by,
        detail={"words": asked, "subject": row.subject, "view": subject.view, "id": subject.pk},
        region_path=region.path,
    )
    text = _("%(leader)s提出要求：%(words)s") % {"leader": row.leader, "words": asked}
    _tell(row, "demand", office_people(region, on), text, by, now, "waiting")
    return row


def register(
    region: Region,
    *,
    leader: str,
    on: date,
    words: str,
    attachments: Sequence[File] = (),
    token: UUID | None = None,
    by: Any,
    now: datetime,
) -> Instruction:
    """Register what a leader wrote on paper (批示): who, when, the words, the scan."""
    uploads = steps.accept_all(attachments)
    with transaction.atomic():
        ensure(supervision.can_register(by, region))
        given = _registered(leader, on, words, timezone.localdate(now))
        try:
            with transaction.atomic():
                row = Instruction.objects.create(
                    region=region, kind=Instruction.Kind.WRITTEN, on=on, token=token, by=by, **given
                )
        except IntegrityError:
            return Instruction.objects.get(token=token, by=by)
        names = steps.keep(uploads, by=by, instruction=row)
        audit.record(
            "tasks.instruction.register",
            row,
            by=by,
            detail={**given, "on": on, "files": names},
            region_path=region.path,
        )
    return row


def _registered(leader: str, on: date, words: str, today: date) -> dict[str, str]:
    """Return the words of a 批示; raises DomainError with everything that is wrong."""
    given = {"leader": clean(leader).strip(), "words": clean(words).strip()}
    wrong: dict[str, list[str]] = {}
    if not given["leader"]:
        wrong["leader"] = [_("请写明是哪位领导。")]
    elif len(given["leader"]) > 60:
        wrong["leader"] = [_("最多 60 字。")]
    if on > today:
        wrong["on"] = [_("批示日期不能晚于今天。")]
    elif problem := workdays.beyond(on):
        wrong["on"] = [problem]
    if not given["words"]:
        wrong["words"] = [_("请写明批示内容。")]
    elif len(given["words"]) > MOST_WORDS:
        wrong["words"] = [_("最多 %(most)s 字。") % {"most": MOST_WORDS}]
    if wrong:
        raise DomainError(_("有内容不符合要求。"), fields=wrong)
    return given


@transaction.atomic
def note(pk: int, words: str, *, by: Any, now: datetime) -> Instruction:
    """Answer an instruction without a 督办件 (已阅处理), saying what was done."""
    row = Instruction.objects.select_for_update(of=("self",)).select_related("region").get(pk=pk)
    ensure(supervision.can_note(by, row))
    row.settled_note = said(words, "note", _("请写明怎样处理的。"))
    row.settled_at = now
    row.save()
    audit.record(
        "tasks.instruction.note",
        row,
        by=by,
        detail={"note": row.settled_note},
        region_path=row.region.path,
    )
    if row.kind == Instruction.Kind.DEMAND:
        text = _("您的要求已处理：%(note)s") % {"note": row.settled_note}
        _tell(row, "note", [row.by_id], text, by, now, "instruction")
    return row


def _tell(
    row: Instruction, verb: str, people: list[int], text: str, by: Any, now: datetime, reason: str
) -> None:
    notices.tell(
        [one for one in people if one != by.pk],
        event=f"instruction:{row.pk}:{verb}",
        reason=reason,
        text=text,
        view="instruction",
        subject=row.pk,
        after=now,
    )
