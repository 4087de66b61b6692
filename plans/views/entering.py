"""Entering a plan: a document goes in and opens as a draft."""

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError, ensure
from core.forms import error_rows
from plans import policies
from plans.forms import PlanUpload
from plans.importer import NotAPlan, UnreadableDocument, read_file
from plans.models import Draft
from plans.services.imports import existing_drafts, open_document


@require_http_methods(["GET", "POST"])
def import_plan(request: HttpRequest) -> HttpResponse:
    """Read a plan from a file; the same file again opens the draft or plan that it gave before."""
    region = request.user.acting.here if request.user.acting else None  # type: ignore[union-attr]
    if region is None:
        raise Http404
    ensure(policies.can_import(request.user, region))
    form = PlanUpload(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            found, again = _opened(form.cleaned_data["file"], request.user)
        except (NotAPlan, UnreadableDocument) as problem:
            form.add_error("file", problem.message_zh)
        except DomainError as problem:
            form.add_error("file", problem.message)
        else:
            return _shown(request, found, again)
    errors = error_rows(form)
    context = {"form": form, "errors": errors, "region": region}
    return render(request, "plans/import.html", context, status=422 if errors else 200)


def _opened(file: UploadedFile, user: Any) -> tuple[list[Draft], bool]:
    """Return the drafts of an uploaded document, and whether it was read before."""
    name, content = Path(file.name or "").name, file.read()
    if known := existing_drafts(content):
        seen = [one for one in known if one.home_id == user.acting.here.pk]
        if not seen:
            raise DomainError(_("这份文件已由其他地区导入。"))
        return seen, True
    with tempfile.TemporaryDirectory() as folder:
        # Of a long ending only as much as tells it from those that can be read.
        path = Path(folder) / f"plan{Path(name).suffix.lower()[:10]}"
        path.write_bytes(content)
        text = read_file(path)
    return open_document(name, content, text, by=user, home=user.acting.here), False


def _shown(request: HttpRequest, found: list[Draft], again: bool) -> HttpResponse:
    """Go to the first draft that still waits, else to the plan that came of it."""
    if again:
        messages.info(request, _("这份文件已经导入过，打开的是已有的内容。"))
    elif len(found) > 1:
        messages.info(request, _("这份文件里有 %(n)s 个方案，请逐个核对。") % {"n": len(found)})
    waiting = next((one for one in found if one.plan_id is None), None)
    if waiting is None:
        return redirect("plan", found[0].plan_id)
    return redirect("draft", waiting.pk)
