"""Reporting periods: the calendar, what opening one causes, who has reported."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import DomainError
from tasks import forms
from tasks.models import Period
from tasks.selectors import entry_sheets
from tasks.selectors import periods as pages
from tasks.selectors.nudging import own_nudges
from tasks.services import periods


@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """Show the region's periods; put a new one into the calendar."""
    form = forms.PeriodForm(request.POST or None)
    acting = getattr(request.user, "acting", None)
    if request.method == "POST" and acting is not None and form.is_valid():
        try:
            made = periods.schedule(acting.here, by=request.user, **form.cleaned_data)
            messages.success(request, _("已排入日历：%(name)s。") % {"name": made.name})
            return redirect("period", made.pk)
        except DomainError as error:
            if not error.fields:
                raise
            forms.put_errors(form, error.fields)
    errors = forms.summary(form)
    return render(
        request,
        "tasks/periods/list.html",
        {
            "periods": pages.periods_of(request.user),
            "form": form,
            "errors": errors,
            "may_schedule": acting is not None and acting.is_office(),
        },
        status=422 if errors else 200,
    )


@require_GET
def period(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a period: before it opens what it will cause, afterwards who has reported."""
    rows = Period.objects.visible_to(request.user).select_related("region")
    row = get_object_or_404(rows, pk=pk)
    page = pages.period_page(request.user, row)
    preview = periods.preview(row) if page.may_open else None
    context = {
        "page": page,
        "preview": preview,
        "nudges": own_nudges(request.user, row),
        "sheet": entry_sheets.choice(request.user, row),
    }
    return render(request, "tasks/periods/period.html", context)


@require_POST
def move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Open or close a period."""
    row = get_object_or_404(Period.objects.visible_to(request.user), pk=pk)
    if verb == "open":
        count = periods.open_period(row, by=request.user, now=timezone.now())
        messages.success(
            request,
            _("%(name)s填报已启动，共 %(count)s 项，已通知各单位。")
            % {"name": row.name, "count": count},
        )
    elif verb == "close":
        periods.close_period(row, by=request.user)
        messages.success(request, _("%(name)s填报已截止。") % {"name": row.name})
    else:
        raise Http404
    return redirect("period", row.pk)
