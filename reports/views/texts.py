"""Editing what a report says: one section at a time, and the outline of a plan's reports."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import DomainError, NotAllowed
from core.params import whole
from plans.models import Plan
from reports import policies
from reports.models import Report, ReportVersion
from reports.outlines import OUTLINES, Part
from reports.rendering.document import Heading, Paragraph, plain
from reports.selectors.compiled import plans_to_report_on
from reports.services import outlines, texts

Wrong = tuple[str, str, str]  # id of the field, label, sentence


def _of_office(request: HttpRequest, pk: int) -> tuple[Report, ReportVersion]:
    """Return a report that this person may edit at some time, and its newest version."""
    rows = Report.objects.visible_to(request.user)
    report = get_object_or_404(rows.select_related("plan__region", "department", "period"), pk=pk)
    version = ReportVersion.objects.filter(report=report).order_by("-number").first()
    if version is None or not policies.can_request(request.user, report.plan):
        raise Http404
    return report, version


@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Show a section paragraph by paragraph, and keep what the office makes of it."""
    report, version = _of_office(request, pk)
    shown = texts.editable(version, key)
    if shown is None:
        raise Http404
    errors: list[Wrong] = []
    typed, more, mine = None, "", ""
    if request.method == "POST":
        typed, more, seen = _blocks(request), _text(request, "more"), request.POST.get("seen", "")
        try:
            texts.edit_section(report, key, typed, more, seen=seen, by=request.user)
        except DomainError as problem:
            errors = _errors(problem)
            report, version = _of_office(request, pk)  # as it is after the refusal
            shown = texts.editable(version, key) or shown
            if shown.seen != seen:  # the paragraphs are others now: nothing is put into them
                mine = "\n".join(one for one in (*typed.values(), more) if one)
                typed, more = None, ""
        else:
            return redirect("report", pk)
    context = {
        "report": report,
        "section": shown,
        "rows": _rows(shown, typed, errors),
        "more": more,
        "mine": mine,
        "errors": errors,
        "can_edit": policies.can(request.user, report, "edit"),
    }
    return render(request, "reports/compiled/section.html", context, status=422 if errors else 200)


def _blocks(request: HttpRequest) -> dict[int, str]:
    """Return the texts sent, by the place of their block in the section as it was opened."""
    named = [name.removeprefix("block-") for name in request.POST if name.startswith("block-")]
    return {at: _text(request, f"block-{at}") for at in sorted(map(whole, named))}


def _text(request: HttpRequest, name: str) -> str:
    return str(request.POST.get(name, "")).replace("\r\n", "\n")


def _errors(problem: DomainError) -> list[Wrong]:
    """Return what is wrong as parts/error_summary.html wants it."""
    named = [
        (f"id_{field}", "", sentence)
        for field, sentences in problem.fields.items()
        for sentence in sentences
    ]
    return named or [("", "", problem.message)]


def _rows(
    shown: texts.Editable, typed: dict[int, str] | None, errors: list[Wrong]
) -> list[dict[str, Any]]:
    """Return a section's blocks for the form: texts to edit, and what stands between them."""
    wrong = {field: sentence for field, _label, sentence in errors}
    rows: list[dict[str, Any]] = []
    for at, block in enumerate(shown.blocks):
        if not isinstance(block, (Heading, Paragraph)):
            rows.append({"at": at, "drawn": block.caption or _("图表")})
            continue
        text = plain(block.text) if typed is None else typed.get(at, "")
        rows.append(
            {
                "at": at,
                "heading": isinstance(block, Heading),
                "text": text,
                "lines": min(12, max(2, len(text) // 40 + text.count("\n") + 1)),
                "error": wrong.get(f"id_block-{at}", ""),
            }
        )
    return rows


@require_POST
def restore(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Drop the office's own words of a section."""
    report, _version = _of_office(request, pk)
    try:
        texts.restore_section(report, key, seen=request.POST.get("seen", ""), by=request.user)
    except NotAllowed:
        raise
    except DomainError as problem:
        messages.error(request, problem.message)
        return redirect("report-section", pk, key)
    return redirect("report", pk)


# --- Outlines ------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def outline(request: HttpRequest) -> HttpResponse:
    """Show and change the parts of one kind of report of one plan."""
    plans = plans_to_report_on(request.user)
    if not plans:
        raise Http404
    asked = request.POST if request.method == "POST" else request.GET
    plan = next((one for one in plans if str(one.pk) == asked.get("plan", "")), None)
    if plan is None:
        if request.method == "POST":  # the outline of another plan is not to be changed instead
            raise Http404
        plan = plans[0]
    kind = asked.get("kind", "")
    kind = kind if kind in OUTLINES else Report.Kind.ANNUAL.value
    errors: list[Wrong] = []
    rows = [_row(one) for one in outlines.parts_for(plan, kind)]
    if request.method == "POST":
        rows = _typed(request, rows)
        try:
            _keep(request, plan, kind, rows)
        except DomainError as problem:
            errors = _errors(problem)
            wrong = {field: sentence for field, _label, sentence in errors}
            for row in rows:
                row["error"] = wrong.get(f"id_title-{row['key']}", "")
        else:
            return redirect(f"{request.path}?plan={plan.pk}&kind={kind}&saved=1")
    context = {
        "plans": plans,
        "plan": plan,
        "kinds": Report.Kind.choices,
        "kind": kind,
        "rows": rows,
        "errors": errors,
        "saved": "saved" in request.GET and not errors,
    }
    return render(request, "reports/compiled/outline.html", context, status=422 if errors else 200)


def _row(part: Part) -> dict[str, Any]:
    return {
        "key": part.key,
        "title": part.title,
        "annex": part.annex,
        "fixed": part.fixed,
        "on": part.on,
        "place": "",
        "error": "",
    }


def _typed(request: HttpRequest, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows as typed, in the order of their places; who has none stays where it was."""
    found = []
    for at, row in enumerate(rows, 1):
        typed = request.POST.get(f"place-{row['key']}", "")
        found.append(
            {
                **row,
                "on": f"on-{row['key']}" in request.POST or row["fixed"],
                "title": request.POST.get(f"title-{row['key']}", row["title"]),
                "place": typed,
                "order": (whole(typed) or at, at),
            }
        )
    return sorted(found, key=lambda row: row["order"])


def _keep(request: HttpRequest, plan: Plan, kind: str, rows: list[dict[str, Any]]) -> None:
    if "reset" in request.POST:
        outlines.reset_outline(plan, kind, by=request.user)
    else:
        outlines.set_outline(plan, kind, rows, by=request.user)
