"""How the office edits its 成员单位名册: one row, or a whole table."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import DomainError, NotAllowed
from core.forms import put_errors
from core.params import whole
from departments import policies
from departments.exchange.roster import read_roster
from departments.forms import ListForm, SeatForm
from departments.models import Region, Seat
from departments.services.roster import Holder, add_seat, change_seat, end_seat
from departments.services.roster_in import bring_in_roster, preview_roster
from departments.views.sealed import seal_lines, unseal_lines

LIST = "roster"


def _here(request: HttpRequest) -> Region:
    """Return the region whose roster the person keeps; for anyone else there is no such page."""
    user: Any = request.user
    if user.acting is None or not policies.can_keep_roster(user, user.acting.here):
        raise Http404
    here: Region = user.acting.here
    return here


def _seat(request: HttpRequest, pk: int) -> Seat:
    rows = Seat.objects.filter(region=_here(request)).select_related("department", "region")
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Write a person into the roster."""
    here = _here(request)
    initial = {
        "kind": request.GET.get("kind"),
        "department": whole(request.GET.get("department")) or None,
        "user": whole(request.GET.get("user")) or None,
        "name": request.GET.get("name", "")[:40],
        "on": timezone.localdate(),
    }
    form = SeatForm(request.POST or None, here=here, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            seat = add_seat(
                here,
                form.cleaned_data["kind"],
                _holder(form),
                department=form.cleaned_data["department"],
                on=form.cleaned_data["on"],
                by=request.user,  # type: ignore[arg-type]
            )
        except NotAllowed:
            raise
        except DomainError as problem:
            put_errors(form, problem.sentences)
        else:
            messages.success(request, _("%(name)s已写入名册。") % {"name": seat.name})
            return redirect("roster")
    return _page(request, form, None)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a row of the roster from a day on."""
    seat = _seat(request, pk)
    initial = {
        "kind": seat.kind,
        "department": seat.department_id,
        "name": seat.name,
        "post": seat.post,
        "phone": seat.phone,
        "user": seat.user_id,
        "on": timezone.localdate(),
    }
    form = SeatForm(request.POST or None, here=seat.region, seat=seat, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_seat(seat.pk, _holder(form), on=form.cleaned_data["on"], by=request.user)  # type: ignore[arg-type]
        except NotAllowed:
            raise
        except DomainError as problem:
            put_errors(form, problem.sentences)
        else:
            messages.success(request, _("名册已更新，原来的一行仍可按日期查到。"))
            return redirect("roster")
    return _page(request, form, seat)


def _holder(form: SeatForm) -> Holder:
    data = form.cleaned_data
    return Holder(data["name"], data["post"], data["phone"], data["user"])


def _page(request: HttpRequest, form: SeatForm, seat: Seat | None) -> HttpResponse:
    context = {"form": form, "seat": seat}
    status = 422 if form.errors else 200
    return render(request, "departments/seat.html", context, status=status)


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a row of the roster with yesterday."""
    seat = _seat(request, pk)
    end_seat(seat.pk, on=timezone.localdate(), by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("已结束%(name)s的这一行。") % {"name": seat.name})
    return redirect("roster")


@require_http_methods(["GET", "POST"])
def bring_in(request: HttpRequest) -> HttpResponse:
    """Take a table, show what each line would do; write it once that was confirmed."""
    here = _here(request)
    user: Any = request.user
    today = timezone.localdate()
    form = ListForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "region": here}
    try:
        if request.POST.get("sealed"):
            lines = unseal_lines(request.POST["sealed"], LIST, user)
            replace = request.POST.get("replace") == "1"
            counts = bring_in_roster(here, lines, replace=replace, by=user, today=today)
            told = _("名册已更新：新增 %(add)s 行，变更 %(change)s 行，结束 %(ended)s 行。")
            names = ("add", "change", "ended")
            messages.success(request, told % {name: counts[name] for name in names})
            return redirect("roster")
        if request.method == "POST" and form.is_valid():
            lines = read_roster(form.cleaned_data["file"].read())
            context["preview"] = preview_roster(here, lines, by=user, today=today)
            context["sealed"] = seal_lines(lines, LIST, user)
    except NotAllowed:
        raise
    except DomainError as problem:
        form.errors.clear()
        form.add_error("file", problem.message)
    wrong = bool(form.errors) and request.method == "POST" and "preview" not in context
    status = 422 if wrong else 200
    return render(request, "departments/roster_in.html", context, status=status)
