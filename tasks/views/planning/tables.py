"""Many tasks of a year at once: the grid, last year's tasks continued, table A out and in."""

from io import BytesIO

import orjson
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import DomainError, ensure
from core.files import MEDIA_TYPES
from core.params import whole, wholes
from plans.models import Measure, Plan
from tasks import policies
from tasks.exchange import table_a
from tasks.models import Sheet
from tasks.selectors.planning import grid as grids
from tasks.selectors.planning.carrying import carry_page
from tasks.selectors.planning.rows import LABELS
from tasks.services import planning
from tasks.services.planning import sheets


def _plan(request: HttpRequest) -> tuple[Plan, int]:
    """Return the plan and year that a page of the office is about; the invisible is 404."""
    asked = request.POST if request.method == "POST" else request.GET
    rows = Plan.objects.visible_to(request.user).select_related("region", "settings")
    plan = get_object_or_404(rows, pk=whole(asked.get("plan")))
    ensure(policies.can_make_tasks(request.user, plan))
    return plan, whole(asked.get("year"))


def _to(name: str, plan: Plan, year: int) -> str:
    return f"{reverse(name)}?plan={plan.pk}&year={year}"


def _seen(text: str) -> dict[str, str]:
    """Read what a row of the grid showed when it was sent; anything else is nothing."""
    try:
        seen = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return {str(k): str(v) for k, v in seen.items()} if isinstance(seen, dict) else {}


def _typed(request: HttpRequest) -> list[planning.Row]:
    """Return the rows in which something else was typed than the page showed."""
    rows = []
    for name, text in request.POST.items():
        pk = whole(name.removeprefix("seen-")) if name.startswith("seen-") else 0
        if not pk:
            continue
        seen = _seen(str(text))
        texts = {
            field: str(request.POST[f"{field}-{pk}"]).replace("\x00", "")
            for field in LABELS
            if f"{field}-{pk}" in request.POST
        }
        changed = {
            field: typed
            for field, typed in texts.items()
            if " ".join(typed.split()) != " ".join(seen.get(field, "").split())
        }
        if changed:
            rows.append(planning.Row(str(pk), changed, pk, seen.get("version", "")))
    return rows


@require_http_methods(["GET", "HEAD", "POST"])
def grid(request: HttpRequest) -> HttpResponse:
    """Show a year's tasks as a table to type in; save what was changed, all or nothing."""
    plan, year = _plan(request)
    number = whole(request.GET.get("page") or request.POST.get("page")) or 1
    told: dict[int, grids.Told] = {}
    if request.method == "POST":
        rows = _typed(request)
        try:
            changed = planning.save_rows(plan, year, rows, by=request.user)
            words = _("已保存 %(count)s 项任务。") if changed else _("没有改动。")
            messages.success(request, words % {"count": len(changed)})
            return redirect(f"{_to('tasks-grid', plan, year)}&page={number}")
        except planning.RowErrors as error:
            wrong = {one.row.key: one for one in error.rows}
            lost = [one for one in error.rows if one.task is None]
            for one in lost:
                messages.error(request, "".join(one.wrong.get("", [])))
            for row in rows:
                one = wrong.get(row.key) or planning.Checked(row)
                told[row.task or 0] = grids.Told(row.texts, one.wrong, one.theirs)
    page = grids.grid_page(plan, year, number, told)
    return render(request, "tasks/planning/grid.html", {"page": page}, status=422 if told else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def carry(request: HttpRequest) -> HttpResponse:
    """Offer the tasks of an earlier year; continue those that were chosen."""
    plan, year = _plan(request)
    asked = request.POST if request.method == "POST" else request.GET
    picked = str(asked.get("source", "")).partition("-")
    page = carry_page(request.user, plan, year, *(whole(picked[at]) for at in (0, 2)))
    wrong: dict[int, str] = {}
    chosen = set(wholes(request.POST.getlist("task")))
    measures = {
        pk: whole(request.POST.get(f"measure-{pk}"))
        for pk in chosen
        if request.POST.get(f"measure-{pk}")
    }
    if request.method == "POST":
        sources = [one.task for one in page.rows if one.task.pk in chosen]
        found = Measure.objects.visible_to(request.user).select_related("action")
        known = found.in_bulk(measures.values())
        try:
            done = planning.carry_over(
                plan,
                year,
                sources,
                measures={pk: known[one] for pk, one in measures.items() if one in known},
                by=request.user,
            )
            messages.success(
                request,
                _("已接续 %(made)s 项任务；%(linked)s 项本年已有，只补上了与上年任务的联系。")
                % {"made": len(done.made), "linked": len(done.linked)},
            )
            return redirect(_to("tasks", plan, year))
        except DomainError as error:
            if not error.fields:
                raise
            wrong = {whole(pk): texts[0] for pk, texts in error.fields.items()}
    context = {
        "page": page,
        "wrong": wrong,
        "chosen": chosen,
        "picked": measures,
        "errors": [
            (f"measure-{one.task.pk}", one.task.title, wrong[one.task.pk])
            for one in page.rows
            if one.task.pk in wrong
        ],
    }
    return render(request, "tasks/planning/carry.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def table(request: HttpRequest) -> HttpResponse | FileResponse:
    """Hand out table A of a year; take it back filled in, to be looked at first."""
    plan, year = _plan(request)
    if request.method == "POST":
        upload = request.FILES.get("file")
        if upload is None:
            raise DomainError(_("请先选要上传的表格。"))
        sheet = sheets.keep_sheet(plan, year, upload.name or "", upload.read(), by=request.user)
        return redirect("tasks-sheet", sheet.pk)
    content = table_a.as_excel(plan, year)
    sheets.exported(plan, year, by=request.user)
    name = _("重点任务分工表-%(year)s.xlsx") % {"year": year}
    return FileResponse(
        BytesIO(content), as_attachment=True, filename=name, content_type=MEDIA_TYPES["xlsx"]
    )


def _sheet(request: HttpRequest, pk: int) -> Sheet:
    rows = Sheet.objects.visible_to(request.user).filter(kind=Sheet.Kind.TASKS)
    return get_object_or_404(rows.select_related("plan__region"), pk=pk)


@require_http_methods(["GET", "HEAD"])
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a table A that came back would change, line by line."""
    row = _sheet(request, pk)
    checked: list[planning.Checked] = []
    problem = ""
    if row.applied_at is None:
        try:
            checked = table_a.preview(row)
        except DomainError as error:
            problem = error.message
    context = {
        "sheet": row,
        "lines": table_a.lines_of(checked),
        "counts": table_a.counts(checked),
        "problem": problem,
    }
    return render(request, "tasks/planning/sheet.html", context)


@require_POST
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Apply a table A, whole or not at all; what is refused stands on its page."""
    row = _sheet(request, pk)
    try:
        changed = sheets.apply_sheet(
            row, table_a.rows_of_sheet, by=request.user, now=timezone.now()
        )
    except planning.RowErrors as error:
        messages.error(request, error.message)
        return redirect("tasks-sheet", row.pk)
    messages.success(request, _("已按表格更新 %(count)s 项任务。") % {"count": len(changed)})
    return redirect(f"{reverse('tasks')}?plan={row.plan_id}&year={row.year}")
