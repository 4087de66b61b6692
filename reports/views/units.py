"""Units of a region, and one unit with its names and its tasks of the year."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core.params import whole
from departments.models import Department, Region
from reports.selectors.units import unit_list, unit_page


def _year(request: HttpRequest) -> int | None:
    text = request.GET.get("year", "")
    if text and not 1990 <= whole(text) <= 2100:
        raise Http404(_("没有这个年度。"))
    return whole(text) if text else None


@require_GET
def units(request: HttpRequest) -> HttpResponse:
    """List the units of the person's region, or of one below it with `?region=`."""
    acting: Any = request.user.acting  # type: ignore[union-attr]
    if acting is None:
        raise Http404
    code = request.GET.get("region")
    region = get_object_or_404(Region.objects.visible_to(request.user), code=code) if code else None
    listed = unit_list(request.user, region or acting.here, timezone.localdate(), _year(request))
    if region is not None and not listed.rows:
        raise Http404(_("没有可以查看的单位。"))
    return render(request, "departments/units.html", {"units": listed})


@require_GET
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a unit: names, what became of it, and its tasks of the year."""
    rows = Department.objects.visible_to(request.user).select_related("region")
    found = get_object_or_404(rows, pk=pk)
    page = unit_page(request.user, found, timezone.localdate(), _year(request))
    return render(request, "departments/unit.html", {"page": page})
