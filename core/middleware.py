"""Requests: where they come from, who must log in, and what becomes of a refused deed."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from core import audit
from core.context import Origin, origin
from core.errors import Conflict, DomainError, NotAllowed


class RequestContext:
    """Note the origin of each request; private pages are not stored by browsers or proxies."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = origin.set(Origin(request.META.get("REMOTE_ADDR"), uuid.uuid4().hex))
        try:
            response = self.get_response(request)
        finally:
            origin.reset(token)
        if getattr(request, "user", None) and request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class Readable:
    """Refuse addresses of pages with the one character that PostgreSQL cannot compare with.

    Forms refuse it themselves, services take it out of what is typed, and REST says which
    parameter holds it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        asked = [request.path, *(text for texts in request.GET.lists() for text in texts[1])]
        if not hasattr(view, "cls") and any("\x00" in text for text in asked):
            raise BadRequest(_("地址里有不能使用的字符。"))


def is_script(request: HttpRequest) -> bool:
    """Tell whether a script of ours asks (it wants JSON or a fragment, never a redirect)."""
    return (
        request.headers.get("HX-Request") == "true"
        or request.headers.get("X-Requested-With") == "fetch"
        or "application/json" in request.headers.get("Accept", "")
    )


class LoginRequired(LoginRequiredMiddleware):
    """Every page asks for a log-in unless it is marked otherwise; scripts get 401 instead.

    The script then asks for the password in a dialog, and nothing typed is lost.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        if is_script(request):
            return JsonResponse(
                {"code": "session_expired", "message": _("登录已过期，请重新登录。")}, status=401
            )
        return super().handle_no_permission(request, view_func)


class DomainErrors:
    """Turn what services refuse into a sentence on the page the person came from.

    A deed that was not allowed is written into the audit record, after its rollback. A view
    that shows field errors beside its form catches DomainError itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        if isinstance(error, NotAllowed):
            match = request.resolver_match
            audit.refused(
                f"page.{match.view_name if match else ''}"[:80],
                None,
                by=request.user,
                reason=error.message,
            )
        status = 409 if isinstance(error, Conflict) else 403 if error.code == "not_allowed" else 422
        if is_script(request):
            answer = {"code": error.code, "message": error.message, "fields": error.fields}
            if isinstance(error, Conflict):
                answer["current"] = error.current
            return JsonResponse(answer, status=status)
        came_from = request.headers.get("Referer", "")
        if request.method == "POST" and url_has_allowed_host_and_scheme(
            came_from, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        ):
            messages.error(request, error.message)
            return redirect(came_from)
        return render(request, "errors/refused.html", {"message": error.message}, status=status)
