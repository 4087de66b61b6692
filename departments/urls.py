"""Addresses of people: log-in, log-out, whom one acts as, notices."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import (
    LoginView,
    LogoutView,
    PasswordChangeDoneView,
    PasswordChangeView,
)
from django.urls import path, reverse_lazy

from departments import views
from departments.forms import PasswordChangeForm

urlpatterns = [
    path(
        "login/",
        login_not_required(LoginView.as_view(redirect_authenticated_user=True)),
        name="login",
    ),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("session/", views.session, name="session"),
    path("act-as/", views.act_as, name="act-as"),
    path(
        "password/",
        PasswordChangeView.as_view(
            form_class=PasswordChangeForm, success_url=reverse_lazy("password_change_done")
        ),
        name="password_change",
    ),
    path("password/done/", PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("people/", views.people, name="people"),
    path("people/<int:pk>/end/", views.end_membership, name="membership-end"),
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.read_notices, name="notices-read"),
]
