"""Accounts from an Excel list: the empty table, the preview, and the first passwords."""

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import audit
from core.errors import DomainError, NotAllowed
from departments import policies, services
from departments.exchange import accounts as exchange
from departments.forms import ListForm
from departments.models import Region
from departments.views.sealed import seal, seal_lines, unseal, unseal_lines, workbook

LIST, PASSWORDS = "accounts", "passwords"


def _here(request: HttpRequest) -> Region:
    """Return the region of an administrator; for anyone else there is no such page."""
    user: Any = request.user
    if user.acting is None or not policies.can_grant(user, ""):
        raise Http404
    here: Region = user.acting.here
    return here


@require_http_methods(["GET", "POST"])
@sensitive_variables("issued")
def bring_in(request: HttpRequest) -> HttpResponse:
    """Take a list, show what each line would do; bring it in once that was confirmed."""
    here = _here(request)
    user: Any = request.user
    now = timezone.now()
    form = ListForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "region": here}
    try:
        if request.POST.get("sealed"):
            lines = unseal_lines(request.POST["sealed"], LIST, user)
            issued = services.bring_in_accounts(lines, by=user, now=now)
            return _brought_in(request, issued)
        if request.method == "POST" and form.is_valid():
            lines = exchange.read_accounts(form.cleaned_data["file"].read())
            context["preview"] = services.preview_accounts(
                lines, by=user, today=timezone.localdate(now)
            )
            context["sealed"] = seal_lines(lines, LIST, user)
    except NotAllowed:
        raise
    except DomainError as problem:
        form.errors.clear()
        form.add_error("file", problem.message)
    wrong = bool(form.errors) if request.method == "POST" and "preview" not in context else False
    return render(request, "departments/bring_in.html", context, status=422 if wrong else 200)


def _brought_in(request: HttpRequest, issued: list[services.Issued]) -> HttpResponse:
    if not issued:
        messages.success(request, _("已写入。没有新账号，所以没有初始密码。"))
        return redirect("people")
    messages.success(request, _("已建立 %(n)s 个账号。") % {"n": len(issued)})
    sealed = seal([asdict(one) for one in issued], PASSWORDS, request.user)
    return render(request, "departments/first_passwords.html", {"issued": issued, "sealed": sealed})


@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """Give the empty table with the region's units and roles to choose from."""
    here = _here(request)
    content = exchange.template(here, timezone.localtime())
    return workbook(content, _("%(place)s账号名单") % {"place": here.name})


@require_POST
@sensitive_variables("issued")
def passwords(request: HttpRequest) -> HttpResponse:
    """Give the first passwords of the page just shown as a table; nothing of it is stored."""
    here = _here(request)
    rows = unseal(request.POST.get("sealed", ""), PASSWORDS, request.user)
    issued = [services.Issued(**one) for one in rows]
    audit.record(
        "departments.user.download_passwords",
        None,
        by=request.user,
        detail={"accounts": [one.username for one in issued]},
    )
    content = exchange.passwords(issued, timezone.localtime())
    return workbook(content, _("%(place)s初始密码") % {"place": here.name})
