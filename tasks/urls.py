"""Addresses of the work: filling in, checking and submitting, 核对, tasks, periods."""

from django.urls import path

from tasks.views.entries import checking, review, signing, steps
from tasks.views.entries import pages as entries
from tasks.views.entries import sheets as entry_sheets
from tasks.views.events import duties
from tasks.views.events import register as events
from tasks.views.periods import burden, calendar, chasing, waiving
from tasks.views.periods import period as periods
from tasks.views.planning import tables as planning_tables
from tasks.views.planning import units as planning_units
from tasks.views.planning import year as planning
from tasks.views.supervision import instructions
from tasks.views.supervision import items as supervision

urlpatterns = [
    path("entries/check/", checking.check, name="entry-check"),
    path("entries/receipts/", checking.receipts, name="entry-receipts"),
    path("entries/signoff/", signing.waiting, name="entry-signoff"),
    path("entries/<int:pk>/", entries.entry, name="entry"),
    path("entries/<int:pk>/save/", entries.save, name="entry-save"),
    path("entries/<int:pk>/progress/", entries.progress, name="entry-progress"),
    path("entries/<int:pk>/evidence/", entries.files, name="entry-files"),
    path("entries/<int:pk>/history/", entries.history, name="entry-history"),
    path("entries/<int:pk>/<slug:verb>/", steps.step, name="entry-step"),
    path("events/", events.register, name="events"),
    path("events/export.<slug:kind>", events.export, name="events-export"),
    path("events/duties/", duties.duties, name="events-duties"),
    path("events/new/", events.new, name="event-new"),
    path("events/<int:pk>/", events.event, name="event"),
    path("events/<int:pk>/edit/", events.edit, name="event-edit"),
    path("events/<int:pk>/strike/", events.strike, name="event-strike"),
    path("events/files/<int:pk>/", events.download, name="event-file"),
    path("evidence/<int:pk>/", entries.download, name="evidence"),
    path("sheets/<int:pk>/", entry_sheets.preview, name="sheet"),
    path("sheets/<int:pk>/apply/", entry_sheets.apply, name="sheet-apply"),
    path("review/", review.queue, name="review"),
    path("review/approve/", review.approve_many, name="review-approve"),
    path("review/undo/", review.undo_many, name="review-undo"),
    path("review/<int:pk>/", review.entry, name="review-entry"),
    path("review/<int:pk>/aside/", review.put_aside, name="review-aside"),
    path("tasks/", planning.tasks, name="tasks"),
    path("tasks/year/", planning.make_year, name="tasks-make-year"),
    path("tasks/confirm/", planning.confirm, name="tasks-confirm"),
    path("tasks/leads/", planning.leads, name="tasks-leads"),
    path("tasks/grid/", planning_tables.grid, name="tasks-grid"),
    path("tasks/carry/", planning_tables.carry, name="tasks-carry"),
    path("tasks/table/", planning_tables.table, name="tasks-table"),
    path("tasks/table/<int:pk>/", planning_tables.sheet, name="tasks-sheet"),
    path("tasks/table/<int:pk>/apply/", planning_tables.apply, name="tasks-sheet-apply"),
    path("tasks/<int:pk>/", planning.task, name="task"),
    path("tasks/<int:pk>/units/", planning.units, name="task-units"),
    path("tasks/<int:pk>/units/add/", planning_units.add, name="task-unit-add"),
    path("tasks/<int:pk>/units/remove/", planning_units.remove, name="task-unit-remove"),
    path("tasks/<int:pk>/units/members/", planning_units.members, name="task-unit-members"),
    path("tasks/<int:pk>/down/", planning_units.down, name="task-down"),
    path("tasks/<int:pk>/cancel/", planning.cancel, name="task-cancel"),
    path("tasks/<int:pk>/judge/", planning.judge, name="task-judge"),
    path("burden/", burden.burden, name="burden"),
    path("burden/export/", burden.export, name="burden-export"),
    path("periods/", periods.calendar, name="periods"),
    path("periods/matrix/", chasing.matrix, name="periods-matrix"),
    path("periods/year/", calendar.plan_year, name="periods-year"),
    path("periods/past/", calendar.past, name="periods-past"),
    path("periods/rules/", calendar.rules, name="periods-rules"),
    path(
        "periods/<int:pk>/extensions/<int:department>/revoke/",
        waiving.revoke,
        name="extension-revoke",
    ),
    path("periods/<int:pk>/waive/", waiving.waive, name="period-waive"),
    path("periods/<int:pk>/unwaive/", waiving.unwaive, name="period-unwaive"),
    path("periods/<int:pk>/entries/", chasing.entries, name="period-entries"),
    path("periods/<int:pk>/nudge/", chasing.nudge, name="period-nudge"),
    path("periods/<int:pk>/", periods.period, name="period"),
    path("periods/<int:pk>/sheet/", entry_sheets.sheet, name="period-sheet"),
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
