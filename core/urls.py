"""Addresses of the ground floor: the audit record, the mails."""

from django.urls import path

from core import views

urlpatterns = [
    path("audit/", views.audit_trail, name="audit"),
    path("mail/", views.mails, name="mails"),
    path("mail/resend/", views.resend_mails, name="mails-resend"),
]
