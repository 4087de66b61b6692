"""A hand-over, read: who to whom, the note, and what the unit owed on the day."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from departments.models import HandOver
from departments.policies import can_cancel_hand_over
from reports.selectors.handover import hand_over_page


@require_GET
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a hand-over to the two people, their unit, the office and administrators."""
    rows = HandOver.objects.visible_to(request.user).select_related(
        "department__region", "outgoing", "incoming", "by"
    )
    row, now = get_object_or_404(rows, pk=pk), timezone.now()
    context = {
        "page": hand_over_page(request.user, row, now),
        "may_cancel": can_cancel_hand_over(request.user, row, timezone.localdate(now)),
    }
    return render(request, "departments/handed_over.html", context)
