"""Compiled reports: the list, one report with its versions and figures, its progress and files."""

from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import DomainError
from core.files import MEDIA_TYPES
from core.forms import error_rows, put_errors
from core.models import Job
from reports import policies, services
from reports.forms import ReportForm
from reports.models import Report, ReportVersion
from reports.selectors.compiled import changes, newest_job, plans_to_report_on

FILES = ("docx", "pdf", "xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def reports(request: HttpRequest) -> HttpResponse:
    """List the reports one may read; the office asks for a new one here."""
    plans = plans_to_report_on(request.user)
    form = ReportForm(request.POST or None, plans=plans) if plans else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            report = services.request_report(**form.cleaned_data, by=request.user)
        except DomainError as problem:
            put_errors(form, problem.sentences)
        else:
            return redirect("report", report.pk)
    rows = Report.objects.visible_to(request.user).select_related(
        "plan__region", "department", "period"
    )
    page = Paginator(rows.order_by("-year", "-id"), 50).get_page(request.GET.get("page"))
    context = {"page": page, "form": form, "errors": error_rows(form) if form else []}
    return render(
        request,
        "reports/compiled/list.html",
        context,
        status=422 if form is not None and form.errors else 200,
    )


def _visible(request: HttpRequest, pk: int) -> Report:
    return get_object_or_404(
        Report.objects.visible_to(request.user).select_related(
            "plan__region", "department", "period"
        ),
        pk=pk,
    )


@require_GET
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a report: how far its compilation is, its versions, and what the last one changed."""
    one = _visible(request, pk)
    versions = list(ReportVersion.objects.filter(report=one).order_by("-number"))
    shown = _chosen(versions, request.GET.get("version", ""))
    older = next((v for v in versions if shown and v.number < shown.number), None)
    context = {
        "report": one,
        "job": newest_job(one) if one.state in ("queued", "compiling") else None,
        "versions": versions,
        "shown": shown,
        "older": older,
        "changes": changes(shown, older) if shown and older else [],
        "can_recompile": policies.can_recompile(request.user, one),
    }
    return render(request, "reports/compiled/report.html", context)


def _chosen(versions: list[ReportVersion], number: str) -> ReportVersion | None:
    """Return the version asked for, else the newest; 404 for one that does not exist."""
    if not number:
        return versions[0] if versions else None
    for version in versions:
        if str(version.number) == number:
            return version
    raise Http404


@require_GET
def progress(request: HttpRequest, pk: int) -> JsonResponse:
    """Tell a script how far the compilation is: {state, progress, message, url}."""
    one = _visible(request, pk)
    answer: dict[str, Any] = {"state": "done", "progress": 100, "message": ""}
    if one.state == Report.State.FAILED:
        answer = {"state": "failed", "progress": 0, "message": one.error}
    elif one.state in (Report.State.QUEUED, Report.State.COMPILING):
        job = newest_job(one)
        waiting = job is None or job.state != Job.State.RUNNING
        answer = {
            "state": "queued" if waiting else "running",
            "progress": 0 if waiting or job is None else job.progress,
            "message": _("正在排队") if waiting or job is None else job.message,
        }
    return JsonResponse(answer | {"url": reverse("report", args=[one.pk])})


@require_POST
def recompile(request: HttpRequest, pk: int) -> HttpResponse:
    """Compile a draft or a failed report again."""
    services.recompile(_visible(request, pk), by=request.user)
    return redirect("report", pk)


@require_GET
def file(request: HttpRequest, pk: int, number: int, suffix: str) -> FileResponse:
    """Give a file of a version as a download, and record it."""
    if suffix not in FILES:
        raise Http404
    version = get_object_or_404(
        ReportVersion.objects.visible_to(request.user).select_related(
            "report__plan__region", "report__department", "report__period"
        ),
        report=_visible(request, pk),
        number=number,
    )
    stored = getattr(version, suffix)
    try:
        opened = stored.open("rb")
    except (FileNotFoundError, ValueError):  # gone, or never made
        raise Http404(_("文件不在了，请联系管理员。")) from None
    services.downloaded(version, suffix, by=request.user)
    name = _("%(report)s-第%(number)s版.%(suffix)s") % {
        "report": version.report.name.replace(" ", ""),
        "number": version.number,
        "suffix": suffix,
    }
    return FileResponse(opened, as_attachment=True, filename=name, content_type=MEDIA_TYPES[suffix])
