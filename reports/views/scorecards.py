"""One unit's scorecard: shown, rated, checked, told; table E as a file."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import audit
from core.errors import DomainError, NotAllowed
from core.files import MEDIA_TYPES
from core.forms import error_rows, put_errors
from reports.exchange import scores as exchange
from reports.forms.scores import CardForm, CheckForm, RatingForm, ReasonForm
from reports.models import ScoreCard, ScoreEvidence
from reports.selectors import scores as pages
from reports.services import scores
from reports.services.scores.steps import exported
from reports.views.scores import handed_out
from reports.workflow import SCORECARD_WORDS

EXPORTS = {"xlsx": exchange.as_excel, "docx": exchange.as_word}
RATING, CHECKING, REASONED = ("rate", "hand_in"), ("score", "check"), ("return", "reopen")


def _load(request: HttpRequest, pk: int) -> ScoreCard:
    rows = ScoreCard.objects.visible_to(request.user).select_related(
        "scheme__plan__region", "scheme__plan__settings", "department", "checked_by"
    )
    found: ScoreCard = get_object_or_404(rows, pk=pk)
    return found


@require_GET
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a card: each item with its rule, evidence, self-rating and checked points."""
    return _show(request, _load(request, pk), timezone.now())


def _show(
    request: HttpRequest,
    one: ScoreCard,
    now: datetime,
    sent: tuple[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw the page; `sent` is a step that was refused, with its form as it was filled in."""
    page = pages.card_page(request.user, one, timezone.localdate(now))
    forms: dict[str, Any] = {}
    if "rate" in page.may:
        forms["card"] = RatingForm(page.lines, initial={"version": one.version})
    elif "check" in page.may:
        forms["card"] = CheckForm(page.lines, initial={"version": one.version})
    forms |= {verb: ReasonForm(auto_id=f"{verb}-%s") for verb in REASONED if verb in page.may}
    errors, lost = [], None
    if sent is not None:
        verb, form = sent
        errors = form.error_rows() if isinstance(form, CardForm) else error_rows(form)
        key = verb if verb in REASONED else "card"
        if verb in page.may:
            forms[key] = form
        else:
            lost = form
    shown = forms.get("card")
    context = {
        "page": page,
        "groups": [
            (name, [(line, shown.of(line) if shown else None) for line in lines])
            for name, lines in page.groups
        ],
        "forms": forms,
        "errors": errors,
        "lost": lost,
    }
    return render(request, "reports/scores/card.html", context, status=status)


@require_POST
def step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Take one step of a card's table; what was typed comes back where it is refused."""
    one, now = _load(request, pk), timezone.now()
    if verb not in DEEDS:
        raise Http404
    form = _form(request, one, verb, now)
    status = 422
    if form is None or form.is_valid():
        try:
            DEEDS[verb](one.pk, form, request.user, now)
            messages.success(request, _("%(verb)s：已办理。") % {"verb": SCORECARD_WORDS[verb]})
            return redirect("scorecard", pk)
        except DomainError as problem:
            if form is None:
                raise
            put_errors(form, problem.sentences)
            if isinstance(problem, NotAllowed):
                status = 403
                code = f"reports.scorecard.{verb}"
                audit.refused(code, one, by=request.user, reason=problem.message)
    return _show(request, _load(request, pk), now, (verb, form), status)


def _form(request: HttpRequest, one: ScoreCard, verb: str, now: datetime) -> Any:
    """Return the form of a step as it was sent; None for a step that needs no words."""
    if verb in REASONED:
        return ReasonForm(request.POST, auto_id=f"{verb}-%s")
    if verb not in (*RATING, *CHECKING):
        return None
    kind = RatingForm if verb in RATING else CheckForm
    lines = pages.card_lines(one, timezone.localdate(now))
    return kind(lines, request.POST, request.FILES)


Deed = Callable[[int, Any, Any, datetime], Any]


def _rate(hand_in: bool) -> Deed:
    return lambda pk, form, by, now: scores.rate(
        pk, form.cleaned_data["version"], form.given(), hand_in=hand_in, by=by, now=now
    )


def _check(finish: bool) -> Deed:
    return lambda pk, form, by, now: scores.check(
        pk, form.cleaned_data["version"], form.given(), finish=finish, by=by, now=now
    )


DEEDS: dict[str, Deed] = {
    "rate": _rate(hand_in=False),
    "hand_in": _rate(hand_in=True),
    "withdraw": lambda pk, form, by, now: scores.withdraw(pk, by=by, now=now),
    "score": _check(finish=False),
    "check": _check(finish=True),
    "return": lambda pk, form, by, now: scores.send_back(pk, **form.cleaned_data, by=by, now=now),
    "tell": lambda pk, form, by, now: scores.tell(pk, by=by, now=now),
    "reopen": lambda pk, form, by, now: scores.reopen(pk, **form.cleaned_data, by=by, now=now),
}


@require_GET
def table(request: HttpRequest, pk: int, kind: str) -> FileResponse:
    """Give table E of a card as Excel or Word, with what this person may see."""
    one, now = _load(request, pk), timezone.localtime()
    if kind not in EXPORTS:
        raise Http404
    page = pages.card_page(request.user, one, now.date())
    content = EXPORTS[kind](page, now)
    exported(one, kind, by=request.user)
    name = f"{one.scheme.year}{_('年考核评分表')}-{one.department.name}.{kind}"
    return FileResponse(
        BytesIO(content), as_attachment=True, filename=name, content_type=MEDIA_TYPES[kind]
    )


@require_GET
def evidence(request: HttpRequest, pk: int) -> FileResponse:
    """Hand out a file of a card that the person may see."""
    cards = ScoreCard.objects.visible_to(request.user)
    row = get_object_or_404(ScoreEvidence.objects.filter(score__card__in=cards), pk=pk)
    return handed_out(row, "reports.scorecard.download", request)
