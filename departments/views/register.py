"""The office's list of units: what plans proposed, and what became of units."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import DomainError, NotAllowed
from core.forms import put_errors
from core.params import whole
from departments import policies, services
from departments.forms import RenameForm, SuccessionForm
from departments.models import Department, Region, Succession
from departments.resolution import near_units


def _own_region(request: HttpRequest) -> Region:
    """Return the region whose list the person keeps; for anyone else there is no such page."""
    user: Any = request.user
    if user.acting is None or not policies.can_manage_departments(user, user.acting.here):
        raise Http404
    region: Region = user.acting.here
    return region


def _unit(request: HttpRequest, pk: int) -> Department:
    rows = Department.objects.visible_to(request.user).select_related("region")
    return get_object_or_404(rows, pk=pk)


@require_GET
def proposed(request: HttpRequest) -> HttpResponse:
    """List the units that plans proposed, each with those that it may be."""
    region = _own_region(request)
    rows = Department.objects.filter(region=region, confirmed=False).prefetch_related("names")
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    near = near_units(region, page, timezone.localdate())
    return render(
        request,
        "departments/proposed.html",
        {"region": region, "page": page, "rows": [(one, near[one.pk]) for one in page]},
    )


@require_GET
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one proposed unit: confirm it, correct its name, or merge it into a known one."""
    region = _own_region(request)
    rows = Department.objects.filter(region=region, confirmed=False).prefetch_related("names")
    unit = get_object_or_404(rows, pk=pk)
    return render(
        request,
        "departments/decide.html",
        {
            "region": region,
            "unit": unit,
            "near": near_units(region, [unit], timezone.localdate())[unit.pk],
            "others": Department.objects.filter(region=region).exclude(pk=unit.pk),
            "form": RenameForm(initial={"name": unit.name, "kind": unit.kind}),
        },
    )


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    unit = services.confirm_department(_unit(request, pk), by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("已确认%(name)s。") % {"name": unit.name})
    return redirect("departments-proposed")


@require_POST
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    unit = _unit(request, pk)
    form = RenameForm(request.POST)
    if not form.is_valid():
        raise DomainError(_("请填写单位名称，并选择类别。"))
    services.rename_department(unit, **form.cleaned_data, by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("已改名，方案里的写法仍指这个单位。"))
    return redirect("department-decide", pk)


@require_POST
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Merge a proposed unit into a known one: of the own list, or one above or below it."""
    unit = _unit(request, pk)
    path = unit.region.path
    rows = Department.objects.filter(
        Q(region__in=Region.objects.above(unit.region)) | Q(region__path__startswith=path)
    )
    into = get_object_or_404(rows, pk=whole(request.POST.get("into")))
    services.merge_department(unit, into, by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("已把%(old)s并入%(new)s。") % {"old": unit.name, "new": into.name})
    return redirect("departments-proposed")


@require_http_methods(["GET", "POST"])
def successions(request: HttpRequest) -> HttpResponse:
    """Show what became of the region's units; record another change."""
    region = _own_region(request)
    form = SuccessionForm(
        request.POST or None, region=region, initial={"old": request.GET.get("old")}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.record_succession(**form.cleaned_data, by=request.user)  # type: ignore[arg-type]
        except NotAllowed:
            raise
        except DomainError as problem:
            put_errors(form, problem.sentences)
        else:
            messages.success(request, _("已登记，确认以后才生效。"))
            return redirect("successions")
    rows = (
        Succession.objects.filter(old__region=region)
        .select_related("old", "new", "confirmed_by")
        .order_by("confirmed_at", "-on", "-id")
    )
    return render(
        request,
        "departments/successions.html",
        {
            "region": region,
            "form": form,
            "page": Paginator(rows, 50).get_page(request.GET.get("page")),
        },
        status=422 if form.errors else 200,
    )


def _succession(request: HttpRequest, pk: int) -> Succession:
    rows = Succession.objects.visible_to(request.user).select_related("old__region", "new")
    return get_object_or_404(rows, pk=pk)


@require_POST
def confirm_succession(request: HttpRequest, pk: int) -> HttpResponse:
    change = _succession(request, pk)
    services.confirm_succession(change, by=request.user, now=timezone.now())  # type: ignore[arg-type]
    messages.success(
        request,
        _("已确认：%(old)s → %(new)s。") % {"old": change.old.name, "new": change.new.name},
    )
    return redirect("successions")


@require_POST
def drop_succession(request: HttpRequest, pk: int) -> HttpResponse:
    services.drop_succession(_succession(request, pk), by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("已删除这项登记。"))
    return redirect("successions")
