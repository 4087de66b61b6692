"""What every step of an entry shares: its lock, its transition and audit row, its notices."""

from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from core import audit, notices
from core.errors import Conflict
from departments.selectors import department_people, office_people
from tasks.models import Assignment, Entry, Revision, Transition

_SHARE = "SELECT 1 FROM tasks_period WHERE id = %s FOR SHARE"
_SHARE_OF = (
    "SELECT 1 FROM tasks_period WHERE id = "
    "(SELECT period_id FROM tasks_entry WHERE id = %s) FOR SHARE"
)


def _hold(statement: str, pk: int) -> None:
    if connection.features.has_select_for_update:
        with connection.cursor() as cursor:
            cursor.execute(statement, [pk])


def hold_period(pk: int) -> None:
    """Keep the period of an entry as it is until the transaction ends: nobody closes it meanwhile.

    Any number of entries hold it at once; who moves the period waits for them, and they for that.
    SQLite lets only one transaction write, so there is nothing to hold.
    """
    _hold(_SHARE_OF, pk)


def hold_whole_period(pk: int) -> None:
    """Keep a period as it is for a deed with many of its entries."""
    _hold(_SHARE, pk)


def locked(pk: int) -> Entry:
    """Load and lock an entry with what its rules need; its period cannot be closed meanwhile."""
    hold_period(pk)
    return (
        Entry.objects.select_for_update(of=("self",))
        .select_related(
            "period__region", "task__plan__settings", "department", "submitted", "approved"
        )
        .prefetch_related("period__extensions")
        .get(pk=pk)
    )


def as_seen(entry: Entry, seen: int | None) -> None:
    """Raise Conflict where the revision that a person read (its id) is not the one handed in."""
    if seen is not None and seen != entry.submitted_id:
        raise Conflict(
            _("内容在您打开之后有变动，请看过最新内容再办理。"),
            current={"revision": entry.submitted_id},
        )


def log(
    entry: Entry,
    verb: str,
    before: str,
    *,
    by: Any,
    now: datetime,
    revision: Revision | None = None,
    previous: Revision | None = None,
    reason: str = "",
    reasons: dict[str, str] | None = None,
    rating: str = "",
) -> Transition:
    """Write the transition and the audit row of one step."""
    step = Transition(
        entry=entry,
        verb=verb,
        from_state=before,
        to_state=entry.state,
        revision=revision,
        previous=previous,
        by=by,
        acting_as=str(by.acting or ""),
        at=now,
        reason=reason[:500],
        reasons=reasons or {},
        rating=rating,
    )
    step.save(force_insert=True)
    audit.record(
        f"tasks.entry.{verb}",
        entry,
        by=by,
        detail={
            "from": before,
            "to": entry.state,
            "revision": revision.pk if revision else None,
            "reason": reason,
            "reasons": reasons or {},
            **({"rating": rating} if rating else {}),
        },
        region_path=entry.period.region.path,
    )
    return step


def record_saved(entry: Entry, fields: list[str], *, by: Any) -> None:
    """Write the audit row of typed fields: which ones and up to which version, never the text."""
    audit.record(
        "tasks.entry.save",
        entry,
        by=by,
        detail={"fields": fields, "version": entry.version},
        region_path=entry.period.region.path,
    )


def event(step: Transition) -> str:
    return f"entry:{step.entry_id}:{step.pk}"


def tell(
    people: list[int], step: Transition, reason: str, text: str, after: datetime | None = None
) -> None:
    notices.tell(
        [person for person in people if person != step.by_id],
        event=event(step),
        reason=reason,
        text=text,
        view="entry",
        subject=step.entry_id,
        after=after or step.at,
    )


def forget_waiting(entry: Entry, step: Transition) -> list[int]:
    """Take back unread words that a revision waits, as it no longer does; return who read them."""
    handed_in = Transition.objects.filter(
        entry=entry, verb__in=("submit", "sign"), revision=step.revision_id
    )
    return notices.recall([event(one) for one in handed_in])


def recall(entry: Entry, step: Transition) -> None:
    """Take back that an entry waits, when its unit withdraws it; who had read that is told so."""
    readers = forget_waiting(entry, step)
    text = _("%(unit)s撤回了“%(task)s”，改好后会再报送，现在不用处理。")
    tell(readers, step, "waiting", text % {"unit": entry.department.name, "task": entry.task.title})


def receivers(entry: Entry, on: date) -> list[int]:
    """Return who checks this entry: the office, or the people of the 汇总单位 for a part."""
    if entry.kind == Entry.Kind.REPORT:
        return office_people(entry.period.region, on)
    leads = Assignment.objects.filter(task=entry.task_id, role=Assignment.Role.LEAD)
    return department_people(leads.values_list("department", flat=True), on)
