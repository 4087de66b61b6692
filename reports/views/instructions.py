"""提出要求: a leader asks for something about a figure; the way back to the figure."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import DomainError, ensure
from core.forms import error_rows, put_errors
from core.params import whole
from reports.selectors.subjects import Figure, figure, place
from tasks.forms.supervision import DemandForm
from tasks.models import Instruction
from tasks.policies import supervision
from tasks.services.supervision.instructions import demand


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for something about the figure that `?view=` and `?id=` name."""
    ensure(supervision.can_demand(request.user))
    now = timezone.now()
    shown = _figure(request)
    form = DemandForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            demand(subject=shown.subject, by=request.user, now=now, **form.cleaned_data)
            messages.success(request, _("要求已提出，已通知纲要办。处理结果会显示在总览里。"))
            return redirect(shown.url)
        except DomainError as error:
            put_errors(form, error.sentences)
    errors = error_rows(form)
    context = {"figure": shown, "form": form, "errors": errors}
    status = 422 if errors else 200
    return render(request, "reports/instruction_new.html", context, status=status)


def _figure(request: HttpRequest) -> Figure:
    """Return the figure of the address; 404 where the person sees none."""
    asked = request.GET.dict()
    try:
        found = figure(
            request.user,
            asked.get("view", ""),
            whole(asked.get("id")),
            asked,
            timezone.localdate(),
        )
    except ValueError:
        found = None
    if found is None:
        raise Http404(_("没有这个内容，或者您不能查看。"))
    return found


@require_GET
def subject(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to the figure that an instruction is about, or to the words that it measures."""
    row: Any = get_object_or_404(Instruction.objects.visible_to(request.user), pk=pk)
    asked = {"region": row.plan.region.code} if row.plan and row.subject_view == "indicator" else {}
    today = timezone.localdate()
    found = figure(request.user, row.subject_view, row.subject_id or 0, asked, today)
    url = found.url if found else place(request.user, row.subject_view, row.subject_id or 0)
    if not url:
        raise Http404(_("没有这个内容，或者您不能查看。"))
    return redirect(url)
