"""The measures of a plan by their light: where every count of the dashboard leads."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core import words
from reports.selectors.moments import chosen, moments, watched
from reports.selectors.plans import known_lights, measure_rows
from tasks.selectors import board


@require_GET
def measures(request: HttpRequest, pk: int) -> HttpResponse:
    """List a plan's measures; `?light=` (several) narrows, `?year=` and `?as_of=` choose."""
    plan = get_object_or_404(watched(request.user), pk=pk)
    today = timezone.localdate()
    known = moments(plan, today)
    try:
        moment = chosen(plan, request.GET.dict(), today, known)
    except ValueError:
        raise Http404(_("没有这个年度或日期。")) from None
    lights = known_lights(request.GET.getlist("light"))
    now = board(plan, moment.year, moment.as_of)
    context = {
        "plan": plan,
        "moment": moment,
        "choices": known[-4:],
        "lights": lights,
        "keep": "".join(f"&light={one}" for one in lights),
        "chips": [(code, words.STATUS[code], number) for code, number in now.counts.items()],
        "rows": measure_rows(now, lights),
        "total": len(now.measures),
    }
    return render(request, "reports/measures.html", context)
