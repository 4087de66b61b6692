"""Every address of the portal, floor by floor."""

from django.urls import include, path

from config import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("core.urls")),
    path("", include("departments.urls")),
    path("", include("plans.urls")),
    path("", include("tasks.urls")),
    path("", include("indicators.urls")),
    path("", include("reports.urls")),
    path("api/v1/", include("config.api_urls")),
]

handler404 = "reports.views.elsewhere.not_found"
