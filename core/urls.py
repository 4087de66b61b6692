"""Addresses of the ground floor: the audit record."""

from django.urls import path

from core import views

urlpatterns = [path("audit/", views.audit_trail, name="audit")]
