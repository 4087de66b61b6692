"""Addresses of the work: filling in, checking and submitting, 核对, tasks, periods."""

from django.urls import path

from tasks.views import (
    checking,
    entries,
    instructions,
    periods,
    planning,
    review,
    supervision,
)

urlpatterns = [
    path("entries/check/", checking.check, name="entry-check"),
    path("entries/receipts/", checking.receipts, name="entry-receipts"),
    path("entries/<int:pk>/", entries.entry, name="entry"),
    path("entries/<int:pk>/save/", entries.save, name="entry-save"),
    path("entries/<int:pk>/progress/", entries.progress, name="entry-progress"),
    path("entries/<int:pk>/evidence/", entries.files, name="entry-files"),
    path("entries/<int:pk>/history/", entries.history, name="entry-history"),
    path("entries/<int:pk>/<slug:verb>/", entries.step, name="entry-step"),
    path("evidence/<int:pk>/", entries.download, name="evidence"),
    path("review/", review.queue, name="review"),
    path("review/<int:pk>/", review.entry, name="review-entry"),
    path("tasks/", planning.tasks, name="tasks"),
    path("tasks/year/", planning.make_year, name="tasks-make-year"),
    path("tasks/confirm/", planning.confirm, name="tasks-confirm"),
    path("tasks/leads/", planning.leads, name="tasks-leads"),
    path("tasks/<int:pk>/", planning.task, name="task"),
    path("tasks/<int:pk>/units/", planning.units, name="task-units"),
    path("tasks/<int:pk>/cancel/", planning.cancel, name="task-cancel"),
    path("tasks/<int:pk>/judge/", planning.judge, name="task-judge"),
    path("periods/", periods.calendar, name="periods"),
    path("periods/<int:pk>/", periods.period, name="period"),
    path("periods/<int:pk>/<slug:verb>/", periods.move, name="period-move"),
    path("supervision/", supervision.register, name="supervision"),
    path("supervision/new/", supervision.new, name="supervision-new"),
    path("supervision/export/<slug:kind>/", supervision.export, name="supervision-export"),
    path("supervision/files/<int:pk>/", supervision.download, name="supervision-file"),
    path("supervision/<int:pk>/", supervision.item, name="supervision-item"),
    path("supervision/<int:pk>/<slug:verb>/", supervision.step, name="supervision-step"),
    path("instructions/", instructions.listing, name="instructions"),
    path("instructions/register/", instructions.register, name="instruction-register"),
    path("instructions/<int:pk>/", instructions.instruction, name="instruction"),
]
