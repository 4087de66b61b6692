"""Who has not reported, the entries behind each number, and 催办 by hand."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import DomainError
from core.forms import error_rows, put_errors
from core.params import whole, wholes
from departments.models import Department
from tasks import policies
from tasks.forms.periods import NudgeForm
from tasks.models import Period
from tasks.selectors.periods import clock, nudging
from tasks.selectors.periods import matrix as pages
from tasks.services.periods import nudging as services

AT_ONCE = 50
SHOWN_WORDS = {
    "asked": gettext_lazy("应报"),
    "owed": gettext_lazy("未报送"),
    "late": gettext_lazy("迟报"),
    "waived": gettext_lazy("免报"),
}


@require_GET
def matrix(request: HttpRequest) -> HttpResponse:
    """Show the year's units × periods: who has reported, who owes, who was late."""
    acting = getattr(request.user, "acting", None)
    if acting is None:
        raise Http404
    region = acting.here
    entries = pages.counted(request.user, region)
    if entries is None:
        raise Http404
    today = timezone.localdate()
    periods = Period.objects.visible_to(request.user).filter(region=region)
    year = whole(request.GET.get("year")) or _newest_year(periods) or today.year
    context = {
        "page": pages.matrix(entries, periods, year, today),
        "clock": clock.office_clock(region, today),
        "may_nudge": acting.is_office(),
    }
    return render(request, "tasks/periods/matrix.html", context)


def _newest_year(periods: Any) -> int | None:
    opened = periods.exclude(state=Period.State.SCHEDULED).order_by("-ends")
    return opened.values_list("year", flat=True).first()


def _period(request: HttpRequest, pk: int) -> tuple[Period, Any]:
    """Return a period and its entries as the matrix counts them; 404 for whom that is not."""
    rows = Period.objects.visible_to(request.user).select_related("region")
    period = get_object_or_404(rows, pk=pk)
    entries = pages.counted(request.user, period.region)
    if entries is None:
        raise Http404
    return period, entries


@require_GET
def entries(request: HttpRequest, pk: int) -> HttpResponse:
    """List the entries that a number of the matrix counts."""
    period, rows = _period(request, pk)
    shown = request.GET.get("show", "asked")
    shown = shown if shown in pages.SHOWN else "asked"
    unit = whole(request.GET.get("unit"))
    page = Paginator(pages.behind(rows, period, unit, shown), AT_ONCE)
    context = {
        "period": period,
        "page": page.get_page(request.GET.get("page")),
        "shown": shown,
        "words": SHOWN_WORDS,
        "word": SHOWN_WORDS[shown],
        "unit": Department.objects.visible_to(request.user).filter(pk=unit).first(),
    }
    return render(request, "tasks/periods/entries.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def nudge(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who owes in a period and how often each was chased; chase some or all of them."""
    period, _entries = _period(request, pk)
    if not request.user.acting.is_office():  # type: ignore[union-attr]
        raise Http404
    form = NudgeForm(request.POST or None)
    rows = nudging.chases(period, timezone.localdate())
    if request.method == "POST" and form.is_valid():
        units = wholes(request.POST.getlist("unit"))
        if "all" in request.POST:
            units = [one.debt.department_id for one in rows]
        try:
            done = services.nudge(
                period.pk, units, **form.cleaned_data, by=request.user, now=timezone.now()
            )
        except DomainError as error:
            if not error.fields:
                raise
            put_errors(form, error.fields)
        else:
            _answer(request, done)
            return redirect("period-nudge", period.pk)
    chosen = wholes([*request.POST.getlist("unit"), *request.GET.getlist("unit")])
    context = {
        "period": period,
        "rows": rows,
        "chosen": chosen,
        "form": form,
        "errors": error_rows(form),
        "may_nudge": policies.can_nudge(request.user, period),
    }
    status = 422 if form.errors else 200
    return render(request, "tasks/periods/nudge.html", context, status=status)


def _answer(request: HttpRequest, done: services.Nudged) -> None:
    """Say per unit what came of it."""
    if done.told:
        messages.success(
            request,
            _("已催办 %(n)s 个单位：%(units)s。")
            % {"n": len(done.told), "units": "、".join(done.told)},
        )
    if done.left_out:
        messages.warning(request, "；".join(done.left_out) + "。")
