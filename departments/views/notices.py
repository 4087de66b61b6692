"""A person's notices: the inbox, what was read, and what comes by mail."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import DomainError
from core.forms import error_rows, put_errors
from core.inbox import inbox
from core.models import Notice
from core.params import whole
from departments import services
from departments.forms import MailForm


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """Show the notices of the person, those of one thing together, the newest first."""
    reason = request.GET.get("reason", "")
    reason = reason if reason in Notice.Reason.values else ""
    page = inbox(request.user, reason, timezone.now(), request.GET.get("page"))
    context = {"page": page, "reasons": Notice.Reason.choices, "reason": reason}
    return render(request, "departments/notices.html", context)


@require_POST
def read_notices(request: HttpRequest) -> HttpResponse:
    """Mark delivered notices as read: those that are named, else all (of one reason)."""
    now = timezone.now()
    rows = Notice.objects.visible_to(request.user).filter(
        deliver_after__lte=now, read_at__isnull=True
    )
    named = [whole(one) for one in request.POST.getlist("notice")]
    if named:
        rows = rows.filter(pk__in=named)
    reason = request.POST.get("reason", "")
    if reason in Notice.Reason.values:
        rows = rows.filter(reason=reason)
    rows.update(read_at=now)
    query = f"?reason={reason}" if reason in Notice.Reason.values else ""
    return redirect(reverse("notices") + query)


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Show and change the person's address and what comes by mail."""
    user: Any = request.user
    form = MailForm(request.POST or None, person=user)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_mail(user, form.cleaned_data["email"], form.ways(), by=user)
        except DomainError as problem:
            put_errors(form, problem.sentences)
        else:
            messages.success(request, _("邮件提醒已保存。"))
            return redirect("notice-preferences")
    context = {"form": form, "errors": error_rows(form)}
    status = 422 if form.errors else 200
    return render(request, "departments/preferences.html", context, status=status)
