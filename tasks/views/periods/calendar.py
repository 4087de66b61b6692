"""The region's year of periods, years entered afterwards, and the rules of reporting."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import workdays
from core.errors import DomainError, NotAllowed
from core.forms import error_rows, put_errors
from core.params import whole
from tasks.forms.periods import DatesForm, PastForm, RulesForm
from tasks.models import ReportingRules
from tasks.selectors.periods import year as years
from tasks.selectors.periods.rules import rules_of
from tasks.services import periods
from tasks.services.periods import rules as reporting_rules
from tasks.services.periods.year import schedule_year

DAYS = ("opens_on", "due_on", "closes_on")


def _here(request: HttpRequest) -> Any:
    """Return the region whose office asks; raises NotAllowed for everybody else."""
    acting = getattr(request.user, "acting", None)
    if acting is None or not acting.is_office():
        raise NotAllowed(_("填报期由本地区纲要办管理。"))
    return acting.here


def _row(proposal: years.Proposal, number: int, data: Any) -> Any:
    """Return the form of a line of the grid, as it was sent or as it is proposed."""
    begun = {name: getattr(proposal, name) for name in periods.Dates.__slots__}
    return DatesForm(data, prefix=str(number), initial=begun, auto_id="id_%s")


def _moved(data: Any, count: int) -> Any:
    """Return what was sent with each day off replaced by the working day that follows it."""
    data = data.copy()
    for number in range(count):
        for name in DAYS:
            field = f"{number}-{name}"
            try:
                day = date.fromisoformat(data.get(field, ""))
            except ValueError:
                continue
            data[field] = workdays.on_or_after(day).isoformat()
    return data


def _asked(request: HttpRequest, region: Any) -> tuple[int, str, list[int]]:
    """Return the year and the rhythm that are asked for, and the years that there are."""
    covered = years.years_of(region)
    sent = request.POST if request.method == "POST" else request.GET
    today = timezone.localdate().year
    best = today if today in covered else (covered or [today])[-1]
    asked = whole(sent.get("year"))
    year = asked if 2000 <= asked <= 2100 else best
    return year, years.rhythm_of(region, sent.get("rhythm", "")), covered


def _schedule(request: HttpRequest, region: Any, year: int, rows: list[Any]) -> dict[str, Any]:
    """Schedule the lines that were ticked; return what is wrong, per field of the grid."""
    wanted = {
        row.prefix: row
        for row, one in rows
        if not one.there and f"{row.prefix}-take" in request.POST
    }
    if not all([row.is_valid() for row in wanted.values()]):
        return {"shape": True}
    dates = {prefix: periods.Dates(**row.cleaned_data) for prefix, row in wanted.items()}
    try:
        schedule_year(region, year, dates, by=request.user, days_off="days_off" in request.POST)
    except DomainError as error:
        if not error.fields:
            return {"": [error.message]}
        for key, said in error.fields.items():
            prefix, _dash, field = key.partition("-")
            if prefix in wanted:
                put_errors(wanted[prefix], {field: said})
        return error.fields
    return {}


@require_http_methods(["GET", "HEAD", "POST"])
def plan_year(request: HttpRequest) -> HttpResponse:
    """Offer the year's periods by the region's rhythm, to be changed and scheduled in one step."""
    region = _here(request)
    year, rhythm, covered = _asked(request, region)
    found = years.proposals(region, year, rhythm)
    data = request.POST if request.method == "POST" else None
    moving = data is not None and "move" in data
    if moving:
        data = _moved(data, len(found))
    rows = [
        (_row(one, number, None if one.there else data), one) for number, one in enumerate(found)
    ]
    wrong: dict[str, Any] = {}
    if data is not None and not moving:
        wrong = _schedule(request, region, year, rows)
        if not wrong:
            messages.success(request, _("%s 年的填报期已排入日历。") % year)
            return redirect("periods")
    ticked = (lambda row: f"{row.prefix}-take" in data) if data is not None else (lambda row: True)
    general = [("", "", said) for key in ("", "year") for said in wrong.get(key, [])]
    lines = [(f, one, ticked(f)) for f, one in rows]
    errors = general + [
        (where, f"{f['name'].value()}，{label}", said)
        for f, _one, taken in lines
        if taken and not moving and f.is_bound
        for where, label, said in error_rows(f)
    ]
    return render(
        request,
        "tasks/periods/year.html",
        {
            "lines": lines,
            "year": year,
            "rhythm": rhythm,
            "rhythms": ReportingRules.Rhythm.choices,
            "years": covered,
            "rules": rules_of(region),
            "errors": errors,
            "off": any("不上班" in said for _w, _l, said in errors),
            "free": any(not one.there for _f, one, _t in lines),
        },
        status=422 if errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def past(request: HttpRequest) -> HttpResponse:
    """Put a period of years before the portal into the calendar (补录)."""
    region, today = _here(request), timezone.localdate()
    form = PastForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = periods.schedule(
                region,
                opens_on=today,
                due_on=today,
                closes_on=today,
                retrospective=True,
                by=request.user,
                **form.cleaned_data,
            )
            messages.success(request, _("已建立补录填报期：%s。") % made.name)
            return redirect("period", made.pk)
        except DomainError as error:
            if not error.fields:
                raise
            put_errors(form, error.fields)
    errors = error_rows(form)
    context = {"form": form, "errors": errors}
    return render(request, "tasks/periods/past.html", context, status=422 if errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """Show and set how the region reports."""
    region = _here(request)
    row = rules_of(region)
    begun = {"remind_days": "、".join(map(str, row.remind_days)) or "0"}
    form = RulesForm(request.POST or None, instance=row, initial=begun)
    if request.method == "POST" and form.is_valid():
        try:
            reporting_rules.set_rules(region, form.cleaned_data, by=request.user)
            messages.success(request, _("填报规则已保存。已排入日历的填报期不变。"))
            return redirect("periods-rules")
        except DomainError as error:
            if not error.fields:
                raise
            put_errors(form, error.fields)
    errors = error_rows(form)
    context = {"form": form, "errors": errors, "region": region}
    return render(request, "tasks/periods/rules.html", context, status=422 if errors else 200)
