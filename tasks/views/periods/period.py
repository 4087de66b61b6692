"""Reporting periods: the calendar, what opening one causes, who has reported, how one moves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import DomainError, ensure
from core.forms import error_rows, put_errors
from tasks import policies
from tasks.forms.periods import (
    ChangeForm,
    ExtendForm,
    PeriodForm,
    ProlongForm,
    ReasonForm,
    UntilForm,
)
from tasks.models import Period
from tasks.selectors.entries import sheets as entry_sheets
from tasks.selectors.periods import opening
from tasks.selectors.periods import period as pages
from tasks.selectors.periods.nudging import own_nudges
from tasks.services import periods
from tasks.services.periods import extensions
from tasks.workflow import PERIOD


@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """Show the region's periods; put a new one into the calendar."""
    form = PeriodForm(request.POST or None)
    acting = getattr(request.user, "acting", None)
    if request.method == "POST" and acting is not None and form.is_valid():
        try:
            made = periods.schedule(acting.here, by=request.user, **form.cleaned_data)
            messages.success(request, _("已排入日历：%(name)s。") % {"name": made.name})
            return redirect("period", made.pk)
        except DomainError as error:
            if not error.fields:
                raise
            put_errors(form, error.fields)
    errors = error_rows(form)
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


@dataclass(frozen=True, slots=True)
class Revoking:
    """Taking a unit's extension back, as it was refused: the reason as typed, what is wrong."""

    unit: int
    typed: str
    message: str


@require_GET
def period(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a period: before it opens what it will cause, afterwards who has reported."""
    rows = Period.objects.visible_to(request.user).select_related("region")
    return show(request, get_object_or_404(rows, pk=pk))


def show(request: HttpRequest, row: Period, revoking: Revoking | None = None) -> HttpResponse:
    """Draw the page of a period; `revoking` is what was refused about one of its extensions."""
    page = pages.period_page(request.user, row)
    preview = opening.preview(row, timezone.localdate()) if page.may_open else None
    context = {
        "revoking": revoking,
        "page": page,
        "preview": preview,
        "nudges": own_nudges(request.user, row),
        "sheet": entry_sheets.choice(request.user, row),
    }
    status = 422 if revoking else 200
    return render(request, "tasks/periods/period.html", context, status=status)


# --- What a period's office does with it ---------------------------------------------------------
def _open(request: HttpRequest, row: Period, given: dict[str, Any], now: datetime) -> str:
    count = periods.open_period(row, by=request.user, now=now)
    return _("%(name)s填报已启动，共 %(count)s 项，已通知各单位。") % {
        "name": row.name,
        "count": count,
    }


def _close(request: HttpRequest, row: Period, given: dict[str, Any], now: datetime) -> str:
    periods.close_period(row, by=request.user, now=now)
    return _("%(name)s填报已截止。") % {"name": row.name}


def _change(request: HttpRequest, row: Period, given: dict[str, Any], now: datetime) -> str:
    how = {name: given.pop(name) for name in ("by_calendar", "days_off")}
    changed = periods.change(row, periods.Dates(**given), by=request.user, **how)
    return _("%(name)s的日期已保存。") % {"name": changed.name}


def _prolong(request: HttpRequest, row: Period, given: dict[str, Any], now: datetime) -> str:
    periods.prolong(row, by=request.user, now=now, **given)
    return _("%(name)s的报送时限已推迟，已通知还没有报齐的单位。") % {"name": row.name}


def _reopen(request: HttpRequest, row: Period, given: dict[str, Any], now: datetime) -> str:
    periods.reopen_period(row, by=request.user, now=now, **given)
    return _("%(name)s填报已重新开放。") % {"name": row.name}


def _freeze(request: HttpRequest, row: Period, given: dict[str, Any], now: datetime) -> str:
    periods.freeze(row, by=request.user, now=now, **given)
    return _("%(name)s填报已归档锁定。") % {"name": row.name}


def _unfreeze(request: HttpRequest, row: Period, given: dict[str, Any], now: datetime) -> str:
    periods.unfreeze(row, by=request.user, **given)
    return _("%(name)s填报已解除归档。") % {"name": row.name}


def _extend(request: HttpRequest, row: Period, given: dict[str, Any], now: datetime) -> str:
    made = extensions.extend(row, by=request.user, now=now, **given)
    return _("%(unit)s已延期到 %(day)s，已通知该单位。") % {
        "unit": made.department,
        "day": made.until.isoformat(),
    }


def _remove(request: HttpRequest, row: Period, given: dict[str, Any], now: datetime) -> str:
    periods.remove(row, by=request.user)
    return _("%(name)s已从日历里删除。") % {"name": row.name}


Deed = Callable[[HttpRequest, Period, dict[str, Any], datetime], str]
DEEDS: dict[str, Deed] = {
    "open": _open,
    "close": _close,
    "change": _change,
    "remove": _remove,
    "prolong": _prolong,
    "reopen": _reopen,
    "freeze": _freeze,
    "unfreeze": _unfreeze,
    "extend": _extend,
}
# What a form of these verbs is headed with, and what it says before the fields.
HEADS = {
    "change": (gettext_lazy("修改日期"), gettext_lazy("还没有启动，名称和日期都可以改。")),
    "prolong": (
        gettext_lazy("推迟时限"),
        gettext_lazy("已经启动，时限只能推迟，不能提前。还没有报齐的单位会收到通知。"),
    ),
    "reopen": (
        gettext_lazy("重新开放"),
        gettext_lazy("开放期间收到的记为迟报；还没有报齐的单位会收到通知。"),
    ),
    "freeze": (
        gettext_lazy("归档锁定"),
        gettext_lazy("报告印发后归档：内容不再变动，只能逐项重新开放更正，前后两稿都保留。"),
    ),
    "unfreeze": (gettext_lazy("解除归档"), gettext_lazy("用于报告撤回之后。回到已截止的状态。")),
    "extend": (
        gettext_lazy("给一个单位延期"),
        gettext_lazy("延期内报送不算迟报，全期截止后也收。再次延期以新日期为准。"),
    ),
}


def _form(verb: str, row: Period, data: Any) -> django_forms.Form | None:
    """Return the form of a verb; None where the verb needs nothing."""
    now = {name: getattr(row, name) for name in ("name", *periods.DAYS, "by_calendar")}
    match verb:
        case "change":
            return ChangeForm(data, initial=now)
        case "prolong":
            return ProlongForm(data, initial=now)
        case "reopen":
            return UntilForm(data)
        case "freeze" | "unfreeze":
            return ReasonForm(data)
        case "extend":
            return ExtendForm(data, units=pages.units_of(row))
    return None


def _may(request: HttpRequest, row: Period, verb: str) -> None:
    """Refuse at once what cannot be done, before anybody fills in a form."""
    if verb in PERIOD:
        ensure(policies.can_move_period(request.user, row, verb))
    else:
        ensure(policies.can_extend(request.user, row))


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Do one of the office's deeds with a period, after a form where the deed needs one."""
    row = get_object_or_404(Period.objects.visible_to(request.user).select_related("region"), pk=pk)
    if verb not in DEEDS:
        raise Http404
    form = _form(verb, row, request.POST or None)
    if form is None and request.method != "POST":
        return redirect("period", row.pk)
    _may(request, row, verb)
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            given = form.cleaned_data if form else {}
            messages.success(request, DEEDS[verb](request, row, given, timezone.now()))
            return redirect("periods") if verb == "remove" else redirect("period", row.pk)
        except DomainError as error:
            if form is None or not error.fields:
                raise
            put_errors(form, error.fields)
    errors = error_rows(form) if form else []
    head, about = HEADS[verb]
    return render(
        request,
        "tasks/periods/move.html",
        {"period": row, "form": form, "errors": errors, "head": head, "about": about},
        status=422 if errors else 200,
    )
