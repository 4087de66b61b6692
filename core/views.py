"""Pages that belong to no floor in particular."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import sending
from core.models import AuditEvent, Delivery
from core.params import whole


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


# What the chips of the mail page show; failed mails come first.
MAIL_STATES = (
    Delivery.State.FAILED,
    Delivery.State.QUEUED,
    Delivery.State.SENT,
    Delivery.State.WITHDRAWN,
)


@require_GET
def mails(request: HttpRequest) -> HttpResponse:
    """Show an administrator the mails of the region: what failed, what waits, what left."""
    if not sending.can_resend(request.user):
        raise Http404
    rows = Delivery.objects.visible_to(request.user)
    counts = dict(rows.order_by().values_list("state").annotate(count=Count("pk")))
    asked = request.GET.get("state", "")
    state = asked if asked in Delivery.State.values else Delivery.State.FAILED
    page = Paginator(rows.filter(state=state).select_related("person"), 50)
    context = {
        "page": page.get_page(request.GET.get("page")),
        "state": state,
        "chips": [(one.value, one.label, counts.get(one.value, 0)) for one in MAIL_STATES],
    }
    return render(request, "core/mails.html", context)


@require_POST
def resend_mails(request: HttpRequest) -> HttpResponse:
    """Queue failed mails again: those that are named, or all of them."""
    if not sending.can_resend(request.user):
        raise Http404
    rows = Delivery.objects.visible_to(request.user).filter(state=Delivery.State.FAILED)
    named = [whole(one) for one in request.POST.getlist("mail")]
    pks = named if "all" not in request.POST else list(rows.values_list("pk", flat=True))
    count = sending.resend(pks, by=request.user, now=timezone.now())
    messages.success(request, _("%(count)s 封邮件已重新排队，一分钟内发出。") % {"count": count})
    return redirect("mails")
