"""Check and submit: one page for all that is finished, and the receipts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import audit
from core.errors import DomainError, NotAllowed
from core.params import whole, wholes
from tasks.models import Entry
from tasks.selectors.entries import checking
from tasks.services.entries import filling


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Show what is finished as it will be handed in; hand it in."""
    now = timezone.now()
    if request.method == "POST":
        return _submit_all(request)
    page = checking.check_page(request.user, whole(request.GET.get("period")), now)
    return render(request, "tasks/entries/check.html", {"page": page})


def _submit_all(request: HttpRequest) -> HttpResponse:
    """Hand in each entry with the version and the files that were shown; answer for each."""
    now = timezone.now()
    done = []
    wanted = wholes(request.POST.getlist("entry"))
    mine = Entry.objects.visible_to(request.user).filter(pk__in=wanted)
    for pk in list(mine.values_list("pk", flat=True)):
        version = whole(request.POST.get(f"version-{pk}"))
        seen = frozenset(wholes(request.POST.getlist(f"files-{pk}")))
        try:
            receipt = filling.submit_seen(pk, version, seen, by=request.user, now=now)
            done.append(receipt.revision.pk)
        except DomainError as error:
            if isinstance(error, NotAllowed):
                audit.refused("tasks.entry.submit", None, by=request.user, reason=error.message)
            messages.error(request, f"{request.POST.get(f'title-{pk}', '')}：{error.message}")
    if not done:
        if not wanted:
            messages.error(request, _("没有选中要报送的项。"))
        return redirect(f"{reverse('entry-check')}?period={request.POST.get('period', '')}")
    return redirect(f"{reverse('entry-receipts')}?of={','.join(map(str, done))}")


@require_GET
def receipts(request: HttpRequest) -> HttpResponse:
    """Confirm what was handed in: number, time, hash, and what happens next."""
    wanted = wholes(request.GET.get("of", "").split(","))[:500]
    rows = checking.receipts(request.user, wanted)
    return render(
        request,
        "tasks/entries/receipts.html",
        {"rows": rows, "wait": checking.usual(rows)},
    )
