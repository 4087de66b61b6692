"""The office checks (核对): the queue, one entry at a time, or several at once."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import audit
from core.errors import DomainError, NotAllowed
from core.params import whole, wholes
from departments.models import Region
from tasks.models import Entry
from tasks.selectors.entries import parts as pages
from tasks.selectors.entries import review
from tasks.selectors.periods.clock import office_clock
from tasks.services.entries import decisions
from tasks.views.entries.steps import DONE

AT_ONCE = 50
ASIDE = "put_aside"  # in the session: what a checker put aside until the next log-in


def _region(request: HttpRequest) -> Region:
    """Return the office's region; 404 for everyone but the office."""
    region = review.office_region(request.user)
    if region is None:
        raise Http404
    return region


def _queue(request: HttpRequest, kind: str) -> dict[str, Any]:
    """Return the queue's part of both pages."""
    now = timezone.now()
    aside = request.session.get(ASIDE, [])
    found = review.queue(request.user, _region(request), kind, aside)
    page = Paginator(found.rows, AT_ONCE).get_page(request.GET.get("page"))
    undo = wholes(request.GET.get("undo", "").split(","))
    return {
        "queue": found,
        "clock": office_clock(found.region, timezone.localdate(now)),
        "page_of": page,
        "items": review.items(request.user, page.object_list, now, found.check_days),
        "undo": review.undoable(request.user, undo, now),
    }


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Show what waits to be checked, longest first; chips lead to the returned and the checked."""
    asked = request.GET.get("state", "submitted")
    kind = asked if asked in review.QUEUES else "submitted"
    return render(request, "tasks/review/queue.html", _queue(request, kind))


def _row(request: HttpRequest, pk: int) -> Entry:
    """Return a report that reached the person's office; else 404."""
    rows = pages.entries_for(request.user, timezone.localdate()).filter(
        kind=Entry.Kind.REPORT, period__region=_region(request), submitted__isnull=False
    )
    return get_object_or_404(rows.exclude(state=Entry.State.AWAITING), pk=pk)


@require_GET
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an entry to be checked beside the queue."""
    row = _row(request, pk)
    aside = request.session.get(ASIDE, [])
    against = request.GET.get("against", "")
    page = review.review_page(request.user, row, timezone.now(), against, aside)
    context = {**_queue(request, "submitted"), "page": page}
    return render(request, "tasks/review/entry.html", context)


@require_POST
def put_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an entry at the end of one's own queue, or take it back; then show the next one."""
    row = _row(request, pk)
    aside = [one for one in request.session.get(ASIDE, []) if one != row.pk]
    if len(aside) == len(request.session.get(ASIDE, [])):
        aside = [*aside, row.pk][-review.MOST_AT_ONCE :]
    request.session[ASIDE] = aside
    following = whole(request.POST.get("next"))
    return redirect("review-entry", following) if following else redirect("review")


@require_POST
def approve_many(request: HttpRequest) -> HttpResponse:
    """Check the entries that were ticked, as they were shown; answer for each."""
    _region(request)
    wanted = wholes(request.POST.getlist("entry"))[: review.MOST_AT_ONCE]
    rows = Entry.objects.visible_to(request.user).filter(pk__in=wanted).select_related("task")
    mine = {one.pk: one for one in rows}
    seen = {pk: whole(request.POST.get(f"revision-{pk}")) for pk in wanted if pk in mine}
    told = decisions.approve_many(seen, by=request.user, now=timezone.now())
    for one in told:
        if one.refusal is not None:
            _refused(request, mine[one.pk], "approve", one.refusal)
    done = [str(one.pk) for one in told if one.refusal is None]
    if not wanted:
        messages.error(request, _("没有选中要核对的项。"))
    return redirect(f"{reverse('review')}?undo={','.join(done)}" if done else "review")


@require_POST
def undo_many(request: HttpRequest) -> HttpResponse:
    """Take back one's own decisions on several entries within ten seconds."""
    _region(request)
    wanted = wholes(request.POST.getlist("entry"))[: review.MOST_AT_ONCE]
    now, undone = timezone.now(), []
    rows = Entry.objects.visible_to(request.user).filter(pk__in=wanted).select_related("task")
    for row in list(rows.order_by("pk")):
        try:
            decisions.undo(row.pk, by=request.user, now=now)
            undone.append(row)
        except DomainError as error:
            _refused(request, row, "undo", error)
    if len(undone) == 1:  # back to what one was looking at
        messages.success(request, DONE["undo"] % {"task": undone[0].task.title})
        return redirect("review-entry", undone[0].pk)
    if undone:
        messages.success(request, _("已撤销 %(count)s 项。") % {"count": len(undone)})
    return redirect("review")


def _refused(request: HttpRequest, row: Entry, verb: str, refusal: DomainError) -> None:
    """Say on the next page which one was not done, and why."""
    if isinstance(refusal, NotAllowed):
        audit.refused(f"tasks.entry.{verb}", row, by=request.user, reason=refusal.message)
    messages.error(request, f"{row.task.title}：{refusal.message}")
