"""考核细则: the list, one scheme with its items and cards, what is done with it, its files."""

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import audit
from core.errors import DomainError, NotAllowed, ensure
from core.files import content_of
from core.forms import error_rows, put_errors
from departments.views.sealed import workbook
from reports import policies
from reports.exchange import scores as exchange
from reports.forms.scores import ApprovalForm, AskForm, ItemsForm, ReasonForm, SchemeForm
from reports.models import ScoreScheme
from reports.selectors import scores as pages
from reports.services import scores
from reports.services.scores import schemes as service

Told = list[tuple[int, str, str]]  # row of a file, title of its column, sentence


@require_http_methods(["GET", "HEAD", "POST"])
def schemes(request: HttpRequest) -> HttpResponse:
    """List the schemes one may see; the office begins a new one here."""
    if not pages.has_scores(request.user):
        raise Http404
    plans = pages.plans_to_score(request.user)
    form = SchemeForm(request.POST or None, plans=plans) if plans else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            made = scores.make_scheme(**form.cleaned_data, by=request.user)
            return redirect("score-scheme", made.pk)
        except DomainError as problem:
            put_errors(form, problem.fields or {"plan": [problem.message]})
    context = {
        "schemes": list(pages.schemes(request.user)),
        "form": form,
        "errors": error_rows(form) if form else [],
        "off": [one for one in plans if not policies.can_keep_scheme(request.user, one)],
        "on": any(policies.can_keep_scheme(request.user, one) for one in plans),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "reports/scores/list.html", context, status=status)


def _load(request: HttpRequest, pk: int) -> ScoreScheme:
    rows = ScoreScheme.objects.visible_to(request.user).select_related(
        "plan__region", "plan__settings", "document", "confirmed_by", "sent_back_by"
    )
    found: ScoreScheme = get_object_or_404(rows, pk=pk)
    return found


def _keep(request: HttpRequest, pk: int) -> ScoreScheme:
    """Return a scheme for its office alone: others who see it are refused before they are read."""
    one = _load(request, pk)
    ensure(policies.can_keep_scheme(request.user, one.plan))
    return one


@require_GET
def scheme(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a scheme with its items and cards; a unit is led to its own card."""
    one = _load(request, pk)
    acting: Any = request.user.acting  # type: ignore[union-attr]
    if acting.department_id and not acting.is_office():
        return redirect("scorecard", one.cards.get(department=acting.department_id).pk)
    return _show(request, one)


def _show(
    request: HttpRequest,
    one: ScoreScheme,
    sent: tuple[str, Any] | None = None,
    problems: Told | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw the page; `sent` is a deed that was refused, with its form as it was filled in."""
    page = pages.scheme_page(request.user, one)
    names = ("title", "document_number", "approving_body", "approved_on")
    forms: dict[str, Any] = {
        "change": ApprovalForm(initial={name: getattr(one, name) for name in names}),
        "items": ItemsForm(),
        "ask": AskForm(initial={"until": one.rate_until}),
        "back": ReasonForm(auto_id="back-%s"),
    }
    errors: list[tuple[str, str, str]] = []
    if sent is not None:
        forms[sent[0]] = sent[1]
        errors = error_rows(sent[1])
    context = {
        "page": page,
        "forms": forms,
        "errors": errors,
        "problems": problems or [],
        "units": len(service.units_of(one)) if page.may_ask else 0,
    }
    return render(request, "reports/scores/scheme.html", context, status=status)


@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what the approving document says; `confirm` also confirms the scheme by it."""
    one, now = _keep(request, pk), timezone.now()
    form = ApprovalForm(request.POST, request.FILES)
    if form.is_valid():
        given = dict(form.cleaned_data)
        try:
            told = scores.Approval(files=given.pop("document"), **given)
            one = scores.change_scheme(one, told, by=request.user, now=now)
            if "confirm" in request.POST:
                scores.confirm_scheme(one, by=request.user, now=now)
            messages.success(request, _("已保存。"))
            return redirect("score-scheme", pk)
        except NotAllowed:
            raise
        except DomainError as problem:
            put_errors(form, problem.sentences)
    return _show(request, _load(request, pk), ("change", form), status=422)


@require_POST
def items(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the items from a table, all or none; what is wrong is told line by line."""
    one = _keep(request, pk)
    form = ItemsForm(request.POST, request.FILES)
    problems: Told = []
    if form.is_valid():
        try:
            lines = exchange.read_items(form.cleaned_data["file"].read())
            rows, unread = exchange.items_of(lines)
            made = scores.set_items(one, rows, by=request.user, unread=unread)
            messages.success(request, _("已录入 %(n)s 个考核项目。") % {"n": len(made)})
            return redirect("score-scheme", pk)
        except NotAllowed:
            raise
        except scores.RowErrors as told:
            problems = [
                (lines[number].row, str(exchange.TITLES.get(name, "")), text)
                for number, fields in told.rows.items()
                for name, texts in fields.items()
                for text in texts
            ]
        except DomainError as problem:
            put_errors(form, problem.fields or {"file": [problem.message]})
    return _show(request, one, ("items", form), problems, status=422)


@require_GET
def items_table(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the table of items, to be filled in and brought back."""
    one = _keep(request, pk)
    items = pages.scheme_page(request.user, one).items
    content = exchange.items_table(one, items, timezone.localtime())
    service.exported(one, by=request.user)
    return workbook(content, _("%(year)s年考核项目") % {"year": one.year})


@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the units of the year to rate themselves by a day."""
    one = _keep(request, pk)
    form = AskForm(request.POST)
    if form.is_valid():
        try:
            made = scores.ask_for_rating(
                one, form.cleaned_data["until"], by=request.user, now=timezone.now()
            )
            messages.success(request, _("已请各单位自评，新增评分表 %(n)s 份。") % {"n": made})
            return redirect("score-scheme", pk)
        except NotAllowed:
            raise
        except DomainError as problem:
            put_errors(form, problem.sentences)
    return _show(request, one, ("ask", form), status=422)


@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a confirmed scheme again, with a reason."""
    one = _keep(request, pk)
    form = ReasonForm(request.POST, auto_id="back-%s")
    if form.is_valid():
        try:
            scores.send_back_scheme(
                one, form.cleaned_data["reason"], by=request.user, now=timezone.now()
            )
            messages.success(request, _("已退回修改。改好后请重新确认。"))
            return redirect("score-scheme", pk)
        except NotAllowed:
            raise
        except DomainError as problem:
            put_errors(form, problem.sentences)
    return _show(request, one, ("back", form), status=422)


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a scheme that was begun by mistake."""
    scores.drop_scheme(_load(request, pk), by=request.user)
    messages.success(request, _("已删除这份没有确认的考核细则。"))
    return redirect("score-schemes")


@require_GET
def document(request: HttpRequest, pk: int) -> FileResponse:
    """Hand out the approving document, to be stored; the audit record says so."""
    one = _load(request, pk)
    if one.document is None:
        raise Http404
    return handed_out(one.document, "reports.scheme.download", request)


def handed_out(row: Any, code: str, request: HttpRequest) -> FileResponse:
    """Answer with a stored file: always to be stored, never opened in the page."""
    try:
        content = content_of(row)
    except DomainError:
        raise Http404(_("文件不在了，请联系管理员。")) from None
    detail = {"name": row.name, "sha256": row.sha256}
    audit.record(code, row, by=request.user, detail=detail)
    answer = FileResponse(
        BytesIO(content), as_attachment=True, filename=row.name, content_type=row.media_type
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
