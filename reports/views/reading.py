"""A report read on the screen: its text, its figures one by one, what changed between versions."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from reports.models import Fact, Report, ReportVersion
from reports.rendering.draft import from_json
from reports.selectors.compiled import changes as figure_changes
from reports.selectors.reading import drawing_of, read_page
from reports.selectors.text_changes import text_changes
from reports.selectors.tracing import places_in_text, source_rows, with_first_rows

ROWS = 50


def _version(request: HttpRequest, pk: int, number: str) -> ReportVersion:
    """Return a version that this person may see, the newest unless told otherwise; else 404."""
    seen = Report.objects.visible_to(request.user)
    report = get_object_or_404(seen.select_related("plan__region", "department", "period"), pk=pk)
    rows = ReportVersion.objects.visible_to(request.user).filter(report=report).order_by("-number")
    if number:
        rows = rows.filter(number=int(number) if number.isdecimal() and len(number) < 5 else 0)
    found = rows.first()
    if found is None:
        raise Http404
    found.report = report
    return found


def _shown(request: HttpRequest, pk: int) -> ReportVersion:
    return _version(request, pk, request.GET.get("version", ""))


@require_GET
def facts(request: HttpRequest, pk: int) -> HttpResponse:
    """List the figures of a version by their numbers, with the rows they came from."""
    version = _shown(request, pk)
    rows = Fact.objects.filter(version=version).order_by("number")
    page: Page[Fact] = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    where = places_in_text(version)
    listed = [
        (one, found, where.get(one.key, [])[:1])
        for one, found in with_first_rows(version, page, request.user)
    ]
    context = {"report": version.report, "version": version, "page": page, "rows": listed}
    return render(request, "reports/compiled/facts.html", context)


@require_GET
def fact(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Show one figure of a version: where it stands, and what it came from."""
    version = _shown(request, pk)
    one = get_object_or_404(Fact, version=version, number=number)
    sources: Sequence[tuple[str, int]] = [(kind, pk) for kind, pk in one.sources]
    page: Page[Any] = Paginator(sources, ROWS).get_page(request.GET.get("page"))
    context = {
        "report": version.report,
        "version": version,
        "fact": one,
        "places": places_in_text(version).get(one.key, []),
        "page": page,
        "rows": source_rows(version, list(page), request.user),
    }
    return render(request, "reports/compiled/fact.html", context)


@require_GET
def text(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a version's text as a page, each figure linked to what it came from."""
    version = _shown(request, pk)
    if not version.text:
        raise Http404
    context = {"report": version.report, "version": version, "page": read_page(version)}
    return render(request, "reports/compiled/text.html", context)


@require_GET
def drawing(request: HttpRequest, pk: int, version: int, number: int) -> HttpResponse:
    """Give a drawing of a version's text as SVG."""
    shown = _version(request, pk, str(version))
    svg = drawing_of(from_json(shown.text), number) if shown.text else None
    if svg is None:
        raise Http404
    return HttpResponse(svg, content_type="image/svg+xml")


@require_GET
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how one version became another, in figures and in text; the last two by default."""
    newer = _version(request, pk, request.GET.get("to", ""))
    before = request.GET.get("from") or str(newer.number - 1)
    older = _version(request, pk, before)
    context = {
        "report": newer.report,
        "newer": newer,
        "older": older,
        "figures": figure_changes(newer, older),
        "parts": text_changes(newer, older),
    }
    return render(request, "reports/compiled/changes.html", context)
