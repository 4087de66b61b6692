"""Pages without a log-in: plans that were opened to the public."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from reports.selectors.public import public_plan, public_plans


@login_not_required
@require_GET
def plans(request: HttpRequest) -> HttpResponse:
    """List the plans open to the public."""
    return render(request, "reports/public.html", {"plans": list(public_plans())})


@login_not_required
@require_GET
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an open plan: its text, its actions and what it promises."""
    found = get_object_or_404(public_plans(), pk=pk)
    return render(request, "reports/public_plan.html", {"page": public_plan(found)})
