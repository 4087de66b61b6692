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
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import audit
from core.errors import Conflict, DomainError, NotAllowed
from core.middleware import is_script
from core.params import whole, wholes
from tasks import policies
from tasks.fields import LABELS, fields_of
from tasks.forms.entries import ConsultForm, typed_fields
from tasks.models import Entry, Evidence
from tasks.selectors.entries import before, exchange
from tasks.selectors.entries import pages as entry_pages
from tasks.selectors.entries import parts as pages
from tasks.selectors.entries.checking import receipt_number
from tasks.selectors.events import register
from tasks.services import entries
from tasks.services.entries import carrying, evidence, filling, gathering
from tasks.views.downloads import attachment

# The file fields of the form, and what their files are for.
UPLOADS = {"file": Evidence.Purpose.EVIDENCE, "stamped": Evidence.Purpose.STAMPED}


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
    return read(request, row, now)


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


def read(
    request: HttpRequest,
    row: Entry,
    now: datetime,
    unsaved: list[tuple[str, str]] | None = None,
    wrong: tuple[str, DomainError] | None = None,
) -> HttpResponse:
    """Show an entry to read; `wrong` is a step that lacked something, with what was given."""
    page = entry_pages.read_page(request.user, row, now)
    context: dict[str, Any] = {"page": page, "unsaved": unsaved or []}
    if wrong is not None:
        context |= {"wrong_verb": wrong[0], "wrong": wrong[1], "given": request.POST}
    return render(request, "tasks/entries/read.html", context, status=422 if wrong else 200)


def _take_form(request: HttpRequest, row: Entry, now: datetime) -> HttpResponse:
    """Keep every field and file, then do what the button said; what was typed comes back."""
    typed = typed_fields(row.task, request.POST)
    try:
        made, refused = attach_all(request, row, now)
        filled = filling.save_all(row.pk, typed, by=request.user, now=now)
        if filled.conflicts:
            return _contested(request, row, filled, now)
        if refused:
            return _form(request, load(request, row.pk, now), now, {"evidence": refused})
        return _finish(request, row, filled.version, made, now)
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
    request: HttpRequest, row: Entry, version: int, made: list[int], now: datetime
) -> HttpResponse:
    """Do what the button said with the saved form, then lead on to the next entry."""
    act = request.POST.get("act", "save")
    if act == "submit":
        _hand_in(request, row, version, made, now)
    elif act == "ready":
        entries.mark_ready(row.pk, by=request.user, now=now)
        messages.success(request, _("“%(task)s”已填好。") % {"task": row.task.title})
    elif act == "same":
        carrying.no_change(row.pk, by=request.user, now=now)
        messages.success(request, _("“%(task)s”已按无变化填好。") % {"task": row.task.title})
    else:
        return _stay(request, row, act, now)
    following = pages.next_open(pages.rail(request.user, row), row.pk)
    if following is not None and request.POST.get("back") != "check":
        return redirect("entry", following)
    return redirect(f"{reverse('entry-check')}?period={row.period_id}")


def _hand_in(
    request: HttpRequest, row: Entry, version: int, made: list[int], now: datetime
) -> None:
    """Hand in the version that was typed, with the files that were seen or came along."""
    seen = frozenset([*wholes(request.POST.getlist("seen-evidence")), *made])
    receipt = filling.submit_seen(row.pk, version, seen, by=request.user, now=now)
    messages.success(
        request,
        _("“%(task)s”已报送，回执号 %(number)s。")
        % {"task": row.task.title, "number": receipt_number(receipt.revision)},
    )


def _stay(request: HttpRequest, row: Entry, act: str, now: datetime) -> HttpResponse:
    """Do what changes the form and lead back to it, at the field where it happened."""
    verb, _colon, what = act.partition(":")
    place = ""
    if verb == "carry":
        fields = fields_of(row.task) if what == "all" else (what,)
        filled = carrying.carry_forward(row.pk, fields, by=request.user, now=now)
        messages.success(
            request, _("已带入上期内容 %(count)s 栏，请看过再报。") % {"count": len(filled)}
        )
        place = f"#id_{what}" if what in filled else ""
    elif verb == "copy":
        parts = Entry.objects.visible_to(request.user).select_related("department", "submitted")
        part = get_object_or_404(parts, pk=whole(what))
        gathering.copy_part(row.pk, part, by=request.user, now=now)
        messages.success(
            request, _("已并入%(unit)s的文字，请看过再报。") % {"unit": part.department}
        )
        place = "#id_done"
    elif verb == "consult":
        _consult(request, row, now)
        place = "#parts"
    else:
        messages.success(request, _("已保存。"))
    return redirect(f"{reverse('entry', args=[row.pk])}{place}")


def _consult(request: HttpRequest, row: Entry, now: datetime) -> None:
    form = ConsultForm(request.POST, units=exchange.without_account(row, timezone.localdate(now)))
    if not form.is_valid():
        raise DomainError(_("请选单位和征求意见的日期。"))
    given = form.cleaned_data
    gathering.consult(
        row.pk, given["asked"], given["asked_on"], given["answer"], by=request.user, now=now
    )
    messages.success(request, _("已记下征求%(unit)s的意见。") % {"unit": given["asked"]})


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
    return read(request, row, now, unsaved)


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
            whole(request.POST.get("version")),
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
            "read_as": saved.read_as,
        }
    )


@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the computed line under the number, as it stands after the last save."""
    row = load(request, pk, timezone.now())
    if not policies.of_unit(request.user, row):
        raise Http404
    last = before.last_revision(row, before.earlier(row))
    context = {"progress": pages.progress(row, last)}
    return render(request, "tasks/entries/progress.html", context)


@require_POST
def files(request: HttpRequest, pk: int) -> HttpResponse:
    """Add files to a draft, or remove one; a plain form sends its fields along."""
    now = timezone.now()
    row = load(request, pk, now)
    typed = typed_fields(row.task, request.POST)
    if typed:
        filled = filling.save_all(row.pk, typed, by=request.user, now=now)
        if filled.conflicts:
            return _contested(request, row, filled, now)
    removed = whole(request.POST.get("remove"))
    purpose = Evidence.Purpose.STAMPED if "stamped" in request.FILES else Evidence.Purpose.EVIDENCE
    if removed:
        mine = pages.readable_evidence(request.user).filter(entry=row)
        one = get_object_or_404(mine, pk=removed)
        purpose = one.purpose
        evidence.remove(one, by=request.user, now=now)
    else:
        _made, refused = attach_all(request, row, now)
        if not request.FILES:
            raise DomainError(_("请先选择文件。"))
        if refused and is_script(request):
            raise DomainError("".join(refused))
        if refused:
            return _form(request, load(request, row.pk, now), now, {"evidence": refused})
    if is_script(request):
        kept = [one for one in pages.files_of(row) if one.purpose == purpose]
        context = {"files": kept, "entry": row}
        return render(request, "tasks/entries/files.html", context)
    return redirect(f"{reverse('entry', args=[row.pk])}#evidence")


def attach_all(request: HttpRequest, row: Entry, now: datetime) -> tuple[list[int], list[str]]:
    """Attach every file that came along; return their ids, and why others were refused."""
    made, refused = [], []
    for name, purpose in UPLOADS.items():
        for upload in request.FILES.getlist(name):
            # One byte more than allowed is enough to be refused.
            content = upload.read(settings.UPLOAD_MAX_BYTES + 1)
            try:
                one = evidence.attach(
                    row.pk, upload.name or "", content, purpose=purpose, by=request.user, now=now
                )
                made.append(one.pk)
            except NotAllowed:
                raise
            except DomainError as error:
                refused.append(error.message)
    return made, refused


@require_GET
def download(request: HttpRequest, pk: int) -> FileResponse:
    """Hand out a file of an entry, always to be stored, never to be opened in the page."""
    return attachment(request, get_object_or_404(pages.readable_evidence(request.user), pk=pk))


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
