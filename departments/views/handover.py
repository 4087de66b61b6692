"""The page on which a role of a unit passes to another person."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import DomainError, NotAllowed
from core.forms import put_errors
from core.params import whole
from departments import policies, services
from departments.forms import HandOverForm
from departments.models import Department, HandOver, Membership
from departments.selectors import successors_for


@require_http_methods(["GET", "POST"])
@sensitive_variables("done")
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask who hands over to whom; a new account's first password is shown with the answer."""
    user: Any = request.user
    rows = Department.objects.visible_to(user).select_related("region")
    unit = get_object_or_404(rows, pk=pk)
    if not policies.can_hand_over(user, unit):
        raise Http404
    now = timezone.now()
    form = _form(request, unit)
    if request.method == "POST" and form.is_valid():
        try:
            done = services.hand_over(
                form.cleaned_data["membership"].pk, **_choice(form), by=user, now=now
            )
        except NotAllowed:
            raise
        except DomainError as problem:
            put_errors(form, problem.sentences)
        else:
            return _done(request, done)
    return render(
        request,
        "departments/hand_over.html",
        {"unit": unit, "form": form},
        status=422 if form.errors else 200,
    )


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call a hand-over off before its day; who may not is answered as if there were none."""
    user: Any = request.user
    rows = HandOver.objects.visible_to(user).select_related("department__region")
    row = get_object_or_404(rows, pk=pk)
    if not policies.can_hand_over(user, row.department):
        raise Http404
    gone = services.cancel_hand_over(row.pk, by=user, now=timezone.now())
    told = _("已取消交接，%(old)s继续担任%(unit)s%(role)s。") % {
        "old": gone.outgoing,
        "unit": gone.department.name,
        "role": gone.get_role_display(),
    }
    messages.success(request, told)
    return redirect("department", gone.department_id)


def _form(request: HttpRequest, unit: Department) -> HandOverForm:
    """Return the form over the roles that people of the unit hold now or from a coming day."""
    user: Any = request.user
    today = timezone.localdate()
    # Those that ended are kept, so that a second hand-over is answered with who has taken over.
    standing = (
        Membership.objects.visible_to(user)
        .filter(department=unit, role__in=Membership.OF_DEPARTMENT)
        .select_related("user", "department")
        .order_by("id")
    )
    if request.method != "POST":
        standing = standing.valid_on(today).filter(valid_to__isnull=True)
    return HandOverForm(
        request.POST or None,
        standing=standing,
        people=successors_for(user, unit),
        initial={"on": today, "membership": whole(request.GET.get("membership")) or None},
    )


def _choice(form: HandOverForm) -> dict[str, Any]:
    data = form.cleaned_data
    newcomer = None
    if data["incoming"] is None:
        newcomer = services.Newcomer(data["name"], data["phone"], data["email"])
    return {
        "incoming": data["incoming"],
        "newcomer": newcomer,
        "on": data["on"],
        "note": data["note"],
    }


def _done(request: HttpRequest, done: services.HandedOver) -> HttpResponse:
    row = done.hand_over
    told = _("%(old)s的%(role)s工作从 %(day)s 起由%(new)s接任。") % {
        "old": row.outgoing,
        "role": row.get_role_display(),
        "day": row.on.isoformat(),
        "new": row.incoming,
    }
    messages.success(request, told)
    if not done.password:
        return redirect("hand-over", row.pk)
    return render(
        request,
        "departments/first_passwords.html",
        {
            "issued": [
                services.Issued(
                    username=row.incoming.username,
                    name=row.incoming.name,
                    place=row.department.name,
                    role=row.get_role_display(),
                    password=done.password,
                )
            ]
        },
    )
