"""What people do with a report, each step sent from its page."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import audit
from core.errors import DomainError, NotAllowed
from core.forms import put_errors
from reports import services
from reports.forms import sent_form
from reports.models import Report
from reports.views.compiled import show, visible
from reports.workflow import VERB_WORDS

Deed = Callable[[Report, dict[str, Any], Any, datetime], Any]
DEEDS: dict[str, Deed] = {
    "consult": lambda one, given, by, now: services.consult(one, **given, by=by, now=now),
    "respond": lambda one, given, by, now: services.respond(one, **given, by=by, now=now),
    "record": lambda one, given, by, now: services.record(one, **given, by=by, now=now),
    "answer": lambda one, given, by, now: services.answer(one, **given, by=by, now=now),
    "redraft": lambda one, given, by, now: services.redraft(one, **given, by=by, now=now),
    "approve": lambda one, given, by, now: services.approve(one, **given, by=by, now=now),
    "stamp": lambda one, given, by, now: services.stamp(one, **given, by=by, now=now),
    "issue": lambda one, given, by, now: services.issue(one, by=by, now=now),
    "send_up": lambda one, given, by, now: services.send_up(one, **given, by=by, now=now),
    "publish": lambda one, given, by, now: services.publish(one, **given, by=by, now=now),
    "unpublish": lambda one, given, by, now: services.unpublish(one, **given, by=by, now=now),
    "withdraw": lambda one, given, by, now: services.withdraw(one, **given, by=by, now=now),
    "typeset": lambda one, given, by, now: services.typeset(one, by=by),
    "cancel": lambda one, given, by, now: services.cancel(one, by=by),
}


@require_POST
def step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Take one step of a report's table; what was typed comes back where it is refused."""
    report = visible(request, pk)
    if verb not in DEEDS:
        raise Http404
    form = sent_form(verb, request.POST, report)
    status = 422
    if form.is_valid():
        try:
            DEEDS[verb](report, form.cleaned_data, request.user, timezone.now())
            messages.success(request, _("%(verb)s，已记录。") % {"verb": VERB_WORDS[verb]})
            return redirect("report", pk)
        except DomainError as error:
            put_errors(form, error.sentences)
            if isinstance(error, NotAllowed):
                status = 403
                deed = f"reports.report.{verb}"
                audit.refused(deed, report, by=request.user, reason=error.message)
    return show(request, visible(request, pk), (verb, form), status)
