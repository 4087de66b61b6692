"""The places below a region: values year by year, each with its own light, and who is missing."""

from django.http import HttpRequest, HttpResponse
from django.http.response import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core.params import whole
from indicators.models import Target
from indicators.selectors import newest_year, plan_of
from indicators.selectors.below import below, newest_below
from indicators.selectors.page import is_inside
from indicators.views.pages import subject
from plans.models import Plan

SPAN = 5


@require_GET
def places(request: HttpRequest, code: str) -> HttpResponse:
    """Show the places below a region; `?year=` is the last year, `?every=1` lists all of them."""
    indicator, region = subject(request, code)
    if not is_inside(request.user, region):
        raise Http404(_("只能查看本地区和下级地区的数值。"))
    today = timezone.localdate()
    plan = plan_of(request.user, region, today)
    year = whole(request.GET.get("year")) or (
        newest_year(plan, today) if plan else newest_below(indicator, region) or today.year
    )
    year = min(max(year, 1990 + SPAN), today.year + 1)
    years = list(plan.years) if plan and year in plan.years else range(year - SPAN + 1, year + 1)
    target = _target(plan, indicator.pk) if plan else None
    page = below(
        indicator,
        region,
        list(years),
        target=target,
        as_of=year,
        every=request.GET.get("every") == "1",
    )
    context = {"page": page, "plan": plan, "year": year, "span": SPAN}
    return render(request, "indicators/below.html", context)


def _target(plan: Plan, indicator: int) -> Target | None:
    """Return the target by which the places are judged: one for each of them before any other."""
    found = (
        Target.objects.current()
        .filter(plan=plan, indicator=indicator)
        .select_related("indicator", "plan__settings", "plan__region")
        .order_by("position")
    )
    order = {Target.Scope.EACH_CHILD: 0, Target.Scope.SHARE: 1, Target.Scope.SELF: 2}
    return min(found, key=lambda one: order[Target.Scope(one.scope)], default=None)
