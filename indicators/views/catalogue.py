"""The catalogue of indicators: all of them, one definition, adding and changing."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import DomainError, NotAllowed, ensure
from core.forms import error_rows, put_errors
from core.params import whole
from core.sheets import Line
from departments.views.sealed import workbook
from indicators import policies, services
from indicators.exchange import definitions
from indicators.filters import IndicatorFilter
from indicators.forms.catalogue import DefinitionsForm, IndicatorForm, definition_of
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


@require_http_methods(["GET", "HEAD", "POST"])
def from_file(request: HttpRequest) -> HttpResponse:
    """Add the definitions of a table, all or none; what is wrong is told line by line."""
    ensure(policies.can_define(request.user))
    sent = request.method == "POST"
    form = DefinitionsForm(request.POST, request.FILES) if sent else DefinitionsForm()
    problems: list[tuple[int, str, str]] = []
    if sent and form.is_valid():
        try:
            lines = definitions.read_definitions(form.cleaned_data["file"].read())
            made = _added(lines, request.user)
            messages.success(request, _("已添加 %(count)s 个指标。") % {"count": len(made)})
            return redirect("catalogue")
        except services.RowErrors as told:
            problems = _told(lines, told)
        except NotAllowed:
            raise
        except DomainError as problem:
            form.add_error("file", problem.message)
    context = {"form": form, "problems": problems, "errors": error_rows(form) if sent else []}
    status = 422 if sent else 200
    return render(request, "indicators/definitions.html", context, status=status)


def _added(lines: Sequence[Line], by: Any) -> list[Indicator]:
    """Add what the lines of a table say; raises RowErrors by the number of the line."""
    if not lines:
        raise DomainError(_("表里没有填写任何指标。"))
    rows, unread = [], {}
    for number, line in enumerate(lines):
        form = definition_of(line.values)
        told = {name: [text] for name, text in line.problems.items()}
        if told or not form.is_valid():
            unread[number] = {name: [*map(str, said)] for name, said in form.errors.items()} | told
        else:
            rows.append(form.cleaned_data | {"is_active": True})
    return services.add_indicators(rows, by=by, unread=unread)


def _told(lines: Sequence[Line], told: services.RowErrors) -> list[tuple[int, str, str]]:
    """Return what is wrong as row of the file, title of the column, and sentence."""
    return [
        (lines[number].row, definitions.TITLES.get(name, ""), text)
        for number, fields in told.rows.items()
        for name, texts in fields.items()
        for text in texts
    ]


@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """Give the empty table of definitions."""
    ensure(policies.can_define(request.user))
    return workbook(definitions.template(timezone.localtime()), _("指标目录"))


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
