"""Values in files: table C and the tidy list out and in, what a file changes, and applying it."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Conflict, DomainError, ensure
from core.files import MEDIA_TYPES, content_of
from core.params import whole
from core.rest import csv_lines
from departments.models import Region
from indicators import policies
from indicators.exchange import table_c as c
from indicators.exchange import tidy as t
from indicators.exchange.reading import Asked, Read, answers_in
from indicators.models import Indicator, ObservationSheet
from indicators.selectors import plan_of
from indicators.selectors import sheets as selectors
from indicators.services import sheets as services
from plans.models import Plan

Kind = ObservationSheet.Kind


@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest) -> HttpResponse:
    """Offer the two files and take either of them back; what it is, its header tells."""
    user: Any = request.user
    if request.method == "POST":
        return _take_in(request, "")
    if user.acting is None:
        return render(request, "indicators/sheets/files.html", {"page": None})
    ensure(policies.can_take_values(user))
    page = selectors.files_page(user, timezone.localdate())
    return render(request, "indicators/sheets/files.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def table_c(request: HttpRequest) -> HttpResponse:
    """Hand out table C of a plan, or take one that came back."""
    if request.method == "POST":
        return _take_in(request, Kind.TABLE_C)
    now = timezone.now()
    plan = _plan_asked(request, now)
    made = selectors.table_c(request.user, plan, timezone.localdate(now))
    services.handed_out(Kind.TABLE_C, plan.region, by=request.user, plan=plan.pk)
    name = f"{plan.region.name}目标指标完成情况表.xlsx"
    return _attached(HttpResponse(c.write_table_c(made, now)), name, MEDIA_TYPES["xlsx"])


@require_http_methods(["GET", "HEAD", "POST"])
def tidy(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Hand out the values of a region and what lies below it, or take a list that came back."""
    if request.method == "POST":
        return _take_in(request, Kind.TIDY)
    asked, user = request.GET, request.user
    region = _region(request, asked.get("region"))
    code = asked.get("indicator")
    indicator = get_object_or_404(Indicator.objects.visible_to(user), code=code) if code else None
    rows = selectors.tidy_rows(
        user,
        region,
        year_from=whole(asked.get("year_from")),
        year_to=whole(asked.get("year_to")),
        indicator=indicator,
    )
    services.handed_out(
        Kind.TIDY, region, by=user, rows=len(rows), indicator=indicator and indicator.pk
    )
    name = f"{region.name}观测值明细表"
    if asked.get("format") == "csv":
        lines: Any = StreamingHttpResponse(csv_lines(list(t.TITLES.values()), t.tidy_lines(rows)))
        return _attached(lines, f"{name}.csv", "text/csv; charset=utf-8")
    content = t.write_tidy(rows, region, timezone.now())
    return _attached(HttpResponse(content), f"{name}.xlsx", MEDIA_TYPES["xlsx"])


def _attached(answer: Any, name: str, media_type: str) -> Any:
    answer["Content-Type"] = media_type
    answer["Content-Disposition"] = content_disposition_header(True, name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _plan(request: HttpRequest, asked: object) -> Plan:
    rows = Plan.objects.visible_to(request.user).select_related("region")
    return get_object_or_404(rows.exclude(state=Plan.State.DRAFT), pk=whole(asked))


def _plan_asked(request: HttpRequest, now: datetime) -> Plan:
    """Return the plan of an address, else the one that the person sees first."""
    acting: Any = request.user.acting  # type: ignore[union-attr]
    if request.GET.get("plan") or acting is None:
        return _plan(request, request.GET.get("plan"))
    plan = plan_of(request.user, acting.here, timezone.localdate(now))
    if plan is None:
        raise Http404(_("还没有启用的方案。"))
    return plan


def _region(request: HttpRequest, code: str | None) -> Region:
    """Return the place of a list: the person's own, or one below it."""
    acting: Any = request.user.acting  # type: ignore[union-attr]
    reach = acting.region_path if acting else "-"
    inside = Region.objects.filter(path__startswith=reach)
    return get_object_or_404(inside, code=code) if code else get_object_or_404(inside, path=reach)


# --- Taking in -----------------------------------------------------------------------------
def _take_in(request: HttpRequest, kind: str) -> HttpResponse:
    user: Any = request.user
    ensure(policies.can_use_sheets(user))
    chosen = request.POST.get("plan") or request.GET.get("plan")
    plan = _plan(request, chosen) if chosen else None
    if kind == Kind.TABLE_C and plan is not None:
        ensure(policies.can_observe(user, plan.region))
    upload = request.FILES.get("file")
    if upload is None:
        raise DomainError(_("请先选择填好的表格。"))
    content = upload.read(settings.UPLOAD_MAX_BYTES + 1)
    kind = kind or _kind_of(content, plan)
    # What cannot be read is refused here, and not kept.
    if kind == Kind.TIDY:
        t.lines_of(content)
    elif plan is not None:
        c.lines_of(content, plan)
    sheet = services.take_in(
        kind,
        upload.name or "",
        content,
        by=user,
        plan=plan,
        any_year="any_year" in request.POST,
    )
    return redirect("indicator-sheet", sheet.pk)


def _kind_of(content: bytes, plan: Plan | None) -> str:
    """Tell a table C of the plan from a tidy list by its header."""
    if plan is None:
        return Kind.TIDY
    try:
        c.lines_of(content, plan)
    except DomainError:
        return Kind.TIDY
    return Kind.TABLE_C


# --- What a file changes -------------------------------------------------------------------
def _load(request: HttpRequest, pk: int) -> ObservationSheet:
    mine = ObservationSheet.objects.visible_to(request.user)
    return get_object_or_404(mine.select_related("plan__region", "region"), pk=pk)


def _read(request: HttpRequest, sheet: ObservationSheet) -> Read:
    """Read the stored file again, with what the person decided about it."""
    today = timezone.localdate()
    plan, content = sheet.plan, content_of(sheet)
    answers = sheet.answers.get("cells", {})
    if sheet.kind == Kind.TABLE_C and plan is not None:
        table = selectors.table_c(request.user, plan, today)
        return c.read_table_c(content, table, Asked(today, answers=answers))
    years = None
    if plan is not None and not sheet.answers.get("any_year"):
        years = range(plan.start_year - 5, plan.end_year + 1)
    return t.read_tidy(content, Asked(today, years, answers), by=request.user)


@require_GET
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a file would change, row by row, what is wrong, and what is to be decided."""
    return _page(request, _load(request, pk))


def _page(
    request: HttpRequest, row: ObservationSheet, problem: str = "", status: int = 200
) -> HttpResponse:
    told = None
    if row.applied_at is None:
        read = _read(request, row)
        told = services.preview(read.rows, read.untouched, by=request.user)
    plans = [row.plan] if row.plan else []
    context = {"sheet": row, "told": told, "problem": problem, "plans": plans}
    return render(request, "indicators/sheets/preview.html", context, status=status)


@require_POST
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the decisions, then write everything that a file changes as drafts, or nothing."""
    row = _load(request, pk)
    names = {one.name for entered in _read(request, row).rows for one in entered.choices}
    row = services.decide(row, answers_in(request.POST, names), by=request.user)
    row = _load(request, pk)
    try:
        done = services.apply(
            row.pk,
            _read(request, row).rows,
            request.POST.get("seen", ""),
            by=request.user,
            now=timezone.now(),
        )
    except DomainError as error:
        if error.code == "not_allowed":
            raise
        return _page(request, row, error.message, 409 if isinstance(error, Conflict) else 422)
    words = (
        _("这份表格已经应用过：新增 %(new)s 个数值，改动 %(changed)s 个。")
        if done.again
        else _("已存为草稿：新增 %(new)s 个数值，改动 %(changed)s 个。看过之后再报送。")
    )
    messages.success(request, words % {"new": done.new, "changed": done.changed})
    return redirect("indicator-sheet", row.pk)
