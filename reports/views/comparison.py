"""Two plans side by side, and which measures of a higher plan one's own carry out."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from core.params import whole
from plans import policies
from plans.comparison import Comparison, choices, compare, readable
from plans.models import Plan
from plans.services.parents import CLEARED, REFUSED, SET, Answer, set_parents
from reports.selectors.comparison import STATES, Picked, comparison_page, offers


@require_http_methods(["GET", "POST"])
def comparison(request: HttpRequest, pk: int) -> HttpResponse:
    """Compare a plan with another one (`with`), or offer those it can be compared with.

    `show` narrows the rows to one state; `pick` opens the whole choice for one measure. What is
    posted are the ids of measures (`measure`), each with the id of its parent (`parent-…`).
    """
    plans = Plan.objects.visible_to(request.user).select_related("region")
    plan = get_object_or_404(plans, pk=pk)
    asked = request.POST if request.method == "POST" else request.GET
    if not asked.get("with"):
        return _choice(request, plan)
    # What the person may not read does not exist.
    rows = readable(request.user).select_related("region")
    other: Plan = get_object_or_404(rows, pk=whole(asked["with"]))
    show = asked.get("show", "")
    if show and show not in STATES:
        raise DomainError(_("没有这种筛选，可以选相近、改写、新增或未列入。"), code="no_state")
    if request.method == "POST":
        return _accept(request, plan, other, show)
    return _shown(request, plan, other, show)


def _choice(request: HttpRequest, plan: Plan) -> HttpResponse:
    if request.method == "POST":
        raise Http404
    context = {"plan": plan, "offers": offers(choices(request.user, plan))}
    return render(request, "reports/comparison_choice.html", context)


def _shown(
    request: HttpRequest,
    plan: Plan,
    other: Plan,
    show: str,
    picked: dict[int, Picked] | None = None,
    wrong: str = "",
) -> HttpResponse:
    """Show the two plans; after a refusal the rows as they were `picked`, or what is `wrong`."""
    if plan == other:
        raise DomainError(_("方案不能和自己对照，请另选一份方案。"), code="same_plan")
    carries = policies.can_carry_out(plan, other)
    may = policies.can_set_parents(request.user, plan)
    opened = whole(request.GET.get("pick"))
    compared = compare(plan, other)
    if request.GET.get("pick") and not any(r.left and r.left.pk == opened for r in compared.rows):
        raise DomainError(_("本方案没有这项措施，请回到对照页面重新选择。"), code="no_measure")
    page = comparison_page(
        compared, state=show, choose=bool(may and carries), opened=opened, picked=picked
    )
    errors = _errors(compared, picked or {}) + ([("", "", wrong)] if wrong else [])
    context = {
        "plan": plan,
        "other": other,
        "page": page,
        "show": show,
        "keep": urlencode({"with": other.pk} | ({"show": show} if show else {})),
        "carries": carries,
        "may": may,
        "errors": errors,
        "other_url": _address(request.user, other),
    }
    return render(request, "reports/comparison.html", context, status=422 if errors else 200)


def _errors(compared: Comparison, picked: dict[int, Picked]) -> list[tuple[str, str, str]]:
    """Return a line of the summary for each refused row, in the order of the page."""
    ours = [row.left for row in compared.rows if row.left and row.left.pk in picked]
    lines = [(f"m{m.pk}", f"{m.label} {m.title}", picked[m.pk].message) for m in ours]
    known = {one.pk for one in ours}
    return lines + [("", "", one.message) for pk, one in picked.items() if pk not in known]


def _address(user: Any, plan: Plan) -> str:
    """Return where a plan is read: its own page, else the one that is open to everyone."""
    seen = Plan.objects.visible_to(user).filter(pk=plan.pk).exists()
    return reverse("plan" if seen else "public-plan", args=[plan.pk])


def _accept(request: HttpRequest, plan: Plan, other: Plan, show: str) -> HttpResponse:
    """Set the ticked parents; what is refused comes back with its reason at its row."""
    chosen = {whole(one): _parent(request, one) for one in request.POST.getlist("measure")}
    answers = set_parents(plan, chosen, by=request.user)
    refused = {one.measure: one for one in answers if one.outcome == REFUSED}
    if chosen and not refused:
        messages.success(request, _told(answers))
        keep = urlencode({"with": other.pk} | ({"show": show} if show else {}))
        return redirect(f"{reverse('plan-compare', args=[plan.pk])}?{keep}")
    if not chosen:
        return _shown(request, plan, other, show, wrong=_("请先勾选要采纳的措施。"))
    if len(refused) < len(chosen):
        messages.success(request, _told(answers))
    picked = {
        pk: Picked(True, chosen[pk] or None, answer.message) for pk, answer in refused.items()
    }
    return _shown(request, plan, other, show, picked)


def _parent(request: HttpRequest, measure: str) -> int | None:
    """Return the parent chosen for a measure: None for none, 0 for what cannot be read."""
    text = request.POST.get(f"parent-{measure}")
    return None if text == "" else whole(text)


def _told(answers: list[Answer]) -> str:
    """Say what was done."""
    done = [one.outcome for one in answers]
    told = []
    if count := done.count(SET):
        told.append(_("已确定 %(count)s 项措施的上级措施") % {"count": count})
    if count := done.count(CLEARED):
        told.append(_("已取消 %(count)s 项措施的上级措施") % {"count": count})
    return "，".join(told) + "。" if told else _("所选措施的上级措施没有变化。")
