"""Plans: the list, the document with its progress, entering, activating and opening one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from plans import policies
from plans.models import Draft, Plan
from plans.services import lifecycle
from reports import narrative
from reports.selectors.moments import chosen, moments
from reports.selectors.plan_page import Detail, Page, detail, plan_page
from reports.selectors.plans import plan_list
from tasks import policies as task_policies
from tasks.selectors import thresholds


def _visible(request: HttpRequest, pk: int) -> Plan:
    rows = Plan.objects.visible_to(request.user).select_related("region", "settings", "source")
    found: Plan = get_object_or_404(rows, pk=pk)
    return found


@require_GET
def plans(request: HttpRequest) -> HttpResponse:
    """List the plans that the person may see, by region."""
    acting: Any = request.user.acting  # type: ignore[union-attr]
    may_import = bool(acting and policies.can_import(request.user, acting.here))
    context = {
        "plans": list(plan_list(request.user)),
        "drafts": list(Draft.objects.visible_to(request.user).waiting()),
        "may_import": may_import,
    }
    return render(request, "reports/plans.html", context)


@require_GET
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a plan's own text with its progress; `?measure=` opens one measure beside it."""
    shown = _visible(request, pk)
    today = timezone.localdate()
    known = moments(shown, today)
    try:
        moment = chosen(shown, request.GET.dict(), today, known)
    except ValueError:
        raise Http404(_("没有这个年度或日期。")) from None
    page = plan_page(request.user, shown, moment)
    one = _chosen_measure(request, shown, page, moment)
    context = {
        "plan": shown,
        "page": page,
        "moment": moment,
        "choices": known[-3:],
        "keep": f"&measure={one.measure.pk}#m{one.measure.pk}" if one else "",
        "detail": one,
        "phases": list(shown.phases.all()),
        "today": today,
        "reason": _reason(shown, one),
        "may_activate": policies.can_activate(request.user, shown),
        "may_publish": policies.can_publish(request.user, shown),
        "may_set": policies.can_set(request.user, shown),
        "may_plan": task_policies.can_make_tasks(request.user, shown),
        "has_tasks": any(row.tasks for row in page.progress.measures.values()),
        "banner": _draft_banner(shown),
    }
    return render(request, "reports/plan.html", context)


def _chosen_measure(request: HttpRequest, plan: Plan, page: Page, moment: Any) -> Detail | None:
    asked = request.GET.get("measure")
    if not asked:
        return None
    for action in page.actions:
        for one in action.measures.all():
            if str(one.pk) == asked:
                return detail(request.user, plan, page, one, moment)
    raise Http404(_("没有这项措施。"))


def _reason(plan: Plan, one: Detail | None) -> str:
    if one is None or one.standing is None:
        return ""
    return narrative.reason(one.standing.standing, thresholds(plan))


def _draft_banner(plan: Plan) -> dict[str, str] | None:
    if plan.state != Plan.State.DRAFT:
        return None
    return {"text": _("这是草稿，只有本地区纲要办能看到。核对无误后启用，启用后原文锁定。")}


@require_POST
def activate(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a checked draft in force."""
    lifecycle.activate(_visible(request, pk), by=request.user)
    messages.success(request, _("方案已启用，原文已锁定。下一步请分解年度任务。"))
    return redirect("plan", pk)


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a plan to the public (`public=1`), or close it again."""
    public = request.POST.get("public") == "1"
    lifecycle.set_public(_visible(request, pk), public, by=request.user)
    told = _("方案已向社会公开。") if public else _("方案已停止公开。")
    messages.success(request, told)
    return redirect("plan", pk)
