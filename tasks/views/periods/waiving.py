"""Excusing units from what is not due in a period, and asking for it after all."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import DomainError, NotAllowed, ensure
from core.forms import error_rows
from core.params import wholes
from departments.models import Department
from tasks import policies
from tasks.forms.periods import ReasonForm
from tasks.models import Period
from tasks.selectors.periods import period as pages
from tasks.services.periods import extensions
from tasks.services.periods.waiving import unwaive_many, waive_many
from tasks.views.periods.period import Revoking, show


@require_http_methods(["GET", "HEAD", "POST"])
def waive(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose units or tasks of a period of which nothing is due, and say why."""
    row = get_object_or_404(Period.objects.visible_to(request.user).select_related("region"), pk=pk)
    ensure(policies.can_waive_in(request.user, row))
    units = wholes(request.POST.getlist("unit"))
    tasks = wholes(request.POST.getlist("task"))
    form = ReasonForm(request.POST or None)
    errors: list[tuple[str, str, str]] = []
    unchosen = ""
    if request.method == "POST":
        try:
            reason = request.POST.get("reason", "")
            count = waive_many(
                row, reason, departments=units, tasks=tasks, by=request.user, now=timezone.now()
            )
            messages.success(request, _("已免报 %s 项，已通知有关单位。") % count)
            return redirect("period-waive", row.pk)
        except DomainError as error:
            unchosen = " ".join(error.fields.get("departments", []))
            errors = _errors(form, error)
    context = {
        "page": pages.waive_page(row),
        "form": form,
        "errors": errors,
        "unchosen": unchosen,
        "units": units,
        "tasks": tasks,
    }
    return render(request, "tasks/periods/waive.html", context, status=422 if errors else 200)


@require_POST
def unwaive(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask units for chosen excused entries after all, or for all of them."""
    row = get_object_or_404(Period.objects.visible_to(request.user).select_related("region"), pk=pk)
    ensure(policies.can_waive_in(request.user, row))
    chosen = wholes(request.POST.getlist("entry"))
    if "all" in request.POST:
        chosen = [one.pk for one in pages.waive_page(row).waived]
    try:
        count = unwaive_many(row, chosen, by=request.user, now=timezone.now())
    except NotAllowed:
        raise
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("已恢复 %s 项填报，已通知有关单位。") % count)
    return redirect("period-waive", row.pk)


def _errors(form: ReasonForm, error: DomainError) -> list[tuple[str, str, str]]:
    """Return a refusal as the summary wants it; what concerns the reason leads to its field."""
    form.is_valid()
    rows = [("id_unit", str(_("单位或任务")), one) for one in error.fields.get("departments", [])]
    if not error.fields:
        rows = [("", "", error.message)]
    return rows + error_rows(form)


@require_POST
def revoke(request: HttpRequest, pk: int, department: int) -> HttpResponse:
    """Take a unit's extension back; what is refused stands at the field, with what was typed."""
    row = get_object_or_404(Period.objects.visible_to(request.user).select_related("region"), pk=pk)
    unit = get_object_or_404(Department, pk=department)
    reason = request.POST.get("reason", "")
    try:
        gone = extensions.revoke(row, unit, reason, by=request.user, now=timezone.now())
    except DomainError as error:
        if "reason" not in error.fields:
            raise
        return show(request, row, Revoking(unit.pk, reason, error.message))
    messages.success(request, _("%s的延期已取消。") % gone.department)
    return redirect("period", row.pk)
