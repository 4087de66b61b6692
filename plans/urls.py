"""Addresses of entering a plan: the upload, and the draft that is checked beside its text."""

from django.urls import path

from plans.views import drafts, entering, plan_settings

DRAFT = "plans/drafts/<int:pk>/"

urlpatterns = [
    path("plans/<int:pk>/settings/", plan_settings.edit, name="plan-settings"),
    path("plans/import/", entering.import_plan, name="plan-import"),
    path(DRAFT, drafts.draft, name="draft"),
    path(f"{DRAFT}header/", drafts.header, name="draft-header"),
    path(f"{DRAFT}confirm/", drafts.confirm_draft, name="draft-confirm"),
    path(f"{DRAFT}discard/", drafts.discard, name="draft-discard"),
    path(f"{DRAFT}names/", drafts.names, name="draft-names"),
    path(f"{DRAFT}warnings/<int:warning_pk>/", drafts.warning, name="draft-warning"),
    path(f"{DRAFT}items/", drafts.add, name="draft-items"),
    path(f"{DRAFT}items/<int:item_pk>/<slug:verb>/", drafts.item_step, name="draft-item"),
]
