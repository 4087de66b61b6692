"""待办: what waits for me, and where those without a list of their own begin."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from reports.selectors.home import home as read_home

# Roles whose day does not begin with a list of things to do.
ELSEWHERE = {
    "leader": "dashboard",
    "client": "dashboard",
    "auditor": "audit",
    "security": "people",
    "admin": "people",
}


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits for the person; leaders and administrators are led to their own pages."""
    acting: Any = request.user.acting  # type: ignore[union-attr]
    if acting is None:
        return render(request, "reports/home.html", {"home": None})
    if acting.role in ELSEWHERE:
        return redirect(ELSEWHERE[acting.role])
    now = timezone.now()
    return render(
        request,
        "reports/home.html",
        {"home": read_home(request.user, now, timezone.localdate(now))},
    )
