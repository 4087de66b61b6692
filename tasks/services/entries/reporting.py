"""What a unit does with an entry: types, hands in, signs, takes back (`decisions` has the rest).

Every verb locks the entry's row, asks the policy, writes its transition, its notices and one
audit row, all in one transaction. What is submitted becomes a `Revision` that never changes.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict, DomainError, ensure
from departments.selectors import department_people
from tasks import policies
from tasks.fields import LABELS, fields_of, read, read_all, read_as
from tasks.models import Entry, Evidence, Period, Revision, Transition
from tasks.selectors.entries.before import earlier, is_unchanged, last_revision
from tasks.services.entries.steps import (
    as_seen,
    forget_waiting,
    locked,
    log,
    recall,
    receivers,
    record_saved,
    tell,
)
from tasks.services.sayings import with_reason

TEXT_LIMIT = 20_000  # characters kept of a draft field, valid or not


@dataclass(frozen=True, slots=True)
class Saved:
    """The answer to one saved field: its new version, and what is wrong with it, if anything.

    `read_as` is the number as it was understood, where it was typed in another way.
    """

    version: int
    problem: str
    at: datetime
    read_as: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a person gets for a submission: number, time, and the hash of what was received."""

    revision: Revision
    repeated: bool


def _conflict(entry: Entry, field: str, mine: str) -> Conflict:
    now = entry.draft.get(field, {})
    return Conflict(
        _("“%(field)s”刚被别人改过，两份都在，请选一份。") % {"field": LABELS[field]},
        current={
            "field": field,
            "mine": mine,
            "theirs": now.get("text", ""),
            "version": now.get("version", 0),
        },
    )


@transaction.atomic
def save_field(pk: int, field: str, text: str, version: int, *, by: Any, now: datetime) -> Saved:
    """Keep one field as typed, valid or not; only submitting validates.

    `version` is the field's version that the person saw. Another one stored meanwhile raises
    Conflict with both texts, unless they are the same; nothing is overwritten.
    """
    entry = locked(pk)
    ensure(policies.can_write(by, entry, timezone.localdate(now)))
    before = entry.version
    keep(entry, field, text, version, by=by, now=now)
    if entry.version != before:
        entry.save()
        record_saved(entry, [field], by=by)
    return Saved(
        version=entry.field_version(field),
        problem=read(field, text).problem if text.strip() else "",
        at=now,
        read_as=read_as(field, text),
    )


def keep(entry: Entry, field: str, text: str, version: int, *, by: Any, now: datetime) -> None:
    """Put one field into the draft of a locked entry that the person may write; save it after."""
    if field not in fields_of(entry.task):
        raise DomainError(_("没有这一栏。"), code="unknown_field")
    text = text.replace("\x00", "")[:TEXT_LIMIT]  # PostgreSQL holds no such character
    stored = entry.draft.get(field, {})
    if stored.get("text", "") == text:
        return
    if int(stored.get("version", 0)) != version:
        raise _conflict(entry, field, text)
    entry.draft[field] = {
        "text": text,
        "version": int(stored.get("version", 0)) + 1,
        "by": by.pk,
        "at": now.isoformat(),
    }
    entry.version += 1
    entry.ready = False


@transaction.atomic
def mark_ready(pk: int, *, by: Any, now: datetime) -> Entry:
    """Let a person say that an entry is finished (已填好); raises DomainError per field."""
    entry = locked(pk)
    ensure(policies.can_write(by, entry, timezone.localdate(now)))
    _checked(entry)
    entry.ready = True
    entry.save()
    audit.record("tasks.entry.ready", entry, by=by, region_path=entry.period.region.path)
    return entry


def _checked(entry: Entry) -> tuple[dict[str, Any], list[Evidence]]:
    """Return the values and files of a draft fit to be handed in; else raise all that is wrong."""
    values, wrong = read_all(entry.task, entry.draft)
    files = list(Evidence.objects.filter(entry=entry, removed_at__isnull=True))
    proofs = [one for one in files if one.purpose == Evidence.Purpose.EVIDENCE]
    if entry.task.evidence_required and not proofs:
        wrong["evidence"] = [_("这项任务须附佐证材料，请至少上传一个文件。")]
    if wrong:
        raise DomainError(
            _("有 %(count)s 处需要填写或修改。") % {"count": len(wrong)}, fields=wrong
        )
    return values, files


def _content_hash(values: dict[str, Any], evidence: list[Evidence]) -> str:
    content = orjson.dumps(
        {**values, "evidence": [one.sha256 for one in evidence]},
        option=orjson.OPT_SORT_KEYS,
        default=str,
    )
    return hashlib.sha256(content).hexdigest()


def _revise(entry: Entry, *, by: Any, now: datetime) -> Revision:
    """Make the revision of a locked draft; one handed in after the archiving is a correction."""
    values, evidence = _checked(entry)
    fields = [entry.draft.get(name, {}) for name in values]
    revision = Revision(
        entry=entry,
        number=Revision.objects.filter(entry=entry).count() + 1,
        of_version=entry.version,
        is_late=policies.is_late(entry, timezone.localdate(now)),
        is_correction=entry.period.state == Period.State.FROZEN,
        unchanged=is_unchanged(entry, last_revision(entry, earlier(entry)), values),
        prefilled=sum(bool(one.get("prefilled") and one.get("text")) for one in fields),
        submitted_by=by,
        submitted_at=now,
        sha256=_content_hash(values, evidence),
        **values,
    )
    revision.save(force_insert=True)
    revision.evidence.set(evidence)
    return revision


@transaction.atomic
def submit(pk: int, version: int, *, by: Any, now: datetime) -> Receipt:
    """Hand in the draft that the person saw (`version`); clicking twice is one submission.

    Raises DomainError with every field's sentences, or Conflict when the draft has moved on.
    Where the plan asks for it, a liaison's submission waits for the head's signature.
    """
    entry = locked(pk)
    again = Revision.objects.filter(entry=entry, of_version=version).first()
    if again is not None and policies.of_unit(by, entry) and version == entry.version:
        return Receipt(again, repeated=True)
    ensure(policies.can(by, entry, "submit", now))
    if version != entry.version:
        raise Conflict(
            _("内容在您打开之后又有改动，请看过最新内容再报送。"),
            current={"version": entry.version, "draft": entry.draft},
        )
    revision = _revise(entry, by=by, now=now)
    before = entry.state
    entry.submitted, entry.ready = revision, True
    waits = (
        entry.kind == Entry.Kind.REPORT
        and entry.task.plan.settings.needs_signoff
        and by.acting.role != "head"
    )
    entry.state = Entry.State.AWAITING if waits else Entry.State.SUBMITTED
    entry.save()
    step = log(entry, "submit", before, by=by, now=now, revision=revision)
    today = timezone.localdate(now)
    people = (
        department_people([entry.department_id], today, ("head",))
        if waits
        else receivers(entry, today)
    )
    tell(
        people,
        step,
        "waiting",
        _("%(unit)s报送了“%(task)s”，等您处理。")
        % {"unit": entry.department.name, "task": entry.task.title},
    )
    return Receipt(revision, repeated=False)


@transaction.atomic
def sign(pk: int, *, by: Any, now: datetime, seen: int | None = None) -> Entry:
    """Let the head of a unit sign what a liaison prepared; only then does it reach the office.

    `seen` is the id of the revision that was read; another one stored meanwhile is a Conflict.
    """
    entry = locked(pk)
    ensure(policies.can(by, entry, "sign", now))
    as_seen(entry, seen)
    before, entry.state = entry.state, Entry.State.SUBMITTED
    entry.save()
    step = log(entry, "sign", before, by=by, now=now, revision=entry.submitted)
    tell(
        receivers(entry, timezone.localdate(now)),
        step,
        "waiting",
        _("%(unit)s报送了“%(task)s”，等您处理。")
        % {"unit": entry.department.name, "task": entry.task.title},
    )
    return entry


def _reclaim(entry: Entry, verb: str, *, by: Any, now: datetime, reason: str = "") -> Transition:
    """Turn what was handed in into a draft again; what the unit's head had not signed never came.

    The revision stays on record; where it was unsigned, the one before it stands again.
    """
    before, entry.state = entry.state, Entry.State.DRAFT
    taken = entry.submitted
    if before == Entry.State.AWAITING:
        entry.submitted = Revision.objects.filter(entry=entry).received().last()
    entry.version += 1
    entry.ready = entry.ready and not reason
    entry.save()
    return log(entry, verb, before, by=by, now=now, revision=taken, reason=reason)


@transaction.atomic
def withdraw(pk: int, *, by: Any, now: datetime) -> Entry:
    """Take back what was handed in, before checking; the revision stays on record."""
    entry = locked(pk)
    ensure(policies.can(by, entry, "withdraw", now))
    recall(entry, _reclaim(entry, "withdraw", by=by, now=now))
    return entry


@transaction.atomic
def hand_back(pk: int, reason: str, *, by: Any, now: datetime) -> Entry:
    """Give an unsigned submission back to the liaison, with the head's reason."""
    entry = locked(pk)
    ensure(policies.can(by, entry, "hand_back", now))
    step = _reclaim(entry, "hand_back", by=by, now=now, reason=with_reason(reason))
    forget_waiting(entry, step)
    today = timezone.localdate(now)
    tell(
        department_people([entry.department_id], today, ("liaison",)),
        step,
        "returned",
        _("本单位负责人没有审签“%(task)s”，请按理由修改：%(reason)s")
        % {"task": entry.task.title, "reason": reason.strip()[:100]},
    )
    return entry
