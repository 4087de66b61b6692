"""Filling in: the form of an entry, its autosave, files, history, and the steps it takes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import audit
from core.errors import Conflict, DomainError, NotAllowed
from core.middleware import is_script
from tasks import forms, policies
from tasks.fields import LABELS
from tasks.models import Entry
from tasks.selectors import entries as pages
from tasks.selectors import entry_pages, exchange
from tasks.selectors import events as register
from tasks.selectors.checking import receipt_number
from tasks.services import decisions, entries, evidence, filling
from tasks.services.reading import hand_out


def load(request: HttpRequest, pk: int, now: datetime) -> Entry:
    """Return an entry that the person may see; else 404."""
    return get_object_or_404(pages.entries_for(request.user, timezone.localdate(now)), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an entry: as a form to those who may write it, else to read; take the whole form."""
    now = timezone.now()
    row = load(request, pk, now)
    if request.method == "POST":
        return _take_form(request, row, now)
    if policies.can_write(request.user, row, timezone.localdate(now)):
        return _form(request, row, now)
    return _read(request, row, now)


def _form(
    request: HttpRequest,
    row: Entry,
    now: datetime,
    wrong: Mapping[str, list[str]] | None = None,
    conflicts: Mapping[str, Mapping[str, Any]] | None = None,
) -> HttpResponse:
    page = entry_pages.form_page(request.user, row, now, wrong or {}, conflicts or {})
    back = "check" in (request.GET.get("back"), request.POST.get("back"))
    return render(
        request,
        "tasks/entries/form.html",
        {"page": page, "back": back, "beside": register.beside(row)},
        status=422 if page.errors else 200,
    )


def _read(
    request: HttpRequest, row: Entry, now: datetime, unsaved: list[tuple[str, str]] | None = None
) -> HttpResponse:
    page = entry_pages.read_page(request.user, row, now)
    return render(request, "tasks/entries/read.html", {"page": page, "unsaved": unsaved or []})


def _take_form(request: HttpRequest, row: Entry, now: datetime) -> HttpResponse:
    """Keep every field, then do what the button said; what was typed always comes back."""
    typed = forms.typed_fields(row.task, request.POST)
    act = request.POST.get("act", "save")
    try:
        filled = filling.save_all(row.pk, typed, by=request.user, now=now)
        if filled.conflicts:
            return _contested(request, row, filled, now)
        return _finish(request, row, filled.version, act, now)
    except NotAllowed as refusal:
        return _refused(request, row, typed, refusal, now)
    except DomainError as error:
        if not error.fields:
            messages.error(request, error.message)
        return _form(request, load(request, row.pk, now), now, error.fields)


def _contested(
    request: HttpRequest, row: Entry, filled: filling.Filled, now: datetime
) -> HttpResponse:
    """Show both texts of each field that somebody else changed meanwhile."""
    sentence = _("这一栏刚被别人改过，两份都在，请选一份。")
    wrong = {name: [sentence] for name in filled.conflicts}
    return _form(request, load(request, row.pk, now), now, wrong, filled.conflicts)


def _finish(
    request: HttpRequest, row: Entry, version: int, act: str, now: datetime
) -> HttpResponse:
    """Mark the entry as finished or hand it in, then lead on to the next one."""
    if act == "submit":
        seen = frozenset(forms.numbers(request.POST.getlist("seen-evidence")))
        receipt = filling.submit_seen(row.pk, version, seen, by=request.user, now=now)
        messages.success(
            request,
            _("“%(task)s”已报送，回执号 %(number)s。")
            % {"task": row.task.title, "number": receipt_number(receipt.revision)},
        )
    elif act == "ready":
        entries.mark_ready(row.pk, by=request.user, now=now)
        messages.success(request, _("“%(task)s”已填好。") % {"task": row.task.title})
    else:
        messages.success(request, _("已保存。"))
        return redirect("entry", row.pk)
    following = pages.next_open(pages.rail(request.user, row), row.pk)
    if following is not None and request.POST.get("back") != "check":
        return redirect("entry", following)
    return redirect(f"{reverse('entry-check')}?period={row.period_id}")


def _refused(
    request: HttpRequest,
    row: Entry,
    typed: Mapping[str, filling.Typed],
    refusal: NotAllowed,
    now: datetime,
) -> HttpResponse:
    """Say why nothing was kept, and give back the words that would be lost."""
    audit.refused("tasks.entry.fill", row, by=request.user, reason=refusal.message)
    messages.error(request, refusal.message)
    row = load(request, row.pk, now)
    unsaved = [
        (str(LABELS[name]), one.text)
        for name, one in typed.items()
        if policies.of_unit(request.user, row) and one.text.strip() and one.text != row.typed(name)
    ]
    return _read(request, row, now, unsaved)


@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep one field for the autosave; a conflict answers 409 with both texts."""
    now = timezone.now()
    row = get_object_or_404(Entry.objects.visible_to(request.user), pk=pk)
    try:
        saved = entries.save_field(
            row.pk,
            request.POST.get("field", ""),
            request.POST.get("value", ""),
            forms.number(request.POST.get("version")),
            by=request.user,
            now=now,
        )
    except Conflict as clash:
        answer = {"code": clash.code, "message": clash.message, "current": clash.current}
        return JsonResponse({**clash.current, **answer}, status=409)
    return JsonResponse(
        {
            "version": saved.version,
            "saved_at": saved.at.isoformat(),
            "state": "invalid" if saved.problem else "saved",
            "message": saved.problem,
        }
    )


@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the computed line under the number, as it stands after the last save."""
    row = load(request, pk, timezone.now())
    if not policies.of_unit(request.user, row):
        raise Http404
    last = entry_pages.last_revision(row, pages.earlier(row))
    context = {"progress": pages.progress(row, last)}
    return render(request, "tasks/entries/progress.html", context)


@require_POST
def files(request: HttpRequest, pk: int) -> HttpResponse:
    """Add files to a draft, or remove one; a plain form sends its fields along."""
    now = timezone.now()
    row = load(request, pk, now)
    typed = forms.typed_fields(row.task, request.POST)
    if typed:
        filled = filling.save_all(row.pk, typed, by=request.user, now=now)
        if filled.conflicts:
            return _contested(request, row, filled, now)
    removed = forms.number(request.POST.get("remove"))
    if removed:
        mine = pages.readable_evidence(request.user).filter(entry=row)
        evidence.remove(get_object_or_404(mine, pk=removed), by=request.user, now=now)
    else:
        _attach(request, row, now)
    if is_script(request):
        context = {"files": pages.files_of(row), "entry": row}
        return render(request, "tasks/entries/files.html", context)
    return redirect(f"{reverse('entry', args=[row.pk])}#evidence")


def _attach(request: HttpRequest, row: Entry, now: datetime) -> None:
    uploads = request.FILES.getlist("file")
    if not uploads:
        raise DomainError(_("请先选择文件。"))
    for upload in uploads:
        # One byte more than allowed is enough to be refused.
        content = upload.read(settings.UPLOAD_MAX_BYTES + 1)
        evidence.attach(row.pk, upload.name or "", content, by=request.user, now=now)


@require_GET
def download(request: HttpRequest, pk: int) -> FileResponse:
    """Hand out a file of an entry, always to be stored, never to be opened in the page."""
    one = get_object_or_404(pages.readable_evidence(request.user), pk=pk)
    try:
        opened = hand_out(one, by=request.user)
    except FileNotFoundError:
        raise Http404(_("文件不在了，请联系管理员。")) from None
    response = FileResponse(
        opened,
        as_attachment=True,
        filename=one.name,
        content_type=one.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_GET
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show every version of an entry with its differences, and the exchange."""
    row = load(request, pk, timezone.now())
    if not exchange.reads_exchange(request.user, row):
        raise Http404
    return render(
        request,
        "tasks/entries/history.html",
        {
            "entry": row,
            "versions": exchange.versions(request.user, row),
            "steps": entry_pages.told_steps(row),
        },
    )


@require_POST
def step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Take one step of an entry's table (`tasks.workflow`), then go where the work goes on."""
    now = timezone.now()
    row = load(request, pk, now)
    if verb not in STEPS:
        raise Http404
    STEPS[verb](request, row, now)
    if verb in ("approve", "return", "undo") and row.kind == Entry.Kind.REPORT:
        return _on_with_review(request, row, verb)
    messages.success(request, DONE[verb] % {"task": row.task.title})
    return redirect("entry", forms.number(request.POST.get("back")) or row.pk)


def _on_with_review(request: HttpRequest, row: Entry, verb: str) -> HttpResponse:
    """Lead to the next entry that waits; the offer to undo says what was done."""
    if verb == "undo":
        messages.success(request, DONE[verb] % {"task": row.task.title})
        return redirect("review-entry", row.pk)
    following = forms.number(request.POST.get("next"))
    address = reverse("review-entry", args=[following]) if following else reverse("review")
    return redirect(f"{address}?undo={row.pk}")


def _submit(request: HttpRequest, row: Entry, now: datetime) -> None:
    version = forms.number(request.POST.get("version"))
    entries.submit(row.pk, version, by=request.user, now=now)


def _return(request: HttpRequest, row: Entry, now: datetime) -> None:
    decisions.send_back(row.pk, forms.reasons(request.POST), by=request.user, now=now)


def _waive(request: HttpRequest, row: Entry, now: datetime) -> None:
    decisions.waive(row.pk, request.POST.get("reason", ""), by=request.user, now=now)


def _reopen(request: HttpRequest, row: Entry, now: datetime) -> None:
    form = forms.ReopenForm(request.POST)
    if not form.is_valid() or form.cleaned_data["until"] is None:
        raise DomainError(_("请选重新开放的最后一天。"))
    given = form.cleaned_data
    decisions.reopen(row.pk, given["reason"], given["until"], by=request.user, now=now)


DONE = {
    "submit": gettext_lazy("“%(task)s”已报送。"),
    "sign": gettext_lazy("“%(task)s”已审签，已送纲要办。"),
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
    "sign": lambda request, row, now: entries.sign(row.pk, by=request.user, now=now),
    "withdraw": lambda request, row, now: entries.withdraw(row.pk, by=request.user, now=now),
    "approve": lambda request, row, now: decisions.approve(row.pk, by=request.user, now=now),
    "take_over": lambda request, row, now: decisions.take_over(row.pk, by=request.user, now=now),
    "undo": lambda request, row, now: decisions.undo(row.pk, by=request.user, now=now),
    "return": _return,
    "waive": _waive,
    "unwaive": lambda request, row, now: decisions.unwaive(row.pk, by=request.user, now=now),
    "reopen": _reopen,
}
