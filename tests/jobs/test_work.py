"""The rules of a job's life, one step at a time: claimed, lost, given up, sent again."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from kombu.exceptions import OperationalError

from core import dispatch, work
from core.errors import DomainError
from core.models import Job, new_claim
from reports import services
from reports.models import Report
from tests.cast import Cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]
KIND = "tests.anything"


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Collect what would go to the broker."""
    messages: list[tuple[str, int]] = []
    monkeypatch.setattr(dispatch, "_senders", [lambda kind, pk: messages.append((kind, pk))])
    return messages


@pytest.fixture
def failures() -> Iterator[list[dict[str, object]]]:
    """Collect what is told of failed jobs."""
    told: list[dict[str, object]] = []

    def hear(*, kind: str, subject_id: int, error: str, **_rest: object) -> None:
        told.append({"kind": kind, "subject_id": subject_id, "error": error})

    work.job_failed.connect(hear)
    yield told
    work.job_failed.disconnect(hear)


def later(seconds: float) -> datetime:
    return timezone.now() + timedelta(seconds=seconds)


def dies(job: Job) -> None:
    """Claim a job as a worker that is never heard of again."""
    Job.objects.filter(pk=job.pk, state=Job.State.QUEUED).update(
        state=Job.State.RUNNING,
        claim=new_claim(),
        attempts=F("attempts") + 1,
        heartbeat=timezone.now() - timedelta(seconds=settings.STALE_SECONDS + 1),
    )


def test_two_requests_are_one_job_and_one_message(sent: list[tuple[str, int]]) -> None:
    first, second = dispatch.enqueue(KIND, 7), dispatch.enqueue(KIND, 7)
    assert first.pk == second.pk
    assert sent == [(KIND, first.pk)]


def test_a_finished_job_makes_room_for_the_next(sent: list[tuple[str, int]]) -> None:
    first = dispatch.enqueue(KIND, 7)
    with work.claimed(first.pk) as mine:
        assert mine is not None
        mine.finish({"n": 1})
    assert dispatch.enqueue(KIND, 7).pk != first.pk


def test_a_message_leaves_only_after_the_commit(sent: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        job = dispatch.enqueue(KIND, 7)
        assert sent == []
    assert sent == [(KIND, job.pk)]


def test_a_job_is_claimed_by_one_worker_only() -> None:
    job = dispatch.enqueue(KIND, 7)
    with work.claimed(job.pk) as mine, work.claimed(job.pk) as other:
        assert mine is not None
        assert other is None
        mine.finish()


def test_a_superseded_worker_can_neither_tell_nor_finish() -> None:
    job = dispatch.enqueue(KIND, 7)
    told: list[type[Exception]] = []
    with work.claimed(job.pk) as lost:
        assert lost is not None
        Job.objects.filter(pk=job.pk).update(claim=new_claim())
        for attempt in (lambda: lost.tell(50, "half"), lost.finish):
            with pytest.raises(work.Superseded):
                attempt()
            told.append(work.Superseded)
    job.refresh_from_db()
    assert (len(told), job.state, job.progress, job.message) == (2, Job.State.RUNNING, 0, "")


def test_what_a_superseded_worker_wrote_is_rolled_back(cast: Cast) -> None:
    job = dispatch.enqueue(KIND, cast.report_draft.pk)
    with work.claimed(job.pk) as lost:
        assert lost is not None
        Job.objects.filter(pk=job.pk).update(claim=new_claim())
        with transaction.atomic():
            Report.objects.filter(pk=cast.report_draft.pk).update(error="written by the dead")
            lost.finish({"stored": True})
    cast.report_draft.refresh_from_db()
    job.refresh_from_db()
    assert (cast.report_draft.error, job.state, job.result) == ("", Job.State.RUNNING, {})


def test_a_worker_that_beats_is_left_in_peace(sent: list[tuple[str, int]]) -> None:
    job = dispatch.enqueue(KIND, 7)
    with work.claimed(job.pk) as mine:
        assert mine is not None
        assert work.reconcile(later(settings.STALE_SECONDS - 5)) == 0
        mine.finish()
    assert sent == [(KIND, job.pk)]


def test_a_silent_job_goes_back_to_the_queue_and_is_sent_again(sent: list[tuple[str, int]]) -> None:
    job = dispatch.enqueue(KIND, 7)
    dies(job)
    assert work.reconcile(later(3)) == 1
    job.refresh_from_db()
    assert (job.state, job.claim) == (Job.State.QUEUED, None)
    assert sent == [(KIND, job.pk)] * 2


def test_a_job_that_killed_its_workers_too_often_is_failed_and_its_report_told(
    cast: Cast, sent: list[tuple[str, int]]
) -> None:
    report = services.request_report(cast.plan, "annual", 2024, by=cast.office)
    job = Job.objects.get(kind=services.JOB, subject_id=report.pk)
    for _attempt in range(work.MAX_ATTEMPTS):
        job.refresh_from_db()
        assert job.state == Job.State.QUEUED
        dies(job)
        work.reconcile(later(3))
    job.refresh_from_db()
    report.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.FAILED, work.MAX_ATTEMPTS)
    assert (report.state, report.error) == (Report.State.FAILED, job.error)
    assert len(sent) == work.MAX_ATTEMPTS


def test_a_failed_report_can_be_asked_for_again_after_that(
    cast: Cast, sent: list[tuple[str, int]]
) -> None:
    report = services.request_report(cast.plan, "annual", 2024, by=cast.office)
    job = Job.objects.get(kind=services.JOB, subject_id=report.pk)
    dies(job)
    Job.objects.filter(pk=job.pk).update(attempts=work.MAX_ATTEMPTS)
    work.reconcile(later(3))
    again = services.request_report(cast.plan, "annual", 2024, by=cast.office)
    assert (again.pk, again.state) == (report.pk, Report.State.QUEUED)
    assert Job.objects.get(subject_id=report.pk, state=Job.State.QUEUED).attempts == 0


def test_a_job_that_nobody_sent_is_sent(
    sent: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = Job.objects.create(kind=KIND, subject_id=7)
    assert work.reconcile(timezone.now()) == 0
    assert work.reconcile(later(3)) == 1
    assert sent == [(KIND, job.pk)]


def test_a_message_that_vanished_on_its_way_is_sent_again(sent: list[tuple[str, int]]) -> None:
    job = dispatch.enqueue(KIND, 7)
    assert work.reconcile(later(3)) == 0
    assert work.reconcile(later(settings.STALE_SECONDS + 1)) == 1
    assert sent == [(KIND, job.pk)] * 2


def test_with_the_broker_away_the_deed_stands_and_is_sent_later(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        away.setattr(dispatch, "_senders", [_refuse])
        report = services.request_report(cast.plan, "annual", 2024, by=cast.office)
    assert Report.objects.get(pk=report.pk).state == Report.State.QUEUED
    messages: list[int] = []
    monkeypatch.setattr(dispatch, "_senders", [lambda _kind, pk: messages.append(pk)])
    work.reconcile(later(settings.STALE_SECONDS + 1))
    assert messages == [Job.objects.get(kind=services.JOB, subject_id=report.pk).pk]


def _refuse(_kind: str, _pk: int) -> None:
    raise OperationalError("connection refused")


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (DomainError("没有数据。"), "没有数据。"),
        (ValueError("inner"), "出现内部错误（ValueError），可以重试；仍不成功请联系管理员。"),
        (None, "没有得到结果，可以重试；仍不成功请联系管理员。"),
    ],
)
def test_work_that_ends_badly_fails_its_job_in_words(
    problem: Exception | None, sentence: str, failures: list[dict[str, object]]
) -> None:
    job = dispatch.enqueue(KIND, 7)
    with work.claimed(job.pk):
        if problem is not None:
            raise problem
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.FAILED, sentence)
    assert failures == [{"kind": KIND, "subject_id": 7, "error": sentence}]


def test_a_worker_that_lost_its_job_fails_nothing(failures: list[dict[str, object]]) -> None:
    job = dispatch.enqueue(KIND, 7)
    with work.claimed(job.pk):
        Job.objects.filter(pk=job.pk).update(claim=new_claim())
        raise ValueError("too late")
    job.refresh_from_db()
    assert (job.state, failures) == (Job.State.RUNNING, [])


def test_a_worker_beats_while_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HEARTBEAT_SECONDS", 0.05)
    job = dispatch.enqueue(KIND, 7)
    with work.claimed(job.pk) as mine:
        assert mine is not None
        job.refresh_from_db()
        begun = job.heartbeat
        for _wait in range(200):
            job.refresh_from_db()
            if job.heartbeat != begun:
                break
            time.sleep(0.05)
        mine.finish()
    assert job.heartbeat > begun
