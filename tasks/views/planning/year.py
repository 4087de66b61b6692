"""The year's tasks: made, their units settled, each edited, cancelled or judged."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import audit
from core.errors import DomainError, NotAllowed
from core.forms import error_rows, put_errors
from core.params import whole
from plans.models import Plan
from tasks.forms.planning import JudgeForm, TaskForm
from tasks.models import Assignment, Task
from tasks.selectors.events import register
from tasks.selectors.planning import year as pages
from tasks.services import planning
from tasks.services.planning import judgements


def _back(plan: Plan, year: int) -> HttpResponse:
    return redirect(f"{reverse('tasks')}?plan={plan.pk}&year={year}")


def _plan(request: HttpRequest) -> tuple[Plan, int]:
    rows = Plan.objects.visible_to(request.user).select_related("region")
    plan = get_object_or_404(rows, pk=whole(request.POST.get("plan")))
    return plan, whole(request.POST.get("year"))


@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    """Show a plan's tasks of a year, grouped by action."""
    plan, year = whole(request.GET.get("plan")), whole(request.GET.get("year"))
    page = pages.year_page(request.user, plan, year, timezone.localdate())
    return render(request, "tasks/planning/year.html", {"page": page, "none": pages.NONE})


@require_POST
def make_year(request: HttpRequest) -> HttpResponse:
    """Make the year's tasks from the plan's measures."""
    plan, year = _plan(request)
    duties = bool(request.POST.get("duties"))
    made = planning.make_year(plan, year, by=request.user, duties=duties)
    messages.success(
        request,
        _("已分解 %(year)s 年任务 %(count)s 项。请确认各项的汇总单位。")
        % {"year": year, "count": len(made)},
    )
    return _back(plan, year)


@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Confirm every proposed 汇总单位 of the year."""
    plan, year = _plan(request)
    count = planning.confirm_proposals(plan, year, by=request.user)
    messages.success(request, _("已按建议确认 %(count)s 项任务的汇总单位。") % {"count": count})
    return _back(plan, year)


@require_POST
def leads(request: HttpRequest) -> HttpResponse:
    """Settle the 汇总单位 chosen in the table, row by row; each refusal is told by itself."""
    plan, year = _plan(request)
    chosen = {
        whole(name.removeprefix("lead-")): value
        for name, value in request.POST.items()
        if name.startswith("lead-") and value
    }
    rows = pages.choices_of(chosen, request.user)
    units = pages.departments_of(request.user, map(whole, chosen.values()))
    done = 0
    for pk, task in rows.items():
        unit = units.get(whole(chosen[pk]))
        if unit is None and chosen[pk] != pages.NONE:
            continue
        try:
            planning.settle_lead(task, unit, by=request.user)
            done += 1
        except DomainError as error:
            if isinstance(error, NotAllowed):
                audit.refused("tasks.task.settle_lead", task, by=request.user, reason=error.message)
            messages.error(request, f"{task.title}：{error.message}")
    messages.success(request, _("已确认 %(count)s 项任务的汇总单位。") % {"count": done})
    return _back(plan, year)


def _load(request: HttpRequest, pk: int) -> Task:
    return get_object_or_404(pages.tasks_for(request.user), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a task; take changes to it."""
    row = _load(request, pk)
    form = TaskForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            planning.edit_task(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("已保存。"))
            return redirect("task", row.pk)
        except DomainError as error:
            if not error.fields:
                raise
            put_errors(form, error.fields)
    return _show(request, row, form=form)


def _show(
    request: HttpRequest,
    row: Task,
    form: TaskForm | None = None,
    judge_form: JudgeForm | None = None,
) -> HttpResponse:
    page = pages.task_page(request.user, row, timezone.localdate())
    form = form or TaskForm(instance=row)
    judge_form = judge_form or JudgeForm(periods=page.periods)
    errors = error_rows(form) + error_rows(judge_form)
    return render(
        request,
        "tasks/planning/task.html",
        {
            "page": page,
            "form": form,
            "judge_form": judge_form,
            "errors": errors,
            "roles": [one for one in Assignment.Role.choices if one[0] != "lead"],
            "none": pages.NONE,
            "task": row,
            "events": list(register.of_task(request.user, row)),
            "may_record": register.may_record(request.user),
        },
        status=422 if errors else 200,
    )


@require_POST
def units(request: HttpRequest, pk: int) -> HttpResponse:
    """Set who gathers, who is responsible and who cooperates in a task."""
    row = _load(request, pk)
    chosen = request.POST.get("lead", "")
    parts = {one.department_id: one for one in row.assignments.all()}
    roles = {
        unit: request.POST[f"role-{unit}"] for unit in parts if request.POST.get(f"role-{unit}")
    }
    if roles:
        planning.set_roles(row, roles, by=request.user)
    unit = parts.get(whole(chosen))
    if unit is not None or chosen == pages.NONE:
        planning.settle_lead(row, unit.department if unit else None, by=request.user)
    messages.success(request, _("已保存承办单位。"))
    return redirect("task", row.pk)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a task out of the year, with the reason."""
    row = _load(request, pk)
    planning.cancel_task(row, request.POST.get("reason", ""), by=request.user)
    messages.success(request, _("任务已取消，已报的内容保留。"))
    return redirect("task", row.pk)


@require_POST
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the office's judgement of a task without 汇总单位."""
    row = _load(request, pk)
    page = pages.task_page(request.user, row, timezone.localdate())
    form = JudgeForm(request.POST, periods=page.periods)
    if form.is_valid():
        given = form.cleaned_data
        try:
            judgements.judge(
                row,
                given["period"],
                given["percent"],
                given["reason"],
                by=request.user,
                now=timezone.now(),
            )
            messages.success(request, _("已记录综合判定。"))
            return redirect("task", row.pk)
        except DomainError as error:
            if not error.fields:
                raise
            put_errors(form, error.fields)
    return _show(request, row, judge_form=form)
