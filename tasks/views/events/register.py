"""The register of events: recorded in half a minute, listed, changed, struck out."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import audit
from core.errors import Conflict, DomainError, ensure
from core.files import MEDIA_TYPES
from core.forms import error_rows, put_errors
from core.params import whole
from core.rest import csv_lines
from tasks import policies
from tasks.exchange import events as exchange
from tasks.filters import EventFilter
from tasks.forms.events import EventForm
from tasks.models import Event
from tasks.selectors.events import register as pages
from tasks.services import events
from tasks.views.downloads import attachment

PAGE = 50
MOST_OUT = 20_000  # rows of one Excel file


def filtered(request: HttpRequest) -> EventFilter:
    """Return the events that the address asks for; without `struck` the standing ones."""
    rows = pages.events_for(request.user)
    data = request.GET.copy()
    if not data.get("struck"):
        data["struck"] = "false"
    return EventFilter(data, rows)


@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """List the events that the address asks for, with their totals."""
    found = filtered(request)
    good = found.is_valid()
    rows = found.qs if good else Event.objects.none()
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "page": page,
        "totals": pages.totals(rows),
        "filter": found.form,
        "chosen": pages.chosen(request.user, request.GET),
        "errors": [(f"id_{name}", "", said[0]) for name, said in found.form.errors.items()],
        "query": query.urlencode(),
        "offers": pages.offers(request.user),
        "may_record": pages.may_record(request.user),
    }
    return render(request, "tasks/events/list.html", context, status=200 if good else 422)


@require_GET
def export(request: HttpRequest, kind: str) -> HttpResponse | StreamingHttpResponse:
    """Hand out the events that the address asks for, as Excel or CSV; the audit record says so."""
    found, now = filtered(request), timezone.now()
    if kind not in ("xlsx", "csv") or not found.is_valid():
        raise Http404
    name = f"{_('活动台账')}-{timezone.localdate(now).isoformat()}.{kind}"
    if kind == "xlsx":
        if found.qs.count() > MOST_OUT:
            raise DomainError(_("超过 %(most)s 条，请缩小范围，或改用 CSV。") % {"most": MOST_OUT})
        content = exchange.events_as_excel(found.qs, now)
    audit.record(
        "tasks.event.export",
        None,
        by=request.user,
        detail={"kind": kind, "query": request.GET.dict()},
    )
    disposition = content_disposition_header(True, name)
    if kind == "csv":
        rows = exchange.event_lines(found.qs.iterator(chunk_size=1000))
        names = [title for _key, title, _width in exchange.EVENTS]
        answer: Any = StreamingHttpResponse(
            csv_lines(names, rows), content_type="text/csv; charset=utf-8"
        )
    else:
        answer = HttpResponse(content, content_type=MEDIA_TYPES["xlsx"])
    answer["Content-Disposition"] = disposition
    return answer


def _about(request: HttpRequest, text: str) -> dict[str, Any]:
    kind, _dash, pk = text.partition("-")
    row = whole(pk)
    return {
        "task": pages.task_of(request.user, row) if kind == "task" else None,
        "duty": pages.duty_of(request.user, row) if kind == "duty" else None,
    }


def _told(request: HttpRequest, given: dict[str, Any], unit: Any) -> events.Told:
    """Put what the form says together with the rows that it names."""
    if given.get("department"):
        unit = pages.unit_of(request.user, whole(given["department"]))
    town = pages.place_of(request.user, whole(given["town"])) if given["town"] else None
    return events.Told(
        department=unit,
        kind=given["kind"],
        title=given["title"],
        on=given["on"],
        ends=given["ends"],
        town=town,
        place=given["place"],
        people=given["people"],
        summary=given["summary"],
        **_about(request, given["about"]),
    )


def _initial(request: HttpRequest, today: Any, unit: Any) -> dict[str, Any]:
    """Return what an empty form begins with; `?like=` takes over a line of one's own."""
    begun: dict[str, Any] = {"on": today, "token": uuid.uuid4()}
    if unit is not None:
        begun["department"] = unit.pk
    like = pages.events_for(request.user).filter(pk=whole(request.GET.get("like"))).first()
    if like is not None:
        begun |= pages.typed(like) | {"on": today, "ends": None, "people": ""}
    for name in ("task", "duty"):
        if wanted := whole(request.GET.get(name)):
            begun["about"] = f"{name}-{wanted}"
    if request.GET.get("kind") in Event.Kind.values:
        begun["kind"] = request.GET["kind"]
    return begun


def _named(request: HttpRequest) -> list[Any]:
    """Return the task or duty that the address or the form names, so that it is a choice."""
    named = [*_about(request, request.POST.get("about", "")).values()]
    for name, find in (("task", pages.task_of), ("duty", pages.duty_of)):
        if wanted := whole(request.GET.get(name)):
            named.append(find(request.user, wanted))
    return [one for one in named if one is not None]


def _sent(request: HttpRequest) -> tuple[Any, Any]:
    """Return what a form is bound to: all that was posted, be it nothing at all."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show an empty line of the register; record what comes back, once for its token."""
    now = timezone.now()
    ensure(pages.may_record(request.user))
    offers = pages.choices(request.user, timezone.localdate(now), _named(request))
    initial = _initial(request, timezone.localdate(now), offers.department)
    form = EventForm(*_sent(request), choices=offers, initial=initial)
    if request.method == "POST":
        made = _record(request, form, offers.department, now)
        if made is not None:
            return redirect(f"{reverse('event-new')}?after={made.event.pk}")
    return _form(request, form, offers, None)


def _record(request: HttpRequest, form: EventForm, unit: Any, now: Any) -> Any:
    """Record the form's event; None, with sentences at the fields, where that cannot be."""
    good = form.is_valid()
    try:
        uploads = events.accepted(form.cleaned_data["file"])
        if not good:
            return None
        token = form.cleaned_data["token"] or uuid.uuid4()
        told = _told(request, form.cleaned_data, unit)
        return events.record(token, told, by=request.user, now=now, uploads=uploads)
    except DomainError as error:
        if not error.fields:
            raise
        _put(form, error.fields)
    return None


def _version(request: HttpRequest, event: Event | None, *, fresh: bool) -> str:
    """Return the version that the form was made from; after a conflict the one shown beside it."""
    if event is None:
        return ""
    return (not fresh and request.POST.get("version")) or events.version(event)


def _put(form: EventForm, fields: dict[str, list[str]]) -> None:
    """Show what was refused at the fields; tasks and duties are chosen in one."""
    put_errors(
        form, {"about" if one in ("task", "duty") else one: said for one, said in fields.items()}
    )


def _form(
    request: HttpRequest,
    form: EventForm,
    offers: pages.Choices,
    event: Event | None,
    stored: Event | None = None,
) -> HttpResponse:
    """Show the form; `stored` is what somebody else changed an event into meanwhile."""
    after = pages.events_for(request.user).filter(pk=whole(request.GET.get("after")))
    errors = error_rows(form)
    context = {
        "form": form,
        "errors": errors,
        "offers": offers,
        "event": event,
        "version": _version(request, stored or event, fresh=stored is not None),
        "stored": stored,
        "after": after.first() if request.method == "GET" and "after" in request.GET else None,
        "chose_files": bool(errors and request.FILES),
        "more": any(
            form[name].errors or form[name].value() for name in ("ends", "place", "summary")
        ),
    }
    return render(request, "tasks/events/form.html", context, status=422 if errors else 200)


def _load(request: HttpRequest, pk: int) -> Event:
    return get_object_or_404(pages.events_for(request.user), pk=pk)


@require_GET
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an event, its files, and what happened to its line."""
    row = _load(request, pk)
    context = {
        "event": row,
        "files": list(pages.files_for(request.user).filter(event=row)),
        "may_edit": policies.can_edit_event(request.user, row),
        "may_record": pages.may_record(request.user),
        "sentence": pages.sentence(row),
    }
    return render(request, "tasks/events/event.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an event as a form; keep the changes, with what it was before."""
    now, row = timezone.now(), _load(request, pk)
    ensure(policies.can_edit_event(request.user, row))
    keep = [one for one in (row.task, row.duty) if one is not None] + _named(request)
    offers = pages.choices(request.user, timezone.localdate(now), keep)
    form = EventForm(*_sent(request), choices=offers, initial=pages.typed(row))
    stored = None  # what somebody else has stored meanwhile
    if request.method == "POST":
        good = form.is_valid()
        try:
            uploads = events.accepted(form.cleaned_data["file"])
            if good:
                told = _told(request, form.cleaned_data, row.department)
                seen = request.POST.get("version", "")
                events.edit(row.pk, told, by=request.user, now=now, seen=seen, uploads=uploads)
                messages.success(request, _("已保存修改。"))
                return redirect("event", row.pk)
        except Conflict as clash:
            put_errors(form, {"": [clash.message]})
            stored = _load(request, pk)
        except DomainError as error:
            if not error.fields:
                raise
            _put(form, error.fields)
    return _form(request, form, offers, row, stored)


@require_POST
def strike(request: HttpRequest, pk: int) -> HttpResponse:
    """Strike an event out, with the reason; its line stays on record."""
    row = _load(request, pk)
    events.strike(row.pk, request.POST.get("reason", ""), by=request.user, now=timezone.now())
    messages.success(
        request, _("已删除“%(title)s”，记录和理由保留，不再计数。") % {"title": row.title}
    )
    return redirect("event", row.pk)


@require_GET
def download(request: HttpRequest, pk: int) -> FileResponse:
    """Hand out a file of an event, always to be stored, never to be opened in the page."""
    return attachment(request, get_object_or_404(pages.files_for(request.user), pk=pk))
