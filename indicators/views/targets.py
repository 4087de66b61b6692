"""A target: what it asks, what it asked before, and changing or adding one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import DomainError, ensure
from core.forms import error_rows, put_errors
from core.params import whole
from indicators import policies, services
from indicators.forms.catalogue import TargetForm
from indicators.models import Target
from indicators.querysets import TargetQuerySet
from indicators.selectors import target_words
from indicators.selectors.changes import target_history
from plans.models import Plan


def _rows(request: HttpRequest) -> TargetQuerySet:
    return Target.objects.visible_to(request.user).select_related(
        "plan__region", "indicator", "measure__action", "replaced_by", "changed_by"
    )


@require_http_methods(["GET", "HEAD", "POST"])
def target(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a target with its history; the office changes it with a reason."""
    row = get_object_or_404(_rows(request), pk=pk)
    may = policies.can_change_targets(request.user, row.plan)
    sent = request.method == "POST"
    if sent:
        ensure(may)
    form = TargetForm(request.POST if sent else None, target=row)
    if sent and form.is_valid():
        try:
            fresh = services.change_target(
                row, form.fields_of_target(), form.cleaned_data["reason"], by=request.user
            )
            messages.success(request, _("目标已调整，原来的保留在下面的记录里。"))
            _hint(request, fresh)
            return redirect("target", fresh.pk)
        except DomainError as problem:
            if not problem.fields:
                raise
            put_errors(form, problem.fields)
    standing = row.replaced_by_id is None and not row.withdrawn
    context = {
        "row": row,
        "words": target_words(row),
        "history": [(one, target_words(one)) for one in target_history(row)],
        "form": form if may and standing else None,
        "errors": error_rows(form) if sent else [],
    }
    return render(request, "indicators/target.html", context, status=422 if sent else 200)


def _hint(request: HttpRequest, row: Target) -> None:
    """Say what is allowed but seldom meant: a year that the plan does not reach."""
    if row.year is not None and row.year > row.plan.end_year:
        words = _("目标年 %(year)s 年在方案期限（%(start)s—%(end)s 年）之后，请再核对一次原文。")
        years = {"year": row.year, "start": row.plan.start_year, "end": row.plan.end_year}
        messages.warning(request, words % years)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a target off its plan, with a reason."""
    row = get_object_or_404(_rows(request), pk=pk)
    services.withdraw_target(row, request.POST.get("reason", ""), by=request.user)
    messages.success(request, _("目标已撤销，记录保留。"))
    return redirect("target", row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a target to a plan: what the reading missed, or what an amendment sets."""
    plans = Plan.objects.visible_to(request.user).select_related("region")
    asked = request.POST if request.method == "POST" else request.GET
    plan = get_object_or_404(plans, pk=whole(asked.get("plan")))
    ensure(policies.can_change_targets(request.user, plan))
    sent = request.method == "POST"
    form = TargetForm(request.POST if sent else None)
    if sent and form.is_valid():
        try:
            row = services.add_target(
                plan, form.cleaned_data["indicator"], form.fields_of_target(), by=request.user
            )
            messages.success(request, _("已添加目标。"))
            _hint(request, row)
            return redirect("target", row.pk)
        except DomainError as problem:
            if not problem.fields:
                raise
            put_errors(form, problem.fields)
    context = {"plan": plan, "form": form, "errors": error_rows(form) if sent else []}
    return render(request, "indicators/target_new.html", context, status=422 if sent else 200)
