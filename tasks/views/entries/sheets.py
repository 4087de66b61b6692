"""Table B (表格填报): download, upload, what a file would change, and applying it."""

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import DomainError, ensure
from core.files import MEDIA_TYPES, content_of
from core.params import whole
from departments.models import Department
from tasks import policies
from tasks.exchange.entries import read_table, write_table
from tasks.models import Period, Sheet
from tasks.selectors.entries import sheet_changes as entry_changes
from tasks.services.entries import sheets as entry_sheets


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out table B of a period, or take one that came back."""
    periods = Period.objects.visible_to(request.user).select_related("region")
    period = get_object_or_404(periods, pk=pk)
    if request.method == "POST":
        return _take_in(request, period)
    return _hand_out(request, period, timezone.now())


def _hand_out(request: HttpRequest, period: Period, now: datetime) -> HttpResponse:
    chosen = whole(request.GET.get("unit"))
    unit = get_object_or_404(Department, pk=chosen, region=period.region) if chosen else None
    plan = whole(request.GET.get("plan")) or None
    table = entry_sheets.hand_out(period, by=request.user, plan=plan, unit=unit)
    response = HttpResponse(write_table(table, now), content_type=MEDIA_TYPES["xlsx"])
    name = f"{table.covers}{period.name}工作进展情况表.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _take_in(request: HttpRequest, period: Period) -> HttpResponse:
    ensure(policies.can_use_sheet(request.user, period))
    upload = request.FILES.get("file")
    if upload is None:
        raise DomainError(_("请先选择填好的表格。"))
    content = upload.read(settings.UPLOAD_MAX_BYTES + 1)
    read_table(content)  # what cannot be read is refused here, and not kept
    kept = entry_sheets.take_in(period, upload.name or "", content, by=request.user)
    return redirect("sheet", kept.pk)


def _load(request: HttpRequest, pk: int) -> Sheet:
    mine = Sheet.objects.visible_to(request.user).filter(kind=Sheet.Kind.ENTRIES)
    return get_object_or_404(mine.select_related("period__region"), pk=pk)


@require_GET
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a file would change, field by field, and everything that is wrong with it."""
    row = _load(request, pk)
    page = entry_changes.preview(
        request.user, row, read_table(content_of(row)), timezone.localdate()
    )
    return render(request, "tasks/sheets/preview.html", {"page": page})


@require_POST
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep everything that a file changes in the drafts, or nothing."""
    row = _load(request, pk)
    given = read_table(content_of(row))
    done = entry_sheets.apply(row.pk, given, by=request.user, now=timezone.now())
    words = (
        _("这份表格已经应用过：%(entries)s 项，%(fields)s 处。")
        if done.again
        else _("已存为草稿：%(entries)s 项，%(fields)s 处。看过之后再报送。")
    )
    messages.success(request, words % {"entries": done.entries, "fields": done.fields})
    return redirect(f"{reverse('entry-check')}?period={row.period_id}")
