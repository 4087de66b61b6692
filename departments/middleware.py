"""Who a logged-in person acts as: chosen visibly, kept in the session, checked every time."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from departments.models import User

SESSION_KEY = "acting"


class ActingAs:
    """Let `request.user` act as the membership chosen in this session, else as their first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User):
            # One query serves the choice and the menu of choices.
            user.choices = list(user.valid_memberships(timezone.localdate()))
            chosen = request.session.get(SESSION_KEY)
            user.act_as(
                next((one for one in user.choices if one.pk == chosen), None)
                or (user.choices[0] if user.choices else None)
            )
            if user.must_change_password and request.path not in _allowed():
                return redirect("password_change")
        return self.get_response(request)


def _allowed() -> set[str]:
    """Return where a person may go before the first password is changed."""
    return {
        reverse(name) for name in ("password_change", "password_change_done", "logout", "session")
    }
