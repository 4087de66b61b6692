"""Last period's values taken into a draft: field by field, the whole form, or 无变化."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError, ensure
from tasks import policies
from tasks.fields import fields_of
from tasks.models import Entry
from tasks.selectors.entries.before import NO_CHANGE, OF_THE_TASK, carried, earlier, last_revision
from tasks.services.entries.reporting import TEXT_LIMIT, keep
from tasks.services.entries.steps import locked, record_saved


def _put(entry: Entry, field: str, text: str, *, by: Any, now: datetime) -> None:
    """Store a carried text over what stands there, and mark it as such."""
    keep(entry, field, text, entry.field_version(field), by=by, now=now)
    entry.draft[field]["prefilled"] = True


def _writable(pk: int, *, by: Any, now: datetime) -> tuple[Entry, dict[str, str], list[Entry]]:
    entry = locked(pk)
    ensure(policies.can_write(by, entry, timezone.localdate(now)))
    before = earlier(entry)
    texts = carried(entry, before)
    if not texts:
        raise DomainError(_("上期没有可以带入的内容。"))
    return entry, texts, before


@transaction.atomic
def carry_forward(pk: int, fields: Iterable[str], *, by: Any, now: datetime) -> list[str]:
    """Take last period's text into fields of a draft; return the names of those that it filled.

    Nothing typed is lost: words come behind the words that are there, and a number or a choice
    that is there stays unless it is the only field asked for.
    """
    entry, texts, _before = _writable(pk, by=by, now=now)
    wanted = [name for name in fields_of(entry.task) if name in set(fields) and name in texts]
    if not wanted:
        raise DomainError(_("上期没有可以带入的内容。"))
    filled = []
    for name in wanted:
        typed = entry.typed(name).rstrip()
        if not typed or (name in OF_THE_TASK and len(wanted) == 1):
            _put(entry, name, texts[name], by=by, now=now)
        elif len(wanted) == 1 and texts[name] not in typed:
            both = f"{typed}\n{texts[name]}"
            if len(both) > TEXT_LIMIT:
                raise DomainError(_("这一栏放不下上期的文字了，请先删短。"))
            keep(entry, name, both, entry.field_version(name), by=by, now=now)
        else:
            continue
        filled.append(name)
    if filled:
        entry.save()
        record_saved(entry, filled, by=by)
    return filled


@transaction.atomic
def no_change(pk: int, *, by: Any, now: datetime) -> Entry:
    """Fill a whole draft with 与上期相比无变化 and last period's values, and mark it as finished.

    Raises DomainError where the task was not reported before, or where something else is typed.
    """
    entry, texts, before = _writable(pk, by=by, now=now)
    if last_revision(entry, before) is None:
        raise DomainError(_("这项任务上期没有填报，不能选“无变化”。"))
    own = {name for name in fields_of(entry.task) if entry.typed(name).strip()}
    if any(not entry.draft[name].get("prefilled") for name in own):
        raise DomainError(_("已经填写了内容，不能按“无变化”报。请接着填写，或先清空已填的栏。"))
    for name, text in {**texts, "done": str(NO_CHANGE)}.items():
        _put(entry, name, text, by=by, now=now)
    entry.ready = True
    entry.save()
    record_saved(entry, list(texts), by=by)
    return entry
