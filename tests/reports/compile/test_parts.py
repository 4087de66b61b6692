"""One part of a report fails: it is named, the others are kept, and it can be tried again."""

from collections.abc import Iterator

import pytest

from core.models import Job
from reports import services
from reports.compose import assembly
from reports.models import FailedAttempt, Report, ReportVersion
from reports.services import compiling
from tests.cast import Cast
from tests.reports.compile.working import YEAR, work_off

pytestmark = pytest.mark.django_db


def broken(*_args: object) -> Iterator[object]:
    raise ZeroDivisionError


def test_a_section_that_fails_is_named_and_the_rest_is_kept(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = services.request_report(cast.plan, "annual", YEAR, by=cast.office)
    with monkeypatch.context() as patched:
        patched.setitem(assembly.WRITERS, "targets", broken)
        job = work_off(report)
    report.refresh_from_db()
    assert (job.state, report.state) == (Job.State.FAILED, Report.State.FAILED)
    assert report.error.startswith("“目标指标完成情况”没有写成：出现内部错误（ZeroDivisionError）")
    attempt = FailedAttempt.objects.get(report=report)
    assert attempt.part == "目标指标完成情况"
    assert [one["key"] for one in attempt.text["sections"]] == [
        "opening",
        "work",
        "problems",
        "next_steps",
    ]
    assert attempt.facts["figures"]
    assert not ReportVersion.objects.filter(report=report).exists()
    services.recompile(report, by=cast.office)
    assert work_off(report).state == Job.State.DONE
    assert not FailedAttempt.objects.exists()


def test_a_file_that_fails_is_named_and_the_whole_text_is_kept(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = services.request_report(cast.plan, "annual", YEAR, by=cast.office)
    with monkeypatch.context() as patched:
        patched.setattr(compiling, "to_xlsx", broken)
        work_off(report)
    report.refresh_from_db()
    assert report.error.startswith("“Excel 文件”没有写成")
    assert len(FailedAttempt.objects.get().text["sections"]) == 5
    assert not ReportVersion.objects.filter(report=report).exists()
