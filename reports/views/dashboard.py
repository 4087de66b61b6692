"""The leaders' dashboard: will the plan be met, what is behind, who has not reported."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core.chart_options import status_history
from core.words import span
from indicators.selectors import TargetView, target_chart
from indicators.views.pages import drawn
from plans.models import Plan
from reports import narrative
from reports.selectors.dashboard import Dashboard
from reports.selectors.dashboard import dashboard as read_dashboard
from reports.selectors.home_reports import of_leader
from reports.selectors.moments import Moment, first_choice, watched
from tasks.policies.supervision import can_demand
from tasks.selectors.supervision.instructions import Asked, demands_of

SHOWN_DEMANDS = 5


@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show a plan's year as of a day; `?plan=`, `?year=` and `?as_of=` choose."""
    plans: list[Plan] = list(watched(request.user))
    plan = _plan(request, plans)
    if plan is None:
        return render(request, "reports/dashboard_empty.html")
    inside = plan.region_id == request.user.acting.here.pk  # type: ignore[union-attr]
    try:
        board = read_dashboard(plan, request.GET.dict(), timezone.localdate(), inside=inside)
    except ValueError:
        raise Http404(_("没有这个年度或日期。")) from None
    drafts = of_leader(request.user, timezone.localdate())
    context = {**_context(board), "plans": plans, "demands": _demands(request), "drafts": drafts}
    return render(request, "reports/dashboard.html", context)


def _demands(request: HttpRequest) -> list[Asked]:
    """Return what a leader asked for last, and what became of it; nothing for anyone else."""
    if not can_demand(request.user):
        return []
    return demands_of(request.user, timezone.localdate(), SHOWN_DEMANDS)


def _plan(request: HttpRequest, plans: list[Plan]) -> Plan | None:
    """Return the plan asked for (404 where it is not watched), else the first choice."""
    asked = request.GET.get("plan")
    if asked:
        found = next((one for one in plans if str(one.pk) == asked), None)
        if found is None:
            raise Http404(_("没有这个方案。"))
        return found
    acting: Any = request.user.acting  # type: ignore[union-attr]
    return first_choice(plans, acting.here, timezone.localdate()) if acting else None


def _context(board: Dashboard) -> dict[str, Any]:
    chart = (
        drawn(
            status_history(
                [short_name(one.moment) for one in board.history],
                [one.counts for one in board.history],
            ),
            "history",
            width=360,
            height=250,
        )
        if board.history
        else None
    )
    return {
        "d": board,
        "plan": board.plan,
        "verdict": narrative.verdict(board.board, board.targets),
        "targets": [_target(one) for one in board.targets],
        "history": chart,
        "trend": narrative.trend(board.history),
        "counts": board.board.counts,
        "standing": board.board.standing,
    }


def _target(view: TargetView) -> dict[str, Any]:
    chart = target_chart(view)
    return {"view": view, "chart": drawn(chart, f"target{view.target.pk}") if chart else None}


def short_name(moment: Moment) -> str:
    """Return a period's name that fits under a narrow bar: 18上, 18三季, else its year."""
    if moment.period is None:
        return str(moment.year)
    name = span(moment.period.starts, moment.period.ends)
    year = f"{moment.year % 100:02d}"
    for ending, short in (("上半年", "上"), ("下半年", "下")):
        if name.endswith(ending):
            return year + short
    if name.endswith("季度"):
        return year + name[-3] + "季"
    return year if name == f"{moment.year} 年" else f"{year}.{moment.period.ends.month}"
