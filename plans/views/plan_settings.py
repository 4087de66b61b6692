"""A plan's settings: names, thresholds, signature."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError, ensure
from core.forms import error_rows, put_errors
from plans import forms, policies
from plans.models import Plan, PlanSettings
from plans.services.plan_settings import set_settings


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show and change what the plan's office decides for it."""
    plan = get_object_or_404(Plan.objects.visible_to(request.user).select_related("region"), pk=pk)
    ensure(policies.can_set(request.user, plan))
    row = PlanSettings.objects.filter(plan=plan).first() or PlanSettings(plan=plan)
    form = forms.SettingsForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            set_settings(plan, form.cleaned_data, by=request.user)
            messages.success(request, _("方案设置已保存。"))
            return redirect("plan-settings", plan.pk)
        except DomainError as error:
            if not error.fields:
                raise
            put_errors(form, error.fields)
    errors = error_rows(form)
    context = {"plan": plan, "form": form, "errors": errors}
    return render(request, "plans/settings.html", context, status=422 if errors else 200)
