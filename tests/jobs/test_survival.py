"""A worker that dies in the middle of its work loses nothing and leaves nothing half done."""

from collections.abc import Callable

import pytest

from core.models import Job
from reports import services
from reports.models import Report, ReportVersion
from reports.workflow import TYPESET
from tests.cast import Cast
from tests.jobs.conftest import Worker, wait_for
from tests.jobs.reports import assert_one_whole_version, done, job_of
from tests.reports.compile.working import YEAR, add_measures, work_off

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]
Start = Callable[..., Worker]
LARGE = 180  # measures: enough that compiling takes seconds


def in_the_middle(report: Report, percent: int = 5, kind: str = services.JOB) -> bool:
    """Tell whether a worker is at work on the report, at this step or a later one."""
    job = job_of(report, kind)
    assert job.state in Job.ACTIVE, "the plan is too small: nothing was killed in the middle"
    return job.state == Job.State.RUNNING and job.progress >= percent


@pytest.mark.parametrize("percent", [5, 80])
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


def test_a_worker_killed_while_it_prints_an_edited_report_leaves_the_old_version_whole(
    cast: Cast, start_worker: Start
) -> None:
    add_measures(cast, LARGE)
    report = services.request_report(cast.plan, "annual", YEAR, by=cast.office)
    assert work_off(report).state == Job.State.DONE
    services.edit_section(report, "opening", {0: "改写的导语。"}, "", seen="1.", by=cast.office)
    first = start_worker()
    services.typeset(report, by=cast.office)
    wait_for("the files are being made", lambda: in_the_middle(report, 45, TYPESET), pause=0.01)
    first.kill()
    assert ReportVersion.objects.get(report=report).number == 1
    start_worker(beat=True)
    wait_for("the report is done", lambda: done(report, TYPESET))
    assert [one.number for one in ReportVersion.objects.filter(report=report)] == [2, 1]
    report.refresh_from_db()
    assert (report.state, job_of(report, TYPESET).attempts >= 2) == (Report.State.DRAFT, True)


def test_cancelling_stops_a_worker_at_work(cast: Cast, start_worker: Start) -> None:
    add_measures(cast, LARGE)
    start_worker()
    report = services.request_report(cast.plan, "annual", YEAR, by=cast.office)
    wait_for("the work has begun", lambda: in_the_middle(report), pause=0.01)
    services.cancel(report, by=cast.office)
    report.refresh_from_db()
    assert (job_of(report).state, report.state) == (Job.State.CANCELLED, Report.State.FAILED)
    again = services.recompile(report, by=cast.office)
    wait_for("the second attempt is done", lambda: done(again))
    assert_one_whole_version(report)
