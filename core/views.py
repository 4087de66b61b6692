"""Pages that belong to no floor in particular."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core.models import AuditEvent


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the page is too old to be sent, and that going back loses nothing."""
    return render(request, "errors/csrf.html", status=403)


@require_GET
def audit_trail(request: HttpRequest) -> HttpResponse:
    """Show the audit record of the auditor's region and below, newest first."""
    user = request.user
    if not user.has_perm("core.view_auditevent"):
        raise Http404
    rows = AuditEvent.objects.visible_to(user).select_related("actor")
    code, result = request.GET.get("code", "").strip(), request.GET.get("result", "")
    if code:
        rows = rows.filter(code__startswith=code)
    if result in AuditEvent.Result.values:
        rows = rows.filter(result=result)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(
        request,
        "core/audit.html",
        {"page": page, "code": code, "result": result, "results": AuditEvent.Result.choices},
    )
