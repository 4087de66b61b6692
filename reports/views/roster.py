"""The 成员单位名册 of a region under the name that its plan gives the group, as page and table."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core import audit
from departments import contacts
from departments.exchange.roster import roster_table
from departments.models import Region
from departments.selectors.roster import Roster, roster
from departments.views.sealed import workbook
from plans.models import Plan, PlanSettings


def _title(region: Region) -> str:
    """Return the roster's name: of the group where the region's newest plan has one."""
    settings = (
        PlanSettings.objects.filter(plan__region=region, plan__kind=Plan.Kind.FIVE_YEAR)
        .exclude(plan__state=Plan.State.DRAFT)
        .order_by("-plan__start_year", "-plan")
        .first()
    )
    if settings is None or not settings.group_name:
        return _("成员单位名册")
    return _("%(group)s成员单位名册") % {"group": settings.group_name}


def _load(request: HttpRequest) -> tuple[Roster, str]:
    """Return the roster that an address asks for; the own region's of today unless it says so."""
    user: Any = request.user
    acting = user.acting
    if acting is None:
        raise Http404
    region: Region = acting.here
    if code := request.GET.get("region"):
        region = get_object_or_404(Region.objects.visible_to(user), code=code)
        below = acting.sees_below and region.path.startswith(acting.region_path)
        if region != acting.here and not below:
            raise Http404
    try:
        on: date = contacts.day(request.GET.get("as_of", "")) or timezone.localdate()
    except ValueError:
        raise Http404(_("没有这一天。")) from None
    return roster(user, region, on), _title(region)


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show who sits in the group and its units on a day."""
    found, title = _load(request)
    return render(
        request,
        "departments/roster.html",
        {"roster": found, "title": title, "today": timezone.localdate()},
    )


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """Give the roster as a table, with the numbers as the person may read them."""
    found, title = _load(request)
    audit.record(
        "departments.seat.export",
        found.region,
        by=request.user,
        detail={"on": found.on, "lines": len(found.lines)},
        region_path=found.region.path,
    )
    content = roster_table(found, title, timezone.localtime())
    return workbook(content, f"{found.region.name}{title}")
