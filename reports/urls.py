"""Addresses of pages that mix floors, and of reports."""

from django.urls import path

from reports.views import (
    comparison,
    compiled,
    dashboard,
    handover,
    home,
    instructions,
    measures,
    plans,
    public,
    reading,
    roster,
    units,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("instructions/new/", instructions.new, name="instruction-new"),
    path("instructions/<int:pk>/subject/", instructions.subject, name="instruction-subject"),
    path("plans/", plans.plans, name="plans"),
    path("plans/<int:pk>/", plans.plan, name="plan"),
    path("plans/<int:pk>/activate/", plans.activate, name="plan-activate"),
    path("plans/<int:pk>/publish/", plans.publish, name="plan-publish"),
    path("plans/<int:pk>/measures/", measures.measures, name="plan-measures"),
    path("plans/<int:pk>/compare/", comparison.comparison, name="plan-compare"),
    path("departments/", units.units, name="departments"),
    path("departments/<int:pk>/", units.unit, name="department"),
    path("departments/roster/", roster.page, name="roster"),
    path("departments/roster/export/", roster.export, name="roster-export"),
    path("departments/hand-overs/<int:pk>/", handover.hand_over, name="hand-over"),
    path("public/", public.plans, name="public"),
    path("public/plans/<int:pk>/", public.plan, name="public-plan"),
    path("reports/", compiled.reports, name="reports"),
    path("reports/<int:pk>/", compiled.report, name="report"),
    path("reports/<int:pk>/progress/", compiled.progress, name="report-progress"),
    path("reports/<int:pk>/recompile/", compiled.recompile, name="report-recompile"),
    path("reports/<int:pk>/text/", reading.text, name="report-text"),
    path("reports/<int:pk>/facts/", reading.facts, name="report-facts"),
    path("reports/<int:pk>/facts/<int:number>/", reading.fact, name="report-fact"),
    path("reports/<int:pk>/changes/", reading.changes, name="report-changes"),
    path(
        "reports/<int:pk>/drawings/<int:version>/<int:number>/",
        reading.drawing,
        name="report-drawing",
    ),
    path("reports/<int:pk>/files/<int:number>/<str:suffix>/", compiled.file, name="report-file"),
]
