"""Sign-off (审签): the unit's head reads what the liaison prepared, and signs several at once."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import audit
from core.errors import DomainError, NotAllowed
from core.params import whole, wholes
from tasks.models import Entry
from tasks.selectors.entries import checking
from tasks.services import entries


@require_http_methods(["GET", "HEAD", "POST"])
def waiting(request: HttpRequest) -> HttpResponse:
    """Show the head what waits for a signature; sign what is ticked."""
    if not checking.signs(request.user):
        raise Http404
    if request.method == "POST":
        return _sign_all(request)
    cards = checking.to_sign(request.user)
    return render(request, "tasks/entries/signoff.html", {"cards": cards})


def _sign_all(request: HttpRequest) -> HttpResponse:
    """Sign each entry as it was shown; answer for each."""
    now, signed = timezone.now(), 0
    wanted = wholes(request.POST.getlist("entry"))
    mine = Entry.objects.visible_to(request.user).filter(pk__in=wanted).select_related("task")
    for entry in list(mine.order_by("pk")):
        seen = whole(request.POST.get(f"revision-{entry.pk}"))
        try:
            entries.sign(entry.pk, seen=seen, by=request.user, now=now)
            signed += 1
        except DomainError as error:
            if isinstance(error, NotAllowed):
                audit.refused("tasks.entry.sign", entry, by=request.user, reason=error.message)
            messages.error(request, f"{entry.task.title}：{error.message}")
    if signed:
        messages.success(request, _("已审签 %(count)s 项，已送纲要办核对。") % {"count": signed})
    elif not wanted:
        messages.error(request, _("没有选中要审签的项。"))
    return redirect("entry-signoff")
