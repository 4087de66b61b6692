"""领导要求 and 批示登记: the list, registering one, what is done about one."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import DomainError, ensure
from core.forms import error_rows, put_errors
from tasks.forms.supervision import NoteForm, RegisterForm
from tasks.models import Instruction
from tasks.policies import supervision
from tasks.selectors.supervision import instructions as pages
from tasks.services.supervision import instructions as services

AT_ONCE = 50


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """List what leaders asked for, and what became of it; `?state=` narrows."""
    asked = request.GET.get("state", "")
    state = asked if asked in pages.STATES else ""
    page = Paginator(pages.instructions(request.user, state), AT_ONCE).get_page(
        request.GET.get("page")
    )
    rows = pages.with_items(request.user, list(page.object_list), timezone.localdate())
    acting: Any = request.user.acting  # type: ignore[union-attr]
    may = bool(acting and supervision.can_register(request.user, acting.here))
    context = {"page": page, "rows": rows, "state": state, "states": pages.STATES}
    return render(request, "tasks/supervision/instructions.html", {**context, "may_register": may})


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Register a 批示 on paper, with its scan."""
    acting: Any = request.user.acting  # type: ignore[union-attr]
    if acting is None:
        raise Http404
    ensure(supervision.can_register(request.user, acting.here))
    form = RegisterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            now = timezone.now()
            made = services.register(acting.here, by=request.user, now=now, **form.cleaned_data)
            messages.success(request, _("批示已登记。下一步转督办，或注明怎样处理的。"))
            return redirect("instruction", made.pk)
        except DomainError as error:
            put_errors(form, error.sentences)
    errors = error_rows(form)
    context = {"form": form, "errors": errors}
    status = 422 if errors else 200
    return render(request, "tasks/supervision/register_instruction.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def instruction(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one instruction; the office says how it was dealt with, or passes it on."""
    now = timezone.now()
    rows = Instruction.objects.visible_to(request.user).select_related("region", "by")
    row = get_object_or_404(rows, pk=pk)
    form = NoteForm(request.POST or None)
    if request.method == "POST":
        ensure(supervision.can_note(request.user, row))
        if form.is_valid():
            try:
                services.note(row.pk, form.cleaned_data["note"], by=request.user, now=now)
                messages.success(request, _("已记录。"))
                return redirect("instruction", row.pk)
            except DomainError as error:
                put_errors(form, error.sentences)
    (asked,) = pages.with_items(request.user, [row], timezone.localdate(now))
    errors = error_rows(form)
    context = {
        "asked": asked,
        "files": pages.files_of(row),
        "form": form,
        "errors": errors,
        "may_note": supervision.can_note(request.user, row),
        "may_assign": supervision.can_assign(request.user, row.region),
    }
    status = 422 if errors else 200
    return render(request, "tasks/supervision/instruction.html", context, status=status)
