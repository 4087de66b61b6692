"""Indicators: a plan's targets, one indicator with its values, and entering a value."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.charts import Chart, ChartError, Drawn, draw
from core.errors import Conflict, DomainError, NotAllowed
from core.forms import error_rows, put_errors
from core.params import whole
from departments.models import Department, Region
from indicators import policies, services
from indicators.forms import ObservationForm, started_from
from indicators.models import Indicator, Observation
from indicators.selectors import plain_chart, plan_targets, target_chart
from indicators.selectors.page import (
    indicator_page,
    is_inside,
    newest_year,
    plan_of,
    sees_values,
)
from plans.models import Plan


def drawn(chart: Chart, key: str, *, width: int = 420, height: int = 168) -> Drawn:
    """Draw a chart; where that fails its sentence and numbers still stand, without a picture."""
    try:
        return draw(chart, key=key, width=width, height=height)
    except ChartError:
        empty = SafeString("")
        return Drawn(key, empty, SafeString("null"), chart.sentence, chart.columns, chart.rows)


def _year(request: HttpRequest) -> int | None:
    text = request.GET.get("year", "")
    if text and not whole(text):
        raise Http404(_("没有这个年度。"))
    return whole(text) if text else None


@require_GET
def indicators(request: HttpRequest) -> HttpResponse:
    """Show a plan's targets and how each stands; `?plan=` and `?year=` choose."""
    today = timezone.localdate()
    acting: Any = request.user.acting  # type: ignore[union-attr]
    plans = Plan.objects.visible_to(request.user).select_related("region")
    asked = request.GET.get("plan")
    if asked:
        plan = get_object_or_404(plans, pk=whole(asked))
    else:
        plan = plan_of(request.user, acting.here, today) if acting else None
    if plan is None:
        nothing = {"plan": None, "sees": sees_values(request.user)}
        return render(request, "indicators/targets.html", nothing)
    year = _year(request) or newest_year(plan, today)
    if year not in plan.years:
        raise Http404(_("没有这个年度。"))
    context: dict[str, Any] = {
        "plan": plan,
        "year": year,
        "views": plan_targets(plan, year),
        "inside": is_inside(request.user, plan.region),
        "may_change": policies.can_change_targets(request.user, plan),
        "may_fill": policies.can_use_sheets(request.user),
    }
    return render(request, "indicators/targets.html", context)


def subject(request: HttpRequest, code: str) -> tuple[Indicator, Region]:
    """Return the indicator and the region of an address (the person's own unless it says so)."""
    found = get_object_or_404(Indicator.objects.visible_to(request.user), code=code)
    wanted = request.GET.get("region")
    if wanted:
        return found, get_object_or_404(Region.objects.visible_to(request.user), code=wanted)
    acting: Any = request.user.acting  # type: ignore[union-attr]
    if acting is None:
        raise Http404
    return found, acting.here


@require_GET
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """Show one indicator of a region: its value, chart, table and definition."""
    found, region = subject(request, code)
    units = _units(request, found, region)
    row = _started(request, found)
    begins = started_from(row) if row is not None else {}
    form = ObservationForm(found, region, initial=begins, units=units)
    is_draft = row is not None and row.state != Observation.State.VERIFIED
    seen = _seen(row.version, vars(row)) if row and is_draft else UNSEEN
    return _page(request, found, region, form, seen)


def _started(request: HttpRequest, found: Indicator) -> Observation | None:
    """Return the value that is to be mended or corrected, if the address names one."""
    pk = whole(request.GET.get("from"))
    return Observation.objects.visible_to(request.user).filter(pk=pk, indicator=found).first()


UNSEEN = "0-"


def _seen(version: int, fields: Mapping[str, Any]) -> str:
    """Return the version of a draft that is shown, and which it is: of what year, group, series."""
    unit = fields.get("department", fields.get("department_id"))
    names = ("year", "part", "population_group", "basis", "series")
    key = [fields.get(name) or "" for name in names]
    return "-".join(str(one) for one in (version, getattr(unit, "pk", unit) or "", *key))


def _page(
    request: HttpRequest,
    found: Indicator,
    region: Region,
    form: ObservationForm,
    seen: str = UNSEEN,
) -> HttpResponse:
    """Show the page; `seen` says which draft the form begins with, in which version."""
    page = indicator_page(request.user, found, region, timezone.localdate(), _year(request))
    charts = [
        (one, drawn(chart, f"target{one.target.pk}", width=720, height=272) if chart else None)
        for one in page.views
        for chart in [target_chart(one)]
    ]
    errors = error_rows(form)
    counted = [line.row for year in page.years for line in year.lines if line.row.counts]
    draws = not page.views and not found.is_answered_in(region)  # 是 or 否 is no quantity
    chart = plain_chart(found, counted) if draws else None
    context = {
        "page": page,
        "plain": drawn(chart, "plain", width=720, height=272) if chart else None,
        "charts": charts,
        "seen": seen,
        "form": form if _may_enter(request, found, region) else None,
        "errors": errors,
    }
    status = 422 if errors else 200
    return render(request, "indicators/indicator.html", context, status=status)


def _may_enter(request: HttpRequest, found: Indicator, region: Region) -> bool:
    """Tell whether to offer the form: to a unit only where units report the indicator."""
    unit = _unit(request)
    offered = unit is None or found.by_department
    return offered and bool(policies.can_observe(request.user, region, unit))


def _unit(request: HttpRequest) -> Any:
    """Return the department whose own value a person enters; the office enters the region's."""
    acting: Any = request.user.acting  # type: ignore[union-attr]
    return acting.department if acting else None


def _units(request: HttpRequest, found: Indicator, region: Region) -> Any:
    """Return the units whose values an office may enter too; None for a unit itself."""
    acting: Any = request.user.acting  # type: ignore[union-attr]
    if acting is None or acting.department is not None or not found.by_department:
        return None
    today = timezone.localdate()
    return Department.objects.valid_on(today).filter(region=region).exclude(kind="group")


@require_POST
def observe(request: HttpRequest, code: str) -> HttpResponse:
    """Enter a value as a draft; what is wrong stands at its field, with everything kept."""
    found, region = subject(request, code)
    form = ObservationForm(found, region, request.POST, units=_units(request, found, region))
    seen = str(request.POST.get("seen", UNSEEN))
    if not form.is_valid():
        return _page(request, found, region, form, seen)
    fields = form.cleaned_data | {
        "department": _unit(request) or form.cleaned_data.get("department")
    }
    year = fields.pop("year")
    version = whole(seen.partition("-")[0])
    same = seen == _seen(version, fields | {"year": year})
    try:
        services.observe(
            found,
            region,
            year,
            by=request.user,
            version=version if same else 0,
            **fields,
        )
    except NotAllowed:
        raise
    except Conflict as problem:
        # Saving once more means it: what stands now is shown in the table of values.
        put_errors(form, {"": [problem.message]})
        now = _seen(problem.current.get("version", 0), fields | {"year": year})
        return _page(request, found, region, form, now)
    except DomainError as problem:
        put_errors(form, problem.fields or {"": [problem.message]})
        return _page(request, found, region, form, seen)
    messages.success(request, _("已存为草稿，核对无误后请报送。"))
    return redirect(f"{reverse('indicator', args=[code])}?region={region.code}")
