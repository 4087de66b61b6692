"""Messages that get lost, come twice, or kill whoever takes them."""

from collections.abc import Callable

import pytest

from core import dispatch
from core.models import Job
from core.work import MAX_ATTEMPTS
from reports import services
from tests.cast import Cast
from tests.jobs.conftest import Worker, wait_for
from tests.jobs.reports import assert_one_whole_version, done, job_of
from tests.reports.compile.working import YEAR

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]
Start = Callable[..., Worker]


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
