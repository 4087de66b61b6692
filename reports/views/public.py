"""Pages without a log-in: plans that were opened to the public, and their published reports."""

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from core.files import MEDIA_TYPES
from reports.models import Publication, Report
from reports.selectors.public import (
    public_draft,
    public_plan,
    public_plans,
    public_reports,
    public_text,
    published,
)
from reports.selectors.reading import drawing_of

FILES = ("docx", "pdf")


@login_not_required
@require_GET
def plans(request: HttpRequest) -> HttpResponse:
    """List the plans open to the public."""
    return render(request, "reports/public.html", {"plans": list(public_plans())})


@login_not_required
@require_GET
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an open plan: its text, its actions, what it promises, and its published reports."""
    found = get_object_or_404(public_plans(), pk=pk)
    context = {"page": public_plan(found), "reports": list(public_reports(found))}
    return render(request, "reports/public_plan.html", context)


@login_not_required
@require_GET
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a published report as it was issued: its text alone."""
    found = _standing(pk)
    context = {
        "publication": found,
        "report": found.report,
        "version": found.version,
        "page": public_text(found),
    }
    return render(request, "reports/public_report.html", context)


@login_not_required
@require_GET
def drawing(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Give one of the drawings of a published report as SVG."""
    svg = drawing_of(public_draft(_standing(pk)), number)
    if svg is None:
        raise Http404
    return HttpResponse(svg, content_type="image/svg+xml")


@login_not_required
@require_GET
def file(request: HttpRequest, pk: int, suffix: str) -> FileResponse:
    """Hand out the Word or PDF file of the public edition, once it is made."""
    if suffix not in FILES:
        raise Http404
    found = _standing(pk)
    try:
        opened = getattr(found, suffix).open("rb")
    except (FileNotFoundError, ValueError):
        raise Http404 from None
    name = f"{found.report.name.replace(' ', '')}.{suffix}"
    return FileResponse(opened, as_attachment=True, filename=name, content_type=MEDIA_TYPES[suffix])


def _standing(pk: int) -> Publication:
    # By a subquery: `report=pk` would hand a number too large for the column to the database.
    found: Publication = get_object_or_404(
        published(), report__in=Report.objects.filter(pk=pk).values("pk")
    )
    return found
