"""A hand-over that was planned ahead is called off before its day: everything as it was."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, words
from core.errors import Conflict, DomainError, ensure
from core.notices import recall, tell
from departments import policies
from departments.models import HandOver, Membership, Seat, User

DAY = timedelta(days=1)


def cancel_hand_over(pk: int, *, by: User, now: datetime) -> HandOver:
    """Call a planned hand-over off: the role goes on, the one to come and its row are deleted.

    An account that was made for the newcomer stays, without a role. Who had read of it is told.
    """
    with transaction.atomic():
        rows = HandOver.objects.select_for_update(of=("self",))
        row = rows.select_related("department__region", "outgoing", "incoming").filter(pk=pk)
        found = row.first()
        if found is None:
            raise Conflict(_("这次交接刚被取消，请刷新后再看。"))
        ensure(policies.can_cancel_hand_over(by, found, timezone.localdate(now)))
        _roles(found)
        _seats(found)
        audit.record(
            "departments.membership.cancel_hand_over",
            found,
            by=by,
            detail={
                "department": found.department_id,
                "role": found.role,
                "outgoing": found.outgoing_id,
                "incoming": found.incoming_id,
                "on": found.on,
            },
            region_path=found.department.region.path,
        )
        _tell(found, by)
        HandOver.objects.filter(pk=found.pk).delete()
    return found


def _roles(row: HandOver) -> None:
    """Let the former role go on and delete the one that would have begun."""
    standing = Membership.objects.select_for_update(of=("self",)).filter(
        department=row.department_id, role=row.role
    )
    former = standing.filter(user=row.outgoing_id, valid_to=row.on - DAY).first()
    coming = standing.filter(user=row.incoming_id, valid_from=row.on).first()
    if former is None or coming is None or coming.valid_to is not None:
        raise DomainError(
            _(
                "交接之后，%(old)s或%(new)s的任职又有变动，不能取消；请先取消后来的交接，或由系统管理员办理。"
            )
            % {"old": row.outgoing, "new": row.incoming}
        )
    coming.delete()
    former.valid_to = None
    former.save()


def _seats(row: HandOver) -> None:
    """Let the roster follow back: the line to come goes, the one that would have ended stands."""
    if row.role != Membership.Role.LIAISON:
        return
    seats = Seat.objects.filter(department=row.department_id, kind=Seat.Kind.LIAISON)
    seats.filter(user=row.incoming_id, valid_from=row.on, valid_to__isnull=True).delete()
    taken = set(seats.filter(valid_to__isnull=True).values_list("name", flat=True))
    for seat in seats.filter(valid_to=row.on - DAY):
        mine = seat.user_id == row.outgoing_id or (
            seat.user_id is None and seat.name == row.outgoing.name
        )
        if mine and seat.name not in taken:
            seat.valid_to = None
            seat.save()


def _tell(row: HandOver, by: User) -> None:
    """Take the unread notices back; the two people, and whoever had read one, are told."""
    readers = recall([f"handover:{row.pk}"])
    people = [one for one in (row.outgoing_id, *readers) if one != by.pk]
    tell(
        people,
        event=f"handover:{row.pk}:cancel",
        reason="waiting",
        text=_("原定%(day)s起%(unit)s%(role)s由%(old)s交接给%(new)s，已取消。")
        % {
            "day": words.day(row.on, year=True),
            "unit": row.department.name,
            "role": row.get_role_display(),
            "old": row.outgoing,
            "new": row.incoming,
        },
        view="department",
        subject=row.department_id,
    )
