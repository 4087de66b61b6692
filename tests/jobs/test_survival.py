"""A worker that dies in the middle of its work loses nothing and leaves nothing half done."""

from collections.abc import Callable

import pytest

from core.models import Job
from reports import services
from reports.models import Report, ReportVersion
from tests.cast import Cast
from tests.jobs.conftest import Worker, wait_for
from tests.jobs.reports import assert_one_whole_version, done, job_of
from tests.reports.compile.working import YEAR, add_measures

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]
Start = Callable[..., Worker]
LARGE = 300  # measures: enough that compiling takes seconds


def in_the_middle(report: Report, percent: int = 5) -> bool:
    """Tell whether a worker is at work on the report, at this step or a later one."""
    job = job_of(report)
    assert job.state in Job.ACTIVE, "the plan is too small: nothing was killed in the middle"
    return job.state == Job.State.RUNNING and job.progress >= percent


@pytest.mark.parametrize("percent", [5, 45])
def test_a_worker_killed_in_the_middle_is_replaced_and_one_report_comes_of_it(
    cast: Cast, start_worker: Start, percent: int
) -> None:
    add_measures(cast, LARGE)
    first = start_worker()
    report = services.request_report(cast.plan, "annual", YEAR, by=cast.office)
    wait_for(f"the work is at {percent}%", lambda: in_the_middle(report, percent), pause=0.01)
    first.kill()
    assert job_of(report).state == Job.State.RUNNING
    assert not ReportVersion.objects.filter(report=report).exists()
    start_worker(beat=True)
    wait_for("the report is done", lambda: done(report))
    assert job_of(report).attempts >= 2
    assert_one_whole_version(report)


def test_a_worker_whose_child_is_killed_does_the_work_again(
    cast: Cast, start_worker: Start
) -> None:
    add_measures(cast, LARGE)
    worker = start_worker(beat=True)
    report = services.request_report(cast.plan, "annual", YEAR, by=cast.office)
    wait_for("the work has begun", lambda: in_the_middle(report), pause=0.01)
    worker.kill_child()
    wait_for("the report is done", lambda: done(report))
    assert job_of(report).attempts >= 2
    assert_one_whole_version(report)
