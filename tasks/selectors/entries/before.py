"""What a unit said in the periods before: to look at, to carry forward, to compare with."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tasks.fields import fields_of
from tasks.models import Entry, Revision
from tasks.selectors.entries.content import standing_revision, typed

NO_CHANGE = _("与上期相比无变化。")
# Each task counts from nought: these are taken over from an earlier period of this task only.
OF_THE_TASK = ("percent", "quantity", "self_rating")


def earlier(entry: Entry) -> list[Entry]:
    """Return the unit's entries of earlier periods on this task or the one it continues."""
    task = entry.task
    same = Q(task=task)
    if task.continues_id:
        same |= Q(task=task.continues_id)
    if task.measure_id:
        same |= Q(task__measure=task.measure_id)
    return list(
        Entry.objects.filter(
            same, department=entry.department_id, period__ends__lt=entry.period.ends
        )
        .select_related("period", "task", "approved", "submitted")
        .order_by("-period__ends", "-pk")[:5]
    )


def last_revision(entry: Entry, before: Iterable[Entry]) -> Revision | None:
    """Return what was reported for this very task in the newest period before."""
    same = (standing_revision(one) for one in before if one.task_id == entry.task_id)
    return next((one for one in same if one is not None), None)


def last_words(before: Iterable[Entry]) -> Revision | None:
    """Return the newest words on this work, of this task or of the one it continues."""
    return next((one for one in map(standing_revision, before) if one is not None), None)


def carried(entry: Entry, before: list[Entry]) -> dict[str, str]:
    """Return, per field, the text that can be carried forward; fields without any are left out."""
    same, words = last_revision(entry, before), last_words(before)
    found = {
        name: typed(same if name in OF_THE_TASK else words, name) for name in fields_of(entry.task)
    }
    return {name: text for name, text in found.items() if text}


def is_unchanged(entry: Entry, last: Revision | None, values: dict[str, Any]) -> bool:
    """Tell whether values say the same as the last period's; its words may be 与上期相比无变化."""
    if last is None:
        return False
    return all(
        values[name] == getattr(last, name) or (name == "done" and values[name] == str(NO_CHANGE))
        for name in fields_of(entry.task)
    )
