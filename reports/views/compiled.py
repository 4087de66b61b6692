"""Compiled reports: the list, one report with its versions and figures, its progress and files."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import DomainError
from core.files import MEDIA_TYPES
from core.forms import error_rows, put_errors
from core.models import Job
from reports import policies, services
from reports.filters import ReportFilter
from reports.forms import FORMS, ReportForm, answer_form, first_form, record_form
from reports.models import Opinion, Report, ReportVersion
from reports.selectors.compiled import (
    changes,
    choices,
    newest_job,
    plans_to_report_on,
)
from reports.selectors.report_page import OF_AN_OPINION, ReportPage, report_page
from reports.selectors.scores import has_scores
from reports.selectors.sections import sections_of
from reports.workflow import STEPS

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
    seen = Report.objects.visible_to(request.user)
    rows = ReportFilter(request.GET, seen.select_related("plan__region", "department", "period")).qs
    page = Paginator(rows.order_by("-year", "-id"), 50).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "form": form,
        "errors": error_rows(form) if form else [],
        "narrowed": [
            (name, label, options, request.GET.get(name, ""))
            for name, label, options in choices(seen)
        ],
        "scored": has_scores(request.user),
    }
    return render(
        request,
        "reports/compiled/list.html",
        context,
        status=422 if form is not None and form.errors else 200,
    )


def visible(request: HttpRequest, pk: int) -> Report:
    """Return a report that the person may see, with what its page and its steps read of it."""
    rows = Report.objects.visible_to(request.user).select_related(
        "plan__region", "plan__settings", "department", "period", "created_by"
    )
    found: Report = get_object_or_404(rows, pk=pk)
    return found


@require_GET
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a report: where it is on its way, what one may do now, its versions and figures."""
    return show(request, visible(request, pk))


def show(
    request: HttpRequest, one: Report, sent: tuple[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Draw the page; `sent` is a step that was refused, with its form as it was filled in."""
    today = timezone.localdate()
    page = report_page(request.user, one, today)
    shown = _chosen(page.versions, request.GET.get("version", ""))
    older = next((v for v in page.versions if shown and v.number < shown.number), None)
    context = {
        "view": page,
        "report": one,
        "shown": shown,
        "older": older,
        "changes": changes(shown, older) if shown and older else [],
        "sections": sections_of(page.newest) if _looks_after(request.user, one) else [],
        "can_edit": bool(policies.can(request.user, one, "edit")),
        **step_forms(page, today, sent),
    }
    return render(request, "reports/compiled/report.html", context, status=status)


def _looks_after(user: Any, one: Report) -> bool:
    """Tell whether a person writes or approves the report, and so sees what was rewritten."""
    return bool(policies.can_cancel(user, one)) or bool(policies.can(user, one, "approve"))


def step_forms(page: ReportPage, today: date, sent: tuple[str, Any] | None) -> dict[str, Any]:
    """Return the forms of what the person may do now, and what keeps the next step from it.

    A form that was sent and refused takes the place of the fresh one; `lost` is one whose step
    is no longer possible: its words are shown to be copied.
    """
    alone = page.may.difference(OF_AN_OPINION)
    forms = {verb: first_form(verb, page) for verb in FORMS if verb in alone}
    beside = _opinion_forms(page)
    lost = None
    if sent is not None:
        verb, form = sent
        place = (verb, form.data.get("opinion", ""))
        if place in beside:
            beside[place] = form
        elif verb in forms:
            forms[verb] = form
        else:
            lost = form
    hindered = {
        verb: found
        for verb, find in (
            ("approve", lambda: services.not_to_approve(page.report, page.newest, today)),
            ("issue", lambda: services.not_to_issue(page.report, page.periods)),
        )
        if verb in forms and (found := find())
    }
    return {
        "forms": forms,
        "opinions": [
            (one, {verb: beside.get((verb, str(one.pk))) for verb in OF_AN_OPINION})
            for one in page.opinions
        ],
        "earlier": [(one, {}) for one in page.earlier],
        "lost": lost,
        "hindered": hindered,
        "errors": error_rows(sent[1]) if sent is not None else [],
    }


def _opinion_forms(page: ReportPage) -> dict[tuple[str, str], Any]:
    """Return the forms that stand at opinions, by verb and the opinion's number as it is sent."""
    found: dict[tuple[str, str], Any] = {}
    for one in page.opinions:
        if "record" in page.may and not one.by_unit:
            found["record", str(one.pk)] = record_form(one)
        if "answer" in page.may and one.state == Opinion.State.COMMENTED:
            found["answer", str(one.pk)] = answer_form(one)
    return found


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
    one = visible(request, pk)
    job = newest_job(one)
    answer: dict[str, Any] = {"state": "done", "progress": 100, "message": ""}
    if job is not None and job.state == Job.State.RUNNING:
        answer = {"state": "running", "progress": job.progress, "message": job.message}
    elif one.state in STEPS["begin"].sources or (job and job.state == Job.State.QUEUED):
        answer = {"state": "queued", "progress": 0, "message": _("正在排队")}
    elif one.error:
        answer = {"state": "failed", "progress": 0, "message": one.error}
    return JsonResponse(answer | {"url": reverse("report", args=[one.pk])})


@require_POST
def recompile(request: HttpRequest, pk: int) -> HttpResponse:
    """Compile a draft or a failed report again."""
    services.recompile(visible(request, pk), by=request.user)
    return redirect("report", pk)


@require_GET
def file(request: HttpRequest, pk: int, number: int, suffix: str) -> FileResponse:
    """Give a file of a version as a download, and record it."""
    if suffix not in FILES:
        raise Http404
    one = visible(request, pk)
    rows = ReportVersion.objects.visible_to(request.user).select_related("report__plan__region")
    version = get_object_or_404(rows, report=one, number=number)
    stored = getattr(version, suffix)
    try:
        opened = stored.open("rb")
    except (FileNotFoundError, ValueError):  # gone, or never made
        raise Http404(_("文件不在了，请联系管理员。")) from None
    services.downloaded(version, suffix, by=request.user)
    name = _("%(report)s-第%(number)s版.%(suffix)s") % {
        "report": one.name.replace(" ", ""),
        "number": version.number,
        "suffix": suffix,
    }
    return FileResponse(opened, as_attachment=True, filename=name, content_type=MEDIA_TYPES[suffix])
