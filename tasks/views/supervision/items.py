"""督办: the register, a new item, one item and its steps, files."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import audit
from core.errors import DomainError, NotAllowed, ensure
from core.files import MEDIA_TYPES
from core.forms import error_rows, put_errors
from core.params import whole
from departments.models import Department
from tasks.exchange import supervision as exchange
from tasks.filters import SupervisionFilter
from tasks.forms.supervision import FORMS, ItemForm, step_form
from tasks.models import Instruction, SupervisionItem
from tasks.policies import supervision
from tasks.selectors.supervision import items as pages
from tasks.services.supervision import extensions, items, nudges
from tasks.views.downloads import attachment
from tasks.workflow import SUPERVISION_WORDS

AT_ONCE = 50
MOST_OUT = 5000  # lines of a file
EXPORTS = {"xlsx": exchange.as_excel, "docx": exchange.as_word}
# What narrows the register on the page, with the word of its chip.
NARROWING = ("year", "state", "light", "department")


@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """Show the register (督办台账), narrowed by the address."""
    on = timezone.localdate()
    everything = pages.register(request.user, on)
    found = SupervisionFilter(request.GET, everything).qs
    page = Paginator(found, AT_ONCE).get_page(request.GET.get("page"))
    offered = pages.choices(everything)
    context = {
        "page": page,
        "rows": [(row, pages.source_of(row)) for row in page.object_list],
        "choices": offered,
        "asked": request.GET.dict(),
        "narrowed": pages.narrowed(request.GET, NARROWING, offered),
        "may_assign": _may_assign(request),
        "on": on,
    }
    return render(request, "tasks/supervision/register.html", context)


@require_GET
def export(request: HttpRequest, kind: str) -> FileResponse:
    """Hand out the register as the page shows it, as Excel or Word; the audit record says so."""
    if kind not in EXPORTS:
        raise Http404
    on = timezone.localdate()
    rows = list(SupervisionFilter(request.GET, pages.register(request.user, on)).qs[:MOST_OUT])
    content = EXPORTS[kind](rows, on)
    detail = {"kind": kind, "rows": len(rows), "query": request.GET.dict()}
    audit.record("tasks.supervision.export", None, by=request.user, detail=detail)
    name = f"{_('督办台账')}-{on.isoformat()}.{kind}"
    return FileResponse(
        BytesIO(content), as_attachment=True, filename=name, content_type=MEDIA_TYPES[kind]
    )


def _may_assign(request: HttpRequest) -> bool:
    acting: Any = request.user.acting  # type: ignore[union-attr]
    return bool(acting and supervision.can_assign(request.user, acting.here))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Number an item and hand it to a unit; `?instruction=` says what it follows from."""
    acting: Any = request.user.acting  # type: ignore[union-attr]
    if acting is None:
        raise Http404
    ensure(supervision.can_assign(request.user, acting.here))
    now = timezone.now()
    asked = Instruction.objects.visible_to(request.user)
    units = Department.objects.filter(
        pk__in=[one.pk for one in pages.units_of(acting.here, timezone.localdate(now))]
    )
    about = asked.filter(pk=whole(request.GET.get("instruction"))).first()
    form = ItemForm(
        request.POST or None, instructions=asked, units=units, initial={"instruction": about}
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = items.assign(acting.here, by=request.user, now=now, **form.cleaned_data)
            messages.success(
                request,
                _("督办件 %(number)s 已交办给%(unit)s。")
                % {"number": made.number, "unit": made.department.name},
            )
            return redirect("supervision-item", made.pk)
        except DomainError as error:
            put_errors(form, error.sentences)
    errors = error_rows(form)
    return render(
        request,
        "tasks/supervision/new.html",
        {"form": form, "errors": errors, "about": about},
        status=422 if errors else 200,
    )


def _load(request: HttpRequest, pk: int, now: datetime) -> SupervisionItem:
    rows = pages.register(request.user, timezone.localdate(now))
    found: SupervisionItem = get_object_or_404(rows.prefetch_related("extensions__by"), pk=pk)
    return found


@require_GET
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an item: what is asked, what happened, and what the person may do now."""
    now = timezone.now()
    return _show(request, _load(request, pk, now), now)


def _show(
    request: HttpRequest,
    row: SupervisionItem,
    now: datetime,
    sent: tuple[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw the page; `sent` is a step that was refused, with its form as it was filled in."""
    page = pages.item_page(request.user, row, now)
    units = Department.objects.filter(pk__in=[one.pk for one in page.units])
    steps = {verb: step_form(verb, units) for verb in FORMS if verb in page.may}
    errors: list[tuple[str, str, str]] = []
    if sent is not None:
        verb, form = sent
        steps[verb] = form
        errors = error_rows(form)
    context = {
        "page": page,
        "forms": steps,
        "errors": errors,
        "lost": sent[1] if sent and sent[0] not in page.may else None,
        "nudge_text": nudges.text_of(row),
        "words": SUPERVISION_WORDS,
    }
    return render(request, "tasks/supervision/item.html", context, status=status)


@require_POST
def step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Take one step of an item's table; what was typed comes back where it is refused."""
    now = timezone.now()
    row = _load(request, pk, now)
    if verb not in DEEDS:
        raise Http404
    units = Department.objects.filter(region=row.region)
    form = step_form(verb, units, request.POST, request.FILES)
    status = 422
    if form.is_valid():
        try:
            DEEDS[verb](row.pk, form.cleaned_data, request.user, now)
            done = {"number": row.number, "verb": SUPERVISION_WORDS[verb]}
            messages.success(request, _("督办件 %(number)s：%(verb)s，已记录。") % done)
            return redirect("supervision-item", row.pk)
        except DomainError as error:
            put_errors(form, error.sentences)
            if isinstance(error, NotAllowed):
                status = 403
                deed = f"tasks.supervision.{verb}"
                audit.refused(deed, row, by=request.user, reason=error.message)
    return _show(request, _load(request, pk, now), now, (verb, form), status)


Deed = Callable[[int, dict[str, Any], Any, datetime], Any]
DEEDS: dict[str, Deed] = {
    "sign": lambda pk, given, by, now: items.sign(pk, by=by, now=now),
    "withdraw": lambda pk, given, by, now: items.withdraw(pk, by=by, now=now),
    "feedback": lambda pk, given, by, now: items.feedback(pk, **given, by=by, now=now),
    "remark": lambda pk, given, by, now: items.remark(pk, **given, by=by, now=now),
    "settle": lambda pk, given, by, now: items.settle(pk, **given, by=by, now=now),
    "return": lambda pk, given, by, now: items.send_back(pk, **given, by=by, now=now),
    "strike": lambda pk, given, by, now: items.strike(pk, **given, by=by, now=now),
    "change_unit": lambda pk, given, by, now: items.change_unit(pk, **given, by=by, now=now),
    "ask_extension": lambda pk, given, by, now: extensions.ask(pk, **given, by=by, now=now),
    "grant": lambda pk, given, by, now: extensions.grant(pk, **given, by=by, now=now),
    "refuse": lambda pk, given, by, now: extensions.refuse(pk, **given, by=by, now=now),
    "nudge": lambda pk, given, by, now: nudges.nudge(pk, **given, by=by, now=now),
}


@require_GET
def download(request: HttpRequest, pk: int) -> FileResponse:
    """Hand out a file of an item or a 批示, always to be stored, never to be opened in the page."""
    return attachment(request, get_object_or_404(pages.readable_files(request.user), pk=pk))
