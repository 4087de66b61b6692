"""The office checks (核对): the queue, and one entry at a time."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tasks import forms
from tasks.models import Entry
from tasks.selectors import entries as pages
from tasks.selectors import review
from tasks.selectors.clock import office_clock

AT_ONCE = 50


def _queue(request: HttpRequest, kind: str) -> dict[str, Any]:
    """Return the queue's part of both pages; 404 for everyone but the office."""
    region = review.office_region(request.user)
    if region is None:
        raise Http404
    now = timezone.now()
    found = review.queue(request.user, region, kind)
    page = Paginator(found.rows, AT_ONCE).get_page(request.GET.get("page"))
    return {
        "queue": found,
        "clock": office_clock(region, timezone.localdate(now)),
        "page_of": page,
        "items": review.items(request.user, page.object_list, now),
        "undo": review.undoable(request.user, forms.number(request.GET.get("undo")), now),
    }


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Show what waits to be checked, longest first; chips lead to the returned and the checked."""
    asked = request.GET.get("state", "submitted")
    kind = asked if asked in review.QUEUES else "submitted"
    return render(request, "tasks/review/queue.html", _queue(request, kind))


@require_GET
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an entry to be checked beside the queue."""
    now = timezone.now()
    context = _queue(request, "submitted")
    rows = pages.entries_for(request.user, timezone.localdate(now)).filter(
        kind=Entry.Kind.REPORT, period__region=context["queue"].region, submitted__isnull=False
    )
    row = get_object_or_404(rows.exclude(state=Entry.State.AWAITING), pk=pk)
    page = review.review_page(request.user, row, now)
    return render(request, "tasks/review/entry.html", {**context, "page": page})
