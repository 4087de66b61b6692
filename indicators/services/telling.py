"""Who is told what about values: one notice per step and person, however many values it did."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core import notices
from core.models import Notice
from departments.selectors import office_people
from indicators.models import Observation


def waiting(rows: Sequence[Observation], by: Any, now: datetime) -> None:
    """Tell the other people of each office that values wait to be checked."""
    of_office: dict[int, list[Observation]] = defaultdict(list)
    for row in rows:
        of_office[row.office_id or row.region_id].append(row)
    for some in of_office.values():
        people = office_people(some[0].office or some[0].region, timezone.localdate(now))
        _tell(people, some, by, now, Notice.Reason.WAITING, _("报来%(what)s，请核对"))


def verified(rows: Sequence[Observation], by: Any, now: datetime) -> None:
    """Tell who entered or handed in values that they were checked."""
    _tell_reporters(rows, by, now, Notice.Reason.APPROVED, _("%(what)s已核对"))


def returned(row: Observation, by: Any, now: datetime) -> None:
    """Tell who entered or handed in a value that it came back, and why."""
    words = _("%(what)s被退回：%(why)s")
    _tell_reporters([row], by, now, Notice.Reason.RETURNED, words, why=row.return_reason)


def _tell_reporters(
    rows: Sequence[Observation], by: Any, now: datetime, reason: str, words: str, **more: str
) -> None:
    of_person: dict[int, list[Observation]] = defaultdict(list)
    for row in rows:
        for person in {row.entered_by_id, row.submitted_by_id} - {None}:
            of_person[int(person or 0)].append(row)
    for person, some in of_person.items():
        _tell([person], some, by, now, reason, words, **more)


def _tell(
    people: Sequence[int],
    rows: Sequence[Observation],
    by: Any,
    now: datetime,
    reason: str,
    words: str,
    **more: str,
) -> None:
    first = rows[0]
    what = _("“%(name)s”%(place)s %(subject)s的数值") % {
        "name": first.indicator.name,
        "place": first.region.name,
        "subject": first.subject,
    }
    if len(rows) > 1:
        what = _("%(first)s等 %(count)s 个数值") % {"first": what, "count": len(rows)}
    alone = len(rows) == 1
    notices.tell(
        [person for person in people if person != by.pk],
        event=f"observation:{first.pk}:{reason}:{now.timestamp():.6f}",
        reason=reason,
        text=words % {"what": what, **more},
        view="observation" if alone else "observations",
        subject=first.pk if alone else None,
        after=now,
    )
