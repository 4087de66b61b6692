"""People at the door: log-in checks, whom they act as, accounts and roles."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import audit
from core.errors import DomainError, NotAllowed
from core.forms import put_errors
from core.params import whole
from departments import policies, services
from departments.forms import PersonForm
from departments.middleware import SESSION_KEY
from departments.models import Membership


@login_not_required
@require_GET
def session(request: HttpRequest) -> HttpResponse:
    """Tell a script whether the person is still logged in: 204 or 401; prolongs the session."""
    return HttpResponse(status=204 if request.user.is_authenticated else 401)


@require_POST
def act_as(request: HttpRequest) -> HttpResponse:
    """Switch to another of one's own memberships, then go on where the page says, else home."""
    membership = get_object_or_404(
        Membership.objects.valid_on(timezone.localdate()),
        pk=whole(request.POST.get("membership")),
        user=request.user.pk,
    )
    services.switch(request.user, membership, by=request.user)  # type: ignore[arg-type]
    request.session[SESSION_KEY] = membership.pk
    following = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        following, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        following = reverse("home")
    if following != reverse("session"):  # a script that restores the role after logging in again
        messages.success(request, _("您现在以“%(role)s”的身份办理。") % {"role": membership})
    return redirect(following)


@require_http_methods(["GET", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Show the accounts of the administrator's region; make a new one."""
    user: Any = request.user
    acting = user.acting
    if acting is None or not policies.can_manage_people(user, acting.here):
        raise Http404
    form = PersonForm(request.POST or None, here=acting.here)
    if request.method == "POST" and form.is_valid():
        try:
            person, password = services.create_person(**form.cleaned_data, by=user)
        except DomainError as problem:
            if isinstance(problem, NotAllowed):
                audit.refused("departments.user.create", None, by=user, reason=problem.message)
            put_errors(form, problem.sentences)
        else:
            messages.success(
                request,
                _("已建立账号 %(username)s，初始密码 %(password)s 只显示这一次，首次登录须修改。")
                % {"username": person.username, "password": password},
            )
            return redirect("people")
    memberships = (
        Membership.objects.visible_to(user)
        .select_related("user", "region", "department__region")
        .order_by("-id")
    )
    page = Paginator(memberships, 50).get_page(request.GET.get("page"))
    return render(
        request,
        "departments/people.html",
        {
            "page": page,
            "form": form,
            "can_create": policies.can_grant(user, ""),
            "today": timezone.localdate(),
        },
        status=422 if form.errors else 200,
    )


@require_POST
def end_membership(request: HttpRequest, pk: int) -> HttpResponse:
    """End a role of a person, at once."""
    membership = get_object_or_404(Membership.objects.visible_to(request.user), pk=pk)
    today = timezone.localdate()
    services.end_membership(membership, today, by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("已结束%(name)s的任职。") % {"name": membership.user})
    if membership.is_office() and services.others_in_role(membership, today) == 1:
        messages.warning(
            request, _("纲要办现在只有一人：自己填报的没有第二人核对，会标明“本单位自核”。")
        )
    return redirect("people")
