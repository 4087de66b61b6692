"""Answers `user.has_perm(…)` for the floors that know no departments."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from departments.models import Membership

# What core (and Django's own checks) may ask, and the roles for which the answer is yes.
PERMISSIONS: dict[str, tuple[str, ...]] = {
    "core.view_auditevent": (Membership.Role.AUDITOR,),
    "core.view_delivery": (Membership.Role.ADMIN,),
    "core.view_job": (Membership.Role.OFFICE, Membership.Role.ADMIN),
}


class RoleBackend(ModelBackend):
    """Log in with a password; permissions come from the acting membership, never from groups."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        acting = getattr(user_obj, "acting", None)
        return acting is not None and acting.role in PERMISSIONS.get(perm, ())

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return {perm for perm in PERMISSIONS if self.has_perm(user_obj, perm)}
