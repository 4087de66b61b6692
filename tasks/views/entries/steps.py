"""The steps of an entry as buttons of its pages: each calls one service and leads on."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core.errors import DomainError
from core.params import whole
from tasks.forms.entries import ReopenForm, reasons
from tasks.models import Entry
from tasks.services import entries
from tasks.services.entries import decisions
from tasks.views.entries.pages import load, read


@require_POST
def step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Take one step of an entry's table (`tasks.workflow`), then go where the work goes on."""
    now = timezone.now()
    row = load(request, pk, now)
    if verb not in STEPS:
        raise Http404
    try:
        STEPS[verb](request, row, now)
    except DomainError as error:
        if verb not in ASKED or not error.fields:
            raise
        return read(request, load(request, pk, now), now, wrong=(verb, error))
    if verb in ("approve", "return", "undo") and row.kind == Entry.Kind.REPORT:
        return _on_with_review(request, row, verb)
    messages.success(request, DONE[verb] % {"task": row.task.title})
    if request.POST.get("list") == "signoff":
        return redirect("entry-signoff")
    return redirect("entry", whole(request.POST.get("back")) or row.pk)


def _on_with_review(request: HttpRequest, row: Entry, verb: str) -> HttpResponse:
    """Lead to the next entry that waits; the offer to undo says what was done."""
    if verb == "undo":
        messages.success(request, DONE[verb] % {"task": row.task.title})
        return redirect("review-entry", row.pk)
    following = whole(request.POST.get("next"))
    address = reverse("review-entry", args=[following]) if following else reverse("review")
    return redirect(f"{address}?undo={row.pk}")


def _submit(request: HttpRequest, row: Entry, now: datetime) -> None:
    version = whole(request.POST.get("version"))
    entries.submit(row.pk, version, by=request.user, now=now)


def _return(request: HttpRequest, row: Entry, now: datetime) -> None:
    decisions.send_back(row.pk, reasons(request.POST), by=request.user, now=now)


def _waive(request: HttpRequest, row: Entry, now: datetime) -> None:
    decisions.waive(row.pk, request.POST.get("reason", ""), by=request.user, now=now)


def _hand_back(request: HttpRequest, row: Entry, now: datetime) -> None:
    entries.hand_back(row.pk, request.POST.get("reason", ""), by=request.user, now=now)


def _approve(request: HttpRequest, row: Entry, now: datetime) -> None:
    rating, seen = request.POST.get("rating"), whole(request.POST.get("revision"))
    decisions.approve(row.pk, rating=rating, seen=seen or None, by=request.user, now=now)


def _sign(request: HttpRequest, row: Entry, now: datetime) -> None:
    seen = whole(request.POST.get("revision")) or None
    entries.sign(row.pk, seen=seen, by=request.user, now=now)


def _reopen(request: HttpRequest, row: Entry, now: datetime) -> None:
    form = ReopenForm(request.POST)
    if not form.is_valid() or form.cleaned_data["until"] is None:
        sentence = _("请选重新开放的最后一天。")
        raise DomainError(sentence, fields={"until": [sentence]})
    given = form.cleaned_data
    decisions.reopen(row.pk, given["reason"], given["until"], by=request.user, now=now)


# Steps that ask for something: what is missing is said at its field, with the rest kept.
ASKED = ("waive", "reopen", "hand_back")
DONE = {
    "submit": gettext_lazy("“%(task)s”已报送。"),
    "sign": gettext_lazy("“%(task)s”已审签，已送纲要办。"),
    "hand_back": gettext_lazy("“%(task)s”已退给联络员修改。"),
    "withdraw": gettext_lazy("“%(task)s”已撤回，可以修改后再报送。"),
    "return": gettext_lazy("“%(task)s”已退回。"),
    "take_over": gettext_lazy("已采纳“%(task)s”的这一部分。"),
    "undo": gettext_lazy("已撤销对“%(task)s”的处理。"),
    "waive": gettext_lazy("“%(task)s”本期免报。"),
    "unwaive": gettext_lazy("“%(task)s”本期恢复填报。"),
    "reopen": gettext_lazy("“%(task)s”已重新开放。"),
}
STEPS = {
    "submit": _submit,
    "sign": _sign,
    "hand_back": _hand_back,
    "withdraw": lambda request, row, now: entries.withdraw(row.pk, by=request.user, now=now),
    "approve": _approve,
    "take_over": lambda request, row, now: decisions.take_over(row.pk, by=request.user, now=now),
    "undo": lambda request, row, now: decisions.undo(row.pk, by=request.user, now=now),
    "return": _return,
    "waive": _waive,
    "unwaive": lambda request, row, now: decisions.unwaive(row.pk, by=request.user, now=now),
    "reopen": _reopen,
}
