"""The standing duties of a plan, and how far the register shows that they were met."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.params import whole
from tasks.selectors.events import duties as pages
from tasks.selectors.events.register import may_record


@require_GET
def duties(request: HttpRequest) -> HttpResponse:
    """Show a plan's duties in a year: what is asked for, what counts, who is short."""
    plan, year = whole(request.GET.get("plan")), whole(request.GET.get("year"))
    page = pages.duties_page(request.user, plan, year, timezone.localdate())
    context = {"page": page, "may_record": may_record(request.user)}
    return render(request, "tasks/events/duties.html", context)
