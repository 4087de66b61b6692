"""Log-ins, log-outs and failures go into the audit record."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.utils import timezone

from core import audit
from core.models import AuditEvent
from departments.models import User


def _region_path(person: User | None) -> str:
    """Return the region of the role that a person begins with; at the door none is chosen yet."""
    first = person.valid_memberships(timezone.localdate()).first() if person else None
    return first.region_path if first else ""


@receiver(user_logged_in)
def logged_in(user: User, **kwargs: Any) -> None:
    audit.record("departments.user.log_in", user, by=user, region_path=_region_path(user))


@receiver(user_logged_out)
def logged_out(user: User | None, **kwargs: Any) -> None:
    if user is not None:
        audit.record("departments.user.log_out", user, by=user)


@receiver(user_login_failed)
def failed(credentials: dict[str, Any], **kwargs: Any) -> None:
    """The name that was tried is kept, the password is not; a known person gives the region."""
    name = str(credentials.get("username", ""))[:150]
    person = User.objects.filter(username=name).first()
    audit.record(
        "departments.user.log_in",
        person,
        detail={"username": name},
        region_path=_region_path(person),
        result=AuditEvent.Result.FAILED,
    )
