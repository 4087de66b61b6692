"""Many people ask for the same report at the same moment."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from core import dispatch
from core.models import Job
from reports import services
from reports.models import Report
from tests.cast import Cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]
MANY = 6


def test_parallel_requests_are_one_report_and_one_job(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages: list[int] = []
    monkeypatch.setattr(dispatch, "_senders", [lambda _kind, pk: messages.append(pk)])
    gate = threading.Barrier(MANY)

    def ask(_number: int) -> int:
        try:
            gate.wait(timeout=60)
            return services.request_report(cast.plan, "annual", 2024, by=cast.office).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(MANY) as pool:
        given = set(pool.map(ask, range(MANY)))
    report = Report.objects.get(year=2024)
    job = Job.objects.get(kind=services.JOB)
    assert given == {report.pk}
    assert job.subject_id == report.pk
    assert messages == [job.pk]
