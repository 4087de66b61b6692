"""The REST interface: every endpoint of `/api/v1/`, its schema and its documentation."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.urls import path, re_path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from core.api import Unknown
from departments import api as departments
from indicators import api as indicators
from plans import api as plans
from reports import api as reports
from tasks import api as tasks

router = SimpleRouter()
for name, viewset in (
    ("regions", departments.Regions),
    ("departments", departments.Departments),
    ("plans", plans.Plans),
    ("actions", plans.Actions),
    ("measures", plans.Measures),
    ("duties", plans.Duties),
    ("tasks", tasks.Tasks),
    ("periods", tasks.Periods),
    ("entries", tasks.Entries),
    ("events", tasks.Events),
    ("supervision", tasks.Supervision),
    ("indicators", indicators.Indicators),
    ("targets", indicators.Targets),
    ("observations", indicators.Observations),
    ("reports", reports.Reports),
):
    router.register(name, viewset, basename=f"api-{name}")

urlpatterns: list[Any] = [
    *router.urls,
    path("plans/<int:pk>/progress/", reports.Progress.as_view(), name="api-plans-progress"),
    # Describing the interface gives away nothing: both are open, and docs work without a token.
    path("schema/", SpectacularJSONAPIView.as_view(), name="api-schema"),
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(
            url_name="api-schema", template_name="api/docs.html", authentication_classes=[]
        ),
        name="api-docs",
    ),
    re_path(r"^(?:.*/)?$", Unknown.as_view(), name="api-unknown"),
]
# Sessions mean nothing here: the REST framework asks for a token itself, and answers 401.
for pattern in urlpatterns:
    login_not_required(pattern.callback)
