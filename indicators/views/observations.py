"""Values on their way: what waits, one value with its questions and history, and the steps."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.errors import DomainError
from core.params import whole, wholes
from indicators import services
from indicators.models import Observation, Question
from indicators.selectors.observations import KINDS, value_page, waiting_page
from indicators.selectors.page import sees_values


@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """List the values to hand in, to check, or handed in; `?kind=` chooses."""
    kind = request.GET.get("kind", "")
    if kind and kind not in KINDS:
        raise Http404(_("没有这张清单。"))
    page = waiting_page(request.user, kind, whole(request.GET.get("page")))
    context = {"page": page, "sees": sees_values(request.user)}
    return render(request, "indicators/waiting.html", context)


def _load(request: HttpRequest, pk: int) -> Observation:
    rows = Observation.objects.visible_to(request.user).select_related(
        "indicator", "region", "department", "office", "superseded_by"
    )
    return get_object_or_404(rows, pk=pk)


@require_GET
def observation(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one value: what it says, what is asked, what may be done, and its history."""
    return _page(request, _load(request, pk))


def _page(
    request: HttpRequest, row: Observation, errors: list[tuple[str, str, str]] | None = None
) -> HttpResponse:
    context = {"page": value_page(request.user, row), "errors": errors or []}
    status = 422 if errors else 200
    return render(request, "indicators/observation.html", context, status=status)


@require_POST
def step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Hand a value in, take it back, throw a draft away, verify it, or return it.

    `version` is that of the value on the page: nobody hands in or checks what they did not see.
    """
    row = _load(request, pk)
    user: Any = request.user
    seen = whole(request.POST.get("version")) or None
    match verb:
        case "submit":
            try:
                services.submit(row, by=user, now=timezone.now(), version=seen)
            except services.Unanswered as problem:
                errors = [(name, "", said[0]) for name, said in problem.fields.items()]
                return _page(request, _load(request, pk), errors)
            told = _("已报送，等待核对。")
        case "withdraw":
            services.withdraw(row, by=user)
            told = _("已撤回，可以继续修改。")
        case "discard":
            services.discard(row, by=user)
            messages.success(request, _("草稿已删除。"))
            return redirect(_page_of(row))
        case "verify":
            services.verify(row, by=user, now=timezone.now(), version=seen)
            told = _("已核对，从现在起计入各处数字。")
        case "return":
            services.send_back(row, request.POST.get("reason", ""), by=user)
            told = _("已退回，并附上理由。")
        case _:
            raise Http404
    messages.success(request, told)
    return redirect(_back(request, _page_of(row)))


def _page_of(row: Observation) -> str:
    return f"{reverse('indicator', args=[row.indicator.code])}?region={row.region.code}"


def _back(request: HttpRequest, otherwise: str) -> str:
    """Return where the person came from, if that is a page of ours."""
    wanted = request.POST.get("back", "")
    own = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if own and wanted.startswith("/") else otherwise


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the answers to what is asked about a value; hand it in at once where wanted."""
    row = _load(request, pk)
    questions = Question.objects.filter(observation=row).select_related("observation")
    count = 0
    for question in questions:
        text = request.POST.get(f"answer-{question.pk}")
        if text is not None and not question.must_mend and text.strip() != question.answer:
            services.answer(question, text, by=request.user, now=timezone.now())
            count += 1
    if request.POST.get("then") == "submit":
        return step(request, pk, "submit")
    words = _("已保存 %(count)s 条答复。") % {"count": count} if count else _("没有改动。")
    messages.success(request, words)
    return redirect("observation", pk)


@require_POST
def many(request: HttpRequest, verb: str) -> HttpResponse:
    """Hand in or verify the values that were ticked; each that cannot be is told with its name."""
    user: Any = request.user
    chosen = wholes(request.POST.getlist("row"))
    rows = list(
        Observation.objects.visible_to(user)
        .filter(pk__in=chosen)
        .select_related("indicator", "region")
    )
    if not rows:
        raise DomainError(_("请先勾选数值。"))
    seen = {one.pk: whole(request.POST.get(f"version-{one.pk}")) for one in rows}
    versions = {pk: version for pk, version in seen.items() if version}
    if verb == "submit":
        outcome = services.submit_many(rows, by=user, now=timezone.now(), versions=versions)
        words = _("已报送 %(count)s 个数值。")
    elif verb == "verify":
        outcome = services.verify_many(rows, by=user, now=timezone.now(), versions=versions)
        words = _("已核对 %(count)s 个数值，从现在起计入各处数字。")
    else:
        raise Http404
    if outcome.done:
        messages.success(request, words % {"count": len(outcome.done)})
    for row in rows:
        if row.pk in outcome.refused:
            messages.error(
                request,
                _("%(name)s（%(place)s %(year)s 年）：%(reason)s")
                % {
                    "name": row.indicator.name,
                    "place": row.region.name,
                    "year": row.year,
                    "reason": outcome.refused[row.pk].message,
                },
            )
    return redirect(_back(request, reverse("observations")))
