"""A worker that dies in the middle of its work loses nothing and leaves nothing half done."""

from collections.abc import Callable

import pytest
from django.core.files.storage import default_storage

from core import dispatch
from core.models import Job
from core.work import MAX_ATTEMPTS
from reports import services
from reports.models import Fact, Report, ReportVersion
from tests.cast import Cast
from tests.jobs.conftest import Worker, wait_for
from tests.reports.compile.working import YEAR, add_measures

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]
Start = Callable[..., Worker]
LARGE = 300  # measures: enough that compiling takes seconds


def job_of(report: Report) -> Job:
    return Job.objects.get(kind=services.JOB, subject_id=report.pk)


def in_the_middle(report: Report, percent: int = 5) -> bool:
    """Tell whether a worker is at work on the report, at this step or a later one."""
    job = job_of(report)
    assert job.state in Job.ACTIVE, "the plan is too small: nothing was killed in the middle"
    return job.state == Job.State.RUNNING and job.progress >= percent


def done(report: Report) -> bool:
    job = job_of(report)
    assert job.state != Job.State.FAILED, job.error
    return job.state == Job.State.DONE


def assert_one_whole_version(report: Report) -> None:
    version = ReportVersion.objects.get(report=report)
    report.refresh_from_db()
    assert (version.number, report.state) == (1, Report.State.DRAFT)
    assert Fact.objects.filter(version=version).count() == len(version.facts["figures"])
    _folders, files = default_storage.listdir(f"reports/{report.pk}")
    kept = {f"reports/{report.pk}/{file}" for file in files}
    assert kept == {version.docx.name, version.pdf.name}


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


def test_a_job_that_always_kills_its_worker_is_given_up(cast: Cast, start_worker: Start) -> None:
    start_worker(beat=True)
    job = dispatch.enqueue("tests.deadly", cast.plan.pk, by=cast.office)
    wait_for("the job is given up", lambda: _state(job) == Job.State.FAILED)
    job.refresh_from_db()
    assert job.attempts == MAX_ATTEMPTS
    assert "多次中断" in job.error


def _state(job: Job) -> str:
    return Job.objects.values_list("state", flat=True).get(pk=job.pk)


def test_a_message_that_was_lost_is_sent_again(
    cast: Cast, start_worker: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        away.setattr(dispatch, "_senders", [])
        report = services.request_report(cast.plan, "annual", YEAR, by=cast.office)
    assert job_of(report).state == Job.State.QUEUED
    start_worker(beat=True)
    wait_for("the report is done", lambda: done(report))
    assert_one_whole_version(report)


def test_two_messages_of_one_job_are_one_piece_of_work(cast: Cast, start_worker: Start) -> None:
    report = services.request_report(cast.plan, "annual", YEAR, by=cast.office)
    dispatch.send(job_of(report))
    dispatch.send(job_of(report))
    worker = start_worker()
    wait_for("the report is done", lambda: done(report))
    # Three messages came; the two that found nothing to do ended well too.
    wait_for("all messages are dealt with", lambda: _dealt_with(worker) == 3)
    assert job_of(report).attempts == 1
    assert_one_whole_version(report)


def _dealt_with(worker: Worker) -> int:
    return worker.log.read_text(encoding="utf-8").count("succeeded in")
