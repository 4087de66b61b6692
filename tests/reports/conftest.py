"""A report of the cast's year, compiled in the test's own process."""

from __future__ import annotations  # loaded before Django has its models

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from reports.models import ReportVersion
    from tests.cast import Cast


@pytest.fixture
def compiled(cast: Cast) -> Callable[[], ReportVersion]:
    """Return a function that compiles the cast's year (again) and gives the newest version."""
    from core.models import Job
    from reports import services
    from reports.models import Report, ReportVersion
    from tests.reports.compile.working import YEAR, work_off

    def compile_now() -> ReportVersion:
        report = services.request_report(cast.plan, "annual", YEAR, by=cast.office)
        if report.state == Report.State.DRAFT:
            services.recompile(report, by=cast.office)
        job = work_off(report)
        assert job.state == Job.State.DONE, job.error
        return ReportVersion.objects.filter(report=report).order_by("-number")[:1].get()

    return compile_now
