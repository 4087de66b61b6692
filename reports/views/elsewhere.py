"""The page for what is not found, which knows that a person may have another role for it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import requires_csrf_token
from django.views.defaults import page_not_found

from reports.selectors.elsewhere import other_role


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that nothing is here for this role, and offer the one of the own roles that sees it."""
    match = request.resolver_match
    user: Any = getattr(request, "user", None)
    if request.method in ("GET", "HEAD") and match is not None and user is not None:
        other = other_role(user, match.view_name, match.kwargs)
        if other is not None:
            return render(request, "errors/elsewhere.html", {"other": other}, status=404)
    return page_not_found(request, exception)
