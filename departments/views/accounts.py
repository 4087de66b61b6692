"""One account, as the system administrator keeps it."""

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
from departments import policies, services
from departments.forms import AccountForm
from departments.models import Membership, User
from departments.selectors import account_locked, accounts_for


def _load(request: HttpRequest, pk: int) -> User:
    """Return an account of the administrator's region; for anyone else there is no such page."""
    user: Any = request.user
    if user.acting is None or not policies.can_manage_people(user, user.acting.here):
        raise Http404
    found: User = get_object_or_404(accounts_for(user), pk=pk)
    return found


@require_http_methods(["GET", "POST"])
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an account with its roles; correct name, number and mail address."""
    person = _load(request, pk)
    user: Any = request.user
    now = timezone.now()
    initial = {"name": person.name, "phone": person.phone, "email": person.email}
    form = AccountForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_person(person.pk, **form.cleaned_data, by=user, now=now)
        except NotAllowed:
            raise
        except DomainError as problem:
            put_errors(form, problem.sentences)
        else:
            messages.success(request, _("已保存。"))
            return redirect("account", person.pk)
    return render(
        request,
        "departments/account.html",
        {
            "person": person,
            "form": form,
            "roles": Membership.objects.visible_to(user)
            .filter(user=person)
            .select_related("region", "department__region")
            .order_by("-id"),
            "may_keep": policies.can_keep_account(user, person, timezone.localdate(now)),
            "locked": account_locked(person, now),
            "today": timezone.localdate(now),
        },
        status=422 if form.errors else 200,
    )


@require_POST
@sensitive_variables("password")
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Stop or start an account, unlock it, or give it a new first password (shown once)."""
    person = _load(request, pk)
    who: Any = {"by": request.user, "now": timezone.now()}
    if verb == "password":
        person, password = services.reset_password(person.pk, **who)
        role = person.memberships.order_by("-id").first()
        line = services.Issued(
            username=person.username,
            name=person.name,
            place=str(role.place) if role else "",
            role=role.get_role_display() if role else "",
            password=password,
        )
        return render(request, "departments/first_passwords.html", {"issued": [line]})
    if verb == "deactivate":
        services.deactivate(person.pk, **who)
        messages.success(request, _("已停用%(name)s的账号。") % {"name": person})
    elif verb == "reactivate":
        services.reactivate(person.pk, **who)
        messages.success(request, _("已启用%(name)s的账号。") % {"name": person})
    elif verb == "unlock":
        services.unlock(person.pk, **who)
        messages.success(request, _("已解除%(name)s的登录锁定。") % {"name": person})
    else:
        raise Http404
    return redirect("account", person.pk)
