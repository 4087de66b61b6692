"""The catalogue of indicators: all of them, one definition, adding and changing."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import DomainError, ensure
from core.forms import error_rows, put_errors
from core.params import whole
from indicators import policies, services
from indicators.filters import IndicatorFilter
from indicators.forms.catalogue import IndicatorForm
from indicators.models import Indicator

PAGE = 50
CHOSEN = ("group", "kind", "frequency")


@require_GET
def catalogue(request: HttpRequest) -> HttpResponse:
    """List the indicators, filtered by words, group, kind or frequency."""
    words = request.GET.get("q", "").strip()
    asked = {name: request.GET[name] for name in CHOSEN if request.GET.get(name)}
    rows = Indicator.objects.visible_to(request.user).select_related("region").order_by("id")
    found = IndicatorFilter(asked | ({"name__icontains": words} if words else {}), queryset=rows)
    page = Paginator(found.qs, PAGE).get_page(whole(request.GET.get("page")) or 1)
    groups = list(
        Indicator.objects.exclude(group="").order_by("group").values_list("group", flat=True)
    )
    context = {
        "page": page,
        "words": words,
        "asked": asked,
        "groups": list(dict.fromkeys(groups)),
        "kinds": Indicator.Kind.choices,
        "frequencies": Indicator.Frequency.choices,
        "may_add": policies.can_define(request.user),
    }
    return render(request, "indicators/catalogue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add an indicator that the office keeps."""
    ensure(policies.can_define(request.user))
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def definition(request: HttpRequest, code: str) -> HttpResponse:
    """Change a definition that the person's office keeps."""
    row = get_object_or_404(Indicator.objects.visible_to(request.user), code=code)
    ensure(policies.can_define(request.user, row))
    return _edit(request, row)


def _edit(request: HttpRequest, row: Indicator | None) -> HttpResponse:
    sent = request.method == "POST"
    form = IndicatorForm(request.POST if sent else None, instance=row)
    if sent and form.is_valid():
        try:
            if row is None:
                row = services.add_indicator(form.cleaned_data, by=request.user)
                messages.success(request, _("已添加指标“%(name)s”。") % {"name": row.name})
            else:
                row = services.change_indicator(row, form.cleaned_data, by=request.user)
                messages.success(request, _("已保存指标“%(name)s”。") % {"name": row.name})
            return redirect("indicator", row.code)
        except DomainError as problem:
            if not problem.fields:
                raise
            put_errors(form, problem.fields)
    context = {"form": form, "row": row, "errors": error_rows(form) if sent else []}
    status = 422 if sent else 200
    return render(request, "indicators/definition.html", context, status=status)
