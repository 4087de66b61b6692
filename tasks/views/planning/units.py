"""The units of one task: added, taken out, named in the place of a group, handed down below."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import DomainError, ensure
from core.forms import error_rows, put_errors
from core.params import whole, wholes
from tasks import policies
from tasks.forms.planning import BreakDownForm
from tasks.models import Task
from tasks.selectors.planning import handing
from tasks.selectors.planning import year as pages
from tasks.services import planning


def _load(request: HttpRequest, pk: int) -> Task:
    return get_object_or_404(pages.tasks_for(request.user), pk=pk)


@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a task more units, by their names."""
    row = _load(request, pk)
    names, role = request.POST.get("names", ""), request.POST.get("role", "")
    planning.add_units(row, names, role, by=request.user)
    messages.success(request, _("已添加承办单位，从下一个启动的填报期起填报。"))
    return redirect("task", row.pk)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a unit out of a task that it has reported nothing on."""
    row = _load(request, pk)
    wanted = whole(request.POST.get("department"))
    parts = {one.department_id: one.department for one in row.assignments.all()}
    if wanted not in parts:
        raise Http404
    planning.remove_unit(row, parts[wanted], by=request.user)
    messages.success(request, _("已移出“%(unit)s”。") % {"unit": parts[wanted]})
    return redirect("task", row.pk)


@require_POST
def members(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the chosen units in the place of a group."""
    row = _load(request, pk)
    wanted = whole(request.POST.get("group"))
    group = next((o.department for o in row.assignments.all() if o.department_id == wanted), None)
    if group is None:
        raise Http404
    chosen = pages.departments_of(request.user, wholes(request.POST.getlist("member")))
    planning.name_members(row, group, chosen.values(), by=request.user)
    messages.success(
        request, _("“%(group)s”已列出 %(count)s 个单位。") % {"group": group, "count": len(chosen)}
    )
    return redirect("task", row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def down(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the office of a lower region break down what it was given from above."""
    row = _load(request, pk)
    if not policies.handed_to(request.user, row):
        raise Http404
    plans = handing.plans_for(request.user, row.year)
    asked = whole(request.POST.get("plan"))
    plan = next((one for one in plans if one.pk == asked), plans[0] if plans else None)
    verdict = policies.can_break_down(request.user, row, plan)
    form = BreakDownForm(request.POST or None, task=row, plans=plans)
    if request.method == "POST":
        ensure(verdict)
    if request.method == "POST" and plan is not None and form.is_valid():
        try:
            planning.break_down(row, plan, form.texts(), by=request.user)
            messages.success(request, _("已分解到本地区的年度任务。"))
            return redirect("task-down", row.pk)
        except DomainError as error:
            if not error.fields:
                raise
            put_errors(form, error.fields)
    context: dict[str, Any] = {
        "task": row,
        "form": form,
        "verdict": verdict,
        "plan": plan,
        "given": next((o for o in handing.given_to(request.user, row.year) if o.task == row), None),
        "errors": error_rows(form),
    }
    status = 422 if context["errors"] else 200
    return render(request, "tasks/planning/down.html", context, status=status)
