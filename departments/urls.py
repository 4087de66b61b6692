"""Addresses of people (log-in, whom one acts as, notices) and of the office's list of units."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import (
    LoginView,
    LogoutView,
    PasswordChangeDoneView,
    PasswordChangeView,
)
from django.urls import path, reverse_lazy

from departments.forms import PasswordChangeForm
from departments.views import (
    accounts,
    accounts_in,
    handover,
    notices,
    people,
    register,
    roster,
)

urlpatterns = [
    path(
        "login/",
        login_not_required(LoginView.as_view(redirect_authenticated_user=True)),
        name="login",
    ),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("session/", people.session, name="session"),
    path("act-as/", people.act_as, name="act-as"),
    path(
        "password/",
        PasswordChangeView.as_view(
            form_class=PasswordChangeForm, success_url=reverse_lazy("password_change_done")
        ),
        name="password_change",
    ),
    path("password/done/", PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("people/", people.people, name="people"),
    path("people/<int:pk>/end/", people.end_membership, name="membership-end"),
    path("people/import/", accounts_in.bring_in, name="people-import"),
    path("people/import/template/", accounts_in.template, name="people-import-template"),
    path("people/passwords/", accounts_in.passwords, name="people-passwords"),
    path("people/accounts/<int:pk>/", accounts.account, name="account"),
    path("people/accounts/<int:pk>/<slug:verb>/", accounts.act, name="account-act"),
    path("departments/roster/add/", roster.add, name="roster-add"),
    path("departments/roster/import/", roster.bring_in, name="roster-import"),
    path("departments/roster/<int:pk>/", roster.change, name="roster-change"),
    path("departments/roster/<int:pk>/end/", roster.end, name="roster-end"),
    path("departments/<int:pk>/hand-over/", handover.hand_over, name="department-hand-over"),
    path("departments/hand-overs/<int:pk>/cancel/", handover.cancel, name="hand-over-cancel"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read_notices, name="notices-read"),
    path("notices/preferences/", notices.preferences, name="notice-preferences"),
    path("departments/proposed/", register.proposed, name="departments-proposed"),
    path("departments/<int:pk>/decide/", register.decide, name="department-decide"),
    path("departments/<int:pk>/confirm/", register.confirm, name="department-confirm"),
    path("departments/<int:pk>/rename/", register.rename, name="department-rename"),
    path("departments/<int:pk>/merge/", register.merge, name="department-merge"),
    path("departments/successions/", register.successions, name="successions"),
    path(
        "departments/successions/<int:pk>/confirm/",
        register.confirm_succession,
        name="succession-confirm",
    ),
    path(
        "departments/successions/<int:pk>/drop/",
        register.drop_succession,
        name="succession-drop",
    ),
]
