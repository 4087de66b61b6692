"""Addresses of entering a plan: the upload, and the draft that is checked beside its text."""

from django.urls import path

from plans import views

urlpatterns = [
    path("plans/import/", views.import_plan, name="plan-import"),
    path("plans/drafts/<int:pk>/", views.draft, name="draft"),
]
